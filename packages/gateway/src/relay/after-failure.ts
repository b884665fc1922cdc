import type { Failure } from '@dragoman/protocol'

/** What the relay does next. */
export type Decision =
  /** Ask the same candidate once more. */
  | 'again'
  /** Cure the candidate's credential, then ask it once more. */
  | 'mend'
  /** The same candidate, without the reasoning that it cannot decrypt. */
  | 'without-reasoning'
  /** The same candidate, with another reasoning effort than the one that its model refuses. */
  | 'other-effort'
  /** Leave this candidate and ask the next. */
  | 'next'
  /** Tell the client. */
  | 'stop'

export interface Situation {
  failure: Failure
  committed: boolean
  /** Attempts made so far, this one included. */
  attempts: number
  maxAttempts: number
  /** The candidate was asked again already. */
  askedAgain: boolean
  mended: boolean
  withoutReasoning: boolean
  /** The effort that the client or the route asked for still stands. */
  effortStands: boolean
  /** The budget of retries allows one more. */
  budget: boolean
}

/** Accounts that one request may find used up, where the pool did not know it. */
const MOST_USED_UP = 10

function isUsedUp({ kind, scope }: Failure): boolean {
  return scope === 'account' && (kind === 'quota_exhausted' || kind === 'payment_required')
}

/** The one table that decides about retries. Nothing outside of it does. */
export function afterFailure(now: Situation): Decision {
  const { failure } = now
  if (now.committed || failure.kind === 'cancelled') return 'stop'
  if (failure.code === 'invalid_encrypted_content' && !now.withoutReasoning) return 'without-reasoning'
  if (failure.upstream?.param === 'reasoning.effort' && failure.upstream.status === 400 && now.effortStands) {
    return 'other-effort'
  }
  if (failure.kind === 'credential_expired' && !now.mended) return 'mend'
  if (failure.retry === 'never' || failure.scope === 'request' || failure.scope === 'gateway') return 'stop'
  // Who is used up is not asked again, so that however many are, the upstream hears of each once.
  if (isUsedUp(failure)) return now.attempts >= MOST_USED_UP ? 'stop' : 'next'
  if (now.attempts >= now.maxAttempts || !now.budget) return 'stop'
  switch (failure.kind) {
    // A pooled connection that the server had just closed looks like this; once is enough to tell it from an outage.
    case 'unreachable':
    case 'stream_cut':
      return now.askedAgain || failure.retry === 'other' ? 'next' : 'again'
    default:
      return 'next'
  }
}
