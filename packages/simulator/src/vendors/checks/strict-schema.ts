import { isJson, type Json } from '../vendor.js'

/** What OpenAI does not find strict in a schema; undefined when all is well. Source: OpenAI, structured outputs, supported schemas. */
export function strictProblem(schema: unknown, context: readonly string[] = []): string | undefined {
  if (!isJson(schema)) return undefined
  const place = `In context=(${context.map((step) => `'${step}'`).join(', ')}${context.length === 1 ? ',' : ''})`
  const { type, properties, required } = schema
  if (type === 'object' || isJson(properties)) {
    if (schema['additionalProperties'] !== false) {
      return `${place}, 'additionalProperties' is required to be supplied and to be false.`
    }
    const listed = new Set(Array.isArray(required) ? (required as unknown[]) : [])
    const left = Object.keys(isJson(properties) ? properties : {}).find((name) => !listed.has(name))
    if (left !== undefined) {
      return `${place}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${left}'.`
    }
  }
  for (const keyword of ['allOf', 'oneOf', 'not', 'if', 'patternProperties']) {
    if (schema[keyword] !== undefined) return `${place}, '${keyword}' is not permitted.`
  }
  return inner(schema, context)
}

function inner(schema: Json, context: readonly string[]): string | undefined {
  for (const group of ['properties', '$defs', 'definitions']) {
    const named = schema[group]
    for (const [name, one] of Object.entries(isJson(named) ? named : {})) {
      const problem = strictProblem(one, [...context, group, name])
      if (problem !== undefined) return problem
    }
  }
  const problem = strictProblem(schema['items'], [...context, 'items'])
  if (problem !== undefined) return problem
  const choices = Array.isArray(schema['anyOf']) ? (schema['anyOf'] as unknown[]) : []
  for (const [index, one] of choices.entries()) {
    const found = strictProblem(one, [...context, 'anyOf', String(index)])
    if (found !== undefined) return found
  }
  return undefined
}
