import { describe, expect, test } from 'vitest'
import { hostAllowed } from './host.js'

describe('which Host may be answered', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:8080',
    '127.1.2.3:1',
    '192.168.1.20:8080',
    'localhost',
    'LOCALHOST:8080',
    'dragoman.localhost:8080',
    '[::1]',
    '[::1]:8080',
    '[fe80::1]:8080',
    'gateway.example',
    'GATEWAY.example:8443',
  ])('%s', (host) => {
    expect(hostAllowed(host, ['gateway.example'])).toBe(true)
  })

  test.each([
    undefined,
    '',
    'evil.example',
    '127.evil.com',
    '127.0.0.1.evil.com',
    'localhost.evil.com',
    'evil-localhost',
    'xlocalhost',
    '0.0.0.0',
    '0.0.0.0:8080',
    '[::]',
    '[::]:8080',
    '[0:0:0:0:0:0:0:0]',
    '[::ffff:0.0.0.0]',
    '[::ffff:0:0]',
    '0x7f000001',
    '2130706433',
    '127.1',
    'localhost.',
    '127.0.0.1.',
    'gateway.example.',
    'sub.gateway.example',
    'gateway.example@evil.com',
    'evil.com#127.0.0.1',
    '127.0.0.1:80:80',
    '127.0.0.1:port',
    '[::1',
    '::1',
    'local host',
    'http://127.0.0.1',
    '127.0.0.1/path',
    '１２７.0.0.1',
    'a'.repeat(300),
  ])('not %s', (host) => {
    expect(hostAllowed(host, ['gateway.example'])).toBe(false)
  })
})
