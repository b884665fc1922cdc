import {
  isKnownItem,
  type CustomToolCallItem,
  type CustomToolCallOutputItem,
  type FunctionCallItem,
  type FunctionCallOutputItem,
  type MessageItem,
  type PivotItem,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { BETWEEN_THOUGHTS } from '../answer.js'
import { chatFields } from '../origin.js'
import { REASONING_FIELDS, signatureFields } from '../reasoning-details.js'
import type { Noting } from '../../refusing.js'
import { isSet, text, without, type Json } from '../../json.js'
import { encodeContent, encodeOutput } from './encode-content.js'
import { CUSTOM_INPUT, flatToolName } from './encode-tools.js'

export interface MessageRules {
  /** The upstream knows the role `developer`. */
  developer: boolean
  /** The upstream knows custom tools. */
  custom: boolean
  /** The upstream reads the plain reasoning of earlier turns. */
  reasoning: boolean
}

type CallItem = FunctionCallItem | CustomToolCallItem
type OutputItem = FunctionCallOutputItem | CustomToolCallOutputItem

/**
 * Items of the pivot as chat messages. Calls that follow one another become one assistant message, and their outputs
 * the tool messages right after it, wherever they stood: chat upstreams refuse any other order.
 */
export function encodeMessages(items: readonly PivotItem[], rules: MessageRules, note: Noting): Json[] {
  const messages: Json[] = []
  const outputs = outputsByCall(items)
  /** Said once for each reason, at the first of perhaps hundreds of items. */
  const said = new Set<string>()
  const unread = (at: string, why: string): void => {
    if (!said.has(why)) note(at, 'dropped', why)
    said.add(why)
  }
  let turn: Turn | undefined

  function flush(): void {
    if (turn === undefined) return
    const { message, calls, thought } = turn
    turn = undefined
    if (message === undefined && calls.length === 0 && Object.keys(thought).length === 0) return
    messages.push({
      role: 'assistant',
      content: calls.length > 0 ? null : '',
      ...message,
      ...thought,
      ...(calls.length > 0 ? { tool_calls: calls.map(({ encoded }) => encoded) } : {}),
    })
    const media: Json[] = []
    for (const { item } of calls) {
      for (const { output, index } of outputs.take(item.call_id)) media.push(...toolMessage(output, index))
    }
    if (media.length > 0) messages.push({ role: 'user', content: media })
  }

  function toolMessage(item: OutputItem, index: number): Json[] {
    const { text, media } = encodeOutput(item.output, `/input/${index}/output`, note)
    messages.push({ role: 'tool', tool_call_id: item.call_id, content: text, ...withoutContent(item) })
    return media
  }

  items.forEach((item, index) => {
    const at = `/input/${index}`
    if (!isKnownItem(item)) {
      note(at, 'dropped', `chat has no item of type '${item.type}'`)
      return
    }
    switch (item.type) {
      case 'reasoning':
        if (turn !== undefined && (turn.message !== undefined || turn.calls.length > 0)) flush()
        turn ??= { message: undefined, calls: [], thought: {} }
        turn.thought = joined(turn.thought, encodeReasoning(item, at, rules, unread))
        return
      case 'message':
        if (item.role !== 'assistant') {
          flush()
          messages.push(encodeMessage(item, at, rules, note))
          return
        }
        if (turn !== undefined && (turn.message !== undefined || turn.calls.length > 0)) flush()
        turn ??= { message: undefined, calls: [], thought: {} }
        turn.message = assistantMessage(item, at, note)
        return
      case 'function_call':
      case 'custom_tool_call':
        turn ??= { message: undefined, calls: [], thought: {} }
        turn.calls.push({ item, encoded: encodeCall(item, at, rules, note) })
        return
      case 'function_call_output':
      case 'custom_tool_call_output':
        flush()
        if (outputs.taken(index)) return
        messages.push(orphan(item, at, note))
        return
      case 'web_search_call':
      case 'image_generation_call':
        note(at, 'dropped', `chat has no item of type '${item.type}'`)
        return
    }
  })
  flush()
  return messages
}

interface Turn {
  message: Json | undefined
  calls: { item: CallItem; encoded: Json }[]
  thought: Json
}

/** Outputs by the call that they answer; each is told once, at its call. */
function outputsByCall(items: readonly PivotItem[]) {
  const waiting = new Map<string, { output: OutputItem; index: number }[]>()
  const calls = new Set<string>()
  const told = new Set<number>()
  items.forEach((item, index) => {
    if (!isKnownItem(item)) return
    if (item.type === 'function_call' || item.type === 'custom_tool_call') calls.add(item.call_id)
    if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return
    // An output before its call, or without one, answers nothing.
    if (!calls.has(item.call_id)) return
    const same = waiting.get(item.call_id)
    if (same === undefined) waiting.set(item.call_id, [{ output: item, index }])
    else same.push({ output: item, index })
    told.add(index)
  })
  return {
    take(callId: string) {
      const found = waiting.get(callId) ?? []
      waiting.delete(callId)
      return found
    },
    taken: (index: number) => told.has(index),
  }
}

/** Chat upstreams refuse a tool message whose call they do not see; its words are kept as the user's. */
function orphan(item: OutputItem, at: string, note: Noting): Json {
  note(at, 'approximated', 'the result of a call that is not in the conversation became a user message')
  const { text, media } = encodeOutput(item.output, `${at}/output`, note)
  if (media.length === 0) return { role: 'user', content: text }
  return { role: 'user', content: [...(typeof text === 'string' ? [{ type: 'text', text }] : text), ...media] }
}

const CONTENT: ReadonlySet<string> = new Set(['content', 'role'])

/** Chat-only fields of a message, save those that are written anyway. */
function withoutContent(item: Parameters<typeof chatFields>[0]): Json {
  return without(chatFields(item) ?? {}, CONTENT)
}

function encodeMessage(item: MessageItem, at: string, rules: MessageRules, note: Noting): Json {
  const fields = chatFields(item)
  const role =
    item.role === 'developer' ? (rules.developer ? (text(fields?.['role']) ?? 'developer') : 'system') : item.role
  // The client's own parts go back whole when the pivot could not hold them all.
  const content = fields?.['content'] ?? encodeContent(item.content, `${at}/content`, note)
  return { role, content, ...withoutContent(item) }
}

function assistantMessage(item: MessageItem, at: string, note: Noting): Json {
  const fields = chatFields(item)
  if (fields?.['content'] !== undefined) return { content: fields['content'], ...withoutContent(item) }
  const parts = typeof item.content === 'string' ? [{ type: 'output_text' as const, text: item.content }] : item.content
  const refusal = parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join('')
  const said = parts.filter((part) => part.type !== 'refusal')
  return {
    content: said.length === 0 ? null : encodeContent(said, `${at}/content`, note),
    ...(refusal === '' ? {} : { refusal }),
    ...withoutContent(item),
  }
}

/**
 * Reasoning as most chat upstreams read it: the fields that a chat client gave back, or the words of an item that nobody made opaque. Encrypted
 * reasoning is bound to whoever made it.
 */
function encodeReasoning(
  item: ReasoningItem,
  at: string,
  rules: MessageRules,
  unread: (at: string, why: string) => void,
): Json {
  if (!rules.reasoning) {
    unread(at, 'this upstream does not read the reasoning of earlier turns')
    return {}
  }
  const fields = chatFields(item)
  const own = Object.fromEntries(
    REASONING_FIELDS.filter((field) => fields?.[field] !== undefined).map((field) => [field, fields?.[field]]),
  )
  const foreign = isSet(item.encrypted_content) || (fields === undefined && Object.keys(item.extra ?? {}).length > 0)
  const words = [...(item.content ?? []), ...(foreign ? [] : item.summary)].map((part) => part.text).join('')
  if (Object.keys(own).length > 0) return own
  if (words !== '' && !foreign) return { reasoning_content: words }
  unread(at, "reasoning of another provider's model is never replayed")
  return {}
}

/** Several thoughts of one turn. */
function joined(a: Json, b: Json): Json {
  const out: Json = { ...a, ...b }
  for (const field of ['reasoning_content', 'reasoning'] as const) {
    const texts = [a[field], b[field]].filter((one) => typeof one === 'string')
    if (texts.length === 2) out[field] = texts.join(BETWEEN_THOUGHTS)
  }
  const [ours, theirs] = [a['reasoning_details'], b['reasoning_details']]
  if (Array.isArray(ours) && Array.isArray(theirs))
    out['reasoning_details'] = [...(ours as unknown[]), ...(theirs as unknown[])]
  return out
}

function encodeCall(item: CallItem, at: string, rules: MessageRules, note: Noting): Json {
  const name = flatToolName(item)
  const beside = { ...signatureFields(item), ...chatFields(item) }
  if (item.type === 'function_call') {
    return { id: item.call_id, type: 'function', function: { name, arguments: item.arguments }, ...beside }
  }
  if (rules.custom) return { id: item.call_id, type: 'custom', custom: { name, input: item.input }, ...beside }
  note(at, 'emulated', 'a custom tool became a function with one text parameter')
  const args = JSON.stringify({ [CUSTOM_INPUT]: item.input })
  return { id: item.call_id, type: 'function', function: { name, arguments: args }, ...beside }
}
