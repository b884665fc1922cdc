import type { ReplyMeta, StreamEncoder } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import {
  escapeText,
  isKnownItem,
  matchItems,
  type MessageItem,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { BETWEEN_MESSAGES, BETWEEN_THOUGHTS } from '../../openai-chat/answer.js'
import { Told } from '../../told.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { errorText } from '../errors.js'
import { endOf } from '../usage.js'
import { formOf, hidesThinking, wantsLogprobs } from '../wire.js'
import { lineTemplate } from './line-template.js'
import { notesOf } from './reply-notes.js'
import { streamCalls } from './stream-calls.js'

/**
 * Pivot events in, lines of JSON out.
 *
 * A delta's text is spliced into a prebuilt line as it came, still escaped. What an upstream tells only at the end of an item, or only in
 * part before it, is told then, once; the last line repeats nothing, because clients add it to the rest. Events that bring the line of
 * an Ollama upstream with them are written as these lines.
 */
export function streamEncoder(about: ReplyMeta): StreamEncoder {
  const line = lineTemplate(about)
  const notes = notesOf(about)
  const calls = streamCalls(line, notes)
  const withLogprobs = wantsLogprobs(about.request)
  const silent = hidesThinking(about.request)
  // A line of `/api/chat`, which is what upstreams are asked, is none of `/api/generate`.
  const relays = formOf(about.request) === 'chat'
  /** Texts by where they stand in the response. */
  const texts = new Map<number, Told>()
  /** The items that were told, or begun, by their place; true when to the end. */
  const items = new Map<number, { item: PivotItem; done: boolean }>()
  /** Decided by the first event: does it bring the line of an Ollama upstream? */
  let verbatim: boolean | undefined
  let over = false
  // Content and thinking are one text each; several items and parts of them are joined.
  let contentItem = -1
  let thoughtPart = -1
  let pictures = 0
  let lastPlace = -1
  let lastTold = new Told()

  function told(place: number): Told {
    if (place === lastPlace) return lastTold
    let found = texts.get(place)
    if (found === undefined) texts.set(place, (found = new Told()))
    lastPlace = place
    lastTold = found
    return found
  }

  /** An item that begins with a delta of its own, as some lean upstreams have it. */
  function begun(outputIndex: number, type: 'message' | 'reasoning'): void {
    if (!items.has(outputIndex)) items.set(outputIndex, { item: { type }, done: false })
  }

  /** One message ends where the next begins; Ollama knows only one, so a blank line tells them apart. */
  function toMessage(outputIndex: number): string {
    if (contentItem === outputIndex) return ''
    const first = contentItem === -1
    contentItem = outputIndex
    begun(outputIndex, 'message')
    return first ? '' : line.text(escapeText(BETWEEN_MESSAGES))
  }

  function toThought(place: number, outputIndex: number): string {
    if (thoughtPart === place) return ''
    const first = thoughtPart === -1
    thoughtPart = place
    begun(outputIndex, 'reasoning')
    return first ? '' : line.thinking(escapeText(BETWEEN_THOUGHTS))
  }

  function said(outputIndex: number, part: number, kind: number, delta: { escaped: string }): string {
    if (delta.escaped === '') return ''
    told(placeOf(outputIndex, part, kind)).add(delta)
    return toMessage(outputIndex)
  }

  function contentRest(outputIndex: number, part: number, kind: number, whole: string): string {
    const rest = told(placeOf(outputIndex, part, kind)).rest(whole)
    return rest === '' ? '' : toMessage(outputIndex) + line.text(rest)
  }

  function refusalRest(outputIndex: number, part: number, whole: string): string {
    if (whole !== '') notes.refusal(`/output/${outputIndex}/content/${part}`)
    return contentRest(outputIndex, part, REFUSAL, whole)
  }

  function thoughtRest(outputIndex: number, part: number, kind: number, whole: string): string {
    if (silent) return ''
    const place = placeOf(outputIndex, part, kind)
    const rest = told(place).rest(whole)
    return rest === '' ? '' : toThought(place, outputIndex) + line.thinking(rest)
  }

  function messageDone(outputIndex: number, item: MessageItem): string {
    if (typeof item.content === 'string') return contentRest(outputIndex, 0, CONTENT, item.content)
    let out = ''
    item.content.forEach((part, index) => {
      if (part.type === 'refusal') out += refusalRest(outputIndex, index, part.refusal)
      if (part.type !== 'output_text') return
      out += contentRest(outputIndex, index, CONTENT, part.text)
      if ((part.annotations ?? []).length > 0) notes.citations(`/output/${outputIndex}/content/${index}`)
    })
    return out
  }

  function reasoningDone(outputIndex: number, item: ReasoningItem): string {
    let out = ''
    item.summary.forEach((part, index) => (out += thoughtRest(outputIndex, index, SUMMARY, part.text)))
    item.content?.forEach((part, index) => (out += thoughtRest(outputIndex, index, REASONING, part.text)))
    return out
  }

  function picture(outputIndex: number, base64: string | null | undefined): string {
    if (typeof base64 !== 'string' || base64 === '') return ''
    pictures++
    if (formOf(about.request) === 'chat' || pictures === 1) return line.picture(escapeText(base64))
    notes.morePictures(`/output/${outputIndex}`)
    return ''
  }

  function itemDone(outputIndex: number, item: PivotItem): string {
    if (items.get(outputIndex)?.done === true) return ''
    items.set(outputIndex, { item, done: true })
    if (!isKnownItem(item)) {
      notes.unknown(item.type, `/output/${outputIndex}`)
      return ''
    }
    switch (item.type) {
      case 'message':
        return messageDone(outputIndex, item)
      case 'reasoning':
        return reasoningDone(outputIndex, item)
      case 'function_call':
      case 'custom_tool_call':
        return calls.done(outputIndex, item)
      case 'image_generation_call':
        return picture(outputIndex, item.result)
      default:
        notes.unknown(item.type, `/output/${outputIndex}`)
        return ''
    }
  }

  /** A lean upstream may tell an item in no other place than the response that ends the stream. */
  function untold(response: PivotResponse): string {
    const output = response.output ?? []
    if (output.length === 0) return ''
    const places = [...items.keys()]
    const match = matchItems(
      places.map((place) => items.get(place)?.item ?? { type: '' }),
      output,
    )
    let out = ''
    output.forEach((item, index) => {
      const at = match[index]
      out += itemDone((at === undefined ? undefined : places[at]) ?? UNTOLD + index, item)
    })
    return out
  }

  function finish(response: PivotResponse): string {
    const out = untold(response) + calls.rest(response.status === 'incomplete')
    over = true
    return out + line.end(endOf(response))
  }

  function fail(failure: Failure): string {
    if (over) return ''
    over = true
    // A text, not an object: official clients throw it as it stands.
    return `${JSON.stringify({ error: errorText(failure) })}\n`
  }

  function encode(event: PivotEvent): string {
    switch (event.type) {
      case 'response.output_text.delta': {
        const opening = said(event.output_index, event.content_index, CONTENT, event)
        if (event.escaped === '') return ''
        return withLogprobs && event.logprobs !== undefined && event.logprobs.length > 0
          ? opening + line.textWithLogprobs(event.escaped, event.logprobs)
          : opening + line.text(event.escaped)
      }
      case 'response.refusal.delta': {
        if (event.escaped === '') return ''
        notes.refusal(`/output/${event.output_index}/content/${event.content_index}`)
        return said(event.output_index, event.content_index, REFUSAL, event) + line.text(event.escaped)
      }
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta': {
        if (event.escaped === '' || silent) return ''
        const place =
          event.type === 'response.reasoning_text.delta'
            ? placeOf(event.output_index, event.content_index, REASONING)
            : placeOf(event.output_index, event.summary_index, SUMMARY)
        told(place).add(event)
        return toThought(place, event.output_index) + line.thinking(event.escaped)
      }
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        calls.piece(event.output_index, event)
        return ''
      case 'response.function_call_arguments.done':
        calls.whole(event.output_index, event.arguments)
        return ''
      case 'response.custom_tool_call_input.done':
        calls.whole(event.output_index, event.input)
        return ''
      case 'response.output_item.added': {
        const { item, output_index } = event
        if (!items.has(output_index)) items.set(output_index, { item, done: false })
        if (isKnownItem(item) && (item.type === 'function_call' || item.type === 'custom_tool_call')) {
          calls.begin(output_index, item)
        }
        return ''
      }
      case 'response.output_item.done':
        return itemDone(event.output_index, event.item)
      case 'response.output_text.done':
        return contentRest(event.output_index, event.content_index, CONTENT, event.text)
      case 'response.refusal.done':
        return refusalRest(event.output_index, event.content_index, event.refusal)
      case 'response.reasoning_summary_text.done':
        return thoughtRest(event.output_index, event.summary_index, SUMMARY, event.text)
      case 'response.reasoning_text.done':
        return thoughtRest(event.output_index, event.content_index, REASONING, event.text)
      case 'response.output_text.annotation.added':
        notes.citations(`/output/${event.output_index}/content/${event.content_index}`)
        return ''
      case 'response.completed':
      case 'response.incomplete':
        return finish({
          ...event.response,
          status: event.type === 'response.incomplete' ? 'incomplete' : (event.response.status ?? 'completed'),
        })
      case 'response.failed':
      case 'error': {
        const failure = openaiResponses.call.failureOf(event)
        return failure === undefined ? '' : fail(failure)
      }
      default:
        // Handshakes, part markers, partial pictures and unknown events have no line.
        return ''
    }
  }

  /** The event's line as the Ollama upstream sent it. */
  function relayed(event: PivotEvent): string {
    if (event.type === 'error' || event.type === 'response.failed') return encode(event)
    over = event.type === 'response.completed' || event.type === 'response.incomplete'
    return event.frame ?? ''
  }

  return {
    contentType: 'application/x-ndjson',
    push(events) {
      let out = ''
      for (const event of events) {
        if (over) break
        verbatim ??= relays && event.frame !== undefined
        out += verbatim ? relayed(event) : encode(event)
      }
      return out
    },
    heartbeat: () => (over ? '' : line.text('')),
    fail,
  }
}

const CONTENT = 0
const REFUSAL = 1
const SUMMARY = 2
const REASONING = 3

/** Places of items that no event told, beyond all that events may tell. */
const UNTOLD = 1 << 20

/** One number for a text's place: no string is made for a delta. */
function placeOf(outputIndex: number, part: number, kind: number): number {
  return (outputIndex * 1024 + part) * 4 + kind
}
