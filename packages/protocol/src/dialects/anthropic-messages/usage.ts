import type { PivotResponse, Usage } from '../../pivot/index.js'
import { isJson, without, type Json } from '../json.js'
import { anthropicFields, type AnthropicUsage } from './wire.js'

/**
 * Usage of a response as this API tells it. The pivot counts cached tokens as input, Anthropic beside it.
 * What an upstream of this dialect told besides (`server_tool_use`, `cache_creation`, …) is told again.
 */
export function anthropicUsage(response: Pick<PivotResponse, 'usage' | 'extra'>): AnthropicUsage {
  const { usage } = response
  const beside = anthropicFields(response)['usage']
  const read = count(usage?.input_tokens_details?.cached_tokens) ?? 0
  const written = count(usage?.input_tokens_details?.cache_write_tokens) ?? 0
  const thinking = count(usage?.output_tokens_details?.reasoning_tokens)
  return {
    input_tokens: Math.max(0, (count(usage?.input_tokens) ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: count(usage?.output_tokens) ?? 0,
    ...(thinking === undefined ? {} : { output_tokens_details: { thinking_tokens: thinking } }),
    ...(isJson(beside) ? beside : {}),
  }
}

const COUNTED: ReadonlySet<string> = new Set([
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'output_tokens_details',
])

/** Usage of an Anthropic upstream in the pivot; undefined when it told none. */
export function pivotUsage(usage: unknown): Usage | undefined {
  if (!isJson(usage)) return undefined
  const uncached = count(usage['input_tokens'])
  const output = count(usage['output_tokens'])
  if (uncached === undefined && output === undefined) return undefined
  const read = count(usage['cache_read_input_tokens']) ?? 0
  const written = count(usage['cache_creation_input_tokens']) ?? 0
  const details = isJson(usage['output_tokens_details']) ? usage['output_tokens_details'] : {}
  const input = (uncached ?? 0) + read + written
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    output_tokens: output ?? 0,
    output_tokens_details: { reasoning_tokens: count(details['thinking_tokens']) ?? 0 },
    total_tokens: input + (output ?? 0),
  }
}

/** What the pivot's usage has no field for; for the response's `extra`. */
export function usageBeside(usage: unknown): Json {
  return isJson(usage) ? without(usage, COUNTED) : {}
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
