import type { StreamDecoder } from '../../../dialect.js'
import { FailureError, safeText } from '../../../failure.js'
import { sseDecoder, sseFrame, type SseFrame } from '../../../framing/index.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { deltaShapes } from './delta-shapes.js'
import { readEvent } from './read-event.js'

export interface ResponsesStreamOptions {
  keepFrames?: boolean
  /** False parses every frame; the oracle of the tests. */
  compareShapes?: boolean
}

/**
 * Responses server-sent events in, pivot events out. Delta frames are compared with the ones before, everything else is parsed once.
 * `type` inside the data decides; the `event:` line is optional. Source: upstream-codex 3.
 * @throws FailureError `stream_cut` when a frame is no JSON; what was told before that frame is given first
 */
export function streamDecoder(options: ResponsesStreamOptions = {}): StreamDecoder {
  const keep = options.keepFrames ?? false
  const sse = sseDecoder({ keepFrames: keep })
  const read = reader(options)
  /** What ended this stream, when events of the same read had to go out before it. */
  let broken: FailureError | undefined

  function decode(next: () => SseFrame[]): PivotEvent[] {
    if (broken !== undefined) throw broken
    const events: PivotEvent[] = []
    try {
      for (const frame of next()) {
        const event =
          (isEvent(frame.data) ? read(frame.data) : undefined) ?? (keep ? { type: 'other', name: '' } : undefined)
        if (event === undefined) continue
        if (keep) event.frame = frame.raw
        events.push(event)
      }
    } catch (error) {
      if (!(error instanceof FailureError) || events.length === 0) throw error
      broken = error
    }
    return events
  }

  return {
    push: (chunk) => decode(() => sse.push(chunk)),
    end: () => decode(() => sse.end()),
  }
}

/**
 * The same events as a WebSocket tells them: the data of one event a frame. With `keepFrames` an event carries the server-sent event that
 * would have told it. Source: upstream-codex 4.3.
 * @returns undefined for a frame without an event
 * @throws FailureError `stream_cut` when a frame is no JSON
 */
export function frameDecoder(options: ResponsesStreamOptions = {}): (text: string) => PivotEvent | undefined {
  const read = reader(options)
  return (text) => {
    const data = text.trim()
    if (!isEvent(data)) return undefined
    const event = read(data)
    if (options.keepFrames === true) {
      const type = /^\{"type":"([\w.-]+)"/.exec(data)?.[1] ?? (event.type === 'other' ? event.name : event.type)
      event.frame = sseFrame(type, data)
    }
    return event
  }
}

function isEvent(data: string): boolean {
  return data !== '' && data !== '[DONE]'
}

function reader(options: ResponsesStreamOptions): (data: string) => PivotEvent {
  const shapes = options.compareShapes === false ? undefined : deltaShapes()
  return (data) => {
    const alike = shapes?.read(data)
    if (alike !== undefined) return alike
    const event = readEvent(parse(data))
    if ('escaped' in event) shapes?.learn(data, event)
    return event
  }
}

function parse(data: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    value = undefined
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new FailureError({
    kind: 'stream_cut',
    scope: 'provider',
    phase: 'sent',
    retry: 'same',
    message: safeText(`the upstream sent an event that is no JSON object: ${data.slice(0, 60)}`),
  })
}
