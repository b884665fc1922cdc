import type { StreamDecoder } from '../../../dialect.js'
import type { SseFrame } from '../../../framing/index.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { chunkReader, type ChunkReader } from './chunk-reader.js'
import { streamFrames } from './stream-frames.js'
import { eventsOfFrames } from '../../kept-frames.js'

/**
 * The stream of a Gemini upstream as events of the pivot, whether server-sent events or a JSON array.
 *
 * The stream has no terminator, and counts may follow the finish reason; so the terminal event comes when the upstream closes, if a finish
 * reason came. A stream that ends without one was cut and gets none.
 */
export function streamDecoder(options: { keepFrames?: boolean } = {}): StreamDecoder {
  const keep = options.keepFrames ?? false
  const frames = streamFrames({ keepFrames: keep })
  const reader = chunkReader()

  const events = (list: readonly SseFrame[]): PivotEvent[] =>
    eventsOfFrames(list, keep, ({ data }, told) => {
      for (const event of read(data, reader)) told.push(event)
    })

  return {
    push: (chunk) => events(frames.push(chunk)),
    end: () => [...events(frames.end()), ...reader.end()],
  }
}

function read(data: string, reader: ChunkReader): PivotEvent[] {
  // Gateways before Gemini end their streams as OpenAI does.
  if (data === '' || data === '[DONE]') return []
  let chunk: unknown
  try {
    chunk = JSON.parse(data)
  } catch {
    return reader.garbage()
  }
  return reader.chunk(chunk)
}
