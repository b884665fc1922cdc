import type { PivotEvent } from '../../../pivot/index.js'
import { chunkReader } from './chunk-reader.js'

/** A whole `GenerateContentResponse`, or the array of a stream's chunks, as the events that its stream would have told. */
export function decodeResponse(body: unknown): PivotEvent[] {
  const reader = chunkReader()
  const chunks: unknown[] = Array.isArray(body) ? body : [body]
  return [...chunks.flatMap((chunk) => reader.chunk(chunk)), ...reader.end()]
}
