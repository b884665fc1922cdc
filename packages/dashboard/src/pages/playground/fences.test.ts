import { expect, test } from 'vitest'
import { splitFences } from './fences.js'

test('prose and code take turns', () => {
  expect(splitFences('Look:\n\n```js\nconst a = 1\n\n```\nDone.')).toEqual([
    { kind: 'prose', text: 'Look:' },
    { kind: 'code', language: 'js', text: 'const a = 1\n' },
    { kind: 'prose', text: 'Done.' },
  ])
})

test('a fence that is still open is code to the end', () => {
  expect(splitFences('```python\nprint(1)')).toEqual([{ kind: 'code', language: 'python', text: 'print(1)' }])
})

test('a longer fence holds a shorter one', () => {
  expect(splitFences('````md\n```\nx\n```\n````')).toEqual([{ kind: 'code', language: 'md', text: '```\nx\n```' }])
})

test('HTML is text like any other', () => {
  expect(splitFences('<img src=x onerror=alert(1)> `a` ```b```')).toEqual([
    { kind: 'prose', text: '<img src=x onerror=alert(1)> `a` ```b```' },
  ])
})
