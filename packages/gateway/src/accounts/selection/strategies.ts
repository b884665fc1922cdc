import type { SelectionStrategy } from '../../config/index.js'
import { earliestReset } from './earliest-reset.js'
import { leastUsed } from './least-used.js'
import { roundRobin } from './round-robin.js'
import type { Contender, Strategy } from './strategy.js'
import { sticky } from './sticky.js'
import { weighted } from './weighted.js'

export const STRATEGIES: Readonly<Record<SelectionStrategy, Strategy>> = {
  least_used: leastUsed,
  round_robin: roundRobin,
  sticky,
  earliest_reset: earliestReset,
  weighted,
}

/**
 * What holds for every strategy: an account of weight 0 comes after all others, and plans come in the order that their owner
 * gave them.
 */
export function inOrder(strategy: Strategy, tiers: readonly string[]): Strategy {
  const rank = ({ account }: Contender): number => {
    const tier = account.plan === undefined ? -1 : tiers.indexOf(account.plan)
    return (account.weight > 0 ? 0 : tiers.length + 1) + (tier === -1 ? tiers.length : tier)
  }
  return (contenders, wish) => {
    const ordered = strategy(contenders, wish)
    if (ordered.length < 2) return ordered
    // Sorting keeps the strategy's order among equals.
    return [...ordered].sort((a, b) => rank(a) - rank(b))
  }
}
