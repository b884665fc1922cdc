import { tooLarge } from '../../../framing/too-large.js'
import { utf8Pieces } from '../../../framing/utf8-pieces.js'
import type { SseDecoder, SseFrame, SseOptions } from '../../../framing/index.js'

const MAX_VALUE = 64 * 1024 * 1024

/**
 * A JSON array of objects that arrives in pieces, as Gemini streams without `alt=sse`; also objects one after the other. Every object is
 * one frame, its `raw` with what stands before it; what stands after the last one is a frame without data.
 * Incremental, linear: no character is looked at twice, however the network cuts them.
 * @throws FailureError `stream_cut` when an object is larger than allowed
 */
export function jsonValues({ keepFrames = false, maxFrame = MAX_VALUE }: SseOptions = {}): SseDecoder {
  const utf8 = utf8Pieces()
  let depth = 0
  let quoted = false
  let escaped = false
  let size = 0
  /** The object being read, and what stands before it. */
  let value: string[] = []
  let before: string[] = []

  function read(text: string): SseFrame[] {
    const frames: SseFrame[] = []
    let from = 0
    for (let at = 0; at < text.length; at++) {
      const char = text.charCodeAt(at)
      if (quoted) {
        if (escaped) escaped = false
        else if (char === BACKSLASH) escaped = true
        else if (char === QUOTE) quoted = false
      } else if (char === QUOTE) quoted = depth > 0
      else if (char === OPEN_BRACE || (char === OPEN_BRACKET && depth > 0)) {
        if (depth++ === 0) {
          if (keepFrames) before.push(text.slice(from, at))
          from = at
        }
      } else if ((char === CLOSE_BRACE || char === CLOSE_BRACKET) && depth > 0 && --depth === 0) {
        value.push(text.slice(from, at + 1))
        from = at + 1
        frames.push(frame())
      }
    }
    if (from < text.length) keep(text.slice(from))
    return frames
  }

  function frame(): SseFrame {
    const data = value.join('')
    const raw = keepFrames ? before.join('') + data : ''
    value = []
    before = []
    size = 0
    return { event: '', data, raw }
  }

  function keep(rest: string): void {
    if (depth === 0) {
      if (keepFrames) before.push(rest)
      return
    }
    value.push(rest)
    size += rest.length
    if (size <= maxFrame) return
    throw tooLarge('an object', maxFrame)
  }

  return {
    push: (chunk) => read(utf8(chunk)),
    end() {
      const frames = read(utf8())
      const rest = before.join('')
      // An object that was cut is none; its text goes nowhere, like a cut line of a stream of events.
      if (depth === 0 && rest !== '') frames.push({ event: '', data: '', raw: rest })
      return frames
    },
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
