import {
  escapeText,
  type CustomToolCallItem,
  type FunctionCallItem,
  type PivotEvent,
  type PivotItem,
  type PivotRequest,
  type PivotTool,
} from '../../../pivot/index.js'
import type { UpstreamModel } from '../../../dialect.js'
import { isJson, type Json } from '../../json.js'
import { CUSTOM_INPUT, flatToolName } from './encode-tools.js'

/** Turns the calls of emulated tools back into what the client offered. One instance reads one reply. */
export type RestoreCalls = (events: readonly PivotEvent[]) => PivotEvent[]

interface Offered {
  name: string
  namespace?: string
  custom: boolean
}

/**
 * The way back of what `encodeRequest` emulates: functions that stand for custom tools, and names that carry a namespace.
 * The stream decoder does not know the request, so this follows it. Undefined when nothing was emulated.
 */
export function restoreCalls(request: PivotRequest, rules: UpstreamModel['rules']): RestoreCalls | undefined {
  const emulated = new Map<string, Offered>()
  for (const tool of request.tools ?? []) learn(tool, undefined, rules === 'compatible', emulated)
  if (emulated.size === 0) return undefined
  /** Calls of custom tools, by output index. */
  const custom = new Set<number>()

  function restore(item: PivotItem): PivotItem {
    if (!isFunctionCall(item)) return item
    const offered = emulated.get(item.name)
    if (offered === undefined) return item
    const { name, namespace } = offered
    const named = { ...item, name, ...(namespace === undefined ? {} : { namespace }) }
    return offered.custom ? asCustom(named) : named
  }

  function one(event: PivotEvent): PivotEvent[] {
    switch (event.type) {
      case 'response.output_item.added':
      case 'response.output_item.done': {
        const item = restore(event.item)
        if (item.type === 'custom_tool_call') custom.add(event.output_index)
        return [{ ...event, item }]
      }
      case 'response.function_call_arguments.delta':
        // The input stands inside JSON; it is told in one piece when it is whole.
        return custom.has(event.output_index) ? kept(event) : [event]
      case 'response.function_call_arguments.done': {
        if (!custom.has(event.output_index)) return [event]
        const { item_id, output_index } = event
        const input = inputOf(event.arguments)
        return [
          { type: 'response.custom_tool_call_input.delta', item_id, output_index, escaped: escapeText(input) },
          { type: 'response.custom_tool_call_input.done', item_id, output_index, input },
        ]
      }
      case 'response.completed':
      case 'response.incomplete':
        return [{ ...event, response: { ...event.response, output: event.response.output.map(restore) } }]
      default:
        return [event]
    }
  }

  return (events) => events.flatMap(one)
}

/** Its frame, if it had one, must still go out. */
function kept(event: PivotEvent): PivotEvent[] {
  return event.frame === undefined ? [] : [{ type: 'other', name: '', frame: event.frame }]
}

function learn(
  tool: PivotTool,
  namespace: string | undefined,
  emulateCustom: boolean,
  out: Map<string, Offered>,
): void {
  const name = tool['name']
  if (typeof name !== 'string') return
  if (tool.type === 'namespace' && Array.isArray(tool['tools'])) {
    for (const inner of tool['tools'] as PivotTool[]) learn(inner, name, emulateCustom, out)
    return
  }
  const custom = tool.type === 'custom' && emulateCustom
  if (tool.type !== 'function' && tool.type !== 'custom') return
  if (!custom && namespace === undefined) return
  const space = namespace === undefined ? {} : { namespace }
  out.set(flatToolName({ name, ...space }), { name, custom, ...space })
}

function isFunctionCall(item: PivotItem): item is FunctionCallItem {
  return item.type === 'function_call'
}

function asCustom(item: FunctionCallItem): CustomToolCallItem {
  const { arguments: args, ...rest } = item
  return { ...rest, type: 'custom_tool_call', input: inputOf(args) }
}

/** The one parameter; a model that ignored the schema meant its whole words. */
function inputOf(args: string): string {
  if (args === '') return ''
  try {
    const parsed = JSON.parse(args) as unknown
    const input = isJson(parsed) ? (parsed as Json)[CUSTOM_INPUT] : undefined
    return typeof input === 'string' ? input : args
  } catch {
    return args
  }
}
