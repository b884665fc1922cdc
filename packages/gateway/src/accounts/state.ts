import type { Failure } from '@dragoman/protocol'
import { doubted, learnQuota, lockOf, lockReason, provenFree, refused, unpaid } from './quota/index.js'
import type { Quota, QuotaReading } from './quota/index.js'
import type { AccountStatus } from './types.js'

/**
 * What is believed about an account's fitness, its quota aside. Plain data: stored as JSON.
 * @see AccountState
 */
export interface Health {
  status: Exclude<AccountStatus, 'exhausted'>
  /** One sentence that also says what heals it. */
  reason?: string
  /** Unix ms when a cooling account is looked at again, or one that was suspended for nothing but refusals. */
  until?: number
  /** The same trouble again and again; one incident counts once. */
  strikes?: { of: Trouble; count: number; at: number }
}

/** All that is believed about an account. Whether its quota is used up stands in the quota alone. */
export interface AccountState {
  health: Health
  quota?: Quota
}

type Trouble = 'challenge' | 'refusal' | 'credential'

/** What an answer or a refusal says beside itself. */
interface About {
  model?: string
  /** Unix ms; default: now. */
  sentAt?: number
  /** What its headers told. */
  reading?: QuotaReading
}

export type AccountEvent =
  /** The backend began to answer. */
  | ({ type: 'answered' } & About)
  | ({ type: 'failed'; failure: Pick<Failure, 'kind' | 'scope' | 'retryAt'> } & About)
  /** Its usage was read. */
  | { type: 'quota_told'; reading: QuotaReading }
  /** Its owner says so. */
  | { type: 'quota_is_back'; limit?: string }
  /** The backend refused a token that had just been refreshed. */
  | { type: 'refused_when_fresh' }
  /** New tokens by a person's doing. */
  | { type: 'signed_in' }
  /** New tokens by a refresh. */
  | { type: 'refreshed' }
  /** No token is left that works. */
  | { type: 'sign_in_needed'; reason: string }
  | { type: 'banned'; reason: string }
  | { type: 'switched_off' }
  | { type: 'switched_on' }
  | { type: 'time_passed' }

export const ACTIVE: Health = { status: 'active' }

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const RATE_LIMIT_MS = 30 * SECOND
const LONGEST_CHALLENGE_MS = 16 * MINUTE
const REFUSALS_TO_SUSPEND = 3
/** A suspension that nothing but refusals told is looked at again after so long. */
const SUSPENDED_MS = 6 * HOUR
const CREDENTIAL_TROUBLES_TO_EXPIRE = 3
const STRIKES_FORGOTTEN_MS = HOUR

/**
 * The account after an event. Pure. Whatever is about the network, the provider or the request leaves the account alone, and
 * nothing but its owner, a login or a lost token ends more than a time of waiting.
 */
export function next(state: AccountState, event: AccountEvent, now: number): AccountState {
  const health = nextHealth(state.health, event, now)
  const quota = nextQuota(state.quota, event, now)
  if (health === state.health && quota === state.quota) return state
  return quota === undefined ? { health } : { health, quota }
}

/** How the account stands at a time, its quota counted in, for requests that have no limit of their own. */
export function standing(
  { health, quota }: AccountState,
  now: number,
  skipExhausted = true,
): Pick<Health, 'reason' | 'until'> & { status: AccountStatus } {
  const current = isOver(health, now) ? awake(health) : health
  if (current.status !== 'active' && current.status !== 'cooling') return current
  const lock = lockOf(quota, undefined, now, skipExhausted)
  // Of two things that it waits for, the one that ends last is why it does not serve.
  return lock === undefined || lock.until <= (current.until ?? 0)
    ? current
    : { status: 'exhausted', reason: lockReason(lock), until: lock.until }
}

