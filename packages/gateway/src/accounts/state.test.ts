import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACTIVE, next } from './state.js'
import type { AccountEvent, Health } from './state.js'
import type { AccountStatus } from './types.js'

const NOW = 1_000_000_000
const S = 1000
const M = 60 * S

const failed = (kind: string, more: object = {}) =>
  ({ type: 'failed', failure: { kind, scope: 'account', ...more } }) as AccountEvent

const active = ACTIVE
const cooling: Health = { status: 'cooling', reason: 'r', until: NOW + M }
const exhausted: Health = { status: 'exhausted', reason: 'r', until: NOW + 60 * M }
const expired: Health = { status: 'expired', reason: 'r' }
const suspended: Health = { status: 'suspended', reason: 'r' }
const disabled: Health = { status: 'disabled', reason: 'r' }

describe('the table of states', () => {
  // before, event, status afterwards, and until (ms from now) where it waits
  test.each<[Health, string, AccountEvent, AccountStatus, number?]>([
    [active, 'a used-up quota with its reset', failed('quota_exhausted', { retryAt: NOW + 9 * M }), 'exhausted', 9 * M],
    [active, 'a used-up quota without', failed('quota_exhausted'), 'exhausted', 5 * M],
    [
      exhausted,
      'an earlier reset: never shortened',
      failed('quota_exhausted', { retryAt: NOW + M }),
      'exhausted',
      60 * M,
    ],
    [exhausted, 'a later reset', failed('quota_exhausted', { retryAt: NOW + 90 * M }), 'exhausted', 90 * M],
    [active, 'too many requests', failed('rate_limited'), 'cooling', 30 * S],
    [active, 'too many requests with a time', failed('rate_limited', { retryAt: NOW + 7 * S }), 'cooling', 7 * S],
    [exhausted, 'too many requests', failed('rate_limited'), 'exhausted', 60 * M],
    [active, 'no credit', failed('payment_required'), 'exhausted', 30 * M],
    [active, 'a challenge', failed('challenged'), 'cooling', M],
    [active, 'a lone 403', failed('forbidden'), 'cooling', M],
    [active, 'a lone suspension', failed('account_suspended'), 'cooling', M],
    [active, 'a revoked login', failed('credential_revoked'), 'expired'],
    [active, 'a 401, which a refresh answers', failed('credential_expired'), 'active'],
    [active, 'a token refused although fresh', { type: 'refused_when_fresh' }, 'cooling', M],
    [active, 'a full window', { type: 'quota_reached', until: NOW + M }, 'exhausted', M],
    [exhausted, 'windows with room', { type: 'quota_free' }, 'active'],
    [cooling, 'windows with room', { type: 'quota_free' }, 'cooling', M],
    [cooling, 'a success', { type: 'succeeded' }, 'active'],
    [exhausted, 'a success', { type: 'succeeded' }, 'active'],
    [suspended, 'a success', { type: 'succeeded' }, 'active'],
    [expired, 'a late success', { type: 'succeeded' }, 'expired'],
    [cooling, 'time, too early', { type: 'time_passed' }, 'cooling', M],
    [{ ...cooling, until: NOW }, 'time', { type: 'time_passed' }, 'active'],
    [{ ...exhausted, until: NOW - 1 }, 'time', { type: 'time_passed' }, 'active'],
    [expired, 'time', { type: 'time_passed' }, 'expired'],
    [suspended, 'time', { type: 'time_passed' }, 'suspended'],
    [expired, 'a refresh', { type: 'refreshed' }, 'active'],
    [exhausted, 'a refresh', { type: 'refreshed' }, 'exhausted', 60 * M],
    [suspended, 'a refresh', { type: 'refreshed' }, 'suspended'],
    [suspended, 'a new login', { type: 'signed_in' }, 'active'],
    [exhausted, 'a new login', { type: 'signed_in' }, 'active'],
    [active, 'lost tokens', { type: 'sign_in_needed', reason: 'x' }, 'expired'],
    [active, 'a ban', { type: 'banned', reason: 'x' }, 'suspended'],
    [suspended, 'its owner', { type: 'switched_on' }, 'active'],
    [active, 'its owner', { type: 'switched_off' }, 'disabled'],
    [disabled, 'its owner', { type: 'switched_on' }, 'active'],
    [disabled, 'a success', { type: 'succeeded' }, 'disabled'],
    [disabled, 'a new login', { type: 'signed_in' }, 'disabled'],
    [disabled, 'a challenge', failed('challenged'), 'disabled'],
    [suspended, 'a challenge', failed('challenged'), 'suspended'],
    [expired, 'a used-up quota', failed('quota_exhausted'), 'expired'],
  ])('$0.status + %s', (before, _, event, status, untilMs) => {
    const after = next(before, event, NOW)
    expect(after.status).toBe(status)
    expect(after.until).toBe(untilMs === undefined ? undefined : NOW + untilMs)
    if (status !== 'active') expect(after.reason).toBeTruthy()
  })

  test.each([
    'unreachable',
    'timeout',
    'stream_cut',
    'overloaded',
    'internal',
    'cancelled',
    'invalid_request',
    'not_found',
    'refused',
    'model_unavailable',
    'context_too_long',
    'payload_too_large',
    'unauthenticated',
  ])('%s is no fault of the account', (kind) => {
    expect(next(active, failed(kind), NOW)).toBe(active)
  })

  test.each(['request', 'model', 'provider', 'proxy', 'gateway'])('blame on the %s changes nothing', (scope) => {
    for (const kind of [
      'quota_exhausted',
      'rate_limited',
      'challenged',
      'forbidden',
      'account_suspended',
      'payment_required',
    ]) {
      expect(next(active, failed(kind, { scope }), NOW)).toBe(active)
    }
  })
})

