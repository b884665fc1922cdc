import type { Failure } from '@dragoman/protocol'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ApiKeyRecord } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { createKeyPool, type KeyPool } from './key-pool.js'

let records: ApiKeyRecord[]
let pool: KeyPool
let now: number

const record = (id: string, more: Partial<ApiKeyRecord> = {}): ApiKeyRecord => ({
  id,
  provider: 'deepseek',
  kind: 'compatible',
  wire: 'chat',
  baseUrl: 'https://api.deepseek.com/v1',
  label: id,
  models: [{ id: 'chat' }, { id: 'coder', upstream: 'coder-v2' }],
  capabilities: ['chat'],
  enabled: true,
  weight: 1,
  createdAt: 1,
  updatedAt: 1,
  apiKey: new Secret(`sk-0123456789-${id}`),
  headers: {},
  ...more,
})
const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  kind,
  scope: 'account',
  phase: 'sent',
  retry: 'other',
  message: kind,
  ...more,
})
const want = (more: Partial<Parameters<KeyPool['candidates']>[0]> = {}) => ({
  model: 'chat',
  capability: 'chat' as const,
  conversation: 'c',
  tried: new Set<string>(),
  ...more,
})
const ready = (more: Parameters<typeof want>[0] = {}): string[] =>
  pool.candidates(want(more)).ready.map(({ key }) => key.id)

beforeEach(() => {
  now = 1_000_000
  records = [record('a'), record('b')]
  pool = createKeyPool({ rows: { list: () => records }, now: () => now })
})

describe('who may serve', () => {
  test('enabled keys that list the model, by its own name upstream', () => {
    records = [
      record('a'),
      record('off', { enabled: false }),
      record('other', { models: [{ id: 'x' }] }),
      record('embeds', { capabilities: ['embeddings'] }),
      record('unreadable', { unreadable: true }),
      record('broken', { kind: 'of tomorrow' }),
    ]
    expect(ready()).toEqual(['a'])
    expect(pool.candidates(want({ model: 'coder' })).ready[0]?.model).toEqual({ id: 'coder', upstream: 'coder-v2' })
    expect(ready({ capability: 'embeddings' })).toEqual(['embeds'])
  })

  test('a key that takes every name does so within its provider only', () => {
    records = [record('all', { provider: 'openrouter', models: 'all' })]
    expect(ready({ model: 'any/thing' })).toEqual([])
    expect(ready({ model: 'any/thing', within: 'openrouter' })).toEqual(['all'])
    expect(ready({ model: 'any/thing', within: 'deepseek' })).toEqual([])
    expect([pool.serves('any/thing'), pool.serves('any/thing', 'openrouter')]).toEqual([false, true])
    expect(pool.whyNobody(want({ model: 'any/thing' }))).toMatchObject({ kind: 'not_found', code: 'model_not_found' })
  })

  test('a change of the records counts at once', () => {
    expect(pool.providers()).toEqual(['deepseek'])
    records = [record('c', { provider: 'groq' })]
    expect(pool.providers()).toEqual(['groq'])
    expect(pool.models().map(({ id, provider }) => `${provider}:${id}`)).toEqual(['groq:chat', 'groq:coder'])
  })

  test('the key itself is told to whoever asks for it, and to nobody else', () => {
    expect(pool.credential('a').apiKey?.reveal()).toBe('sk-0123456789-a')
    expect(JSON.stringify([pool.states().map(({ key }) => key), pool.candidates(want())])).not.toContain('0123456789')
    expect(pool.find('a')?.hint).toBe('…-a')
  })
})

