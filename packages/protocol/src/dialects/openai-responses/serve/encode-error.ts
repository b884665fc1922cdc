import type { EncodedError } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import { openAiError } from '../../openai-errors.js'

/** `{error: {message, type, param, code}}`; a used-up quota in the words that Codex knows (upstream-codex 3.1). */
export function encodeError(failure: Failure): EncodedError {
  const { status, headers, error } = openAiError(failure)
  return { status, headers, body: { error } }
}

/** Codes of `response.failed` that Codex does not try again; everything else it does (upstream-codex 3.1). */
export function failedCode(failure: Failure): string {
  switch (failure.kind) {
    case 'context_too_long':
      return 'context_length_exceeded'
    case 'quota_exhausted':
      return 'insufficient_quota'
    case 'payment_required':
      return failure.code ?? 'insufficient_quota'
    case 'refused':
      return failure.code ?? 'invalid_prompt'
    case 'rate_limited':
      return 'rate_limit_exceeded'
    case 'overloaded':
    case 'challenged':
      return 'server_is_overloaded'
    case 'invalid_request':
      return failure.code ?? 'invalid_prompt'
    case 'model_unavailable':
    case 'not_found':
      return failure.code ?? 'model_not_found'
    default:
      return 'server_error'
  }
}
