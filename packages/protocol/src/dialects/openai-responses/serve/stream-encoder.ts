import type { ReplyMeta, StreamEncoder } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import { isTerminal, type LifecycleEvent, type PivotEvent, type PivotItem } from '../../../pivot/index.js'
import { openAiError } from '../../openai-errors.js'
import { failedCode } from './encode-error.js'
import { ladder } from './ladder.js'
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
  let lastFrame = ''
  let response: LifecycleEvent['response'] | undefined
  let over = false

  const write = (type: string, fields: string): string =>
    `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence++},${fields}}\n\n`
  const own = ladder(about, write)

  function relayed(event: PivotEvent, frame: string): string {
    switch (event.type) {
      case 'response.output_item.done':
        items.set(event.output_index, event.item)
        break
      case 'response.created':
      case 'response.queued':
      case 'response.in_progress':
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return lifecycle(event, frame)
    }
    if (event.type !== 'other' || event.name !== '') lastFrame = frame
    return frame
  }

  function lifecycle(event: LifecycleEvent, frame: string): string {
    response = { ...response, ...event.response }
    const empty = isTerminal(event) && event.response.output.length === 0 && items.size > 0
    lastFrame = frame
    if (!empty && isWhole(event.response)) return frame
    const output = empty ? [...items].sort(([a], [b]) => a - b).map(([, item]) => item) : event.response.output
    const status = event.response.status ?? STATUS[event.type]
    const whole = wholeResponse({ ...event.response, ...(status === undefined ? {} : { status }), output }, about)
    const number = numberIn(frame)
    if (number !== undefined) sequence = number
    const out = write(event.type, `"response":${JSON.stringify(whole)}`)
    lastFrame = out
    return out
  }

  return {
    push(events) {
      let out = ''
      for (const event of events) {
        if (event.frame === undefined) out += own.encode(event)
        else out += relayed(event, event.frame)
        if (isTerminal(event)) over = true
      }
      return out
    },
    heartbeat: () => ': hb\n\n',
    fail(failure: Failure) {
      if (over) return ''
      over = true
      const { error } = openAiError(failure)
      const told = {
        id: response?.id ?? '',
        status: 'failed' as const,
        error: { code: failedCode(failure), message: error.message },
      }
      if (lastFrame === '') return own.end('response.failed', { ...told, output: [] })
      const number = numberIn(lastFrame)
      sequence = number === undefined ? items.size : number + 1
      const output = [...items].sort(([a], [b]) => a - b).map(([, item]) => item)
      const whole = wholeResponse({ ...response, ...told, output }, about)
      // The last frame of a stream that broke may lack its blank line; what follows must not run into it.
      const gap = /(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)$/.test(lastFrame) ? '' : '\n\n'
      return gap + write('response.failed', `"response":${JSON.stringify(whole)}`)
    },
  }
}

const STATUS: Readonly<Record<string, 'in_progress' | 'queued' | 'completed' | 'incomplete' | 'failed'>> = {
  'response.created': 'in_progress',
  'response.queued': 'queued',
  'response.in_progress': 'in_progress',
  'response.completed': 'completed',
  'response.incomplete': 'incomplete',
  'response.failed': 'failed',
}

/** The sequence number that a frame carries, the last one standing in it (it never is inside of an object before its own). */
function numberIn(frame: string): number | undefined {
  const match = /"sequence_number":\s*(\d+)/.exec(frame)
  return match === null ? undefined : Number(match[1])
}
