import type { StreamDecoder } from '../../../dialect.js'
import { FailureError, safeText } from '../../../failure.js'
import { sseDecoder, type SseFrame } from '../../../framing/index.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { readDelta } from './read-delta.js'
import { readEvent } from './read-event.js'

const TYPE_FIRST = '{"type":"'

/**
 * Responses server-sent events in, pivot events out. Delta frames are read by scans, everything else is parsed once.
 * `type` inside the data decides; the `event:` line is optional. Source: upstream-codex 3.
 * @throws FailureError `stream_cut` when a frame is no JSON
 */
export function streamDecoder(options: { keepFrames?: boolean } = {}): StreamDecoder {
  const keep = options.keepFrames ?? false
  const sse = sseDecoder({ keepFrames: keep })

  function decode(frames: SseFrame[]): PivotEvent[] {
    const events: PivotEvent[] = []
    for (const frame of frames) {
      const event = read(frame.data)
      if (event === undefined) {
        if (keep) events.push({ type: 'other', name: '', frame: frame.raw })
        continue
      }
      if (keep) event.frame = frame.raw
      events.push(event)
    }
    return events
  }

  return {
    push: (chunk) => decode(sse.push(chunk)),
    end: () => decode(sse.end()),
  }
}

function read(data: string): PivotEvent | undefined {
  if (data === '' || data === '[DONE]') return undefined
  if (data.startsWith(TYPE_FIRST)) {
    const type = data.slice(TYPE_FIRST.length, data.indexOf('"', TYPE_FIRST.length))
    if (type.endsWith('.delta')) {
      const event = readDelta(type, data)
      if (event !== undefined) return event
    }
  }
  return readEvent(parse(data))
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
