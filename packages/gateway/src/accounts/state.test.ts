import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readUsage } from './quota/index.js'
import type { Quota, QuotaReading } from './quota/index.js'
import { ACTIVE, next, standing } from './state.js'
import type { AccountEvent, AccountState, Health } from './state.js'
import type { AccountStatus } from './types.js'

const NOW = 1_000_000_000
const S = 1000
const M = 60 * S

const failed = (kind: string, more: object = {}) =>
  ({ type: 'failed', model: 'm', failure: { kind, scope: 'account', ...more } }) as AccountEvent

const usage = (usedPercent: number): QuotaReading =>
  readUsage(
    {
      rate_limit: {
        primary_window: { used_percent: usedPercent, limit_window_seconds: 18_000, reset_at: (NOW + 90 * M) / S },
      },
    },
    NOW,
  )!

const locked: Quota = {
  windows: {
    'codex/primary': {
      limit: 'codex',
      slot: 'primary',
      usedPercent: 100,
      reached: true,
      resetAt: NOW + 60 * M,
      source: 'refusal',
      at: NOW - M,
    },
  },
  at: NOW - M,
}

const STATES = {
  active: { health: ACTIVE },
  cooling: { health: { status: 'cooling', reason: 'r', until: NOW + M } },
  exhausted: { health: ACTIVE, quota: locked },
  expired: { health: { status: 'expired', reason: 'r' } },
  suspended: { health: { status: 'suspended', reason: 'r' } },
  disabled: { health: { status: 'disabled', reason: 'r' } },
} as const satisfies Record<AccountStatus, AccountState>

const NAMES = Object.keys(STATES) as AccountStatus[]
/** What is not about it leaves every account as it is. */
const SAME = NAMES

