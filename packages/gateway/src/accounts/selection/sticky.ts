import { byDraw } from './compare.js'
import type { Strategy } from './strategy.js'

/** The account that served last, until it cannot. */
export const sticky: Strategy = (contenders, wish) => {
  if (contenders.length < 2) return contenders
  const draw = byDraw(wish)
  return [...contenders].sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0) || draw(a, b))
}
