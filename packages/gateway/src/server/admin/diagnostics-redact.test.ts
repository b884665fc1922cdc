import { expect, test } from 'vitest'
import { redacted } from './diagnostics-redact.js'

test.each([
  ['somebody@example.com refused', '[e-mail] refused'],
  ['https://user:pass@host.example/path?key=abc', 'https://[redacted]@host.example/path?[redacted]'],
  ['http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080/v1'],
  ['Bearer abcdefghijklmnop', 'Bearer [redacted]'],
  ['gpt-5.5-high', 'gpt-5.5-high'],
])('%s', (text, expected) => {
  expect(redacted(text)).toBe(expected)
})

test('what has a secret name is never told, and the rest keeps its shape', () => {
  expect(redacted({ api_key: 'abc', nested: [{ refresh_token: 'x', port: 1 }], none: '' })).toEqual({
    api_key: '[redacted]',
    nested: [{ refresh_token: '[redacted]', port: 1 }],
    none: '',
  })
})
