import { expect, test } from 'vitest'
import { readQuotaHeaders } from '../../accounts/index.js'
import { rateLimitHeaders } from './rate-limits.js'

test('a frame tells what the headers tell', () => {
  const headers = rateLimitHeaders({
    type: 'codex.rate_limits',
    plan_type: 'plus',
    rate_limits: {
      primary: { used_percent: 12.5, window_minutes: 300, reset_at: 1_800_000_000 },
      secondary: null,
    },
    credits: { has_credits: true, unlimited: false, balance: '9.99' },
  })
  expect(readQuotaHeaders(headers, 1)).toEqual({
    windows: {
      'codex/primary': {
        limit: 'codex',
        slot: 'primary',
        usedPercent: 12.5,
        reached: false,
        windowMinutes: 300,
        resetAt: 1_800_000_000_000,
        source: 'header',
        at: 1,
      },
    },
    credits: { hasCredits: true, unlimited: false, balance: '9.99', source: 'header', at: 1 },
    plan: 'plus',
    source: 'header',
    at: 1,
  })
})

test('another limit has a family of its own', () => {
  const primary = { used_percent: 1, window_minutes: 300 }
  expect(
    rateLimitHeaders({ metered_limit_name: 'codex_bengalfox', limit_name: 'Fox', rate_limits: { primary } }),
  ).toEqual({
    'x-codex-bengalfox-primary-used-percent': '1',
    'x-codex-bengalfox-primary-window-minutes': '300',
    'x-codex-bengalfox-limit-name': 'Fox',
  })
})

test('the code review has windows of its own', () => {
  const code_review_rate_limits = { primary: { used_percent: 8, window_minutes: 10_080, reset_at: 1_800_000_000 } }
  expect(readQuotaHeaders(rateLimitHeaders({ code_review_rate_limits }), 1)?.windows).toMatchObject({
    'code-review/primary': { usedPercent: 8, resetAt: 1_800_000_000_000 },
  })
})

test('what is not fit for a header stays out', () => {
  expect(rateLimitHeaders({ plan_type: 'a\r\nb', metered_limit_name: 'a b', rate_limits: 7, credits: [] })).toEqual({})
})
