import { expect, test } from 'vitest'
import { keptBody } from './kept-body.js'

const MOST = 10_000
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnop'

test.each<[string, unknown, unknown, number]>([
  [
    'a field that is called a secret',
    { api_key: 'x', access_token: 'y' },
    { api_key: '[redacted]', access_token: '[redacted]' },
    2,
  ],
  ['a text that looks like one', { text: `see ${JWT}` }, { text: 'see [jwt]' }, 1],
  ['a list of texts', ['Bearer abcdefghij'], ['Bearer[redacted]'], 1],
])('takes out %s', (_, body, kept, secrets) => {
  const out = keptBody(body, MOST)
  expect(out.secrets).toBe(secrets)
  expect(JSON.stringify(out.json).replaceAll(' [redacted]', '[redacted]')).toBe(
    JSON.stringify(kept).replaceAll(' [redacted]', '[redacted]'),
  )
  expect(out.cut).toBe(false)
})

test('leaves everything else as it is', () => {
  const body = {
    model: 'gpt-5.5',
    max_tokens: 5,
    prompt_cache_key: 'thread-1',
    tools: [{ parameters: { properties: { password: { type: 'string' }, token: { type: 'string' } } } }],
    text: 'tab\tand\nline ends, 汉字, \u202e',
    none: null,
    yes: true,
  }
  expect(keptBody(body, MOST)).toEqual({ json: body, cut: false, secrets: 0 })
})

test('cuts off what is too long, and says so', () => {
  const { json, cut } = keptBody({ picture: 'A'.repeat(1_000_000), text: 'hello', more: 'world' }, 4_000)
  expect(cut).toBe(true)
  expect(json).toMatchObject({ text: 'hello', more: 'world' })
  expect((json as { picture: string }).picture).toMatch(/^A{1000}… \[999000 more characters\]$/)
})

test('no body makes it long or slow', () => {
  let deep: unknown = 'x'
  for (let n = 0; n < 5_000; n++) deep = [deep]
  const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field${n}`, n]))
  for (const body of [deep, wide, Array.from({ length: 100_000 }, () => ({}))]) {
    const { json, cut } = keptBody(body, 2_000)
    expect(cut).toBe(true)
    expect(JSON.stringify(json).length).toBeLessThan(8_000)
  }
})

test('a field called __proto__ is a field', () => {
  const { json } = keptBody(JSON.parse('{"__proto__":{"a":1}}'), MOST)
  expect(JSON.stringify(json)).toBe('{"__proto__":{"a":1}}')
  expect(({} as { a?: number }).a).toBeUndefined()
})
