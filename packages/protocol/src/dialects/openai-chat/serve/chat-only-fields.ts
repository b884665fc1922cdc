import { array, boolean, number, object, optional, refuse, step, string, type Noting } from '../../refusing.js'
import { isJson, type Json } from '../../json.js'

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

type Check = (value: unknown, pointer: string) => unknown

/**
 * Chat fields without a place in the pivot: how each is checked, and when it asks for nothing.
 * They go on to upstreams that speak chat; everybody else answers without them, so they are noted.
 */
const CHAT_ONLY: ReadonlyMap<string, { check: Check; neutral: (value: unknown) => boolean; why: string }> = new Map([
  ['stop', { check: stop, neutral: isEmpty, why: 'stop sequences are only understood by chat upstreams' }],
  ['seed', { check: number, neutral: never, why: 'a seed is only understood by chat upstreams' }],
  ['presence_penalty', { check: number, neutral: isZero, why: 'penalties are only understood by chat upstreams' }],
  ['frequency_penalty', { check: number, neutral: isZero, why: 'penalties are only understood by chat upstreams' }],
  ['logit_bias', { check: object, neutral: isEmpty, why: 'logit bias is only understood by chat upstreams' }],
  ['logprobs', { check: boolean, neutral: isFalse, why: 'log probabilities are only told by chat upstreams' }],
  ['top_logprobs', { check: number, neutral: isZero, why: 'log probabilities are only told by chat upstreams' }],
  ['n', { check: choices, neutral: isOne, why: 'one request gives one answer' }],
  ['modalities', { check: array, neutral: isText, why: 'answers are text' }],
  ['audio', { check: object, neutral: never, why: 'answers are text' }],
  ['prediction', { check: object, neutral: never, why: 'predicted outputs are only understood by chat upstreams' }],
  // Translated, and kept because chat upstreams understand more of them than the pivot.
  ['stream_options', { check: object, neutral: always, why: '' }],
  ['web_search_options', { check: object, neutral: always, why: '' }],
  ['reasoning', { check: object, neutral: always, why: '' }],
  ['functions', { check: array, neutral: always, why: '' }],
  ['function_call', { check: anything, neutral: always, why: '' }],
])

export function isChatOnly(field: string): boolean {
  return CHAT_ONLY.has(field)
}

/** What is left of the body for upstreams that speak chat, unknown fields included; losses for all others are noted. */
export function chatOnlyFields(body: Json, note: Noting): Json {
  const kept: [string, unknown][] = []
  for (const [field, value] of Object.entries(body)) {
    if (TRANSLATED.has(field) || value === null || value === undefined) continue
    const known = CHAT_ONLY.get(field)
    if (known === undefined) {
      note(`/${step(field)}`, 'dropped', 'not a field of this API; only chat upstreams may understand it')
    } else {
      optional(body, field, known.check)
      if (!known.neutral(value)) note(`/${field}`, 'dropped', known.why)
    }
    kept.push([field, value])
  }
  return Object.fromEntries(kept)
}

function stop(value: unknown, pointer: string): unknown {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) refuse(pointer, 'expected a string or an array of strings')
  return value.map((one, index) => string(one, `${pointer}/${index}`))
}

function choices(value: unknown, pointer: string): unknown {
  return Number.isInteger(value) && (value as number) >= 1
    ? value
    : refuse(pointer, 'expected a whole number of at least 1')
}

function anything(value: unknown): unknown {
  return value
}

function never(): boolean {
  return false
}

function always(): boolean {
  return true
}

function isZero(value: unknown): boolean {
  return value === 0
}

function isOne(value: unknown): boolean {
  return value === 1
}

function isFalse(value: unknown): boolean {
  return value === false
}

function isText(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => one === 'text')
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isJson(value) && Object.keys(value).length === 0)
}
