const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_SIGNS = 10
const COUNT_SIGNS = 4
const RANDOM_SIGNS = 8
const MOST_IN_ONE_MS = 32 ** COUNT_SIGNS

/**
 * Ids that sort by time: ms, a count within the ms, and chance that keeps instances apart. A clock that is set back does not make a
 * later id smaller.
 * @param prefix `log_`
 * @param random from 0 up to 1
 * @example const idAt = sortableIds('log_', Math.random); idAt(Date.now())
 */
export function sortableIds(prefix: string, random: () => number): (now: number) => string {
  let last = 0
  let count = 0
  return (now) => {
    if (now > last || count >= MOST_IN_ONE_MS) {
      last = Math.max(now, last + 1)
      count = 0
    }
    let chance = ''
    for (let n = 0; n < RANDOM_SIGNS; n += 1) chance += ALPHABET.charAt(Math.floor(random() * ALPHABET.length))
    return `${prefix}${base32(last, TIME_SIGNS)}${base32(count++, COUNT_SIGNS)}${chance}`
  }
}

function base32(number: number, signs: number): string {
  let text = ''
  for (let rest = number; text.length < signs; rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text
  return text
}
