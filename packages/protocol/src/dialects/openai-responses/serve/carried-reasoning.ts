import type { DialectId } from '../../../dialect.js'
import type { Extra, FunctionCallItem, PivotItem, ReasoningItem } from '../../../pivot/index.js'
import { carry, unpack } from '../../carried-state.js'
import { isJson, type Json } from '../../json.js'

/**
 * Opaque state of upstreams that are no Responses API, in the field that Responses clients give back untouched: `encrypted_content`. It is told
 * whether or not the client asked for it by `include`, as the Codex backend's own is: without it the next turn could not go on.
 */
const OTHERS: readonly DialectId[] = ['anthropic-messages', 'gemini', 'openai-chat', 'ollama']

/** The state of a reasoning item that another dialect's upstream made; undefined when it has none, or is OpenAI's own. */
export function carriedContent(item: ReasoningItem): string | undefined {
  if (typeof item.encrypted_content === 'string' && item.encrypted_content !== '') return undefined
  const owner = OTHERS.find((dialect) => item.extra?.[dialect] !== undefined)
  return owner === undefined ? undefined : carry(owner, { ...item.extra?.[owner] })
}

/** State that stands on a call itself: Gemini refuses a call of its own that comes back without its signature. */
const ON_CALLS: readonly (readonly [DialectId, string])[] = [
  ['gemini', 'thoughtSignature'],
  ['openai-chat', 'extra_content'],
]

/**
 * An item that carries what stands on the calls of an answer, to be told after them; undefined when nothing does. A call's own
 * fields would not survive: clients keep those that they know.
 */
export function callCarrier(output: readonly PivotItem[]): ReasoningItem | undefined {
  for (const [owner, field] of ON_CALLS) {
    const calls: [string, Json][] = []
    for (const item of output) {
      if (item.type !== 'function_call') continue
      const { call_id, extra } = item as FunctionCallItem
      const state = extra?.[owner]?.[field]
      if (state !== undefined) calls.push([call_id, { [field]: state }])
    }
    if (calls.length > 0) {
      return { type: 'reasoning', summary: [], encrypted_content: carry(owner, { calls: Object.fromEntries(calls) }) }
    }
  }
  return undefined
}

/** The items with the state that they carried back at its place; the same list when none did. */
export function unpackItems(items: readonly PivotItem[]): readonly PivotItem[] {
  const onCalls = new Map<string, Extra>()
  let changed = false
  const kept: PivotItem[] = []
  for (const item of items) {
    const content = item.type === 'reasoning' ? (item as ReasoningItem).encrypted_content : undefined
    const carried = typeof content === 'string' ? unpack(content) : undefined
    if (carried === undefined) {
      kept.push(item)
      continue
    }
    changed = true
    const { owner, state } = carried
    if (isJson(state['calls'])) {
      const field = ON_CALLS.find(([dialect]) => dialect === owner)?.[1]
      for (const [callId, fields] of Object.entries(state['calls'])) {
        if (field === undefined || !isJson(fields) || !(field in fields)) continue
        onCalls.set(callId, { [owner]: { [field]: fields[field] } })
      }
      continue
    }
    kept.push(restored(item as ReasoningItem, owner, state))
  }
  if (!changed) return items
  return kept.map((item) => {
    const extra = item.type === 'function_call' ? onCalls.get((item as FunctionCallItem).call_id) : undefined
    return extra === undefined ? item : { ...item, extra }
  })
}

function restored(item: ReasoningItem, owner: DialectId, state: Json): ReasoningItem {
  const { encrypted_content: _, ...rest } = item
  if (owner !== 'openai-responses') return { ...rest, extra: { [owner]: state } }
  // Told to a client of another API, which then went on here.
  const own = state['encrypted_content']
  return typeof own === 'string' ? { ...rest, encrypted_content: own } : rest
}
