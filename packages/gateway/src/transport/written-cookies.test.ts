import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCookies } from './written-cookies.js'

const HOST = 'chatgpt.com'

describe('cookies as people have them', () => {
  test.each<[string, unknown, Record<string, string>]>([
    ['a header', 'Cookie: a=1; b=two=2;', { a: '1', b: 'two=2' }],
    ['pairs', 'a=1;b=2', { a: '1', b: '2' }],
    ['a line each', 'a=1\r\n\n  b="2"\n', { a: '1', b: '"2"' }],
    ['an empty value', 'a=', { a: '' }],
    ['an object', { a: '1' }, { a: '1' }],
    ['JSON text', '{"a": "1", "b": "2"}', { a: '1', b: '2' }],
    ['the same twice: the last', 'a=1; a=2', { a: '2' }],
    [
      "a browser's list, without other sites",
      '[{"name":"a","value":"1","domain":".chatgpt.com"},{"name":"b","value":"2","domain":"bank.example"},{"name":"c","value":"3"}]',
      { a: '1', c: '3' },
    ],
    [
      'a cookies.txt, without other sites',
      '# Netscape HTTP Cookie File\n.chatgpt.com\tTRUE\t/\tTRUE\t0\ta\t1\n#HttpOnly_chatgpt.com\tFALSE\t/\tTRUE\t0\tb\t2\nnotchatgpt.com\tTRUE\t/\tTRUE\t0\tc\t3\n',
      { a: '1', b: '2' },
    ],
    ['a name that objects have', '{"__proto__": "1"}', Object.fromEntries([['__proto__', '1']])],
  ])('%s', (_, written, cookies) => {
    expect(readCookies(written, HOST)).toEqual(cookies)
  })

  test.each<[string, unknown, RegExp]>([
    ['nothing', '  \n', /no cookie in it; write name=value/],
    ['an empty object', {}, /no cookie in it/],
    ['no pair', 'hunter2secret', /cookie 1 has no "="/],
    ['no pair in a line', 'a=1\nhunter2secret', /line 2 has no "="/],
    ['a name with a space', 'a b=hunter2secret', /cookie 1 has no good name/],
    ['no name', '=hunter2secret', /cookie 1 has no good name/],
    ['a long name', `${'n'.repeat(129)}=hunter2secret`, /at most 128/],
    [
      'a new line in a value',
      { a: 'hunter2secret\r\nx-evil: 1' },
      /cookie 1 \(a\) has a value that no cookie can have/,
    ],
    ['letters that no header takes', 'a=hunter2secret\u00e9', /\(a\) has a value/],
    ['no text', { a: 7 }, /\(a\) has a value/],
    ['broken JSON', '{"a": "hunter2secret', /looks like JSON and is none/],
    ['a number', 7, /an object of names and values/],
    ['a list of texts', ['hunter2secret'], /cookie 1 has no good name/],
    [
      'other sites alone',
      [{ name: 'a', value: 'hunter2secret', domain: 'bank.example' }],
      /all 1 cookies .* other sites/,
    ],
    [
      'very many',
      Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`c${n}`, '1'])),
      /there are 65 cookies, .* 64/,
    ],
    ['very long', { a: 'hunter2secret'.repeat(700) }, /9\d{3} characters long, and an account takes 8192/],
  ])('refused, without telling values: %s', (_, written, why) => {
    expect(() => readCookies(written, HOST)).toThrow(why)
    try {
      readCookies(written, HOST)
    } catch (error) {
      expect(String(error)).not.toContain('hunter2')
    }
  })

  test('whatever is read can be sent in one header line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string())), (written) => {
        let cookies: Record<string, string>
        try {
          cookies = readCookies(written, HOST)
        } catch {
          return
        }
        const header = Object.entries(cookies)
          .map(([name, value]) => `${name}=${value}`)
          .join('; ')
        expect(header).toMatch(/^[\x20-\x7e]+$/)
        expect(readCookies(header, HOST)).toEqual(cookies)
      }),
    )
  })
})
