import { isJson, type Json } from '../json.js'

/** Schemas nest; hostile ones without end. */
const DEEPEST = 64

/** Fields of Gemini's `Schema` whose values are schemas. */
const ONE: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'not'])
const MANY: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems'])
const NAMED: ReadonlySet<string> = new Set(['properties', '$defs', 'defs', 'definitions'])
/** Counts that proto JSON may write as texts. */
const COUNTS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
])

/**
 * A schema in Gemini's own form as JSON Schema: types in upper case become lower, `nullable` becomes a type of its own, field names in
 * snake case become camel. What is JSON Schema already stays.
 * Source: Gemini API reference, `Schema`.
 */
export function jsonSchemaOf(schema: Json): Json {
  return converted(schema, 0)
}

function converted(schema: Json, depth: number): Json {
  if (depth > DEEPEST) return {}
  const out: [string, unknown][] = []
  let nullable = false
  for (const [field, value] of Object.entries(schema)) {
    const name = camel(field)
    if (name === 'nullable') nullable = value === true
    else if (name === 'propertyOrdering' || name === 'example') continue
    else if (name === 'type') out.push(['type', typeOf(value)])
    else if (name === 'ref') out.push(['$ref', value])
    else if (name === 'defs') out.push(['$defs', namedSchemas(value, depth)])
    else if (COUNTS.has(name)) out.push([name, typeof value === 'string' ? Number(value) : value])
    else if (ONE.has(name)) out.push([name, isJson(value) ? converted(value, depth + 1) : value])
    else if (MANY.has(name)) {
      out.push([
        name,
        Array.isArray(value) ? value.map((one) => (isJson(one) ? converted(one, depth + 1) : (one as unknown))) : value,
      ])
    } else if (NAMED.has(name)) out.push([name, namedSchemas(value, depth)])
    else if (name === 'format' && value === 'enum') continue
    else out.push([name, value])
  }
  const plain = Object.fromEntries(out)
  return nullable ? withNull(plain) : plain
}

function namedSchemas(value: unknown, depth: number): unknown {
  if (!isJson(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, isJson(one) ? converted(one, depth + 1) : one]),
  )
}

function withNull(schema: Json): Json {
  const { type } = schema
  if (typeof type === 'string') {
    const values = schema['enum']
    return {
      ...schema,
      type: [type, 'null'],
      ...(Array.isArray(values) && !values.includes(null) ? { enum: [...(values as unknown[]), null] } : {}),
    }
  }
  if (Array.isArray(schema['anyOf'])) return { ...schema, anyOf: [...(schema['anyOf'] as unknown[]), { type: 'null' }] }
  return schema
}

function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typeOf)
  return typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value.toLowerCase() : value
}

/** `min_items` → `minItems`. `$ref` and the like have no underscore. */
function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
