import { array, boolean, number, object, optional, refuse, step, string } from '../../refusing.js'
import type { Sampling } from '../../../pivot/index.js'
import { given, isSet, type Json } from '../../json.js'

/** Fields that the pivot carries under its own names. */
const TRANSLATED: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning_effort',
  'text',
  'verbosity',
  'response_format',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'metadata',
  'service_tier',
  'store',
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'instructions',
])

/** How to sample, under the names that chat servers give it (`repeat_penalty`: llama.cpp and LM Studio). */
const SAMPLING_FIELDS: ReadonlySet<string> = new Set([
  'stop',
  'seed',
  'top_k',
  'min_p',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'repeat_penalty',
  'n',
  'logit_bias',
])

type Check = (value: unknown, pointer: string) => unknown

/** Chat fields without a place in the pivot, and how each is checked. They go on to upstreams that speak chat. */
const CHAT_ONLY: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['logprobs', boolean],
  ['top_logprobs', number],
  ['modalities', array],
  ['audio', object],
  ['prediction', object],
  // Translated, and kept because chat upstreams understand more of them than the pivot.
  ['stream_options', object],
  ['web_search_options', object],
  ['reasoning', object],
  ['functions', array],
  ['function_call', (value) => value],
])

/** Is this a field of chat that the Responses API does not have? */
export function isChatOnly(field: string): boolean {
  return CHAT_ONLY.has(field) || SAMPLING_FIELDS.has(field)
}

/** What is left of the body for upstreams that speak chat, unknown fields included. */
export function chatOnlyFields(body: Json): Json {
  const kept: [string, unknown][] = []
  for (const [field, value] of Object.entries(body)) {
    if (TRANSLATED.has(field) || SAMPLING_FIELDS.has(field) || !isSet(value)) continue
    const check = CHAT_ONLY.get(field)
    if (check !== undefined) optional(body, field, check)
    kept.push([field, value])
  }
  return Object.fromEntries(kept)
}

/** How to sample, as far as the pivot has no field of its own for it. */
export function chatSampling(body: Json): Sampling {
  return given({
    stop: optional(body, 'stop', stop),
    seed: optional(body, 'seed', number),
    top_k: optional(body, 'top_k', number),
    min_p: optional(body, 'min_p', number),
    presence_penalty: optional(body, 'presence_penalty', number),
    frequency_penalty: optional(body, 'frequency_penalty', number),
    repeat_penalty: optional(body, 'repetition_penalty', number) ?? optional(body, 'repeat_penalty', number),
    n: optional(body, 'n', choices),
    logit_bias: optional(body, 'logit_bias', logitBias),
  })
}

function stop(value: unknown, pointer: string): string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) refuse(pointer, 'expected a string or an array of strings')
  return value.map((one, index) => string(one, `${pointer}/${index}`))
}

/** One answer is what everybody gives; more are asked for by a number. */
function choices(value: unknown, pointer: string): number | undefined {
  if (!Number.isInteger(value) || (value as number) < 1) refuse(pointer, 'expected a whole number of at least 1')
  return value === 1 ? undefined : (value as number)
}

function logitBias(value: unknown, pointer: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(object(value, pointer)).map(([token, bias]) => [token, number(bias, `${pointer}/${step(token)}`)]),
  )
}
