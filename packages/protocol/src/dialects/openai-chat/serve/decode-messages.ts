import type {
  CustomToolCallItem,
  Extra,
  FunctionCallItem,
  MessageItem,
  MessagePart,
  PivotItem,
} from '../../../pivot/index.js'
import { CHAT, withExtra } from '../origin.js'
import { plainThought, REASONING_FIELDS, signatureOf, thoughtOf, type Thought } from '../reasoning-details.js'
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
  if (items.length === 0 || !content.whole || parts.some(says)) {
    const empty: MessagePart[] = [{ type: 'output_text', text: '' }]
    const extra = withExtra(beside(message, ASSISTANT_FIELDS, content))
    items.unshift({ type: 'message', role: 'assistant', content: parts.length > 0 ? parts : empty, ...extra })
  }
  return withThoughts(items, message)
}

function assistantContent(message: Json, at: string, note: Noting): Content {
  const content = message['content']
  if (content === undefined || content === null) return { parts: [], whole: true }
  return decodeContent(content, `${at}/content`, 'output', note)
}

function says(part: MessagePart): boolean {
  return 'text' in part ? part.text !== '' : true
}

/**
 * The items of a turn with its reasoning among them: items that travelled in `reasoning_details` at the places where they stood, or one of the
 * words alone. Chat upstreams get the fields back under the names that the client used.
 */
function withThoughts(items: readonly PivotItem[], message: Json): PivotItem[] {
  const told = message['reasoning_details']
  const details: unknown[] = Array.isArray(told) ? told : []
  const thoughts = details.map(thoughtOf).filter((thought) => thought !== undefined)
  const others = details.filter((detail) => thoughtOf(detail) === undefined)
  const fields = Object.fromEntries(
    REASONING_FIELDS.map((field): [string, unknown] => [
      field,
      field === 'reasoning_details' && thoughts.length > 0 && others.length > 0 ? others : message[field],
    ]).filter(
      ([field, value]) =>
        isSet(value) && value !== '' && (field !== 'reasoning_details' || (Array.isArray(value) && others.length > 0)),
    ),
  )
  const [first, ...rest] = thoughts
  if (first === undefined) return Object.keys(fields).length === 0 ? [...items] : [plainThought(fields), ...items]
  if (Object.keys(fields).length === 0) return placed(items, thoughts)
  const item = { ...first.item, extra: { ...first.item.extra, [CHAT]: fields } }
  return placed(items, [{ ...first, item }, ...rest])
}

function placed(items: readonly PivotItem[], thoughts: readonly Thought[]): PivotItem[] {
  const texts = items[0]?.type === 'message' ? 1 : 0
  const at = ({ place }: Thought): number => (place.calls > 0 || place.text ? texts : 0) + place.calls
  return [...items, undefined].flatMap((item, index) => [
    ...thoughts
      .filter((thought) => (item === undefined ? at(thought) >= index : at(thought) === index))
      .map((thought) => thought.item),
    ...(item === undefined ? [] : [item]),
  ])
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
    const extra = callExtra(call, nested === undefined ? FLAT_CALL_FIELDS : CALL_FIELDS)
    const callId = ids.call(wireId, type, called)
    if (type === 'custom') {
      const input = string(fields['input'] ?? '', `${where}/input`)
      return { type: 'custom_tool_call', call_id: callId, name: called, input, ...extra }
    }
    const args = callArguments(fields['arguments'], `${where}/arguments`)
    return { type: 'function_call', call_id: callId, name: called, arguments: args, ...extra }
  })
}

function callExtra(call: Json, known: ReadonlySet<string>): { extra?: Extra } {
  const { extra } = withExtra(without(call, known))
  return extra === undefined ? {} : { extra: { ...extra, ...signatureOf(call) } }
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
