import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Account, AccountStatus, Quota } from '../../accounts/index.js'
import { createUsageWatch, type UsageWatch } from './usage-watch.js'

const MINUTE = 60_000
const PROBE = 5 * MINUTE
const REFRESH = 30 * MINUTE

let list: Account[]
let heard: Map<string, number>
let asked: { id: string; at: number }[]
let learned: [string, unknown][]
let open: Map<string, { resolve(body: unknown): void; reject(error: Error): void }>
let answers: ((id: string) => Promise<unknown>) | undefined
let told: string[]
let settings: { probeMs: number; refreshMs: number }
let random: number
let began: number
let watch: UsageWatch

const account = (id: string, status: AccountStatus): Account => ({
  id,
  chatgptAccountId: id,
  fedramp: false,
  status,
  generation: 1,
  groups: [],
  weight: 1,
  converge: false,
  open: 0,
})
const quotaAt = (at: number): Quota => ({ windows: {}, at })

beforeEach(() => {
  vi.useFakeTimers()
  began = Date.now()
  list = []
  heard = new Map()
  asked = []
  learned = []
  open = new Map()
  answers = async (id) => ({ plan_type: id })
  told = []
  settings = { probeMs: PROBE, refreshMs: REFRESH }
  random = 0.5
  watch = createUsageWatch({
    accounts: {
      list: () => list,
      quota: (id) => (heard.has(id) ? quotaAt(heard.get(id)!) : undefined),
      learnUsage(id, body) {
        learned.push([id, body])
        heard.set(id, Date.now())
      },
    },
    fetchUsage(id) {
      asked.push({ id, at: Date.now() - began })
      if (answers !== undefined) return answers(id)
      return new Promise((resolve, reject) => open.set(id, { resolve, reject }))
    },
    settings: () => settings,
    random: () => random,
    log: { debug: () => undefined, info: (_, sentence) => void told.push(sentence) },
  })
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
/** Was it asked so many times, and within one look after each of these times? */
function expectAsked(id: string, times: readonly number[]): void {
  const at = asked.filter((one) => one.id === id).map((one) => one.at)
  expect(at).toHaveLength(times.length)
  for (const [index, time] of times.entries()) {
    expect(at[index]).toBeGreaterThanOrEqual(time)
    expect(at[index]).toBeLessThanOrEqual(time + 6_000)
  }
}

describe('the usage is read', () => {
  test('of an exhausted account once a probe interval, from when it was last heard of', async () => {
    list = [account('a', 'exhausted')]
    heard.set('a', began)
    watch.start()
    await pass(3 * PROBE + MINUTE)
    const [first, second] = asked.map(({ at }) => at)
    expectAsked('a', [PROBE, first! + PROBE, second! + PROBE])
    expect(learned[0]).toEqual(['a', { plan_type: 'a' }])
  })

  test('of an active account once a refresh interval, and not while answers tell of it', async () => {
    list = [account('a', 'active'), account('b', 'active')]
    heard.set('a', began).set('b', began)
    watch.start()
    for (let minute = 0; minute < 40; minute += 1) {
      heard.set('b', Date.now())
      await pass(MINUTE)
    }
    expectAsked('a', [REFRESH])
    expectAsked('b', [])
  })

  test('of an active account of which nothing is known, soon', async () => {
    list = [account('a', 'active')]
    watch.start()
    await pass(MINUTE)
    expectAsked('a', [0])
  })

  test.each(['cooling', 'expired', 'suspended', 'disabled'] as const)('of one that is %s, never', async (status) => {
    list = [account('a', status)]
    watch.start()
    await pass(3 * REFRESH)
    expect(asked).toEqual([])
  })

  test('of active accounts never when that is off; of exhausted ones still', async () => {
    settings = { probeMs: PROBE, refreshMs: 0 }
    list = [account('a', 'active'), account('b', 'exhausted')]
    watch.start()
    await pass(MINUTE)
    expect(asked.map(({ id }) => id)).toEqual(['b'])
  })

  test.each([
    [0, 0.8],
    [0.999, 1.2],
  ])('a fifth sooner or later than the interval: %d', async (drawn, share) => {
    random = drawn
    list = [account('a', 'active')]
    heard.set('a', began)
    watch.start()
    await pass(REFRESH * share + 10_000)
    expectAsked('a', [Math.floor(REFRESH * share * 0.999)])
  })

  test('as the settings say now', async () => {
    list = [account('a', 'exhausted')]
    heard.set('a', began)
    watch.start()
    await pass(MINUTE)
    settings = { probeMs: 2 * MINUTE, refreshMs: 0 }
    await pass(2 * MINUTE)
    expectAsked('a', [2 * MINUTE])
  })
})

describe('many accounts that are due at once', () => {
  test('are read a second apart, three at a time, those that wait for their quota first', async () => {
    answers = undefined
    list = [
      ...Array.from({ length: 20 }, (_, number) => account(`active-${number}`, 'active')),
      account('exhausted-1', 'exhausted'),
      account('exhausted-2', 'exhausted'),
    ]
    watch.start()
    await pass(MINUTE)
    expect(asked.map(({ id }) => id)).toEqual(['exhausted-1', 'exhausted-2', 'active-0'])
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(1_000)
    open.get('exhausted-1')!.resolve({})
    await pass(10_000)
    expect(asked).toHaveLength(4)
    answers = async () => ({})
    for (const { resolve } of open.values()) resolve({})
    await pass(MINUTE)
    expect(new Set(asked.map(({ id }) => id)).size).toBe(22)
    expect(asked).toHaveLength(22)
  })
})

describe('a reading that fails', () => {
  test('teaches nothing, is tried at the next interval, and is told once', async () => {
    list = [account('a', 'exhausted')]
    answers = () => Promise.reject(new Error('503'))
    watch.start()
    await pass(2 * PROBE + MINUTE)
    expect(asked).toHaveLength(3)
    expect(learned).toEqual([])
    expect(told).toEqual(['the usage of an account could not be read; what is known of it stays'])
    answers = async () => ({})
    await pass(PROBE + MINUTE)
    expect(told.at(-1)).toBe('the usage of an account can be read again')
    expect(learned).toHaveLength(1)
  })

  test('does not hold the others up', async () => {
    list = [account('a', 'active'), account('b', 'active')]
    answers = (id) => (id === 'a' ? Promise.reject(new Error('no')) : Promise.resolve({}))
    watch.start()
    await pass(MINUTE)
    expect(learned.map(([id]) => id)).toEqual(['b'])
  })
})

describe('somebody who waits for the usage', () => {
  test('gets it and what follows from it, whatever is due', async () => {
    list = [account('a', 'disabled')]
    expect(await watch.readNow('a')).toEqual({ quota: quotaAt(Date.now()), raw: { plan_type: 'a' } })
    expect(learned).toHaveLength(1)
  })

  test('shares the reading that is under way', async () => {
    answers = undefined
    list = [account('a', 'exhausted')]
    watch.start()
    await pass(2_000)
    const reading = watch.readNow('a')
    open.get('a')!.resolve({ plan_type: 'pro' })
    expect((await reading).raw).toEqual({ plan_type: 'pro' })
    expect([asked.length, learned.length]).toEqual([1, 1])
  })

  test('hears why it cannot be read, and the next one asks anew', async () => {
    answers = () => Promise.reject(new Error('challenged'))
    await expect(watch.readNow('a')).rejects.toThrow('challenged')
    answers = async () => ({})
    expect((await watch.readNow('a')).raw).toEqual({})
  })

  test('may leave before it is there', async () => {
    answers = undefined
    const leaving = new AbortController()
    const reading = watch.readNow('a', leaving.signal)
    leaving.abort(new Error('gone'))
    await expect(reading).rejects.toThrow('gone')
    open.get('a')!.resolve({})
    await pass(0)
    expect(learned).toHaveLength(1)
  })
})

test('nothing is read any more after the stop', async () => {
  list = [account('a', 'exhausted')]
  watch.start()
  watch.stop()
  watch.start()
  await pass(REFRESH)
  expect(asked).toEqual([])
})
