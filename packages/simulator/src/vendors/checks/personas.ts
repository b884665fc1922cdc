import { invalid, VendorRefusal } from '../refusal.js'
import { objects, type Json, type VendorCall } from '../vendor.js'
import { fields } from './known-fields.js'

/** What only one maker of the chat API refuses. @throws VendorRefusal */
export function checkPersona(body: Json, call: VendorCall): void {
  switch (call.persona) {
    case 'deepseek':
      return checkDeepSeek(body, call.model)
    case 'mistral':
      return checkMistral(body)
    case 'groq':
      return checkGroq(body)
    case 'xai':
      return checkXai(body, call.model)
    default:
  }
}

/**
 * In thinking mode the thoughts before a call come back until the user speaks again.
 * Source: DeepSeek, thinking mode; the refusal as public bug reports quote it (2025-12 and later).
 */
function checkDeepSeek(body: Json, model: string): void {
  const thinking = (body['thinking'] as Json | undefined)?.['type']
  const thinks = thinking === 'enabled' || (/reasoner|v4/.test(model) && thinking !== 'disabled')
  if (!thinks) return
  const messages = objects(body['messages'])
  const since = messages.findLastIndex(({ role }) => role === 'user')
  for (const [index, message] of messages.entries()) {
    if (index < since || message['role'] !== 'assistant' || objects(message['tool_calls']).length === 0) continue
    if (typeof message['reasoning_content'] === 'string') continue
    throw invalid(
      `Missing \`reasoning_content\` field in the assistant message at message index ${index}. For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls`,
    )
  }
}

const MISTRAL_BODY = fields(
  'model messages temperature top_p max_tokens stream stream_options stop random_seed metadata response_format tools tool_choice presence_penalty frequency_penalty n prediction parallel_tool_calls prompt_mode reasoning_effort guardrails safe_prompt prompt_cache_key',
)
const MISTRAL_MESSAGES: Readonly<Record<string, ReadonlySet<string>>> = {
  system: fields('role content'),
  user: fields('role content'),
  assistant: fields('role content tool_calls prefix'),
  tool: fields('role content tool_call_id name'),
}

/** A body is a schema there, and what the schema does not know is listed. Source: Mistral, chat completion; quoted 422 replies. */
function checkMistral(body: Json): void {
  const extra: { loc: (string | number)[]; input: unknown }[] = []
  for (const [field, input] of Object.entries(body)) {
    if (!MISTRAL_BODY.has(field)) extra.push({ loc: ['body', field], input })
  }
  for (const [index, message] of objects(body['messages']).entries()) {
    const role = String(message['role'])
    for (const [field, input] of Object.entries(message)) {
      if (MISTRAL_MESSAGES[role]?.has(field) === false)
        extra.push({ loc: ['body', 'messages', index, role, field], input })
    }
  }
  if (extra.length > 0) {
    const details = extra.map((one) => ({ type: 'extra_forbidden', msg: 'Extra inputs are not permitted', ...one }))
    throw new VendorRefusal('unprocessable', '', { details })
  }
  for (const message of objects(body['messages'])) {
    for (const call of objects(message['tool_calls'])) {
      if (/^[a-zA-Z0-9]{9}$/.test(String(call['id']))) continue
      throw invalid(`Tool call id was ${String(call['id'])} but must be a-z, A-Z, 0-9, with a length of 9.`, {
        code: '3280',
      })
    }
  }
}

/** Source: Groq, OpenAI compatibility and reasoning. */
function checkGroq(body: Json): void {
  const format = body['reasoning_format']
  if (format !== undefined && !['parsed', 'raw', 'hidden'].includes(String(format))) {
    throw invalid(`\`reasoning_format\` : value is not one of the allowed values ['parsed','raw','hidden']`)
  }
  if (format !== undefined && body['include_reasoning'] !== undefined) {
    throw invalid('cannot specify both `reasoning_format` and `include_reasoning`')
  }
  const json = (body['response_format'] as Json | undefined)?.['type'] === 'json_object'
  if (format === 'raw' && (json || objects(body['tools']).length > 0)) {
    throw invalid('`reasoning_format` must be `parsed` or `hidden` when using tools or JSON mode')
  }
  for (const param of ['logprobs', 'logit_bias', 'top_logprobs']) {
    if (body[param] !== undefined) throw invalid(`'${param}' : is not supported`, { param })
  }
  if (typeof body['n'] === 'number' && body['n'] !== 1) throw invalid("'n' : number must be at most 1", { param: 'n' })
  for (const [index, message] of objects(body['messages']).entries()) {
    for (const field of ['reasoning_content', 'reasoning_details']) {
      if (message[field] === undefined) continue
      const role = String(message['role'])
      throw invalid(
        `'messages.${index}' : for 'role:${role}' the following must be satisfied[('messages.${index}' : property '${field}' is unsupported)]`,
      )
    }
  }
}

/** Source: xAI, reasoning: parameters that models which think refuse. */
function checkXai(body: Json, model: string): void {
  if (!/^grok-(3-mini|4)/.test(model)) return
  const refused = ['presencePenalty', 'presence_penalty', 'frequency_penalty', 'stop']
  if (/^grok-4(?!.*(mini|fast))/.test(model)) refused.push('reasoning_effort')
  for (const param of refused) {
    if (body[param] === undefined || body[param] === null) continue
    throw invalid(`Argument not supported on this model: ${param}`)
  }
}
