import { describe, expect, test } from 'vitest'
import { readQuotaHeaders, readUsage } from './read-quota.js'
import { lockOf } from './truth.js'

const NOW = 1_795_000_000_000
const RESET_S = 1_795_009_000

const headers = {
  'x-codex-primary-used-percent': '41.5',
  'x-codex-primary-window-minutes': '300',
  'x-codex-primary-reset-at': String(RESET_S),
  'x-codex-secondary-used-percent': '100',
  'x-codex-secondary-window-minutes': '10080',
  'x-codex-secondary-reset-after-seconds': '600',
  'x-codex-bengalfox-primary-used-percent': '7',
  'x-codex-bengalfox-limit-name': 'Spark',
  'x-codex-credits-has-credits': 'false',
  'x-codex-credits-unlimited': '0',
  'x-codex-plan-type': 'plus',
  'content-type': 'text/event-stream',
}

describe('rate-limit headers', () => {
  test('are read family by family', () => {
    const quota = readQuotaHeaders(headers, NOW)!
    expect(quota.windows).toEqual({
      'codex/primary': {
        limit: 'codex',
        slot: 'primary',
        usedPercent: 41.5,
        reached: false,
        windowMinutes: 300,
        resetAt: RESET_S * 1000,
        source: 'header',
        at: NOW,
      },
      'codex/secondary': {
        limit: 'codex',
        slot: 'secondary',
        usedPercent: 100,
        reached: true,
        windowMinutes: 10080,
        resetAt: NOW + 600_000,
        source: 'header',
        at: NOW,
      },
      'codex-bengalfox/primary': {
        limit: 'codex-bengalfox',
        slot: 'primary',
        name: 'Spark',
        usedPercent: 7,
        reached: false,
        source: 'header',
        at: NOW,
      },
    })
    expect(quota.plan).toBe('plus')
    expect(quota.credits).toMatchObject({ hasCredits: false, unlimited: false, source: 'header', at: NOW })
    expect(lockOf(quota, undefined, NOW)?.until).toBe(NOW + 600_000)
    expect(lockOf(quota, undefined, NOW + 600_000)).toBeUndefined()
  })

  test('of zeros mean a window that the plan does not have', () => {
    const zeros = { 'x-codex-secondary-used-percent': '0', 'x-codex-secondary-window-minutes': '0' }
    expect(readQuotaHeaders(zeros, NOW)).toBeUndefined()
  })

  test.each([[{}], [{ 'x-codex-primary-used-percent': 'much' }], [{ 'x-codex-primary-used-percent': '-1' }]])(
    'that say nothing are nothing: %j',
    (bag) => {
      expect(readQuotaHeaders(bag, NOW)).toBeUndefined()
    },
  )
})

describe('a usage read', () => {
  const usage = {
    plan_type: 'plus',
    rate_limit: {
      allowed: false,
      limit_reached: true,
      primary_window: { used_percent: 100, limit_window_seconds: 18000, reset_after_seconds: 9000, reset_at: RESET_S },
      secondary_window: null,
    },
    code_review_rate_limit: null,
    additional_rate_limits: [
      {
        limit_name: 'Spark',
        metered_feature: 'codex_bengalfox',
        rate_limit: { primary_window: { used_percent: 3, reset_after_seconds: 60 } },
      },
    ],
    credits: { has_credits: true, unlimited: false, balance: '9.99' },
    rate_limit_reset_credits: { available_count: 2 },
  }

  test('speaks of the same windows as the headers', () => {
    const quota = readUsage(usage, NOW)!
    expect(quota.windows['codex/primary']).toMatchObject({
      usedPercent: 100,
      windowMinutes: 300,
      resetAt: RESET_S * 1000,
      source: 'usage',
    })
    expect(quota.windows['codex-bengalfox/primary']).toMatchObject({ usedPercent: 3, resetAt: NOW + 60_000 })
    expect(quota.credits).toMatchObject({ hasCredits: true, unlimited: false, balance: '9.99', source: 'usage' })
    expect(quota.resetCredits).toEqual({ available: 2, at: NOW })
  })

  test('of a full window with credits left is no end', () => {
    expect(lockOf(readUsage(usage, NOW), undefined, NOW)).toBeUndefined()
    expect(lockOf(readUsage({ ...usage, credits: null }, NOW), undefined, NOW)?.until).toBe(RESET_S * 1000)
  })

  test('that refuses and does not say where means the fullest window', () => {
    const windows = {
      primary_window: { used_percent: 40, reset_at: RESET_S },
      secondary_window: { used_percent: 97, reset_at: RESET_S + 9 },
    }
    const quota = readUsage({ rate_limit: { allowed: false, limit_reached: true, ...windows } }, NOW)
    expect(lockOf(quota, undefined, NOW)?.window.slot).toBe('secondary')
  })

  test.each([undefined, null, 'x', []])('that is %j is none', (body) => {
    expect(readUsage(body, NOW)).toBeUndefined()
  })
})

test('headers of the code review mean one limit, whatever their prefix', () => {
  for (const prefix of ['x-codex-code-review', 'x-codex-review', 'x-code-review']) {
    const quota = readQuotaHeaders({ [`${prefix}-primary-used-percent`]: '8' }, NOW)
    expect(Object.keys(quota?.windows ?? {})).toEqual(['code-review/primary'])
  }
})

describe('the limit that an answer counted against', () => {
  const own = { 'x-codex-primary-used-percent': '100', 'x-codex-primary-window-minutes': '300' }
  const fox = { 'x-codex-bengalfox-primary-used-percent': '100', 'x-codex-bengalfox-primary-window-minutes': '300' }

  test('that is no family of the headers is the own one', () => {
    const reading = readQuotaHeaders({ ...own, 'x-codex-active-limit': 'premium' }, NOW)
    expect(reading?.activeLimit).toBe('codex')
    expect(Object.keys(reading?.windows ?? {})).toEqual(['codex/primary'])
  })

  test("that is a model's own is repeated in the headers without a name, which are not the account's", () => {
    const reading = readQuotaHeaders({ ...own, ...fox, 'x-codex-active-limit': 'codex_bengalfox' }, NOW)
    expect(reading?.activeLimit).toBe('codex-bengalfox')
    expect(Object.keys(reading?.windows ?? {})).toEqual(['codex-bengalfox/primary'])
  })

  test('of a window that the plan does not have is told in zeros', () => {
    const zeros = {
      'x-codex-secondary-used-percent': '0',
      'x-codex-secondary-window-minutes': '0',
      'x-codex-secondary-reset-after-seconds': '0',
    }
    expect(readQuotaHeaders(zeros, NOW)).toBeUndefined()
  })
})
