import type { Note, RequestMeta, Translated } from '../../../dialect.js'
import { FailureError, invalidRequest } from '../../../failure.js'
import type { PivotItem, PivotRequest } from '../../../pivot/index.js'
import { unpackItems } from './carried-reasoning.js'

type Json = Record<string, unknown>

/**
 * A Responses body as the pivot. It is the pivot already; this only gives `input` its one form and says where a field has the wrong type.
 * Unknown items, tools, parts and fields pass untouched.
 * @throws FailureError `invalid_request` with the place
 */
export function decodeRequest(body: unknown, _from: RequestMeta): Translated<PivotRequest> {
  if (!isJson(body)) refuse('', 'the body must be a JSON object')
  const receipt: Note[] = []
  const out: Json = {}
  for (const field of Object.keys(body)) {
    // A name that would reach the prototype of the copy.
    if (field === '__proto__') continue
    if (field === 'extra') receipt.push(ours('/extra'))
    else out[field] = body[field]
  }
  for (const [field, type] of Object.entries(TYPES)) checkType(out, field, type)
  checkReasoning(out['reasoning'])
  checkText(out['text'])
  checkTools(out['tools'])
  if (Array.isArray(out['tools'])) out['tools'] = withoutExtra(out['tools'], '/tools', receipt)
  checkToolChoice(out['tool_choice'])
  out['model'] = out['model'] ?? ''
  const items = withoutExtra(inputItems(out['input'], out), '/input', receipt)
  out['input'] = unpackItems(items as readonly PivotItem[])
  return { value: out as unknown as PivotRequest, receipt }
}

/** In the pivot `extra` is what we ourselves noted; from a client it would be believed. */
function ours(pointer: string): Note {
  return { pointer, what: 'dropped', why: 'the API has no field extra' }
}

/** Items, parts or tools without a client's `extra`; the same list where there is none. */
function withoutExtra(list: readonly unknown[], pointer: string, receipt: Note[]): readonly unknown[] {
  let out: unknown[] | undefined
  list.forEach((entry, at) => {
    if (!isJson(entry)) return
    const place = `${pointer}/${at}`
    let kept = entry
    if ('extra' in entry) {
      const { extra: _, ...rest } = entry
      kept = rest
      receipt.push(ours(`${place}/extra`))
    }
    for (const field of ['content', 'output'] as const) {
      const parts = entry[field]
      if (!Array.isArray(parts)) continue
      const plain = withoutExtra(parts, `${place}/${field}`, receipt)
      if (plain !== parts) kept = { ...kept, [field]: plain }
    }
    if (kept !== entry) (out ??= [...list])[at] = kept
  })
  return out ?? list
}

type FieldType = 'string' | 'number' | 'boolean' | 'array' | 'object'

/** Known fields and their types; null counts as absent. Source: Open Responses, CreateResponseBody. */
const TYPES: Readonly<Record<string, FieldType>> = {
  model: 'string',
  instructions: 'string',
  stream: 'boolean',
  tools: 'array',
  parallel_tool_calls: 'boolean',
  reasoning: 'object',
  text: 'object',
  max_output_tokens: 'number',
  temperature: 'number',
  top_p: 'number',
  metadata: 'object',
  service_tier: 'string',
  store: 'boolean',
  include: 'array',
  prompt_cache_key: 'string',
  previous_response_id: 'string',
  client_metadata: 'object',
  background: 'boolean',
  truncation: 'string',
  user: 'string',
  safety_identifier: 'string',
}

function checkType(body: Json, field: string, type: FieldType): void {
  const value = body[field]
  if (value === undefined || value === null) return
  if (typeOf(value) !== type) refuse(`/${field}`, `expected ${ARTICLE[type]}, found ${typeOf(value)}`)
}

const ARTICLE: Readonly<Record<FieldType, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

function inputItems(input: unknown, body: Json): PivotItem[] {
  if (typeof input === 'string') {
    return [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: input }] }]
  }
  if (input === undefined || input === null) {
    const elsewhere = ['prompt', 'previous_response_id', 'conversation'].some((field) => body[field] != null)
    if (elsewhere) return []
    refuse('/input', 'a request needs input: a string or a list of items')
  }
  if (!Array.isArray(input)) refuse('/input', `expected a string or a list of items, found ${typeOf(input)}`)
  return (input as unknown[]).map((item, at) => inputItem(item, `/input/${at}`))
}

