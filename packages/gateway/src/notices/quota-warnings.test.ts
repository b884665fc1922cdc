import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Account, Quota, QuotaWindow } from '../accounts/index.js'
import type { News } from './notice.js'
import { createQuotaWatch } from './quota-watch.js'
import { currentWarnings, quotaBack, quotaWarnings } from './quota-warnings.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.UTC(2026, 6, 1, 12)
const THRESHOLDS = { primary: [80, 90], secondary: [50, 95] }

const window = (usedPercent: number, more: Partial<QuotaWindow> = {}): QuotaWindow => ({
  limit: 'codex',
  slot: 'primary',
  usedPercent,
  reached: false,
  windowMinutes: 300,
  resetAt: NOW + HOUR,
  source: 'header',
  at: NOW,
  ...more,
})

const quota = (...windows: QuotaWindow[]): Quota => ({
  windows: Object.fromEntries(windows.map((one) => [`${one.limit}/${one.slot}`, one])),
  at: NOW,
})

describe('a threshold that is crossed', () => {
  test.each<[string, QuotaWindow | undefined, QuotaWindow, [number, 'warning' | 'critical'] | undefined]>([
    ['from nothing known to little used', undefined, window(10), undefined],
    ['from nothing known to much used', undefined, window(85), [80, 'warning']],
    ['just under the first', window(10), window(79.9), undefined],
    ['exactly at the first', window(10), window(80), [80, 'warning']],
    ['over the first', window(79), window(81), [80, 'warning']],
    ['going on over the first', window(81), window(89), undefined],
    ['exactly at the last', window(81), window(90), [90, 'critical']],
    ['a jump over both tells the last alone', window(10), window(97), [90, 'critical']],
    ['going on over the last', window(91), window(100), undefined],
    ['falling', window(95), window(85), undefined],
    [
      'the same window, its end named a little later',
      window(85),
      window(86, { resetAt: NOW + HOUR + MINUTE }),
      undefined,
    ],
    ['a window that rolled over', window(85), window(85, { resetAt: NOW + 6 * HOUR, at: NOW + HOUR }), [80, 'warning']],
    ['a window that was reset early', window(95), window(91, { resetAt: NOW + 5 * HOUR }), [90, 'critical']],
    ['a window that rolled over and is empty', window(95), window(0, { resetAt: NOW + 6 * HOUR }), undefined],
    ['a reading of after its end', undefined, window(95, { at: NOW + 2 * HOUR }), undefined],
    ['a refusal, whatever was counted', window(10), window(60, { reached: true }), [90, 'critical']],
    [
      'an end that nobody names, within its length',
      window(85, { resetAt: undefined as never }),
      window(86, { resetAt: undefined as never, at: NOW + 299 * MINUTE }),
      undefined,
    ],
    [
      'an end that nobody names, after its length',
      window(85, { resetAt: undefined as never }),
      window(86, { resetAt: undefined as never, at: NOW + 301 * MINUTE }),
      [80, 'warning'],
    ],
    ['the other kind of window has its own', undefined, window(60, { slot: 'secondary' }), [50, 'warning']],
    ['another limit has its own', window(85), window(85, { limit: 'code-review' }), [80, 'warning']],
    ['an unpaid plan is no window', undefined, window(100, { limit: 'payment', reached: true }), undefined],
  ])('%s', (_, before, after, expected) => {
    const told = quotaWarnings(before && quota(before), quota(after), THRESHOLDS)
    expect(told.map(({ threshold, level }) => [threshold, level])).toEqual(expected === undefined ? [] : [expected])
    for (const crossing of told) expect(crossing).toMatchObject({ limit: after.limit, slot: after.slot })
  })

  test('one threshold alone is critical, none tells nothing', () => {
    expect(quotaWarnings(undefined, quota(window(85)), { primary: [80], secondary: [] })).toMatchObject([
      { threshold: 80, level: 'critical' },
    ])
    expect(quotaWarnings(undefined, quota(window(100)), { primary: [], secondary: [] })).toEqual([])
  })
})

