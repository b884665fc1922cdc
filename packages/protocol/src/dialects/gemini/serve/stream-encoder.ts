import type { ReplyMeta, StreamEncoder } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import {
  escapeText,
  isKnownItem,
  matchItems,
  type CustomToolCallItem,
  type FunctionCallItem,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
} from '../../../pivot/index.js'
import { given } from '../../json.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { Told } from '../../told.js'
import { geminiError } from '../errors.js'
import { finishReason } from '../finish-reason.js'
import { geminiUsage } from '../usage.js'
import { BETWEEN_TEXTS, geminiFields, type GeminiPart } from '../wire.js'
import { callPart, picturePart, Signatures, thoughtPart, wholePart } from './answer-parts.js'
import { candidateFields, partsOf } from './encode-response.js'
import { createTime, noteLosses, replyStyle, responseId } from './reply-style.js'

/**
 * Pivot events in, `GenerateContentResponse` chunks out: as server-sent events with `alt=sse`, else as one JSON array.
 *
 * Texts and thoughts go out as they come; a call, a picture and the grounding are told whole. Calls keep the order in which they began.
 * Source: Gemini API reference, `streamGenerateContent`; recorded streams.
 */
export function streamEncoder(about: ReplyMeta): StreamEncoder {
  const { array: asArray = false, hideThoughts } = replyStyle(about.request)
  const model = escapeText(about.model)
  const signatures = new Signatures()
  /** By place: what was begun, whether its text went out, whether it is over. */
  const slots = new Map<number, Slot>()
  /** Calls that wait for an earlier one to be complete; undefined while a call is not. */
  const calls = new Map<number, (FunctionCallItem | CustomToolCallItem) | undefined>()
  let id = about.requestId
  let after = ''
  let chunks = 0
  let refused = false
  let verbatim: boolean | undefined
  let over = false

  function frame(json: string): string {
    if (!asArray) return `data: ${json}\n\n`
    return `${chunks++ === 0 ? '[' : ',\r\n'}${json}`
  }

  const chunk = (part: string): string =>
    frame(`{"candidates":[{"content":{"parts":[${part}],"role":"model"},"index":0}]${after}`)

  function identify(response: PivotResponse): void {
    id = responseId(response, about)
    after = `,"modelVersion":"${model}","responseId":"${escapeText(id)}"}`
  }
  identify({ id: '', output: [] })

  const whole = (part: GeminiPart): string => chunk(JSON.stringify(part))

  function slotOf(at: number, item: PivotItem) {
    const known = slots.get(at)
    if (known !== undefined) return known
    const slot: Slot = { item, told: false, whole: false, over: false, part: -1, texts: new Map() }
    slots.set(at, slot)
    return slot
  }

  function text(at: number, part: number, escaped: string): string {
    const slot = slotOf(at, { type: 'message', role: 'assistant', content: [] })
    if (slot.over) return ''
    const known = slot.texts.get(part) ?? new Told()
    slot.texts.set(part, known)
    known.add({ escaped })
    return tell(at, escaped)
  }

  /** What of a finished text no delta has told. */
  function restOf(at: number, slot: Slot, part: number, whole: string): string {
    const rest = (slot.texts.get(part) ?? new Told()).rest(whole)
    return rest === '' ? '' : tell(at, rest)
  }

  function tell(at: number, escaped: string): string {
    const { thoughtSignature } = signatures.empty ? {} : signatures.take(undefined, at)
    if (thoughtSignature === undefined) return chunk(`{"text":"${escaped}"}`)
    return chunk(`{"text":"${escaped}","thoughtSignature":${JSON.stringify(thoughtSignature)}}`)
  }

  function thought(at: number, part: number, escaped: string): string {
    const slot = slotOf(at, { type: 'reasoning', summary: [] })
    if (slot.over) return ''
    const next = slot.told && slot.part !== part
    slot.told = true
    slot.part = part
    if (hideThoughts === true) return ''
    return chunk(`{"text":"${next ? escapeText(BETWEEN_TEXTS) : ''}${escaped}","thought":true}`)
  }

  function begun(at: number, item: PivotItem): string {
    const slot = slotOf(at, item)
    slot.item = item
    if (item.type === 'function_call' || item.type === 'custom_tool_call') calls.set(at, calls.get(at))
    return ''
  }

  /** All that a call says, though it may not be over yet. */
  function callTold(at: number, said: { arguments: string } | { input: string }): string {
    const slot = slots.get(at)
    if (slot !== undefined && !slot.over && calls.has(at)) {
      slot.item = { ...slot.item, ...said }
      slot.whole = true
    }
    return ''
  }

  /** Calls in the order in which they began, as far as they are complete. */
  function completeCalls(): string {
    let out = ''
    for (const [at, call] of calls) {
      if (call === undefined) break
      calls.delete(at)
      const part = callPart(call, about)
      if (part !== undefined) out += whole({ ...part, ...signatures.take(call, at) })
    }
    return out
  }

  function done(at: number, item: PivotItem): string {
    const slot = slotOf(at, item)
    if (slot.over) return ''
    slot.over = true
    slot.item = item
    if (!isKnownItem(item)) {
      const part = wholePart(item)
      if (part !== undefined) return whole(part)
      noteLosses(item, about)
      return ''
    }
    switch (item.type) {
      case 'message':
        return partsOf(item)
          .map((part, index) => {
            if (part.type === 'output_text') return restOf(at, slot, index, part.text)
            if (part.type !== 'refusal') return ''
            refused = true
            return restOf(at, slot, index, part.refusal)
          })
          .join('')
      case 'reasoning': {
        signatures.hear(item, at)
        const part = hideThoughts === true ? undefined : thoughtPart(item, slot.told ? '' : undefined)
        return part === undefined ? '' : whole(part)
      }
      case 'function_call':
      case 'custom_tool_call':
        calls.set(at, item)
        return completeCalls()
      case 'image_generation_call': {
        const part = picturePart(item)
        return part === undefined ? '' : whole({ ...part, ...signatures.take(item, at) })
      }
      default:
        return ''
    }
  }

  /** Items that stand nowhere but in the response that ends the stream. */
  function untold(response: PivotResponse): string {
    const places = [...slots.keys()]
    const match = matchItems(
      [...slots.values()].map(({ item }) => item),
      response.output,
    )
    let out = ''
    response.output.forEach((item, index) => {
      const at = places[match[index] ?? -1]
      out += done(at ?? (slots.has(index) ? NUMBERED_ANEW + index : index), item)
    })
    return out
  }

  function finish(response: PivotResponse): string {
    identify(response)
    let out = untold(response)
    // A call that nobody ended was cut, unless its arguments were told to their end.
    for (const [at, call] of calls) {
      const slot = slots.get(at)
      if (call !== undefined || slot === undefined) continue
      out += done(at, slot.whole ? slot.item : ({ ...slot.item, status: 'incomplete' } as PivotItem))
    }
    const output = response.output.length > 0 ? response.output : [...slots.values()].map(({ item }) => item)
    const last = signatures.empty ? '{"text":""}' : JSON.stringify({ text: '', ...signatures.take() })
    const candidate = {
      finishReason: finishReason(response, refused || hasRefusal(output)),
      index: 0,
      ...candidateFields({ ...response, output }),
    }
    const beside = given({
      promptFeedback: geminiFields(response)['promptFeedback'],
      usageMetadata: geminiUsage(response),
      createTime: createTime(about),
    })
    const told = `,${JSON.stringify(beside).slice(1, -1)}`
    out += frame(
      `{"candidates":[{"content":{"parts":[${last}],"role":"model"},${JSON.stringify(candidate).slice(1)}]${told}${after}`,
    )
    over = true
    return asArray ? `${out}]` : out
  }

  function fail(failure: Failure): string {
    if (over) return ''
    over = true
    const told = JSON.stringify({ error: geminiError(failure) })
    return asArray ? `${frame(told)}]` : frame(told)
  }

  function encode(event: PivotEvent): string {
    switch (event.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        identify(event.response)
        return ''
      case 'response.output_text.delta':
        return text(event.output_index, event.content_index, event.escaped)
      case 'response.refusal.delta':
        refused = true
        return text(event.output_index, event.content_index, event.escaped)
      case 'response.reasoning_text.delta':
        return thought(event.output_index, -2 - event.content_index, event.escaped)
      case 'response.reasoning_summary_text.delta':
        return thought(event.output_index, event.summary_index, event.escaped)
      case 'response.function_call_arguments.done':
        return callTold(event.output_index, { arguments: event.arguments })
      case 'response.custom_tool_call_input.done':
        return callTold(event.output_index, { input: event.input })
      case 'response.output_item.added':
        return begun(event.output_index, event.item)
      case 'response.output_item.done':
        return done(event.output_index, event.item)
      case 'response.completed':
      case 'response.incomplete':
        return finish(event.response)
      case 'response.failed':
      case 'error': {
        const failure = openaiResponses.call.failureOf(event)
        return failure === undefined ? '' : fail(failure)
      }
      default:
        // Argument deltas, part events and annotations are told again by the finished item.
        return ''
    }
  }

  /** The event's frame as the upstream sent it; an error is told anew. */
  function relayed(event: PivotEvent): string {
    if (event.type === 'error' || event.type === 'response.failed') return encode(event)
    if (event.type === 'response.completed' || event.type === 'response.incomplete') over = true
    return event.frame ?? ''
  }

  return {
    ...(asArray ? { contentType: 'application/json; charset=utf-8' } : {}),
    push(events) {
      let out = ''
      for (const event of events) {
        if (over && verbatim !== true) break
        // Frames of an upstream are events; an array is written anew.
        verbatim ??= event.frame !== undefined && !asArray
        out += verbatim ? relayed(event) : encode(event)
      }
      return out
    },
    // In an array white space is all that may come between two values, and before the first.
    heartbeat: () => (over ? '' : asArray ? '\n' : ': hb\n\n'),
    fail,
  }
}

/** What was begun: whether its thoughts or texts went out, how much of them, and whether it is over. */
interface Slot {
  item: PivotItem
  told: boolean
  /** The arguments of a call are known to their end. */
  whole: boolean
  over: boolean
  part: number
  texts: Map<number, Told>
}

/** Beyond every place that a stream uses. */
const NUMBERED_ANEW = 1_000_000

function hasRefusal(output: readonly PivotItem[]): boolean {
  return output.some(
    (item) =>
      isKnownItem(item) &&
      item.type === 'message' &&
      Array.isArray(item.content) &&
      item.content.some(({ type }) => type === 'refusal'),
  )
}
