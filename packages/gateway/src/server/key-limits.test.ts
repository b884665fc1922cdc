import type { Failure } from '@dragoman/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyLimits, KeyStanding } from '../usage/index.js'
import { keySlots } from './key-slots.js'
import { createKeyLimiter, enter, type BudgetReached, type KeyDoor } from './key-limits.js'
import type { ClientKey } from './route-table.js'

const NOON = Date.UTC(2026, 1, 28, 12)

/** One key, what it has used, and what its next request is expected to take. */
function setUp(limits: KeyLimits | object, mostOpen = 1_000) {
  const none = () => ({ costMicroUsd: 0, tokens: 0 })
  const used: KeyStanding = { day: none(), month: none(), total: none(), requests: 0, lastAt: 0 }
  const expected = { costMicroUsd: 10, tokens: 100 }
  const clock = { now: NOON }
  const key: ClientKey = { id: 'key_1', name: 'laptop', limits: limits as Record<string, unknown> }
  const told: BudgetReached[] = []
  const keyLimits = createKeyLimiter({
    keys: { of: () => used, typical: () => expected },
    now: () => clock.now,
    onBudget: (budget) => void told.push(budget),
  })
  const door: KeyDoor = { slots: keySlots(), keyLimits }
  const knock = (local = false) => enter(door, key, { mostOpen, local })
  return {
    used,
    expected,
    clock,
    told,
    key,
    knock,
    refused: (local?: boolean) => {
      const answer = knock(local)
      return typeof answer === 'object' ? answer : undefined
    },
    take(tokens: number, costMicroUsd = 0) {
      for (const period of [used.day, used.month, used.total]) {
        period.tokens += tokens
        period.costMicroUsd += costMicroUsd
      }
    },
  }
}

describe('a budget that is used up', () => {
  const MIDNIGHT = Date.UTC(2026, 2, 1)
  const ofDay = { keyId: 'key_1', unit: 'tokens', period: 'day', limit: 500, used: 510, resetAt: MIDNIGHT }

  test('is told once, and once again when it begins anew', () => {
    const key = setUp({ tokens: { day: 500 } })
    key.take(510)
    expect(key.told).toEqual([])
    key.refused()
    key.refused()
    expect(key.told).toEqual([ofDay])
    key.clock.now = MIDNIGHT
    key.refused()
    key.refused()
    expect(key.told).toEqual([ofDay, { ...ofDay, resetAt: MIDNIGHT + 86_400_000 }])
  })

  test('is told by unit and period, and when it was raised', () => {
    const key = setUp({ tokens: { day: 500, total: 600 } })
    key.take(510, 2_500_000)
    key.refused()
    key.key.limits = { tokens: { day: 10_000, total: 10_000 }, budgetUsd: { day: 2 } }
    key.refused()
    key.key.limits = { tokens: { day: 10_000, total: 505 }, budgetUsd: { day: 2 } }
    key.refused()
    key.key.limits = { tokens: { day: 10_000, total: 508 }, budgetUsd: { day: 2 } }
    key.refused()
    const total = { keyId: 'key_1', unit: 'tokens', period: 'total', used: 510 }
    expect(key.told).toEqual([
      ofDay,
      { keyId: 'key_1', unit: 'USD', period: 'day', limit: 2, used: 2.5, resetAt: MIDNIGHT },
      { ...total, limit: 505 },
      { ...total, limit: 508 },
    ])
  })

  test('one that is only held back is not', () => {
    const key = setUp({ tokens: { day: 150 } })
    key.knock()
    expect(key.refused()?.code).toBe('budget_reserved')
    expect(key.told).toEqual([])
  })
})

