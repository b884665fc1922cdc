import { isJson, type Json } from '../dialects/json.js'
import { closed, inWords, type Conversion, type Shape } from './conversion.js'
import { NotStrict } from './json-schema.js'
import { TUPLE_REST } from './restore-plan.js'

/** A list, or a tuple as an object with the keys "0", "1", … and `rest`. */
export function arrayShape(schema: Json, at: string, to: Conversion): Shape {
  const { items, prefixItems, additionalItems } = schema
  // Before draft 2020-12 the tuple stood in `items` and its rest in `additionalItems`.
  const old = Array.isArray(items)
  const tuple = old ? items : Array.isArray(prefixItems) ? prefixItems : []
  const more = old ? additionalItems : items
  const shape =
    tuple.length === 0
      ? listShape(schema, old ? additionalItems : items, at, to)
      : tupleShape(schema, tuple, more, at, to)
  const words = ['uniqueItems', 'contains', 'minContains', 'maxContains'].filter(
    (keyword) => schema[keyword] !== undefined && schema[keyword] !== false,
  )
  for (const keyword of words)
    to.note(at, 'approximated', `the strict form has no '${keyword}'; the description tells it`)
  if (words.length === 0) return shape
  const description = words.map((keyword) => inWords(keyword, schema[keyword])).join('\n')
  return { schema: { ...shape.schema, description }, plan: shape.plan }
}

function listShape(schema: Json, items: unknown, at: string, to: Conversion): Shape {
  if (items === false) return { schema: { type: 'array', items: { type: 'string' }, maxItems: 0 }, plan: undefined }
  const inner = items === undefined ? to.anything() : to.shape(items, `${at}/items`)
  return {
    schema: { type: 'array', items: inner.schema, ...limits(schema, 0) },
    plan: { kind: 'list', items: inner.plan },
  }
}

/** How many may follow the first ones. */
function limits(schema: Json, first: number): Json {
  const { minItems, maxItems } = schema
  return {
    ...(typeof minItems === 'number' && minItems > first ? { minItems: minItems - first } : {}),
    ...(typeof maxItems === 'number' ? { maxItems: Math.max(0, maxItems - first) } : {}),
  }
}

function tupleShape(schema: Json, tuple: readonly unknown[], more: unknown, at: string, to: Conversion): Shape {
  const { minItems, maxItems } = schema
  const most = typeof maxItems === 'number' ? maxItems : Infinity
  if (typeof minItems === 'number' && minItems > most) throw new NotStrict(at, 'no list is that long')
  const first = tuple.slice(0, most)
  if (typeof minItems === 'number' && minItems < first.length) {
    to.note(at, 'approximated', 'the strict form of a tuple has all of its items')
  }
  const items = first.map((item, index) => to.shape(item, `${at}/prefixItems/${index}`))
  const properties = Object.fromEntries(items.map((item, index): [string, Json] => [String(index), item.schema]))
  const open =
    isJson(more) || more === true || (more === undefined && typeof minItems === 'number' && minItems > first.length)
  if (!open || most <= first.length) {
    return { schema: closed(properties), plan: { kind: 'tuple', items: items.map((item) => item.plan) } }
  }
  const rest = more === undefined ? to.anything() : to.shape(more, `${at}/items`)
  const list = { type: 'array', items: rest.schema, ...limits(schema, first.length) }
  return {
    schema: closed({ ...properties, [TUPLE_REST]: list }),
    plan: { kind: 'tuple', items: items.map((item) => item.plan), rest: { value: rest.plan } },
  }
}
