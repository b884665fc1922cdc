import { createReadStream } from 'node:fs'
import { open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { StoreError } from '../errors.js'
import type { Store } from '../open-store.js'
import { damaged, openStream, readerOf, sealStream, type Reader } from './sealed-stream.js'

/** What a backup is made of. */
export interface BackupParts {
  store: Pick<Store, 'home' | 'copyTo'>
  passphrase: string
  /** Of the program that makes it. */
  version: string
  now: number
}

/** What a backup says of itself. */
export interface BackupAbout {
  madeAt: string
  madeBy: string
}

/** The files that a backup may hold: names that never lead out of a folder. */
const NAMES = ['config.yaml', 'sealing-key', 'dragoman.db'] as const
const entry = z.object({ name: z.enum(NAMES), size: z.int().min(0) })
type Entry = z.infer<typeof entry>
const LONGEST_ENTRY_LINE = 200

/**
 * Writes database, configuration and the key of what is sealed into one file that only the passphrase opens, on any machine. The gateway
 * may run meanwhile.
 * @throws StoreError `key_invalid` for a passphrase that is too short
 */
export async function writeBackup(parts: BackupParts, out: Writable): Promise<void> {
  const { store, passphrase, version, now } = parts
  const copy = join(store.home, `backup-${randomBytes(6).toString('hex')}.tmp`)
  try {
    const key = await store.copyTo(copy)
    const about = { madeAt: new Date(now).toISOString(), madeBy: version }
    await pipeline(
      Readable.from(entries(store.home, copy, key)),
      createGzip({ level: 6 }),
      (plain: AsyncIterable<Buffer>) => sealStream(plain, passphrase, about),
      out,
    )
  } finally {
    for (const part of ['', '-wal', '-shm', '-journal']) await rm(copy + part, { force: true })
  }
}

async function* entries(home: string, copy: string, key: Buffer): AsyncGenerator<Buffer> {
  const secret = Buffer.from(key.toString('base64'))
  yield lineOf({ name: 'sealing-key', size: secret.length })
  yield secret
  yield* file(join(home, 'config.yaml'), 'config.yaml')
  yield* file(copy, 'dragoman.db')
}

/** Nothing for a file that is not there. */
async function* file(path: string, name: Entry['name']): AsyncGenerator<Buffer> {
  const size = await stat(path).then(
    ({ size }) => size,
    () => undefined,
  )
  if (size === undefined) return
  yield lineOf({ name, size })
  // It may grow meanwhile; what was promised is what is written.
  if (size > 0) yield* createReadStream(path, { end: size - 1 })
}

function lineOf(one: Entry): Buffer {
  return Buffer.from(`${JSON.stringify(one)}\n`)
}

/**
 * Unpacks a backup into a folder: `dragoman.db`, and `config.yaml` when it has one.
 * @returns what it says of itself, and the key of what is sealed in the database
 * @throws StoreError `key_invalid`, `wrong_key`, `corrupt`; what was unpacked until then is to be thrown away
 */
export async function readBackup(
  sealed: AsyncIterable<Buffer>,
  passphrase: string,
  folder: string,
): Promise<BackupAbout & { key: Buffer }> {
  const { header, plain } = await openStream(sealed, passphrase)
  const gunzip = createGunzip()
  const fed = pipeline(Readable.from(plain), gunzip)
  // What goes wrong there ends the reading below, too.
  fed.catch(() => undefined)
  const found = new Map<Entry['name'], Buffer>()
  try {
    const reader = readerOf(gunzip as AsyncIterable<Buffer>)
    for (;;) {
      const first = await reader.some(1)
      if (first === undefined) break
      const rest = await reader.line(LONGEST_ENTRY_LINE)
      const { name, size } = entryOf(Buffer.concat([first, rest]))
      found.set(
        name,
        name === 'sealing-key' ? await whole(reader, size) : await unpack(reader, size, join(folder, name)),
      )
    }
    await fed
  } catch (error) {
    gunzip.destroy()
    // The seal is the better judge: its error says what is wrong.
    const why: unknown = await fed.catch((cause: unknown) => cause)
    throw [why, error].find((one) => one instanceof StoreError) ?? damaged(error)
  }
  const key = Buffer.from(found.get('sealing-key')?.toString('utf8') ?? '', 'base64')
  if (key.length !== 32 || !found.has('dragoman.db')) throw damaged()
  return { madeAt: header.madeAt, madeBy: header.madeBy, key }
}

function entryOf(line: Buffer): Entry {
  try {
    return entry.parse(JSON.parse(line.toString('utf8')))
  } catch (cause) {
    throw damaged(cause)
  }
}

async function whole(reader: Reader, size: number): Promise<Buffer> {
  const bytes = size > 1024 ? undefined : await reader.take(size)
  if (bytes === undefined) throw damaged()
  return Buffer.from(bytes)
}

async function unpack(reader: Reader, size: number, path: string): Promise<Buffer> {
  const out = await open(path, 'wx', 0o600)
  try {
    for (let left = size; left > 0;) {
      const piece = await reader.some(left)
      if (piece === undefined) throw damaged()
      await out.write(piece)
      left -= piece.length
    }
    await out.sync()
  } finally {
    await out.close()
  }
  return Buffer.alloc(0)
}
