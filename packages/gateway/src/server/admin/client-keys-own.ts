/** Bits that a random sign of each alphabet has, the smallest first. */
const ALPHABETS: readonly [RegExp, number][] = [
  [/^\d+$/, Math.log2(10)],
  [/^(?:[\da-f]+|[\dA-F]+)$/, 4],
  [/^(?:[\da-z]+|[\dA-Z]+)$/, Math.log2(36)],
  [/^[\da-zA-Z]+$/, Math.log2(62)],
]
const PRINTABLE_BITS = Math.log2(94)
const NEEDED_BITS = 128
/** As many as people choose words from. */
const WORD_BITS = 11
/** Source: RFC 9562 5.4. */
const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i
const UUID_BITS = 122
const LONGEST = 256
/** Keys of this gateway that no client may show. */
const RESERVED = /^(?:dgc-|dgm-demo-)/

/**
 * A client key that somebody brought along opens the gateway to whoever guesses it. What is no sign of chance is not counted: a prefix,
 * words, sequences, repetitions.
 * @returns what is wrong with it, or undefined
 */
export function whyTooWeak(key: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(key)) return 'a key has letters, digits and signs alone, and no space'
  if (key.length > LONGEST) return `a key has at most ${LONGEST} signs`
  if (RESERVED.test(key)) return 'keys that begin so are made by the gateway alone'
  return bitsOf(key) < NEEDED_BITS
    ? `this key could be guessed: it needs at least ${NEEDED_BITS} bits of chance, such as 32 random hex digits behind a prefix; leave it out and one is made`
    : undefined
}

/** About how many bits of chance a text holds, rather too few than too many. */
export function bitsOf(key: string): number {
  if (UUID.test(key)) return UUID_BITS
  // sk-proxy-…, my_team_…: words in front say who, not what.
  const body = key.replace(/^(?:[a-z]{2,16}[-_.:])+/, '').replace(/[-_.:]/g, '')
  if (body === '' || isRegular(body)) return 0
  const [alphabet, bits] = ALPHABETS.find(([signs]) => signs.test(body)) ?? [undefined, PRINTABLE_BITS]
  const hex = alphabet === ALPHABETS[0]?.[0] || alphabet === ALPHABETS[1]?.[0]
  if (hex) return body.length * bits
  const words = body.match(/[A-Z][a-z]{2,}|[a-z]{4,}|[A-Z]{4,}|\d{4,}/g) ?? []
  const inWords = words.reduce((sum, word) => sum + word.length, 0)
  // By chance, too, some letters stand in a row.
  if (inWords < body.length * 0.85) return body.length * bits
  return (body.length - inWords) * bits + words.length * WORD_BITS
}

/** Few signs, 0123456789, or the same piece again and again. */
function isRegular(text: string): boolean {
  const signs = [...text]
  if (new Set(signs).size < 8) return true
  const steps = signs.slice(1).map((sign, at) => sign.charCodeAt(0) - text.charCodeAt(at))
  if (steps.filter((step) => Math.abs(step) <= 1).length > steps.length / 2) return true
  const pieces = signs.slice(2).map((_, at) => text.slice(at, at + 3))
  return new Set(pieces).size < pieces.length * 0.7
}
