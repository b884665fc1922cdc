import { describe, expect, test } from 'vitest'
import { createRequestRecords, type RequestRecord } from '../../telemetry/index.js'
import { aboutKey } from './own-key.js'

const record = (id: string, at: number, keyId = 'key_1', tokens?: [input: number, output: number]): RequestRecord => ({
  id,
  at,
  keyId,
  dialect: 'openai-chat',
  path: '/v1/chat/completions',
  model: 'demo',
  stream: false,
  attempts: [],
  notes: [],
  ...(tokens === undefined
    ? {}
    : { usage: { inputTokens: tokens[0], outputTokens: tokens[1], cachedTokens: 1, reasoningTokens: 1 } }),
})
const iso = (at: number) => new Date(at).toISOString()

describe('what a key is told about itself', () => {
  const keep = 3
  const setUp = () => {
    const records = createRequestRecords({ keep: () => keep })
    return { records, startedAt: 1_000, keys: { findById: () => undefined } }
  }

  test('nothing yet, of a key that nobody stored', () => {
    expect(aboutKey(setUp(), { id: 'demo', name: 'demo', allowedModels: ['demo'] })).toEqual({
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
      max_budget_usd: null,
      used_cost_usd: null,
      remaining_budget_usd: null,
      max_tokens: null,
      remaining_tokens: null,
      since: iso(1_000),
      request_count: 0,
      used_tokens: 0,
      last_used_at: null,
    })
  })

  test('its own requests alone', () => {
    const house = setUp()
    house.records.add(record('a', 3_000, 'key_1', [10, 5]))
    house.records.add(record('b', 2_000))
    house.records.add(record('c', 4_000, 'key_2', [100, 100]))
    expect(aboutKey(house, { id: 'key_1', name: 'laptop' })).toMatchObject({
      request_count: 2,
      used_tokens: 15,
      last_used_at: iso(3_000),
      since: iso(1_000),
    })
  })

  test('and from when on they are counted, once older ones were forgotten', () => {
    const house = setUp()
    for (let n = 1; n <= 5; n++) house.records.add(record(`r${n}`, 1_000 + n, 'key_1', [1, 1]))
    expect(aboutKey(house, { id: 'key_1', name: 'laptop' })).toMatchObject({
      request_count: keep,
      used_tokens: 2 * keep,
      since: iso(1_002),
    })
  })

  test('what was settled when it was made', () => {
    const stored = {
      id: 'key_1',
      name: 'laptop',
      prefix: 'dgm-abcd',
      createdAt: 5_000,
      expiresAt: 9_000,
      limits: { requests_per_minute: 5 },
      defaultTools: [],
      strict: true,
    } as const
    const told = aboutKey({ ...setUp(), keys: { findById: (id) => (id === 'key_1' ? stored : undefined) } }, stored)
    expect(told).toMatchObject({
      created_at: iso(5_000),
      expires_at: iso(9_000),
      allowed_models: null,
      default_tools: [],
      strict: true,
      limits: { requests_per_minute: 5 },
    })
    expect(JSON.stringify(told)).not.toContain('dgm-')
  })
})
