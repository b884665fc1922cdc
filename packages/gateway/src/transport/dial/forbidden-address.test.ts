import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { whyForbidden } from './forbidden-address.js'

describe('an address', () => {
  // The forbidden ones, spelling by spelling, stand in tests/security/forbidden-urls.ts; here are their borders.
  test.each([
    ['9.255.255.255', undefined],
    ['10.0.0.0', 'a private'],
    ['10.255.255.255', 'a private'],
    ['11.0.0.0', undefined],
    ['100.63.255.255', undefined],
    ['100.64.0.0', 'a shared (CGNAT)'],
    ['100.127.255.255', 'a shared (CGNAT)'],
    ['100.128.0.0', undefined],
    ['126.255.255.255', undefined],
    ['128.0.0.0', undefined],
    ['172.15.255.255', undefined],
    ['172.16.0.0', 'a private'],
    ['172.32.0.0', undefined],
    ['192.0.1.0', undefined],
    ['198.17.255.255', undefined],
    ['198.19.255.255', 'a benchmark'],
    ['198.20.0.0', undefined],
    ['223.255.255.255', undefined],
    ['224.0.0.0', 'a multicast'],
    ['255.255.255.255', 'a reserved'],
    ['8.8.8.8', undefined],
    ['1fff:ffff::1', 'a reserved'],
    ['2000::', undefined],
    ['2606:4700::6810:84e5', undefined],
    ['2001:1ff::1', 'a reserved'],
    ['2001:200::1', undefined],
    ['2001:4860:4860::8888', undefined],
    ['2001:db7::1', undefined],
    ['2001:db9::1', undefined],
    ['3ffe::1', undefined],
    ['4000::', 'a reserved'],
    ['fbff::1', 'a reserved'],
    ['fe80::1%eth0', 'a link-local'],
    ['::ffff:8.8.8.8', undefined],
    ['64:ff9b::8.8.8.8', undefined],
    ['64:ff9b:0:0:0:1::1', 'a reserved'],
    ['2002:808:808::1', undefined],
    ['127.1', 'no'],
    ['', 'no'],
  ])('%s is %s', (address, word) => {
    expect(whyForbidden(address)).toBe(word)
  })

  test('carried by another is judged as itself', () => {
    const carriers = (hex: string): string[] => [
      `::ffff:${hex}`,
      `64:ff9b::${hex}`,
      `2002:${hex}::1`,
      `2606:4700::5efe:${hex}`,
    ]
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        const plain = [24, 16, 8, 0].map((bits) => (value >>> bits) & 255).join('.')
        const hex = `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`
        for (const carrier of carriers(hex)) expect(whyForbidden(carrier)).toBe(whyForbidden(plain))
      }),
    )
  })

  test('outside of 2000::/3 leads nowhere, but to a public IPv4 address', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 }), (groups) => {
        fc.pre((groups[0] ?? 0) >> 13 !== 1)
        expect(whyForbidden(groups.map((group) => group.toString(16)).join(':'))).toEqual(expect.any(String))
      }),
    )
  })
})
