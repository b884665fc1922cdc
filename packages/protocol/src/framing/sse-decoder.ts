import { tooLarge } from './too-large.js'
import { utf8Pieces } from './utf8-pieces.js'

/** One server-sent event. */
export interface SseFrame {
  /** The `event:` field; empty when there was none. */
  event: string
  /** The `data:` lines joined with line feeds; empty for a frame without data (a comment). */
  data: string
  /** The frame's bytes as text, with its closing blank line; only when the decoder keeps frames. */
  raw: string
}

export interface SseDecoder {
  /** Bytes in, the frames that they completed out. */
  push(chunk: Uint8Array): SseFrame[]
  /** The stream ended. Gives a last frame that lacks only its blank line; a line that was cut is dropped. */
  end(): SseFrame[]
}

export interface SseOptions {
  keepFrames?: boolean
  /** Largest single frame, characters. Default 64 Mi: a 4K picture in base64 is about 33 MB. */
  maxFrame?: number
}

const MAX_FRAME = 64 * 1024 * 1024
const LF = 10
const CR = 13

/**
 * Incremental, linear: no byte is looked at twice, however the network cuts them. Line ends may be LF, CR or CRLF; a byte-order mark
 * at the start is skipped; invalid UTF-8 becomes U+FFFD. Source: HTML standard, section 9.2.
 * @throws FailureError `stream_cut` when a frame is larger than allowed
 */
export function sseDecoder(options: SseOptions = {}): SseDecoder {
  const keep = options.keepFrames ?? false
  const maxFrame = options.maxFrame ?? MAX_FRAME
  const utf8 = utf8Pieces()
  let started = false
  // The frame being read: its finished lines' fields, the unfinished line in pieces, and the raw text.
  let event = ''
  let data: string | undefined
  let hasLines = false
  let line: string[] = []
  let raw: string[] = []
  let size = 0
  let afterCr = false
  let out: SseFrame[] = []

  function endLine(text: string): void {
    if (text === '') {
      if (hasLines || keep) close()
      return
    }
    hasLines = true
    const colon = text.indexOf(':')
    if (colon === 0) return
    const name = colon === -1 ? text : text.slice(0, colon)
    const from = colon === -1 ? text.length : text.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1
    if (name === 'data') data = data === undefined ? text.slice(from) : `${data}\n${text.slice(from)}`
    else if (name === 'event') event = text.slice(from)
  }

  function close(): void {
    out.push({ event, data: data ?? '', raw: '' })
    event = ''
    data = undefined
    hasLines = false
    size = 0
  }

  function takeRaw(): void {
    const frame = out[out.length - 1]
    if (frame !== undefined) frame.raw = raw.join('')
    raw = []
  }

  function read(text: string): SseFrame[] {
    out = []
    let at = 0
    let rawFrom = 0
    const hasCr = text.includes('\r')
    if (!started && text.length > 0) {
      started = true
      if (text.charCodeAt(0) === 0xfeff) at = 1
    }
    while (at < text.length) {
      if (afterCr) {
        afterCr = false
        if (text.charCodeAt(at) === LF) {
          at++
          continue
        }
      }
      const end = lineEnd(text, at, hasCr)
      if (end === -1) break
      const piece = text.slice(at, end)
      at = end + 1
      if (text.charCodeAt(end) === CR) {
        if (at < text.length) {
          if (text.charCodeAt(at) === LF) at++
        } else afterCr = true
      }
      const frames = out.length
      if (line.length > 0) {
        line.push(piece)
        const whole = line.join('')
        line = []
        endLine(whole)
      } else endLine(piece)
      if (keep && out.length > frames) {
        raw.push(text.slice(rawFrom, at))
        rawFrom = at
        takeRaw()
      }
      size += piece.length + 1
      if (out.length > frames) size = 0
      check()
    }
    if (at < text.length) {
      const rest = text.slice(at)
      line.push(rest)
      size += rest.length
      check()
    }
    if (keep && rawFrom < text.length) raw.push(text.slice(rawFrom))
    return out
  }

  function check(): void {
    if (size <= maxFrame) return
    throw tooLarge('an event', maxFrame)
  }

  return {
    push: (chunk) => read(utf8(chunk)),
    end() {
      const frames = read(utf8())
      // A line that was cut is no line. A frame of whole lines counts even when its blank line is missing: some servers leave it out.
      if (line.length === 0 && (hasLines || (keep && raw.length > 0))) {
        close()
        if (keep) takeRaw()
      }
      return frames
    },
  }
}

/** Index of the next CR or LF, or -1. Most streams have no CR at all, and are then searched only once for it. */
function lineEnd(text: string, from: number, hasCr: boolean): number {
  const lf = text.indexOf('\n', from)
  if (!hasCr) return lf
  for (let at = from; at < (lf === -1 ? text.length : lf); at++) if (text.charCodeAt(at) === CR) return at
  return lf
}
