import type { CustomTool, FunctionTool, PivotTool, ToolChoice } from '../../pivot/index.js'
import { withExtra } from './origin.js'
import { array, boolean, name, object, optional, refuse, string } from '../refusing.js'
import { given, isJson, isSet, type Json, without } from '../json.js'

/**
 * Tools and tool choice of a chat request in the pivot.
 * Chat nests a tool's fields under `function` or `custom`; the pivot has them flat. Both are read, because Cursor sends
 * the flat form to the chat path.
 */
export function decodeTool(value: unknown, pointer: string): PivotTool {
  const tool = object(value, pointer)
  const type = tool['type'] ?? (isJson(tool['function']) || typeof tool['name'] === 'string' ? 'function' : undefined)
  if (typeof type !== 'string' || type === '') refuse(`${pointer}/type`, 'expected the type of a tool')
  switch (type) {
    case 'function':
      return isJson(tool['function'])
        ? functionTool(tool['function'], `${pointer}/function`, without(tool, NESTED))
        : functionTool(tool, pointer, {})
    case 'custom':
      return isJson(tool['custom']) ? customTool(tool['custom'], `${pointer}/custom`) : customTool(tool, pointer)
    default:
      // Hosted tools (`web_search`, `image_generation`, `mcp`, …) are the upstream's to know.
      return { ...tool, type }
  }
}

/** `functions` of the first tool-calling models. */
export function decodeLegacyFunction(value: unknown, pointer: string): PivotTool {
  return functionTool(object(value, pointer), pointer, {})
}

const NESTED: ReadonlySet<string> = new Set(['type', 'function'])
const FUNCTION_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'name',
  'description',
  'parameters',
  'input_schema',
  'strict',
])

function functionTool(fields: Json, pointer: string, beside: Json): FunctionTool {
  const description = optional(fields, 'description', string, pointer)
  const field = !isSet(fields['parameters']) && isSet(fields['input_schema']) ? 'input_schema' : 'parameters'
  return {
    type: 'function',
    name: name(fields['name'], `${pointer}/name`),
    ...given({ description }),
    parameters: schema(optional(fields, field, object, pointer), `${pointer}/${field}`),
    // The Responses API takes a missing `strict` for true, chat for false.
    strict: optional(fields, 'strict', boolean, pointer) ?? false,
    ...withExtra({ ...without(fields, FUNCTION_FIELDS), ...beside }),
  }
}

/** A function without parameters, and an object schema without properties, are refused upstream; clients send both. */
function schema(parameters: Json | undefined, pointer: string): Json {
  if (parameters === undefined) return { type: 'object', properties: {} }
  const type = parameters['type']
  if (type !== undefined && typeof type !== 'string' && !Array.isArray(type)) {
    refuse(`${pointer}/type`, 'expected the type of a JSON schema')
  }
  if (type !== 'object' || isJson(parameters['properties'])) return parameters
  return { ...parameters, properties: {} }
}

function customTool(fields: Json, pointer: string): CustomTool {
  const description = optional(fields, 'description', string, pointer)
  const format = optional(fields, 'format', customFormat, pointer)
  return {
    type: 'custom',
    name: name(fields['name'], `${pointer}/name`),
    ...given({ description }),
    ...given({ format }),
  }
}

function customFormat(value: unknown, pointer: string): NonNullable<CustomTool['format']> {
  const format = object(value, pointer)
  switch (format['type']) {
    case 'text':
      return { type: 'text' }
    case 'grammar': {
      const nested = isJson(format['grammar'])
      const grammar = nested ? (format['grammar'] as Json) : format
      const at = nested ? `${pointer}/grammar` : pointer
      return {
        type: 'grammar',
        syntax: string(grammar['syntax'], `${at}/syntax`),
        definition: string(grammar['definition'], `${at}/definition`),
      }
    }
    default:
      return refuse(`${pointer}/type`, "expected 'text' or 'grammar'")
  }
}

export function decodeToolChoice(value: unknown, pointer: string): ToolChoice {
  if (typeof value === 'string') return choiceWord(value, pointer)
  const choice = object(value, pointer)
  const type = choice['type']
  switch (type) {
    case 'function':
    case 'custom': {
      const nested = choice[type]
      return isJson(nested)
        ? { type, name: name(nested['name'], `${pointer}/${type}/name`) }
        : { type, name: name(choice['name'], `${pointer}/name`) }
    }
    case 'tool':
      return { type: 'function', name: name(choice['name'], `${pointer}/name`) }
    case 'allowed_tools': {
      const nested = isJson(choice['allowed_tools'])
      const allowed = nested ? (choice['allowed_tools'] as Json) : choice
      const at = nested ? `${pointer}/allowed_tools` : pointer
      const mode = allowed['mode'] ?? 'auto'
      if (mode !== 'auto' && mode !== 'required' && mode !== 'none') {
        refuse(`${at}/mode`, "expected 'auto' or 'required'")
      }
      const tools = array(allowed['tools'], `${at}/tools`).map((tool, index) => {
        const named = object(tool, `${at}/tools/${index}`)
        return flatName(named)
      })
      return { type: 'allowed_tools', mode, tools }
    }
    case 'auto':
    case 'none':
    case 'required':
    case 'any':
      return choiceWord(type, pointer)
    default:
      if (typeof type !== 'string') refuse(`${pointer}/type`, 'expected the type of a tool choice')
      return { ...choice, type }
  }
}

function choiceWord(word: string, pointer: string): ToolChoice {
  switch (word) {
    case 'auto':
    case 'none':
    case 'required':
      return word
    case 'any':
      return 'required'
    default:
      return refuse(pointer, "expected 'auto', 'none', 'required' or a tool")
  }
}

/** `function_call` of the first tool-calling models. */
export function decodeLegacyChoice(value: unknown, pointer: string): ToolChoice {
  if (value === 'auto' || value === 'none') return value
  return { type: 'function', name: name(object(value, pointer)['name'], `${pointer}/name`) }
}

function flatName(tool: Json): Json {
  const type = tool['type']
  const nested = typeof type === 'string' && isJson(tool[type]) ? (tool[type] as Json) : undefined
  return nested === undefined ? tool : { type, name: nested['name'] }
}
