/** One element of a JSON array as text, with everything that stood before it since the last one. */
export interface ArrayPiece {
  json: string
  raw: string
}

/**
 * Splits a JSON array of objects that comes in pieces into its elements: linear, by depth and strings alone. What is no array gives
 * nothing.
 */
export function arrayPieces() {
  let depth = 0
  let inText = false
  let escaped = false
  let held = ''
  /** Where the element begins in `held`; -1 between elements. */
  let from = -1

  return {
    push(text: string): ArrayPiece[] {
      const out: ArrayPiece[] = []
      let at = held.length
      held += text
      for (; at < held.length; at++) {
        const char = held.charCodeAt(at)
        if (inText) {
          if (escaped) escaped = false
          else if (char === BACKSLASH) escaped = true
          else if (char === QUOTE) inText = false
          continue
        }
        if (char === QUOTE) inText = true
        else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
          depth++
          if (depth === 2) from = at
        } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
          depth--
          if (depth !== 1) continue
          out.push({ json: held.slice(from, at + 1), raw: held.slice(0, at + 1) })
          held = held.slice(at + 1)
          at = -1
          from = -1
        }
      }
      return out
    },
    /** What follows the last element. */
    rest: () => held,
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
