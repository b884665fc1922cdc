import { isJson, type Json } from '../../json.js'

/** Deeper schemas are taken for open; OpenAI allows ten levels. */
const DEEPEST = 32

/**
 * Does every object of this schema demand all its properties and forbid others? Only then do OpenAI's models take it as `strict`;
 * Anthropic's also take schemas with fields that may be left out.
 * Source: OpenAI structured outputs, supported schemas.
 */
export function isClosed(schema: Json): boolean {
  return closed(schema, 0)
}

function closed(schema: unknown, depth: number): boolean {
  if (depth > DEEPEST) return false
  if (Array.isArray(schema)) return schema.every((one) => closed(one, depth + 1))
  if (!isJson(schema)) return true
  const properties = isJson(schema['properties']) ? schema['properties'] : undefined
  if (properties !== undefined || schema['type'] === 'object') {
    const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
    if (schema['additionalProperties'] !== false) return false
    if (!Object.keys(properties ?? {}).every((property) => required.includes(property))) return false
  }
  return [
    ...Object.values(properties ?? {}),
    ...MAPS.flatMap((key) => (isJson(schema[key]) ? Object.values(schema[key]) : [])),
    ...NESTED.map((key) => schema[key]),
  ].every((one) => closed(one, depth + 1))
}

const MAPS = ['$defs', 'definitions'] as const
const NESTED = ['items', 'anyOf', 'oneOf', 'allOf', 'prefixItems'] as const
