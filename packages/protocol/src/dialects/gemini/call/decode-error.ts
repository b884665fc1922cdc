import type { Failure } from '../../../failure.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { failureFromOpenAiError, retryTime } from '../../openai-errors.js'
import { isJson, text } from '../../json.js'
import { upstreamText } from '../../upstream-text.js'
import { googleError, type GoogleError } from './google-error.js'

type Meaning = Pick<Failure, 'kind' | 'scope' | 'retry'>

/**
 * The error body of a reply with a bad status: Google's form, alone or in an array as streams have it; what stood before Google (a proxy, a
 * web page) is read as any other.
 */
export function decodeError(
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
  body: Uint8Array,
): Failure {
  const words = new TextDecoder().decode(body)
  const parsed = json(words)
  const error = googleError(parsed)
  if (error === undefined || (error.status === '' && error.code === undefined)) {
    return failureFromOpenAiError({ status, headers, body: parsed, text: words })
  }
  return failureFrom(error, status, headers)
}

/** The failure that an error in the middle of a stream tells; it has no headers. */
export function failureOf(event: PivotEvent): Failure | undefined {
  if (event.type === 'error') {
    const { message, code, status, errorType } = event
    return failureFrom(
      { code: status, status: code ?? '', message, reason: text(errorType), details: [] },
      status ?? (Object.hasOwn(HTTP, code ?? '') ? HTTP[code ?? ''] : undefined) ?? 500,
      {},
    )
  }
  if (event.type !== 'response.failed') return undefined
  const { message, code } = event.response.error ?? {}
  return failureFrom(
    { code: undefined, status: code ?? '', message: message ?? '', reason: undefined, details: [] },
    500,
    {},
  )
}

function failureFrom(
  error: GoogleError,
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
): Failure {
  const retryAt = retryTime(
    {
      message: '',
      code: '',
      type: '',
      param: null,
      ...given('resetsInSeconds', retrySeconds(error)),
    },
    headers,
  )
  const requestId = error.details.map((detail) => text(detail['requestId'])).find((id) => id !== undefined)
  return {
    ...meaningOf(error, status),
    phase: 'sent',
    message: upstreamText(error.message === '' ? `the upstream answered ${error.status || status}` : error.message),
    ...given('retryAt', retryAt),
    // The code by which the relay knows that it can ask again without the thoughts of earlier turns.
    ...given('code', BAD_SIGNATURE.test(error.message) ? 'invalid_encrypted_content' : error.reason),
    upstream: {
      status,
      ...given('code', error.reason ?? text(error.status)),
      ...given('type', text(error.status)),
      ...given('requestId', requestId),
    },
  }
}

function given<K extends string, T>(name: K, value: T | undefined): { [key in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: T })
}

const REVOKED: Meaning = { kind: 'credential_revoked', scope: 'account', retry: 'other' }
const FORBIDDEN: Meaning = { kind: 'forbidden', scope: 'account', retry: 'other' }
const SUSPENDED: Meaning = { kind: 'account_suspended', scope: 'account', retry: 'other' }
const UNPAID: Meaning = { kind: 'payment_required', scope: 'account', retry: 'other' }
const EXPIRED: Meaning = { kind: 'credential_expired', scope: 'account', retry: 'same' }
const LIMITED: Meaning = { kind: 'rate_limited', scope: 'account', retry: 'other' }
const USED_UP: Meaning = { kind: 'quota_exhausted', scope: 'account', retry: 'other' }
const OVERLOADED: Meaning = { kind: 'overloaded', scope: 'provider', retry: 'other' }
const INVALID: Meaning = { kind: 'invalid_request', scope: 'request', retry: 'never' }

