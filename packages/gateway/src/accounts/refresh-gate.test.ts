import { describe, expect, test } from 'vitest'
import { createRefreshGate } from './refresh-gate.js'
import type { RefreshLane } from './refresh-gate.js'

const turnOver = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A gate whose work ends when it is told to. */
function gate(places = 2) {
  const settings = { places }
  const { pass, hurry } = createRefreshGate(() => settings.places)
  const ends = new Map<string, { end: () => void; fail: (error: Error) => void }>()
  return {
    settings,
    hurry,
    inside: () => [...ends.keys()],
    async ask(id: string, lane: RefreshLane) {
      const result = pass(id, lane, () => {
        const { promise, resolve, reject } = Promise.withResolvers<string>()
        ends.set(id, { end: () => resolve(id), fail: reject })
        return promise.finally(() => ends.delete(id))
      })
      result.catch(() => undefined)
      await turnOver()
      return result
    },
    async end(id: string) {
      ends.get(id)!.end()
      await turnOver()
    },
    async fail(id: string) {
      ends.get(id)!.fail(new Error('no'))
      await turnOver()
    },
  }
}

describe('the gate of refreshes', () => {
  test('lets in as many as there are places, and the next when one has ended or failed', async () => {
    const { ask, inside, end, fail } = gate()
    for (const id of ['a', 'b', 'c', 'd']) void ask(id, 'ahead').catch(() => undefined)
    await turnOver()
    expect(inside()).toEqual(['a', 'b'])
    await end('a')
    expect(inside()).toEqual(['b', 'c'])
    await fail('b')
    expect(inside()).toEqual(['c', 'd'])
  })

  test('keeps places for those that somebody waits for, and no more', async () => {
    const { ask, inside, end } = gate()
    for (const id of ['a', 'b', 'c']) void ask(id, 'ahead')
    for (const id of ['x', 'y', 'z']) void ask(id, 'waited_for')
    await turnOver()
    expect(inside().sort()).toEqual(['a', 'b', 'x', 'y'])
    await end('x')
    expect(inside().sort()).toEqual(['a', 'b', 'y', 'z'])
  })

  test('lets one go over that stood in line when somebody begins to wait for it', async () => {
    const { ask, inside, hurry, end } = gate(1)
    for (const id of ['a', 'b', 'c']) void ask(id, 'ahead')
    await turnOver()
    hurry('c')
    await turnOver()
    expect(inside()).toEqual(['a', 'c'])
    hurry('a')
    hurry('nobody')
    await end('c')
    expect(inside()).toEqual(['a'])
    await end('a')
    expect(inside()).toEqual(['b'])
  })

  test('gives what the work gives, or its error', async () => {
    const one = createRefreshGate(() => 1)
    await expect(one.pass('a', 'ahead', () => Promise.resolve(7))).resolves.toBe(7)
    await expect(one.pass('a', 'ahead', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(one.pass('a', 'waited_for', () => Promise.resolve(8))).resolves.toBe(8)
  })

  test('goes by the number of places of the moment', async () => {
    const { ask, inside, end, settings } = gate(1)
    for (const id of ['a', 'b', 'c', 'd']) void ask(id, 'ahead')
    await turnOver()
    settings.places = 3
    await end('a')
    expect(inside()).toEqual(['b', 'c', 'd'])
  })
})
