import type { PivotResponse, Usage } from '../../pivot/index.js'
import type { Json } from '../json.js'
import { doneReason } from './done-reason.js'
import { OLLAMA, type OllamaEnd } from './wire.js'

/** Nanoseconds that only an Ollama upstream measures. Nobody else's are known here, and zero says so. */
export const DURATIONS = ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration'] as const

/** The end of an answer: why it ended, and what it cost. Official clients read numbers, so a count that nobody made is zero too. */
export function endOf(response: PivotResponse): OllamaEnd {
  const { usage } = response
  const measured = response.extra?.[OLLAMA] ?? {}
  const [total, load, promptEval, evaluation] = DURATIONS.map((field) => count(measured[field]) ?? 0)
  return {
    done: true,
    done_reason: doneReason(response),
    total_duration: total ?? 0,
    load_duration: load ?? 0,
    prompt_eval_count: usage?.input_tokens ?? 0,
    prompt_eval_duration: promptEval ?? 0,
    eval_count: usage?.output_tokens ?? 0,
    eval_duration: evaluation ?? 0,
  }
}

/** Usage of an Ollama upstream in the pivot; undefined when it told none. A prompt that was cached whole is not counted at all. */
export function pivotUsage(line: Json): Usage | undefined {
  const input = count(line['prompt_eval_count'])
  const output = count(line['eval_count'])
  if (input === undefined && output === undefined) return undefined
  return {
    input_tokens: input ?? 0,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output ?? 0,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: (input ?? 0) + (output ?? 0),
  }
}

export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
