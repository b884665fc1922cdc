import { samplingExtra, type Extra, type PivotRequest } from '../../../pivot/index.js'
import { given, isJson, isSet, without, type Json } from '../../json.js'
import { array, boolean, number, object, optional, refuse, string } from '../../refusing.js'

const AT = '/options'

/** Options with a place in the pivot; the others go on to Ollama upstreams in `extra.ollama.options`. */
const TRANSLATED: ReadonlySet<string> = new Set([
  'temperature',
  'top_p',
  'num_predict',
  'stop',
  'seed',
  'top_k',
  'min_p',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
])

export interface Options {
  fields: Pick<Partial<PivotRequest>, 'temperature' | 'top_p' | 'max_output_tokens'>
  sampling: Extra
  rest: Json
}

/** Source: Ollama `api.Options`. */
export function decodeOptions(body: Json): Options {
  const options = optional(body, 'options', object) ?? {}
  const seed = optional(options, 'seed', number, AT)
  return {
    fields: given({
      temperature: optional(options, 'temperature', number, AT),
      top_p: optional(options, 'top_p', number, AT),
      max_output_tokens: limit(optional(options, 'num_predict', number, AT)),
    }),
    sampling: samplingExtra(
      given({
        stop: optional(options, 'stop', stop, AT),
        // -1 is Ollama's word for any.
        seed: seed === -1 ? undefined : seed,
        top_k: optional(options, 'top_k', number, AT),
        min_p: optional(options, 'min_p', number, AT),
        repeat_penalty: optional(options, 'repeat_penalty', number, AT),
        presence_penalty: optional(options, 'presence_penalty', number, AT),
        frequency_penalty: optional(options, 'frequency_penalty', number, AT),
      }),
    ),
    rest: Object.fromEntries(Object.entries(without(options, TRANSLATED)).filter(([, value]) => isSet(value))),
  }
}

/** -1, -2 and 0 mean no limit. */
function limit(tokens: number | undefined): number | undefined {
  return tokens !== undefined && tokens >= 1 ? Math.floor(tokens) : undefined
}

function stop(value: unknown, pointer: string): string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : [value]
  if (!Array.isArray(value)) refuse(pointer, 'expected a string or an array of strings')
  return value.map((one, index) => string(one, `${pointer}/${index}`))
}

const LEVELS: ReadonlySet<unknown> = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'])

/** Who wants thinking wants to see it, and the Responses API tells it only in summaries that are asked for. */
export function decodeThink(value: unknown, pointer: string): NonNullable<PivotRequest['reasoning']> {
  if (value === true) return { summary: 'auto' }
  if (value === false) return { effort: 'none' }
  if (typeof value !== 'string' || !LEVELS.has(value)) {
    refuse(pointer, "expected true, false, 'low', 'medium', 'high', 'xhigh' or 'max'")
  }
  return value === 'none' ? { effort: value } : { effort: value, summary: 'auto' }
}

/** A grammar holds Ollama's models to the schema, so it is asked for strictly. */
export function decodeFormat(value: unknown, pointer: string): PivotRequest['text'] | undefined {
  if (value === '') return undefined
  if (value === 'json') return { format: { type: 'json_object' } }
  if (!isJson(value)) refuse(pointer, "expected 'json' or a JSON schema")
  return { format: { type: 'json_schema', name: 'response', schema: value, strict: true } }
}

type Check = (value: unknown, pointer: string) => unknown

/** Ollama's fields without a place in the pivot, and how each is checked. */
const OWN: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['keep_alive', keepAlive],
  ['raw', boolean],
  ['template', string],
  ['suffix', string],
  ['context', tokens],
  ['truncate', boolean],
  ['shift', boolean],
  ['logprobs', boolean],
  ['top_logprobs', number],
  ['dimensions', number],
  ['width', number],
  ['height', number],
  ['steps', number],
])

/** What is left of the body for Ollama upstreams, unknown fields included. */
export function ownFields(body: Json, translated: ReadonlySet<string>, options: Json): Json {
  const kept: [string, unknown][] = []
  for (const [field, value] of Object.entries(body)) {
    if (translated.has(field) || !isSet(value)) continue
    const check = OWN.get(field)
    if (check !== undefined) optional(body, field, check)
    kept.push([field, value])
  }
  if (Object.keys(options).length > 0) kept.push(['options', options])
  return Object.fromEntries(kept)
}

function keepAlive(value: unknown, pointer: string): void {
  if (typeof value !== 'string' && typeof value !== 'number') refuse(pointer, 'expected a duration')
}

function tokens(value: unknown, pointer: string): void {
  array(value, pointer).forEach((token, index) => number(token, `${pointer}/${index}`))
}
