import type { ReplyMeta } from '../../../dialect.js'
import {
  isKnownItem,
  type PivotItem,
  type PivotResponse,
  type ResponseError,
  type Usage,
} from '../../../pivot/index.js'

import { carriedContent } from './carried-reasoning.js'

type Json = Record<string, unknown>

/** Fields that a client's schema demands of every response object. Source: Open Responses, ResponseResource. */
const REQUIRED = [
  'id',
  'object',
  'created_at',
  'completed_at',
  'status',
  'incomplete_details',
  'model',
  'previous_response_id',
  'instructions',
  'output',
  'error',
  'tools',
  'tool_choice',
  'truncation',
  'parallel_tool_calls',
  'text',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'top_logprobs',
  'temperature',
  'reasoning',
  'usage',
  'max_output_tokens',
  'max_tool_calls',
  'store',
  'background',
  'service_tier',
  'metadata',
  'safety_identifier',
  'prompt_cache_key',
] as const

/** Has the upstream told everything that a client's schema demands? */
export function isWhole(response: PivotResponse): boolean {
  for (const field of REQUIRED) if (!(field in response)) return false
  return response.id !== ''
}

/**
 * A response object with every field that a client's schema demands: what the upstream told, else what was asked, else the API's
 * default. `output` is completed item by item.
 */
export function wholeResponse(response: PivotResponse, about: ReplyMeta): Json {
  const { request } = about
  const { extra: _, ...told } = response
  const status = response.status ?? 'in_progress'
  const whole: Json = {
    id: `resp_${about.requestId}`,
    object: 'response',
    created_at: about.createdAt,
    status,
    background: false,
    completed_at: status === 'completed' ? (response.completed_at ?? response.created_at ?? about.createdAt) : null,
    error: null,
    frequency_penalty: 0,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: null,
    metadata: request.metadata ?? {},
    model: about.model,
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    presence_penalty: 0,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: null, summary: null, ...request.reasoning },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: request.service_tier ?? 'default',
    store: request.store ?? false,
    temperature: request.temperature ?? 1,
    text: { format: { type: 'text' }, ...withoutNulls(request.text) },
    tool_choice: request.tool_choice ?? 'auto',
    tools: (request.tools ?? []).map(wholeTool),
    top_logprobs: 0,
    top_p: request.top_p ?? 1,
    truncation: request.truncation ?? 'disabled',
  }
  for (const [field, value] of Object.entries(told)) {
    // Some upstreams write null where the schema has no place for it; what was asked says more then.
    const silent = value === undefined || (value === null && whole[field] !== undefined)
    if (!silent && field !== '__proto__') whole[field] = value
  }
  if (response.id === '') whole['id'] = `resp_${about.requestId}`
  whole['error'] = wholeError(response.error)
  whole['output'] = response.output.map((item, at) => wholeItem(item, itemId(item, about, at)))
  whole['usage'] = wholeUsage(response.usage)
  return whole
}

/** The id of an item that has none. */
export function itemId(item: PivotItem, about: ReplyMeta, at: number): string {
  if (typeof item.id === 'string' && item.id !== '') return item.id
  return `${PREFIX.get(item.type) ?? 'item'}_${about.requestId}_${at}`
}

const PREFIX: ReadonlyMap<string, string> = new Map([
  ['message', 'msg'],
  ['reasoning', 'rs'],
  ['function_call', 'fc'],
  ['custom_tool_call', 'ctc'],
  ['web_search_call', 'ws'],
  ['image_generation_call', 'ig'],
])

/** An output item with the fields that clients demand; unknown types as they came. */
export function wholeItem(item: PivotItem, id: string): Json {
  if (!isKnownItem(item)) return { id, ...item }
  const { extra: _, ...told } = item
  switch (item.type) {
    case 'message':
      return {
        ...told,
        id,
        status: item.status ?? 'completed',
        role: item.role,
        content: (typeof item.content === 'string'
          ? [{ type: 'output_text' as const, text: item.content }]
          : item.content
        ).map(wholePart),
      }
    case 'reasoning': {
      const carried = carriedContent(item)
      return {
        ...withoutNulls(told),
        id,
        summary: item.summary ?? [],
        ...(carried === undefined ? {} : { encrypted_content: carried }),
      }
    }
    case 'function_call':
    case 'custom_tool_call':
      return { ...told, id, status: item.status ?? 'completed' }
    default:
      return { ...told, id }
  }
}

/** A content part with the lists that clients demand. */
export function wholePart(part: { type: string; [field: string]: unknown } | object): Json {
  const { extra: _, ...told } = part as Json
  return told['type'] === 'output_text' ? { annotations: [], logprobs: [], ...told } : told
}

function wholeTool(tool: object): Json {
  const { extra: _, ...told } = tool as Json
  return told['type'] === 'function' ? { description: null, parameters: null, strict: null, ...told } : told
}

function wholeError(error: ResponseError | null | undefined): Json | null {
  if (error === null || error === undefined) return null
  return { ...error, code: error.code ?? error.type ?? 'server_error', message: error.message ?? '' }
}

function wholeUsage(usage: Usage | null | undefined): Json | null {
  if (usage === null || usage === undefined) return null
  return {
    ...usage,
    input_tokens_details: { cached_tokens: 0, ...usage.input_tokens_details },
    output_tokens_details: { reasoning_tokens: 0, ...usage.output_tokens_details },
  }
}

/** Null is how some upstreams say nothing. */
function withoutNulls(value: object | null | undefined): Json {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, field]) => field !== null && field !== undefined))
}