describe('a budget', () => {
  test.each([
    ['day', '2026-03-01T00:00:00.000Z'],
    ['month', '2026-03-01T00:00:00.000Z'],
    ['total', undefined],
  ] as const)('of tokens, by %s, is refused once it is used up, until it begins anew', (period, end) => {
    const key = setUp({ tokens: { [period]: 500 } })
    key.take(499)
    expect(key.refused()).toBeUndefined()
    key.take(1)
    const failure = key.refused()
    expect(failure).toMatchObject({ kind: 'quota_exhausted', code: 'insufficient_quota', retry: 'never' })
    expect(failure?.retryAt).toBe(end === undefined ? undefined : Date.parse(end))
    if (end !== undefined) expect(failure?.message).toContain(end)
  })

  test('of dollars', () => {
    const key = setUp({ budgetUsd: { day: 0.5 } })
    key.take(1e9, 499_999)
    expect(key.refused()).toBeUndefined()
    key.take(0, 1)
    expect(key.refused()?.message).toBe(
      'this client key has used up its budget of this day, 0.5 USD; it begins anew at 2026-03-01T00:00:00.000Z',
    )
  })

  test('that lasts longer tells when it begins anew', () => {
    const key = setUp({ tokens: { day: 1, total: 1 } })
    key.take(5)
    expect(key.refused()?.message).toMatch(/in all, 1 tokens; whoever made the key can raise it/)
  })

  test('is held for requests that are open', () => {
    const key = setUp({ tokens: { day: 250 } })
    const leave = [key.knock(), key.knock()]
    expect(key.refused()).toMatchObject({ kind: 'rate_limited', code: 'budget_reserved', retryAt: NOON + 1_000 })
    key.take(100)
    ;(leave[0] as () => void)()
    expect(key.refused()?.code).toBe('budget_reserved')
    ;(leave[1] as () => void)()
    expect(key.refused()).toBeUndefined()
  })

  test('never refuses a request that is alone while anything is left', () => {
    const key = setUp({ tokens: { total: 1_000 } })
    key.expected.tokens = 1e9
    key.take(999)
    expect(key.refused()).toBeUndefined()
  })
})

test('however many ask at once, a budget is passed by no more than the open ones take beyond what was expected', () => {
  const request = fc.record({ tokens: fc.integer({ min: 1, max: 400 }), lasts: fc.integer({ min: 1, max: 8 }) })
  fc.assert(
    fc.property(
      fc.array(request, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 3_000 }),
      (requests, limit) => {
        const key = setUp({ tokens: { total: limit } })
        const open: { left: number; tokens: number; leave: () => void }[] = []
        let mostBeyond = 0
        for (const { tokens, lasts } of requests) {
          const answer = key.knock()
          if (typeof answer === 'function') open.push({ left: lasts, tokens, leave: answer })
          const beyond = open.reduce((sum, one) => sum + Math.max(0, one.tokens - key.expected.tokens), 0)
          // One that is alone may be expected to take more than is left.
          mostBeyond = Math.max(mostBeyond, beyond + key.expected.tokens)
          for (const one of [...open]) {
            one.left -= 1
            if (one.left > 0) continue
            key.take(one.tokens)
            one.leave()
            open.splice(open.indexOf(one), 1)
          }
          expect(key.used.total.tokens).toBeLessThanOrEqual(limit + mostBeyond)
        }
      },
    ),
  )
})

describe('a rate', () => {
  test('is a minute that slides', () => {
    const key = setUp({ requestsPerMinute: 2 })
    expect(key.refused()).toBeUndefined()
    key.clock.now += 20_000
    expect(key.refused()).toBeUndefined()
    key.clock.now += 20_000
    expect(key.refused()).toMatchObject({ kind: 'rate_limited', retryAt: NOON + 60_000 })
    key.clock.now = NOON + 59_999
    expect(key.refused()).toBeDefined()
    key.clock.now = NOON + 60_000
    expect(key.refused()).toBeUndefined()
    expect(key.refused()).toMatchObject({ retryAt: NOON + 80_000 })
  })

  test('does not count what is refused, nor what is answered here', () => {
    const key = setUp({ requestsPerMinute: 1, tokens: { day: 1 } })
    for (let n = 0; n < 5; n++) expect(key.refused(true)).toBeUndefined()
    key.take(1)
    expect(key.refused()?.code).toBe('insufficient_quota')
    key.take(-1)
    expect(key.refused()).toBeUndefined()
  })
})

describe('requests open at one time', () => {
  test.each([
    [{ maxConcurrent: 1 }, 10, 1, /^this client key has 1 requests open, which is its limit$/],
    [{ maxConcurrent: 5 }, 2, 2, /server\.connections_per_key/],
    [{}, 2, 2, /server\.connections_per_key/],
  ])('%j of %d', (limits, all, most, message) => {
    const key = setUp(limits, all)
    const open = Array.from({ length: most }, () => key.knock())
    const failure = key.knock() as Failure
    expect(failure).toMatchObject({ kind: 'rate_limited', code: 'concurrency_limit_exceeded' })
    expect(failure.message).toMatch(message)
    ;(open[0] as () => void)()
    expect(key.refused()).toBeUndefined()
  })

  test('a refusal by budget keeps no place', () => {
    const key = setUp({ maxConcurrent: 1, tokens: { day: 1 } })
    key.take(1)
    for (let n = 0; n < 3; n++) expect(key.refused()?.code).toBe('insufficient_quota')
  })
})

test('limits that cannot be read let nobody in', () => {
  expect(setUp({ tokens: { fortnight: 3 } }).refused()).toMatchObject({
    kind: 'forbidden',
    code: 'key_limits_unreadable',
  })
})
