import type { Strategy } from './strategy.js'

/** Each new conversation begins one account further than the one before. */
export const roundRobin: Strategy = (contenders, { turn }) => {
  if (contenders.length < 2) return contenders
  const first = turn % contenders.length
  return [...contenders.slice(first), ...contenders.slice(0, first)]
}
