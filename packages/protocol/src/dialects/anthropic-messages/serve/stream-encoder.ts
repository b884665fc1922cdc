import type { ReplyMeta, StreamEncoder } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import { matchItems, type PivotEvent, type PivotItem, type PivotResponse } from '../../../pivot/index.js'
import { given, isSet } from '../../json.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { anthropicError } from '../errors.js'
import { stopReason, stopSequence } from '../stop-reason.js'
import { anthropicUsage } from '../usage.js'
import { anthropicFields } from '../wire.js'
import { BlockWriter, eventFrame, PING } from './block-writer.js'
import { messageId, searchCount } from './encode-response.js'
import { StreamItems, type OutputEvent } from './stream-items.js'
import { TurnsToSpeak } from './turns-to-speak.js'

/**
 * Pivot events in, the event ladder of this API out: `message_start`, then block after block, `message_delta` with the stop reason and
 * the usage, `message_stop`.
 *
 * `message_start` waits for the first output, so that it can tell the usage that the upstream told. Events that bring the frame of an
 * Anthropic upstream with them are written as these frames.
 */
export function streamEncoder(about: ReplyMeta): StreamEncoder {
  const blocks = new BlockWriter()
  const items = new StreamItems(blocks, about)
  const turns = new TurnsToSpeak(items)
  /** The items that were begun, by their place. */
  const told = new Map<number, PivotItem>()
  let begun = false
  let over = false
  /** The relayed stream told its end; frames may follow it. */
  let ended = false
  /** What the upstream said of its response before the first output. */
  let handshake: PivotResponse | undefined
  /** Decided by the first event: does it bring the frame of an Anthropic upstream? */
  let verbatim: boolean | undefined

  function begin(): string {
    if (begun) return ''
    begun = true
    const told = isSet(handshake?.usage)
    const usage = anthropicUsage(handshake ?? {})
    return eventFrame('message_start', {
      message: {
        id: messageId(about),
        type: 'message',
        role: 'assistant',
        model: about.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: told ? usage : { ...usage, input_tokens: about.inputTokens?.() ?? 0 },
      },
    })
  }

  /** A lean upstream may tell an item, or its end, in no other place than the response that ends the stream. */
  function untold(response: PivotResponse): string {
    const output = response.output ?? []
    const places = [...told.keys()]
    const match = matchItems([...told.values()], output)
    let out = ''
    output.forEach((item, index) => {
      const known = places[match[index] ?? -1]
      // It may number its items differently then.
      const output_index = known ?? (told.has(index) ? NUMBERED_ANEW + index : index)
      if (!turns.heard(output_index)) out += turns.hear({ type: 'response.output_item.done', output_index, item })
    })
    return out
  }

  function finish(response: PivotResponse): string {
    const out = begin() + untold(response) + turns.end() + items.rest() + blocks.end()
    over = true
    const own = anthropicFields(response)
    const delta = {
      stop_reason: stopReason(response, items.facts),
      stop_sequence: stopSequence(response),
      ...given({ stop_details: own['stop_details'], container: own['container'] }),
    }
    // Without a word of the upstream, what `message_start` told stands.
    const usage = isSet(response.usage)
      ? { ...anthropicUsage(response), ...searchCount(response, items.facts.searches) }
      : { output_tokens: 0 }
    const beside = given({ context_management: own['context_management'] })
    return out + eventFrame('message_delta', { delta, usage, ...beside }) + eventFrame('message_stop', {})
  }

  function fail(failure: Failure): string {
    if (over || ended) return ''
    over = true
    // The name of the event must be there: without it the official client takes the end of the stream for success.
    return eventFrame('error', { error: anthropicError(failure).error, request_id: about.requestId })
  }

  function encode(event: PivotEvent): string {
    switch (event.type) {
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
        handshake = { ...handshake, ...event.response }
        return ''
      case 'response.completed':
      case 'response.incomplete':
        return finish(event.response)
      case 'response.failed':
      case 'error': {
        const failure = openaiResponses.call.failureOf(event)
        return failure === undefined ? '' : fail(failure)
      }
      case 'other':
        return ''
      case 'response.output_item.added':
      case 'response.output_item.done':
        told.set(event.output_index, event.item)
        return begin() + turns.hear(event)
      default:
        return begin() + turns.hear(event satisfies OutputEvent)
    }
  }

  /** The event's frame as the upstream sent it; an error is told anew, with the id of this exchange. */
  function relayed(event: PivotEvent): string {
    if (event.type === 'error' || event.type === 'response.failed') return ended ? '' : encode(event)
    if (event.type === 'response.completed' || event.type === 'response.incomplete') ended = true
    return event.frame ?? ''
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
    heartbeat: () => (over || ended ? '' : PING),
    fail,
  }
}

/** Beyond every place that a stream uses. */
const NUMBERED_ANEW = 1_000_000
