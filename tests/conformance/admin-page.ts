/** The part of an OpenAPI 3.1 document that the reference page tells. */
export interface AdminDocument {
  openapi: string
  tags?: { name: string; description?: string }[]
  paths: Record<string, Partial<Record<'get' | 'post' | 'put' | 'patch' | 'delete', Operation>>>
  components: { schemas: Record<string, Schema> }
}

interface Operation {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: { name: string; in: string; required?: boolean; schema: Schema; description?: string }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
  'x-fresh-sign-in'?: boolean
}

interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  enum?: unknown[]
  const?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  maximum?: number
  maxLength?: number
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The reference of the admin API as Markdown, made from its document. */
export function adminPage(document: AdminDocument): string {
  const byTag = new Map<string, string[]>()
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method]
      if (operation === undefined) continue
      const tag = operation.tags?.[0] ?? 'other'
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationText(method, path, operation)])
    }
  }
  const tags = [...byTag.keys()].sort()
  return [
    '# The admin API',
    '',
    'Everything that the dashboard does goes through this API; its document (OpenAPI 3.1) is served at `/admin/openapi.json`.',
    'It is opened by a session of the dashboard or, on the machine of the gateway, by the control key that `run.json` in the',
    'data folder holds (`Authorization: Bearer …`). No client key opens it; [Who may manage](management.md) tells more.',
    '',
    'Every error is `{"error": "what is wrong and the way out", "code": "for_programs", "pointer": "/the/place"}`. Routes marked',
    '**fresh** want a proof of identity that is at most five minutes old.',
    '',
    ...tags.map((tag) => `- [${tag}](#${tag.toLowerCase().replaceAll(/[^\w]+/g, '-')})`),
    '',
    ...tags.flatMap((tag) => [`## ${tag}`, '', ...(byTag.get(tag) ?? [])]),
    '## Forms',
    '',
    ...Object.entries(document.components.schemas)
      .sort(([a], [b]) => a.localeCompare(b))
      .flatMap(([name, schema]) => [`### ${name}`, '', ...fields(schema), '']),
  ].join('\n')
}

function operationText(method: string, path: string, operation: Operation): string {
  const fresh = operation['x-fresh-sign-in'] === true ? ' **fresh**' : ''
  const lines = [
    `### \`${method.toUpperCase()} ${path}\`${fresh}`,
    '',
    `${operation.summary ?? ''}.`.replace(/\.\.$/, '.'),
  ]
  if (operation.description !== undefined) lines.push(operation.description)
  const parameters = (operation.parameters ?? []).filter((one) => one.in !== 'path')
  if (parameters.length > 0) {
    lines.push('', '| parameter | what | |', '|---|---|---|')
    for (const { name, required, schema, description } of parameters) {
      lines.push(
        `| \`${name}\` | ${typeOf(schema)}${required === true ? ', needed' : ''} | ${cell(description ?? schema.description)} |`,
      )
    }
  }
  const body = Object.entries(operation.requestBody?.content ?? {})[0]
  if (body !== undefined) lines.push('', 'Body:', '', ...fields(body[1].schema))
  const [status, answer] =
    Object.entries(operation.responses).find(([code]) => code.startsWith('2') || code === '302') ?? []
  const content = Object.entries(answer?.content ?? {})[0]
  if (content !== undefined) {
    const [type, { schema }] = content
    lines.push(
      '',
      type === 'application/json'
        ? `Answer: ${cell(answer?.description)}`
        : `Answer: \`${type}\`. ${cell(answer?.description)}`,
    )
    if (type === 'application/json') lines.push('', ...fields(schema))
  } else if (status !== undefined) lines.push('', `Answer ${status}: ${cell(answer?.description)}`)
  return `${lines.join('\n')}\n`
}

/** The fields of an object as a table; of everything else its type in one line. */
function fields(schema: Schema): string[] {
  if (schema.$ref !== undefined || schema.properties === undefined) {
    return [`${typeOf(schema)}${schema.description === undefined ? '' : `: ${cell(schema.description)}`}`]
  }
  const required = new Set(schema.required ?? [])
  return [
    '| field | what | |',
    '|---|---|---|',
    ...Object.entries(schema.properties).map(
      ([name, of]) => `| \`${name}\`${required.has(name) ? '' : ' ?'} | ${typeOf(of)} | ${cell(of.description)} |`,
    ),
  ]
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? ''
    return `[${name}](#${name.toLowerCase()})`
  }
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${String(one)}\``).join(', ')
  const types = [schema.type ?? 'any'].flat()
  return types
    .map((type) => {
      if (type === 'array') return `list of ${schema.items === undefined ? 'any' : typeOf(schema.items)}`
      if (type !== 'object') return type
      if (schema.properties !== undefined)
        return `object (${Object.keys(schema.properties)
          .map((key) => `\`${key}\``)
          .join(', ')})`
      return typeof schema.additionalProperties === 'object'
        ? `map to ${typeOf(schema.additionalProperties)}`
        : 'object'
    })
    .join(' or ')
}

/** One cell of a table holds neither a line's end nor a bar. */
function cell(text: string | undefined): string {
  return (text ?? '').replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')
}
