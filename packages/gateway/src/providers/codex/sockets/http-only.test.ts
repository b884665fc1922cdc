import { expect, test } from 'vitest'
import { httpOnly } from './http-only.js'

const MINUTE = 60_000

test('one that says no is not asked for an hour', () => {
  let now = 0
  const memory = httpOnly(() => now)
  memory.saidNo('a')
  expect([memory.has('a'), memory.has('b')]).toEqual([true, false])
  now = 60 * MINUTE
  expect(memory.has('a')).toBe(false)
})

test('three failures in a row are too many, and then one probe that fails', () => {
  let now = 0
  const memory = httpOnly(() => now)
  expect([memory.failed('a'), memory.failed('a'), memory.has('a')]).toEqual([false, false, false])
  expect([memory.failed('a'), memory.has('a'), memory.has('b')]).toEqual([true, true, false])
  now += 10 * MINUTE
  expect(memory.has('a')).toBe(false)
  expect([memory.failed('a'), memory.has('a')]).toEqual([true, true])
  now += 10 * MINUTE
  memory.worked('a')
  expect([memory.failed('a'), memory.has('a')]).toEqual([false, false])
})

test('a success in between begins the count anew', () => {
  const memory = httpOnly(() => 0)
  memory.failed('a')
  memory.failed('a')
  memory.worked('a')
  expect([memory.failed('a'), memory.has('a')]).toEqual([false, false])
})
