import type { PivotRequest, PivotTool, Sampling, TextFormat } from '../../../pivot/index.js'
import { given, isJson, isSet, text, type Json } from '../../json.js'
import { array, boolean, object, optional, refuse, string, type Noting } from '../../refusing.js'
import { camelCased } from '../either-case.js'
import { jsonSchemaOf } from '../schema.js'

export interface GenerationConfig {
  request: Pick<Partial<PivotRequest>, 'max_output_tokens' | 'temperature' | 'top_p' | 'reasoning' | 'text'>
  sampling: Sampling
  /** Fields that only Gemini knows. */
  own: Json
  /** The thinking that was asked for, exactly. */
  thinking: Json | undefined
  showThoughts: boolean
  /** Pictures are wanted. */
  pictures: PivotTool[]
  /** What must be told the model in words. */
  instruction: string | undefined
  /** The wanted form of the answer, as the client said it; undefined when it said none. */
  form: Json | undefined
}

/** Fields that say what the answer must look like. */
const FORM: readonly string[] = [
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'ResponseJsonSchema',
  'responseFormat',
]

const TRANSLATED: ReadonlySet<string> = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'candidateCount',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'ResponseJsonSchema',
  'thinkingConfig',
  'responseModalities',
  'responseFormat',
])

const AT = '/generationConfig'

/** `generationConfig`. Source: Gemini API reference, `GenerationConfig`. */
export function decodeConfig(value: unknown, note: Noting): GenerationConfig {
  const config = value === undefined || value === null ? {} : camelCased(object(value, AT))
  const number = (field: string): number | undefined => numberOf(config[field], `${AT}/${field}`)
  const whole = (field: string, least: number): number | undefined => wholeOf(config[field], `${AT}/${field}`, least)
  const count = whole('candidateCount', 1)
  const thinking = decodeThinking(config['thinkingConfig'], note)
  const format = decodeFormat(config, note)
  const pictures = wantsPictures(config['responseModalities'])
  if (pictures) note(`${AT}/responseModalities`, 'emulated', 'pictures are made by a hosted tool')
  return {
    request: {
      ...given({
        max_output_tokens: whole('maxOutputTokens', 1),
        temperature: number('temperature'),
        top_p: number('topP'),
        reasoning: thinking.reasoning,
      }),
      ...(format.format === undefined ? {} : { text: { format: format.format } }),
    },
    sampling: given({
      stop: stops(config['stopSequences']),
      seed: whole('seed', -(2 ** 31)),
      top_k: number('topK'),
      presence_penalty: number('presencePenalty'),
      frequency_penalty: number('frequencyPenalty'),
      n: count === 1 ? undefined : count,
    }),
    own: ownFields(config, pictures),
    thinking: thinking.config,
    showThoughts: thinking.show,
    pictures: pictures ? [{ type: 'image_generation' }] : [],
    instruction: format.instruction,
    form: formOf(config),
  }
}

function formOf(config: Json): Json | undefined {
  const told = FORM.filter((field) => isSet(config[field])).map((field) => [
    field.replace(/^R/, '_r'),
    config[field] as unknown,
  ])
  return told.length === 0 ? undefined : (Object.fromEntries(told) as Json)
}

/** Numbers may come as texts: proto JSON writes 64-bit ones so. */
function numberOf(value: unknown, at: string): number | undefined {
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : refuse(at, 'expected a number')
}

function wholeOf(value: unknown, at: string, least: number): number | undefined {
  const number = numberOf(value, at)
  if (number === undefined || (Number.isInteger(number) && number >= least)) return number
  return refuse(at, least > 0 ? `expected a whole number of at least ${least}` : 'expected a whole number')
}

function stops(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined
  const list = array(value, `${AT}/stopSequences`).map((one, index) => string(one, `${AT}/stopSequences/${index}`))
  return list.length > 0 ? list : undefined
}

function ownFields(config: Json, pictures: boolean): Json {
  const own = Object.entries(config).filter(([field, value]) => {
    if (field === 'responseModalities') return !pictures && !isTextOnly(value)
    if (field === 'responseFormat') return hasOtherFormats(value)
    return !TRANSLATED.has(field) && isSet(value)
  })
  return Object.fromEntries(own)
}

function isTextOnly(value: unknown): boolean {
  return !Array.isArray(value) || value.every((one) => String(one).toUpperCase() === 'TEXT')
}

function hasOtherFormats(value: unknown): boolean {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.some((one) => isJson(one) && Object.keys(one).some((kind) => kind !== 'text'))
}

function wantsPictures(value: unknown): boolean {
  return Array.isArray(value) && value.some((one) => String(one).toUpperCase() === 'IMAGE')
}

interface Thinking {
  reasoning: PivotRequest['reasoning'] | undefined
  show: boolean
  config: Json | undefined
}

/**
 * `thinkingLevel` is an effort by name, `thinkingBudget` one by size; the level wins. Without `includeThoughts` a client is shown no
 * thoughts, though their state still goes round.
 */
