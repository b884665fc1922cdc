import type { EncodedError } from '../../dialect.js'
import { safeText, type Failure, type FailureKind } from '../../failure.js'
import type { Json } from '../json.js'
import type { AnthropicErrorType } from './wire.js'

/** An error as Anthropic's API writes it, with the status it travels under. */
export interface AnthropicError {
  status: number
  headers: Record<string, string>
  error: { type: AnthropicErrorType; message: string; details?: Json }
}

/** Source: Anthropic API reference, errors; clients branch on the type, for errors inside a stream have no status. */
const BY_KIND: Readonly<Record<FailureKind, readonly [status: number, type: AnthropicErrorType]>> = {
  invalid_request: [400, 'invalid_request_error'],
  unauthenticated: [401, 'authentication_error'],
  forbidden: [403, 'permission_error'],
  not_found: [404, 'not_found_error'],
  payload_too_large: [413, 'request_too_large'],
  context_too_long: [400, 'invalid_request_error'],
  refused: [400, 'invalid_request_error'],
  quota_exhausted: [429, 'rate_limit_error'],
  rate_limited: [429, 'rate_limit_error'],
  payment_required: [402, 'billing_error'],
  credential_expired: [401, 'authentication_error'],
  credential_revoked: [401, 'authentication_error'],
  account_suspended: [403, 'permission_error'],
  challenged: [529, 'overloaded_error'],
  model_unavailable: [404, 'not_found_error'],
  overloaded: [529, 'overloaded_error'],
  unreachable: [502, 'api_error'],
  stream_cut: [502, 'api_error'],
  timeout: [504, 'timeout_error'],
  cancelled: [499, 'api_error'],
  internal: [500, 'api_error'],
}

/** The code by which SDKs know that they must go on without a message thread. */
export const THREAD_UNSUPPORTED = 'thread_unsupported_request'

/** The words by which Claude Code knows that it must compact the conversation (2.1, 2026-11). */
const TOO_LONG = 'prompt is too long'

/**
 * A failure in Anthropic's shape: the place stands before the message (`messages.3.content.0.text: expected a string`), and so does
 * the phrase of a prompt that is too long. `retry-after` needs a clock and so is the gateway's to write.
 */
export function anthropicError(failure: Failure): AnthropicError {
  const [status, type] = BY_KIND[failure.kind]
  return {
    status,
    // A quota opens in hours; the SDKs would ask again at once.
    headers: failure.kind === 'quota_exhausted' ? { 'x-should-retry': 'false' } : {},
    error: {
      type,
      message: safeText(messageOf(failure)),
      ...(failure.code === THREAD_UNSUPPORTED
        ? { details: { error_code: THREAD_UNSUPPORTED, unsupported: ['thread'] } }
        : {}),
    },
  }
}

/** `{type:'error', error, request_id}`. SDKs read the id from the `request-id` header. */
export function encodeError(failure: Failure, requestId?: string): EncodedError {
  const { status, headers, error } = anthropicError(failure)
  return { status, headers, body: { type: 'error', error, request_id: requestId ?? null } }
}

function messageOf(failure: Failure): string {
  const { message, pointer } = failure
  if (failure.kind === 'context_too_long') {
    return message.toLowerCase().includes(TOO_LONG) ? message : `${TOO_LONG}: ${message}`
  }
  const at = failure.retryAt === undefined ? undefined : new Date(failure.retryAt).toISOString()
  const told = at === undefined || message.includes(at) ? message : `${message} (again at ${at})`
  if (pointer === undefined || pointer === '') return told
  const place = placeOf(pointer)
  const bare = told.endsWith(` (at ${pointer})`) ? told.slice(0, -` (at ${pointer})`.length) : told
  return bare.startsWith(`${place}:`) ? bare : `${place}: ${bare}`
}

/** `/messages/3/content/0` → `messages.3.content.0`, as Anthropic writes places. */
function placeOf(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
}
