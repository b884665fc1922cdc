import type { Failure } from '@dragoman/protocol'

/** Why a key, or one model of a key, is left alone for a while. A hypothesis: any success ends it, and after `until` it is asked again. */
export interface Rest {
  /** What it is resting from; also what a client is told when nobody else is left. */
  kind: Failure['kind']
  /** One clause, without the key: `asked too often`. */
  reason: string
  /** Unix ms. */
  until: number
  /** How many times in a row, one incident counting once. */
  strikes: number
}

/** Which part of a key a failure is about. */
export type RestLevel = 'key' | 'model'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * What a failure means for the key that was asked. Pure; the same table as for accounts (`accounts/state.ts`), for what has no login to renew.
 * @param before how that part of the key rests so far
 * @returns undefined when the failure is not the key's: the network's, the request's, the gateway's
 */
export function restAfter(
  failure: Pick<Failure, 'kind' | 'scope' | 'retryAt'>,
  before: (level: RestLevel) => Rest | undefined,
  now: number,
): { level: RestLevel; rest: Rest } | undefined {
  const { kind, scope, retryAt } = failure
  if (scope === 'request' || scope === 'gateway' || scope === 'proxy') return undefined

  function rest(level: RestLevel, reason: string, firstMs: number, longestMs: number): { level: RestLevel; rest: Rest } {
    const known = before(level)
    const same = known?.kind === kind
    // Ten requests that fail together are one incident, not ten.
    const running = same && known.until > now
    const strikes = same ? known.strikes + (running ? 0 : 1) : 1
    const until = retryAt ?? now + Math.min(firstMs * 2 ** (strikes - 1), longestMs)
    // A later end is never shortened: the first answer named the true reset.
    return { level, rest: { kind, reason, until: running ? Math.max(until, known.until) : until, strikes } }
  }

  switch (kind) {
    case 'rate_limited':
      return rest('model', 'asked too often', 30 * SECOND, 10 * MINUTE)
    case 'quota_exhausted':
      return rest(scope === 'model' ? 'model' : 'key', 'its quota is used up', 5 * MINUTE, 30 * MINUTE)
    case 'payment_required':
      return rest('key', 'its credit is used up', 30 * MINUTE, 2 * HOUR)
    case 'unauthenticated':
    case 'credential_expired':
    case 'credential_revoked':
    case 'account_suspended':
      return rest('key', 'the provider refuses the key', 10 * MINUTE, 2 * HOUR)
    case 'forbidden':
    case 'challenged':
      return rest('model', 'the provider does not let the key use it', 10 * MINUTE, HOUR)
    case 'model_unavailable':
    case 'not_found':
      return rest('model', 'the provider does not know it', 10 * MINUTE, HOUR)
    case 'overloaded':
      return rest('model', 'the provider is overloaded', 10 * SECOND, MINUTE)
    case 'invalid_request':
    case 'payload_too_large':
    case 'context_too_long':
    case 'refused':
    case 'unreachable':
    case 'stream_cut':
    case 'timeout':
    case 'cancelled':
    case 'internal':
      return undefined
    default:
      return kind satisfies never
  }
}
