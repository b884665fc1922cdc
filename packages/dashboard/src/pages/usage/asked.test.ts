import { expect, test } from 'vitest'
import { queryBefore, queryOf, readAsked, writeAsked } from './asked.js'

test.each([
  '',
  'range=7d&by=account&metric=cost&kind=line',
  'by=none&metric=hit&model=codex%3Agpt-5.5&client=codex',
  'from=1000&to=2000&metric=ttft_p95',
])('what is asked stands in the address and comes back: %j', (search) => {
  expect(writeAsked(readAsked(search))).toBe(search)
})

test('what nobody understands is the usual', () => {
  expect(readAsked('range=century&by=colour&metric=x&kind=y&from=yesterday')).toEqual(readAsked(''))
  expect(readAsked('from=2000&to=1000')).toMatchObject({ range: 'custom', from: 2000 })
  expect(readAsked('from=2000&to=1000').to).toBeUndefined()
})

test('times as the gateway takes them, and as long a time before', () => {
  const now = 1_000_000_000
  expect(queryOf(readAsked('range=7d&model=codex:x'))).toEqual({ hours: '168', model: 'codex:x' })
  expect(queryOf(readAsked('range=all'))).toEqual({ hours: 'all' })
  expect(queryOf(readAsked('from=100&to=250'))).toEqual({ from: '100', to: '250' })
  expect(queryBefore(readAsked('from=100&to=250'), now)).toEqual({ from: '-50', to: '100' })
  expect(queryBefore(readAsked('range=1h'), now)).toEqual({ from: '992800000', to: '996400000' })
  expect(queryBefore(readAsked('range=all'), now)).toBeUndefined()
})