test('a limit that was reached and is not any more is told as back', () => {
  const locked = quota(window(100, { reached: true }), window(10, { slot: 'secondary' }))
  expect(quotaBack(locked, quota(window(0), window(10, { slot: 'secondary' })))).toEqual([
    { limit: 'codex', slot: 'primary' },
  ])
  expect(quotaBack(locked, locked)).toEqual([])
  expect(quotaBack(undefined, quota(window(0)))).toEqual([])
})

describe('over any readings', () => {
  const LENGTH = 5 * HOUR
  const readings = fc.array(
    fc.record({
      after: fc.integer({ min: 0, max: HOUR }),
      used: fc.double({ min: 0, max: 100, noNaN: true }),
      jitter: fc.integer({ min: -30_000, max: 30_000 }),
    }),
    { minLength: 1, maxLength: 60 },
  )

  /** What is told of readings whose window rolls over every five hours, each with its period. */
  function run(given: readonly { after: number; used: number; jitter: number }[], rising: boolean) {
    let now = NOW
    let known: Quota | undefined
    let period = 0
    let most = 0
    const told: { period: number; threshold: number }[] = []
    const reached: { period: number; threshold: number }[] = []
    const watch = createQuotaWatch(
      () => THRESHOLDS,
      (news: News) => {
        if (news.type === 'quota_warning') told.push({ period, threshold: news.data.threshold })
      },
    )
    for (const { after, used, jitter } of given) {
      now += after
      const current = Math.floor((now - NOW) / LENGTH)
      if (current !== period) most = 0
      period = current
      const end = NOW + (period + 1) * LENGTH
      // So near its end the jitter of the end itself decides which window a reading is of.
      if (end - now < MINUTE || now - (end - LENGTH) < MINUTE) continue
      most = rising ? Math.max(most, used) : used
      const fresh = quota(window(most, { at: now, resetAt: end + jitter }))
      watch.learned('acc_1', known, fresh)
      known = fresh
      const highest = THRESHOLDS.primary.findLast((threshold) => most >= threshold)
      if (highest !== undefined) reached.push({ period, threshold: highest })
    }
    return { told, reached }
  }
  const key = ({ period, threshold }: { period: number; threshold: number }): string => `${period} ${threshold}`

  test('no threshold is told twice in a period', () => {
    fc.assert(
      fc.property(readings, (given) => {
        const { told } = run(given, false)
        expect(new Set(told.map(key)).size).toBe(told.length)
      }),
    )
  })

  test('none is missed when the readings rise, and nothing is told that was not reached', () => {
    fc.assert(
      fc.property(readings, (given) => {
        const { told, reached } = run(given, true)
        expect(told.map(key)).toEqual([...new Set(reached.map(key))])
      }),
    )
  })
})

test('what holds now: the fullest first, nothing of the past, nothing of what is switched off', () => {
  const account = (id: string, more: Partial<Account> = {}) => ({ id, status: 'active', ...more }) as Account
  const known: Record<string, Quota> = {
    acc_a: quota(window(85), window(97, { slot: 'secondary' })),
    acc_b: quota(window(92), window(10, { slot: 'secondary' })),
    acc_c: quota(window(99, { resetAt: NOW - 1 })),
    acc_d: quota(window(99)),
  }
  const accounts = [
    account('acc_a', { email: 'ann@example.com' }),
    account('acc_b'),
    account('acc_c'),
    account('acc_d', { status: 'disabled' }),
    account('acc_e'),
  ]
  expect(currentWarnings(accounts, (id) => known[id], THRESHOLDS, NOW)).toEqual([
    {
      accountId: 'acc_a',
      email: 'ann@example.com',
      window: 'secondary',
      limit: 'codex',
      level: 'critical',
      usedPercent: 97,
      resetAt: NOW + HOUR,
    },
    {
      accountId: 'acc_b',
      email: null,
      window: 'primary',
      limit: 'codex',
      level: 'critical',
      usedPercent: 92,
      resetAt: NOW + HOUR,
    },
    expect.objectContaining({ accountId: 'acc_a', window: 'primary', level: 'warning', usedPercent: 85 }),
  ])
})
