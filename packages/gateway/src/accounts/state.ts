import type { Failure } from '@dragoman/protocol'
import type { AccountStatus } from './types.js'

/** What is believed about an account's fitness. Plain data: stored as JSON. */
export interface Health {
  status: AccountStatus
  /** One sentence that also says what heals it. */
  reason?: string
  /** Unix ms when a cooling or exhausted account is looked at again. */
  until?: number
  /** The same trouble again and again; one incident counts once. */
  strikes?: { of: Trouble; count: number; at: number }
}

type Trouble = 'challenge' | 'refusal' | 'credential'

export type AccountEvent =
  | { type: 'succeeded' }
  | { type: 'failed'; failure: Pick<Failure, 'kind' | 'scope' | 'retryAt'> }
  /** A window of its quota is used up. */
  | { type: 'quota_reached'; until: number }
  /** Its quota windows all have room. */
  | { type: 'quota_free' }
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
const QUOTA_PROBE_MS = 5 * MINUTE
const PAYMENT_PROBE_MS = 30 * MINUTE
const LONGEST_CHALLENGE_MS = 16 * MINUTE
const REFUSALS_TO_SUSPEND = 3
const CREDENTIAL_TROUBLES_TO_EXPIRE = 3
const STRIKES_FORGOTTEN_MS = HOUR

/**
 * The account after an event. Pure. Whatever is about the network, the provider or the request leaves the account alone, and
 * nothing but its owner, a login or a lost token ends more than a time of waiting.
 */
export function next(health: Health, event: AccountEvent, now: number): Health {
  if (health.status === 'disabled') return event.type === 'switched_on' ? ACTIVE : health
  switch (event.type) {
    case 'switched_off':
      return { status: 'disabled', reason: 'Switched off by its owner: enable it to use it again.' }
    case 'signed_in':
    case 'switched_on':
      return ACTIVE
    case 'succeeded':
      // An answer that began before the tokens ended proves nothing about new requests.
      return health.status === 'expired' ? health : ACTIVE
    case 'refreshed':
      return health.status === 'expired' ? ACTIVE : health
    case 'quota_free':
      return health.status === 'exhausted' ? ACTIVE : health
    case 'quota_reached':
      return isGone(health) ? health : exhausted(health, event.until)
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

function afterFailure(health: Health, failure: Pick<Failure, 'kind' | 'retryAt'>, now: number): Health {
  switch (failure.kind) {
    case 'quota_exhausted':
      return exhausted(health, failure.retryAt ?? now + QUOTA_PROBE_MS)
    case 'payment_required':
      return {
        ...exhausted(health, failure.retryAt ?? now + PAYMENT_PROBE_MS),
        reason: 'Its plan or credit is used up: it is asked again from time to time, or top it up.',
      }
    case 'rate_limited':
      return rateLimited(health, failure.retryAt ?? now + RATE_LIMIT_MS)
    case 'challenged':
      return challenged(health, now)
    case 'forbidden':
    case 'account_suspended':
      return refused(health, now)
    case 'credential_revoked':
      return { status: 'expired', reason: 'Its login was revoked: sign in again.' }
    // One 401 is answered by a refresh; what that brings decides.
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

/** A later end is never shortened: the first answer named the true reset. */
function exhausted(health: Health, until: number): Health {
  return {
    ...keepStrikes(health),
    status: 'exhausted',
    reason: 'Its usage limit is reached: it serves again when the window resets.',
    until: health.status === 'exhausted' ? Math.max(until, health.until ?? 0) : until,
  }
}

function rateLimited(health: Health, until: number): Health {
  if (health.status === 'exhausted' && (health.until ?? 0) >= until) return health
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

function refused(health: Health, now: number): Health {
  if (isSameIncident(health, 'refusal', now)) return health
  const strikes = strike(health, 'refusal', now)
  if (strikes.count >= REFUSALS_TO_SUSPEND) {
    return {
      status: 'suspended',
      reason: `The backend refused it ${strikes.count} times in a row: check the account in ChatGPT, then enable it or sign in again.`,
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
  return (health.status === 'cooling' || health.status === 'exhausted') && (health.until ?? 0) <= now
}

function isGone(health: Health): boolean {
  return health.status === 'expired' || health.status === 'suspended'
}
