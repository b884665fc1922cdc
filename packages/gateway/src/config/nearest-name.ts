/** Slips of the finger that still count as the same word: one for every four characters, at least one and at most three. */
const slipsFor = (name: string): number => Math.min(3, Math.max(1, Math.floor(name.length / 4)))

/** What somebody meant who wrote `name`: for settings, `server.prot`, `port` or `sever`; undefined when nothing comes near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const tail = name.slice(name.lastIndexOf('.') + 1)
  const sameKey = known.find((path) => path.endsWith(`.${tail}`))
  if (sameKey !== undefined) return sameKey
  let best: string | undefined
  let least = slipsFor(name) + 1
  for (const path of known) {
    const slips = distance(name, path, least)
    if (slips < least) {
      least = slips
      best = path
    }
  }
  return best
}

/** Insertions, removals, replacements and swaps of neighbours that make `b` of `a`; `limit` when it is that much or more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let twoAgo: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let least = Math.min(at(above, column) + 1, at(line, column - 1) + 1, at(above, column - 1) + (same ? 0 : 1))
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        least = Math.min(least, at(twoAgo, column - 2) + 1)
      }
      line.push(least)
    }
    twoAgo = above
    above = line
  }
  return Math.min(limit, at(above, b.length))
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity
