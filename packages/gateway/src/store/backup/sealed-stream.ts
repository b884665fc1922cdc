import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { StoreError } from '../errors.js'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** The first line of the file, in JSON; what follows is sealed. */
const header = z.object({
  format: z.literal('dragoman-backup'),
  version: z.literal(1),
  madeAt: z.string(),
  madeBy: z.string(),
  kdf: z.literal('scrypt'),
  // What a file may ask of this machine: at most 512 MiB.
  n: z.union([z.literal(2 ** 15), z.literal(2 ** 16), z.literal(2 ** 17), z.literal(2 ** 18)]),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: z.base64().min(16).max(128),
})
export type BackupHeader = z.infer<typeof header>

/** Source: OWASP's advice for scrypt; about a third of a second. */
const COST = { n: 2 ** 17, r: 8, p: 1 } as const
const SHORTEST_PASSPHRASE = 8
const KEY_BYTES = 32
const TAG_BYTES = 16
/** Sealed at one time; the file is never in memory whole. */
const PIECE_BYTES = 1024 * 1024
const LONGEST_HEADER = 4096

/**
 * Seals a stream: AES-256-GCM piece by piece under a key that scrypt makes of the passphrase. Each piece is bound to its number, to
 * the header, and to whether it is the last one, so that nothing can be taken out, swapped or cut off.
 * @throws StoreError `key_invalid` for a passphrase that is too short
 */
export async function* sealStream(
  plain: AsyncIterable<Buffer>,
  passphrase: string,
  about: Pick<BackupHeader, 'madeAt' | 'madeBy'>,
): AsyncGenerator<Buffer> {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new StoreError('key_invalid', `the passphrase is too short: use at least ${SHORTEST_PASSPHRASE} characters`)
  }
  const salt = randomBytes(16).toString('base64')
  const first: BackupHeader = { format: 'dragoman-backup', version: 1, ...about, kdf: 'scrypt', ...COST, salt }
  const line = Buffer.from(`${JSON.stringify(first)}\n`)
  const key = await keyOf(passphrase, first)
  yield line
  let number = 0
  let waiting: Buffer | undefined
  for await (const piece of inPieces(plain)) {
    if (waiting !== undefined) yield sealPiece(key, line, number++, false, waiting)
    waiting = piece
  }
  yield sealPiece(key, line, number, true, waiting ?? Buffer.alloc(0))
}

/**
 * Undoes {@link sealStream}.
 * @throws StoreError `key_invalid` for what is no backup, `wrong_key` for another passphrase, `corrupt` for what was changed
 */
export async function openStream(
  sealed: AsyncIterable<Buffer>,
  passphrase: string,
): Promise<{ header: BackupHeader; plain: AsyncGenerator<Buffer> }> {
  const reader = readerOf(sealed)
  const line = await reader.line(LONGEST_HEADER)
  const first = header.safeParse(parsed(line))
  if (!first.success) throw new StoreError('key_invalid', 'this is no backup of Dragoman, or one of a newer version')
  const key = await keyOf(passphrase, first.data)
  return { header: first.data, plain: openPieces(reader, key, line) }
}

async function* openPieces(reader: Reader, key: Buffer, line: Buffer): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    const head = await reader.take(5)
    const last = head?.[4] === 1
    const length = head?.readUInt32BE(0) ?? 0
    if (head === undefined || length > PIECE_BYTES + TAG_BYTES) throw damaged()
    const piece = await reader.take(length)
    if (piece === undefined) throw damaged()
    yield openPiece(key, line, number, last, piece)
    if (!last) continue
    if ((await reader.take(1)) !== undefined) throw damaged()
    return
  }
}

function sealPiece(key: Buffer, line: Buffer, number: number, last: boolean, piece: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number))
  cipher.setAAD(boundTo(line, last))
  const body = Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  const head = Buffer.alloc(5)
  head.writeUInt32BE(body.length, 0)
  head.writeUInt8(last ? 1 : 0, 4)
  return Buffer.concat([head, body])
}

function openPiece(key: Buffer, line: Buffer, number: number, last: boolean, body: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number), { authTagLength: TAG_BYTES })
    decipher.setAAD(boundTo(line, last))
    decipher.setAuthTag(body.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(body.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch (cause) {
    if (number > 0) throw damaged(cause)
    throw new StoreError('wrong_key', 'the passphrase does not open it, or the file was changed', { cause })
  }
}

/** The key is of this file alone, so a number is used once. */
function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(number), 4)
  return nonce
}

function boundTo(line: Buffer, last: boolean): Buffer {
  return Buffer.concat([createHash('sha256').update(line).digest(), Buffer.from([last ? 1 : 0])])
}

function keyOf(passphrase: string, { n, r, p, salt }: BackupHeader): Promise<Buffer> {
  // The same passphrase typed on another system may come in other code points.
  const bytes = Buffer.from(salt, 'base64')
  return derive(passphrase.normalize('NFC'), bytes, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r })
}

async function* inPieces(plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let bytes = 0
  for await (const chunk of plain) {
    waiting.push(chunk)
    bytes += chunk.length
    while (bytes >= PIECE_BYTES) {
      const whole = Buffer.concat(waiting)
      yield whole.subarray(0, PIECE_BYTES)
      waiting = [whole.subarray(PIECE_BYTES)]
      bytes -= PIECE_BYTES
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

/** Takes a stream apart by lengths. */
export interface Reader {
  /** Exactly so many bytes; undefined when there are fewer. */
  take(bytes: number): Promise<Buffer | undefined>
  /** Up to and with the next line end. @throws StoreError when it is longer */
  line(longest: number): Promise<Buffer>
  /** Some bytes, at most so many; undefined at the end. */
  some(most: number): Promise<Buffer | undefined>
}

export function readerOf(stream: AsyncIterable<Buffer>): Reader {
  const source = stream[Symbol.asyncIterator]()
  let rest = Buffer.alloc(0)
  async function more(): Promise<boolean> {
    const { done, value } = await source.next()
    if (done === true) return false
    rest = rest.length === 0 ? Buffer.from(value) : Buffer.concat([rest, value])
    return true
  }
  function cut(bytes: number): Buffer {
    const piece = rest.subarray(0, bytes)
    rest = rest.subarray(bytes)
    return piece
  }
  return {
    async take(bytes) {
      while (rest.length < bytes) if (!(await more())) return undefined
      return cut(bytes)
    },
    async line(longest) {
      for (;;) {
        const end = rest.indexOf(10)
        if (end !== -1 && end < longest) return cut(end + 1)
        if (rest.length >= longest || !(await more())) {
          throw new StoreError('key_invalid', 'this is no backup of Dragoman')
        }
      }
    },
    async some(most) {
      if (rest.length === 0 && !(await more())) return undefined
      return cut(most)
    },
  }
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'))
  } catch {
    return undefined
  }
}

export function damaged(cause?: unknown): StoreError {
  return new StoreError('corrupt', 'the backup is damaged: it does not hold what was sealed', { cause })
}
