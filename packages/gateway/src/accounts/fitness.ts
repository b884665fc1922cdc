import { drawOf } from './affinity/rendezvous.js'
import { lockOf, lockReason, unprovenSince } from './quota/index.js'
import { endsAt, reasonOf } from './roster.js'
import type { Entry } from './roster.js'
import { next } from './state.js'
import type { AccountWant } from './types.js'

/** Whether an account may be asked for a model now, as far as it is about the account alone. */
export type Fitness =
  | { may: 'serve' }
  /** Nobody has seen yet that it is well again: one request at a time. */
  | { may: 'try'; why: string; since?: number }
  /** It is locked, and the lock has not been tested for a while: when nobody else can, one request may. */
  | { may: 'probe'; reason: string; until: number; since: number }
  | { may: 'not'; reason: string; until?: number; heals?: 'rest' | 'quota'; never?: 'plan' }

export interface FitnessRules {
  openTo: ((model: string, plan: string | undefined) => boolean) | undefined
  skipExhausted: boolean
  probeMs: number
}

const SERVE: Fitness = { may: 'serve' }

export function fitnessOf(entry: Entry, model: string, rules: FitnessRules, now: number): Fitness {
  const { record, quota } = entry
  const { health } = next({ health: entry.health }, { type: 'time_passed' }, now)
  if (health.status !== 'active') {
    return {
      may: 'not',
      reason: health.reason ?? health.status,
      ...(health.until === undefined ? {} : { until: health.until }),
      ...(health.status === 'cooling' ? { heals: 'rest' as const } : {}),
    }
  }
  if (rules.openTo?.(model, record.plan) === false) {
    return { may: 'not', reason: `The backend lists no ${model} for its plan ${record.plan ?? ''}.`, never: 'plan' }
  }
  const obstacle = loginObstacle(entry, now)
  if (obstacle !== undefined) return obstacle
  const lock = lockOf(quota, model, now, rules.skipExhausted)
  if (lock !== undefined) {
    const { window, until } = lock
    const probedAt = entry.probedAt ?? -Infinity
    if (window.doubtedAt !== undefined && window.doubtedAt >= window.at && probedAt < window.doubtedAt) {
      return { may: 'try', why: 'something spoke against its lock' }
    }
    const reason = lockReason(lock)
    const since = Math.max(window.at, probedAt)
    return now - since >= rules.probeMs
      ? { may: 'probe', reason, until, since }
      : { may: 'not', reason, until, heals: 'quota' }
  }
  const since = unprovenSince(quota, model, now)
  if (since !== undefined) return { may: 'try', why: 'its limit has just been reset', since }
  return health.strikes === undefined ? SERVE : { may: 'try', why: 'it rested after trouble' }
}

/** Its login keeps it from being asked. */
function loginObstacle(entry: Entry, now: number): Fitness | undefined {
  const { linked, refreshTokenHash, generation } = entry.record
  const ends = endsAt(entry.record)
  // A linked file may bring new tokens at any time: asking it is cheap.
  if (ends === undefined || ends > now || linked) return undefined
  if (entry.refusal?.generation === generation) return { may: 'not', reason: reasonOf(entry.refusal.refusal) }
  if (refreshTokenHash === undefined) {
    return { may: 'not', reason: 'Sign in again: its login has ended and cannot be renewed.' }
  }
  if (entry.retry.notBefore <= now) return undefined
  const reason = `Its login cannot be renewed at the moment: ${entry.retry.message}.`
  return { may: 'not', reason, until: entry.retry.notBefore }
}

/** May it serve whoever is bound to these ids and groups? */
export function isAmong({ record }: Entry, among: AccountWant['among']): boolean {
  return among === undefined || among.some((name) => name === record.id || record.groups.includes(name))
}

/** Accounts that were reset at one time come back over so long, unless they are few. */
const RAMP_MS = 30_000
const RAMP_PER_ACCOUNT_MS = 600

/**
 * Of accounts whose limits ended together, when each may be asked first (unix ms): the first at once, the others one after the
 * other, in an order that all instances share. Source of the figure: reliability-security R22.
 * @param others how many are in the same position
 */
export function openedAt(accountId: string, since: number, others: number): number {
  const width = Math.min(RAMP_MS, others * RAMP_PER_ACCOUNT_MS)
  return since + drawOf(String(Math.floor(since / RAMP_MS)), accountId) * width
}
