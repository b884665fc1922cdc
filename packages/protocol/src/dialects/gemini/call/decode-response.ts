import type { PivotEvent } from '../../../pivot/index.js'
import { chunkReader } from './chunk-reader.js'

/** A whole `GenerateContentResponse`, or the list of a stream's chunks, as the events that the stream would have told. */
export function decodeResponse(body: unknown): PivotEvent[] {
  const reader = chunkReader()
  const events = reader.chunk(body)
  events.push(...reader.end())
  return events
}
