import { randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { StoreError } from './errors.js'
import { KEY_BYTES } from './secret-key.js'
import { open, seal, type Place } from './seal.js'

/** Text that only a passphrase opens, as it stands in a file. */
const envelope = z.object({
  kdf: z.literal('scrypt'),
  // What a file may ask of this machine: at most 1 GiB.
  n: z.union([z.literal(2 ** 15), z.literal(2 ** 16), z.literal(2 ** 17), z.literal(2 ** 18), z.literal(2 ** 19)]),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: z.base64().min(16).max(128),
  /** As `seal` writes it. */
  data: z.string(),
})
export type PassphraseEnvelope = z.infer<typeof envelope>

/** Source: OWASP's advice for scrypt; about a third of a second. */
const COST = { n: 2 ** 17, r: 8, p: 1 } as const
const SHORTEST = 8
const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/**
 * Seals a text for whoever knows the passphrase: scrypt, then AES-256-GCM in the form of `seal`.
 * @param what says what the text is; one kind of file does not open as another
 * @throws StoreError `key_invalid` for a passphrase that is too short
 */
export async function sealWithPassphrase(text: string, passphrase: string, what: string): Promise<PassphraseEnvelope> {
  if (passphrase.length < SHORTEST) {
    throw new StoreError('key_invalid', `the passphrase is too short: use at least ${SHORTEST} characters`)
  }
  const salt = randomBytes(16)
  const key = await keyOf(passphrase, { ...COST, salt })
  return { kdf: 'scrypt', ...COST, salt: salt.toString('base64'), data: seal(key, text, placeOf(what)) }
}

/**
 * Undoes {@link sealWithPassphrase}.
 * @throws StoreError `key_invalid` for what is no such envelope, `wrong_key` when the passphrase does not fit
 */
export async function openWithPassphrase(sealed: unknown, passphrase: string, what: string): Promise<string> {
  const read = envelope.safeParse(sealed)
  if (!read.success) throw new StoreError('key_invalid', 'this is not sealed in a form that this version knows')
  const { salt, data, ...cost } = read.data
  const key = await keyOf(passphrase, { ...cost, salt: Buffer.from(salt, 'base64') })
  try {
    return open(key, data, placeOf(what))
  } catch (cause) {
    throw new StoreError('wrong_key', 'the passphrase does not open it, or the file was changed', { cause })
  }
}

function keyOf(
  passphrase: string,
  { n, r, p, salt }: { n: number; r: number; p: number; salt: Buffer },
): Promise<Buffer> {
  // The same passphrase typed on another system may come in other code points.
  return derive(passphrase.normalize('NFC'), salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r })
}

const placeOf = (what: string): Place => ({ table: 'export', id: what, field: 'content' })
