import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { GRAIN_MS, openStore, USAGE_GRAINS, type Store, type UsageEntry, type UsageQuery } from '../store/index.js'
import { createCompaction } from './compaction.js'
import { createMeter, type Meter } from './meter.js'
import { priceList } from './prices.js'
import { recordOf, used } from './record.test-kit.js'
import { sumOf } from './report.js'

const PRICES = priceList()
const START = Date.UTC(2026, 4, 31, 22, 58)

let home: string
let now: number
let store: Store
const log: string[] = []
const said = {
  info: (_: object, text: string) => void log.push(text),
  warn: (_: object, text: string) => void log.push(text),
}
const meterOver = (rows: Pick<Store['usage'], 'add' | 'keyStandings'> = store.usage): Meter =>
  createMeter({ rows, prices: () => PRICES, log: said, now: () => now, writeMs: 1_000_000 })

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-usage-'))
  now = START
  log.length = 0
  store = await openStore({ home, now: () => now })
})
afterEach(async () => {
  await store.close()
  await rm(home, { recursive: true })
})

const sum = async (grain: (typeof USAGE_GRAINS)[number], from?: number) =>
  sumOf((await store.usage.sums({ grain, ...(from === undefined ? {} : { from }) })).map(({ tally }) => tally))

describe('what is counted', () => {
  test('a request, by whom it was answered and asked', async () => {
    const meter = meterOver()
    meter.add(
      recordOf({ usage: used(1_000_000, 100_000, 400_000), ttftMs: 700, durationMs: 3_000, serviceTier: 'fast' }),
    )
    meter.add(recordOf({ failure: failed('cancelled'), durationMs: 40 }))
    meter.add(recordOf({ failure: failed('overloaded'), candidateId: 'acc_2' }))
    await meter.flush()
    const [mine, other] = await store.usage.sums({ grain: 'hour', by: 'account' })
    expect(mine).toMatchObject({
      group: 'acc_1',
      tally: {
        requests: 2,
        failed: 0,
        cancelled: 1,
        inputTokens: 1_000_000,
        cachedTokens: 400_000,
        outputTokens: 100_000,
        // 0.6 × 5 + 0.4 × 0.5 + 0.1 × 30 dollars, twice for speed.
        costMicroUsd: 12_400_000,
        unpriced: 0,
        ttftMs: 700,
        durationMs: 3_040,
      },
    })
    expect(mine?.tally.ttftSteps.indexOf(1)).toBe(5)
    expect(other).toMatchObject({ group: 'acc_2', tally: { requests: 1, failed: 1 } })
    expect(await store.usage.sums({ grain: 'day', by: 'model' })).toMatchObject([{ group: 'codex:gpt-5.5' }])
    expect(await store.usage.sums({ grain: 'day', by: 'api_key' })).toEqual([])
  })

  test('by the program that asked, and only what belongs to a group', async () => {
    const meter = meterOver()
    meter.add(recordOf({ client: 'codex', usage: used(10, 1) }))
    meter.add(recordOf({ client: 'codex', keyId: 'key_2', usage: used(20, 2) }))
    meter.add(recordOf({ client: 'cursor', upstreamModel: 'gpt-4.1:x', usage: used(40, 4) }))
    await meter.flush()
    const read = async (query: Partial<UsageQuery>) =>
      (await store.usage.sums({ grain: 'hour', ...query })).map(({ group, tally }) => [group, tally.inputTokens])
    expect(new Map((await read({ by: 'client' })) as [string, number][])).toEqual(
      new Map([
        ['codex', 30],
        ['cursor', 40],
      ]),
    )
    expect(await read({ by: 'client', only: { client_key: 'key_2' } })).toEqual([['codex', 20]])
    expect(await read({ by: 'client', only: { model: 'codex:gpt-4.1:x' } })).toEqual([['cursor', 40]])
    expect(await read({ by: 'client', only: { model: 'codex:gpt-5.5', client_key: 'key_1' } })).toEqual([['codex', 10]])
    expect(await read({ only: { client: 'aider' } })).toEqual([])
  })

  test.each([
    ['a picture', { dialect: 'openai-images' as const }, { imageRequests: 1, imageFailed: 0 }],
    [
      'no picture',
      { dialect: 'openai-images' as const, failure: failed('internal') },
      { imageRequests: 0, imageFailed: 1 },
    ],
    [
      'one on the way',
      { usage: { ...used(10, 50), imageOutputTokens: 40 } },
      { imageRequests: 1, imageOutputTokens: 40 },
    ],
    ['a model without a price', { upstreamModel: 'mystery', usage: used(10, 10) }, { unpriced: 1, costMicroUsd: 0 }],
    ['no tokens at all', { upstreamModel: 'mystery', usage: used(0, 0) }, { unpriced: 0 }],
    [
      'nonsense from an upstream',
      { usage: used(-5, Number.NaN) },
      { inputTokens: 0, outputTokens: 0, costMicroUsd: 0 },
    ],
  ])('%s', async (_, record, expected) => {
    const meter = meterOver()
    meter.add(recordOf(record))
    await meter.flush()
    expect(await store.usage.everything()).toMatchObject({ requests: 1, ...expected })
  })

  test('models that clients make up do not become as many buckets', async () => {
    const meter = meterOver()
    for (let n = 0; n < 300; n++) meter.add(recordOf({ upstreamModel: `made-up-${n}` }))
    await meter.flush()
    const models = await store.usage.sums({ grain: 'five_min', by: 'model' })
    expect(models).toHaveLength(201)
    expect(models[0]).toMatchObject({ group: 'codex:(other)', tally: { requests: 100 } })
  })
})

