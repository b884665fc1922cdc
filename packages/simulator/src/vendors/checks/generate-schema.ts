import { invalid } from '../refusal.js'
import { isJson } from '../vendor.js'
import { camel, onlyNames } from './proto-json.js'

/** The part of OpenAPI's schema that Gemini's `Schema` message has. Source: Gemini API reference, Schema. */
const FIELDS = new Set(
  'type format title description nullable enum maxItems minItems properties required minProperties maxProperties minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum'.split(
    ' ',
  ),
)
const TYPES = ['STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL', 'TYPE_UNSPECIFIED']

/** A schema of Gemini's own kind; `parametersJsonSchema` and `responseJsonSchema` take JSON Schema and are not checked. @throws VendorRefusal */
export function checkGeminiSchema(value: unknown, at: string): void {
  if (!isJson(value))
    throw invalid(`Invalid value at '${at}' (type.googleapis.com/google.ai.generativelanguage.v1beta.Schema)`)
  onlyNames(value, FIELDS, at)
  const schema = camel(value)
  const { type, items, properties, required, anyOf } = schema
  const place = `* GenerateContentRequest.${at}`
  if (Array.isArray(type)) {
    throw invalid(
      `Invalid JSON payload received. Unknown name "type" at '${at}': Proto field is not repeating, cannot start list.`,
    )
  }
  if (type !== undefined && !TYPES.includes(String(type).toUpperCase())) {
    throw invalid(
      `Invalid value at '${at}.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), "${String(type)}"`,
    )
  }
  const kind = String(type).toUpperCase()
  checkEnum(schema['enum'], kind, at)
  if (kind === 'ARRAY' && items === undefined) throw invalid(`${place}.items: missing field.`)
  if (items !== undefined) checkGeminiSchema(items, `${at}.items`)
  const named = isJson(properties) ? properties : {}
  for (const [name, one] of Object.entries(named)) checkGeminiSchema(one, `${at}.properties[${name}]`)
  for (const [index, name] of (Array.isArray(required) ? (required as unknown[]) : []).entries()) {
    if (!Object.hasOwn(named, String(name))) throw invalid(`${place}.required[${index}]: property is not defined`)
  }
  for (const [index, one] of (Array.isArray(anyOf) ? (anyOf as unknown[]) : []).entries()) {
    checkGeminiSchema(one, `${at}.any_of[${index}]`)
  }
}

function checkEnum(values: unknown, kind: string, at: string): void {
  if (!Array.isArray(values)) return
  for (const [index, value] of (values as unknown[]).entries()) {
    if (typeof value !== 'string')
      throw invalid(`Invalid value at '${at}.enum[${index}]' (TYPE_STRING), ${JSON.stringify(value)}`)
    if (value === '') throw invalid(`* GenerateContentRequest.${at}.enum[${index}]: cannot be empty`)
  }
  if (kind !== 'STRING') throw invalid(`* GenerateContentRequest.${at}.enum: only allowed for STRING type`)
}
