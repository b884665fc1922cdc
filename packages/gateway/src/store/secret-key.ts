import { randomBytes, scryptSync } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { StoreError } from './errors.js'

/** Where the key that opens the database's own key lives. */
export type KeySource = 'file' | 'keyring' | 'secret'

export const KEY_BYTES = 32
const KEYRING_SERVICE = 'dragoman'
const SHORTEST_PASSPHRASE = 12

export function keyFilePath(home: string): string {
  return join(home, 'key')
}

/**
 * A key from `DRAGOMAN_SECRET_KEY`: 32 bytes as hex or base64, or else a passphrase, stretched by scrypt.
 * @param salt stored beside the sealed key; used for a passphrase only
 */
export function keyFromSecret(secret: string, salt: Buffer): Buffer {
  const text = secret.trim()
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64url')
  if (text.length < SHORTEST_PASSPHRASE) {
    throw new StoreError(
      'key_invalid',
      `DRAGOMAN_SECRET_KEY is too short: use 32 random bytes (openssl rand -base64 32) or a passphrase of at least ${SHORTEST_PASSPHRASE} characters`,
    )
  }
  return scryptSync(text, salt, KEY_BYTES, { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 })
}

/** Reads `<home>/key`; undefined when there is none. */
export function readKeyFile(home: string): Buffer | undefined {
  const path = keyFilePath(home)
  if (!existsSync(path)) return undefined
  const { mode } = statSync(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new StoreError('key_unsafe', `other users can read ${path}: run "chmod 600 ${path}" and start again`)
  }
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')
  if (key.length !== KEY_BYTES) {
    throw new StoreError('key_invalid', `${path} does not hold a key of ${KEY_BYTES} bytes: put the right file back`)
  }
  return key
}

/** Makes `<home>/key`, whole or not at all. When another process made it in the meantime, that one counts. */
export function createKeyFile(home: string): Buffer {
  const path = keyFilePath(home)
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  syncFolder(home)
  const key = readKeyFile(home)
  if (key === undefined) throw new StoreError('key_missing', `${path} vanished while it was made`)
  return key
}

/** A folder's entries are durable only once the folder itself is flushed; Windows has no such call. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

interface KeyringEntry {
  getPassword(): string | null
  setPassword(password: string): void
}

/** The operating system's key ring holds one entry for every data folder. */
export async function keyFromKeyring(home: string, create: boolean): Promise<Buffer | undefined> {
  const entry = await keyringEntry(home)
  try {
    const known = entry.getPassword()
    if (known !== null && known !== '') return Buffer.from(known, 'base64')
    if (!create) return undefined
    const key = randomBytes(KEY_BYTES)
    entry.setPassword(key.toString('base64'))
    return key
  } catch (error) {
    throw new StoreError(
      'keyring_unavailable',
      `the key ring of this system does not answer (${error instanceof Error ? error.message : 'unknown error'}): unlock it, or set DRAGOMAN_SECRET_KEY`,
      { cause: error },
    )
  }
}

async function keyringEntry(home: string): Promise<KeyringEntry> {
  // The package is optional; a variable keeps the compiler and the bundler from looking for it.
  const name: string = '@napi-rs/keyring'
  try {
    const module = (await import(name)) as { Entry: new (service: string, account: string) => KeyringEntry }
    return new module.Entry(KEYRING_SERVICE, home)
  } catch (error) {
    throw new StoreError(
      'keyring_unavailable',
      `the key ring needs the package ${name}: run "npm install -g ${name}", or use the key file (key_source: file) or DRAGOMAN_SECRET_KEY`,
      { cause: error },
    )
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
