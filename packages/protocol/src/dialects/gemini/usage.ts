import type { PivotResponse, Usage } from '../../pivot/index.js'
import { isJson, without, type Json } from '../json.js'
import { geminiFields, type GeminiUsage } from './wire.js'

/**
 * Usage as Gemini tells it: the prompt with what was cached, the answer without its thoughts. Undefined when nobody counted.
 * Source: Gemini API reference, `UsageMetadata`.
 */
export function geminiUsage(response: Pick<PivotResponse, 'usage' | 'extra'>): GeminiUsage | undefined {
  const { usage } = response
  if (usage == null) return undefined
  const thoughts = usage.output_tokens_details?.reasoning_tokens ?? 0
  const cached = usage.input_tokens_details?.cached_tokens ?? 0
  const beside = geminiFields(response)['usage']
  const toolUse = isJson(beside) ? countOf(beside, 'toolUsePromptTokenCount') : 0
  return {
    promptTokenCount: Math.max(0, usage.input_tokens - toolUse),
    candidatesTokenCount: Math.max(0, usage.output_tokens - thoughts),
    totalTokenCount: usage.total_tokens,
    ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
    ...(isJson(beside) ? beside : {}),
  }
}

const COUNTED: ReadonlySet<string> = new Set([
  'promptTokenCount',
  'candidatesTokenCount',
  'totalTokenCount',
  'cachedContentTokenCount',
  'thoughtsTokenCount',
])

/** Usage of a Gemini upstream in the pivot; undefined when it told none. Tokens of tool prompts count as input. */
export function pivotUsage(usage: unknown): Usage | undefined {
  if (!isJson(usage)) return undefined
  const count = (field: string): number => countOf(usage, field)
  const input = count('promptTokenCount') + count('toolUsePromptTokenCount')
  const thoughts = count('thoughtsTokenCount')
  const output = count('candidatesTokenCount') + thoughts
  if (input + output === 0 && usage['totalTokenCount'] === undefined) return undefined
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: count('cachedContentTokenCount') },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: thoughts },
    total_tokens: usage['totalTokenCount'] === undefined ? input + output : count('totalTokenCount'),
  }
}

function countOf(usage: Json, field: string): number {
  const count = usage[field]
  return typeof count === 'number' ? count : 0
}

/** Counts that the pivot's usage has no field for; for the response's `extra`. */
export function usageBeside(usage: unknown): Json {
  return isJson(usage) ? without(usage, COUNTED) : {}
}
