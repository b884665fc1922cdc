import type { Failure } from '@dragoman/protocol'
import { dayStart, GRAIN_MS } from '../store/index.js'
import { BUDGET_PERIODS, storedKeyLimits, type BudgetPeriod, type KeyLedger, type KeyLimits } from '../usage/index.js'
import type { KeySlots } from './key-slots.js'
import type { ClientKey } from './route-table.js'

/** The budgets and rates of client keys, looked at before an upstream is touched. */
export interface KeyLimiter {
  /** Requests that the key may have open, where that is a limit of its own. */
  mostOpen(key: ClientKey): number | undefined
  /**
   * Reserves what a request may be expected to take.
   * @returns why it may not be, or how to give the reservation back once what it really used is booked
   */
  admit(key: ClientKey): Failure | (() => void)
}

/** What stands between a client key and the routes. */
export interface KeyDoor {
  slots: KeySlots
  /** Absent: no key has limits of its own. */
  keyLimits?: KeyLimiter
}

/**
 * Lets one request of a client key in; every route and every turn on a WebSocket comes through here.
 * @param asks.mostOpen requests that any key may have open
 * @param asks.local it touches no upstream, so no budget and no rate counts it
 * @returns why not, or how to leave again
 */
export function enter(
  { slots, keyLimits }: KeyDoor,
  key: ClientKey,
  asks: { mostOpen: number; local: boolean },
): Failure | (() => void) {
  const own = keyLimits?.mostOpen(key)
  const mostOpen = Math.min(asks.mostOpen, own ?? asks.mostOpen)
  if (!slots.take(key.id, mostOpen)) return tooMany(mostOpen, own !== undefined && own <= asks.mostOpen)
  const admitted = asks.local ? undefined : keyLimits?.admit(key)
  if (typeof admitted === 'object') {
    slots.give(key.id)
    return admitted
  }
  return () => {
    slots.give(key.id)
    admitted?.()
  }
}

/** A budget that is used up, told when a request is refused for it. */
export interface BudgetReached {
  keyId: string
  unit: BudgetUnit
  period: BudgetPeriod
  limit: number
  used: number
  /** Unix ms; absent where the budget is one for all times. */
  resetAt?: number
}
export type BudgetUnit = 'USD' | 'tokens'

export interface KeyLimiterOptions {
  keys: KeyLedger
  now?: () => number
  /** Told once for each budget of a key, until its period is over or the budget is another. */
  onBudget?: (budget: BudgetReached) => void
}

const MINUTE_MS = 60_000

interface Amounts {
  costMicroUsd: number
  tokens: number
}
type Held = Amounts & { open: number }

/**
 * A request is let in when what its key has used, what its open requests are expected to take and what it itself is expected to take
 * stay within every budget; or, while none is open, as long as anything is left. So a budget is passed by no more than what the requests
 * open at its end take beyond what was expected of them.
 */
