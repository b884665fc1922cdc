import { drawOf } from '../affinity/rendezvous.js'
import { limitOf, usedNow } from '../quota/index.js'
import type { Contender, Wish } from './strategy.js'

type Compare = (a: Contender, b: Contender) => number

/** How full the fullest window is that a model's requests count against, percent; an account that nothing is known of is empty. */
export function usedPercentOf({ quota }: Contender, { model, now }: Wish): number {
  if (quota === undefined) return 0
  const limit = limitOf(quota, model)
  let most = 0
  for (const key in quota.windows) {
    const window = quota.windows[key]
    if (window?.limit === limit) most = Math.max(most, usedNow(window, now))
  }
  return most
}

/** When the next window that was begun ends, unix ms; Infinity when none is known. */
export function nextResetOf({ quota }: Contender, { model, now }: Wish): number {
  if (quota === undefined) return Infinity
  const limit = limitOf(quota, model)
  let next = Infinity
  for (const key in quota.windows) {
    const window = quota.windows[key]
    if (window?.limit === limit && window.resetAt !== undefined && window.resetAt > now) {
      next = Math.min(next, window.resetAt)
    }
  }
  return next
}

/** The one with less to do first: fewer open requests for its weight, then fewer in all, then the one that rested longest. */
export const byWork: Compare = (a, b) =>
  a.open / weightOf(a) - b.open / weightOf(b) ||
  a.requests / weightOf(a) - b.requests / weightOf(b) ||
  (a.lastUsedAt ?? 0) - (b.lastUsedAt ?? 0)

/** Between equals: the same in every instance. Draws only for those that are compared, and once for each. */
export function byDraw({ chain }: Wish): Compare {
  const draws = new Map<string, number>()
  const draw = ({ account: { id } }: Contender): number => {
    const known = draws.get(id)
    if (known !== undefined) return known
    const drawn = drawOf(chain, id)
    draws.set(id, drawn)
    return drawn
  }
  return (a, b) => draw(b) - draw(a)
}

function weightOf({ account }: Contender): number {
  return account.weight > 0 ? account.weight : 1
}
