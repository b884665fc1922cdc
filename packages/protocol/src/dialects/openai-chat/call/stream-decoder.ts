import type { StreamDecoder } from '../../../dialect.js'
import { sseDecoder, type SseFrame } from '../../../framing/index.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { USAGE_FRAME } from '../usage-frame.js'
import { isJson } from '../../json.js'
import { eventsOfFrames } from '../../kept-frames.js'
import { chunkReader } from './chunk-reader.js'
import { textShapes } from './text-shape.js'

export interface ChatStreamOptions {
  keepFrames?: boolean
  /** False parses every chunk; the oracle of the tests. */
  compareShapes?: boolean
}

/**
 * The stream of a chat upstream as events of the pivot.
 *
 * The terminal event comes with `[DONE]`, or when the upstream closes after a finish reason. A stream that ends without
 * both was cut and gets none.
 */
export function streamDecoder(options: ChatStreamOptions = {}): StreamDecoder {
  const keep = options.keepFrames ?? false
  const sse = sseDecoder({ keepFrames: keep })
  const reader = chunkReader()
  const shapes = options.compareShapes === false ? undefined : textShapes()

  function read({ data, event }: SseFrame, out: PivotEvent[]): void {
    if (reader.over || data === '') return
    const known = shapes?.match(data)
    if (known !== undefined) {
      const next =
        known.kind === 'content' ? reader.answer.moreText(known.text) : reader.answer.moreReasoning(known.text)
      if (next !== undefined) {
        out.push(next)
        return
      }
    }
    for (const told of parsed(data, event)) out.push(told)
  }

  function parsed(data: string, event: string): PivotEvent[] {
    if (data.startsWith('[DONE]')) return reader.done()
    let chunk: unknown
    try {
      chunk = JSON.parse(data)
    } catch {
      return reader.garbage()
    }
    const events = event === 'error' ? reader.error(chunk) : reader.chunk(chunk)
    shapes?.learn(data, chunk)
    // A frame of its own kind, so that the encoder can leave it out; it makes no event otherwise.
    return keep && events.length === 0 && isUsageChunk(chunk) ? [{ type: 'other', name: USAGE_FRAME }] : events
  }

  const frames = (list: readonly SseFrame[]): PivotEvent[] => eventsOfFrames(list, keep, read)

  return {
    push: (chunk) => frames(sse.push(chunk)),
    end: () => [...frames(sse.end()), ...reader.end()],
  }
}

function isUsageChunk(chunk: unknown): boolean {
  return isJson(chunk) && Array.isArray(chunk['choices']) && chunk['choices'].length === 0 && isJson(chunk['usage'])
}
