import { deltaText, type PivotEvent } from './events.js'
import { isKnownItem, type MessagePart, type PivotItem } from './items.js'
import { matchItems } from './match-items.js'
import type { PivotResponse } from './response.js'

export interface ResponseReducer {
  push(events: readonly PivotEvent[]): void
  /** The response so far: complete after a terminal event, `in_progress` before. */
  response(): PivotResponse
  readonly ended: boolean
}

type Kind = 'output_text' | 'refusal' | 'reasoning_text' | 'summary_text' | 'arguments' | 'input'

/** One text of an unfinished item. */
interface Told {
  kind: Kind
  index: number
  /** Deltas, still escaped: one parse for all of them is cheaper than one for each. */
  pieces: string[]
  /** What a `.done` event said the text is. */
  whole?: string
}

interface Slot {
  /** As it was added; a guess by the first delta when it never was. */
  item: PivotItem
  done: boolean
  told: Told[]
}

/**
 * Folds a stream of events into the response they tell.
 *
 * `output_item.done` is authoritative; before it comes, deltas are kept. A terminal event brings status, usage and error; its `output` is
 * used only for items that no event finished, because the Codex backend leaves it empty. Items are known by
 * their place (`output_index`), not by their id: some upstreams change ids on the way.
 */
export function responseReducer(): ResponseReducer {
  const slots = new Map<number, Slot>()
  let base: PivotResponse = { id: '', status: 'in_progress', output: [] }
  let ended = false

  function slotFor(at: number, kind: Kind): Slot {
    let found = slots.get(at)
    if (found === undefined) {
      found = { item: itemFor(kind), done: false, told: [] }
      slots.set(at, found)
    }
    return found
  }

  function toldFor(slot: Slot, kind: Kind, index: number): Told {
    let found = slot.told.find((text) => text.kind === kind && text.index === index)
    if (found === undefined) {
      found = { kind, index, pieces: [] }
      slot.told.push(found)
    }
    return found
  }

  function added(at: number, item: PivotItem): void {
    const known = slots.get(at)
    if (known === undefined) slots.set(at, { item, done: false, told: [] })
    else if (!known.done) known.item = item
  }

  function add(at: number, kind: Kind, index: number, escaped: string): void {
    const slot = slotFor(at, kind)
    if (!slot.done) toldFor(slot, kind, index).pieces.push(escaped)
  }

  function end(at: number, kind: Kind, index: number, text: string): void {
    const slot = slotFor(at, kind)
    if (!slot.done) toldFor(slot, kind, index).whole = text
  }

  function one(event: PivotEvent): void {
    switch (event.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        base = { ...base, ...event.response, id: event.response.id || base.id, output: [] }
        return
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        base = {
          ...base,
          ...event.response,
          id: event.response.id || base.id,
          status: event.response.status ?? STATUS[event.type],
          output: event.response.output ?? [],
        }
        ended = true
        return
      case 'response.output_item.added':
        added(event.output_index, event.item)
        return
      case 'response.output_item.done':
        slots.set(event.output_index, { item: event.item, done: true, told: [] })
        return
      case 'response.output_text.delta':
        return add(event.output_index, 'output_text', event.content_index, event.escaped)
      case 'response.refusal.delta':
        return add(event.output_index, 'refusal', event.content_index, event.escaped)
      case 'response.reasoning_text.delta':
        return add(event.output_index, 'reasoning_text', event.content_index, event.escaped)
      case 'response.reasoning_summary_text.delta':
        return add(event.output_index, 'summary_text', event.summary_index, event.escaped)
      case 'response.function_call_arguments.delta':
        return add(event.output_index, 'arguments', 0, event.escaped)
      case 'response.custom_tool_call_input.delta':
        return add(event.output_index, 'input', 0, event.escaped)
      case 'response.output_text.done':
        return end(event.output_index, 'output_text', event.content_index, event.text)
      case 'response.refusal.done':
        return end(event.output_index, 'refusal', event.content_index, event.refusal)
      case 'response.reasoning_text.done':
        return end(event.output_index, 'reasoning_text', event.content_index, event.text)
      case 'response.reasoning_summary_text.done':
        return end(event.output_index, 'summary_text', event.summary_index, event.text)
      case 'response.function_call_arguments.done':
        return end(event.output_index, 'arguments', 0, event.arguments)
      case 'response.custom_tool_call_input.done':
        return end(event.output_index, 'input', 0, event.input)
      case 'error':
        base = {
          ...base,
          status: 'failed',
          error: {
            code: event.code ?? null,
            message: event.message,
            ...(event.errorType === undefined ? {} : { type: event.errorType }),
            ...(event.param === undefined ? {} : { param: event.param }),
          },
        }
        ended = true
        return
      default:
        // Part events and annotations repeat what the texts or the finished item say.
        return
    }
  }

  return {
    push(events) {
      for (const event of events) one(event)
    },
    response() {
      const told = [...slots].sort(([a], [b]) => a - b).map(([, slot]) => slot)
      return { ...base, output: outputOf(told, base.output) }
    },
    get ended() {
      return ended
    },
  }
}

const STATUS = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
} as const

/** What the events told, and beyond it what only the end knows. */
function outputOf(told: readonly Slot[], last: readonly PivotItem[]): PivotItem[] {
  if (last.length === 0) return told.map(whole)
  const match = matchItems(
    told.map(({ item }) => item),
    last,
  )
  const settled = told.map((slot, at) => {
    const final = slot.done ? undefined : last[match.indexOf(at)]
    return final ?? whole(slot)
  })
  if (match.every((at) => at !== undefined)) return settled
  // Some item stands nowhere but in the end; it gives the order then.
  const rest = settled.filter((_, at) => !match.includes(at))
  return [...last.map((item, place) => settled[match[place] ?? -1] ?? item), ...rest]
}

function itemFor(kind: Kind): PivotItem {
  switch (kind) {
    case 'output_text':
    case 'refusal':
      return { type: 'message', role: 'assistant', content: [] }
    case 'reasoning_text':
    case 'summary_text':
      return { type: 'reasoning', summary: [] }
    case 'arguments':
      return { type: 'function_call', call_id: '', name: '', arguments: '' }
    case 'input':
      return { type: 'custom_tool_call', call_id: '', name: '', input: '' }
  }
}

/** The finished item, or the begun one with what its deltas have told. */
function whole({ item, done, told }: Slot): PivotItem {
  if (done || told.length === 0 || !isKnownItem(item)) return item
  const texts = (...kinds: Kind[]) =>
    told
      .filter(({ kind }) => kinds.includes(kind))
      .sort((a, b) => a.index - b.index)
      .map(({ kind, whole: text, pieces }) => ({ kind, text: text ?? deltaText({ escaped: pieces.join('') }) }))
  switch (item.type) {
    case 'message': {
      const content = texts('output_text', 'refusal').map(({ kind, text }): MessagePart =>
        kind === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', text, annotations: [] },
      )
      return { ...item, content }
    }
    case 'reasoning': {
      const content = texts('reasoning_text').map(({ text }) => ({ type: 'reasoning_text' as const, text }))
      const summary = texts('summary_text').map(({ text }) => ({ type: 'summary_text' as const, text }))
      return {
        ...item,
        ...(summary.length === 0 ? {} : { summary }),
        ...(content.length === 0 ? {} : { content }),
      }
    }
    case 'function_call':
      return { ...item, arguments: texts('arguments')[0]?.text ?? item.arguments }
    case 'custom_tool_call':
      return { ...item, input: texts('input')[0]?.text ?? item.input }
    default:
      return item
  }
}
