import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { SealedSettings } from '../store/index.js'
import { Secret } from '../telemetry/index.js'

/** The password of the dashboard. What is kept of it opens nothing. */
export interface Passwords {
  readonly isSet: boolean
  /** Never two at a time: whoever guesses gets one core of this machine at most. */
  check(password: string): Promise<boolean>
  /** @throws WeakPassword */
  set(password: string): Promise<void>
  remove(): Promise<void>
  /** Another process changed it. */
  reload(): Promise<void>
}

/** A password that somebody else would guess; the message says what to do. */
export class WeakPassword extends Error {}

const KEPT_AS = 'dashboard.password'
/** Source: reliability-security 3.2 (OWASP's advice for scrypt); about a third of a second. */
const COST = { n: 2 ** 17, r: 8, p: 1 } as const
const HASH_BYTES = 32
export const SHORTEST_PASSWORD = 8
export const LONGEST_PASSWORD = 512

const kept = z.object({
  kdf: z.literal('scrypt'),
  n: z.int(),
  r: z.int(),
  p: z.int(),
  salt: z.string(),
  hash: z.string(),
})
type Kept = z.infer<typeof kept>

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** @throws StoreError when what is kept cannot be read */
export async function createPasswords(settings: SealedSettings): Promise<Passwords> {
  let current = await read(settings)
  let last: Promise<unknown> = Promise.resolve()

  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  return {
    get isSet() {
      return current !== undefined
    },
    check: (password) =>
      oneAtATime(async () => {
        if (current === undefined || password.length > LONGEST_PASSWORD) return false
        const hash = await hashOf(password, current)
        return timingSafeEqual(hash, Buffer.from(current.hash, 'base64'))
      }),
    set: (password) =>
      oneAtATime(async () => {
        refuseWeak(password)
        const salt = randomBytes(16).toString('base64')
        const made = { kdf: 'scrypt' as const, ...COST, salt }
        const hash = await hashOf(password, made)
        const next: Kept = { ...made, hash: hash.toString('base64') }
        await settings.set(KEPT_AS, new Secret(JSON.stringify(next)))
        current = next
      }),
    remove: () =>
      oneAtATime(async () => {
        await settings.delete(KEPT_AS)
        current = undefined
      }),
    reload: () =>
      oneAtATime(async () => {
        current = await read(settings)
      }),
  }
}

async function read(settings: SealedSettings): Promise<Kept | undefined> {
  const secret = await settings.get(KEPT_AS)
  return secret === undefined ? undefined : kept.parse(JSON.parse(secret.reveal()))
}

function hashOf(password: string, { n, r, p, salt }: Omit<Kept, 'hash'>): Promise<Buffer> {
  // The same password typed on another system may come in other code points.
  const text = password.normalize('NFC')
  return derive(text, Buffer.from(salt, 'base64'), HASH_BYTES, { N: n, r, p, maxmem: 256 * n * r })
}

/** What is tried first everywhere, without the digits and signs that people put behind it. */
const TRIED_FIRST = new Set(
  'password passwort passw0rd p@ssword p@ssw0rd pass admin administrator root user guest login welcome letmein iloveyou dragoman gateway codex openai chatgpt claude gemini qwerty qwertyuiop qwertz asdfghjkl zxcvbnm qazwsx abc abcd abcde abcdef abcdefgh abcdefghij monkey dragon football baseball superman batman trustno sunshine princess shadow master secret changeme default test testtest hello woaini mima test wodemima'.split(
    ' ',
  ),
)
const ROWS = ['01234567890', '09876543210', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/** @throws WeakPassword */
function refuseWeak(password: string): void {
  const text = password.normalize('NFC')
  if ([...text].length < SHORTEST_PASSWORD) {
    throw new WeakPassword(`this password is too short: use at least ${SHORTEST_PASSWORD} characters`)
  }
  if (text.length > LONGEST_PASSWORD) {
    throw new WeakPassword(`this password is too long: use at most ${LONGEST_PASSWORD} characters`)
  }
  const plain = text.toLowerCase()
  const stem = plain.replace(/[\d\W_]+$/, '').replace(/^[\d\W_]+/, '')
  const inRow = ROWS.some((row) => row.includes(plain) || [...row].reverse().join('').includes(plain))
  const guessable =
    new Set(plain).size < 4 || inRow || TRIED_FIRST.has(plain) || (plain.length < 14 && TRIED_FIRST.has(stem))
  if (guessable || (/^\d+$/.test(plain) && plain.length < 12)) {
    throw new WeakPassword('this password is among the first that anybody tries: take another, three words for example')
  }
}
