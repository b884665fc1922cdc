import type { CustomToolCallItem, FunctionCallItem, MessageItem, MessagePart, PivotItem } from '../../../pivot/index.js'
import { withExtra, withReasoning } from '../origin.js'
import { array, name, object, refuse, string, type Noting } from '../../refusing.js'
import { isJson, isSet, text, without, type Json } from '../../json.js'
import { callIds, type CallIds } from './call-ids.js'
import { decodeContent, type Content } from './decode-parts.js'

/**
 * The messages of a chat request as items of the pivot, each at its place.
 * @throws FailureError `invalid_request` with the pointer of the message or part
 */
export function decodeMessages(messages: unknown, note: Noting): PivotItem[] {
  const list = array(messages, '/messages')
  if (list.length === 0) refuse('/messages', 'expected at least one message')
  const ids = callIds()
  const items: PivotItem[] = []
  noteReasoning(list, note)
  list.forEach((value, index) => {
    const at = `/messages/${index}`
    const message = object(value, at)
    const role = message['role']
    switch (role) {
      case 'system':
      case 'developer':
        items.push(instruction(message, role, at, note))
        return
      case 'user':
        items.push(userMessage(message, at, note))
        return
      case 'assistant':
        items.push(...assistantTurn(message, at, ids, note))
        return
      case 'tool':
        items.push(toolOutput(message, at, ids, note))
        return
      case 'function':
        items.push(legacyOutput(message, at, ids, note))
        return
      default:
        refuse(`${at}/role`, "expected 'system', 'developer', 'user', 'assistant', 'tool' or 'function'")
    }
  })
  return items
}

/** Said once, at the first of perhaps hundreds of messages. */
function noteReasoning(messages: readonly unknown[], note: Noting): void {
  const at = messages.findIndex(
    (message) => isJson(message) && message['role'] === 'assistant' && Object.keys(reasoning(message)).length > 0,
  )
  if (at === -1) return
  note(`/messages/${at}`, 'dropped', 'reasoning of earlier turns in plain words goes back to chat upstreams only')
}

const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['role', 'content'])

/** The Codex backend refuses `system` for some models; `developer` is the same to all of them (2026-05). */
function instruction(message: Json, role: 'system' | 'developer', at: string, note: Noting): MessageItem {
  const content = decodeContent(message['content'], `${at}/content`, 'input', note)
  const extra = { ...beside(message, MESSAGE_FIELDS, content), ...(role === 'system' ? { role } : {}) }
  return { type: 'message', role: 'developer', content: content.parts, ...withExtra(extra) }
}

function userMessage(message: Json, at: string, note: Noting): MessageItem {
  const content = decodeContent(message['content'], `${at}/content`, 'input', note)
  return {
    type: 'message',
    role: 'user',
    content: content.parts,
    ...withExtra(beside(message, MESSAGE_FIELDS, content)),
  }
}

/** What chat said beside the known fields; the whole content when some of it has no place in the pivot. */
function beside(message: Json, known: ReadonlySet<string>, content: Content): Json {
  return { ...without(message, known), ...(content.whole ? {} : { content: message['content'] }) }
}

const ASSISTANT_FIELDS: ReadonlySet<string> = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'function_call',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
])

/** One assistant message: its text, then its calls, in the order in which a model makes them. */
function assistantTurn(message: Json, at: string, ids: CallIds, note: Noting): PivotItem[] {
  ids.turn()
  const content = assistantContent(message, at, note)
  const parts = [...content.parts]
  const refusal = text(message['refusal'])
  if (refusal !== undefined) parts.push({ type: 'refusal', refusal })
  const items: PivotItem[] = [...toolCalls(message, at, ids), ...legacyCall(message, at, ids)]
  const thought = reasoning(message)
  if (items.length === 0 || !content.whole || parts.some(says)) {
    const empty: MessagePart[] = [{ type: 'output_text', text: '' }]
    const extra = withExtra(beside(message, ASSISTANT_FIELDS, content))
    items.unshift({ type: 'message', role: 'assistant', content: parts.length > 0 ? parts : empty, ...extra })
  }
  const [first, ...others] = items
  return first === undefined ? [] : [withReasoning(first, thought), ...others]
}

function assistantContent(message: Json, at: string, note: Noting): Content {
  const content = message['content']
  if (content === undefined || content === null) return { parts: [], whole: true }
  return decodeContent(content, `${at}/content`, 'output', note)
}

function says(part: MessagePart): boolean {
  return 'text' in part ? part.text !== '' : true
}

