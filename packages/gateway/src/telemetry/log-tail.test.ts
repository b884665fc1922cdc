import { expect, test } from 'vitest'
import { createLogTail } from './index.js'

test('the last lines are kept in their order, and every line is told', () => {
  const tail = createLogTail(3)
  const heard: string[] = []
  tail.onLine((line) => heard.push(line))
  for (const line of ['1', '2', '3', '4', '5']) tail.add(line)
  expect(tail.lines()).toEqual(['3', '4', '5'])
  expect(heard).toEqual(['1', '2', '3', '4', '5'])
})
