type Json = Record<string, unknown>

/**
 * What OpenAI's strict structured outputs refuse, written from the guide's list of supported schemas and its error messages, and from
 * nothing in this folder: a second opinion for the tests.
 */
export function strictErrors(root: Json): string[] {
  const errors: string[] = []
  const complain = (at: string, what: string): void => void errors.push(`${at === '' ? 'root' : at}: ${what}`)

  function isObject(value: unknown): value is Json {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  }

  function check(schema: unknown, at: string): void {
    if (!isObject(schema)) return complain(at, 'schema is not an object')
    for (const keyword of Object.keys(schema)) {
      if (!KNOWN.has(keyword)) complain(at, `'${keyword}' is not permitted`)
    }
    if ('$ref' in schema) {
      if (Object.keys(schema).length > 1) complain(at, '$ref cannot have keywords beside it')
      const ref = String(schema['$ref'])
      if (
        ref !== '#' &&
        !(ref.startsWith('#/$defs/') && isObject(root['$defs']) && Object.hasOwn(root['$defs'], ref.slice(8)))
      ) {
        complain(at, `reference to ${ref} is not defined`)
      }
      return
    }
    const { anyOf, type } = schema
    if (Array.isArray(anyOf)) {
      if (anyOf.length === 0) complain(at, 'anyOf is empty')
      anyOf.forEach((one, index) => check(one, `${at}/anyOf/${index}`))
      if (type !== undefined) complain(at, 'type beside anyOf')
      return
    }
    if (type === undefined) return complain(at, "schema must have a 'type' key")
    const types = Array.isArray(type) ? type : [type]
    for (const one of types) if (!TYPES.has(one)) complain(at, `'${String(one)}' is not a type`)
    if (types.length > 2 || (types.length === 2 && !types.includes('null')))
      complain(at, 'more than one type beside null')
    if (types.includes('object')) checkObject(schema, at)
    if (types.includes('array')) {
      if (schema['items'] === undefined) complain(at, 'array schema missing items')
      else check(schema['items'], `${at}/items`)
    }
    const words = schema['enum']
    if (Array.isArray(words)) {
      if (words.length === 0) complain(at, 'enum is empty')
      if (words.some((word) => typeof word === 'object' && word !== null)) complain(at, 'enum value is no scalar')
    }
    if (schema['format'] !== undefined && !FORMATS.has(schema['format'])) {
      complain(at, `'${String(schema['format'])}' is not a valid format`)
    }
  }

  function checkObject(schema: Json, at: string): void {
    if (schema['additionalProperties'] !== false)
      complain(at, "'additionalProperties' is required to be supplied and to be false")
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    const required = Array.isArray(schema['required']) ? schema['required'] : []
    for (const name of Object.keys(properties))
      if (!required.includes(name)) complain(at, `missing '${name}' in required`)
    for (const name of required)
      if (!Object.hasOwn(properties, String(name))) complain(at, `extra required key '${String(name)}'`)
    for (const [name, one] of Object.entries(properties)) check(one, `${at}/properties/${name}`)
  }

  if (root['type'] !== 'object') complain('', 'schema must be a JSON Schema of \'type: "object"\'')
  check(root, '')
  if (isObject(root['$defs'])) for (const [name, one] of Object.entries(root['$defs'])) check(one, `/$defs/${name}`)
  return errors
}

const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'boolean', 'integer', 'object', 'array', 'null'])
const KNOWN: ReadonlySet<string> = new Set([
  '$ref',
  '$defs',
  'type',
  'title',
  'description',
  'enum',
  'anyOf',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'minItems',
  'maxItems',
  'pattern',
  'format',
  'multipleOf',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
])
const FORMATS: ReadonlySet<unknown> = new Set('date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '))
