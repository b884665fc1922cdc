import { deltaText, type PivotEvent } from './events.js'
import { isKnownItem, type MessagePart, type PivotItem } from './items.js'
import type { PivotResponse } from './response.js'

export interface ResponseReducer {
  push(events: readonly PivotEvent[]): void
  /** The response so far: complete after a terminal event, `in_progress` before. */
  response(): PivotResponse
  readonly ended: boolean
}

interface Slot {
  item: PivotItem
  done: boolean
  /** Text of parts that have only been told in deltas, by kind and index. */
  pieces: Map<string, string[]>
}

/**
 * Folds a stream of events into the response they tell.
 *
 * `output_item.done` is authoritative; before it comes, deltas are kept. A terminal event brings status, usage and error; its `output` is
 * used only for items that no event told, because the Codex backend leaves it empty. Items are known by
 * their place (`output_index`), not by their id: some upstreams change ids on the way.
 */
export function responseReducer(): ResponseReducer {
  const slots = new Map<number, Slot>()
  let base: PivotResponse = { id: '', status: 'in_progress', output: [] }
  let ended = false

  function slot(at: number): Slot {
    let found = slots.get(at)
    if (found === undefined) {
      found = { item: { type: 'message', role: 'assistant', content: [] }, done: false, pieces: new Map() }
      slots.set(at, found)
    }
    return found
  }

  function add(at: number, kind: string, index: number, text: string): void {
    const { done, pieces } = slot(at)
    if (done) return
    const key = `${kind} ${index}`
    const list = pieces.get(key)
    if (list === undefined) pieces.set(key, [text])
    else list.push(text)
  }

  function one(event: PivotEvent): void {
    switch (event.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        base = { ...base, ...event.response, output: [] }
        return
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        base = {
          ...base,
          ...event.response,
          status: event.response.status ?? statusOf(event.type),
          output: event.response.output ?? [],
        }
        ended = true
        return
      case 'response.output_item.added':
        if (!slots.get(event.output_index)?.done) {
          slots.set(event.output_index, { item: event.item, done: false, pieces: new Map() })
        }
        return
      case 'response.output_item.done':
        slots.set(event.output_index, { item: event.item, done: true, pieces: new Map() })
        return
      case 'response.output_text.delta':
        return add(event.output_index, 'output_text', event.content_index, deltaText(event))
      case 'response.refusal.delta':
        return add(event.output_index, 'refusal', event.content_index, deltaText(event))
      case 'response.reasoning_text.delta':
        return add(event.output_index, 'reasoning_text', event.content_index, deltaText(event))
      case 'response.reasoning_summary_text.delta':
        return add(event.output_index, 'summary_text', event.summary_index, deltaText(event))
      case 'response.function_call_arguments.delta':
        return add(event.output_index, 'arguments', 0, deltaText(event))
      case 'response.custom_tool_call_input.delta':
        return add(event.output_index, 'input', 0, deltaText(event))
      case 'error':
        base = {
          ...base,
          status: 'failed',
          error: { code: event.code ?? null, message: event.message },
        }
        ended = true
        return
      default:
        // The `.done` events and part events repeat what deltas or the finished item say.
        return
    }
  }

  return {
    push(events) {
      for (const event of events) one(event)
    },
    response() {
      const told = [...slots.keys()].sort((a, b) => a - b)
      const output = told.map((at) => whole(slots.get(at)))
      // What the terminal event knows beyond the events, by place.
      for (let at = output.length; at < base.output.length; at++) {
        const item = base.output[at]
        if (item !== undefined && told.length <= at) output.push(item)
      }
      return { ...base, output }
    },
    get ended() {
      return ended
    },
  }
}

function statusOf(type: string): NonNullable<PivotResponse['status']> {
  return type === 'response.completed' ? 'completed' : type === 'response.incomplete' ? 'incomplete' : 'failed'
}

/** The finished item, or the begun one with what its deltas have told. */
function whole(slot: Slot | undefined): PivotItem {
  if (slot === undefined) return { type: 'message', role: 'assistant', content: [] }
  if (slot.done || slot.pieces.size === 0) return slot.item
  const item = slot.item
  const pieces = (kind: string): string[] =>
    [...slot.pieces]
      .filter(([key]) => key.startsWith(`${kind} `))
      .sort(([a], [b]) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]))
      .map(([, texts]) => texts.join(''))
  if (!isKnownItem(item)) return item
  switch (item.type) {
    case 'message': {
      const content: MessagePart[] = [
        ...pieces('output_text').map((text) => ({ type: 'output_text' as const, text, annotations: [] })),
        ...pieces('refusal').map((refusal) => ({ type: 'refusal' as const, refusal })),
      ]
      return { ...item, content }
    }
    case 'reasoning':
      return {
        ...item,
        summary: pieces('summary_text').map((text) => ({ type: 'summary_text', text })),
        ...(pieces('reasoning_text').length === 0
          ? {}
          : { content: pieces('reasoning_text').map((text) => ({ type: 'reasoning_text' as const, text })) }),
      }
    case 'function_call':
      return { ...item, arguments: pieces('arguments').join('') }
    case 'custom_tool_call':
      return { ...item, input: pieces('input').join('') }
    default:
      return item
  }
}
