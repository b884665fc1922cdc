/** A JSON schema as tools and structured outputs give it: data of the client, so nothing in it can be trusted to be there. */
type Schema = Readonly<Record<string, unknown>>

/** Schemas may refer to themselves; below this depth only what is required is made, and lists stay empty. */
const DEEP = 6
const DEEPEST = 40

/**
 * A plausible value for a JSON schema: the example, default or first enum value where there is one, required properties, the least that the limits allow.
 * Knows `$ref` into the same document, `allOf`, `anyOf`, `oneOf`, `const` and nullable types. Of `pattern` it knows nothing.
 * @param hint text for strings that nothing else decides
 */
export function sampleJson(schema: unknown, hint = 'example'): unknown {
  const root = asSchema(schema)

  function sample(given: Schema, name: string, depth: number): unknown {
    const at = resolved(given, root)
    if (depth > DEEPEST) return null
    if ('const' in at) return at['const']
    const options = at['enum']
    if (Array.isArray(options) && options.length > 0) return options[0]
    const examples = at['examples']
    if (Array.isArray(examples) && examples.length > 0) return examples[0]
    if (at['default'] !== undefined && at['default'] !== null) return at['default']
    const choices = at['anyOf'] ?? at['oneOf']
    if (Array.isArray(choices) && choices.length > 0) {
      const schemas = choices.map(asSchema)
      const shown = schemas.find((choice) => depth <= DEEP && choice['type'] !== 'null') ?? schemas.at(-1)
      return sample({ ...omit(at, ['anyOf', 'oneOf']), ...shown }, name, depth + 1)
    }
    switch (typeOf(at)) {
      case 'object':
        return object(at, depth)
      case 'array':
        return array(at, name, depth)
      case 'integer':
        return Math.ceil(number(at))
      case 'number':
        return number(at)
      case 'boolean':
        return true
      case 'null':
        return null
      default:
        return text(at, name, hint)
    }
  }

  function object(at: Schema, depth: number): Record<string, unknown> {
    const properties = asSchema(at['properties'])
    const required = Array.isArray(at['required']) ? at['required'].map(String) : []
    const value: Record<string, unknown> = {}
    for (const name of required) value[name] = sample(asSchema(properties[name]), name, depth + 1)
    const atLeast = Number(at['minProperties'] ?? 0)
    for (const name of Object.keys(properties)) {
      if (Object.keys(value).length >= atLeast) break
      value[name] ??= sample(asSchema(properties[name]), name, depth + 1)
    }
    return value
  }

  function array(at: Schema, name: string, depth: number): unknown[] {
    const prefix = Array.isArray(at['prefixItems']) ? at['prefixItems'].map(asSchema) : []
    const value = prefix.map((item) => sample(item, name, depth + 1))
    const wanted = Math.max(Number(at['minItems'] ?? 0), depth < DEEP && at['maxItems'] !== 0 ? 1 : 0)
    while (value.length < wanted && at['items'] !== false) {
      const item = sample(asSchema(at['items']), name, depth + 1)
      value.push(at['uniqueItems'] === true && typeof item === 'string' ? `${item}${value.length || ''}` : item)
    }
    return value
  }

  return sample(root, '', 0)
}

function resolved(given: Schema, root: Schema): Schema {
  let at = given
  for (let hops = 0; hops < 16; hops += 1) {
    const { $ref, allOf } = at as { $ref?: unknown; allOf?: unknown }
    if (typeof $ref === 'string' && $ref.startsWith('#')) {
      let target: unknown = root
      for (const key of $ref.slice(1).split('/').slice(1)) {
        target = asSchema(target)[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')]
      }
      at = { ...asSchema(target), ...omit(at, ['$ref']) }
    } else if (Array.isArray(allOf)) {
      at = allOf.map((part) => resolved(asSchema(part), root)).reduce(merged, omit(at, ['allOf']))
    } else {
      return at
    }
  }
  return at
}

function merged(one: Schema, other: Schema): Schema {
  return {
    ...one,
    ...other,
    properties: { ...asSchema(one['properties']), ...asSchema(other['properties']) },
    required: [...asList(one['required']), ...asList(other['required'])],
  }
}

function typeOf(at: Schema): unknown {
  const { type } = at as { type?: unknown }
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null'
  if (type !== undefined) return type
  if (at['properties'] !== undefined || at['required'] !== undefined) return 'object'
  if (at['items'] !== undefined || at['prefixItems'] !== undefined) return 'array'
  if (at['minimum'] !== undefined || at['maximum'] !== undefined) return 'number'
  return 'string'
}

function number(at: Schema): number {
  const least = Number(at['minimum'] ?? (at['exclusiveMinimum'] === undefined ? 1 : Number(at['exclusiveMinimum']) + 1))
  const most = Number(
    at['maximum'] ?? (at['exclusiveMaximum'] === undefined ? least : Number(at['exclusiveMaximum']) - 1),
  )
  const value = Math.min(least, Math.max(most, Number(at['minimum'] ?? most)))
  const step = Number(at['multipleOf'] ?? 0)
  return step > 0 ? Math.ceil(value / step) * step : value
}

/** Values by the property's name harm nobody if a client really runs the call: no file of the user's is named. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^(cmd|command|script)$/i, 'echo "hello from the demo"'],
  [/path|file/i, 'dragoman-demo.txt'],
  [/url|uri|link/i, 'https://example.com/'],
  [/e-?mail/i, 'someone@example.com'],
  [/city|location|place/i, 'Paris'],
  [/country/i, 'France'],
  [/language/i, 'en'],
  [/pattern|glob/i, '*.md'],
]
const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
}

function text(at: Schema, name: string, hint: string): string {
  const format = BY_FORMAT[String(at['format'])]
  if (format !== undefined) return format
  const value = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? hint
  const least = Number(at['minLength'] ?? 0)
  return value.padEnd(least, '.').slice(0, Number(at['maxLength'] ?? Infinity))
}

function omit(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)))
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {}
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
