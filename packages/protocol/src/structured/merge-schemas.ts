import { isJson, type Json } from '../dialects/json.js'
import { NotStrict, typesOf } from './json-schema.js'

/** More alternatives than this make a schema that no model follows. */
const MOST_ALTERNATIVES = 36

/**
 * One schema for the values that are valid by both. Nested schemas that both have become `allOf`, to be merged when they are reached.
 * @throws NotStrict where the two cannot be said in one
 */
export function mergeSchemas(a: Json, b: Json, at: string): Json {
  const out: Json = { ...a }
  for (const [keyword, theirs] of Object.entries(b)) {
    const ours = Object.hasOwn(a, keyword) ? a[keyword] : undefined
    if (ours === undefined) put(out, keyword, theirs)
    else if (theirs !== undefined) put(out, keyword, merged(keyword, ours, theirs, at))
  }
  const types = intersection(typesOf(a), typesOf(b))
  if (types?.length === 0) throw new NotStrict(at, 'no value is valid by all of its schemas')
  if (types !== undefined && (a['type'] !== undefined || b['type'] !== undefined)) {
    out['type'] = types.length === 1 ? types[0] : types
    // Said by the types now, unless only one of the two told its types.
    if (typesOf(a) !== undefined && typesOf(b) !== undefined) delete out['nullable']
  }
  return out
}

function merged(keyword: string, ours: unknown, theirs: unknown, at: string): unknown {
  switch (keyword) {
    case 'type':
    case 'nullable':
      return ours === theirs ? ours : ours === true || theirs === true ? undefined : ours
    case 'title':
      return ours
    case 'description':
      return ours === theirs ? ours : `${String(ours)}\n${String(theirs)}`
    case 'properties':
    case 'patternProperties':
    case '$defs':
    case 'definitions':
      return mergedProperties(ours, theirs)
    case 'required':
      return [...new Set([...list(ours), ...list(theirs)])]
    case 'enum':
      return list(ours).filter((value) => list(theirs).includes(value))
    case 'minimum':
    case 'exclusiveMinimum':
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return typeof ours === 'number' && typeof theirs === 'number' ? Math.max(ours, theirs) : ours
    case 'maximum':
    case 'exclusiveMaximum':
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return typeof ours === 'number' && typeof theirs === 'number' ? Math.min(ours, theirs) : ours
    case 'uniqueItems':
      return ours === true || theirs === true
    case 'items':
    case 'additionalProperties':
    case 'propertyNames':
      return both(ours, theirs)
    case 'allOf':
      return [...list(ours), ...list(theirs)]
    case 'anyOf':
    case 'oneOf':
      return pairs(list(ours), list(theirs), at)
    case 'prefixItems': {
      const [long, short] = list(ours).length >= list(theirs).length ? [ours, theirs] : [theirs, ours]
      return list(long).map((one, index) => both(one, list(short)[index] ?? true))
    }
    default:
      if (JSON.stringify(ours) === JSON.stringify(theirs)) return ours
      // Of two conditions that cannot be told as one the first is kept, the second is put into words.
      if (keyword === 'pattern' || keyword === 'format' || keyword === 'multipleOf') return ours
      throw new NotStrict(at, `two schemas of '${keyword}' cannot be one`)
  }
}

function mergedProperties(ours: unknown, theirs: unknown): Json {
  const out: [string, unknown][] = Object.entries(isJson(ours) ? ours : {}).map(([name, schema]) => [
    name,
    isJson(theirs) && Object.hasOwn(theirs, name) ? both(schema, theirs[name]) : schema,
  ])
  const more = Object.entries(isJson(theirs) ? theirs : {}).filter(
    ([name]) => !isJson(ours) || !Object.hasOwn(ours, name),
  )
  return Object.fromEntries([...out, ...more])
}

function both(a: unknown, b: unknown): unknown {
  if (a === false || b === false) return false
  if (a === true || JSON.stringify(a) === JSON.stringify(b)) return b
  return b === true ? a : { allOf: [a, b] }
}

function pairs(ours: readonly unknown[], theirs: readonly unknown[], at: string): unknown[] {
  if (ours.length * theirs.length > MOST_ALTERNATIVES) throw new NotStrict(at, 'there are too many alternatives')
  return ours.flatMap((a) => theirs.map((b) => both(a, b)))
}

function intersection(a: string[] | undefined, b: string[] | undefined): string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const common = a.filter((type) => b.includes(type) || (type === 'integer' && b.includes('number')))
  return common.length > 0 || !a.includes('number') || !b.includes('integer') ? common : ['integer']
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** Sets an own property, whatever it is called. */
function put(object: Json, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true })
}
