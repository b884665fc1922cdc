import { sseDecoder, type SseDecoder, type SseFrame, type SseOptions } from '../../../framing/index.js'
import { jsonValues } from './json-values.js'

/**
 * The frames of a Gemini stream, whose first byte tells its form: server-sent events with `alt=sse`, else a JSON array.
 * A lone object, as some gateways tell an error, counts as an array of one.
 */
export function streamFrames(options: SseOptions): SseDecoder {
  const held: Uint8Array[] = []
  let decoder: SseDecoder | undefined

  function decide(chunk: Uint8Array): SseDecoder | undefined {
    const first = chunk.find((byte) => !BLANK.has(byte))
    if (first === undefined) return undefined
    return first === OPEN_BRACKET || first === OPEN_BRACE ? jsonValues(options) : sseDecoder(options)
  }

  function begin(known: SseDecoder): SseFrame[] {
    decoder = known
    return held.splice(0).flatMap((chunk) => known.push(chunk))
  }

  return {
    push(chunk) {
      if (decoder !== undefined) return decoder.push(chunk)
      const known = decide(chunk)
      // The reader may use its buffer again.
      if (known === undefined) held.push(chunk.slice())
      return known === undefined ? [] : [...begin(known), ...known.push(chunk)]
    },
    end() {
      const known = decoder ?? sseDecoder(options)
      return [...(decoder === undefined ? begin(known) : []), ...known.end()]
    },
  }
}

/** White space, and the bytes of a byte-order mark. */
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf])
const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b
