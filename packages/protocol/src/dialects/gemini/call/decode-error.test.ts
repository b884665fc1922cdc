import { describe, expect, test } from 'vitest'
import type { Failure } from '../../../failure.js'
import { call } from './index.js'

const DATE = 'Tue, 03 Feb 2026 10:00:00 GMT'
const AT = Date.parse(DATE)

function error(code: number, status: string, message: string, ...details: unknown[]): unknown {
  return { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } }
}
function reason(word: string): unknown {
  return { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: word, domain: 'googleapis.com' }
}
function quota(quotaId: string, quotaValue = '15'): unknown {
  return { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId, quotaValue }] }
}
const RETRY = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.5s' }

function read(status: number, body: unknown, headers: Record<string, string> = { date: DATE }): Failure {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return call.decodeError(status, headers, new TextEncoder().encode(text))
}

describe('what an error of Google means', () => {
  test.each<[string, number, unknown, Partial<Failure>]>([
    [
      'a key that is not valid',
      400,
      error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', reason('API_KEY_INVALID')),
      { kind: 'credential_revoked', scope: 'account', retry: 'other', code: 'API_KEY_INVALID' },
    ],
    [
      'a signature of another project',
      400,
      error(400, 'INVALID_ARGUMENT', 'Corrupted thought signature.'),
      { kind: 'invalid_request', scope: 'request', code: 'invalid_encrypted_content' },
    ],
    [
      'a key that ran out',
      400,
      error(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'),
      { kind: 'credential_revoked' },
    ],
    [
      'a key that leaked',
      403,
      error(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.'),
      { kind: 'credential_revoked' },
    ],
    [
      'a token that ran out',
      401,
      error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
      { kind: 'credential_expired', retry: 'same' },
    ],
    [
      'a suspended project',
      403,
      error(
        403,
        'PERMISSION_DENIED',
        "Permission denied: Consumer 'api_key:x' has been suspended.",
        reason('CONSUMER_SUSPENDED'),
      ),
      { kind: 'account_suspended' },
    ],
    [
      'no billing',
      403,
      error(403, 'PERMISSION_DENIED', 'This API method requires billing to be enabled.', reason('BILLING_DISABLED')),
      { kind: 'payment_required' },
    ],
    [
      'an API that is off',
      403,
      error(
        403,
        'PERMISSION_DENIED',
        'Generative Language API has not been used in project 1.',
        reason('SERVICE_DISABLED'),
      ),
      { kind: 'forbidden' },
    ],
    [
      'the wrong country',
      400,
      error(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
      { kind: 'forbidden', scope: 'account', retry: 'other' },
    ],
    [
      'no free tier there',
      400,
      error(
        400,
        'FAILED_PRECONDITION',
        'Gemini API free tier is not available in your country. Please enable billing on your project in Google AI Studio.',
      ),
      { kind: 'payment_required' },
    ],
    [
      'too long',
      400,
      error(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1114113) exceeds the maximum number of tokens allowed (1048576).',
      ),
      { kind: 'context_too_long', scope: 'request', retry: 'never' },
    ],
    [
      'too large',
      400,
      error(400, 'INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'),
      { kind: 'payload_too_large' },
    ],
    [
      'a broken request',
      400,
      error(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received. Unknown name "x": Cannot find field.'),
      { kind: 'invalid_request', scope: 'request', retry: 'never' },
    ],
    [
      'an unknown model',
      404,
      error(
        404,
        'NOT_FOUND',
        'models/gemini-9 is not found for API version v1beta, or is not supported for generateContent.',
      ),
      { kind: 'model_unavailable', scope: 'model', retry: 'other' },
    ],
    [
      'an unknown file',
      404,
      error(404, 'NOT_FOUND', 'File abc does not exist.'),
      { kind: 'not_found', retry: 'never' },
    ],
    [
      "a minute's quota",
      429,
      error(
        429,
        'RESOURCE_EXHAUSTED',
        'You exceeded your current quota.',
        quota('GenerateRequestsPerMinutePerProjectPerModel'),
        RETRY,
      ),
      { kind: 'rate_limited', scope: 'account', retry: 'other', retryAt: AT + 34_500 },
    ],
    [
      "a day's quota",
      429,
      error(
        429,
        'RESOURCE_EXHAUSTED',
        'You exceeded your current quota.',
        quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'),
        RETRY,
      ),
      { kind: 'quota_exhausted', retryAt: AT + 34_500 },
    ],
    [
      'a quota of nothing',
      429,
      error(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', quota('GenerateRequestsPerMinute', '0')),
      { kind: 'quota_exhausted' },
    ],
    [
      'the time in words',
      429,
      error(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded. Please retry in 7s.'),
      { kind: 'rate_limited', retryAt: AT + 7_000 },
    ],
    [
      'overloaded',
      503,
      error(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
      { kind: 'overloaded', scope: 'provider', retry: 'other' },
    ],
    ['an inner error', 500, error(500, 'INTERNAL', 'An internal error has occurred.'), { kind: 'overloaded' }],
    [
      'a slow upstream',
      504,
      error(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
      { kind: 'timeout' },
    ],
    [
      "the upstream's own cancellation",
      499,
      error(499, 'CANCELLED', 'The operation was cancelled.'),
      { kind: 'overloaded' },
    ],
    [
      'an array of one, as streams begin',
      503,
      [error(503, 'UNAVAILABLE', 'The model is overloaded.')],
      { kind: 'overloaded', message: 'The model is overloaded.' },
    ],
    ['a status that is new', 418, error(418, 'TEAPOT', 'no'), { kind: 'invalid_request' }],
    ['a web page', 502, '<!doctype html><h1>Bad Gateway</h1>', { kind: 'overloaded' }],
    ['an empty body', 503, '', { kind: 'overloaded' }],
    [
      "a gateway's own error",
      429,
      { error: { message: 'slow down', code: 'rate_limit_exceeded' } },
      { kind: 'rate_limited' },
    ],
  ])('%s', (_, status, body, expected) => {
    expect(read(status, body)).toMatchObject({ ...expected, phase: 'sent' })
  })

  test('keeps what Google called it, and hides a key that it repeats', () => {
    const failure = read(
      403,
      error(403, 'PERMISSION_DENIED', 'Key AIzaSyA-1234567890abcdef is not allowed', { requestId: 'q1' }),
    )
    expect(failure.upstream).toEqual({
      status: 403,
      code: 'PERMISSION_DENIED',
      type: 'PERMISSION_DENIED',
      requestId: 'q1',
    })
    expect(failure.message).toBe('Key AIza[redacted] is not allowed')
  })

  test('a delay without the time of the reply names no time', () => {
    expect(read(429, error(429, 'RESOURCE_EXHAUSTED', 'no', RETRY), {})).not.toHaveProperty('retryAt')
    expect(read(429, error(429, 'RESOURCE_EXHAUSTED', 'no'), { date: DATE, 'retry-after': '3' })).toMatchObject({
      retryAt: AT + 3_000,
    })
  })
})

describe('the failure that an event tells', () => {
  test.each<[string, Parameters<typeof call.failureOf>[0], Partial<Failure> | undefined]>([
    [
      'an error with its status',
      { type: 'error', message: 'overloaded', code: 'UNAVAILABLE', status: 503 },
      { kind: 'overloaded', upstream: { status: 503, code: 'UNAVAILABLE', type: 'UNAVAILABLE' } },
    ],
    [
      'a word alone',
      { type: 'error', message: 'no', code: 'RESOURCE_EXHAUSTED' },
      { kind: 'rate_limited', upstream: { status: 429, code: 'RESOURCE_EXHAUSTED', type: 'RESOURCE_EXHAUSTED' } },
    ],
    [
      'a reason',
      { type: 'error', message: 'no', code: 'INVALID_ARGUMENT', status: 400, errorType: 'API_KEY_INVALID' },
      { kind: 'credential_revoked' },
    ],
    [
      'no word at all',
      { type: 'error', message: 'the upstream sent an event that is no JSON' },
      { kind: 'overloaded' },
    ],
    [
      'a failed response',
      { type: 'response.failed', response: { id: 'x', output: [], error: { code: 'INTERNAL', message: 'no' } } },
      { kind: 'overloaded' },
    ],
    ['an answer', { type: 'response.completed', response: { id: 'x', output: [] } }, undefined],
  ])('%s', (_, event, expected) => {
    if (expected === undefined) expect(call.failureOf(event)).toBeUndefined()
    else expect(call.failureOf(event)).toMatchObject(expected)
  })
})
