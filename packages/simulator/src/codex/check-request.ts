import type { PivotRequest } from '@dragoman/protocol'
import { checkInput, type CheckedInput } from './check-input.js'
import { badValue, detail, missing, quoted, tooLong } from './refusal.js'

/** Parameters that the Codex backend refuses by name. Source: upstream notes 2.3. */
export const UNSUPPORTED_PARAMETERS = [
  'max_output_tokens',
  'max_completion_tokens',
  'max_tokens',
  'temperature',
  'top_p',
  'truncation',
  'user',
  'metadata',
  'context_management',
  'prompt_cache_retention',
  'prompt_cache_options',
  'safety_identifier',
  'previous_response_id',
  'context_window',
  'truncation_policy',
] as const

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra']
const SUMMARIES = ['auto', 'concise', 'detailed']

export interface CheckedAgainst extends CheckedInput {
  /** Slugs that this account may use. */
  models: ReadonlySet<string>
}

/**
 * The body of `POST /responses` as the Codex backend accepts it over HTTP.
 * @throws Refusal with the backend's words. What no source tells is checked as the public Responses API does.
 */
export function checkRequest(body: unknown, against: CheckedAgainst): PivotRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw detail('Request body must be a JSON object')
  const request = body as Record<string, unknown>
  for (const name of UNSUPPORTED_PARAMETERS) {
    if (request[name] !== undefined) throw detail(`Unsupported parameter: ${name}`)
  }
  checkStreamOptions(request['stream_options'])
  const tier = request['service_tier']
  if (tier !== undefined && tier !== 'priority' && tier !== 'flex')
    throw detail(`Unsupported service_tier: ${String(tier)}`)
  if (request['store'] !== false) throw detail('Store must be set to false')
  if (request['stream'] !== true) throw detail('Stream must be set to true')
  const { model, input, instructions } = request
  if (typeof model !== 'string' || !against.models.has(model)) {
    throw detail(`The '${String(model ?? '')}' model is not supported when using Codex with a ChatGPT account.`)
  }
  if (instructions !== undefined && instructions !== null && typeof instructions !== 'string') {
    throw detail('Instructions are not valid')
  }
  if (!Array.isArray(input)) throw detail('Input must be a list')
  checkReasoning(request['reasoning'])
  const names = checkTools(request['tools'], 'tools')
  for (const [index, item] of (input as { type?: unknown; tools?: unknown }[]).entries()) {
    if (item?.type !== 'additional_tools') continue
    for (const name of checkTools(item.tools, `input[${index}].tools`)) names.add(name)
  }
  checkToolChoice(request['tool_choice'], names)
  checkFormat((request['text'] as { format?: unknown } | undefined)?.format)
  checkInput(input, against)
  return request as unknown as PivotRequest
}

/** A compaction takes these of a response's fields; whatever makes sense for an answer alone is refused. Source: upstream notes 5.4. */
const NOT_FOR_COMPACTION = ['stream', 'store', 'include', 'tool_choice', 'stream_options', 'client_metadata'] as const

/** The body of `POST /responses/compact`. @throws Refusal */
export function checkCompaction(body: unknown, against: CheckedAgainst): PivotRequest {
  for (const name of NOT_FOR_COMPACTION) {
    if (typeof body === 'object' && body !== null && name in body) throw detail(`Unsupported parameter: ${name}`)
  }
  return checkRequest(
    typeof body === 'object' && body !== null ? { ...body, stream: true, store: false } : body,
    against,
  )
}

/** Only the client's own option passes; the public API's `include_usage` and `include_obfuscation` do not. */
function checkStreamOptions(options: unknown): void {
  if (options === undefined || options === null) return
  const keys = Object.keys(options as object)
  if (keys.some((key) => key !== 'reasoning_summary_delivery') || keys.length === 0) {
    throw detail('Unsupported parameter: stream_options')
  }
}

