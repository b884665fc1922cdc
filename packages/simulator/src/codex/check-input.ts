import { badValue, detail, missing, quoted, tooLong } from './refusal.js'

type Item = Record<string, unknown>

export interface CheckedInput {
  /** Was this `encrypted_content` made for this account? */
  isOwnSeal(encrypted: string): boolean
  /** The public API takes the role `system`, the Codex backend does not. */
  systemMessages?: boolean
}

/** Which output answers which call, and how the backend speaks of them. */
const CALLS: Readonly<Record<string, string>> = {
  function_call: 'function call',
  custom_tool_call: 'custom tool call',
  local_shell_call: 'local shell call',
  tool_search_call: 'tool search call',
}
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  function_call_output: ['function_call', 'local_shell_call'],
  custom_tool_call_output: ['custom_tool_call'],
  local_shell_call_output: ['local_shell_call'],
  tool_search_output: ['tool_search_call'],
}
/** The API wants its own prefixes on the ids of these items. */
const PREFIXES: Readonly<Record<string, string>> = { message: 'msg', reasoning: 'rs', function_call: 'fc' }

const USER_PARTS = ['input_text', 'input_image', 'input_file', 'input_audio']
const ASSISTANT_PARTS = ['output_text', 'refusal']

/** The conversation of a request. Item types that are not known here pass, as the backend lets them. @throws Refusal */
export function checkInput(input: readonly unknown[], against: CheckedInput): void {
  for (const [index, value] of input.entries()) {
    const at = `input[${index}]`
    if (typeof value !== 'object' || value === null) {
      throw badValue(`Invalid type for '${at}': expected an input item.`, at, 'invalid_type')
    }
    checkItem(value as Item, at, against)
  }
  checkPairs(input as Item[])
}

function checkItem(item: Item, at: string, against: CheckedInput): void {
  const type = String(item['type'] ?? 'message')
  const { id, call_id: callId, encrypted_content: encrypted } = item
  const prefix = PREFIXES[type]
  if (typeof id === 'string') {
    if (prefix !== undefined && !id.startsWith(prefix)) {
      throw badValue(
        `Invalid '${at}.id': '${id}'. Expected an ID that begins with '${prefix}'.`,
        `${at}.id`,
        'invalid_value',
      )
    }
    if (id.length > 64) throw tooLong(`${at}.id`, 64, id.length)
  }
  if (typeof callId === 'string' && callId.length > 64) throw tooLong(`${at}.call_id`, 64, callId.length)
  if (typeof encrypted === 'string' && !against.isOwnSeal(encrypted)) {
    const shown = `${encrypted.slice(0, 4)}...${encrypted.slice(-4)}`
    throw badValue(`The encrypted content ${shown} could not be verified.`, null, 'invalid_encrypted_content')
  }
  switch (type) {
    case 'message':
      checkMessage(item, at, against)
      break
    case 'function_call':
      for (const field of ['call_id', 'name', 'arguments'])
        if (typeof item[field] !== 'string') throw missing(`${at}.${field}`)
      break
    case 'custom_tool_call':
      for (const field of ['call_id', 'name', 'input'])
        if (typeof item[field] !== 'string') throw missing(`${at}.${field}`)
      break
    case 'function_call_output':
    case 'custom_tool_call_output':
      if (typeof callId !== 'string') throw missing(`${at}.call_id`)
      if (item['output'] === undefined) throw missing(`${at}.output`)
      if (Array.isArray(item['output'])) checkParts(item['output'], USER_PARTS, `${at}.output`)
      break
    case 'reasoning':
      if (!Array.isArray(item['summary'])) throw missing(`${at}.summary`)
      break
  }
}

function checkMessage(item: Item, at: string, { systemMessages = false }: CheckedInput): void {
  const { role, content } = item
  if (role === 'system' && !systemMessages) throw detail('System messages are not allowed')
  if (role !== 'user' && role !== 'assistant' && role !== 'developer' && role !== 'system') {
    throw badValue(
      `Invalid value: '${String(role)}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.`,
      `${at}.role`,
      'invalid_value',
    )
  }
  if (typeof content === 'string') return
  if (!Array.isArray(content)) throw missing(`${at}.content`)
  checkParts(content, role === 'assistant' ? ASSISTANT_PARTS : USER_PARTS, `${at}.content`)
}

function checkParts(parts: readonly unknown[], allowed: readonly string[], at: string): void {
  for (const [index, value] of parts.entries()) {
    const place = `${at}[${index}]`
    const part = (value ?? {}) as Item
    if (!allowed.includes(String(part['type']))) {
      throw badValue(
        `Invalid value: '${String(part['type'])}'. Supported values are: ${quoted(allowed)}.`,
        place,
        'invalid_value',
      )
    }
    if (part['prompt_cache_breakpoint'] !== undefined) throw detail('Unsupported parameter: prompt_cache_breakpoint')
    const { type, text, image_url: image, file_id: file } = part
    if ((type === 'input_text' || type === 'output_text') && typeof text !== 'string') throw missing(`${place}.text`)
    if (type === 'input_image' && typeof file !== 'string' && !isPicture(image)) {
      throw badValue(
        `Invalid '${place}.image_url'. Expected a valid URL, but got a value with an invalid format.`,
        `${place}.image_url`,
        'invalid_value',
      )
    }
  }
}

function isPicture(url: unknown): boolean {
  return typeof url === 'string' && (/^https?:\/\//.test(url) || /^data:image\/[\w.+-]+;base64,/.test(url))
}

/** Every call needs its output after it, every output its call before it. */
function checkPairs(input: readonly Item[]): void {
  const open = new Map<string, string>()
  const known = new Set<string>()
  for (const item of input) {
    const type = String(item['type'])
    const callId = String(item['call_id'])
    if (CALLS[type] !== undefined) {
      open.set(callId, type)
      known.add(`${type} ${callId}`)
    }
    const answers = OUTPUTS[type]
    if (answers === undefined) continue
    if (!answers.some((call) => known.has(`${call} ${callId}`))) {
      const spoken = CALLS[answers[0] ?? ''] ?? 'function call'
      throw badValue(`No tool call found for ${spoken} output with call_id ${callId}.`, 'input', null)
    }
    open.delete(callId)
  }
  for (const [callId, type] of open) {
    throw badValue(`No tool output found for ${CALLS[type] ?? 'function call'} ${callId}.`, 'input', null)
  }
}
