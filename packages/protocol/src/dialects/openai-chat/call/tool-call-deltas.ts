import type { PivotEvent } from '../../../pivot/index.js'
import { isJson, text, without, type Json } from '../../json.js'
import type { AnswerEvents, OpenCall } from '../../answer/index.js'

/** Puts the pieces of tool calls together, by the many habits that providers have. */
export interface ToolCallDeltas {
  /** One entry of `delta.tool_calls`. */
  delta(entry: Json): PivotEvent[]
  /** `delta.function_call` of the first models: one call, no id. */
  legacy(call: Json): PivotEvent[]
}

/** A call whose name has not come yet keeps its pieces here. */
interface Known {
  id: string | undefined
  call: OpenCall | undefined
  waiting: string
}

const NAMED: ReadonlySet<string> = new Set(['id', 'type', 'index', 'function', 'custom'])

/**
 * A piece belongs to the call of its `index`; without one to the call of its `id`; without both to the latest call, unless it
 * brings a name, which begins a new one. Equal indices with different ids are different calls (Gemini's chat endpoint
 * numbers every parallel call 0).
 */
export function toolCallDeltas(answer: AnswerEvents): ToolCallDeltas {
  const byIndex = new Map<number, Known>()
  const byId = new Map<string, Known>()
  let latest: Known | undefined

  function find(index: number | undefined, id: string | undefined, named: boolean): Known {
    let known = index === undefined ? undefined : byIndex.get(index)
    if (known !== undefined && id !== undefined && known.id !== undefined && known.id !== id) known = byId.get(id)
    if (known === undefined && index === undefined) {
      known = id === undefined ? (named ? undefined : latest) : byId.get(id)
    }
    known ??= { id: undefined, call: undefined, waiting: '' }
    known.id ??= id
    if (index !== undefined) byIndex.set(index, known)
    if (id !== undefined) byId.set(id, known)
    latest = known
    return known
  }

  function tell(known: Known, kind: 'function' | 'custom', fields: Json, beside: Json): PivotEvent[] {
    const name = text(fields['name'])
    const piece = pieceOf(kind === 'function' ? fields['arguments'] : fields['input'])
    const out: PivotEvent[] = []
    if (known.call === undefined) {
      if (name === undefined) {
        known.waiting += piece
        return out
      }
      const begun = answer.beginCall(kind, known.id ?? '', name, beside)
      known.call = begun.call
      out.push(...begun.events, ...answer.callText(begun.call, known.waiting))
    }
    out.push(...answer.callText(known.call, piece))
    return out
  }

  return {
    delta(entry) {
      const kind = entry['type'] === 'custom' || isJson(entry['custom']) ? 'custom' : 'function'
      const nested = entry[kind]
      const fields = isJson(nested) ? nested : {}
      const index = entry['index']
      const known = find(
        typeof index === 'number' ? index : undefined,
        text(entry['id']),
        text(fields['name']) !== undefined,
      )
      return tell(known, kind, fields, without(entry, NAMED))
    },
    legacy: (call) => tell(find(LEGACY, undefined, false), 'function', call, {}),
  }
}

/** No entry of `tool_calls` has this index. */
const LEGACY = -1

/** Some upstreams send arguments as the object that they mean. */
function pieceOf(value: unknown): string {
  if (typeof value === 'string') return value
  return isJson(value) ? JSON.stringify(value) : ''
}
