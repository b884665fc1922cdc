import type { Account, Quota, QuotaWindow } from '../accounts/index.js'
import type { NoticeLevel, QuotaSlot } from './notice.js'

/** Percent, ascending, of each kind of window. */
export interface Thresholds {
  primary: readonly number[]
  secondary: readonly number[]
}

/** A window has come to a threshold. */
export interface QuotaCrossing extends QuotaSlot {
  /** `critical` at the highest threshold. */
  level: Exclude<NoticeLevel, 'info'>
  usedPercent: number
  threshold: number
  /** Unix ms. */
  resetAt?: number
}

const MINUTE = 60_000
/** Readings name the same end a little differently: some say it, others say how long it is until then. */
const SAME_END_MS = 5 * MINUTE
/** Stands for an unpaid plan (402): full from its beginning, and told as the state of the account. */
const PAYMENT = 'payment'

/**
 * The thresholds that were crossed between two states of knowledge. Each is told once in a period of its window; whoever jumps over
 * several is told of the highest. A window that rolled over, by a new end or by its own, begins anew.
 */
export function quotaWarnings(before: Quota | undefined, after: Quota, thresholds: Thresholds): QuotaCrossing[] {
  const crossings: QuotaCrossing[] = []
  for (const [key, window] of Object.entries(after.windows)) {
    // What had ended when it was told says nothing about what began then.
    if (window.limit === PAYMENT || (window.resetAt ?? Infinity) <= window.at) continue
    const now = reached(window, thresholds[window.slot])
    if (now === undefined) continue
    const known = before?.windows[key]
    const told = known !== undefined && isSamePeriod(known, window) ? reached(known, thresholds[known.slot]) : undefined
    if (told === undefined || told.threshold < now.threshold) crossings.push(crossing(window, now))
  }
  return crossings
}

/** Limits that refused before and do not any more. */
export function quotaBack(before: Quota | undefined, after: Quota): QuotaSlot[] {
  return Object.entries(after.windows)
    .filter(([key, window]) => window.limit !== PAYMENT && !window.reached && before?.windows[key]?.reached === true)
    .map(([, window]) => slotOf(window))
}

/**
 * Do two readings speak of one period of a window? Not when the first had ended before the second was made, and not when the end has
 * moved on: limits are reset early too.
 */
export function isSamePeriod(known: QuotaWindow, fresh: QuotaWindow): boolean {
  if (known.resetAt === undefined || fresh.resetAt === undefined) {
    const end =
      known.resetAt ?? (known.windowMinutes === undefined ? Infinity : known.at + known.windowMinutes * MINUTE)
    return fresh.at < end
  }
  const length = (fresh.windowMinutes ?? known.windowMinutes ?? Infinity) * MINUTE
  const tolerance = Math.min(SAME_END_MS, length / 10)
  return fresh.at < known.resetAt && fresh.resetAt - known.resetAt <= tolerance
}

/** A warning that holds now. Source of the names: parity 1.10, `/auth/quota/warnings`. */
export interface CurrentWarning {
  accountId: string
  email: string | null
  window: QuotaWindow['slot']
  /** Which limit's window it is; `codex` is the account's own. */
  limit: string
  level: QuotaCrossing['level']
  usedPercent: number
  /** Unix ms. */
  resetAt: number | null
}

/** What is at or over a threshold at this moment, the fullest first. Accounts that nobody uses are left out. */
export function currentWarnings(
  accounts: readonly Account[],
  quotaOf: (accountId: string) => Quota | undefined,
  thresholds: Thresholds,
  now: number,
): CurrentWarning[] {
  const warnings: CurrentWarning[] = []
  for (const { id, email, status } of accounts) {
    if (status === 'disabled') continue
    for (const window of Object.values(quotaOf(id)?.windows ?? {})) {
      // Windows roll over at their own end, whether or not anybody said so.
      if (window.limit === PAYMENT || (window.resetAt ?? Infinity) <= now) continue
      const at = reached(window, thresholds[window.slot])
      if (at === undefined) continue
      const { limit, slot, usedPercent, resetAt } = window
      warnings.push({
        accountId: id,
        email: email ?? null,
        window: slot,
        limit,
        level: at.level,
        usedPercent,
        resetAt: resetAt ?? null,
      })
    }
  }
  return warnings.sort((a, b) => b.usedPercent - a.usedPercent)
}

/** The highest threshold that it has come to. One that refuses is full, whatever was counted. */
function reached(
  window: QuotaWindow,
  thresholds: readonly number[],
): { threshold: number; level: QuotaCrossing['level'] } | undefined {
  const used = window.reached ? Math.max(100, window.usedPercent) : window.usedPercent
  const threshold = thresholds.findLast((percent) => used >= percent)
  if (threshold === undefined) return undefined
  return { threshold, level: threshold === thresholds.at(-1) ? 'critical' : 'warning' }
}

function crossing(window: QuotaWindow, at: { threshold: number; level: QuotaCrossing['level'] }): QuotaCrossing {
  const { usedPercent, resetAt } = window
  return { ...slotOf(window), ...at, usedPercent, ...(resetAt === undefined ? {} : { resetAt }) }
}

function slotOf({ limit, name, slot }: QuotaWindow): QuotaSlot {
  return { limit, slot, ...(name === undefined ? {} : { name }) }
}
