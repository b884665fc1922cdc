import { isJson, type Json } from '../../json.js'

/** A schema that Gemini takes, and the keywords that it lost. */
export interface CleanSchema {
  schema: Json
  lost: ReadonlySet<string>
}

/** Schemas nest; hostile ones without end. */
const DEEPEST = 64

/** Keywords that go as they are. Source: Gemini API reference, `responseJsonSchema` and `Schema`; others are refused by name. */
const PLAIN: ReadonlySet<string> = new Set([
  'title',
  'description',
  'format',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'minimum',
  'maximum',
  'pattern',
  'required',
  'default',
  'propertyOrdering',
  'nullable',
])
/** Keywords that say nothing about values. */
const SILENT: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  'id',
  '$comment',
  '$anchor',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  'discriminator',
  'externalDocs',
  'xml',
])
/** All that may stand beside a `$ref`. */
const BESIDE_REF: ReadonlySet<string> = new Set(['description', 'default'])

/** A JSON Schema without what Gemini refuses; what can be said otherwise is. */
export function cleanSchema(schema: Json): CleanSchema {
  const lost = new Set<string>()
  return { schema: clean(schema, lost, 0), lost }
}

function clean(schema: Json, lost: Set<string>, depth: number): Json {
  if (depth > DEEPEST) {
    lost.add('more than 64 levels')
    return {}
  }
  const inner = (value: unknown): unknown =>
    isJson(value) ? clean(value, lost, depth + 1) : value === true ? {} : value
  const named = (value: unknown): unknown =>
    isJson(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)])) : {}
  const whole = flattened(schema, lost, depth)
  const out = new Map<string, unknown>()
  const ref = whole['$ref']
  for (const [keyword, value] of Object.entries(whole)) {
    if (value === undefined || value === null || SILENT.has(keyword) || keyword.startsWith('x-')) continue
    if (typeof ref === 'string' && !keyword.startsWith('$') && keyword !== 'definitions' && !BESIDE_REF.has(keyword)) {
      lost.add(`${keyword} beside $ref`)
      continue
    }
    switch (keyword) {
      case '$ref':
        out.set('$ref', typeof value === 'string' ? value.replace(/^#\/definitions\//, '#/$defs/') : value)
        break
      case '$defs':
      case 'definitions':
        out.set('$defs', { ...(out.get('$defs') as Json | undefined), ...(named(value) as Json) })
        break
      case 'properties':
        out.set('properties', named(value))
        break
      case 'items':
        if (Array.isArray(value)) out.set('prefixItems', value.map(inner))
        else out.set('items', inner(value))
        break
      case 'additionalProperties':
        out.set(keyword, typeof value === 'boolean' ? value : inner(value))
        break
      case 'anyOf':
      case 'oneOf':
      case 'prefixItems':
        if (Array.isArray(value)) out.set(keyword, value.map(inner))
        break
      case 'type':
        out.set('type', value)
        break
      case 'const':
        enumerated([value], out, lost)
        break
      case 'enum':
        if (Array.isArray(value)) enumerated(value, out, lost)
        break
      case 'exclusiveMinimum':
      case 'exclusiveMaximum':
        bound(keyword, value, whole, out, lost)
        break
      default:
        if (PLAIN.has(keyword)) out.set(keyword, value)
        else lost.add(keyword)
    }
  }
  return Object.fromEntries(out)
}

/** `allOf` is unknown to Gemini; its schemas become one as far as they do not contradict each other. */
function flattened(schema: Json, lost: Set<string>, depth: number): Json {
  const all = schema['allOf']
  if (!Array.isArray(all) || depth > DEEPEST) return schema
  const { allOf: _, ...own } = schema
  const out = new Map<string, unknown>(Object.entries(own))
  for (const one of all) {
    if (!isJson(one)) continue
    for (const [keyword, value] of Object.entries(flattened(one, lost, depth + 1))) {
      const ours = out.get(keyword)
      if (keyword === 'properties' && isJson(ours) && isJson(value)) out.set(keyword, { ...value, ...ours })
      else if (keyword === 'required' && Array.isArray(ours) && Array.isArray(value)) {
        out.set(keyword, [...new Set([...(ours as unknown[]), ...(value as unknown[])])])
      } else if (ours === undefined) out.set(keyword, value)
      else if (JSON.stringify(ours) !== JSON.stringify(value)) lost.add('allOf')
    }
  }
  return Object.fromEntries(out)
}

/** Texts and numbers can be enumerated; null is told by the type. */
function enumerated(values: readonly unknown[], out: Map<string, unknown>, lost: Set<string>): void {
  const told = values.filter((one) => typeof one === 'string' || typeof one === 'number')
  if (told.length < values.filter((one) => one !== null).length) lost.add('enum')
  else if (told.length > 0) out.set('enum', told)
  else out.set('type', out.get('type') ?? 'null')
}

function bound(keyword: string, value: unknown, schema: Json, out: Map<string, unknown>, lost: Set<string>): void {
  const low = keyword === 'exclusiveMinimum'
  const inclusive = low ? 'minimum' : 'maximum'
  // Draft 4 says it by true beside the bound.
  if (typeof value !== 'number') return
  const whole = schema['type'] === 'integer' && Number.isInteger(value)
  if (!whole) lost.add(keyword)
  if (schema[inclusive] === undefined) out.set(inclusive, whole ? value + (low ? 1 : -1) : value)
}
