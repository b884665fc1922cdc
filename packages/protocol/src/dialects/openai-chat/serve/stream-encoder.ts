import type { ReplyMeta, StreamEncoder } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import {
  escapeText,
  isKnownItem,
  type MessageItem,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { openAiError } from '../../openai-errors.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { BETWEEN_MESSAGES, BETWEEN_THOUGHTS, chatAnnotation, chatImage } from '../answer.js'
import { finishReason } from '../finish-reason.js'
import { CHAT, replyStyle, wantsLogprobs, wantsUsage } from '../origin.js'
import { reasoningDetails } from '../reasoning-details.js'
import { chatUsage } from '../usage.js'
import { USAGE_FRAME } from '../usage-frame.js'
import { given, isSet, type Json, text } from '../../json.js'
import { chunkTemplate, DONE, frame } from './chunk-template.js'
import { streamCalls } from './stream-calls.js'
import { Told } from '../../told.js'

/**
 * Pivot events in, `chat.completion.chunk` frames out.
 *
 * `push` takes what one network read brought and answers with one string to write. A delta's text is spliced into a
 * prebuilt chunk as it came, still escaped. What an upstream tells only at the end of an item, or only in part before it, is
 * told then, once. Events that bring the frame of a chat upstream with them are written as these frames.
 */
export function streamEncoder(about: ReplyMeta): StreamEncoder {
  const style = replyStyle(about.request)
  const withUsage = wantsUsage(about.request)
  const withLogprobs = wantsLogprobs(about.request)
  const chunk = chunkTemplate(about, withUsage)
  const calls = streamCalls(chunk, style)
  /** Texts by where they stand in the response. */
  const texts = new Map<number, Told>()
  /** Output indices and ids of items that were told to their end. */
  const finished = new Set<number | string>()
  /** How many annotations of a part were told before its end. */
  const annotated = new Map<number, number>()
  let spoken = false
  let over = false
  /** Decided by the first event: does it bring the frame of a chat upstream? */
  let verbatim: boolean | undefined
  let closed = false
  // Content, refusal and reasoning are one text each in chat; several items and parts of them are joined.
  let contentLength = 0
  let contentItem = -1
  let thoughtPart = -1
  let detailCount = 0
  const entries = { annotations: 0, images: 0 }
  let lastPlace = -1
  let lastTold = new Told()

  /** OpenAI's own Python library joins the lists of deltas by `index`, and breaks off where an entry has none. */
  function numbered(list: keyof typeof entries): (entry: object) => Json {
    return (entry) => ({ ...entry, index: entries[list]++ })
  }

  function told(place: number): Told {
    if (place === lastPlace) return lastTold
    let found = texts.get(place)
    if (found === undefined) texts.set(place, (found = new Told()))
    lastPlace = place
    lastTold = found
    return found
  }

  function spoke(content: '""' | 'null'): string {
    if (spoken) return ''
    spoken = true
    return chunk.role(content)
  }

  /** One message ends where the next begins; chat knows only one, so a blank line tells them apart. */
  function toMessage(outputIndex: number): string {
    if (contentItem === outputIndex) return ''
    const first = contentItem === -1
    contentItem = outputIndex
    if (first) return spoke('""')
    contentLength += BETWEEN_MESSAGES.length
    return chunk.text(escapeText(BETWEEN_MESSAGES))
  }

  function toThought(place: number): string {
    if (thoughtPart === place) return ''
    const first = thoughtPart === -1
    thoughtPart = place
    return first ? spoke('null') : chunk.reasoning(escapeText(BETWEEN_THOUGHTS))
  }

  function contentRest(outputIndex: number, part: number, whole: string): string {
    const here = told(placeOf(outputIndex, part, CONTENT))
    const before = here.length
    const rest = here.rest(whole)
    if (rest === '') return ''
    const opening = toMessage(outputIndex)
    contentLength += here.length - before
    return opening + chunk.text(rest)
  }

  function refusalRest(outputIndex: number, part: number, whole: string): string {
    const rest = told(placeOf(outputIndex, part, REFUSAL)).rest(whole)
    return rest === '' ? '' : spoke('null') + chunk.refusal(rest)
  }

  function thoughtRest(place: number, whole: string): string {
    if (style.hideReasoning === true) return ''
    const rest = told(place).rest(whole)
    return rest === '' ? '' : toThought(place) + chunk.reasoning(rest)
  }

  function messageDone(outputIndex: number, item: MessageItem): string {
    if (typeof item.content === 'string') return contentRest(outputIndex, 0, item.content)
    let out = ''
    item.content.forEach((part, index) => {
      if (part.type === 'refusal') out += refusalRest(outputIndex, index, part.refusal)
      if (part.type !== 'output_text') return
      out += contentRest(outputIndex, index, part.text)
      const offset = contentLength - part.text.length
      const shown = annotated.get(placeOf(outputIndex, index, CONTENT)) ?? 0
      const rest = (part.annotations ?? []).slice(shown).map((annotation) => chatAnnotation(annotation, offset))
      if (rest.length > 0) out += chunk.delta({ annotations: rest.map(numbered('annotations')) })
    })
    return out
  }
  function reasoningDone(outputIndex: number, item: ReasoningItem): string {
    let out = ''
    item.summary.forEach((part, index) => (out += thoughtRest(placeOf(outputIndex, index, SUMMARY), part.text)))
    item.content?.forEach((part, index) => (out += thoughtRest(placeOf(outputIndex, index, REASONING), part.text)))
    if (style.hideReasoning === true) return out
    const details = reasoningDetails(item, { calls: calls.count, text: contentItem !== -1 }, detailCount)
    detailCount += details.length
    return details.length === 0 ? out : out + spoke('null') + chunk.delta({ reasoning_details: details })
  }

  function itemDone(outputIndex: number, item: PivotItem): string {
    if (finished.has(outputIndex)) return ''
    finished.add(outputIndex)
    for (const id of identities(item)) finished.add(id)
    if (!isKnownItem(item)) return ''
    switch (item.type) {
      case 'message':
        return messageDone(outputIndex, item)
      case 'reasoning':
        return reasoningDone(outputIndex, item)
      case 'function_call':
      case 'custom_tool_call':
        return spoke('null') + calls.done(outputIndex, item)
      case 'image_generation_call': {
        const image = chatImage(item)
        return image === undefined ? '' : spoke('null') + chunk.delta({ images: [image].map(numbered('images')) })
      }
      default:
        return ''
    }
  }

  /** A lean upstream may tell an item in no other place than the response that ends the stream. */
  function untold(response: PivotResponse): string {
    let out = ''
    // A lean upstream leaves `output` out of its last event altogether.
    for (const [index, item] of (response.output ?? []).entries()) {
      if (!identities(item).some((id) => finished.has(id))) out += itemDone(index, item)
    }
    return out
  }

  function finish(response: PivotResponse): string {
    const out = untold(response) + spoke('null')
    const fingerprint = text(response.extra?.[CHAT]?.['system_fingerprint'])
    const beside: Json = {
      ...given({ service_tier: response.service_tier }),
      ...given({ system_fingerprint: fingerprint }),
    }
    const reason = finishReason(response, calls.count > 0, style.legacyFunctions)
    const usage = withUsage && isSet(response.usage) ? chunk.usage(chatUsage(response.usage), beside) : ''
    over = true
    return out + chunk.finish(reason, beside) + usage + DONE
  }

  function fail(failure: Failure): string {
    if (over) return ''
    over = true
    // An error chunk without `choices`, then [DONE]: the one form that every official client reports.
    return frame({ error: openAiError(failure).error }) + DONE
  }

  function encode(event: PivotEvent): string {
    switch (event.type) {
      case 'response.output_text.delta': {
        if (event.escaped === '') return ''
        const here = told(placeOf(event.output_index, event.content_index, CONTENT))
        const before = here.length
        here.add(event)
        const opening = toMessage(event.output_index)
        contentLength += here.length - before
        return withLogprobs && event.logprobs !== undefined && event.logprobs.length > 0
          ? opening + chunk.textWithLogprobs(event.escaped, event.logprobs)
          : opening + chunk.text(event.escaped)
      }
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta': {
        if (event.escaped === '' || style.hideReasoning === true) return ''
        const place =
          event.type === 'response.reasoning_text.delta'
            ? placeOf(event.output_index, event.content_index, REASONING)
            : placeOf(event.output_index, event.summary_index, SUMMARY)
        told(place).add(event)
        return toThought(place) + chunk.reasoning(event.escaped)
      }
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        return calls.piece(event.output_index, event)
      case 'response.refusal.delta':
        if (event.escaped === '') return ''
        told(placeOf(event.output_index, event.content_index, REFUSAL)).add(event)
        return spoke('null') + chunk.refusal(event.escaped)
      case 'response.output_item.added':
        if (!isKnownItem(event.item)) return ''
        if (event.item.type !== 'function_call' && event.item.type !== 'custom_tool_call') return ''
        return spoke('null') + calls.begin(event.output_index, event.item)
      case 'response.output_item.done':
        return itemDone(event.output_index, event.item)
      case 'response.output_text.done':
        return contentRest(event.output_index, event.content_index, event.text)
      case 'response.refusal.done':
        return refusalRest(event.output_index, event.content_index, event.refusal)
      case 'response.reasoning_summary_text.done':
        return thoughtRest(placeOf(event.output_index, event.summary_index, SUMMARY), event.text)
      case 'response.reasoning_text.done':
        return thoughtRest(placeOf(event.output_index, event.content_index, REASONING), event.text)
      case 'response.function_call_arguments.done':
        return calls.whole(event.output_index, event.arguments)
      case 'response.custom_tool_call_input.done':
        return calls.whole(event.output_index, event.input)
      case 'response.output_text.annotation.added': {
        const place = placeOf(event.output_index, event.content_index, CONTENT)
        annotated.set(place, (annotated.get(place) ?? 0) + 1)
        const offset = contentLength - told(place).length
        return (
          toMessage(event.output_index) +
          chunk.delta({ annotations: [chatAnnotation(event.annotation, offset)].map(numbered('annotations')) })
        )
      }
      case 'response.completed':
      case 'response.incomplete':
        return finish(event.response)
      case 'response.failed':
      case 'error': {
        const failure = openaiResponses.call.failureOf(event)
        return failure === undefined ? '' : fail(failure)
      }
      default:
        // Handshakes, summary and part markers, partial pictures and unknown events have no chunk.
        return ''
    }
  }

  /** The event's frame as the chat upstream sent it. */
  function relayed(event: PivotEvent): string {
    if (event.type === 'error' || event.type === 'response.failed') return encode(event)
    // A client that did not ask for usage does not get the chunk without choices.
    const unasked = event.type === 'other' && event.name === USAGE_FRAME && !withUsage
    const out = unasked ? '' : (event.frame ?? '')
    if (out.length < 64 && out.includes('[DONE]')) closed = true
    if (event.type !== 'response.completed' && event.type !== 'response.incomplete') return out
    over = true
    // Some OpenAI-compatible upstreams end without it.
    return closed ? out : out + DONE
  }

  return {
    push(events) {
      let out = ''
      for (const event of events) {
        if (over) break
        verbatim ??= event.frame !== undefined
        out += verbatim ? relayed(event) : encode(event)
      }
      return out
    },
    heartbeat: () => (over ? '' : ': hb\n\n'),
    fail,
  }
}

const CONTENT = 0
const REFUSAL = 1
const SUMMARY = 2
const REASONING = 3

/** One number for a text's place: no string is made for a delta. */
function placeOf(outputIndex: number, part: number, kind: number): number {
  return (outputIndex * 1024 + part) * 4 + kind
}

/** Ids by which an item is known again; an upstream may number items differently in its last event. */
function identities(item: PivotItem): string[] {
  const callId = 'call_id' in item ? item['call_id'] : undefined
  return [item.id, callId].filter((id) => typeof id === 'string' && id !== '') as string[]
}
