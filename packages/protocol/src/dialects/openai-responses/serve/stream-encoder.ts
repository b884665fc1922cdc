import type { ReplyMeta, StreamEncoder } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import { SSE_HEARTBEAT } from '../../../framing/index.js'
import { isTerminal, type LifecycleEvent, type PivotEvent, type PivotItem } from '../../../pivot/index.js'
import { openAiError } from '../../openai-errors.js'
import { failedCode } from './encode-error.js'
import { ladder, type WriteEvent } from './ladder.js'
import { isWhole, wholeResponse } from './response-resource.js'

/**
 * Pivot events in, Responses server-sent events out.
 *
 * Events that bring the frame of a Responses upstream are written as these frames, byte for byte; only a response object
 * that lacks what client schemas demand (the Codex backend leaves `output` empty at the end) is written anew, with everything that
 * it said. Events without a frame come from another dialect and are made into a legal stream.
 */
export function streamEncoder(about: ReplyMeta): StreamEncoder {
  /** Finished items of relayed frames, for an end that leaves its output empty. */
  const items = new Map<number, PivotItem>()
  let sequence = 0
  /** The last relayed event's frame, and how many there were: some upstreams do not number theirs. */
  let lastFrame = ''
  let relayedEvents = 0
  let lastText = ''
  let response: LifecycleEvent['response'] | undefined
  let over = false

  const write: WriteEvent = (type, fields) =>
    `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++},${fields}}\n\n`
  const own = ladder(about, write)

  function relayed(event: PivotEvent, frame: string): string {
    if (event.type === 'other' && event.name === '') return frame
    lastFrame = frame
    relayedEvents++
    switch (event.type) {
      case 'response.output_item.done':
        items.set(event.output_index, event.item)
        return frame
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return lifecycle(event, frame)
      default:
        return frame
    }
  }

  function lifecycle(event: LifecycleEvent, frame: string): string {
    response = { ...response, ...event.response, id: event.response.id || (response?.id ?? '') }
    const empty = isTerminal(event) && event.response.output.length === 0 && items.size > 0
    // The Codex backend has an older name for the end, which clients do not know.
    const named = frame.includes(`"${event.type}"`)
    if (!empty && named && isWhole(event.response)) return frame
    const status = event.response.status ?? STATUS[event.type]
    const output = empty ? told() : event.response.output
    const whole = wholeResponse({ ...event.response, id: response.id, status, output }, about)
    sequence = numberIn(frame) ?? relayedEvents - 1
    return write(event.type, `"response":${JSON.stringify(whole)}`)
  }

  function told(): PivotItem[] {
    return [...items].sort(([a], [b]) => a - b).map(([, item]) => item)
  }

  return {
    push(events) {
      let out = ''
      for (const event of events) {
        if (event.frame === undefined) out += own.encode(event)
        else out += relayed(event, event.frame)
        if (isTerminal(event)) over = true
      }
      if (out !== '') lastText = out
      return out
    },
    heartbeat: () => (over ? '' : SSE_HEARTBEAT),
    fail(failure: Failure) {
      if (over) return ''
      over = true
      const error = { code: failedCode(failure), message: openAiError(failure).error.message }
      const failed = { id: response?.id ?? '', status: 'failed' as const, error }
      if (relayedEvents === 0) return own.end('response.failed', { ...failed, output: [] })
      const number = numberIn(lastFrame)
      sequence = number === undefined ? relayedEvents : number + 1
      const whole = wholeResponse({ ...response, ...failed, output: told() }, about)
      // The last frame of a stream that broke may lack its blank line; what follows must not run into it.
      const gap = BLANK_LINE.test(lastText) ? '' : '\n\n'
      return gap + write('response.failed', `"response":${JSON.stringify(whole)}`)
    },
  }
}

const STATUS = {
  'response.created': 'in_progress',
  'response.queued': 'queued',
  'response.in_progress': 'in_progress',
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
} as const

const BLANK_LINE = /(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)$/

/** The sequence number that a frame carries. A quote inside of text is escaped, so only a nested object could be mistaken for it. */
function numberIn(frame: string): number | undefined {
  const match = /"sequence_number":\s*(\d+)/.exec(frame)
  return match === null ? undefined : Number(match[1])
}
