import type { TextFormat } from '../../pivot/index.js'
import { boolean, name, object, optional, refuse, string } from '../refusing.js'
import { given, isJson, type Json } from '../json.js'

/** `response_format`. Chat nests a schema under `json_schema`; the pivot has its fields flat, and that is read too. */
export function decodeResponseFormat(value: unknown, pointer: string): TextFormat {
  const format = object(value, pointer)
  switch (format['type']) {
    case 'text':
    case 'json_object':
      return { type: format['type'] }
    case 'json_schema': {
      const nested = isJson(format['json_schema'])
      const schema = nested ? (format['json_schema'] as Json) : format
      const at = nested ? `${pointer}/json_schema` : pointer
      return {
        type: 'json_schema',
        name: optional(schema, 'name', name, at) ?? 'response',
        schema: optional(schema, 'schema', object, at) ?? refuse(`${at}/schema`, 'expected a JSON schema'),
        ...given({
          strict: optional(schema, 'strict', boolean, at),
          description: optional(schema, 'description', string, at),
        }),
      }
    }
    default:
      return refuse(`${pointer}/type`, "expected 'text', 'json_object' or 'json_schema'")
  }
}

export function encodeTextFormat(format: TextFormat): Json {
  if (format.type !== 'json_schema') return { type: format.type }
  const { name, schema, strict, description } = format
  return { type: 'json_schema', json_schema: { name, ...given({ description }), schema, ...given({ strict }) } }
}
