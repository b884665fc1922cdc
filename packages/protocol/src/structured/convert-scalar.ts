import type { Json } from '../dialects/json.js'
import type { Noting } from '../dialects/refusing.js'
import { inWords } from './conversion.js'

/** Formats that strict schemas take. Source: OpenAI guide "Structured model outputs", supported properties. */
export const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
])

/** Regular expressions without looking around and back. */
export function isPlainPattern(pattern: unknown): boolean {
  return typeof pattern === 'string' && !/\(\?[=!<]|\\[1-9]|\\k</.test(pattern)
}

const LIMITS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const
const WORDS = ['minLength', 'maxLength', 'contentEncoding', 'contentMediaType'] as const

/** A string, number, integer or boolean with the conditions that strict schemas know; the others in words. */
export function scalarShape(type: string, schema: Json, at: string, note: Noting): Json {
  const out: Json = { type }
  const words: string[] = []
  const say = (keyword: string): void => {
    words.push(inWords(keyword, schema[keyword]))
    note(at, 'approximated', `the strict form has no such '${keyword}'; the description tells it`)
  }
  if (type === 'string') {
    const { pattern, format } = schema
    if (pattern !== undefined) {
      if (isPlainPattern(pattern)) out['pattern'] = pattern
      else say('pattern')
    }
    if (format !== undefined) {
      if (FORMATS.has(format)) out['format'] = format
      else say('format')
    }
    for (const keyword of WORDS) if (schema[keyword] !== undefined && schema[keyword] !== 0) say(keyword)
  } else if (type !== 'boolean') {
    for (const keyword of LIMITS) if (typeof schema[keyword] === 'number') out[keyword] = schema[keyword]
    draft4(schema, out)
  }
  return words.length === 0 ? out : { ...out, description: words.join('\n') }
}

/** Draft 4 says by true that a limit is exclusive. */
function draft4(schema: Json, out: Json): void {
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (schema[exclusive] !== true || out[limit] === undefined) continue
    out[exclusive] = out[limit]
    delete out[limit]
  }
}
