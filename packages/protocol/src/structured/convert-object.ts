import { isJson, type Json } from '../dialects/json.js'
import { step } from '../dialects/refusing.js'
import { closed, inWords, type Conversion, type Shape } from './conversion.js'
import { allowsNull } from './json-schema.js'
import { ENTRY_KEY, ENTRY_VALUE, type PlannedField } from './restore-plan.js'

/** An object of known properties, or a map as an array of entries. */
export function objectShape(schema: Json, at: string, to: Conversion): Shape {
  const { properties, additionalProperties, patternProperties } = schema
  const patterns = isJson(patternProperties) ? Object.entries(patternProperties) : []
  const named = isJson(properties) ? Object.entries(properties) : []
  const closedToOthers = additionalProperties === false && patterns.length === 0
  // An object that says nothing of its properties may have any; one that names them means these.
  const open = named.length === 0 && !isJson(properties) && !closedToOthers
  if (open && required(schema).length === 0)
    return worded(mapShape(schema, patterns, at, to), ['propertyNames'], schema, at, to)
  const shape = knownShape(schema, named, patterns, at, to)
  return worded(shape, ['minProperties', 'maxProperties'], schema, at, to)
}

function required(schema: Json): string[] {
  const names = schema['required']
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

function knownShape(
  schema: Json,
  named: readonly [string, unknown][],
  patterns: readonly [string, unknown][],
  at: string,
  to: Conversion,
): Shape {
  const { additionalProperties: more } = schema
  const needed = new Set(required(schema))
  // A property that must be there and has no schema of its own.
  const unnamed = [...needed].filter((name) => !named.some(([known]) => known === name))
  const all: [string, unknown][] = [
    ...named.filter(([name, one]) => one !== false || needed.has(name)),
    ...unnamed.map((name): [string, unknown] => [name, isJson(more) ? more : true]),
  ]
  const fields = new Map<string, PlannedField>()
  const properties: [string, Json][] = []
  for (const [name, one] of all) {
    const shape = to.shape(one, `${at}/properties/${step(name)}`)
    const optional = !needed.has(name)
    const nullable = optional && !allowsNull(one, to.root)
    properties.push([name, nullable ? to.orNull(shape).schema : shape.schema])
    fields.set(name, { optional: nullable, mayLack: optional, plan: shape.plan })
  }
  const open = (isJson(more) && Object.keys(more).length > 0) || patterns.length > 0
  if (!open) {
    if (more === true || isJson(more)) to.note(at, 'approximated', 'the strict form has the named properties only')
    return { schema: closed(Object.fromEntries(properties)), plan: { kind: 'object', fields } }
  }
  const names = new Set(properties.map(([name]) => name))
  let key = 'additional_properties'
  while (names.has(key)) key += '_'
  const rest = entries(schema, patterns, at, to)
  const description = 'Further properties.'
  return {
    schema: closed(Object.fromEntries([...properties, [key, { ...rest.schema, description }]])),
    plan: { kind: 'object', fields, rest: { key, value: rest.plan } },
  }
}

function mapShape(schema: Json, patterns: readonly [string, unknown][], at: string, to: Conversion): Shape {
  const list = entries(schema, patterns, at, to)
  const { minProperties, maxProperties } = schema
  return {
    schema: {
      ...list.schema,
      ...(typeof minProperties === 'number' && minProperties > 0 ? { minItems: minProperties } : {}),
      ...(typeof maxProperties === 'number' ? { maxItems: maxProperties } : {}),
    },
    plan: { kind: 'map', value: list.plan },
  }
}

/** An array of entries; the shape's plan is that of an entry's value. */
function entries(schema: Json, patterns: readonly [string, unknown][], at: string, to: Conversion): Shape {
  const { additionalProperties: more, propertyNames } = schema
  const [only, ...others] = patterns
  const open = more !== false && (isJson(more) || more === true || patterns.length === 0)
  const values = [...patterns.map(([, one]) => one), ...(open ? [more ?? true] : [])]
  const value = values.length === 1 ? to.shape(values[0], at) : to.shape({ anyOf: values }, at)
  const exact = only !== undefined && others.length === 0 && !open
  if (!exact && patterns.length > 0) {
    to.note(
      at,
      'approximated',
      'the strict form does not tell the values of a map apart by the patterns of their names',
    )
  }
  const name = exact
    ? to.shape({ type: 'string', pattern: only[0] }, at).schema
    : isJson(propertyNames)
      ? to.shape({ type: 'string', ...propertyNames }, `${at}/propertyNames`).schema
      : { type: 'string' }
  return {
    schema: { type: 'array', items: closed({ [ENTRY_KEY]: name, [ENTRY_VALUE]: value.schema }) },
    plan: value.plan,
  }
}

function worded(shape: Shape, keywords: readonly string[], schema: Json, at: string, to: Conversion): Shape {
  const words = keywords.filter((keyword) => schema[keyword] !== undefined && keyword !== 'propertyNames')
  for (const keyword of words)
    to.note(at, 'approximated', `the strict form has no '${keyword}'; the description tells it`)
  if (words.length === 0) return shape
  const description = words.map((keyword) => inWords(keyword, schema[keyword])).join('\n')
  return { schema: { ...shape.schema, description }, plan: shape.plan }
}
