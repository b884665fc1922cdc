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
 * A schema in Gemini's own form as JSON Schema: types in upper case become lower, `nullable` becomes a type of its own, the order of
 * properties becomes theirs, field names in snake case become camel. What is JSON Schema already stays.
 * Source: Gemini API reference, `Schema`.
 */
export function jsonSchemaOf(schema: Json): Json {
  return converted(schema, 0)
}

function converted(schema: Json, depth: number): Json {
  if (depth > DEEPEST) return {}
  const out = new Map<string, unknown>()
  let nullable = false
  let ordering: unknown
  for (const [field, value] of Object.entries(schema)) {
    const name = camel(field)
    if (name === 'nullable') nullable = value === true
    else if (name === 'propertyOrdering') ordering = value
    else if (name === 'example' || value === null || (name === 'format' && value === 'enum')) continue
    else if (name === 'type') {
      const type = typeOf(value)
      if (type !== undefined) out.set('type', type)
    } else if (name === 'ref') out.set('$ref', value)
    else if (name === 'defs') out.set('$defs', namedSchemas(value, depth))
    else if (COUNTS.has(name)) out.set(name, typeof value === 'string' ? Number(value) : value)
    else if (ONE.has(name)) out.set(name, isJson(value) ? converted(value, depth + 1) : value)
    else if (MANY.has(name)) {
      out.set(
        name,
        Array.isArray(value) ? value.map((one) => (isJson(one) ? converted(one, depth + 1) : (one as unknown))) : value,
      )
    } else if (NAMED.has(name)) out.set(name, namedSchemas(value, depth))
    else out.set(name, value)
  }
  numberValues(out)
  const properties = out.get('properties')
  if (Array.isArray(ordering) && isJson(properties)) out.set('properties', ordered(properties, ordering))
  const plain = Object.fromEntries(out)
  return nullable ? withNull(plain) : plain
}

/** Gemini enumerates numbers as texts. */
function numberValues(schema: Map<string, unknown>): void {
  const type = schema.get('type')
  const values = schema.get('enum')
  if ((type !== 'integer' && type !== 'number') || !Array.isArray(values)) return
  schema.set(
    'enum',
    values.map((one: unknown) =>
      typeof one === 'string' && one.trim() !== '' && !Number.isNaN(Number(one)) ? Number(one) : one,
    ),
  )
}

/** Models write properties in the order of their schema. */
function ordered(properties: Json, ordering: readonly unknown[]): Json {
  const first = ordering.filter((name) => typeof name === 'string').filter((name) => Object.hasOwn(properties, name))
  const names = new Set([...first, ...Object.keys(properties)])
  return Object.fromEntries([...names].map((name) => [name, properties[name]]))
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
  if (Array.isArray(type) || Object.keys(schema).length === 0) return schema
  return { anyOf: [schema, { type: 'null' }] }
}

/** Proto JSON also writes enums by number. Source: Gemini API reference, `Type`. */
const TYPES: readonly (string | undefined)[] = [
  undefined,
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
]

function typeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typeOf)
  if (typeof value === 'number') return TYPES[value]
  if (value === 'TYPE_UNSPECIFIED') return undefined
  return typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value.toLowerCase() : value
}

/** `min_items` → `minItems`. `$ref` and the like have no underscore. */
function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
