import type { Failure } from '../../../failure.js'
import type { PivotEvent, ResponseError } from '../../../pivot/index.js'
import { given, isJson, text, type Json } from '../../json.js'
import { failureFromOpenAiError } from '../../openai-errors.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { upstreamText } from '../../upstream-text.js'

type Meaning = Pick<Failure, 'kind' | 'scope' | 'retry'>
type Headers = Readonly<Record<string, string | undefined>>

/** Source: Anthropic API reference, errors. An error inside a stream has no status of its own, so its type stands for it. */
const BY_TYPE: Readonly<Record<string, { status: number } & Meaning>> = {
  invalid_request_error: { status: 400, kind: 'invalid_request', scope: 'request', retry: 'never' },
  authentication_error: { status: 401, kind: 'credential_revoked', scope: 'account', retry: 'other' },
  billing_error: { status: 402, kind: 'payment_required', scope: 'account', retry: 'other' },
  permission_error: { status: 403, kind: 'forbidden', scope: 'account', retry: 'other' },
  not_found_error: { status: 404, kind: 'not_found', scope: 'request', retry: 'never' },
  request_too_large: { status: 413, kind: 'payload_too_large', scope: 'request', retry: 'never' },
  rate_limit_error: { status: 429, kind: 'rate_limited', scope: 'account', retry: 'other' },
  api_error: { status: 500, kind: 'overloaded', scope: 'provider', retry: 'other' },
  timeout_error: { status: 504, kind: 'timeout', scope: 'provider', retry: 'other' },
  overloaded_error: { status: 529, kind: 'overloaded', scope: 'provider', retry: 'other' },
}

/** What an `error` event tells. */
export function readError(data: Json): { error: ResponseError; status?: number } {
  const told = data['error']
  const fields = isJson(told) ? told : data
  const type = isJson(told) ? text(told['type']) : undefined
  const message = text(fields['message']) ?? text(told) ?? 'the upstream failed without a word'
  const status = type !== undefined && Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type]?.status : undefined
  return {
    error: { message: upstreamText(message), ...given({ type, code: text(fields['code']) }) },
    ...given({ status }),
  }
}

/**
 * The meaning of a reply with a bad status: its type decides, and where a type is too coarse its words. `headers` in lower case.
 * Source: Anthropic API reference, errors and rate limits.
 */
export function decodeError(status: number, headers: Headers, bytes: Uint8Array): Failure {
  const said = new TextDecoder().decode(bytes)
  const body = parsed(said)
  const requestId = headers['request-id']
  const known = requestId === undefined ? headers : { ...headers, 'x-request-id': requestId }
  const base = failureFromOpenAiError({ status, headers: known, body, text: said })
  if (base.kind === 'challenged') return base
  const told = base.upstream?.type
  const failure = { ...base, ...meaningOf(told, base.message) }
  const resetAt = status === 429 ? resetTime(headers) : undefined
  // A subscription that is used up opens in hours, a rate limit in a minute.
  const usedUp = failure.kind === 'rate_limited' && headers['anthropic-ratelimit-unified-status'] === 'rejected'
  return {
    ...failure,
    ...(usedUp ? { kind: 'quota_exhausted' as const } : {}),
    ...(failure.retryAt === undefined || usedUp ? given({ retryAt: resetAt ?? toldTime(failure) }) : {}),
  }
}

/** `You will regain access on 2026-01-01 at 00:00 UTC.` */
function toldTime({ kind, message }: Failure): number | undefined {
  const told = kind === 'quota_exhausted' ? /(\d{4}-\d\d-\d\d) at (\d\d:\d\d) UTC/.exec(message) : null
  const at = told === null ? NaN : Date.parse(`${told[1]}T${told[2]}Z`)
  return Number.isNaN(at) ? undefined : at
}

/** The failure that an `error` event tells. */
export function failureOf(event: PivotEvent): Failure | undefined {
  const failure = openaiResponses.call.failureOf(event)
  if (failure === undefined || event.type !== 'error') return failure
  return { ...failure, ...meaningOf(event.errorType ?? undefined, event.message) }
}

/** The words by which Anthropic says that a conversation has become too long. */
const TOO_LONG = /prompt is too long|exceed(?:s|ed)? (?:the )?(?:model'?s? )?context|context (?:window|limit)/i

/** The spending limit that the account has set itself; told under 400 (2025-10). */
const SPENT = /reached your specified .*usage limits/i

/** A signature that another account, another provider or nobody made; told under 400 (2025-10). */
const BAD_SIGNATURE = /invalid `?signature`? in `?thinking`?|invalid `?data`? in `?redacted_thinking`?/i

/** Told under 400 and 403. */
const SUSPENDED = /(?:account|organization).*(?:disabled|suspended)/i

function meaningOf(type: string | undefined, message: string): (Meaning & { code?: string }) | undefined {
  if (type === undefined || !Object.hasOwn(BY_TYPE, type)) return undefined
  const row = BY_TYPE[type]
  if (row === undefined) return undefined
  if (type === 'invalid_request_error') {
    if (TOO_LONG.test(message)) return { kind: 'context_too_long', scope: 'request', retry: 'never' }
    if (/credit balance is too low/i.test(message)) {
      return { kind: 'payment_required', scope: 'account', retry: 'other' }
    }
    if (/content filtering policy|blocked by/i.test(message)) {
      return { kind: 'refused', scope: 'request', retry: 'never' }
    }
    if (SPENT.test(message)) return { kind: 'quota_exhausted', scope: 'account', retry: 'other' }
    // The code by which the relay knows that it can ask again without the thoughts of earlier turns.
    if (BAD_SIGNATURE.test(message)) {
      return { kind: 'invalid_request', scope: 'request', retry: 'never', code: 'invalid_encrypted_content' }
    }
  }
  if (SUSPENDED.test(message) && (type === 'invalid_request_error' || type === 'permission_error')) {
    return { kind: 'account_suspended', scope: 'account', retry: 'other' }
  }
  if (type === 'not_found_error' && /^model\b/i.test(message)) {
    return { kind: 'model_unavailable', scope: 'model', retry: 'other', code: 'model_not_found' }
  }
  if (type === 'authentication_error' && /expired/i.test(message)) {
    return { kind: 'credential_expired', scope: 'account', retry: 'same' }
  }
  const { kind, scope, retry } = row
  return { kind, scope, retry }
}

/** When the last of the used-up limits opens again, unix ms. */
function resetTime(headers: Headers): number | undefined {
  const unified = Number(headers['anthropic-ratelimit-unified-reset'] || NaN)
  if (unified > 0) return unified * 1000
  const times = ['requests', 'tokens', 'input-tokens', 'output-tokens']
    .filter((what) => headers[`anthropic-ratelimit-${what}-remaining`] === '0')
    .map((what) => Date.parse(headers[`anthropic-ratelimit-${what}-reset`] ?? ''))
    .filter((time) => !Number.isNaN(time))
  return times.length > 0 ? Math.max(...times) : undefined
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said) as unknown
  } catch {
    return undefined
  }
}
