import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { catalogRefresher, type CatalogRefresher } from './catalog-refresher.js'

const HOUR = 3_600_000

let accounts: { id: string; plan?: string }[]
let asked: string[]
let learned: string[]
let etags: Map<string, string>
let answer: (accountId: string) => Promise<{ models: { slug: string }[]; etag: string | undefined }>
let everyMs: number
let refresher: CatalogRefresher

beforeEach(() => {
  vi.useFakeTimers()
  accounts = []
  asked = []
  learned = []
  etags = new Map()
  everyMs = HOUR
  answer = (id) => Promise.resolve({ models: [{ slug: id }], etag: '"1"' })
  const quiet = (): void => undefined
  refresher = catalogRefresher({
    accounts: () => accounts,
    fetch(id) {
      asked.push(id)
      return answer(id)
    },
    learn(plan, { etag }) {
      learned.push(plan)
      if (etag !== undefined) etags.set(plan, etag)
      return Promise.resolve()
    },
    etagOf: (plan) => etags.get(plan),
    everyMs: () => everyMs,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    random: () => 0.5,
  })
})
afterEach(() => {
  refresher.stop()
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
const troubled = () => Promise.reject(new Error('503'))

describe('the model lists', () => {
  test('are read at start, by one account of each plan', async () => {
    accounts = [{ id: 'a', plan: 'plus' }, { id: 'b', plan: 'plus' }, { id: 'c', plan: 'pro' }, { id: 'd' }]
    refresher.start()
    await pass(100)
    expect(asked).toEqual(['a', 'c', 'd'])
    expect(learned).toEqual(['plus', 'pro', 'unknown'])
  })

  test('are read again at the interval, and no sooner', async () => {
    accounts = [{ id: 'a', plan: 'plus' }]
    refresher.start()
    await pass(HOUR - 1_000)
    expect(asked).toEqual(['a'])
    await pass(2_000)
    expect(asked).toEqual(['a', 'a'])
  })

  test('are asked of another account of the plan when the first cannot', async () => {
    accounts = [
      { id: 'a', plan: 'plus' },
      { id: 'b', plan: 'plus' },
    ]
    answer = (id) => (id === 'a' ? troubled() : Promise.resolve({ models: [{ slug: 'm' }], etag: '"1"' }))
    refresher.start()
    await pass(100)
    expect(asked).toEqual(['a', 'b'])
    expect(learned).toEqual(['plus'])
  })

  test.each([
    ['an error', troubled],
    ['an empty list', () => Promise.resolve({ models: [], etag: '"x"' })],
  ])('%s teaches nothing, and is tried again later and later', async (_, trouble) => {
    accounts = [{ id: 'a', plan: 'plus' }]
    answer = trouble
    refresher.start()
    await pass(100)
    expect(asked).toHaveLength(1)
    await pass(1_000)
    expect(asked).toHaveLength(2)
    await pass(1_000)
    expect(asked).toHaveLength(2)
    await pass(1_000)
    expect(asked).toHaveLength(3)
    await pass(10 * HOUR)
    // 12 doublings reach the hour; from there on it is the interval's pace.
    expect(asked.length).toBeLessThan(30)
    expect(learned).toEqual([])
  })

  test('wait for somebody to sign in', async () => {
    refresher.start()
    await pass(10 * HOUR)
    expect(asked).toEqual([])
    accounts = [{ id: 'a', plan: 'plus' }]
    refresher.accountsChanged()
    await pass(100)
    expect(learned).toEqual(['plus'])
  })

  test('are found without being told, when an account recovers', async () => {
    refresher.start()
    await pass(5_000)
    accounts = [{ id: 'a', plan: 'plus' }]
    await pass(20_000)
    expect(learned).toEqual(['plus'])
  })

  test('of a new plan are read at once, the others not again', async () => {
    accounts = [{ id: 'a', plan: 'plus' }]
    refresher.start()
    await pass(1_000)
    accounts.push({ id: 'b', plan: 'pro' })
    for (let n = 0; n < 20; n++) refresher.accountsChanged()
    await pass(1_000)
    expect(asked).toEqual(['a', 'b'])
  })
})

describe('an etag in a reply', () => {
  beforeEach(async () => {
    accounts = [
      { id: 'a', plan: 'plus' },
      { id: 'b', plan: 'pro' },
    ]
    refresher.start()
    await pass(1_000)
    asked = []
  })

  test('that is ours changes nothing', async () => {
    refresher.etagSeen('"1"', 'a')
    refresher.etagSeen('"9"', 'nobody')
    await pass(60_000)
    expect(asked).toEqual([])
  })

  test('that differs has the list of that plan read', async () => {
    answer = () => Promise.resolve({ models: [{ slug: 'm' }], etag: '"2"' })
    refresher.etagSeen('"2"', 'b')
    await pass(100)
    expect(asked).toEqual(['b'])
    expect(etags.get('pro')).toBe('"2"')
    expect(etags.get('plus')).toBe('"1"')
  })

  test('that differs for ever costs one reading a minute, however many replies tell it', async () => {
    for (let second = 0; second < 300; second++) {
      for (let n = 0; n < 10; n++) refresher.etagSeen(`"other"`, 'a')
      await pass(1_000)
    }
    expect(asked.length).toBeGreaterThanOrEqual(4)
    expect(asked.length).toBeLessThanOrEqual(6)
  })
})

test('one list is read at a time', async () => {
  let open = 0
  let most = 0
  accounts = [
    { id: 'a', plan: 'p1' },
    { id: 'b', plan: 'p2' },
    { id: 'c', plan: 'p3' },
  ]
  answer = async (id) => {
    most = Math.max(most, ++open)
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    open--
    return { models: [{ slug: id }], etag: '"1"' }
  }
  refresher.start()
  for (let n = 0; n < 20; n++) {
    refresher.accountsChanged()
    refresher.etagSeen('"2"', 'a')
    await pass(1_000)
  }
  expect(most).toBe(1)
})

test('an interval beyond what a timer takes is no endless loop', async () => {
  everyMs = 2_000_000_000
  accounts = [{ id: 'a', plan: 'plus' }]
  refresher.start()
  await pass(10 * HOUR)
  expect(asked).toEqual(['a'])
})

test('a stopped one asks nobody', async () => {
  accounts = [{ id: 'a', plan: 'plus' }]
  refresher.start()
  refresher.stop()
  refresher.accountsChanged()
  await pass(HOUR)
  expect(asked).toEqual([])
})
