import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../errors.js'
import { latestVersion, refuseNewer } from '../migrate.js'
import { MIGRATIONS } from '../migrations/index.js'
import { syncFolder } from '../secret-key.js'
import { configureSqlite, connect, openSqlite } from '../sqlite.js'
import { lockAnew } from '../unlock.js'
import { readBackup, type BackupAbout } from './backup-file.js'

export interface RestoreOptions {
  /** The data folder; no gateway may run on it. */
  home: string
  sealed: AsyncIterable<Buffer>
  passphrase: string
  /** `DRAGOMAN_SECRET_KEY` of this machine. */
  secretKey?: string
  /** What the configuration in the backup wants; `folder` is where it was unpacked. */
  keySource(folder: string): 'file' | 'keyring'
  now: number
}

/** What makes up a data folder, as far as a backup replaces it. */
const PARTS = ['dragoman.db', 'dragoman.db-wal', 'dragoman.db-shm', 'config.yaml', 'key'] as const

/**
 * Puts a backup in the place of what is in the data folder. What was there is moved to a folder beside it, and back when something fails.
 * Everything is checked before anything is moved.
 * @returns what the backup says of itself, and where the old data went; undefined when there was none
 * @throws StoreError
 */
export async function restoreBackup(options: RestoreOptions): Promise<BackupAbout & { keptIn?: string }> {
  const { home, sealed, passphrase, now } = options
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const fresh = mkdtempSync(join(home, '.restore-'))
  try {
    const { key, ...about } = await readBackup(sealed, passphrase, fresh)
    await makeReady(fresh, key, options)
    const keptIn = exchange(home, fresh, now)
    return { ...about, ...(keptIn === undefined ? {} : { keptIn }) }
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Checks the database, and seals its key for this machine. */
async function makeReady(folder: string, key: Buffer, options: RestoreOptions): Promise<void> {
  const raw = openSqlite(join(folder, 'dragoman.db'))
  try {
    const found: unknown = raw.pragma('quick_check(1)', { simple: true })
    if (found !== 'ok') throw new StoreError('corrupt', `the database in the backup is damaged: ${String(found)}`)
    const version: unknown = raw.prepare('SELECT max(version) FROM schema_migrations').pluck().get()
    refuseNewer(typeof version === 'number' ? version : latestVersion(MIGRATIONS) + 1, MIGRATIONS)
    configureSqlite(raw)
    const keySource = options.keySource(folder)
    // A key ring knows data folders by their place; a key file is made beside the database and moves with it.
    const where = options.secretKey === undefined && keySource === 'keyring' ? options.home : folder
    await lockAnew(connect(raw).db, key, {
      home: where,
      keySource,
      now: options.now,
      ...(options.secretKey === undefined ? {} : { secretKey: options.secretKey }),
    })
    raw.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    raw.close()
  }
}

/** All or nothing, as far as a file system lets one: the moves are undone when one of them fails. */
function exchange(home: string, fresh: string, now: number): string | undefined {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-')
  const keep = join(home, `before-restore-${stamp}`)
  const moves: [from: string, to: string][] = []
  const move = (from: string, to: string): void => {
    renameSync(from, to)
    moves.push([from, to])
  }
  const old = PARTS.filter((name) => existsSync(join(home, name)))
  try {
    if (old.length > 0) mkdirSync(keep, { mode: 0o700 })
    for (const name of old) move(join(home, name), join(keep, name))
    for (const name of PARTS) if (existsSync(join(fresh, name))) move(join(fresh, name), join(home, name))
    syncFolder(home)
  } catch (error) {
    for (const [from, to] of moves.reverse()) renameSync(to, from)
    rmSync(keep, { recursive: true, force: true })
    throw error
  }
  return old.length > 0 ? keep : undefined
}
