import type { PivotEvent } from '../../../pivot/index.js'
import { chunkReader } from './chunk-reader.js'

/** A whole `chat.completion` as the events that its stream would have told. */
export function decodeResponse(body: unknown): PivotEvent[] {
  const reader = chunkReader()
  const events = reader.chunk(body)
  events.push(...reader.done())
  return events
}
