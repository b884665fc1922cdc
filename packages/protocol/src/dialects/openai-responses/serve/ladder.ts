import type { ReplyMeta } from '../../../dialect.js'
import { unreachable } from '../../../dialect.js'
import { escapeText, matchItems, type PivotEvent, type PivotItem, type PivotResponse } from '../../../pivot/index.js'
import { callCarrier } from './carried-reasoning.js'
import {
  asTold,
  CUSTOM_CALL,
  emptied,
  emptyPart,
  FUNCTION_CALL,
  itemFor,
  type PartKind,
  type ToldPart,
} from './partial-items.js'
import { itemId, wholeItem, wholePart, wholeResponse } from './response-resource.js'

type Json = Record<string, unknown>

interface Part extends ToldPart {
  slot: Slot
  /** A delta's fields up to its text, and what follows it. */
  before: string
  after: string
  textDone: boolean
  done: boolean
}

interface Slot {
  at: number
  id: string
  /** The id as it stands between quotes. */
  escapedId: string
  item: PivotItem
  done: boolean
  parts: Map<string, Part>
  /** Deltas of arguments or of a custom tool's input, still escaped. */
  input: string[]
  inputDone: boolean
}

/** Writes one event; the sequence number comes after the type. */
export type WriteEvent = (type: string, fields: string) => string

/**
 * Makes a legal Responses stream of any pivot events: what a foreign upstream leaves out (the handshake, an item's beginning,
 * the parts around a text, the ends) is put in where it belongs, and nothing is told twice.
 * Source of the order: Open Responses, streaming; recorded OpenAI streams.
 */
