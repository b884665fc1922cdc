import type { Failure } from '@dragoman/protocol'
import type { FallbackCase } from '../config/index.js'
import { DEFAULT_CASES } from '../routing/index.js'
import type { Routed } from './exchange.js'

/** The next target of the chain that answers for such a failure; undefined: the client is told. A committed failure has none. */
export function nextTarget(targets: readonly Routed[], at: number, failure: Failure): number | undefined {
  const happened = fallbackCase(failure)
  if (happened === undefined) return undefined
  const next = targets.findIndex(({ when }, index) => index > at && (when ?? DEFAULT_CASES).includes(happened))
  return next === -1 ? undefined : next
}

/** Which case of the configuration a failure is; undefined for what no other model would do better. */
export function fallbackCase({ kind, scope, phase, code }: Failure): FallbackCase | undefined {
  // What one account alone can read, no other model can.
  if (phase === 'committed' || code === 'conversation_bound') return undefined
  switch (kind) {
    case 'quota_exhausted':
    case 'payment_required':
    case 'rate_limited':
      return 'quota'
    case 'overloaded':
      return scope === 'gateway' ? undefined : 'overloaded'
    case 'context_too_long':
    case 'payload_too_large':
      return 'context_too_long'
    case 'refused':
      return 'refused'
    case 'unreachable':
    case 'stream_cut':
    case 'timeout':
    case 'model_unavailable':
    case 'credential_expired':
    case 'credential_revoked':
    case 'account_suspended':
    case 'challenged':
      return 'unavailable'
    case 'unauthenticated':
    case 'forbidden':
    case 'not_found':
    case 'internal':
      // Of the upstream or what pays for it, not of the client or of the gateway itself.
      return scope === 'request' || scope === 'gateway' ? undefined : 'unavailable'
    case 'invalid_request':
    case 'cancelled':
      return undefined
    default:
      return kind satisfies never
  }
}
