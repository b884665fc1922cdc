import {
  deltaText,
  responseReducer,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
} from '../../../pivot/index.js'
import { streamDecoder } from './stream-decoder.js'

const utf8 = new TextEncoder()

/** Chunks as the two forms in which Gemini streams them. */
export function asSse(chunks: readonly unknown[], lineEnd = '\n'): Uint8Array {
  return utf8.encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}${lineEnd}${lineEnd}`).join(''))
}
export function asArray(chunks: readonly unknown[]): Uint8Array {
  return utf8.encode(`[${chunks.map((chunk) => JSON.stringify(chunk, null, 2)).join('\n,\r\n')}\n]`)
}

export function decode(bytes: Uint8Array, keepFrames = false): PivotEvent[] {
  const decoder = streamDecoder({ keepFrames })
  return [...decoder.push(bytes), ...decoder.end()]
}

/** The same, in pieces that end at the given places. */
export function decodeCut(bytes: Uint8Array, cuts: readonly number[], keepFrames = false): PivotEvent[] {
  const decoder = streamDecoder({ keepFrames })
  const events: PivotEvent[] = []
  let from = 0
  for (const to of [...[...cuts].sort((a, b) => a - b), bytes.length]) {
    events.push(...decoder.push(bytes.subarray(from, to)))
    from = to
  }
  return [...events, ...decoder.end()]
}

export function reduced(events: readonly PivotEvent[]): PivotResponse {
  const reducer = responseReducer()
  reducer.push(events)
  return reducer.response()
}

/** What the deltas alone tell of each item. */
export function toldByDeltas(events: readonly PivotEvent[]): Map<number, string> {
  const told = new Map<number, string>()
  for (const event of events) {
    if (!('escaped' in event)) continue
    told.set(event.output_index, (told.get(event.output_index) ?? '') + deltaText(event))
  }
  return told
}

/** Items without what only their place in this answer gives them. */
export function plain(items: readonly PivotItem[]): PivotItem[] {
  return items.map((item) => {
    const { id: _id, status: _status, ...rest } = item as { id?: string; status?: string; type: string }
    return rest
  })
}
