import { expect, test } from 'vitest'
import { nearestEffort } from './nearest-effort.js'

const refusal = (...values: string[]) =>
  `Unsupported value: 'x' is not supported with the 'gpt-5.5' model. Supported values are: ${values.map((value) => `'${value}'`).join(', ')}.`

test.each([
  ['none', ['low', 'medium', 'high'], 'low'],
  ['minimal', ['none', 'medium'], 'none'],
  ['max', ['low', 'medium', 'high', 'xhigh'], 'xhigh'],
  ['huge', ['low', 'medium', 'high'], 'medium'],
  ['none', [], undefined],
])('%s among %j is %s', (asked, values, nearest) => {
  expect(nearestEffort(asked, refusal(...values))).toBe(nearest)
})

test('a refusal that names nothing leaves it to the model', () => {
  expect(nearestEffort('none', "Invalid value: 'none'")).toBeUndefined()
})
