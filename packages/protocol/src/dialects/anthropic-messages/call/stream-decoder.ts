import type { StreamDecoder } from '../../../dialect.js'
import { sseDecoder, type SseFrame } from '../../../framing/index.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { messageReader } from './message-reader.js'
import { plainDelta } from './text-delta.js'

export interface MessageStreamOptions {
  keepFrames?: boolean
  /** False parses every delta; the oracle of the tests. */
  readPlain?: boolean
}
import { eventsOfFrames } from '../../kept-frames.js'

/**
 * The stream of an Anthropic upstream as events of the pivot. The terminal event comes with `message_stop`; a stream that ends without
 * it was cut and gets none.
 */
export function streamDecoder(options: MessageStreamOptions = {}): StreamDecoder {
  const keep = options.keepFrames ?? false
  const plain = options.readPlain ?? true
  const sse = sseDecoder({ keepFrames: keep })
  const reader = messageReader()

  function read({ data, event }: SseFrame): PivotEvent[] {
    if (reader.over || data === '') return []
    const known = plain ? plainDelta(data) : undefined
    const more = known === undefined ? undefined : reader.more(known.type, known.index, known.text)
    if (more !== undefined) return [more]
    let told: unknown
    try {
      told = JSON.parse(data)
    } catch {
      // What proxies add to a stream of this API (`[DONE]`) is no part of it.
      return data.startsWith('[') ? [] : reader.garbage()
    }
    return reader.event(told, event)
  }

  const frames = (list: readonly SseFrame[]): PivotEvent[] =>
    eventsOfFrames(list, keep, (frame, told) => {
      for (const event of read(frame)) told.push(event)
    })

  return {
    push: (chunk) => frames(sse.push(chunk)),
    end: () => frames(sse.end()),
  }
}
