import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runBatch } from './batch.js'

describe('one thing done to many accounts', () => {
  test('one that fails stops no other, and says what was wrong', async () => {
    const results = await runBatch(['a', 'b', 'c'], (id) => (id === 'b' ? Promise.reject(new Error('no')) : `${id}!`), {
      concurrency: 2,
    })
    expect(results).toEqual([
      { id: 'a', outcome: 'done', value: 'a!' },
      { id: 'b', outcome: 'failed', error: new Error('no') },
      { id: 'c', outcome: 'done', value: 'c!' },
    ])
  })

  test('what throws at once, or throws something else than an error, is a failure like others', async () => {
    const results = await runBatch(
      ['a'],
      () => {
        throw 'plain words'
      },
      { concurrency: 1 },
    )
    expect(results).toEqual([{ id: 'a', outcome: 'failed', error: new Error('plain words') }])
  })

  test('tells its progress once for each, in the order in which they end', async () => {
    const gates = new Map<string, () => void>()
    const told: string[] = []
    const work = runBatch(['slow', 'quick'], (id) => new Promise<void>((resolve) => gates.set(id, resolve)), {
      concurrency: 2,
      onProgress: ({ done, total, result }) => told.push(`${done}/${total} ${result.id}`),
    })
    gates.get('quick')?.()
    await Promise.resolve()
    gates.get('slow')?.()
    await work
    expect(told).toEqual(['1/2 quick', '2/2 slow'])
  })

  test('once it is stopped nothing else begins; what is under way ends', async () => {
    const stop = new AbortController()
    const begun: string[] = []
    const results = await runBatch(
      ['a', 'b', 'c'],
      (id) => {
        begun.push(id)
        if (id === 'b') stop.abort()
      },
      { concurrency: 1, signal: stop.signal },
    )
    expect(begun).toEqual(['a', 'b'])
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'skipped'])
  })

  test('nobody: nothing', async () => {
    expect(await runBatch([], () => 1, { concurrency: 4 })).toEqual([])
  })

  test('whatever is named: each once, never more at a time than allowed, results in the order of the names', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 2 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 8 }),
        async (ids, concurrency) => {
          let [open, most] = [0, 0]
          const seen: string[] = []
          const results = await runBatch(
            ids,
            async (id) => {
              seen.push(id)
              most = Math.max(most, ++open)
              await Promise.resolve()
              open -= 1
            },
            { concurrency },
          )
          const unique = [...new Set(ids)]
          expect(seen.toSorted()).toEqual(unique.toSorted())
          expect(results.map(({ id }) => id)).toEqual(unique)
          expect(most).toBeLessThanOrEqual(Math.max(1, concurrency))
        },
      ),
    )
  })
})
