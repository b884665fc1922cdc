import { expect, test } from 'vitest'
import { createTrafficMinutes } from './overview-minutes.js'

const MINUTE = 60_000
const START = Date.UTC(2026, 4, 1, 12, 2)

test('counts the minutes of the last hour as requests end, and forgets older ones', () => {
  let now = START
  const minutes = createTrafficMinutes(() => now)
  minutes.add({})
  minutes.add({ failure: { kind: 'overloaded', scope: 'request', phase: 'unsent', retry: 'never', message: '' } })
  now += MINUTE
  minutes.add({ failure: { kind: 'cancelled', scope: 'request', phase: 'unsent', retry: 'never', message: '' } })
  const told = minutes.read([])
  expect(told.at.at(-1)).toBe(now)
  expect(told.requests).toHaveLength(60)
  expect(told.requests.slice(-3)).toEqual([0, 2, 1])
  expect(told.failed.slice(-3)).toEqual([0, 1, 0])
  now += 59 * MINUTE
  expect(minutes.read([]).requests[0]).toBe(1)
  now += MINUTE
  expect(minutes.read([]).requests.every((count) => count === 0)).toBe(true)
})

test('shares out what was written before this process began', () => {
  // It began two minutes into a bucket; three of its five requests were counted here.
  let now = START
  const minutes = createTrafficMinutes(() => now)
  for (let n = 0; n < 3; n += 1) minutes.add({})
  now += MINUTE
  const told = minutes.read([
    { at: START - 7 * MINUTE, requests: 10, failed: 5 },
    { at: START - 2 * MINUTE, requests: 5, failed: 0 },
  ])
  expect(told.requests.slice(-9)).toEqual([2, 2, 2, 2, 2, 1, 1, 3, 0])
  expect(told.failed.slice(-9)).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0])
})
