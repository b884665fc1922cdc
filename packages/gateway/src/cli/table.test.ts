import { expect, test } from 'vitest'
import { table } from './table.js'

test('columns are as wide as their widest cell, and no line ends in blanks', () => {
  const rows = [
    ['acc_1', 'laptop', ''],
    ['acc_22222', '', 'why'],
  ]
  expect(table(['id', 'name', 'reason'], rows)).toBe(
    'ID         NAME    REASON\nacc_1      laptop\nacc_22222          why\n',
  )
})

test('East Asian signs and pictographs take two columns, combining signs none', () => {
  const lines = table(
    ['name', 'x'],
    [
      ['小明', '|'],
      ['🦊ab', '|'],
      ['e\u0301abc', '|'],
    ],
  ).split('\n')
  expect(lines.slice(1, 4)).toEqual(['小明  |', '🦊ab  |', 'e\u0301abc  |'])
})

test('what others named cannot drive the terminal or begin a line', () => {
  const text = table(['name'], [['\u001b[2J\u001b[31mred'], ['a\nID  forged'], ['\u202eexe.txt']])
  expect(text.split('\n')).toEqual(['NAME', '\\u001b[2J\\u001b[31mred', 'a\\nID  forged', '\\u202eexe.txt', ''])
})
