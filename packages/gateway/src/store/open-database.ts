import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { StoreError } from './errors.js'
import type { Log } from './log.js'
import { migrate, latestVersion, refuseNewer } from './migrate.js'
import { MIGRATIONS } from './migrations/index.js'
import type { Migration } from './migrations/index.js'
import { inodeOf, setAside } from './set-aside.js'
import { configureSqlite, connect, openSqlite } from './sqlite.js'
import type { SqliteConnection } from './sqlite.js'

/** A larger database is not read through at start; its damage shows when the page is needed. */
const CHECK_AT_MOST_BYTES = 64 * 1024 * 1024

export interface OpenDatabaseOptions {
  home: string
  log: Log
  now: () => number
  /**
   * `set_aside` (the server): a database that was not closed is checked, and a damaged one is moved away and replaced.
   * `refuse` (everything that runs beside a server): a damaged one is an error.
   */
  onCorrupt: 'set_aside' | 'refuse'
  migrations?: readonly Migration[]
}

export interface OpenedDatabase extends SqliteConnection {
  path: string
  /** Where a damaged database went, when this start had to put one aside. */
  setAsideTo?: string
}

/**
 * Opens `<home>/dragoman.db`, made when missing, with its schema up to date.
 * @throws StoreError `corrupt`, `newer_schema`, `unwritable`
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const path = join(options.home, 'dragoman.db')
  makeFolder(options.home, options.log)
  try {
    return { ...(await openOnce(path, options)), path }
  } catch (error) {
    if (!isCorrupt(error)) throw error
    if (options.onCorrupt === 'refuse') {
      const message = `${path} is damaged: start the server, which sets it aside, or restore a backup`
      throw new StoreError('corrupt', message, { cause: error })
    }
    const setAsideTo = error instanceof MovedAway ? error.target : setAside(path, undefined, options.now())
    const opened = await openOnce(path, options)
    if (setAsideTo === undefined) return { ...opened, path }
    options.log.error(
      { path, setAsideTo },
      'the database was damaged: it was set aside, and an empty one was begun. Restore a backup, or sign in again',
    )
    return { ...opened, path, setAsideTo }
  }
}

async function openOnce(path: string, options: OpenDatabaseOptions): Promise<SqliteConnection> {
  const migrations = options.migrations ?? MIGRATIONS
  makeFile(path)
  const inode = inodeOf(path)
  const wal = sizeOf(`${path}-wal`)
  // SQLite throws the write-ahead log of an empty database away. If there is one, the database was longer once.
  if (wal > 0 && sizeOf(path) === 0) throw new Damaged('the database is empty, but its write-ahead log is not')
  const raw = openSqlite(path)
  try {
    const version = schemaVersion(raw)
    refuseNewer(version, migrations)
    if (options.onCorrupt === 'set_aside' && wal > 0 && sizeOf(path) <= CHECK_AT_MOST_BYTES) quickCheck(raw)
    configureSqlite(raw)
    const connection = connect(raw)
    if (version < latestVersion(migrations)) await migrate(connection.db, migrations, options.now())
    return connection
  } catch (error) {
    if (isCorrupt(error) && options.onCorrupt === 'set_aside' && process.platform !== 'win32') {
      // Closing deletes the write-ahead log, which may hold what the damaged file lost: so it moves away first. Windows
      // moves no open file.
      const target = setAside(path, inode, options.now())
      raw.close()
      throw new MovedAway(target, { cause: error })
    }
    raw.close()
    throw error
  }
}

class Damaged extends Error {}

class MovedAway extends Damaged {
  constructor(
    readonly target: string | undefined,
    options: ErrorOptions,
  ) {
    super('the database is damaged', options)
  }
}

function isCorrupt(error: unknown): boolean {
  if (error instanceof Damaged) return true
  const code = sqliteCode(error)
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB'
}

/** SQLite's own name of an error, or an empty text. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function schemaVersion(raw: Sqlite.Database): number {
  const table = raw.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'").get()
  if (table === undefined) return 0
  const version = raw.prepare('SELECT max(version) FROM schema_migrations').pluck().get()
  return typeof version === 'number' ? version : 0
}

function quickCheck(raw: Sqlite.Database): void {
  const found = raw.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new Damaged(String(found))
}

function makeFolder(home: string, log: Log): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unwritable(home, error)
  }
  if (process.platform === 'win32' || (statSync(home).mode & 0o077) === 0) return
  try {
    chmodSync(home, 0o700)
  } catch {
    log.warn({ home }, 'other users can look into the data folder, and its mode cannot be changed')
  }
}

// SQLite gives the files beside the database the mode of the database.
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600)
  } catch (error) {
    throw unwritable(path, error)
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function unwritable(path: string, error: unknown): StoreError {
  const why = sqliteCode(error)
  return new StoreError(
    'unwritable',
    `cannot write ${path}${why === '' ? '' : ` (${why})`}: check its owner and free space`,
    {
      cause: error,
    },
  )
}
