import { expect, test } from 'vitest'
import type { Detail } from './data.js'
import { stretchesOf } from './stretches.js'

const attempt = (startMs: number | null, ms: number, outcome = 'ok') =>
  ({ candidate: 'a', outcome, startMs, ms }) as Detail['attempts'][number]
const shown = (told: Parameters<typeof stretchesOf>[0]) =>
  stretchesOf(told).map(({ kind, fromMs, toMs }) => [kind, fromMs, toMs])

test('one attempt: preparing, waiting for the first token, output', () => {
  expect(shown({ attempts: [attempt(10, 90)], latencyMs: 100, queuedMs: null, ttftMs: 60 })).toEqual([
    ['before', 0, 10],
    ['waiting', 10, 60],
    ['output', 60, 100],
  ])
})

test('a wait in line stands before the first attempt, and between two', () => {
  expect(
    shown({ attempts: [attempt(50, 20, 'rate_limited'), attempt(100, 40)], latencyMs: 140, queuedMs: 45, ttftMs: 120 }),
  ).toEqual([
    ['before', 0, 5],
    ['queue', 5, 50],
    ['failed', 50, 70],
    ['queue', 70, 100],
    ['waiting', 100, 120],
    ['output', 120, 140],
  ])
})

test('a request that asked nobody was only prepared', () => {
  expect(shown({ attempts: [], latencyMs: 8, queuedMs: null, ttftMs: null })).toEqual([['before', 0, 8]])
})

test('attempts of which only the length is known follow one another', () => {
  expect(
    shown({
      attempts: [attempt(null, 20, 'timeout'), attempt(null, 30)],
      latencyMs: 50,
      queuedMs: null,
      ttftMs: null,
    }).map(([kind]) => kind),
  ).toContain('output')
})