function nextQuota(quota: Quota | undefined, event: AccountEvent, now: number): Quota | undefined {
  switch (event.type) {
    case 'answered': {
      const free = quota === undefined ? undefined : provenFree(quota, event.model, event.sentAt ?? now)
      return event.reading === undefined ? free : learnQuota(free, event.reading, event.model)
    }
    case 'failed':
      return quotaAfterFailure(quota, event, now)
    case 'quota_told':
      return learnQuota(quota, event.reading)
    case 'quota_is_back':
      return quota === undefined ? undefined : doubted(quota, now, event.limit)
    case 'signed_in':
    case 'switched_on':
      // Perhaps on another plan by now: one request may find out.
      return quota === undefined ? undefined : doubted(quota, now)
    case 'refused_when_fresh':
    case 'refreshed':
    case 'sign_in_needed':
    case 'banned':
    case 'switched_off':
    case 'time_passed':
      return quota
    default:
      return event satisfies never
  }
}

/** A refusal's own headers tell how full the windows are; they open nothing. */
function quotaAfterFailure(
  quota: Quota | undefined,
  { failure, model, reading }: Extract<AccountEvent, { type: 'failed' }>,
  now: number,
): Quota | undefined {
  const isLimit = failure.kind === 'quota_exhausted' || failure.kind === 'payment_required'
  const told = reading === undefined ? quota : learnQuota(quota, isLimit ? closing(reading) : reading, model)
  if (failure.scope !== 'account' && failure.scope !== 'model') return told
  switch (failure.kind) {
    case 'quota_exhausted':
      return refused(told, { model, modelAlone: failure.scope === 'model', until: failure.retryAt, now })
    case 'payment_required':
      return unpaid(told, failure.retryAt, now)
    default:
      return told
  }
}

/** Of the windows that a refused request heard of, those that are free may be less sure than a lock that is known. */
function closing(reading: QuotaReading): QuotaReading {
  const windows = Object.entries(reading.windows).map(
    ([key, window]) => [key, window.reached ? window : { ...window, source: 'usage' as const }] as const,
  )
  return { ...reading, windows: Object.fromEntries(windows) }
}

function nextHealth(health: Health, event: AccountEvent, now: number): Health {
  if (health.status === 'disabled') return event.type === 'switched_on' ? ACTIVE : health
  switch (event.type) {
    case 'switched_off':
      return { status: 'disabled', reason: 'Switched off by its owner: enable it to use it again.' }
    case 'signed_in':
    case 'switched_on':
      return ACTIVE
    case 'answered':
      // An answer that began before the tokens ended proves nothing about new requests; nor does one that the trouble overtook.
      return health.status === 'expired' || isOvertaken(health, event.sentAt) ? health : settled(health)
    case 'refreshed':
      return health.status === 'expired' ? ACTIVE : health
    case 'quota_is_back':
      return health.status === 'cooling' ? awake(health) : health
    case 'quota_told':
      return health
    case 'time_passed':
      return isOver(health, now) ? awake(health) : health
    case 'sign_in_needed':
      return health.status === 'suspended' ? health : { status: 'expired', reason: event.reason }
    case 'banned':
      return { status: 'suspended', reason: event.reason }
    case 'refused_when_fresh':
      return isGone(health) ? health : refusedWhenFresh(health, now)
    case 'failed':
      return isGone(health) || event.failure.scope !== 'account' ? health : afterFailure(health, event.failure, now)
    default:
      return event satisfies never
  }
}

function settled(health: Health): Health {
  return health.status === 'active' && health.strikes === undefined ? health : ACTIVE
}

function isOvertaken({ status, strikes }: Health, sentAt: number | undefined): boolean {
  return status === 'cooling' && sentAt !== undefined && strikes !== undefined && strikes.at > sentAt
}