test('whatever happens in between, every grain and the totals tell the same', async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ what: fc.constant('ask' as const), key: fc.nat(2), tokens: fc.nat(5_000) }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('wait' as const), minutes: fc.nat(3_000) }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        { what: 'write' as const },
        { what: 'compact' as const },
        { what: 'restart' as const },
      ),
    },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const folder = await mkdtemp(join(home, 'run-'))
      let open = await openStore({ home: folder, now: () => now })
      now = START
      let meter = meterOver(open.usage)
      const keep = { five_min: 1, hour: 3, day: 0 }
      const made: { at: number; key: string; tokens: number }[] = []
      for (const one of steps) {
        if (one.what === 'ask') {
          meter.add(recordOf({ keyId: `key_${one.key}`, usage: used(one.tokens, 1) }))
          made.push({ at: now, key: `key_${one.key}`, tokens: one.tokens + 1 })
        } else if (one.what === 'wait') now += one.minutes * 60_000
        else if (one.what === 'write') await meter.flush()
        else if (one.what === 'compact') {
          await createCompaction({ rows: open.usage, keep: () => keep, log: said, now: () => now }).run()
        } else {
          await meter.close()
          await open.close()
          open = await openStore({ home: folder, now: () => now })
          meter = meterOver(open.usage)
          await meter.readKeys()
        }
        // What a key is told is true at every moment.
        const day = Math.floor(now / GRAIN_MS.day) * GRAIN_MS.day
        for (const key of ['key_0', 'key_1', 'key_2']) {
          const its = made.filter((request) => request.key === key)
          const standing = meter.keys.of(key)
          expect(standing.total.tokens).toBe(its.reduce((all, { tokens }) => all + tokens, 0))
          expect(standing.day.tokens).toBe(
            its.filter(({ at }) => at >= day).reduce((all, { tokens }) => all + tokens, 0),
          )
          expect(standing.requests).toBe(its.length)
        }
      }
      await meter.flush()
      await createCompaction({ rows: open.usage, keep: () => keep, log: said, now: () => now }).run()
      for (const grain of USAGE_GRAINS) {
        const kept = keep[grain] === 0 ? 0 : now - keep[grain] * GRAIN_MS.day
        const from = Math.ceil(kept / GRAIN_MS[grain]) * GRAIN_MS[grain]
        const there = sumOf((await open.usage.sums({ grain })).map(({ tally }) => tally))
        const since = made.filter(({ at }) => at >= from)
        expect({ grain, requests: there.requests }).toEqual({ grain, requests: since.length })
        expect(there.inputTokens + there.outputTokens).toBe(since.reduce((all, { tokens }) => all + tokens, 0))
      }
      expect((await open.usage.everything()).requests).toBe(made.length)
      await open.close()
    }),
    { numRuns: 25 },
  )
}, 60_000)

