type Json = Record<string, unknown>

/**
 * A function tool as the model reads it: OpenAI writes the schemas of a prompt's tools as TypeScript declarations with comments.
 * Only for counting, so it need not be complete: what it does not know counts as its JSON.
 */
export function toolDeclaration(tool: Json): string {
  if (tool['type'] !== 'function') return JSON.stringify(tool)
  const parameters = isJson(tool['parameters']) ? typeText(tool['parameters'], 0) : ''
  return `${comment(tool['description'], '')}type ${String(tool['name'])} = (${parameters === '' ? '' : `_: ${parameters}`}) => any;\n`
}

/** Deeper than this a schema counts as its JSON; hostile ones nest without end. */
const DEEPEST = 24

function typeText(schema: Json, depth: number): string {
  if (depth > DEEPEST) return JSON.stringify(schema)
  const values = schema['enum']
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ')
  const either = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(either)) {
    return either.map((one) => (isJson(one) ? typeText(one, depth + 1) : 'any')).join(' | ')
  }
  if (isJson(schema['properties'])) return objectText(schema, schema['properties'], depth)
  const type = schema['type']
  if (type === 'array') return `${isJson(schema['items']) ? typeText(schema['items'], depth + 1) : 'any'}[]`
  if (Array.isArray(type)) return type.join(' | ')
  if (type === 'integer') return 'number'
  return typeof type === 'string' ? type : 'any'
}

function objectText(schema: Json, properties: Json, depth: number): string {
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const lines = Object.entries(properties).map(([name, property]) => {
    const told = isJson(property) ? property : {}
    return `${comment(told['description'], '')}${name}${required.has(name) ? '' : '?'}: ${typeText(told, depth + 1)},\n`
  })
  return `{\n${lines.join('')}}`
}

function comment(text: unknown, otherwise: string): string {
  return typeof text === 'string' && text !== '' ? `// ${text}\n` : otherwise
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
