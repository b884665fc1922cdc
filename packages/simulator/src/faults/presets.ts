import type { CutFault, Delivery, FailFault, Place, ReplyFault, StatusFault, StatusFaultName } from './fault.js'

/**
 * The usual faults by name, for `script({ fault: faults.error500 })`.
 * Those that tell a time are functions; so are those inside a stream, which say where they strike.
 */
export const faults = {
  tokenExpired401: status('token_expired'),
  paymentRequired402: status('payment_required'),
  forbidden403: status('account_deactivated'),
  /** Cloudflare's challenge page, with `cf-mitigated`. */
  challenge403Html: status('challenge'),
  /** Cloudflare's block of a path. */
  notFound404Empty: status('path_blocked'),
  usageLimit429: (resetsInSeconds = 3600, nowMs = Date.now()): StatusFault => ({
    ...status('usage_limit_reached'),
    resetsAt: Math.floor(nowMs / 1000) + resetsInSeconds,
  }),
  usageNotIncluded429: status('usage_not_included'),
  rateLimit429: (retryAfterSeconds = 2): StatusFault => ({ ...status('rate_limited'), retryAfter: retryAfterSeconds }),
  error500: status('internal'),
  badGateway502: status('bad_gateway'),
  overloaded503: status('overloaded'),
  redirect307: (to: string): ReplyFault => ({ type: 'redirect', to, status: 307 }),
  connectionReset: { type: 'reset' } satisfies ReplyFault,
  noAnswer: { type: 'hang' } satisfies ReplyFault,
  /** The stream breaks off after so many whole events. */
  cut: (after: Place, how: CutFault['how'] = 'rst'): CutFault => ({ type: 'cut', at: after, how }),
  /** An error told inside the stream after so many events. */
  errorEvent: ({ after, ...told }: Omit<FailFault, 'type' | 'at'> & { after: Place }): FailFault => ({
    type: 'fail',
    at: after,
    ...told,
  }),
  /** An error frame before anything else, with the status and headers it stands for, or without. For WebSockets. */
  socketError: (code: string, told: Pick<FailFault, 'message' | 'more' | 'status' | 'headers'> = {}): FailFault => ({
    type: 'fail',
    at: 0,
    form: 'error-nested',
    code,
    ...told,
  }),
} as const

/** The usual ways to put a stream on the wire, for `script({ delivery: deliveries.crlf })`. They combine by spreading. */
export const deliveries = {
  firstByteDelay: (ms: number): Delivery => ({ firstByteAfter: ms }),
  oneByteWrites: { writeBytes: 1 },
  crlf: { crlf: true },
  noEventLines: { noEventLines: true },
  lean: { lean: true },
  /** An event whose JSON breaks off, before the event of this number. */
  garbage: (at = 1): Delivery => ({ insert: [{ at, what: 'garbage' }] }),
} as const

function status(name: StatusFaultName): StatusFault {
  return { type: 'status', name }
}