/** Source: google/api/error_reason.proto; errors of the Gemini API as its users report them. */
const BY_REASON: Readonly<Record<string, Meaning>> = {
  API_KEY_INVALID: REVOKED,
  API_KEY_EXPIRED: REVOKED,
  ACCESS_TOKEN_EXPIRED: EXPIRED,
  CONSUMER_SUSPENDED: SUSPENDED,
  ACCOUNT_STATE_INVALID: SUSPENDED,
  CONSUMER_INVALID: FORBIDDEN,
  SERVICE_DISABLED: FORBIDDEN,
  BILLING_DISABLED: UNPAID,
  RATE_LIMIT_EXCEEDED: LIMITED,
  MODEL_CAPACITY_EXHAUSTED: { kind: 'overloaded', scope: 'model', retry: 'other' },
}

/** What the words say where status and reason are coarse. Tried in order. */
const BY_WORDS: readonly (readonly [RegExp, Meaning])[] = [
  [/api key (?:not valid|expired|not found|was reported as leaked)|reported as leaked/i, REVOKED],
  [/location is not supported/i, FORBIDDEN],
  [/free tier is not available|prepay\w* credits are depleted|enable billing/i, UNPAID],
  [
    /token count.*exceeds the maximum|exceeds the maximum number of tokens|context (?:window|length)/is,
    { kind: 'context_too_long', scope: 'request', retry: 'never' },
  ],
  [/payload size exceeds/i, { kind: 'payload_too_large', scope: 'request', retry: 'never' }],
  [/has been suspended/i, SUSPENDED],
]

/** A signature that another project or nobody made; told under 400, as public bug reports quote it (2025-12). */
const BAD_SIGNATURE = /(?:corrupted|invalid) thought[ _]signature|thought[ _]signature is not valid/i

/** Source: google.rpc.Code and its HTTP mapping. */
const HTTP: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  UNKNOWN: 500,
  INTERNAL: 500,
  DATA_LOSS: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
}

function meaningOf(error: GoogleError, status: number): Meaning {
  const reason = error.reason ?? ''
  if (Object.hasOwn(BY_REASON, reason)) return BY_REASON[reason] ?? INVALID
  const code = Object.hasOwn(HTTP, error.status) ? HTTP[error.status] : (error.code ?? status)
  const words = code === undefined || code < 500 ? BY_WORDS.find(([said]) => said.test(error.message)) : undefined
  if (words !== undefined) return words[1]
  switch (code) {
    case 401:
      // Whatever its words are, a 401 is worth one refresh.
      return EXPIRED
    case 402:
      return UNPAID
    case 403:
      return FORBIDDEN
    case 404:
      // "models/x is not found for API version v1beta, or is not supported for generateContent"
      return /\bmodels?\b/i.test(error.message)
        ? { kind: 'model_unavailable', scope: 'model', retry: 'other' }
        : { kind: 'not_found', scope: 'request', retry: 'never' }
    case 413:
      return { kind: 'payload_too_large', scope: 'request', retry: 'never' }
    case 429:
      return usedUp(error) ? USED_UP : LIMITED
    case 408:
    case 504:
      return { kind: 'timeout', scope: 'provider', retry: 'other' }
  }
  // 499 is the upstream's own cancellation, 409 an aborted transaction: neither is the client's.
  return code === undefined || code >= 499 || code === 409 ? OVERLOADED : INVALID
}

/** A minute's quota opens again soon; a day's, or one of nothing at all, does not. */
function usedUp({ details, message }: GoogleError): boolean {
  const violations = details.flatMap(({ violations }) => (Array.isArray(violations) ? violations.filter(isJson) : []))
  return (
    violations.some(({ quotaId, quotaValue }) => /PerDay/i.test(String(quotaId)) || quotaValue === '0') ||
    /\blimit: 0\b|per day/i.test(message)
  )
}

/** `retryDelay` of a `RetryInfo` ("34s", "1.5s"), else the words. */
function retrySeconds({ details, message }: GoogleError): number | undefined {
  const delays = details.map(({ retryDelay }) => /^(\d+(?:\.\d+)?)s$/.exec(String(retryDelay))?.[1])
  const told = delays.find((delay) => delay !== undefined) ?? /retry in (\d+(?:\.\d+)?)s\b/i.exec(message)?.[1]
  return told === undefined ? undefined : Number(told)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