function decodeThinking(value: unknown, note: Noting): Thinking {
  if (value === undefined || value === null) return { reasoning: undefined, show: false, config: undefined }
  const at = `${AT}/thinkingConfig`
  const config = camelCased(object(value, at))
  const shown = config['includeThoughts']
  const show = shown === undefined || shown === null ? false : boolean(shown, `${at}/includeThoughts`)
  const level = config['thinkingLevel']
  const budget = wholeOf(config['thinkingBudget'], `${at}/thinkingBudget`, -1)
  const named = level === undefined || level === null ? undefined : levelOf(level, `${at}/thinkingLevel`)
  if (named !== undefined && budget !== undefined && budget >= 0) {
    note(`${at}/thinkingBudget`, 'dropped', 'the thinkingLevel beside it says how much to think')
  }
  const effort = named ?? effortOf(budget, at, note)
  const reasoning = { ...(effort === undefined ? {} : { effort }), ...(show ? { summary: 'auto' } : {}) }
  return { reasoning: Object.keys(reasoning).length > 0 ? reasoning : undefined, show, config }
}

/** Proto JSON also writes enums by number. */
const LEVELS: readonly string[] = ['thinking_level_unspecified', 'low', 'medium', 'high', 'minimal']

/** A level by any name is an effort: models of others know more of them, and refuse what they do not know. */
function levelOf(value: unknown, at: string): string | undefined {
  const level = typeof value === 'number' ? LEVELS[value] : string(value, at).toLowerCase()
  if (level === undefined || !/^[a-z_]+$/.test(level)) {
    refuse(at, "expected 'MINIMAL', 'LOW', 'MEDIUM' or 'HIGH'")
  }
  return level === LEVELS[0] ? undefined : level
}

function effortOf(budget: number | undefined, at: string, note: Noting): string | undefined {
  if (budget === undefined || budget < 0) return undefined
  if (budget === 0) return 'none'
  const effort = budget < 2_000 ? 'low' : budget < 8_000 ? 'medium' : budget < 20_000 ? 'high' : 'xhigh'
  note(`${at}/thinkingBudget`, 'approximated', `a budget of ${budget} tokens became the effort '${effort}'`)
  return effort
}

/** What the answer must look like, and what of it can only be asked for in words. */
function decodeFormat(config: Json, note: Noting): { format?: TextFormat; instruction?: string } {
  const { mime, schema, at } = textFormat(config)
  switch (mime) {
    case '':
    case 'text/plain':
    case 'text_plain':
      if (schema !== undefined) note(at, 'dropped', 'a schema needs responseMimeType application/json')
      return {}
    case 'application/json':
    case 'application_json':
      return schema === undefined
        ? { format: { type: 'json_object' }, instruction: 'Answer in JSON.' }
        : { format: { type: 'json_schema', name: nameOf(schema), schema, strict: true } }
    case 'text/x.enum': {
      const values = schema?.['enum']
      if (!Array.isArray(values)) refuse(`${AT}/responseSchema`, 'expected a schema with enum')
      note(`${AT}/responseMimeType`, 'emulated', 'the model is asked in words for one of the values')
      return { instruction: `Answer with exactly one of these words and nothing else: ${values.join(', ')}` }
    }
    default:
      return refuse(`${AT}/responseMimeType`, "expected 'text/plain', 'application/json' or 'text/x.enum'")
  }
}

/** The three ways to say it: a schema of Gemini's own, a JSON Schema, or since 2026 a list of formats by kind of output. */
function textFormat(config: Json): { mime: string; schema?: Json; at: string } {
  const formats = config['responseFormat']
  const at = `${AT}/responseFormat`
  const list = formats === undefined || formats === null ? [] : Array.isArray(formats) ? formats : [formats]
  for (const [index, value] of list.entries()) {
    const told = optional(camelCased(object(value, `${at}/${index}`)), 'text', object, `${at}/${index}`)
    if (told === undefined) continue
    const format = camelCased(told)
    const inner = `${at}/${index}/text`
    return {
      mime: optional(format, 'mimeType', string, inner)?.toLowerCase() ?? '',
      ...given({ schema: optional(format, 'schema', object, inner) }),
      at: `${inner}/schema`,
    }
  }
  const mime = optional(config, 'responseMimeType', string, AT)?.toLowerCase() ?? ''
  // The underscore before the name is the wire's; it is gone with the others.
  for (const field of ['responseJsonSchema', 'ResponseJsonSchema']) {
    const schema = optional(config, field, object, AT)
    if (schema !== undefined) return { mime, schema, at: `${AT}/responseJsonSchema` }
  }
  const own = optional(config, 'responseSchema', object, AT)
  return { mime, ...given({ schema: own === undefined ? undefined : jsonSchemaOf(own) }), at: `${AT}/responseSchema` }
}

function nameOf(schema: Json): string {
  const title = text(schema['title'])
    ?.replace(/[^A-Za-z0-9_-]+/g, '_')
    .slice(0, 64)
  return title === undefined || title === '' ? 'response' : title
}
