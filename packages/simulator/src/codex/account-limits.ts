import type { Account, QuotaWindow } from '../login/accounts.js'
import {
  consume,
  countedTokens,
  OWN_LIMIT,
  refusalOf,
  resetEarly,
  windowsOf,
  type WindowChoice,
  type WindowNow,
} from './limits.js'

/** One limit as replies tell it; times in unix seconds. */
export interface ToldLimit {
  /** `codex`, `code_review`, or a model limit's id. */
  id: string
  name: string | undefined
  reached: boolean
  primary: QuotaWindow | null
  secondary: QuotaWindow | null
}

/** The account's limits, its own first: those that live, else the one that `setQuota` says. */
export function toldLimits({ limits, quota }: Account, nowMs: number): [ToldLimit, ...ToldLimit[]] {
  const own: ToldLimit = {
    id: OWN_LIMIT,
    name: undefined,
    reached: quota.limitReached,
    primary: quota.primary,
    secondary: quota.secondary,
  }
  if (limits === undefined) return [own]
  const [first = own, ...others] = windowsOf(limits, nowMs).map(({ primary, secondary, ...limit }) => ({
    ...limit,
    primary: toldWindow(primary),
    secondary: secondary === null ? null : toldWindow(secondary),
  }))
  return [first, ...others]
}

/** Which limit refuses a request for this model, and until when? Credits carry an account past its windows; what they cost is not played. */
export function limitRefusal(
  { limits, quota }: Account,
  model: string,
  nowMs: number,
): { limitId: string; resetsAt: number | undefined } | undefined {
  if (limits === undefined) {
    return quota.limitReached ? { limitId: OWN_LIMIT, resetsAt: quota.primary?.resetAt } : undefined
  }
  if (quota.credits?.unlimited === true || quota.credits?.hasCredits === true) return undefined
  const refusal = refusalOf(limits, model, nowMs)
  return refusal && { limitId: refusal.limitId, resetsAt: seconds(refusal.resetAtMs) }
}

/** Books what a reply told as its usage. */
export function bookUsage(
  account: Account,
  model: string,
  usage: { inputTokens: number; cachedTokens: number; outputTokens: number },
  nowMs: number,
): void {
  const { limits } = account
  if (limits !== undefined) {
    account.limits = consume(limits, { model, tokens: countedTokens(limits, usage) }, nowMs)
  }
}

/**
 * Gives windows back before their time.
 * @returns how many of them had been used
 * @throws Error for a limit that the account does not have
 */
export function resetWindows(account: Account, choice: WindowChoice, nowMs: number): number {
  const used = toldLimits(account, nowMs)
    .filter(({ id }) => choice.limit === undefined || choice.limit === id)
    .flatMap(({ primary, secondary }) => [
      choice.window === 'secondary' ? null : primary,
      choice.window === 'primary' ? null : secondary,
    ])
    .filter((window) => window !== null && window.usedPercent > 0).length
  if (account.limits !== undefined) {
    account.limits = resetEarly(account.limits, choice)
    return used
  }
  if (choice.limit !== undefined && choice.limit !== OWN_LIMIT) throw new Error(`there is no limit ${choice.limit}`)
  const { primary, secondary } = account.quota
  account.quota = {
    ...account.quota,
    limitReached: false,
    primary: choice.window === 'secondary' ? primary : fresh(primary, nowMs),
    secondary: choice.window === 'primary' ? secondary : fresh(secondary, nowMs),
  }
  return used
}

/** Never rounded up to 100 %, which refuses; and told a second after the true end at most, so that who comes back then is served. */
function toldWindow({ usedPercent, windowMinutes, resetAtMs }: WindowNow): QuotaWindow {
  const told = usedPercent < 100 ? Math.min(99.99, Math.round(usedPercent * 100) / 100) : 100
  return { usedPercent: told, windowMinutes, resetAt: seconds(resetAtMs) }
}

function fresh(window: QuotaWindow | null, nowMs: number): QuotaWindow | null {
  if (window === null) return null
  return { ...window, usedPercent: 0, resetAt: seconds(nowMs) + window.windowMinutes * 60 }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
