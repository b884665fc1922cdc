const EFFORTS = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'])
const TIERS: Readonly<Record<string, string>> = { fast: 'priority', flex: 'flex' }

/** One way to read a name: so much of it is the model, the rest are wishes. */
export interface Reading {
  name: string
  effort?: string
  serviceTier?: string
  /** What was read off the end: `-high-fast`, or nothing. */
  suffix: string
}

/**
 * Every way to read a name, the whole name first: what exists as it was written is never taken apart. At most one effort
 * (`-high`) and one tier (`-fast`) are read off the end, in either order.
 */
export function readings(name: string): readonly [Reading, ...Reading[]] {
  const out: [Reading, ...Reading[]] = [{ name, suffix: '' }]
  let last: Reading = out[0]
  for (let round = 0; round < 2; round++) {
    const at = last.name.lastIndexOf('-')
    if (at <= 0) break
    const word = last.name.slice(at + 1).toLowerCase()
    const tier = Object.hasOwn(TIERS, word) ? TIERS[word] : undefined
    const isEffort = EFFORTS.has(word)
    if (isEffort ? last.effort !== undefined : tier === undefined || last.serviceTier !== undefined) break
    last = {
      ...last,
      ...(isEffort ? { effort: word } : tier === undefined ? {} : { serviceTier: tier }),
      name: last.name.slice(0, at),
      suffix: name.slice(at),
    }
    out.push(last)
  }
  return out
}
