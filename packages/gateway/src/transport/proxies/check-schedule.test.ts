import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createCheckSchedule, type CheckSchedule } from './check-schedule.js'

const MINUTE = 60_000
let proxies: { id: string; checkedAt?: number }[]
let minutes: number
let checked: string[]
let draw: number
let answer: () => Promise<unknown>
let schedule: CheckSchedule

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  proxies = [{ id: 'a' }]
  minutes = 10
  checked = []
  draw = 0.5
  answer = () => Promise.resolve()
  schedule = createCheckSchedule({
    proxies: () => proxies,
    everyMinutes: () => minutes,
    async check(id) {
      checked.push(id)
      await answer()
      const found = proxies.find((one) => one.id === id)
      if (found !== undefined) found.checkedAt = Date.now()
    },
    now: () => Date.now(),
    random: () => draw,
  })
})
afterEach(() => {
  schedule.close()
  vi.useRealTimers()
})

test('a new proxy is checked soon, and then every so often', async () => {
  await vi.advanceTimersByTimeAsync(14_999)
  expect(checked).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(checked).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(10 * MINUTE - 1)
  expect(checked).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(1)
  expect(checked).toEqual(['a', 'a'])
})

test('not all come at one time', async () => {
  proxies = Array.from({ length: 20 }, (_, n) => ({ id: String(n) }))
  let drawn = 0
  schedule.close()
  schedule = createCheckSchedule({
    proxies: () => proxies,
    everyMinutes: () => minutes,
    check: async (id) => void checked.push(id),
    now: () => Date.now(),
    random: () => (drawn++ % 20) / 20,
  })
  const counts: number[] = []
  for (let n = 0; n < 6; n += 1) {
    await vi.advanceTimersByTimeAsync(5_000)
    counts.push(checked.length)
  }
  expect(counts.every((count, n) => count < (n + 2) * 4)).toBe(true)
  expect(new Set(checked).size).toBe(20)
})

test('at most four run at one time', async () => {
  proxies = Array.from({ length: 9 }, (_, n) => ({ id: String(n) }))
  draw = 0
  const gates: (() => void)[] = []
  answer = () => new Promise<void>((resolve) => gates.push(resolve))
  schedule.rearm()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(checked).toHaveLength(4)
  gates[0]!()
  await vi.advanceTimersByTimeAsync(0)
  expect(checked).toHaveLength(5)
})

test('0 means never; a changed setting is noticed without a restart', async () => {
  minutes = 0
  schedule.rearm()
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(checked).toEqual([])
  minutes = 1
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(checked).toEqual(['a'])
  minutes = 0
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(checked).toEqual(['a'])
})

test('one that stopped working is checked at once', async () => {
  proxies = [{ id: 'a', checkedAt: Date.now() }]
  schedule.rearm()
  await vi.advanceTimersByTimeAsync(0)
  expect(checked).toEqual([])
  schedule.soon('a')
  await vi.advanceTimersByTimeAsync(0)
  expect(checked).toEqual(['a'])
})

test('a check that fails to be kept is not repeated at once', async () => {
  answer = () => Promise.reject(new Error('the disk is full'))
  await vi.advanceTimersByTimeAsync(5 * MINUTE)
  expect(checked).toEqual(['a'])
})

test('ends when it is closed', async () => {
  schedule.close()
  schedule.rearm()
  schedule.soon('a')
  await vi.advanceTimersByTimeAsync(60 * MINUTE)
  expect(checked).toEqual([])
})
