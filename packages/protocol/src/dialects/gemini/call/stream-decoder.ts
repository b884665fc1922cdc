import type { StreamDecoder } from '../../../dialect.js'
import { sseDecoder } from '../../../framing/index.js'
import { utf8Pieces } from '../../../framing/utf8-pieces.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { arrayPieces } from './array-pieces.js'
import { chunkReader } from './chunk-reader.js'

interface Frame {
  data: string
  raw: string
}

/**
 * The stream of a Gemini upstream as events of the pivot: server-sent events, or the one JSON array that it sends without `alt=sse`;
 * the first byte tells which. A stream that ends without a finish reason was cut and gets no terminal event.
 */
export function streamDecoder(options: { keepFrames?: boolean } = {}): StreamDecoder {
  const keep = options.keepFrames ?? false
  const reader = chunkReader()
  const sse = sseDecoder({ keepFrames: keep })
  const utf8 = utf8Pieces()
  const array = arrayPieces()
  let isArray: boolean | undefined

  function read({ data }: Frame): PivotEvent[] {
    if (data === '') return []
    try {
      return reader.chunk(JSON.parse(data))
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      return reader.chunk({ error: { message: 'the upstream sent an event that is no JSON', status: 'INTERNAL' } })
    }
  }

  function frames(list: readonly Frame[]): PivotEvent[] {
    const out: PivotEvent[] = []
    for (const frame of list) {
      const at = out.length
      out.push(...read(frame))
      if (!keep) continue
      const first = out[at]
      if (first === undefined) out.push({ type: 'other', name: '', frame: frame.raw })
      else out[at] = { ...first, frame: frame.raw }
    }
    return out
  }

  return {
    push(chunk) {
      isArray ??= firstIsBracket(chunk)
      return frames(
        isArray === true ? array.push(utf8(chunk)).map(({ json, raw }) => ({ data: json, raw })) : sse.push(chunk),
      )
    },
    end() {
      const last = isArray === true ? [{ data: '', raw: array.rest() }] : sse.end()
      return [...frames(last.filter(({ data, raw }) => data !== '' || raw !== '')), ...reader.end()]
    },
  }
}

/** Undefined while nothing but white space has come. */
function firstIsBracket(chunk: Uint8Array): boolean | undefined {
  for (const byte of chunk) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue
    return byte === 0x5b
  }
  return undefined
}
