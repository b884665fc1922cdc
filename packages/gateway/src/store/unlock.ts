import { randomBytes } from 'node:crypto'
import { StoreError } from './errors.js'
import type { Db } from './schema.js'
import { createSealer, open, seal } from './seal.js'
import type { Sealer } from './seal.js'
import { KEY_BYTES, createKeyFile, keyFilePath, keyFromKeyring, keyFromSecret, readKeyFile } from './secret-key.js'
import type { KeySource } from './secret-key.js'

const PLACE = { table: 'sealing_keys', id: 'main', field: 'wrapped' }

export interface UnlockOptions {
  home: string
  /** `DRAGOMAN_SECRET_KEY`; wins over `keySource`. */
  secretKey?: string
  keySource?: 'file' | 'keyring'
  now: number
}

/**
 * The sealer of this database. Its own random key lies in the database, sealed by the user's key, so that the user's key can
 * change without sealing everything anew, and a wrong one is noticed here.
 * @throws StoreError `wrong_key`, `key_missing`, `key_unsafe`, `key_invalid`, `keyring_unavailable`; nothing is changed then
 */
export async function unlock(db: Db, options: UnlockOptions): Promise<{ sealer: Sealer; key: Buffer }> {
  const source: KeySource = options.secretKey !== undefined ? 'secret' : (options.keySource ?? 'file')
  const known = await readRow(db)
  const row = known ?? (await begin(db, source, options))
  const outer = await userKey(source, options, Buffer.from(row.salt, 'base64'), false)
  if (outer === undefined) throw missing(source, row.source, options.home)
  try {
    const key = Buffer.from(open(outer, row.wrapped, PLACE), 'base64')
    return { sealer: createSealer(key), key }
  } catch (error) {
    throw new StoreError('wrong_key', wrongKeyMessage(source, row.source, options.home), { cause: error })
  }
}

/**
 * Seals the key of a database anew, for whoever opens it from now on: after a restore, on another machine.
 * @param key the database's own key
 */
export async function lockAnew(db: Db, key: Buffer, options: UnlockOptions): Promise<void> {
  const source: KeySource = options.secretKey !== undefined ? 'secret' : (options.keySource ?? 'file')
  const salt = randomBytes(16)
  const outer = await userKey(source, options, salt, true)
  if (outer === undefined) throw missing(source, source, options.home)
  const wrapped = seal(outer, key.toString('base64'), PLACE)
  const row = { source, salt: salt.toString('base64'), wrapped, created_at: options.now }
  await db
    .insertInto('sealing_keys')
    .values({ id: PLACE.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute()
}

function readRow(db: Db) {
  return db.selectFrom('sealing_keys').selectAll().where('id', '=', PLACE.id).executeTakeFirst()
}

async function begin(db: Db, source: KeySource, options: UnlockOptions) {
  const salt = randomBytes(16)
  const outer = await userKey(source, options, salt, true)
  if (outer === undefined) throw missing(source, source, options.home)
  const wrapped = seal(outer, randomBytes(KEY_BYTES).toString('base64'), PLACE)
  const row = { id: PLACE.id, source, salt: salt.toString('base64'), wrapped, created_at: options.now }
  await db
    .insertInto('sealing_keys')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .execute()
  // Of two processes that begin at once, the first one's key counts.
  return (await readRow(db)) ?? row
}

async function userKey(source: KeySource, options: UnlockOptions, salt: Buffer, create: boolean) {
  switch (source) {
    case 'secret':
      return keyFromSecret(options.secretKey ?? '', salt)
    case 'keyring':
      return keyFromKeyring(options.home, create)
    case 'file':
      return readKeyFile(options.home) ?? (create ? createKeyFile(options.home) : undefined)
    default:
      return source satisfies never
  }
}

function missing(source: KeySource, sealedWith: string, home: string): StoreError {
  const where =
    source === 'keyring' ? "the system's key ring has no key for this data folder" : `${keyFilePath(home)} is missing`
  return new StoreError('key_missing', `${where}. ${wayOut(sealedWith, home)}`)
}

function wrongKeyMessage(source: KeySource, sealedWith: string, home: string): string {
  const given = {
    secret: 'DRAGOMAN_SECRET_KEY does not open this database',
    keyring: 'the key in the key ring does not open this database',
    file: `${keyFilePath(home)} does not open this database`,
  }[source]
  return `${given}. ${wayOut(sealedWith, home)}`
}

function wayOut(sealedWith: string, home: string): string {
  const first = {
    secret: 'It was sealed with DRAGOMAN_SECRET_KEY: set the value that was used then',
    keyring:
      'It was sealed with a key of the key ring (key_source: keyring): use the same user and machine, or restore a backup',
    file: `It was sealed with the key file: unset DRAGOMAN_SECRET_KEY and put ${keyFilePath(home)} back from a backup`,
  }[sealedWith]
  return `${first ?? 'Use the key that it was sealed with'}. To begin anew instead, move ${home}/dragoman.db away; nothing was changed`
}
