import type { Failure, FailureKind } from '../failure.js'
import { safeText } from '../failure.js'
import { codeOf, meaningInWords, meaningOf, NOT_INCLUDED, type Meaning } from './error-meanings.js'
import { errorWords, type ErrorWords } from './error-words.js'
import { upstreamText } from './upstream-text.js'

type Headers = Readonly<Record<string, string | undefined>>

/** An error as OpenAI's APIs write it, with the status it travels under. */
export interface OpenAiError {
  status: number
  headers: Record<string, string>
  error: {
    message: string
    type: string
    param: string | null
    code: string | null
    /** Quota errors, as the Codex backend writes them: unix seconds. */
    resets_at?: number
  }
}

/** Source: OpenAI API reference, error codes; Codex's reading of them: upstream-codex 3.1. */
const BY_KIND: Readonly<Record<FailureKind, { status: number; type: string; code: string | null }>> = {
  invalid_request: { status: 400, type: 'invalid_request_error', code: null },
  unauthenticated: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  forbidden: { status: 403, type: 'permission_error', code: 'forbidden' },
  not_found: { status: 404, type: 'invalid_request_error', code: 'not_found' },
  payload_too_large: { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  context_too_long: { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded' },
  refused: { status: 400, type: 'invalid_request_error', code: 'content_policy_violation' },
  quota_exhausted: { status: 429, type: 'usage_limit_reached', code: 'usage_limit_reached' },
  rate_limited: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  payment_required: { status: 402, type: 'billing_error', code: 'insufficient_quota' },
  credential_expired: { status: 401, type: 'authentication_error', code: 'account_login_expired' },
  credential_revoked: { status: 401, type: 'authentication_error', code: 'account_login_revoked' },
  account_suspended: { status: 403, type: 'permission_error', code: 'account_suspended' },
  challenged: { status: 503, type: 'server_error', code: 'upstream_challenge' },
  model_unavailable: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  overloaded: { status: 503, type: 'server_error', code: 'server_is_overloaded' },
  unreachable: { status: 502, type: 'server_error', code: 'upstream_unreachable' },
  stream_cut: { status: 502, type: 'server_error', code: 'stream_disconnected' },
  timeout: { status: 504, type: 'server_error', code: 'upstream_timeout' },
  cancelled: { status: 499, type: 'invalid_request_error', code: 'client_closed_request' },
  internal: { status: 500, type: 'server_error', code: 'server_error' },
}

const NOT_INCLUDED_ROW = { status: 429, type: NOT_INCLUDED, code: NOT_INCLUDED }

/**
 * A failure in OpenAI's shape. The time of a retry stands in the message; `retry-after` needs a clock and so is the gateway's to write.
 */
export function openAiError(failure: Failure): OpenAiError {
  // Codex tells an account without the product from one without money by this type, and only under 429 (upstream-codex 3.1).
  const row = failure.code === NOT_INCLUDED ? NOT_INCLUDED_ROW : BY_KIND[failure.kind]
  const at = failure.retryAt === undefined ? undefined : new Date(failure.retryAt).toISOString()
  const untold = at !== undefined && !failure.message.includes(at)
  return {
    status: row.status,
    headers: {},
    error: {
      message: safeText(untold ? `${failure.message} (again at ${at})` : failure.message),
      type: row.type,
      param: failure.pointer === undefined || failure.pointer === '' ? null : paramOf(failure.pointer),
      code: failure.code ?? row.code,
      ...(failure.kind === 'quota_exhausted' && failure.retryAt !== undefined
        ? { resets_at: Math.ceil(failure.retryAt / 1000) }
        : {}),
    },
  }
}

/** `/messages/3/content` → `messages[3].content`, as OpenAI writes places. */
function paramOf(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step, at) => (/^\d+$/.test(step) ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('')
}

export interface ErrorReply {
  status: number
  /** Names in lower case. */
  headers: Headers
  /** The parsed body; undefined when it was no JSON. */
  body: unknown
  text: string
}

/**
 * What a reply with a bad status means. Knows OpenAI's forms, the Codex backend's, and what Cloudflare puts before it.
 * Source: upstream-codex 3.1; OpenAI API reference.
 */
export function failureFromOpenAiError(reply: ErrorReply): Failure {
  const { status, headers } = reply
  const words = errorWords(reply.body ?? bodyOfHeader(headers['x-error-json']))
  const known = meaningOf(words)
  const html = /^\s*<(?:!doctype|html)/i.test(reply.text)
  const meaning = meaningOfStatus(reply, known, words, html)
  const message = html
    ? `the upstream answered ${status} with a web page (${meaning.kind === 'challenged' ? 'a bot check of Cloudflare' : 'not an API reply'})`
    : words.message || `the upstream answered ${status}`
  const retryAt =
    retryTime(words, headers) ??
    (status === 429 ? (usedUpUntil(headers) ?? resetHeader(headers['x-ratelimit-reset'])) : undefined)
  const requestId = headers['x-request-id'] ?? headers['x-oai-request-id'] ?? headers['cf-ray']
  return {
    ...meaning,
    phase: 'sent',
    message: upstreamText(message),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(codeOf(words) === '' ? {} : { code: codeOf(words) }),
    upstream: {
      status,
      ...(words.code === '' ? {} : { code: words.code }),
      ...(words.type === '' ? {} : { type: words.type }),
      ...(words.param === null ? {} : { param: words.param }),
      ...(requestId === undefined ? {} : { requestId }),
    },
  }
}

function meaningOfStatus(
  { status, headers, text }: ErrorReply,
  known: Meaning | undefined,
  words: ErrorWords,
  html: boolean,
): Meaning {
  const challenged = { kind: 'challenged', scope: 'account', retry: 'other' } as const
  if (headers['cf-mitigated'] !== undefined) return challenged
  // A code that says no more than the status leaves the last word to the message.
  const fine = known?.kind === 'invalid_request' && codeOf(words) !== 'invalid_encrypted_content' ? undefined : known
  switch (status) {
    case 401:
      // Whatever its code says, a 401 is worth one refresh.
      return { kind: 'credential_expired', scope: 'account', retry: 'same' }
    case 402:
      return { kind: 'payment_required', scope: 'account', retry: 'other' }
    case 403:
      if (html) return challenged
      return (
        (fine !== undefined && OF_403.has(fine.kind) ? fine : meaningInWords(words)) ?? {
          kind: 'forbidden',
          scope: 'account',
          retry: 'other',
        }
      )
    case 404:
      // An empty 404 comes from Cloudflare's path block, not from the API.
      if (text.trim() === '') return { kind: 'challenged', scope: 'provider', retry: 'other' }
      return fine ?? meaningInWords(words) ?? known ?? { kind: 'not_found', scope: 'request', retry: 'never' }
    case 413:
      return { kind: 'payload_too_large', scope: 'request', retry: 'never' }
    case 429:
      return fine ?? meaningInWords(words) ?? { kind: 'rate_limited', scope: 'account', retry: 'other' }
    case 408:
    case 504:
      return { kind: 'timeout', scope: 'provider', retry: 'other' }
  }
  if (status >= 500)
    return known?.kind === 'refused' ? known : { kind: 'overloaded', scope: 'provider', retry: 'other' }
  if (status >= 300 && status < 400) return { kind: 'unreachable', scope: 'provider', retry: 'never' }
  if (status >= 400) {
    if (fine !== undefined && fine.kind !== 'rate_limited') return fine
    return meaningInWords(words) ?? { kind: 'invalid_request', scope: 'request', retry: 'never' }
  }
  return { kind: 'internal', scope: 'provider', retry: 'never' }
}

/** What a 403 may mean besides that something is not allowed. */
const OF_403: ReadonlySet<FailureKind> = new Set([
  'refused',
  'account_suspended',
  'model_unavailable',
  'payment_required',
])

/** Unix ms, from whatever the upstream said of time. Seconds from now need the reply's own `date`; there is no clock here. */
export function retryTime(words: ErrorWords, headers: Headers): number | undefined {
  const at = toldTime(words, headers)
  return at !== undefined && at >= 0 && at <= LAST_DATE ? Math.round(at) : undefined
}

/** The last time that a `Date` can tell. */
const LAST_DATE = 8.64e15

function toldTime(words: ErrorWords, headers: Headers): number | undefined {
  if (words.resetsAt !== undefined) return words.resetsAt * 1000
  const after = headers['retry-after']
  const date = after === undefined || /^[\d.\s]*$/.test(after) ? NaN : Date.parse(after)
  if (!Number.isNaN(date)) return date
  const sentAt = Date.parse(headers['date'] ?? '')
  if (Number.isNaN(sentAt)) return undefined
  if (words.resetsInSeconds !== undefined) return sentAt + words.resetsInSeconds * 1000
  const ms = Number(headers['retry-after-ms'] || NaN)
  if (ms >= 0) return sentAt + ms
  const seconds = Number(after || NaN)
  if (seconds >= 0) return sentAt + seconds * 1000
  const told = /(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?\s*(?:ms|[hms])[a-z]*\s*)+)/i.exec(words.message)?.[1]
  return told === undefined ? undefined : sentAt + spanOf(told)
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/** `1h2m3.5s`, `250ms`, `5 seconds` in ms. */
function spanOf(told: string): number {
  let ms = 0
  for (const [, count, unit = ''] of told.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[hms])/gi)) {
    ms += Number(count) * (UNIT_MS[unit.toLowerCase()] ?? 0)
  }
  return ms
}

/** OpenRouter's `x-ratelimit-reset` in unix ms; others write seconds. */
function resetHeader(value: string | undefined): number | undefined {
  const time = Number(value || NaN)
  return time > 1e9 ? (time > 1e11 ? time : time * 1000) : undefined
}

/** When the last of the used-up quota windows in the Codex backend's headers opens again (upstream-codex 5.1), unix ms. */
function usedUpUntil(headers: Headers): number | undefined {
  let until: number | undefined
  for (const name in headers) {
    if (!/^x-.+-used-percent$/.test(name) || !(Number(headers[name]) >= 100)) continue
    const resetAt = Number(headers[name.replace(/used-percent$/, 'reset-at')] || NaN) * 1000
    if (resetAt > (until ?? 0) && resetAt <= LAST_DATE) until = resetAt
  }
  return until
}

/** The Codex backend also tells errors in a header, base64 of JSON (upstream-codex 3.1). */
function bodyOfHeader(value: string | undefined): unknown {
  if (value === undefined) return undefined
  try {
    return JSON.parse(atob(value))
  } catch {
    return undefined
  }
}