export function createKeyLimiter({ keys, now = Date.now, onBudget }: KeyLimiterOptions): KeyLimiter {
  const reserved = new Map<string, Held>()
  const minutes = new Map<string, number[]>()
  /** By key, unit and period: the budget that was told last. */
  const told = new Map<string, string>()
  /** A key's limits are the same object until somebody changes them. */
  const known = new WeakMap<object, { limits: KeyLimits | undefined }>()

  function limitsOf({ limits = NO_LIMITS }: ClientKey): KeyLimits | undefined {
    let read = known.get(limits)
    if (read === undefined) {
      read = { limits: storedKeyLimits(limits) }
      known.set(limits, read)
    }
    return read.limits
  }

  function overBudget(keyId: string, limits: KeyLimits, want: Amounts, at: number): Failure | undefined {
    const used = keys.of(keyId)
    const held = reserved.get(keyId) ?? NOTHING_HELD
    let later: Failure | undefined
    // The longest period first: when it is used up, the end of a shorter one helps nobody.
    for (const period of BUDGET_PERIODS.toReversed()) {
      for (const { limit, unit, of } of [
        { limit: limits.budgetUsd?.[period], unit: 'USD' as const, of: dollars },
        { limit: limits.tokens?.[period], unit: 'tokens' as const, of: tokens },
      ]) {
        if (limit === undefined) continue
        if (of(used[period]) >= limit) {
          const resetAt = periodEnd(period, at)
          const end = resetAt === undefined ? {} : { resetAt }
          tellOnce({ keyId, unit, period, limit, used: of(used[period]), ...end })
          return usedUp(`${limit} ${unit}`, period, at)
        }
        if (held.open > 0 && of(used[period]) + of(held) + of(want) > limit)
          later ??= heldBack(`${limit} ${unit}`, period, at)
      }
    }
    return later
  }

  function tellOnce(budget: BudgetReached): void {
    const { keyId, unit, period, limit, resetAt } = budget
    const which = `${keyId} ${unit} ${period}`
    const now = `${limit} ${resetAt}`
    if (told.get(which) === now) return
    told.set(which, now)
    onBudget?.(budget)
  }

  /** Counts a request in. @returns when there is room for it again, unix ms */
  function overRate(keyId: string, perMinute: number | undefined, at: number): number | undefined {
    if (perMinute === undefined) {
      minutes.delete(keyId)
      return undefined
    }
    const times = (minutes.get(keyId) ?? []).filter((time) => time > at - MINUTE_MS)
    minutes.set(keyId, times)
    const [first] = times.slice(-perMinute)
    if (first !== undefined && times.length >= perMinute) return first + MINUTE_MS
    times.push(at)
    return undefined
  }

  return {
    mostOpen: (key) => limitsOf(key)?.maxConcurrent,
    admit(key) {
      if (key.limits === undefined) return () => undefined
      const limits = limitsOf(key)
      if (limits === undefined) return UNREADABLE
      const at = now()
      const want = { ...keys.typical(key.id) }
      const failure = overBudget(key.id, limits, want, at)
      if (failure !== undefined) return failure
      const roomAt = overRate(key.id, limits.requestsPerMinute, at)
      if (roomAt !== undefined) return tooOften(limits.requestsPerMinute ?? 0, roomAt)

      const held = reserved.get(key.id) ?? { ...NOTHING_HELD }
      reserved.set(key.id, held)
      hold(held, want, 1)
      let over = false
      return () => {
        if (over) return
        over = true
        hold(held, want, -1)
        if (held.open === 0) reserved.delete(key.id)
      }
    },
  }
}

const NO_LIMITS: NonNullable<ClientKey['limits']> = {}
const NOTHING_HELD: Readonly<Held> = { open: 0, costMicroUsd: 0, tokens: 0 }

function hold(held: Held, want: Amounts, sign: 1 | -1): void {
  held.open += sign
  held.costMicroUsd += sign * want.costMicroUsd
  held.tokens += sign * want.tokens
}

const dollars = ({ costMicroUsd }: Amounts): number => costMicroUsd / 1e6
const tokens = (of: Amounts): number => of.tokens

/** When a period ends, unix ms; days and months are those of UTC. */
export function periodEnd(period: BudgetPeriod, at: number): number | undefined {
  switch (period) {
    case 'day':
      return dayStart(at) + GRAIN_MS.day
    case 'month': {
      const day = new Date(at)
      return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1)
    }
    case 'total':
      return undefined
  }
}

const plain = { scope: 'request', phase: 'unsent', retry: 'never' } as const
const OF_PERIOD: Readonly<Record<BudgetPeriod, string>> = {
  day: 'of this day',
  month: 'of this month',
  total: 'in all',
}

function usedUp(limit: string, period: BudgetPeriod, at: number): Failure {
  const end = periodEnd(period, at)
  return {
    ...plain,
    kind: 'quota_exhausted',
    code: 'insufficient_quota',
    message:
      `this client key has used up its budget ${OF_PERIOD[period]}, ${limit}; ` +
      (end === undefined ? 'whoever made the key can raise it' : `it begins anew at ${new Date(end).toISOString()}`),
    ...(end === undefined ? {} : { retryAt: end }),
  }
}

function heldBack(limit: string, period: BudgetPeriod, at: number): Failure {
  return {
    ...plain,
    kind: 'rate_limited',
    code: 'budget_reserved',
    message: `the requests that this client key has open may use up the rest of its budget ${OF_PERIOD[period]}, ${limit}; wait until one has ended`,
    retryAt: at + 1_000,
  }
}

function tooOften(perMinute: number, roomAt: number): Failure {
  return {
    ...plain,
    kind: 'rate_limited',
    message: `this client key may ask ${perMinute} times a minute`,
    retryAt: roomAt,
  }
}

function tooMany(limit: number, own: boolean): Failure {
  return {
    ...plain,
    kind: 'rate_limited',
    code: 'concurrency_limit_exceeded',
    message: `this client key has ${limit} requests open, which is its limit${own ? '' : ' (server.connections_per_key)'}`,
    retryAt: Date.now() + 1_000,
  }
}

const UNREADABLE: Failure = {
  ...plain,
  kind: 'forbidden',
  code: 'key_limits_unreadable',
  message: 'the limits of this client key cannot be read; set them anew: dragoman keys limits',
}
