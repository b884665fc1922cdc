import { describe, expect, test } from 'vitest'
import type { KeyStanding } from '../../usage/index.js'
import { aboutKey, type OwnKeyHouse } from './own-key.js'

const NOW = Date.UTC(2026, 11, 31, 12)
const iso = (at: number) => new Date(at).toISOString()
const none = { costMicroUsd: 0, tokens: 0 }
const UNUSED: KeyStanding = { day: none, month: none, total: none, requests: 0, lastAt: 0 }

function house(stored?: object, used: Partial<KeyStanding> = {}): OwnKeyHouse {
  const record =
    stored === undefined ? undefined : { id: 'key_1', name: 'laptop', prefix: 'dgm-abcd', createdAt: 5_000, ...stored }
  return {
    keys: { findById: (id) => (id === 'key_1' ? record : undefined) },
    used: { of: (id) => (id === 'key_1' ? { ...UNUSED, ...used } : UNUSED) },
    now: () => NOW,
  }
}

describe('what a key is told about itself', () => {
  test('nothing yet, of a key that nobody stored', () => {
    const unlimited = { max_budget_usd: null, used_cost_usd: 0, max_tokens: null, used_tokens: 0 }
    expect(aboutKey(house(), { id: 'demo', name: 'demo', allowedModels: ['demo'] })).toEqual({
      object: 'client_key',
      id: 'demo',
      name: 'demo',
      status: 'active',
      created_at: null,
      expires_at: null,
      allowed_models: ['demo'],
      default_tools: null,
      strict: false,
      limits: null,
      ...unlimited,
      remaining_budget_usd: null,
      remaining_tokens: null,
      since: null,
      request_count: 0,
      last_used_at: null,
      requests_per_minute: null,
      max_concurrency: null,
      budgets: {
        day: { ...unlimited, resets_at: '2027-01-01T00:00:00.000Z' },
        month: { ...unlimited, resets_at: '2027-01-01T00:00:00.000Z' },
        total: { ...unlimited, resets_at: null },
      },
    })
  })

  test('what it has used of what it may', () => {
    const limits = { budgetUsd: { day: 1, month: 20 }, tokens: { total: 100 }, requestsPerMinute: 5, maxConcurrent: 2 }
    const used = {
      day: { costMicroUsd: 250_000, tokens: 10 },
      month: { costMicroUsd: 5_000_000, tokens: 60 },
      total: { costMicroUsd: 9_000_000, tokens: 130 },
      requests: 7,
      lastAt: NOW - 1,
    }
    expect(aboutKey(house({ limits }, used), { id: 'key_1', name: 'laptop' })).toMatchObject({
      max_budget_usd: 20,
      used_cost_usd: 5,
      remaining_budget_usd: 15,
      max_tokens: 100,
      used_tokens: 130,
      remaining_tokens: 0,
      request_count: 7,
      last_used_at: iso(NOW - 1),
      since: iso(5_000),
      requests_per_minute: 5,
      max_concurrency: 2,
      budgets: { day: { max_budget_usd: 1, used_cost_usd: 0.25, used_tokens: 10 } },
    })
    expect(aboutKey(house({ limits }, { resetAt: 8_000 }), { id: 'key_1', name: 'laptop' })).toMatchObject({
      since: iso(8_000),
      remaining_budget_usd: 20,
    })
  })

  test('what was settled when it was made', () => {
    const stored = { expiresAt: 9_000, defaultTools: [], strict: true as const }
    const told = aboutKey(house(stored), { id: 'key_1', name: 'laptop', ...stored })
    expect(told).toMatchObject({
      created_at: iso(5_000),
      expires_at: iso(9_000),
      allowed_models: null,
      default_tools: [],
      strict: true,
      limits: null,
    })
    expect(JSON.stringify(told)).not.toContain('dgm-')
  })
})