const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'reasoning_details'] as const

/**
 * Reasoning of an earlier turn in plain words. It goes back to chat upstreams under the names that the client used. It is no
 * reasoning item: upstreams of the pivot's own kind replay only encrypted ones, and refuse the request otherwise.
 */
function reasoning(message: Json): Json {
  return Object.fromEntries(
    REASONING_FIELDS.filter((field) => isSet(message[field]) && message[field] !== '').map((field) => [
      field,
      message[field],
    ]),
  )
}

const CALL_FIELDS: ReadonlySet<string> = new Set(['id', 'type', 'index', 'function', 'custom', 'call_id'])
const FLAT_CALL_FIELDS: ReadonlySet<string> = new Set([...CALL_FIELDS, 'name', 'arguments', 'input'])

function toolCalls(message: Json, at: string, ids: CallIds): (FunctionCallItem | CustomToolCallItem)[] {
  const calls = message['tool_calls']
  if (calls === undefined || calls === null) return []
  return array(calls, `${at}/tool_calls`).map((value, index) => {
    const pointer = `${at}/tool_calls/${index}`
    const call = object(value, pointer)
    const wireId = typeof call['id'] === 'string' ? call['id'] : (text(call['call_id']) ?? '')
    const type =
      call['type'] === 'custom' || (call['type'] === undefined && isJson(call['custom'])) ? 'custom' : 'function'
    const nested = isJson(call[type]) ? call[type] : undefined
    if (nested === undefined && typeof call['name'] !== 'string') refuse(`${pointer}/${type}`, 'expected an object')
    const fields = nested ?? call
    const where = nested === undefined ? pointer : `${pointer}/${type}`
    const called = name(fields['name'], `${where}/name`)
    const extra = withExtra(without(call, nested === undefined ? FLAT_CALL_FIELDS : CALL_FIELDS))
    const callId = ids.call(wireId, type, called)
    if (type === 'custom') {
      const input = string(fields['input'] ?? '', `${where}/input`)
      return { type: 'custom_tool_call', call_id: callId, name: called, input, ...extra }
    }
    const args = callArguments(fields['arguments'], `${where}/arguments`)
    return { type: 'function_call', call_id: callId, name: called, arguments: args, ...extra }
  })
}

/** Arguments are JSON text; some clients send the object itself, and none for a call without arguments. */
function callArguments(value: unknown, pointer: string): string {
  if (value === undefined || value === null || value === '') return '{}'
  if (typeof value === 'string') return value
  return isJson(value) ? JSON.stringify(value) : refuse(pointer, 'expected a string')
}

function legacyCall(message: Json, at: string, ids: CallIds): FunctionCallItem[] {
  const value = message['function_call']
  if (value === undefined || value === null) return []
  const call = object(value, `${at}/function_call`)
  const called = name(call['name'], `${at}/function_call/name`)
  const args = callArguments(call['arguments'], `${at}/function_call/arguments`)
  return [{ type: 'function_call', call_id: ids.call('', 'function', called), name: called, arguments: args }]
}

const OUTPUT_FIELDS: ReadonlySet<string> = new Set(['role', 'content', 'tool_call_id'])

function toolOutput(message: Json, at: string, ids: CallIds, note: Noting): PivotItem {
  const id = string(message['tool_call_id'], `${at}/tool_call_id`)
  const call = ids.answer(id)
  return {
    type: call?.kind === 'custom' ? 'custom_tool_call_output' : 'function_call_output',
    call_id: call?.id ?? id,
    ...output(message, at, OUTPUT_FIELDS, note),
  }
}

function legacyOutput(message: Json, at: string, ids: CallIds, note: Noting): PivotItem {
  const called = name(message['name'], `${at}/name`)
  const call = ids.answerByName(called)
  return {
    type: 'function_call_output',
    call_id: call?.id ?? `call_${called}`,
    ...output(message, at, LEGACY_OUTPUT_FIELDS, note),
  }
}

const LEGACY_OUTPUT_FIELDS: ReadonlySet<string> = new Set([...OUTPUT_FIELDS, 'name'])

/** A string stays a string; parts stay parts, so that pictures in a result are kept. */
function output(message: Json, at: string, known: ReadonlySet<string>, note: Noting) {
  const content = message['content'] ?? ''
  if (typeof content === 'string') return { output: content, ...withExtra(without(message, known)) }
  const decoded = decodeContent(content, `${at}/content`, 'input', note)
  return { output: decoded.parts, ...withExtra(beside(message, known, decoded)) }
}
