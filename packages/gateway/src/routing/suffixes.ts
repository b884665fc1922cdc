const EFFORTS = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'])
const TIERS: Readonly<Record<string, string>> = { fast: 'priority', flex: 'flex' }

/** A model's name without its suffixes, and what they asked for. */
export interface Suffixed {
  name: string
  effort?: string
  serviceTier?: string
}

/** Reads `-high`, `-fast`, … off the end of a name, at most one of each kind, in either order. */
export function readSuffixes(name: string): Suffixed {
  const out: Suffixed = { name }
  for (let round = 0; round < 2; round++) {
    const at = out.name.lastIndexOf('-')
    if (at <= 0) return out
    const word = out.name.slice(at + 1).toLowerCase()
    const tier = TIERS[word]
    if (tier !== undefined && out.serviceTier === undefined) out.serviceTier = tier
    else if (EFFORTS.has(word) && out.effort === undefined) out.effort = word
    else return out
    out.name = out.name.slice(0, at)
  }
  return out
}
