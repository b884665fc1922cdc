import { isJson, type Json } from '../../json.js'

type Node = Map<string, Node> | Node[] | Leaf
interface Leaf {
  value: unknown
  /** More of this text is to come. */
  open: boolean
}

/** Arguments nest; hostile ones without end. */
const DEEPEST = 64

/**
 * The arguments of a call that are told piece by piece, each with the path of its place. They are whole only when the call is: the paths
 * may come in any order.
 * Source: Vertex AI API reference, `PartialArg`; recorded from gemini-3-flash-preview.
 */
export class PartialArgs {
  private readonly root = new Map<string, Node>()

  /** `partialArgs` of a piece. Entries that cannot be read are left out. */
  add(pieces: unknown): void {
    if (!Array.isArray(pieces)) return
    for (const piece of pieces) if (isJson(piece)) this.piece(piece)
  }

  /** `args` of a piece: fields that are told at once. */
  merge(args: Json): void {
    for (const [name, value] of Object.entries(args)) this.root.set(name, { value, open: false })
  }

  toJson(): Json {
    return plain(this.root) as Json
  }

  private piece(piece: Json): void {
    const path = stepsOf(piece['jsonPath'])
    const last = path?.pop()
    if (path === undefined || last === undefined) return
    let node: Map<string, Node> | Node[] = this.root
    for (const [at, step] of path.entries()) {
      const next: Node | undefined = childOf(node, step)
      const wanted = typeof (path[at + 1] ?? last) === 'number'
      const inner: Map<string, Node> | Node[] =
        (wanted && Array.isArray(next)) || (!wanted && next instanceof Map)
          ? next
          : wanted
            ? []
            : new Map<string, Node>()
      if (inner !== next) put(node, step, inner)
      node = inner
    }
    const told = childOf(node, last)
    const before = told !== undefined && 'value' in told && told.open ? told.value : undefined
    const value = valueOf(piece)
    if (value === undefined) return
    put(node, last, {
      value: typeof before === 'string' && typeof value === 'string' ? before + value : value,
      open: piece['willContinue'] === true,
    })
  }
}

type Step = string | number

function childOf(node: Map<string, Node> | Node[], step: Step): Node | undefined {
  return node instanceof Map ? node.get(String(step)) : node[Number(step)]
}

/** A list grows at its end only, whatever index was told. */
function put(node: Map<string, Node> | Node[], step: Step, child: Node): void {
  if (node instanceof Map) node.set(String(step), child)
  else node[Math.min(Number(step), node.length)] = child
}

function valueOf(piece: Json): unknown {
  if (piece['stringValue'] !== undefined) return String(piece['stringValue'])
  if (piece['numberValue'] !== undefined) return piece['numberValue']
  if (piece['boolValue'] !== undefined) return piece['boolValue']
  return piece['nullValue'] === undefined ? undefined : null
}

function plain(node: Node): unknown {
  if (node instanceof Map) return Object.fromEntries([...node].map(([name, child]) => [name, plain(child)]))
  return Array.isArray(node) ? node.map(plain) : node.value
}

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y

/** `$.foo.bar[0]['a b']` → `['foo', 'bar', 0, 'a b']`; undefined when it is no such path. */
function stepsOf(path: unknown): Step[] | undefined {
  if (typeof path !== 'string' || !path.startsWith('$')) return undefined
  const steps: Step[] = []
  const reader = new RegExp(STEP)
  for (reader.lastIndex = 1; reader.lastIndex < path.length;) {
    const [, name, index, single, double] = reader.exec(path) ?? []
    const step = index === undefined ? (name ?? (single ?? double)?.replace(/\\(.)/g, '$1')) : Number(index)
    if (step === undefined || steps.push(step) > DEEPEST) return undefined
  }
  return steps
}
