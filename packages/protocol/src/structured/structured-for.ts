import type { Note, UpstreamModel } from '../dialect.js'
import { isJson } from '../dialects/json.js'
import type {
  FunctionCallItem,
  FunctionTool,
  PivotEvent,
  PivotItem,
  PivotRequest,
  PivotTool,
  TextFormat,
} from '../pivot/index.js'
import { convertSchema } from './convert-schema.js'
import { typesOf } from './json-schema.js'
import type { Restore } from './restore-plan.js'
import { restoreEvents, toolKey } from './restore-events.js'
import { shapeJson } from './shape-json.js'

export interface Structured {
  /** The same object when nothing had to be changed. */
  request: PivotRequest
  /** Turns the reply's events back; absent when values need no way back. Holds the state of one reply. */
  restore?: (events: readonly PivotEvent[]) => PivotEvent[]
  notes: Note[]
}

/**
 * The request with schemas that a strict upstream takes, and the way back for its reply. Only what is asked for strictly is converted, and a
 * format whose root OpenAI refuses; everything else passes. Calls of earlier turns are shown to the model in the form in which it made them.
 */
export function structuredFor(request: PivotRequest, rules: UpstreamModel['rules']): Structured {
  if (rules === 'compatible') return { request, notes: [] }
  const notes: Note[] = []
  const restores = new Map<string, Restore>()
  const { format, restore } = convertedFormat(request.text?.format, notes)
  const tools = convertedTools(request.tools, '/tools', '', restores, notes)
  if (format === request.text?.format && tools === request.tools) return { request, notes }
  return {
    request: {
      ...request,
      ...(tools === undefined ? {} : { tools, input: request.input.map((item) => shapedCall(item, restores)) }),
      ...(format === undefined ? {} : { text: { ...request.text, format } }),
    },
    ...(restore === undefined && restores.size === 0 ? {} : { restore: restoreEvents(restore, restores) }),
    notes,
  }
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/

function convertedFormat(
  format: TextFormat | undefined,
  notes: Note[],
): { format: TextFormat | undefined; restore?: Restore } {
  if (format?.type !== 'json_schema') return { format }
  const name = NAME.test(format.name)
    ? format.name
    : format.name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'response'
  const named = name === format.name ? format : { ...format, name }
  // OpenAI refuses a root that is no object, strict or not.
  if (format.strict !== true && isObject(format.schema)) return { format: named }
  const converted = convertSchema(format.schema, '/text/format/schema')
  notes.push(...converted.notes)
  if (converted.schema === format.schema && converted.strict) return { format: named }
  return {
    format: { ...named, schema: converted.schema, strict: converted.strict },
    ...(converted.restore === undefined ? {} : { restore: converted.restore }),
  }
}

function isObject(schema: Record<string, unknown>): boolean {
  const types = typesOf(schema)
  return types === undefined
    ? Object.keys(schema).length > 0 && !('anyOf' in schema)
    : types.length === 1 && types[0] === 'object'
}

/** @returns the same list when no tool had to be changed */
function convertedTools<T extends readonly PivotTool[] | undefined>(
  tools: T,
  pointer: string,
  namespace: string,
  restores: Map<string, Restore>,
  notes: Note[],
): T {
  if (tools === undefined || tools === null) return tools
  const out = tools.map((tool, index): PivotTool => {
    const at = `${pointer}/${index}`
    if (tool.type === 'namespace' && Array.isArray(tool['tools']) && typeof tool['name'] === 'string') {
      const inner = tool['tools'] as PivotTool[]
      const converted = convertedTools(inner, `${at}/tools`, tool['name'], restores, notes)
      return converted === inner ? tool : { ...tool, tools: converted }
    }
    return isStrictFunction(tool) ? convertedTool(tool, at, namespace, restores, notes) : tool
  })
  return out.some((tool, index) => tool !== tools[index]) ? (out as unknown as T) : tools
}

function isStrictFunction(tool: PivotTool): tool is FunctionTool & { parameters: Record<string, unknown> } {
  return tool.type === 'function' && tool['strict'] === true && isJson(tool['parameters'])
}

function convertedTool(
  tool: FunctionTool & { parameters: Record<string, unknown> },
  at: string,
  namespace: string,
  restores: Map<string, Restore>,
  notes: Note[],
): FunctionTool {
  const converted = convertSchema(tool.parameters, `${at}/parameters`, 'parameters')
  notes.push(...converted.notes)
  if (converted.schema === tool.parameters && converted.strict) return tool
  if (converted.restore !== undefined) restores.set(toolKey(namespace, tool.name), converted.restore)
  return { ...tool, parameters: converted.schema, strict: converted.strict }
}

function shapedCall(item: PivotItem, restores: ReadonlyMap<string, Restore>): PivotItem {
  if (restores.size === 0 || item.type !== 'function_call') return item
  const call = item as FunctionCallItem
  const restore = restores.get(toolKey(call.namespace, call.name))
  return restore === undefined ? item : { ...call, arguments: shapeJson(call.arguments, restore) }
}
