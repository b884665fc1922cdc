import { byDraw, byWork, usedPercentOf } from './compare.js'
import type { Strategy } from './strategy.js'

/** Percent that make no difference: readings lag behind, and the load should spread. */
const STEP = 5

/** The account with the most room first. */
export const leastUsed: Strategy = (contenders, wish) => {
  if (contenders.length < 2) return contenders
  const draw = byDraw(wish)
  const room = new Map(contenders.map((one) => [one, Math.floor(usedPercentOf(one, wish) / STEP)]))
  return [...contenders].sort((a, b) => (room.get(a) ?? 0) - (room.get(b) ?? 0) || byWork(a, b) || draw(a, b))
}
