import { tooLarge } from './too-large.js'
import { utf8Pieces } from './utf8-pieces.js'

export interface NdjsonDecoder {
  /** Bytes in, the lines that they completed out; blank lines are left out. */
  push(chunk: Uint8Array): string[]
  /** The stream ended. Gives a last line without its line feed; whether it is whole, only its JSON can tell. */
  end(): string[]
}

export interface NdjsonOptions {
  /** Largest single line, characters. Default 64 Mi. */
  maxLine?: number
}

const MAX_LINE = 64 * 1024 * 1024

/**
 * Incremental, linear: newline-delimited JSON as Ollama streams it. Lines end with LF or CRLF.
 * @throws FailureError `stream_cut` when a line is larger than allowed
 */
export function ndjsonDecoder(options: NdjsonOptions = {}): NdjsonDecoder {
  const maxLine = options.maxLine ?? MAX_LINE
  const utf8 = utf8Pieces()
  let started = false
  let pieces: string[] = []
  let size = 0

  function read(text: string): string[] {
    const lines: string[] = []
    let at = 0
    if (!started && text !== '') {
      started = true
      if (text.charCodeAt(0) === 0xfeff) at = 1
    }
    for (let end = text.indexOf('\n', at); end !== -1; end = text.indexOf('\n', at)) {
      keep(text.slice(at, end))
      at = end + 1
      take(lines)
    }
    if (at < text.length) keep(text.slice(at))
    return lines
  }

  function keep(piece: string): void {
    size += piece.length
    if (size > maxLine) {
      throw tooLarge('a line', maxLine)
    }
    pieces.push(piece)
  }

  function take(lines: string[]): void {
    const line = pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('')
    pieces = []
    size = 0
    const whole = line.endsWith('\r') ? line.slice(0, -1) : line
    if (whole.trim() !== '') lines.push(whole)
  }

  return {
    push: (chunk) => read(utf8(chunk)),
    end() {
      const lines = read(utf8())
      if (pieces.length > 0) take(lines)
      return lines
    },
  }
}
