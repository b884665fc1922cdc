import type { Failure } from '@dragoman/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HEALTHY, nextKeyHealth, restingFrom, withTrial, type KeyHealth } from './key-health.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const NOW = 1_000_000_000
type Trouble = Pick<Failure, 'kind' | 'scope' | 'retryAt'>

const after = (health: KeyHealth, failure: Trouble, now = NOW): KeyHealth =>
  nextKeyHealth(health, { model: 'm', failure }, now)

describe('what a failure means for the key', () => {
  test.each<[Failure['kind'], Failure['scope'], 'key' | 'model' | 'nothing', number]>([
    ['rate_limited', 'account', 'model', 30 * SECOND],
    ['rate_limited', 'model', 'model', 30 * SECOND],
    ['overloaded', 'provider', 'model', 10 * SECOND],
    ['overloaded', 'model', 'model', 10 * SECOND],
    ['quota_exhausted', 'account', 'key', 5 * MINUTE],
    ['quota_exhausted', 'model', 'model', 5 * MINUTE],
    ['payment_required', 'account', 'key', 30 * MINUTE],
    ['unauthenticated', 'account', 'key', 10 * MINUTE],
    ['credential_expired', 'account', 'key', 10 * MINUTE],
    ['credential_revoked', 'account', 'key', 10 * MINUTE],
    ['account_suspended', 'account', 'key', 10 * MINUTE],
    ['unauthenticated', 'provider', 'nothing', 0],
    ['forbidden', 'account', 'model', 10 * MINUTE],
    ['challenged', 'account', 'model', MINUTE],
    ['model_unavailable', 'model', 'model', 10 * MINUTE],
    ['not_found', 'model', 'model', 10 * MINUTE],
    ['not_found', 'request', 'nothing', 0],
    ['unreachable', 'provider', 'nothing', 0],
    ['unreachable', 'proxy', 'nothing', 0],
    ['stream_cut', 'provider', 'nothing', 0],
    ['timeout', 'provider', 'nothing', 0],
    ['invalid_request', 'request', 'nothing', 0],
    ['payload_too_large', 'request', 'nothing', 0],
    ['context_too_long', 'request', 'nothing', 0],
    ['refused', 'request', 'nothing', 0],
    ['cancelled', 'request', 'nothing', 0],
    ['internal', 'gateway', 'nothing', 0],
    ['rate_limited', 'gateway', 'nothing', 0],
  ])('%s of the %s benches the %s', (kind, scope, level, ms) => {
    const health = after(HEALTHY, { kind, scope })
    if (level === 'nothing') return expect(health).toBe(HEALTHY)
    const rest = level === 'key' ? health.whole : health.models['m']
    expect(rest).toMatchObject({ kind, until: NOW + ms, told: false, strikes: 1 })
    expect(restingFrom(health, 'm', NOW + ms - 1)).toBe(rest)
    expect(restingFrom(health, 'm', NOW + ms)).toBeUndefined()
    expect(restingFrom(health, 'another', NOW)).toBe(level === 'key' ? rest : undefined)
  })
})

test('the time that the provider named counts, and one in the past is none', () => {
  const told = after(HEALTHY, { kind: 'rate_limited', scope: 'account', retryAt: NOW + HOUR })
  expect(told.models['m']).toMatchObject({ until: NOW + HOUR, told: true })
  const past = after(HEALTHY, { kind: 'rate_limited', scope: 'account', retryAt: NOW - 1 })
  expect(past.models['m']).toMatchObject({ until: NOW + 30 * SECOND, told: false })
})

test('the same trouble again lets it rest longer, up to a bound; new trouble begins anew', () => {
  const refused: Trouble = { kind: 'credential_revoked', scope: 'account' }
  let [health, now] = [HEALTHY, NOW]
  const lengths: number[] = []
  for (let n = 0; n < 6; n++) {
    health = after(health, refused, now)
    lengths.push((health.whole!.until - now) / MINUTE)
    now = health.whole!.until
  }
  expect(lengths).toEqual([10, 20, 40, 80, 120, 120])
  expect(after(health, { kind: 'payment_required', scope: 'account' }, now).whole).toMatchObject({ strikes: 1 })
  expect(after(health, refused, now + HOUR).whole).toMatchObject({ strikes: 1, until: now + HOUR + 10 * MINUTE })
})

test('many requests that fail together are one incident, and shorten nothing', () => {
  const first = after(HEALTHY, { kind: 'rate_limited', scope: 'account', retryAt: NOW + HOUR })
  const second = after(first, { kind: 'rate_limited', scope: 'account' }, NOW + 1)
  expect(second.models['m']).toBe(first.models['m'])
  const later = after(second, { kind: 'rate_limited', scope: 'account', retryAt: NOW + 2 * HOUR }, NOW + 2)
  expect(later.models['m']).toMatchObject({ strikes: 1, until: NOW + 2 * HOUR })
})

test('an answer proves the key and its model, not its other models', () => {
  const both = nextKeyHealth(
    after(after(HEALTHY, { kind: 'forbidden', scope: 'account' }), { kind: 'payment_required', scope: 'account' }),
    { model: 'other', failure: { kind: 'overloaded', scope: 'provider' } },
    NOW,
  )
  expect(nextKeyHealth(both, { model: 'm' }, NOW)).toEqual({ models: { other: both.models['other'] } })
  expect(nextKeyHealth(HEALTHY, { model: 'm' }, NOW)).toBe(HEALTHY)
})

test('a failed trial is a strike more', () => {
  const health = after(HEALTHY, { kind: 'payment_required', scope: 'account' })
  const end = health.whole!.until
  const tried = withTrial(health, 'm', end)
  expect(tried.whole).toMatchObject({ triedAt: end })
  expect(after(tried, { kind: 'payment_required', scope: 'account' }, end + SECOND).whole).toEqual({
    ...health.whole,
    strikes: 2,
    until: end + SECOND + HOUR,
  })
  // What still rests is not tried by looking at it.
  expect(withTrial(health, 'm', end - 1)).toEqual(health)
})

test('names that clients make up cannot fill the memory', () => {
  let health = HEALTHY
  for (let n = 0; n < 1_000; n++) {
    health = nextKeyHealth(health, { model: `m${n}`, failure: { kind: 'not_found', scope: 'model' } }, NOW)
  }
  expect(Object.keys(health.models)).toHaveLength(200)
  expect(restingFrom(health, 'm999', NOW)).toBeDefined()
})

test('whatever happens, a rest ends, and an answer ends it', () => {
  const kinds = [
    'rate_limited',
    'quota_exhausted',
    'payment_required',
    'credential_revoked',
    'forbidden',
    'overloaded',
  ] as const
  const trouble = fc.record({
    kind: fc.constantFrom(...kinds),
    scope: fc.constantFrom('account' as const, 'model' as const),
    wait: fc.integer({ min: 0, max: HOUR }),
  })
  fc.assert(
    fc.property(fc.array(trouble), (troubles) => {
      let [health, now] = [HEALTHY, NOW]
      for (const { kind, scope, wait } of troubles) {
        now += wait
        health = after(health, { kind, scope }, now)
        expect(restingFrom(health, 'm', now + 2 * HOUR)).toBeUndefined()
      }
      expect(nextKeyHealth(health, { model: 'm' }, now)).toEqual(HEALTHY)
    }),
  )
})
