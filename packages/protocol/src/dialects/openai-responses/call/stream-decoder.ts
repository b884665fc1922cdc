import type { StreamDecoder } from '../../../dialect.js'
import { FailureError, safeText } from '../../../failure.js'
import { sseDecoder, type SseFrame } from '../../../framing/index.js'
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
  const shapes = options.compareShapes === false ? undefined : deltaShapes()
  /** What ended this stream, when events of the same read had to go out before it. */
  let broken: FailureError | undefined

  function read(data: string): PivotEvent | undefined {
    if (data === '' || data === '[DONE]') return undefined
    const alike = shapes?.read(data)
    if (alike !== undefined) return alike
    const event = readEvent(parse(data))
    if ('escaped' in event) shapes?.learn(data, event)
    return event
  }

  function decode(next: () => SseFrame[]): PivotEvent[] {
    if (broken !== undefined) throw broken
    const events: PivotEvent[] = []
    try {
      for (const frame of next()) {
        const event = read(frame.data) ?? (keep ? { type: 'other', name: '' } : undefined)
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
