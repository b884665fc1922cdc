import { weightedDrawOf } from '../affinity/rendezvous.js'
import type { Strategy } from './strategy.js'

/** By lot, each account as often as its weight says; the same conversation draws the same in every instance. */
export const weighted: Strategy = (contenders, { chain }) => {
  if (contenders.length < 2) return contenders
  const draws = new Map(
    contenders.map((one) => [one, weightedDrawOf(chain, one.account.id, one.account.weight)] as const),
  )
  return [...contenders].sort((a, b) => (draws.get(b) ?? 0) - (draws.get(a) ?? 0) || 0)
}
