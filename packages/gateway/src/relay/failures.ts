import { safeText, type Failure } from '@dragoman/protocol'
import { mayUse } from '../routing/index.js'
import type { Exchange, Routed } from './exchange.js'

export const CLIENT_LEFT: Failure = {
  kind: 'cancelled',
  scope: 'request',
  phase: 'committed',
  retry: 'never',
  message: 'the client closed the connection',
}

export const GATEWAY_STOPS: Failure = {
  kind: 'overloaded',
  scope: 'gateway',
  phase: 'committed',
  retry: 'never',
  message: 'the gateway is shutting down; ask again in a moment',
}

export function tooLong(wallMs: number): Failure {
  return {
    kind: 'timeout',
    scope: 'gateway',
    phase: 'committed',
    retry: 'never',
    message: `the answer took longer than the limit of ${Math.round(wallMs / 60_000)} min (upstream.wall_timeout_seconds)`,
  }
}

/** A client key may be bound to some models. */
export function notAllowed(exchange: Exchange, routed: Routed): Failure | undefined {
  const allowed = exchange.key.allowedModels
  const { model, within, provider } = routed
  if (mayUse(allowed, exchange.request.model, model, `${within ?? provider.id}:${model}`)) return undefined
  return {
    kind: 'forbidden',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'model_not_allowed',
    message: safeText(`this client key may not use ${exchange.request.model}; it may use ${allowed?.join(', ')}`),
  }
}

export function cannotCompact(routed: Routed): Failure {
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'unsupported_model',
    pointer: '/model',
    message: safeText(`${routed.provider.id} cannot compact conversations; name a Codex model`),
  }
}

/** Something in the gateway itself broke; the log has the rest under this id. */
export function internalFailure(requestId: string): Failure {
  return {
    kind: 'internal',
    scope: 'gateway',
    phase: 'sent',
    retry: 'never',
    message: `the gateway failed; its log names this request as ${requestId}`,
  }
}

/** SDKs sleep the whole `retry-after`, however long; beyond this they are told not to retry, and when it is worth it. */
const LONGEST_SLEEP_MS = 60_000

/**
 * What an SDK should do about a failure that is told by status. Source: reliability-security R21 and R23.
 * @param poolTried the gateway itself has already asked more than one candidate, or one more than once
 */
export function retryHeaders(failure: Failure, now: number, poolTried: boolean): Record<string, string> {
  if (failure.retryAt !== undefined) {
    const waitMs = failure.retryAt - now
    const at = { 'x-retry-at': new Date(failure.retryAt).toISOString() }
    return waitMs <= LONGEST_SLEEP_MS
      ? { ...at, 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))) }
      : { ...at, 'x-should-retry': 'false' }
  }
  const hopeless = poolTried || failure.kind === 'quota_exhausted' || failure.kind === 'payment_required'
  return hopeless ? { 'x-should-retry': 'false' } : {}
}
