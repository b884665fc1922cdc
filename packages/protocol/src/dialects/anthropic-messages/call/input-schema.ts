import { isJson, without, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'

const CHOICES = ['allOf', 'anyOf', 'oneOf'] as const
const AT_TOP: ReadonlySet<string> = new Set<string>(CHOICES)

/**
 * The parameters of a function as a schema that this API takes: always of an object, with properties, and without alternatives at the
 * top. What alternatives say is merged: a property of any of them may be given, and only what all of them demand must be.
 * Source: the API's own refusal, "input_schema does not support oneOf, allOf, or anyOf at the top level" (2025-08).
 */
export function inputSchema(parameters: Json | null | undefined, at: string, note: Noting): Json {
  const schema = parameters ?? {}
  const out: Json = {
    ...without(schema, AT_TOP),
    type: 'object',
    properties: isJson(schema['properties']) ? schema['properties'] : {},
  }
  const used = CHOICES.filter((choice) => Array.isArray(schema[choice]))
  if (used.length === 0) return out
  note(`${at}/parameters`, 'approximated', 'alternatives at the top of a schema became one object with all properties')
  for (const choice of used) {
    const branches = (schema[choice] as unknown[]).filter(isJson)
    out['properties'] = allProperties(out['properties'], branches)
    const demanded = [...list(out['required']), ...demands(branches, choice === 'allOf')]
    if (demanded.length > 0) out['required'] = [...new Set(demanded)]
  }
  return out
}

/** A property that several branches know has any of their schemas. */
function allProperties(own: unknown, branches: readonly Json[]): Json {
  const found = new Map<string, unknown[]>()
  for (const properties of [own, ...branches.map((branch) => branch['properties'])]) {
    if (!isJson(properties)) continue
    for (const [name, schema] of Object.entries(properties)) {
      const known = found.get(name) ?? []
      if (!known.some((one) => JSON.stringify(one) === JSON.stringify(schema))) found.set(name, [...known, schema])
    }
  }
  return Object.fromEntries(
    [...found].map(([name, schemas]) => [name, schemas.length === 1 ? schemas[0] : { anyOf: schemas }]),
  )
}

function demands(branches: readonly Json[], all: boolean): string[] {
  const lists = branches.map((branch) => list(branch['required']))
  const [first = []] = lists
  return all ? lists.flat() : first.filter((name) => lists.every((names) => names.includes(name)))
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
