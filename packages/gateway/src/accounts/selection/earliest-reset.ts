import { byDraw, byWork, nextResetOf } from './compare.js'
import type { Strategy } from './strategy.js'

/** Resets so near to each other are the same: they are told in seconds. */
const STEP_MS = 60_000

/** The account whose quota expires first, so that none goes to waste; those of which none is known come last. */
export const earliestReset: Strategy = (contenders, wish) => {
  if (contenders.length < 2) return contenders
  const draw = byDraw(wish)
  const reset = new Map(contenders.map((one) => [one, Math.floor(nextResetOf(one, wish) / STEP_MS)]))
  const at = (one: (typeof contenders)[number]): number => Math.min(reset.get(one) ?? Infinity, Number.MAX_SAFE_INTEGER)
  return [...contenders].sort((a, b) => at(a) - at(b) || byWork(a, b) || draw(a, b))
}