export function checkReasoning(reasoning: unknown): void {
  if (reasoning === undefined || reasoning === null) return
  const { effort, summary } = reasoning as { effort?: unknown; summary?: unknown }
  oneOf(effort, EFFORTS, 'reasoning.effort')
  oneOf(summary, SUMMARIES, 'reasoning.summary')
}

function oneOf(value: unknown, allowed: readonly string[], param: string): void {
  if (value === undefined || value === null || allowed.includes(String(value))) return
  throw badValue(`Invalid value: '${String(value)}'. Supported values are: ${quoted(allowed)}.`, param, 'invalid_value')
}

/** @returns the names of all tools, those inside namespaces included, and every tool's type in brackets */
export function checkTools(tools: unknown, at: string): Set<string> {
  const names = new Set<string>()
  if (tools === undefined || tools === null) return names
  if (!Array.isArray(tools)) throw badValue(`Invalid type for '${at}': expected an array.`, at, 'invalid_type')
  for (const [index, tool] of (tools as Record<string, unknown>[]).entries()) {
    const { type, name } = tool
    const place = `${at}[${index}]`
    if (typeof type !== 'string') throw missing(`${place}.type`)
    if (type === 'image_generation') checkImageTool(tool, place)
    // Hosted tools have no name; no function can have this one.
    names.add(`(${type})`)
    if (type === 'namespace') for (const inner of checkTools(tool['tools'], `${place}.tools`)) names.add(inner)
    if (type !== 'function' && type !== 'custom' && type !== 'namespace') continue
    // A chat-shaped tool nests its name under `function`, and so has none here.
    if (typeof name !== 'string') throw missing(`${place}.name`)
    if (!/^[a-zA-Z0-9_-]+$/.test(name)) {
      throw badValue(
        `Invalid '${place}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
        `${place}.name`,
        'invalid_value',
      )
    }
    if (name.length > 128) throw tooLong(`${place}.name`, 128, name.length)
    const { parameters } = tool as { parameters?: { type?: unknown } | null }
    if (type === 'function' && parameters !== undefined && parameters !== null && parameters.type !== 'object') {
      throw badValue(
        `Invalid schema for function '${name}': schema must be a JSON Schema of 'type: "object"', got 'type: "${String(parameters.type)}"'.`,
        `${place}.parameters`,
        'invalid_function_parameters',
      )
    }
    names.add(name)
  }
  return names
}

/** What the Images API takes and the hosted tool does not (parity notes 1.8). */
const NOT_FOR_IMAGES = ['n', 'mask', 'style', 'input_fidelity', 'response_format', 'prompt', 'user'] as const

function checkImageTool(tool: Record<string, unknown>, place: string): void {
  for (const name of NOT_FOR_IMAGES) {
    if (tool[name] === undefined) continue
    throw badValue(`Unknown parameter: '${place}.${name}'.`, `${place}.${name}`, 'unknown_parameter')
  }
}

export function checkToolChoice(choice: unknown, names: ReadonlySet<string>): void {
  if (choice === undefined || choice === null) return
  if (typeof choice === 'string') return oneOf(choice, ['none', 'auto', 'required'], 'tool_choice')
  const { type, name } = choice as { type?: unknown; name?: unknown }
  if (type === 'image_generation' && !names.has('(image_generation)')) {
    throw badValue(`Tool choice 'image_generation' not found in 'tools' parameter.`, 'tool_choice', null)
  }
  if (type !== 'function' && type !== 'custom') return
  if (typeof name !== 'string') throw missing('tool_choice.name')
  if (!names.has(name)) throw badValue(`Tool choice '${type}' not found in 'tools' parameter.`, 'tool_choice', null)
}

export function checkFormat(format: unknown): void {
  if (format === undefined || format === null) return
  const { type, name, schema } = format as { type?: unknown; name?: unknown; schema?: unknown }
  oneOf(type, ['text', 'json_object', 'json_schema'], 'text.format.type')
  if (type !== 'json_schema') return
  if (typeof name !== 'string') throw missing('text.format.name')
  if (typeof schema !== 'object' || schema === null) throw missing('text.format.schema')
}
