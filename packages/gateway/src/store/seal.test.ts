import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open, seal } from './seal.js'

const key = randomBytes(32)
const place = { table: 'accounts', id: 'acc_1', field: 'refresh_token' }

describe('a sealed text', () => {
  test('opens at its place, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const wellFormed = text.toWellFormed()
        expect(open(key, seal(key, wellFormed, place), place)).toBe(wellFormed)
      }),
    )
  })

  test('never looks the same twice and never shows its content', () => {
    const [one, other] = [seal(key, 'rt_secret', place), seal(key, 'rt_secret', place)]
    expect(one).not.toBe(other)
    expect(Buffer.from(one.slice(3), 'base64').toString('latin1')).not.toContain('rt_secret')
  })

  test.each([
    ['another account', { ...place, id: 'acc_2' }],
    ['another field', { ...place, field: 'access_token' }],
    ['another table', { ...place, table: 'providers' }],
    ['a place that only reads alike', { table: 'accounts', id: 'acc_1\u0000refresh_token', field: '' }],
  ])('does not open for %s: two swapped values are noticed', (_, elsewhere) => {
    expect(() => open(key, seal(key, 'rt', place), elsewhere)).toThrow('does not open')
  })

  test('does not open with another key', () => {
    expect(() => open(randomBytes(32), seal(key, 'rt', place), place)).toThrow('does not open')
  })

  test('does not open when any bit of it changed', () => {
    const bytes = Buffer.from(seal(key, 'a refresh token', place).slice(3), 'base64')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(() => open(key, `d1:${changed.toString('base64')}`, place)).toThrow('does not open')
    }
  })

  test.each(['', 'd1:', 'd1:AAAA', 'd2:' + seal(key, 'x', place).slice(3), 'plain'])('does not open %j', (text) => {
    expect(() => open(key, text, place)).toThrow('does not open')
  })
})
