import { describe, expect, test } from 'vitest'
import { decodeError } from './read-error.js'

const failure = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  decodeError(status, headers, new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)))
const told = (type: string, message: string) => ({ type: 'error', error: { type, message }, request_id: 'req_body' })

describe('a reply with a bad status', () => {
  test.each([
    [400, 'invalid_request_error', 'messages: field required', 'invalid_request', 'request', 'never'],
    [400, 'invalid_request_error', 'prompt is too long: 9 tokens > 8 maximum', 'context_too_long', 'request', 'never'],
    [
      400,
      'invalid_request_error',
      'input length and `max_tokens` exceed context limit: 1 + 2 > 2',
      'context_too_long',
      'request',
      'never',
    ],
    [400, 'invalid_request_error', 'Your credit balance is too low', 'payment_required', 'account', 'other'],
    [400, 'invalid_request_error', 'This organization has been disabled.', 'account_suspended', 'account', 'other'],
    [400, 'invalid_request_error', 'Output blocked by content filtering policy', 'refused', 'request', 'never'],
    [401, 'authentication_error', 'invalid x-api-key', 'credential_revoked', 'account', 'other'],
    [401, 'authentication_error', 'OAuth token has expired', 'credential_expired', 'account', 'same'],
    [402, 'billing_error', 'no money', 'payment_required', 'account', 'other'],
    [403, 'permission_error', 'no', 'forbidden', 'account', 'other'],
    [403, 'permission_error', 'Your account has been disabled', 'account_suspended', 'account', 'other'],
    [404, 'not_found_error', 'model: claude-x', 'model_unavailable', 'model', 'other'],
    [404, 'not_found_error', 'no such file', 'not_found', 'request', 'never'],
    [413, 'request_too_large', 'too large', 'payload_too_large', 'request', 'never'],
    [429, 'rate_limit_error', 'slow', 'rate_limited', 'account', 'other'],
    [500, 'api_error', 'Internal server error', 'overloaded', 'provider', 'other'],
    [504, 'timeout_error', 'late', 'timeout', 'provider', 'other'],
    [529, 'overloaded_error', 'Overloaded', 'overloaded', 'provider', 'other'],
  ])('%i %s: %s', (status, type, message, kind, scope, retry) => {
    expect(failure(status, told(type, message), { 'request-id': 'req_1' })).toMatchObject({
      kind,
      scope,
      retry,
      phase: 'sent',
      message,
      upstream: { status, type, requestId: 'req_1' },
    })
  })

  test.each([
    ['a web page', 403, '<!doctype html><title>Just a moment</title>', 'challenged'],
    ['nothing at all', 500, '', 'overloaded'],
    ['a type of the future', 429, told('of_the_future', 'x'), 'rate_limited'],
    ['another form', 400, { error: 'no' }, 'invalid_request'],
  ])('%s', (_, status, body, kind) => {
    expect(failure(status, body).kind).toBe(kind)
  })

  test.each([
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    'messages.3.content.2: Invalid `data` in `redacted_thinking` block',
  ])('%s: the relay asks again without earlier thoughts', (message) => {
    expect(failure(400, told('invalid_request_error', message))).toMatchObject({
      kind: 'invalid_request',
      code: 'invalid_encrypted_content',
    })
  })

  test('a limit that the account has set itself is a quota, with the time when it opens', () => {
    const message =
      'You have reached your specified API usage limits. You will regain access on 2027-02-01 at 00:00 UTC.'
    expect(failure(400, told('invalid_request_error', message))).toMatchObject({
      kind: 'quota_exhausted',
      scope: 'account',
      retry: 'other',
      retryAt: Date.UTC(2027, 1, 1),
    })
  })

  test('a key that the upstream repeats is not shown', () => {
    expect(failure(401, told('authentication_error', 'bad key sk-ant-api03-abcdefgh')).message).not.toContain(
      'abcdefgh',
    )
  })
})

describe('when it opens again', () => {
  const body = told('rate_limit_error', 'slow')
  const date = new Date(1_800_000_000_000).toUTCString()

  test.each([
    ['seconds from now', { 'retry-after': '30', date }, 1_800_000_030_000, 'rate_limited'],
    [
      'the limit that is used up',
      {
        'anthropic-ratelimit-requests-remaining': '5',
        'anthropic-ratelimit-requests-reset': '2027-01-15T09:00:00Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2027-01-15T08:01:00Z',
      },
      Date.parse('2027-01-15T08:01:00Z'),
      'rate_limited',
    ],
    [
      'a subscription that is used up',
      {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': '1800009000',
        'retry-after': '9000',
        date,
      },
      1_800_009_000_000,
      'quota_exhausted',
    ],
    ['nobody knows', {}, undefined, 'rate_limited'],
  ])('%s', (_, headers, retryAt, kind) => {
    const told = failure(429, body, headers as Record<string, string>)
    expect(told.retryAt).toBe(retryAt)
    expect(told.kind).toBe(kind)
  })
})
