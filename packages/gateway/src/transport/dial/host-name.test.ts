import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { authority, canonicalHost, isLocalName, isLoopback, namesHost } from './host-name.js'

describe('a host', () => {
  test.each([
    ['Example.COM.', 'example.com'],
    ['0x7f.1', '127.0.0.1'],
    ['１２７.0.0.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['[::1]', '::1'],
    ['0:0::1', '::1'],
    ['::ffff:127.0.0.1', '::ffff:7f00:1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['a_b.example', 'a_b.example'],
  ])('%j is %j', (host, expected) => {
    expect(canonicalHost(host)).toBe(expected)
  })

  test.each([
    '',
    '.',
    '...',
    ' ',
    'a b',
    'a/b',
    'a?b',
    'a#b',
    'a@b',
    'a:1',
    'a\\b',
    'a\u0000b',
    'a\tb',
    '[::1',
    '1.2.3.4.5',
    '%zz',
    '256.1.1.1',
  ])('%j is none', (host) => {
    expect(canonicalHost(host)).toBe(undefined)
  })

  test('has one spelling: what is canonical stays as it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV4Extended(), fc.ipV6()), (text) => {
        const once = canonicalHost(text)
        if (once !== undefined) expect(canonicalHost(once)).toBe(once)
      }),
    )
  })

  test.each(['localhost', 'a.localhost', 'router', 'x.local', 'metadata.google.internal', 'x.home.arpa', 'x.lan'])(
    '%s is a local name',
    (name) => {
      expect(isLocalName(name)).toBe(true)
    },
  )

  test.each(['example.com', 'local.example', 'notlocalhost.example', 'internal.example.com', '127.0.0.1', '::1'])(
    '%s is no local name',
    (name) => {
      expect(isLocalName(name)).toBe(false)
    },
  )

  test.each(['localhost', 'a.localhost', '127.9.9.9', '::1', '::ffff:7f00:1'])('%s is this machine', (host) => {
    expect(isLoopback(host)).toBe(true)
  })
  test.each(['10.0.0.1', 'example.com', 'localhost.example'])('%s is not', (host) => {
    expect(isLoopback(host)).toBe(false)
  })

  test.each<[string, string, number, boolean]>([
    ['::1', '::1', 80, true],
    ['[::1]', '::1', 80, true],
    ['[::1]:8080', '::1', 8080, true],
    ['[::1]:8080', '::1', 80, false],
    ['0:0:0:0:0:0:0:1', '::1', 80, true],
    [' nas.example ', 'nas.example', 80, true],
    ['nas.example:', 'nas.example', 80, false],
    ['nas.example:99999', 'nas.example', 80, false],
    ['http://nas.example', 'nas.example', 80, false],
  ])('the entry %j names %s, port %i: %s', (entry, host, port, expected) => {
    expect(namesHost([entry], host, port)).toBe(expected)
  })

  test('and a port are written as in a URL', () => {
    expect([authority('a.example', 1), authority('::1', 2)]).toEqual(['a.example:1', '[::1]:2'])
  })
})
