import Sqlite from 'better-sqlite3'
import { CompiledQuery, Kysely, SqliteDialect, SqliteDriver } from 'kysely'
import type { Compilable, DatabaseConnection, Driver, SqliteDialectConfig } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Db, Tables } from './schema.js'

const BUSY_TIMEOUT_MS = 5000
/** The statements of all repositories, and some that are built by what is asked. */
const STATEMENTS_KEPT = 200

export interface SqliteConnection {
  db: Db
  raw: Sqlite.Database
  /** Runs a built query at once, for the few callers that cannot wait for a promise. */
  readNow<T>(query: Compilable<T>): T[]
}

/** Opens the file without changing anything about it. Reads nothing yet: a corrupt file is found by the first query. */
export function openSqlite(path: string): Sqlite.Database {
  return new Sqlite(path, { timeout: BUSY_TIMEOUT_MS })
}

/**
 * Makes an open database crash-safe. Every commit is flushed to the disk (`synchronous=FULL`), because what is written here is
 * what cannot be had again: tokens, leases, keys.
 */
export function configureSqlite(raw: Sqlite.Database): void {
  raw.pragma('journal_mode = WAL')
  raw.pragma('synchronous = FULL')
  raw.pragma('foreign_keys = ON')
}

export function connect(raw: Sqlite.Database): SqliteConnection {
  // Reading a statement takes longer than running it; the same few are run again and again.
  const statements = new LRUCache<string, Sqlite.Statement>({ max: STATEMENTS_KEPT })
  function prepare(sql: string): Sqlite.Statement {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const made = raw.prepare(sql)
    statements.set(sql, made)
    return made
  }
  const db = new Kysely<Tables>({
    dialect: new ImmediateSqliteDialect({ database: { prepare, close: () => void raw.close() } }),
  })
  return {
    db,
    raw,
    readNow<T>(query: Compilable<T>) {
      const { sql, parameters } = query.compile()
      return prepare(sql).all(...parameters) as T[]
    },
  }
}

/**
 * A transaction that reads first and writes later would fail at once, without waiting, when another process wrote in between.
 * Taking the write lock at the beginning makes it wait its turn instead.
 */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #settings: SqliteDialectConfig

  constructor(settings: SqliteDialectConfig) {
    super(settings)
    this.#settings = settings
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#settings)
  }
}