test('a process that is killed between writing and compacting counts nothing twice', async () => {
  const meter = meterOver()
  meter.add(recordOf({ usage: used(10, 1) }))
  await meter.flush()
  now += 10 * GRAIN_MS.day
  // Killed: nothing is closed, and the next one finds what is there.
  const next = await openStore({ home, now: () => now })
  const compaction = createCompaction({
    rows: next.usage,
    keep: () => ({ five_min: 1, hour: 1, day: 0 }),
    log: said,
    now: () => now,
  })
  expect(await compaction.run()).toBe(2)
  expect(await compaction.run()).toBe(0)
  await next.close()
  expect([(await sum('five_min')).requests, (await sum('hour')).requests, (await sum('day')).requests]).toEqual([
    0, 0, 1,
  ])
  expect((await store.usage.everything()).requests).toBe(1)
})

describe('when the disk takes nothing', () => {
  test('usage waits, and is written once', async () => {
    let broken = true
    const written: UsageEntry[][] = []
    const meter = meterOver({
      keyStandings: async () => new Map(),
      async add(entries) {
        if (broken) throw new Error('disk full')
        written.push([...entries])
      },
    })
    meter.add(recordOf({ usage: used(10, 1) }))
    await meter.flush()
    meter.add(recordOf({ usage: used(20, 2) }))
    await meter.flush()
    expect(meter.keys.of('key_1').total.tokens).toBe(33)
    broken = false
    await meter.flush()
    await meter.flush()
    expect(written.flat().map(({ tally }) => [tally.requests, tally.inputTokens])).toEqual([[2, 30]])
    expect(log).toEqual(['usage cannot be written now and waits in memory', 'usage is written again'])
  })

  test('no more waits than fits, and what is dropped is told', async () => {
    const meter = meterOver({
      keyStandings: async () => new Map(),
      add: () => Promise.reject(new Error('disk full')),
    })
    for (let n = 0; n < 5_100; n++) meter.add(recordOf({ keyId: `key_${n}` }))
    await meter.flush()
    expect(meter.dropped).toBe(100)
    expect(log.at(-1)).toMatch(/usage of some requests was dropped/)
  })
})

describe('totals', () => {
  test('of an account, after a reset, and with what it brought', async () => {
    const meter = meterOver()
    const none = { requests: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }
    expect(await store.usage.totals({ accountId: 'acc_1' })).toMatchObject(none)
    const brought = {
      ...(await store.usage.totals({ accountId: 'acc_1' })),
      requests: 7,
      inputTokens: 500,
      costUsd: 1.5,
    }
    await store.usage.carry('acc_1', brought)
    // The same file once more.
    await store.usage.carry('acc_1', brought)
    expect(await store.usage.totals({ accountId: 'acc_1' })).toEqual(brought)
    meter.add(recordOf({ usage: used(100, 0) }))
    await meter.flush()
    expect(await store.usage.totals({ accountId: 'acc_1' })).toEqual({
      ...brought,
      requests: 8,
      inputTokens: 600,
      costUsd: 1.5005,
    })
    await store.usage.resetAccount('acc_1')
    expect(await store.usage.totals({ accountId: 'acc_1' })).toMatchObject(none)
    expect((await sum('day')).requests).toBe(1)
  })

  test('of a client key, after a reset by another process', async () => {
    const meter = meterOver()
    meter.add(recordOf({ usage: used(100, 0) }))
    await meter.flush()
    const elsewhere = await openStore({ home, now: () => now })
    await elsewhere.usage.resetClientKey('key_1', now)
    await elsewhere.close()
    meter.add(recordOf({ usage: used(30, 0) }))
    await meter.readKeys()
    expect(meter.keys.of('key_1')).toMatchObject({
      requests: 1,
      resetAt: now,
      day: { tokens: 30 },
      month: { tokens: 30 },
      total: { tokens: 30 },
    })
    expect((await sum('day')).inputTokens).toBe(130)
  })

  test('a new month begins at midnight UTC', async () => {
    const meter = meterOver()
    meter.add(recordOf({ usage: used(100, 0) }))
    now = Date.UTC(2026, 5, 1, 0, 0, 1)
    expect(meter.keys.of('key_1')).toMatchObject({ day: { tokens: 0 }, month: { tokens: 0 }, total: { tokens: 100 } })
    meter.add(recordOf({ usage: used(7, 0) }))
    await meter.flush()
    await meter.readKeys()
    expect(meter.keys.of('key_1')).toMatchObject({ day: { tokens: 7 }, month: { tokens: 7 }, total: { tokens: 107 } })
  })
})

function failed(kind: 'cancelled' | 'overloaded' | 'internal') {
  return { kind, scope: 'request', phase: 'sent', retry: 'never', message: 'no' } as const
}
