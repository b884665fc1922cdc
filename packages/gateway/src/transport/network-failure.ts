import { FailureError, safeText, type Failure } from '@dragoman/protocol'

/** Codes of a connection that never came to be; the upstream has seen nothing. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * What a network error means. Network trouble blames the way, never the account: scope is `provider`. An error that is, or was caused
 * by, a FailureError (a refusal of the egress policy, a proxy that does not work) has said so already.
 * @param phase how far the request had come when it failed
 */
export function networkFailure(error: Error, origin: string, phase: Failure['phase']): Failure {
  const told = failureIn(error)
  if (told !== undefined) return told
  const code = codeOf(error)
  const before = phase === 'unsent' || (code !== undefined && NEVER_CONNECTED.has(code))
  return {
    kind: before ? 'unreachable' : 'stream_cut',
    scope: 'provider',
    phase: before && phase !== 'committed' ? 'unsent' : phase,
    retry: phase === 'committed' ? 'never' : 'same',
    message: safeText(
      before
        ? `cannot reach ${origin}: ${whyUnreachable(error)}`
        : `the connection to ${origin} broke${code === undefined ? '' : ` (${code})`}`,
    ),
  }
}

function codeOf(error: Error): string | undefined {
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error.cause instanceof Error) return codeOf(error.cause)
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return codeOf(error.errors[0])
  return undefined
}

function failureIn(error: unknown): Failure | undefined {
  if (error instanceof FailureError) return error.failure
  return error instanceof Error ? failureIn(error.cause) : undefined
}

/** Why a connection did not come to be, in words. */
export function whyUnreachable(error: Error): string {
  const code = codeOf(error)
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name does not resolve; is the network up?'
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'connecting took too long'
    default:
      return code ?? error.message
  }
}
