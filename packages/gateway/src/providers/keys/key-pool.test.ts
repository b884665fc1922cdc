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
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 50 }), (conversations) => {
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
  test('of one model leaves the others, and is told with its end', () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    expect([ready(), ready({ model: 'coder' })]).toEqual([[], ['a']])
    expect(pool.candidates(want()).skipped).toEqual([
      { label: 'a', reason: 'asked too often; asked again at 1970-01-01T00:17:10.000Z' },
    ])
    expect(pool.states()[0]).toMatchObject({ status: 'ready', models: new Map([['chat', { kind: 'rate_limited' }]]) })
    now += 30_000
    expect(ready()).toEqual(['a'])
  })

  test('ends with any answer', () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('quota_exhausted') })
    expect(pool.states()[0]).toMatchObject({ status: 'resting', rest: { reason: 'its quota is used up' } })
    pool.learn('a', { model: 'coder' })
    expect(pool.states()[0]).toMatchObject({ status: 'ready', lastUsedAt: now })
    expect(ready()).toEqual(['a'])
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

  test('outlives a change of another key', () => {
    pool.learn('a', { model: 'chat', failure: failure('unauthenticated') })
    records = [record('a'), record('b', { updatedAt: 2 })]
    expect(ready()).toEqual(['b'])
  })

  test('whose length was guessed is tried with one request first', () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('credential_expired') })
    now += 600_000
    expect(ready()).toEqual(['a'])
    pool.credential('a')
    expect(ready(), 'whoever only looks tries nothing').toEqual(['a'])
    pool.credential('a', 'chat')
    expect(ready()).toEqual([])
    expect(pool.candidates(want()).skipped[0]?.reason).toBe(
      'the provider refuses the key; another request is trying it now',
    )
    // A refusal comes at once: after ten seconds the request was let in.
    now += 10_000
    expect(ready()).toEqual(['a'])
  })

  test('whose end the provider named is over for all', () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('quota_exhausted', { retryAt: now + 5_000 }) })
    now += 5_000
    pool.credential('a', 'chat')
    expect(ready()).toEqual(['a'])
  })

  test("a trial that the network ended is nobody's fault", () => {
    records = [record('a')]
    pool.learn('a', { model: 'chat', failure: failure('forbidden') })
    now += 600_000
    pool.credential('a', 'chat')
    pool.learn('a', { model: 'chat', failure: failure('unreachable', { scope: 'provider' }) })
    expect(ready()).toEqual(['a'])
  })
})

describe('why nobody', () => {
  const why = () => pool.whyNobody(want())

  test('is the mildest cause with its time', () => {
    pool.learn('a', { model: 'chat', failure: failure('quota_exhausted', { retryAt: now + 10_000 }) })
    pool.learn('b', { model: 'chat', failure: failure('rate_limited', { retryAt: now + 60_000 }) })
    expect(why()).toMatchObject({ kind: 'rate_limited', retryAt: now + 60_000 })
    expect(why().message).toBe(
      'chat cannot be served now: all 2 API keys that serve it rest (asked too often), asked again at 1970-01-01T00:17:40.000Z',
    )
  })

  test.each<[Failure['kind'], Failure['kind']]>([
    ['credential_revoked', 'forbidden'],
    ['credential_expired', 'forbidden'],
    ['unauthenticated', 'forbidden'],
    ['payment_required', 'payment_required'],
    ['quota_exhausted', 'quota_exhausted'],
    ['overloaded', 'overloaded'],
    ['challenged', 'overloaded'],
    ['not_found', 'model_unavailable'],
  ])('%s is told as %s, and whose key it is stays here', (happened, told) => {
    records = [record('a', { label: 'private label' })]
    pool.learn('a', { model: 'chat', failure: failure(happened) })
    expect(why()).toMatchObject({ kind: told, phase: 'unsent', retryAt: expect.any(Number) })
    expect(why().message).not.toMatch(/sk-|private label|\ba\b key/)
  })

  test('nobody lists it', () => {
    expect(pool.whyNobody(want({ model: 'x' }))).toMatchObject({ kind: 'not_found', code: 'model_not_found' })
    expect(pool.whyNobody(want({ capability: 'images' })).message).toContain('chat for images')
    expect(pool.whyNobody(want({ within: 'groq' })).message).toContain('of groq')
  })

  test('they were asked in this very request', () => {
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    expect(why()).toMatchObject({ kind: 'overloaded' })
  })
})

describe('models', () => {
  test('the same array until a key changes', () => {
    const before = pool.models()
    pool.learn('a', { model: 'chat', failure: failure('rate_limited') })
    expect(pool.models()).toBe(before)
    records = [...records]
    expect(pool.models()).not.toBe(before)
  })

  test('one entry for a provider and model, with all that its keys know', () => {
    records = [
      record('a', { models: [{ id: 'm', contextWindow: 1000 }] }),
      record('b', {
        models: [{ id: 'm', displayName: 'M', capabilities: ['embeddings'] }],
        capabilities: ['chat', 'embeddings'],
      }),
      record('c', { provider: 'groq', models: [{ id: 'm' }] }),
      record('off', { models: [{ id: 'hidden' }], enabled: false }),
    ]
    expect(pool.models()).toEqual([
      { id: 'm', provider: 'deepseek', contextWindow: 1000, displayName: 'M', capabilities: ['chat', 'embeddings'] },
      { id: 'm', provider: 'groq', capabilities: ['chat'] },
    ])
  })

  test('what a model is for counts before what its key is for', () => {
    records = [
      record('a', { models: [{ id: 'm', capabilities: ['embeddings'] }], capabilities: ['chat', 'embeddings'] }),
    ]
    expect([ready({ model: 'm' }), ready({ model: 'm', capability: 'embeddings' })]).toEqual([[], ['a']])
    expect(pool.serves('m')).toBe(false)
  })

  test('names from a prototype are no models', () => {
    for (const model of ['__proto__', 'constructor', 'toString']) {
      expect(ready({ model })).toEqual([])
      pool.learn('a', { model, failure: failure('forbidden') })
      expect(pool.states()[0]?.models.has(model)).toBe(true)
      pool.learn('a', { model })
      expect(pool.states()[0]?.models.has(model)).toBe(false)
    }
  })
})
