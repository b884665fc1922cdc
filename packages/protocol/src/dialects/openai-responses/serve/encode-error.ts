import { unreachable, type EncodedError } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import { openAiError } from '../../openai-errors.js'

/** `{error: {message, type, param, code}}`; a used-up quota in the words that Codex knows (upstream-codex 3.1). */
export function encodeError(failure: Failure): EncodedError {
  const { status, headers, error } = openAiError(failure)
  return { status, headers, body: { error } }
}

/** Codes of `response.failed` that Codex does not try again; it does for all others (upstream-codex 3.1). */
const FINAL: ReadonlySet<string> = new Set([
  'context_length_exceeded',
  'insufficient_quota',
  'organization_spend_limit_exceeded',
  'usage_not_included',
  'server_is_overloaded',
  'invalid_prompt',
  'cyber_policy',
  'bio_policy',
  'model_not_found',
])

/** The code of `response.failed` for a failure: a client that would ask in vain is told one that stops it. */
export function failedCode(failure: Failure): string {
  if (failure.code !== undefined && FINAL.has(failure.code)) return failure.code
  switch (failure.kind) {
    case 'context_too_long':
      return 'context_length_exceeded'
    case 'quota_exhausted':
    case 'payment_required':
      return 'insufficient_quota'
    case 'refused':
    case 'invalid_request':
      return 'invalid_prompt'
    case 'rate_limited':
      return 'rate_limit_exceeded'
    case 'overloaded':
      // A gateway that shuts down is back in a moment.
      return failure.scope === 'gateway' ? 'server_error' : 'server_is_overloaded'
    case 'challenged':
      return 'server_is_overloaded'
    case 'model_unavailable':
    case 'not_found':
      return 'model_not_found'
    case 'unauthenticated':
    case 'forbidden':
    case 'payload_too_large':
    case 'credential_expired':
    case 'credential_revoked':
    case 'account_suspended':
    case 'unreachable':
    case 'stream_cut':
    case 'timeout':
    case 'cancelled':
    case 'internal':
      return 'server_error'
    default:
      return unreachable(failure.kind)
  }
}