export function ladder(about: ReplyMeta, write: WriteEvent) {
  const slots = new Map<number, Slot>()
  /** The part that the last delta belonged to; most often the next one does too. */
  let current: Part | undefined
  let begun = false
  let base: PivotResponse = { id: '', output: [] }

  const json = (type: string, fields: Json): string => write(type, JSON.stringify(fields).slice(1, -1))
  const lifecycle = (type: string, response: PivotResponse): string =>
    json(type, { response: wholeResponse(response, about) })

  function begin(): string {
    if (begun) return ''
    begun = true
    const response: PivotResponse = { ...base, status: 'in_progress', output: [], usage: null }
    return lifecycle('response.created', response) + lifecycle('response.in_progress', response)
  }

  function open(at: number, item: PivotItem): [Slot, string] {
    const known = slots.get(at)
    if (known !== undefined) return [known, '']
    const id = itemId(item, about, at)
    const slot: Slot = {
      at,
      id,
      escapedId: escapeText(id),
      item,
      done: false,
      parts: new Map(),
      input: [],
      inputDone: false,
    }
    const out = begin()
    slots.set(at, slot)
    return [slot, out + json('response.output_item.added', { output_index: at, item: emptied(item, slot.id) })]
  }

  function openPart(at: number, slot: Slot, kind: PartKind, index: number): [Part, string] {
    const key = `${kind} ${index}`
    const known = slot.parts.get(key)
    if (known !== undefined) return [known, '']
    const part: Part = {
      slot,
      kind,
      index,
      before: `"item_id":"${slot.escapedId}","output_index":${at},"${DELTA[kind].indexName}":${index},"delta":"`,
      after: kind === 'output_text' ? '","logprobs":[]' : '"',
      told: [],
      textDone: false,
      done: false,
    }
    slot.parts.set(key, part)
    return [part, partEvent('added', at, slot, kind, index, emptyPart(kind))]
  }

  function partEvent(
    edge: 'added' | 'done',
    at: number,
    slot: Slot,
    kind: PartKind,
    index: number,
    part: Json,
  ): string {
    return kind === 'summary_text'
      ? json(`response.reasoning_summary_part.${edge}`, {
          item_id: slot.id,
          output_index: at,
          summary_index: index,
          part,
        })
      : json(`response.content_part.${edge}`, { item_id: slot.id, output_index: at, content_index: index, part })
  }

  function delta(at: number, kind: PartKind, index: number, escaped: string, logprobs?: unknown[]): string {
    const type = DELTA[kind].deltaType
    if (current?.slot.at === at && current.kind === kind && current.index === index && logprobs === undefined) {
      if (current.slot.done) return ''
      current.told.push(escaped)
      return write(type, current.before + escaped + current.after)
    }
    const [slot, first] = open(at, itemFor(kind))
    if (slot.done) return first
    const [part, second] = openPart(at, slot, kind, index)
    current = part
    part.told.push(escaped)
    const after = logprobs === undefined ? part.after : `","logprobs":${JSON.stringify(logprobs)}`
    return first + second + write(type, part.before + escaped + after)
  }

  function endText(at: number, slot: Slot, kind: PartKind, index: number, text: string, logprobs?: unknown[]): string {
    const [part, out] = openPart(at, slot, kind, index)
    if (part.textDone) return out
    part.textDone = true
    const { type, indexName, field } = DELTA[kind]
    // A text that came without deltas is told as one, so that clients which only follow deltas see it.
    const whole = part.told.length === 0 && text !== '' ? delta(at, kind, index, escapeText(text)) : ''
    return (
      out +
      whole +
      json(`${type}.done`, {
        item_id: slot.id,
        output_index: at,
        [indexName]: index,
        [field]: text,
        ...(kind === 'output_text' ? { logprobs: logprobs ?? [] } : {}),
      })
    )
  }

  function endPart(at: number, slot: Slot, kind: PartKind, index: number, part: Json): string {
    const text = String(part[DELTA[kind].partField] ?? '')
    const out = endText(at, slot, kind, index, text)
    const known = slot.parts.get(`${kind} ${index}`)
    if (known === undefined || known.done) return out
    known.done = true
    return out + partEvent('done', at, slot, kind, index, wholePart({ ...emptyPart(kind), ...part }))
  }

  function inputDelta(at: number, item: PivotItem, type: string, escaped: string): string {
    const [slot, out] = open(at, item)
    if (slot.done) return out
    slot.input.push(escaped)
    return out + write(`${type}.delta`, `"item_id":"${slot.escapedId}","output_index":${at},"delta":"${escaped}"`)
  }

  function endInput(at: number, item: PivotItem, type: string, field: string, text: string): string {
    const [slot, out] = open(at, item)
    if (slot.inputDone) return out
    slot.inputDone = true
    const whole = slot.input.length === 0 && text !== '' ? inputDelta(at, item, type, escapeText(text)) : ''
    return out + whole + json(`${type}.done`, { item_id: slot.id, output_index: at, [field]: text })
  }

  /** Everything of the item that was not told yet, then its end. */
  function endItem(at: number, item: PivotItem): string {
    const [slot, first] = open(at, item)
    if (slot.done) return first
    let out = first
    const whole = wholeItem(item, slot.id)
    if (item.type === 'message') {
      ;(whole['content'] as Json[]).forEach((part, index) => {
        if (part['type'] === 'output_text' || part['type'] === 'refusal')
          out += endPart(at, slot, part['type'], index, part)
      })
    } else if (item.type === 'reasoning') {
      ;((whole['summary'] ?? []) as Json[]).forEach(
        (part, index) => (out += endPart(at, slot, 'summary_text', index, part)),
      )
      ;((whole['content'] ?? []) as Json[]).forEach(
        (part, index) => (out += endPart(at, slot, 'reasoning_text', index, part)),
      )
    } else if (item.type === 'function_call') {
      out += endInput(at, item, 'response.function_call_arguments', 'arguments', String(whole['arguments'] ?? ''))
    } else if (item.type === 'custom_tool_call') {
      out += endInput(at, item, 'response.custom_tool_call_input', 'input', String(whole['input'] ?? ''))
    }
    slot.done = true
    slot.item = item
    return out + json('response.output_item.done', { output_index: at, item: whole })
  }

  /** The end of the response; items that were begun and never finished end as the response knows them, or as far as they were told. */
  function end(type: string, response: PivotResponse): string {
    let out = begin()
    const told = [...slots.values()]
    const status = response.status ?? STATUS[type] ?? 'failed'
    const match = matchItems(
      told.map(({ item }) => item),
      response.output,
    )
    told.forEach((slot, index) => {
      if (slot.done) return
      const cut = status === 'completed' ? 'completed' : 'incomplete'
      const known = response.output[match.indexOf(index)]
      out += endItem(slot.at, known ?? asTold(slot.item, [...slot.parts.values()], slot.input, cut))
    })
    // What the end knows beyond the events goes behind them; the places of told items may have gaps.
    let next = Math.max(-1, ...slots.keys()) + 1
    response.output.forEach((item, place) => {
      if (match[place] === undefined) out += endItem(next++, item)
    })
    const carrier = callCarrier([...slots.values()].map(({ item }) => item))
    if (carrier !== undefined) out += endItem(next, carrier)
    const output = [...slots].sort(([a], [b]) => a - b).map(([, slot]) => ({ ...slot.item, id: slot.id }) as PivotItem)
    return out + lifecycle(type, { ...base, ...response, id: response.id || base.id, status, output })
  }

  function encode(event: PivotEvent): string {
    switch (event.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        base = { ...base, ...event.response, id: event.response.id || base.id, output: [] }
        return begin()
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return end(event.type, event.response)
      case 'response.output_item.added':
        return open(event.output_index, event.item)[1]
      case 'response.output_item.done':
        return endItem(event.output_index, event.item)
      case 'response.content_part.added': {
        const kind = kindOf(event.part.type)
        if (kind === undefined) return ''
        const [slot, out] = open(event.output_index, itemFor(kind))
        return slot.done ? out : out + openPart(event.output_index, slot, kind, event.content_index)[1]
      }
      case 'response.content_part.done': {
        const kind = kindOf(event.part.type)
        const slot = slots.get(event.output_index)
        if (kind === undefined || slot === undefined || slot.done) return ''
        return endPart(event.output_index, slot, kind, event.content_index, event.part)
      }
      case 'response.reasoning_summary_part.added': {
        const [slot, out] = open(event.output_index, itemFor('summary_text'))
        return slot.done ? out : out + openPart(event.output_index, slot, 'summary_text', event.summary_index)[1]
      }
      case 'response.reasoning_summary_part.done': {
        const slot = slots.get(event.output_index)
        if (slot === undefined || slot.done) return ''
        return endPart(event.output_index, slot, 'summary_text', event.summary_index, event.part)
      }
      case 'response.output_text.delta':
        return delta(event.output_index, 'output_text', event.content_index, event.escaped, event.logprobs)
      case 'response.refusal.delta':
        return delta(event.output_index, 'refusal', event.content_index, event.escaped)
      case 'response.reasoning_text.delta':
        return delta(event.output_index, 'reasoning_text', event.content_index, event.escaped)
      case 'response.reasoning_summary_text.delta':
        return delta(event.output_index, 'summary_text', event.summary_index, event.escaped)
      case 'response.output_text.done':
        return textDone(event.output_index, 'output_text', event.content_index, event.text, event.logprobs)
      case 'response.refusal.done':
        return textDone(event.output_index, 'refusal', event.content_index, event.refusal)
      case 'response.reasoning_text.done':
        return textDone(event.output_index, 'reasoning_text', event.content_index, event.text)
      case 'response.reasoning_summary_text.done':
        return textDone(event.output_index, 'summary_text', event.summary_index, event.text)
      case 'response.output_text.annotation.added': {
        const [slot, out] = open(event.output_index, itemFor('output_text'))
        if (slot.done) return out
        const { type: _, frame: __, ...fields } = event
        return (
          out +
          openPart(event.output_index, slot, 'output_text', event.content_index)[1] +
          json(event.type, { ...fields, item_id: slot.id })
        )
      }
      case 'response.function_call_arguments.delta':
        return inputDelta(event.output_index, FUNCTION_CALL, 'response.function_call_arguments', event.escaped)
      case 'response.function_call_arguments.done':
        return endInput(
          event.output_index,
          FUNCTION_CALL,
          'response.function_call_arguments',
          'arguments',
          event.arguments,
        )
      case 'response.custom_tool_call_input.delta':
        return inputDelta(event.output_index, CUSTOM_CALL, 'response.custom_tool_call_input', event.escaped)
      case 'response.custom_tool_call_input.done':
        return endInput(event.output_index, CUSTOM_CALL, 'response.custom_tool_call_input', 'input', event.input)
      case 'response.image_generation_call.partial_image': {
        const [slot, out] = open(event.output_index, {
          type: 'image_generation_call',
          status: 'in_progress',
          result: null,
        })
        const { type: _, frame: __, ...fields } = event
        return out + json(event.type, { ...fields, item_id: slot.id })
      }
      case 'error':
        return end('response.failed', {
          id: base.id,
          status: 'failed',
          output: [],
          error: { code: event.code ?? 'server_error', message: event.message },
        })
      case 'other':
        return event.name === '' || event.data === undefined
          ? ''
          : begin() + json(event.name, withoutEnvelope(event.data))
      default:
        return unreachable(event)
    }
  }

  function textDone(at: number, kind: PartKind, index: number, text: string, logprobs?: unknown[]): string {
    const [slot, out] = open(at, itemFor(kind))
    return slot.done ? out : out + endText(at, slot, kind, index, text, logprobs)
  }

  return { encode, end, begin }
}

const DELTA = {
  output_text: {
    type: 'response.output_text',
    deltaType: 'response.output_text.delta',
    indexName: 'content_index',
    field: 'text',
    partField: 'text',
  },
  refusal: {
    type: 'response.refusal',
    deltaType: 'response.refusal.delta',
    indexName: 'content_index',
    field: 'refusal',
    partField: 'refusal',
  },
  reasoning_text: {
    type: 'response.reasoning_text',
    deltaType: 'response.reasoning_text.delta',
    indexName: 'content_index',
    field: 'text',
    partField: 'text',
  },
  summary_text: {
    type: 'response.reasoning_summary_text',
    deltaType: 'response.reasoning_summary_text.delta',
    indexName: 'summary_index',
    field: 'text',
    partField: 'text',
  },
} as const

const STATUS: Readonly<Record<string, NonNullable<PivotResponse['status']>>> = {
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
}

function kindOf(type: string): PartKind | undefined {
  return type === 'output_text' || type === 'refusal' || type === 'reasoning_text' ? type : undefined
}

function withoutEnvelope(data: Json): Json {
  const { type: _, sequence_number: __, ...rest } = data
  return rest
}