const TABLE: [string, AccountEvent, readonly AccountStatus[]][] = [
  // event, then the status of: active, cooling, exhausted, expired, suspended, disabled
  ['an answer', { type: 'answered', model: 'm' }, ['active', 'active', 'active', 'expired', 'active', 'disabled']],
  [
    'a used-up quota',
    failed('quota_exhausted', { retryAt: NOW + 9 * M }),
    ['exhausted', 'exhausted', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  [
    'too many requests',
    failed('rate_limited'),
    ['cooling', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  [
    'no credit',
    failed('payment_required'),
    ['exhausted', 'exhausted', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  ['a challenge', failed('challenged'), ['cooling', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled']],
  ['a lone 403', failed('forbidden'), ['cooling', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled']],
  [
    'a lone suspension',
    failed('account_suspended'),
    ['cooling', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  [
    'a revoked login',
    failed('credential_revoked'),
    ['expired', 'expired', 'expired', 'expired', 'suspended', 'disabled'],
  ],
  ['a 401, which a refresh answers', failed('credential_expired'), SAME],
  ['a network that fails', failed('unreachable', { scope: 'provider' }), SAME],
  ['a proxy that fails', failed('unreachable', { scope: 'proxy' }), SAME],
  ['an overloaded backend', failed('overloaded', { scope: 'provider' }), SAME],
  ['a model that is not there', failed('model_unavailable', { scope: 'model' }), SAME],
  ['a bad request', failed('invalid_request', { scope: 'request' }), SAME],
  ['a limit of the model alone', failed('quota_exhausted', { scope: 'model', retryAt: NOW + M }), SAME],
  [
    'a token refused although fresh',
    { type: 'refused_when_fresh' },
    ['cooling', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  ['a new login', { type: 'signed_in' }, ['active', 'active', 'exhausted', 'active', 'active', 'disabled']],
  ['a refresh', { type: 'refreshed' }, ['active', 'cooling', 'exhausted', 'active', 'suspended', 'disabled']],
  [
    'lost tokens',
    { type: 'sign_in_needed', reason: 'x' },
    ['expired', 'expired', 'expired', 'expired', 'suspended', 'disabled'],
  ],
  [
    'a ban',
    { type: 'banned', reason: 'x' },
    ['suspended', 'suspended', 'suspended', 'suspended', 'suspended', 'disabled'],
  ],
  [
    'its owner, who switches it off',
    { type: 'switched_off' },
    ['disabled', 'disabled', 'disabled', 'disabled', 'disabled', 'disabled'],
  ],
  [
    'its owner, who switches it on',
    { type: 'switched_on' },
    ['active', 'active', 'exhausted', 'active', 'active', 'active'],
  ],
  [
    'its owner, who says that the quota is back',
    { type: 'quota_is_back' },
    ['active', 'active', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  ['a usage page with room', { type: 'quota_told', reading: usage(3) }, SAME],
  [
    'a usage page without',
    { type: 'quota_told', reading: usage(100) },
    ['exhausted', 'exhausted', 'exhausted', 'expired', 'suspended', 'disabled'],
  ],
  ['time, too early', { type: 'time_passed' }, SAME],
]

describe('the table of states', () => {
  for (const [what, event, expected] of TABLE) {
    test.each(NAMES.map((name, at) => [name, expected[at]] as const))(`%s + ${what}: %s`, (name, status) => {
      const before = STATES[name]
      const after = next(before, event, NOW)
      const is = standing(after, NOW)
      expect(is.status).toBe(status)
      if (is.status !== 'active') expect(is.reason).toBeTruthy()
      expect(is.until !== undefined).toBe(is.status === 'cooling' || is.status === 'exhausted')
      if (expected === SAME && event.type !== 'quota_told' && event.type !== 'failed') expect(after).toBe(before)
    })
  }

  test('knows every event', () => {
    const types: Record<AccountEvent['type'], true> = {
      answered: true,
      failed: true,
      quota_told: true,
      quota_is_back: true,
      refused_when_fresh: true,
      signed_in: true,
      refreshed: true,
      sign_in_needed: true,
      banned: true,
      switched_off: true,
      switched_on: true,
      time_passed: true,
    }
    expect(new Set(TABLE.map(([, { type }]) => type))).toEqual(new Set(Object.keys(types)))
  })

  test.each<[AccountEvent, number]>([
    [failed('quota_exhausted', { retryAt: NOW + 9 * M }), 9 * M],
    [failed('quota_exhausted'), 5 * M],
    [failed('rate_limited'), 30 * S],
    [failed('rate_limited', { retryAt: NOW + 7 * S }), 7 * S],
    [failed('payment_required'), 30 * M],
    [failed('challenged'), M],
    [failed('forbidden'), M],
    [{ type: 'refused_when_fresh' }, M],
    [{ type: 'quota_told', reading: usage(100) }, 90 * M],
  ])('an active account after %j waits', (event, ms) => {
    const after = next(STATES.active, event, NOW)
    expect(standing(after, NOW).until).toBe(NOW + ms)
    expect(standing(after, NOW + ms).status).toBe('active')
    expect(standing(after, NOW + ms - 1).status).not.toBe('active')
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
    for (const name of NAMES) expect(next(STATES[name], failed(kind), NOW)).toBe(STATES[name])
  })

  test.each(['request', 'provider', 'proxy', 'gateway'])('blame on the %s changes nothing', (scope) => {
    for (const kind of ['quota_exhausted', 'rate_limited', 'challenged', 'forbidden', 'payment_required']) {
      expect(next(STATES.active, failed(kind, { scope }), NOW)).toBe(STATES.active)
    }
  })

  test('an answer that was sent before the trouble came does not end it', () => {
    const after = next(STATES.active, failed('forbidden'), NOW)
    expect(standing(next(after, { type: 'answered', model: 'm', sentAt: NOW - 1 }, NOW + 1), NOW + 1).status).toBe(
      'cooling',
    )
    expect(standing(next(after, { type: 'answered', model: 'm', sentAt: NOW + 1 }, NOW + 2), NOW + 2).status).toBe(
      'active',
    )
    const used = next(STATES.active, failed('quota_exhausted', { retryAt: NOW + M }), NOW)
    expect(standing(next(used, { type: 'answered', model: 'm', sentAt: NOW - 1 }, NOW + 1), NOW + 1).status).toBe(
      'exhausted',
    )
  })
})

describe('trouble that repeats', () => {
  function repeat(event: AccountEvent, times: number): Health[] {
    const seen: Health[] = []
    let state: AccountState = STATES.active
    let now = NOW
    for (let n = 0; n < times; n += 1) {
      state = next(state, event, now)
      seen.push(state.health)
      now = state.health.until ?? now
      state = next(state, { type: 'time_passed' }, now)
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
    expect(waits(seen)).toEqual([1, 5, 360])
    expect(seen[2]!.status).toBe('suspended')
    // The provider may relent; what the login server said is for its owner to heal.
    expect(next({ health: seen[2]! }, { type: 'time_passed' }, seen[2]!.until!).health.status).toBe('active')
    expect(next(STATES.active, { type: 'banned', reason: 'x' }, NOW).health.until).toBeUndefined()
  })

  test('tokens refused though fresh need a login at the third time', () => {
    expect(repeat({ type: 'refused_when_fresh' }, 3)[2]!.status).toBe('expired')
  })

  test('many requests that fail together are one incident', () => {
    let state: AccountState = STATES.active
    for (let n = 0; n < 50; n += 1) state = next(state, failed('forbidden'), NOW + n)
    expect(state).toEqual(next(STATES.active, failed('forbidden'), NOW))
  })

  test('an answer in between forgets', () => {
    const once = next(next(STATES.active, failed('challenged'), NOW), { type: 'answered' }, NOW + 2 * M)
    expect(next(once, failed('challenged'), NOW + 3 * M).health.until).toBe(NOW + 4 * M)
  })

  test('an hour forgets', () => {
    const rested = next(next(STATES.active, failed('challenged'), NOW), { type: 'time_passed' }, NOW + 61 * M)
    expect(next(rested, failed('challenged'), NOW + 61 * M).health.until).toBe(NOW + 62 * M)
  })
})

test('whatever happens, an account that waits knows until when, and time or its owner bring it back', () => {
  const event = fc.oneof(
    fc.constantFrom<AccountEvent>(
      { type: 'answered', model: 'm' },
      { type: 'quota_is_back' },
      { type: 'refused_when_fresh' },
      { type: 'refreshed' },
      { type: 'time_passed' },
    ),
    fc.integer({ min: 0, max: 100 }).map((used): AccountEvent => ({ type: 'quota_told', reading: usage(used) })),
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
      let state: AccountState = STATES.active
      for (const [one, ms] of events) {
        now += ms
        state = next(state, one, now)
        const is = standing(state, now)
        if (is.status !== 'suspended') {
          expect(is.status === 'cooling' || is.status === 'exhausted').toBe(is.until !== undefined)
        }
      }
      let is = standing(state, now)
      // What it waits for may end one after the other.
      for (let n = 0; n < 10 && is.until !== undefined; n += 1) {
        now = is.until
        is = standing(state, now)
      }
      expect(['active', 'expired', 'suspended']).toContain(is.status)
      expect(standing(next(state, { type: 'signed_in' }, now), now).status).toBe('active')
    }),
  )
})
