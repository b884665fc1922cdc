import type { Usage } from '../../pivot/index.js'
import { isJson, type Json } from '../json.js'
import type { ChatUsage } from './wire.js'

/** Usage of the pivot as chat tells it. Details of other providers (`audio_tokens`, …) pass through. */
export function chatUsage(usage: Usage): ChatUsage {
  return {
    prompt_tokens: usage.input_tokens,
    completion_tokens: usage.output_tokens,
    total_tokens: usage.total_tokens,
    prompt_tokens_details: {
      ...usage.input_tokens_details,
      cached_tokens: usage.input_tokens_details?.cached_tokens ?? 0,
    },
    completion_tokens_details: {
      ...usage.output_tokens_details,
      reasoning_tokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
    },
  }
}

/** Usage of a chat upstream in the pivot; undefined when it told none. */
export function pivotUsage(usage: unknown): Usage | undefined {
  if (!isJson(usage)) return undefined
  const input = count(usage['prompt_tokens'])
  const output = count(usage['completion_tokens'])
  if (input === undefined && output === undefined) return undefined
  const inputDetails = details(usage, 'prompt_tokens_details')
  const outputDetails = details(usage, 'completion_tokens_details')
  const reasoning = count(outputDetails['reasoning_tokens']) ?? 0
  const told = count(usage['total_tokens'])
  const sum = (input ?? 0) + (output ?? 0)
  // xAI counts reasoning beside `completion_tokens`, not in it (recorded 2026-02); its total tells.
  const beside = reasoning > 0 && told === sum + reasoning
  return {
    input_tokens: input ?? 0,
    input_tokens_details: { ...inputDetails, cached_tokens: cachedTokens(usage) ?? 0 },
    output_tokens: (output ?? 0) + (beside ? reasoning : 0),
    output_tokens_details: { ...outputDetails, reasoning_tokens: reasoning },
    total_tokens: told ?? sum,
  }
}

function cachedTokens(usage: Json): number | undefined {
  return (
    count(details(usage, 'prompt_tokens_details')['cached_tokens']) ??
    // DeepSeek; Moonshot.
    count(usage['prompt_cache_hit_tokens']) ??
    count(usage['cached_tokens'])
  )
}

function details(usage: Json, name: string): Json {
  const value = usage[name]
  return isJson(value) ? value : {}
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
