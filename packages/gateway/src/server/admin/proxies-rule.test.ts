import { expect, test } from 'vitest'
import { assignByRule } from './proxies-rule.js'

const owners = ['a', 'b', 'c', 'd', 'e']

test('round-robin gives them in turn', () => {
  expect([...assignByRule('round-robin', owners, ['x', 'y', 'x'], new Map())]).toEqual([
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
    ['d', 'y'],
    ['e', 'x'],
  ])
})

test('even moves nobody who is where they may stay', () => {
  const before = new Map([
    ['b', 'y'],
    ['c', 'y'],
    ['d', 'y'],
    ['e', 'gone'],
  ])
  const after = assignByRule('even', owners, ['x', 'y'], before)
  expect(after.get('b')).toBe('y')
  expect(after.get('c')).toBe('y')
  expect([...after.values()].filter((proxy) => proxy === 'x').length).toBe(2)
})

test('even counts those who are not asked about', () => {
  const before = new Map([
    ['other 1', 'x'],
    ['other 2', 'x'],
    ['other 3', 'z'],
  ])
  expect([...assignByRule('even', ['a', 'b'], ['x', 'y'], before).values()]).toEqual(['y', 'y'])
})

test('without proxies nobody gets one', () => {
  expect(assignByRule('even', owners, [], new Map()).size).toBe(0)
  expect(assignByRule('round-robin', owners, [], new Map()).size).toBe(0)
})
