import { isJson, type Json } from '../dialects/json.js'

/** This schema has no strict form. */
export class NotStrict extends Error {
  constructor(
    readonly pointer: string,
    readonly why: string,
  ) {
    super(why)
    this.name = 'NotStrict'
  }
}

/** Keywords that say something about a schema and nothing about its values. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  'discriminator',
  'externalDocs',
  'xml',
  '$comment',
  '$schema',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$vocabulary',
  '$defs',
  'definitions',
  'propertyOrdering',
])

/** The keywords that decide which values are valid. */
export function constraints(schema: Json): Json {
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) => !ANNOTATIONS.has(keyword) && !keyword.startsWith('x-') && value !== undefined,
    ),
  )
}

/** What `$ref` points to: `#`, or a JSON pointer inside of the same document. */
export function resolve(root: Json, ref: string, at: string): unknown {
  if (ref !== '#' && !ref.startsWith('#/'))
    throw new NotStrict(at, `the reference '${ref}' leads outside of the schema`)
  let found: unknown = root
  for (const part of ref.split('/').slice(1)) {
    const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~')
    const inside = (isJson(found) || Array.isArray(found)) && Object.hasOwn(found, name)
    if (!inside) throw new NotStrict(at, `the reference '${ref}' leads nowhere`)
    found = (found as Json)[name]
  }
  return found
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

const TYPE_OF_KEYWORD: readonly (readonly [string, readonly string[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames', 'maxProperties']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'additionalItems']],
  ['string', ['pattern', 'minLength', 'maxLength', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
]

/** The types that a schema names, or means by its keywords; undefined when it takes values of any type. */
export function typesOf(schema: Json): string[] | undefined {
  const type = schema['type']
  const told =
    typeof type === 'string'
      ? [type]
      : Array.isArray(type)
        ? type.filter((one) => typeof one === 'string')
        : TYPE_OF_KEYWORD.filter(([, keywords]) => keywords.some((keyword) => schema[keyword] !== undefined))
            .map(([name]) => name)
            .slice(0, 1)
  // OpenAPI's and Gemini's spelling.
  const lower = told.map((name) => name.toLowerCase())
  if (lower.length === 0 || lower.includes('any')) return undefined
  return schema['nullable'] === true && !lower.includes('null') ? [...lower, 'null'] : lower
}

/** May a value of this schema be null? */
export function allowsNull(schema: unknown, root: Json, seen: ReadonlySet<unknown> = new Set()): boolean {
  if (schema === true) return true
  if (!isJson(schema) || seen.has(schema)) return false
  const among = new Set([...seen, schema])
  if (schema['nullable'] === true) return true
  const words = 'const' in schema ? [schema['const']] : schema['enum']
  if (Array.isArray(words) && !words.includes(null)) return false
  const types = typesOf(schema)
  if (types !== undefined && !types.includes('null')) return false
  const ref = schema['$ref']
  if (typeof ref === 'string' && !allowsNull(resolve(root, ref, ''), root, among)) return false
  const { allOf, anyOf, oneOf } = schema
  if (Array.isArray(allOf) && !allOf.every((one) => allowsNull(one, root, among))) return false
  return [anyOf, oneOf].every((list) => !Array.isArray(list) || list.some((one) => allowsNull(one, root, among)))
}

/** The schema of exactly this value. */
export function schemaOf(value: unknown): Json {
  if (Array.isArray(value)) {
    const prefixItems = value.map(schemaOf)
    return { type: 'array', prefixItems, items: false, minItems: value.length, maxItems: value.length }
  }
  if (isJson(value)) {
    const properties = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, schemaOf(one)]))
    return { type: 'object', properties, required: Object.keys(value), additionalProperties: false }
  }
  return { enum: [value] }
}

/** The type of a value that may stand in `enum`. */
export function typeOfValue(value: unknown): 'null' | 'string' | 'boolean' | 'number' | 'object' | 'array' {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'string' | 'boolean' | 'number' | 'object'
}
