import type { Seals } from '../../codex/seal.js'
import { invalid } from '../refusal.js'
import { isJson, objects, sealOwner, type Json } from '../vendor.js'
import { fields, missingParameter, onlyFields, unknownParameter } from './known-fields.js'

const ROLES = ['system', 'assistant', 'user', 'function', 'tool', 'developer']
const MESSAGE = fields('role content name tool_calls tool_call_id function_call refusal audio')
const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: ['text', 'image_url', 'input_audio', 'file', 'video_url'],
  assistant: ['text', 'refusal', 'thinking', 'reasoning'],
  system: ['text'],
  developer: ['text'],
  tool: ['text', 'image_url'],
}

/** A chat: roles, parts, and calls that are answered at once. @throws VendorRefusal */
export function checkChatMessages(messages: unknown, about: { strict: boolean; seals: Seals }): void {
  if (messages === undefined) throw missingParameter('messages')
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      {
        param: 'messages',
        code: 'empty_array',
      },
    )
  }
  for (const [index, message] of (messages as unknown[]).entries()) checkMessage(message, `messages[${index}]`, about)
  checkPairs(objects(messages))
}

function checkMessage(message: unknown, at: string, { strict, seals }: { strict: boolean; seals: Seals }): void {
  if (!isJson(message))
    throw invalid(`Invalid type for '${at}': expected an object.`, { param: at, code: 'invalid_type' })
  const { role, content } = message
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    throw invalid(
      `Invalid value: '${String(role)}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
      { param: `${at}.role`, code: 'invalid_value' },
    )
  }
  if (strict) onlyFields(message, MESSAGE, (field) => unknownParameter(`${at}.${field}`))
  const calls = objects(message['tool_calls'])
  const speaks =
    role !== 'assistant' ||
    (calls.length === 0 &&
      message['function_call'] === undefined &&
      message['refusal'] == null &&
      message['audio'] == null)
  if ((content === undefined || content === null) && speaks) {
    throw invalid(`Invalid value for 'content': expected a string, got null.`, { param: `${at}.content` })
  }
  checkParts(content, role, at)
  for (const [index, call] of calls.entries()) checkCall(call, `${at}.tool_calls[${index}]`)
  if (role === 'tool' && typeof message['tool_call_id'] !== 'string') throw missingParameter(`${at}.tool_call_id`)
  for (const detail of objects(message['reasoning_details'])) checkDetail(detail, seals)
}

function checkParts(content: unknown, role: string, at: string): void {
  const allowed = PARTS[role] ?? ['text']
  for (const [index, part] of objects(content).entries()) {
    const place = `${at}.content[${index}]`
    const type = String(part['type'])
    if (!allowed.includes(type)) {
      throw invalid(`Invalid value: '${type}'. Supported values are: ${allowed.map((one) => `'${one}'`).join(', ')}.`, {
        param: `${place}.type`,
        code: 'invalid_value',
      })
    }
    if (type === 'text' && typeof part['text'] !== 'string') throw missingParameter(`${place}.text`)
    if (type === 'image_url' && typeof (part['image_url'] as Json | undefined)?.['url'] !== 'string') {
      throw invalid(`Invalid type for '${place}.image_url': expected an object, but got a string instead.`, {
        param: `${place}.image_url`,
        code: 'invalid_type',
      })
    }
  }
}

function checkCall(call: Json, at: string): void {
  const { id, type } = call
  if (typeof id !== 'string') throw missingParameter(`${at}.id`)
  if (id.length > 40) {
    throw invalid(
      `Invalid '${at}.id': string too long. Expected a string with maximum length 40, but got a string with length ${id.length} instead.`,
      { param: `${at}.id`, code: 'string_above_max_length' },
    )
  }
  const inner = type === 'custom' ? call['custom'] : call['function']
  if (!isJson(inner)) throw missingParameter(`${at}.function`)
  const text = type === 'custom' ? inner['input'] : inner['arguments']
  if (typeof inner['name'] !== 'string') throw missingParameter(`${at}.function.name`)
  if (typeof text !== 'string') {
    throw invalid(`Invalid type for '${at}.function.arguments': expected a string, but got an object instead.`, {
      param: `${at}.function.arguments`,
      code: 'invalid_type',
    })
  }
}

/** OpenRouter hands these to the provider behind it, which knows its own. */
function checkDetail(detail: Json, seals: Seals): void {
  const sealed = detail['type'] === 'reasoning.encrypted' ? detail['data'] : detail['signature']
  if (typeof sealed !== 'string' || seals.read(sealed)?.accountId === sealOwner('openrouter')) return
  throw invalid('Invalid `signature` in `thinking` block')
}

function checkPairs(messages: readonly Json[]): void {
  let open: string[] = []
  let asked = 0
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      const id = String(message['tool_call_id'])
      if (!open.includes(id)) {
        throw invalid(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          { param: `messages.[${index}].role` },
        )
      }
      open = open.filter((one) => one !== id)
      continue
    }
    if (open.length > 0) throw unanswered(open, asked)
    open = objects(message['tool_calls']).map(({ id }) => String(id))
    asked = index
  }
  if (open.length > 0) throw unanswered(open, asked)
}

function unanswered(ids: readonly string[], index: number): Error {
  return invalid(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    { param: `messages.[${index + 1}].role` },
  )
}
