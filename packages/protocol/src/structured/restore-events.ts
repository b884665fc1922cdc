import type {
  FunctionCallItem,
  MessageItem,
  MessagePart,
  PivotEvent,
  PivotItem,
  PivotResponse,
} from '../pivot/index.js'
import { jsonRestorer, restoreJson, type JsonRestorer } from './restore-json.js'
import type { Restore } from './restore-plan.js'

/** How a tool is known again in its calls. */
export function toolKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''} ${name}`
}

/**
 * A pipe over the events of one reply that restores the answer's texts by `format` and the arguments of calls by their tool: deltas as they
 * stream, and the whole texts of the events that end parts, items and the response. Frames do not survive it: what they say is no longer so.
 * @param format for texts of the assistant; undefined when they are as they were asked for
 * @param tools by {@link toolKey}
 */
export function restoreEvents(
  format: Restore | undefined,
  tools: ReadonlyMap<string, Restore>,
): (events: readonly PivotEvent[]) => PivotEvent[] {
  /** Texts under way, by where they stand. */
  const streams = new Map<string, JsonRestorer>()
  /** How the arguments of the call at an output index are restored. */
  const calls = new Map<number, Restore>()
  /** The last whole text: it is told three times over. */
  let last: { told: string; by: Restore; restored: string } | undefined

  function whole(told: string, by: Restore): string {
    if (last?.told !== told || last.by !== by) last = { told, by, restored: restoreJson(told, by) }
    return last.restored
  }

  function stream(place: string, by: Restore): JsonRestorer {
    let found = streams.get(place)
    if (found === undefined) streams.set(place, (found = jsonRestorer(by)))
    return found
  }

  /** What a text's restorer held back, once its end is told. */
  function rest(place: string): string {
    const found = streams.get(place)
    streams.delete(place)
    return found?.end() ?? ''
  }

  function part<T extends { type: string }>(told: T): T {
    if (format === undefined || told.type !== 'output_text') return told
    const text = (told as { text?: unknown }).text
    return typeof text === 'string' && text !== '' ? { ...told, text: whole(text, format) } : told
  }

  function restoredItem(item: PivotItem): PivotItem {
    if (item.type === 'function_call') {
      const call = item as FunctionCallItem
      const by = tools.get(toolKey(call.namespace, call.name))
      return by === undefined || call.arguments === '' ? item : { ...call, arguments: whole(call.arguments, by) }
    }
    if (item.type !== 'message' || format === undefined) return item
    const message = item as MessageItem
    return typeof message.content === 'string'
      ? { ...message, content: whole(message.content, format) }
      : { ...message, content: message.content.map((one: MessagePart) => part(one)) }
  }

  function one(event: PivotEvent): PivotEvent[] {
    switch (event.type) {
      case 'response.output_text.delta': {
        if (format === undefined) return [event]
        const escaped = stream(`${event.output_index} ${event.content_index}`, format).push(event.escaped)
        // Log probabilities are those of other words now.
        const { logprobs: _, ...told } = event
        return escaped === '' ? [] : [{ ...told, escaped }]
      }
      case 'response.output_text.done': {
        if (format === undefined) return [event]
        const { logprobs: _, text, ...told } = event
        const { item_id, output_index, content_index } = event
        const escaped = rest(`${output_index} ${content_index}`)
        const done: PivotEvent = { ...told, text: whole(text, format) }
        return escaped === ''
          ? [done]
          : [{ type: 'response.output_text.delta', item_id, output_index, content_index, escaped }, done]
      }
      case 'response.content_part.added':
      case 'response.content_part.done':
        return [{ ...event, part: part(event.part) }]
      case 'response.output_item.added':
      case 'response.output_item.done': {
        if (event.item.type === 'function_call') {
          const call = event.item as FunctionCallItem
          const by = tools.get(toolKey(call.namespace, call.name))
          if (by !== undefined) calls.set(event.output_index, by)
        }
        return [{ ...event, item: restoredItem(event.item) }]
      }
      case 'response.function_call_arguments.delta': {
        const by = calls.get(event.output_index)
        if (by === undefined) return [event]
        const escaped = stream(`${event.output_index}`, by).push(event.escaped)
        return escaped === '' ? [] : [{ ...event, escaped }]
      }
      case 'response.function_call_arguments.done': {
        const by = calls.get(event.output_index)
        if (by === undefined) return [event]
        const { item_id, output_index } = event
        const escaped = rest(`${output_index}`)
        const done: PivotEvent = { ...event, arguments: whole(event.arguments, by) }
        return escaped === ''
          ? [done]
          : [{ type: 'response.function_call_arguments.delta', item_id, output_index, escaped }, done]
      }
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed': {
        const output = (event.response.output ?? []).map(restoredItem)
        const response: PivotResponse = { ...event.response, output }
        return [{ ...event, response }]
      }
      case 'other':
        return event.name === '' ? [] : [event]
      default:
        return [event]
    }
  }

  return (events) => events.flatMap(one).map(withoutFrame)
}

function withoutFrame(event: PivotEvent): PivotEvent {
  if (event.frame === undefined) return event
  const { frame: _, ...told } = event
  return told
}
