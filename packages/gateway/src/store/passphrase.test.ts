import { expect, test } from 'vitest'
import { openWithPassphrase, sealWithPassphrase } from './passphrase.js'

const PASS = 'correct horse'

test('opens with the passphrase, in whatever code points it is typed, and as what it was sealed', async () => {
  const sealed = await sealWithPassphrase('the text', 'pässword', 'keys')
  expect(JSON.stringify(sealed)).not.toContain('the text')
  expect(await openWithPassphrase(JSON.parse(JSON.stringify(sealed)), 'pa\u0308ssword', 'keys')).toBe('the text')
  await expect(openWithPassphrase(sealed, 'password', 'keys')).rejects.toMatchObject({ code: 'wrong_key' })
  await expect(openWithPassphrase(sealed, 'pässword', 'accounts')).rejects.toMatchObject({ code: 'wrong_key' })
  const data = `${sealed.data.slice(0, -6)}AAAAA=`
  await expect(openWithPassphrase({ ...sealed, data }, 'pässword', 'keys')).rejects.toMatchObject({ code: 'wrong_key' })
})

test('two times are never the same', async () => {
  const [one, two] = [await sealWithPassphrase('x', PASS, 'keys'), await sealWithPassphrase('x', PASS, 'keys')]
  expect([one.salt, one.data]).not.toEqual([two.salt, two.data])
})

test('a short passphrase is refused', async () => {
  await expect(sealWithPassphrase('x', '1234567', 'keys')).rejects.toThrow(/at least 8 characters/)
})

test.each([
  ['nothing', undefined],
  ['a text', 'd1:xxxx'],
  ['another way to derive', { kdf: 'pbkdf2', n: 2 ** 15, r: 8, p: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA==', data: 'd1:' }],
  [
    'what would take all memory',
    { kdf: 'scrypt', n: 2 ** 24, r: 8, p: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA==', data: 'd1:' },
  ],
  ['no power of two', { kdf: 'scrypt', n: 40_000, r: 8, p: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA==', data: 'd1:' }],
])('%s is no envelope', async (_, sealed) => {
  await expect(openWithPassphrase(sealed, PASS, 'keys')).rejects.toMatchObject({ code: 'key_invalid' })
})
