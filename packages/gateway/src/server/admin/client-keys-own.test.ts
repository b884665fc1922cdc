import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatClientKey } from '../../store/client-keys.js'
import { whyTooWeak } from './client-keys-own.js'

describe('a key that somebody brings along', () => {
  test('is taken when it was made by chance, whatever made it', () => {
    for (let n = 0; n < 300; n += 1) {
      const made = [
        `sk-proxy-${randomBytes(16).toString('hex')}`,
        randomBytes(32).toString('base64url'),
        formatClientKey(randomBytes(32)),
        randomBytes(32).toString('hex').toUpperCase(),
      ]
      for (const key of made) expect([key, whyTooWeak(key)]).toEqual([key, undefined])
    }
  })

  test.each([
    'pwd',
    'sk-1234567890abcdef1234567890abcdef',
    'sk-proxy-00000000000000000000000000000000',
    'sk-0123456789abcdef0123456789abcdef0123456789abcdef',
    'your-api-key-here-please-replace-me-soon',
    'correct-horse-battery-staple-correct-horse-battery-staple',
    'MyCompanyGatewayKeyForEverybody2026InTheOffice',
    'abc123abc123abc123abc123abc123abc123abc123',
    'qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm',
    'sk-proxy-3f9c2a7be01d4f68',
    randomUUID(),
  ])('is refused when it could be guessed: %s', (key) => {
    expect(whyTooWeak(key)).toMatch(/could be guessed/)
  })

  test('is refused when it cannot be sent, or is one of ours', () => {
    expect(whyTooWeak(`${randomBytes(32).toString('hex')} `)).toMatch(/no space/)
    expect(whyTooWeak(`dgc-${randomBytes(32).toString('hex')}`)).toMatch(/made by the gateway/)
    expect(whyTooWeak(randomBytes(200).toString('hex'))).toMatch(/at most/)
  })
})
