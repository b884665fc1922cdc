import { deltaText, escapeText } from '../pivot/index.js'

/**
 * How much of one text went out in deltas. When the whole text is told at the end, {@link rest} gives what is missing.
 *
 * Keeps a length and a hash instead of the text: a piece of a network read would hold on to the whole read, for as long
 * as its stream lives.
 */
export class Told {
  /** UTF-16 units told so far. */
  length = 0
  private hash = FNV_OFFSET

  /** A delta goes out. */
  add(delta: { escaped: string }): void {
    const text = deltaText(delta)
    this.hash = hashed(this.hash, text, text.length)
    this.length += text.length
  }

  /** The rest of `whole`, still to be told; empty when what was told is not its beginning. It counts as told. */
  rest(whole: string): string {
    if (whole.length <= this.length || hashed(FNV_OFFSET, whole, this.length) !== this.hash) return ''
    const escaped = escapeText(whole.slice(this.length))
    this.hash = hashed(FNV_OFFSET, whole, whole.length)
    this.length = whole.length
    return escaped
  }
}

const FNV_OFFSET = 0x811c9dc5 | 0

function hashed(seed: number, text: string, length: number): number {
  let hash = seed
  for (let at = 0; at < length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}
