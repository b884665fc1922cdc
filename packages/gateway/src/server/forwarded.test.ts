import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientAddress, plainAddress, requestOrigin, trustedProxies } from './forwarded.js'

const ask = (remoteAddress: string | undefined, headers: Record<string, string | string[]> = {}) =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage
const trusting = (...ranges: string[]) => trustedProxies(() => ranges)

describe('the address of a client', () => {
  const cases: [string, string[], string | undefined, string | undefined, string][] = [
    ['its own connection, when nobody is trusted', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['its own connection, also over loopback', [], '127.0.0.1', '198.51.100.1', '127.0.0.1'],
    ['its own connection, when it is no trusted one', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['what a trusted proxy says', ['127.0.0.1'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the proxy itself, when it says nothing', ['127.0.0.1'], '127.0.0.1', undefined, '127.0.0.1'],
    [
      'not what the client wrote in front of it',
      ['127.0.0.1'],
      '127.0.0.1',
      '10.0.0.1, 1.1.1.1, 198.51.100.1',
      '198.51.100.1',
    ],
    [
      'behind a chain of trusted proxies',
      ['10.0.0.0/8', '127.0.0.1'],
      '127.0.0.1',
      '6.6.6.6, 198.51.100.1, 10.1.2.3, 10.4.5.6',
      '198.51.100.1',
    ],
    ['the first of all, when all are trusted', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    [
      'the last that is known, behind a hop that is hidden',
      ['10.0.0.0/8'],
      '10.0.0.1',
      '198.51.100.1, unknown, 10.0.0.2',
      '10.0.0.2',
    ],
    ['the proxy, behind nonsense', ['10.0.0.0/8'], '10.0.0.1', '198.51.100.1, <script>', '10.0.0.1'],
    ['the proxy, behind an empty hop', ['10.0.0.0/8'], '10.0.0.1', '198.51.100.1,', '10.0.0.1'],
    ['without its port', ['10.0.0.0/8'], '10.0.0.1', '198.51.100.1:50123', '198.51.100.1'],
    ['one of IPv6, in brackets with a port', ['fd00::/8'], 'fd00::1', '"[2001:DB8::7]:443"', '2001:db8::7'],
    ['one of IPv6 behind one of IPv4', ['10.0.0.0/8'], '10.0.0.1', '2001:db8::7, 10.0.0.2', '2001:db8::7'],
    [
      'through a socket for both families, which calls IPv4 by its IPv6 name',
      ['10.0.0.0/8'],
      '::ffff:10.0.0.1',
      '::ffff:198.51.100.1',
      '198.51.100.1',
    ],
    ['through a range that is written in its IPv6 form', ['::ffff:10.0.0.0/104'], '10.9.9.9', '1.2.3.4', '1.2.3.4'],
    ['with a zone', ['fe80::/10'], 'fe80::1%eth0', '198.51.100.1', '198.51.100.1'],
    ['that is gone, unknown', ['10.0.0.0/8'], undefined, '198.51.100.1', ''],
    ['not trusted for beginning alike', ['10.0.0.1'], '10.0.0.11', '198.51.100.1', '10.0.0.11'],
    ['not trusted because another family has the same bits', ['::a00:0/104'], '10.0.0.1', '198.51.100.1', '10.0.0.1'],
  ]
  test.each(cases)('is %s', (_, ranges, peer, forwarded, expected) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    expect(clientAddress(ask(peer, headers), trusting(...ranges))).toBe(expected)
  })

  test('is never one that an untrusted peer chose, whatever it writes', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.string(), fc.array(fc.ipV4()), (peer, noise, hops) => {
        fc.pre(!peer.startsWith('10.'))
        const request = ask(peer, { 'x-forwarded-for': [...hops, noise].join(', ') })
        expect(clientAddress(request, trusting('10.0.0.0/8'))).toBe(peer)
      }),
    )
  })

  test('is the one that the outermost trusted proxy saw, whatever the client wrote before', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat({ max: 255 }), fc.array(fc.nat({ max: 255 })), (lies, n, inner) => {
        const client = `198.51.100.${n}`
        const hops = [...lies, client, ...inner.map((part) => `10.0.0.${part}`)]
        expect(clientAddress(ask('10.1.1.1', { 'x-forwarded-for': hops.join(', ') }), trusting('10.0.0.0/8'))).toBe(
          client,
        )
      }),
    )
  })

  test('goes by the list of the moment', () => {
    let ranges: string[] = []
    const trusted = trustedProxies(() => ranges)
    const request = ask('10.0.0.1', { 'x-forwarded-for': '198.51.100.1' })
    expect(clientAddress(request, trusted)).toBe('10.0.0.1')
    ranges = ['10.0.0.0/8']
    expect(clientAddress(request, trusted)).toBe('198.51.100.1')
    ranges = ['10.0.0.2']
    expect(clientAddress(request, trusted)).toBe('10.0.0.1')
  })
})

describe('protocol and host', () => {
  const headers = {
    host: '127.0.0.1:8080',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'Gateway.Example',
    'x-forwarded-for': '198.51.100.1',
  }
  test('are those of the connection, when nobody is trusted', () => {
    expect(requestOrigin(ask('127.0.0.1', headers), trusting())).toEqual({
      address: '127.0.0.1',
      protocol: 'http',
      host: '127.0.0.1:8080',
    })
  })

  test('are what a trusted proxy says', () => {
    expect(requestOrigin(ask('::ffff:127.0.0.1', headers), trusting('127.0.0.0/8'))).toEqual({
      address: '198.51.100.1',
      protocol: 'https',
      host: 'gateway.example',
    })
  })

  test('are what the nearest proxy says, of several', () => {
    const many = {
      ...headers,
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': 'evil.example, gateway.example:8443',
    }
    expect(requestOrigin(ask('127.0.0.1', many), trusting('127.0.0.1'))).toMatchObject({
      protocol: 'http',
      host: 'gateway.example:8443',
    })
  })

  test.each(['a b', 'gateway.example/path', 'user@gateway.example', 'gateway.example:port', '<b>', ''])(
    'a host %j is none',
    (host) => {
      const request = ask('127.0.0.1', { ...headers, 'x-forwarded-proto': 'gopher', 'x-forwarded-host': host })
      expect(requestOrigin(request, trusting('127.0.0.1'))).toMatchObject({ protocol: 'http', host: '127.0.0.1:8080' })
    },
  )
})

test.each([
  ['198.51.100.1', '198.51.100.1'],
  ['[::1]', '::1'],
  ['::FFFF:7F00:1', '127.0.0.1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[198.51.100.1]', undefined],
  ['198.51.100', undefined],
  ['198.51.100.1:', undefined],
  ['0x7f.1', undefined],
  ['localhost', undefined],
  ['', undefined],
])('the address in %j is %s', (text, expected) => {
  expect(plainAddress(text)).toBe(expected)
})