describe('sharing', () => {
  test('a conversation keeps its key, and gets it back after a rest', () => {
    const [first, second] = ready()
    expect(ready()[0]).toBe(first)
    pool.learn(first!, { model: 'chat', failure: failure('rate_limited') })
    expect(ready()).toEqual([second])
    now += 30_000
    expect(ready()[0]).toBe(first)
  })

  test('another key leaves the conversations of the others where they were', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 50 }), (conversations) => {
        records = [record('a'), record('b')]
        const before = conversations.map((conversation) => ready({ conversation })[0])
        records = [record('a'), record('b'), record('c')]
        conversations.forEach((conversation, at) => {
          expect([before[at], 'c']).toContain(ready({ conversation })[0])
        })
      }),
      { numRuns: 30 },
    )
  })

  test('weights are shares', () => {
    records = [record('a', { weight: 3 }), record('b')]
    const counts = new Map<string, number>()
    for (let n = 0; n < 4_000; n++) {
      const first = ready({ conversation: `c${n}` })[0]!
      counts.set(first, (counts.get(first) ?? 0) + 1)
    }
    expect(counts.get('a')).toBeGreaterThan(2_800)
    expect(counts.get('a')).toBeLessThan(3_200)
  })

  test('who was asked already is not asked again', () => {
    expect(ready({ tried: new Set(['a']) })).toEqual(['b'])
    expect(pool.candidates(want({ tried: new Set(['a']) })).skipped).toEqual([{ label: 'a', reason: 'asked already' }])
  })
})

describe('rest', () => {
  test.each<[Failure['kind'], Partial<Failure>, 'key' | 'model' | 'nothing', number]>([
    ['rate_limited', {}, 'model', 30],
    ['overloaded', { scope: 'provider' }, 'model', 10],
    ['quota_exhausted', {}, 'key', 300],
    ['quota_exhausted', { scope: 'model' }, 'model', 300],
    ['payment_required', {}, 'key', 1800],
    ['unauthenticated', {}, 'key', 600],
    ['credential_revoked', {}, 'key', 600],
    ['forbidden', {}, 'model', 600],
    ['model_unavailable', { scope: 'model' }, 'model', 600],
    ['unreachable', { scope: 'provider' }, 'nothing', 0],
    ['unreachable', { scope: 'proxy' }, 'nothing', 0],
    ['stream_cut', { scope: 'provider' }, 'nothing', 0],
    ['timeout', { scope: 'provider' }, 'nothing', 0],
    ['invalid_request', { scope: 'request' }, 'nothing', 0],
    ['context_too_long', { scope: 'request' }, 'nothing', 0],
    ['not_found', { scope: 'request' }, 'nothing', 0],
    ['cancelled', { scope: 'request' }, 'nothing', 0],
  ])('%s %j benches the %s', (kind, more, what, seconds) => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure(kind, more) })
    expect([ready(), ready({ model: 'coder' })]).toEqual([
      what === 'nothing' ? ['a'] : [],
      what === 'key' ? [] : ['a'],
    ])
    if (what === 'nothing') return
    now += seconds * 1000 - 1
    expect(ready()).toEqual([])
    now += 1
    expect(ready()).toEqual(['a'])
  })

  test('grows with the same trouble, ends with a success, and never before the upstream said', () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    now += 30_000
    expect(ready()).toEqual(['a'])
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    now += 30_000
    expect(ready()).toEqual([])
    pool.learn('a', { model: 'chat', failure: failure('rate_limited', { retryAt: now + 3_600_000 }) })
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    now += 3_599_999
    expect(ready()).toEqual([])
    pool.learn('a', { model: 'chat' })
    expect(ready()).toEqual(['a'])
  })

  test('is told with the time of the first who wakes', () => {
    pool.learn('a', { model: 'chat', failure: failure('quota_exhausted', { retryAt: now + 90_000 }) })
    pool.learn('b', { model: 'chat', failure: failure('rate_limited', { retryAt: now + 60_000 }) })
    const why = pool.whyNobody(want())
    expect(why).toMatchObject({ kind: 'rate_limited', retryAt: now + 60_000 })
    expect(why.message).not.toContain('sk-')
    expect(pool.candidates(want()).skipped).toHaveLength(2)
  })

  test('ends when the key is tested or edited', () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('unauthenticated') })
    expect(pool.states()[0]?.rest?.reason).toContain('refuses')
    pool.heal('a')
    expect(ready()).toEqual(['a'])
    pool.learn('a', { model: 'chat', failure: failure('unauthenticated') })
    records = [record('a', { updatedAt: 2 })]
    expect(ready()).toEqual(['a'])
  })
})
