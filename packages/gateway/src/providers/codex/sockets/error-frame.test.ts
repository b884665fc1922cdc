import { responsesFrameDecoder } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { readErrorFrame } from './error-frame.js'

const read = (frame: object) => {
  const text = JSON.stringify({ type: 'error', ...frame })
  return readErrorFrame(text, responsesFrameDecoder()(text)!)
}

describe('an error frame means what its HTTP reply would', () => {
  test.each<[string, object, object]>([
    [
      'a limit',
      { status: 429, error: { type: 'usage_limit_reached', resets_at: 7 } },
      { kind: 'quota_exhausted', retryAt: 7000 },
    ],
    [
      'the other spelling of its status',
      { status_code: 401, error: { code: 'x' } },
      { kind: 'credential_expired', retry: 'same' },
    ],
    [
      'a rate limit without status',
      { error: { code: 'rate_limit_reached' } },
      { kind: 'rate_limited', scope: 'account' },
    ],
    ['money without status', { error: { code: 'quota_exhausted' } }, { kind: 'payment_required' }],
    ['a token without status', { error: { code: 'token_expired' } }, { kind: 'credential_expired' }],
    ['a ban without status', { error: { code: 'account_banned' } }, { kind: 'forbidden', scope: 'account' }],
    [
      'a busy backend without status',
      { error: { code: 'server_is_overloaded' } },
      { kind: 'overloaded', scope: 'provider' },
    ],
    [
      'an unknown code without status',
      { error: { code: 'brand_new', message: 'm' } },
      { kind: 'overloaded', message: 'm' },
    ],
    [
      'a code beside its type',
      { code: 'usage_limit_reached', message: 'm' },
      { kind: 'quota_exhausted', message: 'm' },
    ],
    [
      'a mistake',
      { status: 400, error: { code: 'invalid_value', message: 'm' } },
      { kind: 'invalid_request', scope: 'request' },
    ],
    ['a long context without status', { error: { code: 'context_length_exceeded' } }, { kind: 'context_too_long' }],
    ['nothing at all', {}, { kind: 'overloaded' }],
    ['no object', { error: 'broken' }, { kind: 'overloaded' }],
  ])('%s', (_, frame, failure) => {
    const told = read(frame)
    expect(told.failure).toMatchObject(failure)
    expect(told.renew).toBe(false)
  })

  test('headers are read whatever their type', () => {
    const told = read({
      status: 429,
      error: {},
      headers: { 'Retry-After': 3, Date: 'Thu, 01 Jan 1970 00:00:00 GMT', x: null },
    })
    expect(told.headers).toEqual({ 'retry-after': '3', date: 'Thu, 01 Jan 1970 00:00:00 GMT' })
    expect(told.failure.retryAt).toBe(3000)
  })
})

test.each([
  ['websocket_connection_limit_reached', 400, 'overloaded'],
  ['websocket_connection_limit_reached', undefined, 'overloaded'],
  ['previous_response_not_found', undefined, 'invalid_request'],
])('%s with status %s wants another connection', (code, status, kind) => {
  const told = read({ status, error: { code } })
  expect([told.renew, told.failure.kind]).toEqual([true, kind])
})
