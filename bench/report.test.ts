import { describe, expect, test } from 'vitest'
import { GOALS, verdict } from './goals.js'
import { record, table } from './report.js'
import { distribution, median } from './statistics.js'

const more = GOALS.find(({ id }) => id === 'events.ratio')!
const less = GOALS.find(({ id }) => id === 'image.p50')!
const none = GOALS.find(({ id }) => id === 'leave.open')!

describe('a verdict', () => {
  test.each([
    ['more is better, the aim itself', more, 1.6, 'aim'],
    ['more is better, between', more, 1.59, 'must'],
    ['more is better, below the must', more, 0.99, 'MISSED'],
    ['less is better, the aim itself', less, 30, 'aim'],
    ['less is better, between', less, 80, 'must'],
    ['less is better, above the must', less, 80.1, 'MISSED'],
    ['none allowed, none left', none, 0, 'aim'],
    ['none allowed, one left', none, 1, 'MISSED'],
    ['no number at all', less, NaN, 'MISSED'],
  ])('%s', (_, goal, value, expected) => {
    expect(verdict(goal, value)).toBe(expected)
  })

  test('every aim is at least as hard as its must', () => {
    for (const goal of GOALS) expect(verdict(goal, goal.aim)).toBe('aim')
    for (const goal of GOALS) expect(verdict(goal, goal.must)).not.toBe('MISSED')
  })
})

describe('the table', () => {
  test('has a row for each thing measured, with both marks', () => {
    expect(table([{ id: 'events.ratio', value: 1.234 }]).split('\n')).toEqual([
      'metric                                  measured  must     aim  verdict',
      'streamed events per CPU-s, of raw-pipe     1.23×  ≥ 1×  ≥ 1.6×  must',
    ])
  })

  test('says why a value is missing, and never calls that reached', () => {
    expect(table([{ id: 'leave.open', reason: 'the gateway ended' }])).toContain('failed: the gateway ended')
    expect(record([{ id: 'leave.open', reason: 'the gateway ended' }], {}, {})).toMatchObject({
      rows: [{ id: 'leave.open', verdict: 'failed: the gateway ended' }],
    })
  })
})

describe('what is said of many values', () => {
  test('a distribution does not depend on their order', () => {
    const values = Array.from({ length: 200 }, (_, at) => (at * 37) % 200)
    expect(distribution(values)).toEqual({ count: 200, p50: 100, p99: 198, max: 199 })
  })

  test('a median of an even count lies between', () => expect(median([4, 1, 3, 2])).toBe(2.5))
  test('a median of an odd count is one of them', () => expect(median([9, 1, 5])).toBe(5))
  test('a median of nothing is no number', () => expect(() => median([])).toThrow('nothing was measured'))
})