function afterFailure(health: Health, failure: Pick<Failure, 'kind' | 'retryAt'>, now: number): Health {
  switch (failure.kind) {
    case 'rate_limited':
      return rateLimited(health, failure.retryAt ?? now + RATE_LIMIT_MS)
    case 'challenged':
      return challenged(health, now)
    case 'forbidden':
    case 'account_suspended':
      return refusedOutright(health, now)
    case 'credential_revoked':
      return { status: 'expired', reason: 'Its login was revoked: sign in again.' }
    // What is used up stands in the quota; one 401 is answered by a refresh, and what that brings decides.
    case 'quota_exhausted':
    case 'payment_required':
    case 'credential_expired':
    case 'invalid_request':
    case 'unauthenticated':
    case 'not_found':
    case 'payload_too_large':
    case 'context_too_long':
    case 'refused':
    case 'model_unavailable':
    case 'overloaded':
    case 'unreachable':
    case 'stream_cut':
    case 'timeout':
    case 'cancelled':
    case 'internal':
      return health
    default:
      return failure.kind satisfies never
  }
}

/** A later end is never shortened: the first answer named the true one. */
function rateLimited(health: Health, until: number): Health {
  return {
    ...keepStrikes(health),
    status: 'cooling',
    reason: 'It was asked too often: it rests for a moment.',
    until: health.status === 'cooling' ? Math.max(until, health.until ?? 0) : until,
  }
}

function challenged(health: Health, now: number): Health {
  if (isSameIncident(health, 'challenge', now)) return health
  const strikes = strike(health, 'challenge', now)
  return {
    status: 'cooling',
    reason: 'The backend asked for a proof of being human: it rests, then it is tried again.',
    until: now + Math.min(MINUTE * 2 ** (strikes.count - 1), LONGEST_CHALLENGE_MS),
    strikes,
  }
}

function refusedOutright(health: Health, now: number): Health {
  if (isSameIncident(health, 'refusal', now)) return health
  const strikes = strike(health, 'refusal', now)
  if (strikes.count >= REFUSALS_TO_SUSPEND) {
    return {
      status: 'suspended',
      reason: `The backend refused it ${strikes.count} times in a row: check the account in ChatGPT, then enable it or sign in again; it is tried again after hours.`,
      until: now + SUSPENDED_MS,
      strikes,
    }
  }
  return {
    status: 'cooling',
    reason: 'The backend refused it: it rests, then it is tried again.',
    until: now + (strikes.count === 1 ? MINUTE : 5 * MINUTE),
    strikes,
  }
}

function refusedWhenFresh(health: Health, now: number): Health {
  if (isSameIncident(health, 'credential', now)) return health
  const strikes = strike(health, 'credential', now)
  if (strikes.count >= CREDENTIAL_TROUBLES_TO_EXPIRE) {
    return { status: 'expired', reason: 'The backend refuses even fresh tokens: sign in again.', strikes }
  }
  return {
    status: 'cooling',
    reason: 'The backend refused a fresh token: it rests, then it is tried again.',
    until: now + MINUTE * 2 ** (strikes.count - 1),
    strikes,
  }
}

/** Ten requests that fail together are one incident, not ten. */
function isSameIncident(health: Health, trouble: Trouble, now: number): boolean {
  return health.status === 'cooling' && health.strikes?.of === trouble && !isOver(health, now)
}

function strike(health: Health, trouble: Trouble, now: number): NonNullable<Health['strikes']> {
  const known = health.strikes
  const again = known?.of === trouble && now - known.at < STRIKES_FORGOTTEN_MS
  return { of: trouble, count: again ? known.count + 1 : 1, at: now }
}

function keepStrikes(health: Health): Pick<Health, 'strikes'> {
  return health.strikes === undefined ? {} : { strikes: health.strikes }
}

function awake(health: Health): Health {
  return { ...keepStrikes(health), status: 'active' }
}

function isOver(health: Health, now: number): boolean {
  return health.until !== undefined && health.until <= now
}

function isGone(health: Health): boolean {
  return health.status === 'expired' || health.status === 'suspended'
}