function inputItem(item: unknown, pointer: string): PivotItem {
  if (!isJson(item)) refuse(pointer, `expected an item, found ${typeOf(item)}`)
  const type = item['type'] ?? (item['role'] === undefined ? undefined : 'message')
  if (typeof type !== 'string') refuse(`${pointer}/type`, 'an item needs a type')
  switch (type) {
    case 'message':
      checkMessage(item, pointer)
      break
    case 'function_call':
      need(item, 'call_id', pointer)
      need(item, 'name', pointer)
      need(item, 'arguments', pointer)
      break
    case 'custom_tool_call':
      need(item, 'call_id', pointer)
      need(item, 'name', pointer)
      need(item, 'input', pointer)
      break
    case 'function_call_output':
    case 'custom_tool_call_output': {
      need(item, 'call_id', pointer)
      const output = item['output']
      if (typeof output !== 'string' && !Array.isArray(output)) {
        refuse(`${pointer}/output`, `expected a string or a list of parts, found ${typeOf(output)}`)
      }
      if (Array.isArray(output)) checkParts(output, `${pointer}/output`)
      break
    }
    case 'reasoning':
      if (item['summary'] !== undefined && item['summary'] !== null && !Array.isArray(item['summary'])) {
        refuse(`${pointer}/summary`, `expected a list, found ${typeOf(item['summary'])}`)
      }
      // Every upstream demands it.
      if (!Array.isArray(item['summary'])) return { ...item, type, summary: [] }
      break
  }
  return (item['type'] === undefined ? { type, ...item } : item) as unknown as PivotItem
}

const ROLES: ReadonlySet<unknown> = new Set(['user', 'assistant', 'system', 'developer'])

function checkMessage(item: Json, pointer: string): void {
  if (!ROLES.has(item['role'])) {
    refuse(
      `${pointer}/role`,
      `expected user, assistant, system or developer, found ${JSON.stringify(item['role']) ?? 'nothing'}`,
    )
  }
  const content = item['content']
  if (typeof content === 'string') return
  if (!Array.isArray(content))
    refuse(`${pointer}/content`, `expected a string or a list of parts, found ${typeOf(content)}`)
  checkParts(content, `${pointer}/content`)
}

function checkParts(parts: readonly unknown[], pointer: string): void {
  parts.forEach((part, at) => {
    const place = `${pointer}/${at}`
    if (!isJson(part)) refuse(place, `expected a part, found ${typeOf(part)}`)
    if (typeof part['type'] !== 'string') refuse(`${place}/type`, 'a part needs a type')
    switch (part['type']) {
      case 'input_text':
      case 'output_text':
      case 'text':
        need(part, 'text', place)
        break
      case 'refusal':
        need(part, 'refusal', place)
        break
      case 'input_image':
        if (typeof part['image_url'] !== 'string' && typeof part['file_id'] !== 'string') {
          refuse(`${place}/image_url`, 'an image needs image_url (a URL or a data: URL) or file_id')
        }
        break
    }
  })
}

function checkReasoning(value: unknown): void {
  if (!isJson(value)) return
  for (const field of ['effort', 'summary']) {
    const word = value[field]
    if (word !== undefined && word !== null && typeof word !== 'string') {
      refuse(`/reasoning/${field}`, `expected a string, found ${typeOf(word)}`)
    }
  }
}

function checkText(value: unknown): void {
  if (!isJson(value)) return
  const format = value['format']
  if (format === undefined || format === null) return
  if (!isJson(format)) refuse('/text/format', `expected an object, found ${typeOf(format)}`)
  if (typeof format['type'] !== 'string')
    refuse('/text/format/type', 'a format needs a type: text, json_object or json_schema')
  if (format['type'] !== 'json_schema') return
  if (typeof format['name'] !== 'string') refuse('/text/format/name', 'a JSON schema needs a name')
  if (!isJson(format['schema'])) refuse('/text/format/schema', 'expected a JSON schema')
}

function checkTools(tools: unknown): void {
  if (!Array.isArray(tools)) return
  tools.forEach((tool: unknown, at) => {
    const pointer = `/tools/${at}`
    if (!isJson(tool)) refuse(pointer, `expected a tool, found ${typeOf(tool)}`)
    if (typeof tool['type'] !== 'string') refuse(`${pointer}/type`, 'a tool needs a type')
    if (tool['type'] !== 'function' && tool['type'] !== 'custom') return
    if (isJson(tool['function'])) {
      refuse(`${pointer}/function`, 'this is the shape of chat completions; here name and parameters stand beside type')
    }
    need(tool, 'name', pointer)
    const parameters = tool['parameters']
    if (parameters !== undefined && parameters !== null && !isJson(parameters)) {
      refuse(`${pointer}/parameters`, `expected a JSON schema, found ${typeOf(parameters)}`)
    }
  })
}

function checkToolChoice(choice: unknown): void {
  if (choice === undefined || choice === null || typeof choice === 'string') return
  if (!isJson(choice) || typeof choice['type'] !== 'string') {
    refuse('/tool_choice', 'expected auto, none, required, or an object with a type')
  }
  if (choice['type'] === 'function' && typeof choice['name'] !== 'string') {
    refuse('/tool_choice/name', 'a chosen function needs its name')
  }
}

function need(object: Json, field: string, pointer: string): void {
  if (typeof object[field] !== 'string') {
    refuse(`${pointer}/${field}`, `expected a string, found ${typeOf(object[field])}`)
  }
}

function refuse(pointer: string, message: string): never {
  throw new FailureError(invalidRequest(pointer, message))
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