describe('trouble that repeats', () => {
  function repeat(event: AccountEvent, times: number): Health[] {
    const seen: Health[] = []
    let health: Health = active
    let now = NOW
    for (let n = 0; n < times; n += 1) {
      health = next(health, event, now)
      seen.push(health)
      now = health.until ?? now
      health = next(health, { type: 'time_passed' }, now)
    }
    return seen
  }

  const waits = (seen: Health[]) =>
    seen.map(({ until, strikes }) => (until === undefined ? 'for good' : (until - strikes!.at) / M))

  test('challenges double the rest, up to 16 minutes', () => {
    expect(waits(repeat(failed('challenged'), 6))).toEqual([1, 2, 4, 8, 16, 16])
  })

  test('refusals rest twice and then suspend, since a lone 403 proves nothing', () => {
    const seen = repeat(failed('forbidden'), 3)
    expect(waits(seen)).toEqual([1, 5, 'for good'])
    expect(seen[2]!.status).toBe('suspended')
  })

  test('tokens refused though fresh need a login at the third time', () => {
    expect(repeat({ type: 'refused_when_fresh' }, 3)[2]!.status).toBe('expired')
  })

  test('many requests that fail together are one incident', () => {
    let health = active
    for (let n = 0; n < 50; n += 1) health = next(health, failed('forbidden'), NOW + n)
    expect(health).toEqual(next(active, failed('forbidden'), NOW))
  })

  test('a success in between forgets', () => {
    const once = next(next(active, failed('challenged'), NOW), { type: 'succeeded' }, NOW + 2 * M)
    expect(next(once, failed('challenged'), NOW + 3 * M).until).toBe(NOW + 4 * M)
  })

  test('an hour forgets', () => {
    const rested = next(next(active, failed('challenged'), NOW), { type: 'time_passed' }, NOW + 61 * M)
    expect(next(rested, failed('challenged'), NOW + 61 * M).until).toBe(NOW + 62 * M)
  })
})

test('whatever happens, an account that waits knows until when, and time or its owner bring it back', () => {
  const event = fc.oneof(
    fc.constantFrom<AccountEvent>(
      { type: 'succeeded' },
      { type: 'quota_free' },
      { type: 'refused_when_fresh' },
      { type: 'refreshed' },
      { type: 'time_passed' },
    ),
    fc.nat(1e9).map((ms): AccountEvent => ({ type: 'quota_reached', until: NOW + ms })),
    fc
      .record({
        kind: fc.constantFrom(
          'quota_exhausted',
          'rate_limited',
          'challenged',
          'forbidden',
          'payment_required',
          'timeout',
        ),
        retryAt: fc.nat(1e9),
      })
      .map(({ kind, retryAt }) => failed(kind, { retryAt: NOW + retryAt })),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(1e7))), (events) => {
      let now = NOW
      let health: Health = active
      for (const [one, ms] of events) {
        now += ms
        health = next(health, one, now)
        expect(health.status === 'cooling' || health.status === 'exhausted').toBe(health.until !== undefined)
      }
      const later = next(health, { type: 'time_passed' }, (health.until ?? now) + 1)
      expect(['active', 'expired', 'suspended']).toContain(later.status)
      expect(next(later, { type: 'signed_in' }, now).status).toBe('active')
    }),
  )
})
