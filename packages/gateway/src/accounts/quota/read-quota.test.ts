import { describe, expect, test } from 'vitest'
import { mergeQuota, namesOwnLimit, readQuotaHeaders, readUsage, usedUpUntil } from './read-quota.js'

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
        windowMinutes: 300,
        resetAt: RESET_S * 1000,
        source: 'header',
        at: NOW,
      },
      'codex/secondary': {
        limit: 'codex',
        slot: 'secondary',
        usedPercent: 100,
        windowMinutes: 10080,
        resetAt: NOW + 600_000,
        source: 'header',
        at: NOW,
      },
      'codex-bengalfox/primary': {
        limit: 'codex-bengalfox',
        slot: 'primary',
        usedPercent: 7,
        source: 'header',
        at: NOW,
      },
    })
    expect(quota.plan).toBe('plus')
    expect(quota.credits).toEqual({ hasCredits: false, unlimited: false })
    expect(usedUpUntil(quota, NOW)).toBe(NOW + 600_000)
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
    expect(quota.credits).toEqual({ hasCredits: true, unlimited: false, balance: '9.99' })
  })

  test('of a full window with credits left is no end', () => {
    expect(usedUpUntil(readUsage(usage, NOW)!, NOW)).toBeUndefined()
    expect(usedUpUntil(readUsage({ ...usage, credits: null }, NOW)!, NOW)).toBe(RESET_S * 1000)
  })

  test.each([undefined, null, 'x', []])('that is %j is none', (body) => {
    expect(readUsage(body, NOW)).toBeUndefined()
  })
})

test('a reading replaces the windows that it names and leaves the others', () => {
  const known = readQuotaHeaders(headers, NOW)!
  const fresh = readQuotaHeaders(
    { 'x-codex-primary-used-percent': '42', 'x-codex-primary-window-minutes': '300' },
    NOW + 1,
  )!
  const merged = mergeQuota(known, fresh)
  expect(merged.windows['codex/primary']?.usedPercent).toBe(42)
  expect(merged.windows['codex-bengalfox/primary']?.usedPercent).toBe(7)
  expect(merged.credits).toEqual(known.credits)
})

test('a full window has room again once its reset has passed', () => {
  expect(usedUpUntil(readQuotaHeaders(headers, NOW)!, NOW + 600_000)).toBeUndefined()
})

test('another limit says nothing about the own one', () => {
  expect(namesOwnLimit(readQuotaHeaders({ 'x-codex-bengalfox-primary-used-percent': '100' }, NOW)!)).toBe(false)
})
