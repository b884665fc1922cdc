import { expect, test } from 'vitest'
import type { LoggedRequest, RunningRequest } from './data.js'
import { MOST_HELD, MOST_ITEMS, release, withNews, withOlder, type Tail } from './tail-state.js'

const over = (n: number): LoggedRequest =>
  ({ id: `log_${String(n).padStart(6, '0')}`, requestId: `req_${n}` }) as LoggedRequest
const begun = (n: number): RunningRequest => ({ requestId: `req_${n}` }) as RunningRequest
const EMPTY: Tail = { items: [], held: [], running: [], more: false }
const numbers = (list: readonly { requestId: string }[]) => list.map(({ requestId }) => Number(requestId.slice(4)))

test('what runs stands above until it is over', () => {
  const one = withNews(EMPTY, { started: [begun(1), begun(2)], finished: [] }, false)
  expect(numbers(one.running)).toEqual([2, 1])
  const two = withNews(one, { started: [], finished: [over(1)] }, false)
  expect([numbers(two.running), numbers(two.items)]).toEqual([[2], [1]])
})

test('what began and ended between two frames never runs', () => {
  const tail = withNews(EMPTY, { started: [begun(1)], finished: [over(1)] }, false)
  expect([numbers(tail.running), numbers(tail.items)]).toEqual([[], [1]])
})

test('a reader who looks elsewhere is not disturbed, and loses nothing', () => {
  let tail = withNews(EMPTY, { started: [], finished: [over(1)] }, false)
  tail = withNews(tail, { started: [], finished: [over(2), over(3)] }, true)
  expect([numbers(tail.items), numbers(tail.held)]).toEqual([[1], [3, 2]])
  tail = release(tail)
  expect([numbers(tail.items), numbers(tail.held)]).toEqual([[3, 2, 1], []])
})

test('nothing stands there twice, in whatever order it comes', () => {
  let tail = withNews(EMPTY, { started: [], finished: [over(2), over(4)] }, false)
  tail = withNews(tail, { started: [], finished: [over(3), over(4)] }, false)
  tail = withOlder(tail, [over(2), over(1)], false)
  expect(numbers(tail.items)).toEqual([4, 3, 2, 1])
})

test('it is bounded: what falls out can be read again', () => {
  const many = (from: number, count: number) => Array.from({ length: count }, (_, n) => over(from + n))
  const tail = withNews(EMPTY, { started: [], finished: many(1, MOST_ITEMS + 10) }, false)
  expect([tail.items.length, tail.more]).toEqual([MOST_ITEMS, true])
  const held = withNews(tail, { started: [], finished: many(90_000, MOST_HELD + 10) }, true)
  expect(held.held.length).toBe(MOST_HELD)
  // There is a gap below what is held, so the list begins anew with it.
  expect(release(held)).toMatchObject({ items: held.held, held: [], more: true })
})
