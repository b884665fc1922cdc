import { isJson, type Json } from '../dialects/json.js'
import { FORMATS, isPlainPattern } from './convert-scalar.js'

/** Keywords that strict schemas may have, by type. Source: OpenAI guide "Structured model outputs", supported schemas. */
const BY_TYPE: Readonly<Record<string, ReadonlySet<string>>> = {
  object: new Set(['properties', 'required', 'additionalProperties']),
  array: new Set(['items', 'minItems', 'maxItems']),
  string: new Set(['enum', 'pattern', 'format']),
  number: new Set(['enum', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']),
  integer: new Set(['enum', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']),
  boolean: new Set(['enum']),
  null: new Set(),
}
const EVERYWHERE: ReadonlySet<string> = new Set(['type', 'description', 'title'])
const MOST_LEVELS = 10
const MOST_PROPERTIES = 5_000
const MOST_WORDS = 1_000
const MOST_CHARACTERS = 120_000

/** Is this a schema that strict structured outputs take as it is? */
export function isStrict(schema: Json): boolean {
  if (schema['type'] !== 'object') return false
  const { $defs, ...root } = schema
  const refs: string[] = []
  const valid =
    isStrictPart(root, refs) &&
    ($defs === undefined || (isJson($defs) && Object.values($defs).every((one) => isStrictPart(one, refs))))
  const known = (ref: string): boolean =>
    ref === '#' || (ref.startsWith('#/$defs/') && isJson($defs) && Object.hasOwn($defs, ref.slice('#/$defs/'.length)))
  return valid && refs.every(known) && withinLimits(schema) === undefined
}

function isStrictPart(schema: unknown, refs: string[]): boolean {
  if (!isJson(schema)) return false
  const { $ref, anyOf, type } = schema
  if ($ref !== undefined) {
    if (typeof $ref !== 'string' || Object.keys(schema).length > 1) return false
    refs.push($ref)
    return true
  }
  if (anyOf !== undefined) {
    const alone = Object.keys(schema).every((keyword) => keyword === 'anyOf' || EVERYWHERE.has(keyword))
    return (
      alone &&
      type === undefined &&
      Array.isArray(anyOf) &&
      anyOf.length > 0 &&
      anyOf.every((one) => isStrictPart(one, refs))
    )
  }
  const own = ownType(type)
  const allowed = own === undefined ? undefined : BY_TYPE[own]
  if (own === undefined || allowed === undefined) return false
  if (!Object.keys(schema).every((keyword) => EVERYWHERE.has(keyword) || allowed.has(keyword))) return false
  return hasStrictFields(own, schema, refs)
}

function hasStrictFields(type: string, schema: Json, refs: string[]): boolean {
  const { pattern, format, items } = schema
  switch (type) {
    case 'object': {
      const { properties, required, additionalProperties } = schema
      if (additionalProperties !== false || !isJson(properties)) return false
      const names = Object.keys(properties)
      if (!Array.isArray(required) || required.length !== names.length)
        return names.length === 0 && required === undefined
      const told = new Set<unknown>(required)
      return names.every((name) => told.has(name) && isStrictPart(properties[name], refs))
    }
    case 'array':
      return isStrictPart(items, refs)
    case 'string':
      return (pattern === undefined || isPlainPattern(pattern)) && (format === undefined || FORMATS.has(format))
    default:
      return typeof schema['exclusiveMinimum'] !== 'boolean' && typeof schema['exclusiveMaximum'] !== 'boolean'
  }
}

/** The one type beside null. */
function ownType(type: unknown): string | undefined {
  if (typeof type === 'string') return type
  if (!Array.isArray(type)) return undefined
  const others = type.filter((one) => one !== 'null')
  return others.length === 1 && typeof others[0] === 'string' ? others[0] : undefined
}

/** Why the schema is too large for strict outputs; undefined when it is not. Source: the same guide, limitations. */
export function withinLimits(root: Json): string | undefined {
  let properties = 0
  let words = 0
  let characters = 0
  let levels = 0

  function walk(schema: unknown, level: number): void {
    if (!isJson(schema)) return
    levels = Math.max(levels, level)
    for (const keyword of ['properties', '$defs'] as const) {
      const named = schema[keyword]
      if (!isJson(named)) continue
      for (const [name, one] of Object.entries(named)) {
        characters += name.length
        if (keyword === 'properties') properties++
        walk(one, keyword === 'properties' ? level + 1 : 0)
      }
    }
    walk(schema['items'], level + 1)
    const { anyOf, enum: told } = schema
    if (Array.isArray(anyOf)) for (const one of anyOf) walk(one, level)
    if (!Array.isArray(told)) return
    words += told.length
    for (const word of told) if (typeof word === 'string') characters += word.length
  }

  walk(root, 0)
  if (levels > MOST_LEVELS) return `it is nested deeper than ${MOST_LEVELS} levels`
  if (properties > MOST_PROPERTIES) return `it has more than ${MOST_PROPERTIES} properties`
  if (words > MOST_WORDS) return `it enumerates more than ${MOST_WORDS} values`
  return characters > MOST_CHARACTERS ? 'its names and values are too long together' : undefined
}
