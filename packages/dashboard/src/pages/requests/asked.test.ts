import { expect, test } from 'vitest'
import { queryOf, readAsked, writeAsked } from './asked.js'
import { curlOf } from './curl.js'

test('the address says what is shown, and reads back', () => {
  const search = 'tab=errors&search=a+b%25&status=failed&time=1h&slow=5&id=log_1'
  expect(writeAsked(readAsked(search))).toBe(search)
  expect(readAsked('tab=moon&status=&nonsense=1')).toEqual({ tab: 'requests', id: undefined, filter: {} })
})

test('filters become what the gateway is asked', () => {
  const now = Date.parse('2026-01-01T12:00:30Z')
  expect(queryOf({ time: '1h', slow: '5', model: 'm' }, now)).toEqual({
    model: 'm',
    slow: '5000',
    since: String(Date.parse('2026-01-01T11:00:00Z')),
  })
  expect(queryOf({ time: '__proto__', slow: 'x' }, now)).toEqual({})
})

test('a body stands whole in a shell', () => {
  const command = curlOf({ origin: 'http://h', path: '/v1/x', body: { text: "it's $HOME `id` \\" } })
  expect(command).toContain(`-d '{"text":"it'\\''s $HOME \`id\` \\\\"}'`)
})
