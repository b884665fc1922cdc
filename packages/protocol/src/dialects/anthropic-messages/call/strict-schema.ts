import { isJson, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'

/** Formats of strings that Anthropic's grammar knows. */
const FORMATS: ReadonlySet<unknown> = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
])

/** Keywords that are refused; the model reads them as words instead. */
const REFUSED: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'maxItems',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
  'dependentRequired',
  'dependentSchemas',
  'not',
  'if',
  'then',
  'else',
])

/** Keywords that hold schemas, by how they hold them. */
const NAMED: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions'])
const LISTED: ReadonlySet<string> = new Set(['anyOf', 'allOf', 'prefixItems'])

/**
 * A schema that Anthropic keeps to (`output_config.format`, tools with `strict`). It takes less than JSON Schema has: objects must be closed,
 * and conditions on numbers, lengths and the like stand in the description, where the model still reads them.
 * Source: Anthropic documentation, structured outputs, JSON Schema limitations (2026-09).
 * @param at the schema in the request
 */
export function strictSchema(schema: Json, at: string, note: Noting): Json {
  const said = new Set<string>()
  const out = converted(schema, said)
  if (said.size > 0) {
    note(at, 'approximated', `Anthropic does not enforce ${[...said].join(', ')}; the model is told in words`)
  }
  return out
}

function converted(schema: Json, said: Set<string>): Json {
  const out: [string, unknown][] = []
  const words: [string, unknown][] = []
  const inWords = (keyword: string, value: unknown) => {
    said.add(keyword)
    words.push([keyword, value])
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$schema' || keyword === 'description' || value === undefined) continue
    if (keyword === 'additionalProperties') {
      if (value !== false) inWords(keyword, value)
    } else if (REFUSED.has(keyword) || (keyword === 'format' && !FORMATS.has(value))) inWords(keyword, value)
    else if (keyword === 'minItems' && value !== 0 && value !== 1) inWords(keyword, value)
    else if (keyword === 'oneOf') out.push(['anyOf', each(value, said)])
    else if (LISTED.has(keyword)) out.push([keyword, each(value, said)])
    else if (keyword === 'items') out.push([keyword, nested(value, said)])
    else if (NAMED.has(keyword)) out.push([keyword, named(value, said)])
    else out.push([keyword, value])
  }
  if (isObject(schema)) out.push(['additionalProperties', false])
  const told = words.map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`).join(', ')
  const description = [schema['description'], told === '' ? undefined : `{${told}}`]
    .filter((one) => typeof one === 'string')
    .join('\n\n')
  if (description !== '') out.push(['description', description])
  return Object.fromEntries(out)
}

function isObject({ type, properties }: Json): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || isJson(properties)
}

function nested(value: unknown, said: Set<string>): unknown {
  return isJson(value) ? converted(value, said) : value
}

function each(value: unknown, said: Set<string>): unknown {
  return Array.isArray(value) ? value.map((one) => nested(one, said)) : value
}

function named(value: unknown, said: Set<string>): unknown {
  if (!isJson(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, nested(one, said)]))
}
