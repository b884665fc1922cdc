/** The one closed type of everything that can go wrong between a client and an upstream. */
export interface Failure {
  kind: FailureKind
  /** Who is to blame, and so who is benched. */
  scope: 'request' | 'account' | 'model' | 'provider' | 'proxy' | 'gateway'
  /** How far the request had come: nothing sent upstream, sent, or output already with the client. */
  phase: 'unsent' | 'sent' | 'committed'
  /** May the same candidate be asked again, another one, or nobody? */
  retry: 'same' | 'other' | 'never'
  /** Unix ms, when the upstream said so. */
  retryAt?: number
  upstream?: { status: number; code?: string; type?: string; param?: string; requestId?: string }
  /** The place in the client's request, as a JSON pointer (`/messages/3/content/0`). */
  pointer?: string
  /** Safe to show: redacted, control characters gone, at most 2 kB. */
  message: string
  /** Finer name in the client's vocabulary where the kind is too coarse, e.g. `model_not_found`, `unsupported_parameter`. */
  code?: string
}

export type FailureKind =
  | 'invalid_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'payload_too_large'
  | 'context_too_long'
  | 'refused'
  | 'quota_exhausted'
  | 'rate_limited'
  | 'payment_required'
  | 'credential_expired'
  | 'credential_revoked'
  | 'account_suspended'
  | 'challenged'
  | 'model_unavailable'
  | 'overloaded'
  | 'unreachable'
  | 'stream_cut'
  | 'timeout'
  | 'cancelled'
  | 'internal'

/** A failure as an exception, for code that has no other way to say it. */
export class FailureError extends Error {
  constructor(
    readonly failure: Failure,
    options?: ErrorOptions,
  ) {
    super(failure.message, options)
    this.name = 'FailureError'
  }
}

/** A client's mistake at a place in its request. */
export function invalidRequest(pointer: string, message: string, code?: string): Failure {
  return {
    kind: 'invalid_request',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    pointer,
    message: safeText(pointer === '' ? message : `${message} (at ${pointer})`),
    ...(code === undefined ? {} : { code }),
  }
}

/** Text fit for an error message: control characters become spaces, length at most 2,000 characters. */
export function safeText(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  const clean = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ')
  return clean.length > 2000 ? `${clean.slice(0, 1999)}…` : clean
}
