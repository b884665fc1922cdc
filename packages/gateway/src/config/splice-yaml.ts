import { Document, isMap, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml'

/**
 * Writes (or, for undefined, takes out) one setting of a YAML file by changing as few characters as possible: everything else stays
 * byte for byte. Knows the way people write such files, block style with one setting a line.
 * @returns undefined where that is not enough, e.g. in `{ flow: style }`
 */
export function spliceYaml(text: string, section: string, key: string, value: unknown): string | undefined {
  const document = parseDocument(text)
  const root = document.contents
  const line = value === undefined ? undefined : oneLine(value)
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  // A document that is ended by hand has no simple last line.
  if (/^(?:\.\.\.|---)/m.test(text)) return undefined
  if (root !== null && (!isMap(root) || root.flow)) return undefined

  const outer = root === null ? undefined : pairOf(root, section)
  if (outer === undefined) {
    if (line === undefined) return text
    const gap = text === '' ? '' : text.endsWith('\n') ? end : end + end
    return `${text}${gap}${section}:${end}  ${key}: ${line}${end}`
  }
  if (isMap(outer.value)) {
    const map = outer.value
    if (map.flow) return undefined
    const inner = pairOf(map, key)
    if (inner !== undefined) return line === undefined ? without(text, inner) : replaced(text, inner, line)
    if (line === undefined) return text
    return after(text, endOf(map.items.at(-1)), `${indentOf(text, map)}${key}: ${line}`, end)
  }
  if (isScalar(outer.value) && outer.value.value === null && outer.value.source === '') {
    return line === undefined ? text : after(text, rangeOf(outer.key)?.[1], `  ${key}: ${line}`, end)
  }
  return undefined
}

/** The value as it is written behind `key: `. */
function oneLine(value: unknown): string {
  const document = new Document()
  document.contents = document.createNode(value, { flow: true })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true }).trim()
}

function replaced(text: string, pair: Pair, line: string): string | undefined {
  const key = rangeOf(pair.key)
  const range = rangeOf(pair.value)
  if (key === undefined || range === undefined) return undefined
  const colon = text.indexOf(':', key[1])
  // A value on lines of its own is more than this knows.
  if (colon === -1 || text.slice(range[0], range[1]).includes('\n')) return undefined
  if (range[0] === range[1]) return `${text.slice(0, colon + 1)} ${line}${text.slice(colon + 1)}`
  return `${text.slice(0, range[0])}${line}${text.slice(range[1])}`
}

function without(text: string, pair: Pair): string | undefined {
  const from = rangeOf(pair.key)?.[0]
  const to = endOf(pair)
  if (from === undefined || to === undefined) return undefined
  const start = text.lastIndexOf('\n', from - 1) + 1
  const next = text[to - 1] === '\n' ? to : text.indexOf('\n', to) + 1
  return text.slice(0, start) + (next === 0 ? '' : text.slice(next))
}

/** A line of its own behind the line that `offset` is in. */
function after(text: string, offset: number | undefined, line: string, end: string): string | undefined {
  if (offset === undefined) return undefined
  const at = text[offset - 1] === '\n' ? offset : text.indexOf('\n', offset) + 1
  if (at === 0) return `${text}${end}${line}${end}`
  return `${text.slice(0, at)}${line}${end}${text.slice(at)}`
}

function indentOf(text: string, map: YAMLMap): string {
  const from = rangeOf(map.items[0]?.key)?.[0] ?? 0
  return text.slice(text.lastIndexOf('\n', from - 1) + 1, from)
}

function pairOf(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

function endOf(pair: Pair | undefined): number | undefined {
  return rangeOf(pair?.value)?.[1] ?? rangeOf(pair?.key)?.[1]
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  const { range } = node as { range?: [number, number, number] | null }
  return range ?? undefined
}
