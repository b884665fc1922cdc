import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mappedIPv4, parseAddressRange } from './address-range.js'
import { loadConfig } from './load-config.js'

describe('a range of addresses', () => {
  test.each([
    ['10.0.0.0/8', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
    [' 192.168.1.7 ', { address: '192.168.1.7', prefix: 32, family: 'ipv4' }],
    ['fd00::/8', { address: 'fd00::', prefix: 8, family: 'ipv6' }],
    ['::1', { address: '::1', prefix: 128, family: 'ipv6' }],
    ['::ffff:10.1.2.3', { address: '10.1.2.3', prefix: 32, family: 'ipv4' }],
    ['::FFFF:0a00:0/104', { address: '10.0.0.0', prefix: 8, family: 'ipv4' }],
  ])('is read from %s', (text, range) => {
    expect(parseAddressRange(text)).toEqual(range)
  })

  test.each([
    '',
    'proxy.example.com',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0/8',
    '0.0.0.0/0',
    '::/0',
    'fe80::1%eth0',
    '::ffff:0:0/96',
    '010.0.0.1',
    '10.0.0.0/8/8',
    '*',
    'private',
  ])('is not read from %j', (text) => {
    expect(parseAddressRange(text)).toBeUndefined()
  })

  test.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['0:0:0:0:0:ffff:7f00:1', '127.0.0.1'],
    ['::1', undefined],
    ['64:ff9b::7f00:1', undefined],
    ['127.0.0.1', undefined],
  ])('%s holds the IPv4 address %s', (address, four) => {
    expect(mappedIPv4(address)).toBe(four)
  })
})

describe('a mistake in an address is told with its place and what was found', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'dragoman-addresses-'))
  })
  afterEach(() => {
    rmSync(home, { recursive: true })
  })

  test.each([
    [
      'server:\n  trusted_proxies: [10.0.0.0/8, 10.0.0.0/40]\n',
      /server\.trusted_proxies\.1: .*found "10\.0\.0\.0\/40"/,
    ],
    ['server:\n  public_url: gateway.example\n', /server\.public_url: expected an http\(s\) URL/],
    ['server:\n  public_url: https://user:pass@gateway.example\n', /server\.public_url/],
    ['auth:\n  redirect_uri: http://gateway.example/auth/callback\n', /auth\.redirect_uri: expected an https URL/],
    ['auth:\n  redirect_uri: https://gateway.example/auth/callback?x=1\n', /auth\.redirect_uri/],
    ['auth:\n  redirect_uri: javascript:alert(1)\n', /auth\.redirect_uri/],
  ])('%j', (text, message) => {
    writeFileSync(join(home, 'config.yaml'), text)
    expect(() => loadConfig({ home, env: {} })).toThrow(message)
  })

  test.each(['https://gateway.example/auth/callback', 'http://localhost:1455/auth/callback', 'http://[::1]:1455/x'])(
    'not %s',
    (uri) => {
      writeFileSync(join(home, 'config.yaml'), `auth:\n  redirect_uri: ${uri}\n`)
      expect(loadConfig({ home, env: {} }).config.auth.redirect_uri).toBe(uri)
    },
  )
})
