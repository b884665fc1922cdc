import { describe, expect, test } from 'vitest'
import { frameOf, groupOf } from './group-errors.js'

const told = (message: string, more: { kind?: string; stack?: string } = {}) =>
  groupOf({ source: 'request', kind: 'rate_limited', message, ...more })

describe('errors are one and the same', () => {
  test.each([
    ['try again in 3 s', 'try again in 27.5 s'],
    ['request req_abcdefgh1234 failed', 'request req_zyxwvuts9876 failed'],
    ['no 0f8fad5b-d9cb-469f-a165-70867728950e', 'no 7c9e6679-7425-40de-944b-e07fc1f90ae7'],
    ['until 2026-01-01T00:00:00Z', 'until 2027-02-03T04:05:06.789Z'],
  ])('%s / %s', (one, other) => expect(told(one)).toBe(told(other)))
})

describe('errors differ', () => {
  test('in their words', () => expect(told('too many requests')).not.toBe(told('too many tokens')))
  test('in their kind', () => expect(told('x')).not.toBe(told('x', { kind: 'timeout' })))
  test('in where they happened', () => {
    expect(told('x', { stack: 'E: x\n    at a (f.js:1:1)' })).not.toBe(
      told('x', { stack: 'E: x\n    at b (f.js:9:1)' }),
    )
  })
})

test.each([
  ['TypeError: x\n    at draw (a.js:1:2)\n    at run (b.js:3:4)', 'at draw (a.js:1:2)'],
  ['draw@https://host/a.js:1:2\nrun@b.js:3:4', 'draw@https://host/a.js:1:2'],
  ['no stack at all', ''],
  [undefined, ''],
])('where %j happened', (stack, frame) => expect(frameOf(stack)).toBe(frame))
