import Sqlite from 'better-sqlite3'
import { fieldsOf } from './object-fields.js'
import type { Fields } from './object-fields.js'
import { tooMany } from './own-format.js'
import { holdsToken } from './foreign-entry.js'
import type { Entry } from './foreign-entry.js'
import { MOST_ENTRIES, TransferError } from './types.js'

const MAGIC = 'SQLite format 3\0'

export function isSqlite(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, MAGIC.length)).toString('latin1') === MAGIC
}

/**
 * The accounts in codex-proxy's database. What is known of it is that a table has one row for each account, with the whole entry as
 * JSON in one column; which table and which column is not assumed. So every plain table is looked at, and a cell counts when it is the
 * JSON of an object with a token. Only what the rows hold is read: no view, no trigger, nothing that the file could make run.
 * Source: spec parity 3.7.
 * @throws TransferError
 */
export function readSqlite(content: Uint8Array): Entry[] {
  const image = Buffer.from(content)
  // A database in write-ahead mode cannot be opened from memory; bytes 18 and 19 name the mode, 1 is the plain one.
  if (image.length > 20) image[18] = image[19] = 1
  let db: Sqlite.Database | undefined
  try {
    db = new Sqlite(image, { readonly: true })
    db.pragma('trusted_schema = OFF')
    db.pragma('cell_size_check = ON')
    const names = db
      .prepare<[], { name: string }>(
        "select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'",
      )
      .all()
    const found: Entry[] = []
    for (const { name } of names) found.push(...accountsIn(db, name, found.length))
    return found
  } catch (error) {
    if (error instanceof TransferError) throw error
    throw new TransferError(
      'damaged',
      'this SQLite database cannot be read: stop the program that it belongs to and copy it again, or use its JSON file',
      { cause: error },
    )
  } finally {
    db?.close()
  }
}

function accountsIn(db: Sqlite.Database, table: string, already: number): Entry[] {
  const found: Entry[] = []
  const rows = db.prepare(`select * from "${table.replaceAll('"', '""')}"`).iterate()
  let at = 0
  for (const row of rows) {
    const value = Object.values(row as Fields)
      .map(accountOf)
      .find((one) => one !== undefined)
    if (value !== undefined) found.push({ place: `${table}[${at}]`, value, format: 'codex-proxy' })
    if (found.length + already > MOST_ENTRIES) throw tooMany()
    at += 1
  }
  return found
}

function accountOf(cell: unknown): Fields | undefined {
  const text = Buffer.isBuffer(cell) ? cell.toString('utf8') : cell
  if (typeof text !== 'string' || !text.trimStart().startsWith('{')) return undefined
  try {
    const fields = fieldsOf(JSON.parse(text))
    return fields !== undefined && holdsToken(fields) ? fields : undefined
  } catch {
    return undefined
  }
}

/**
 * The database of a program that may be running, with what it has not yet moved out of its write-ahead log.
 * @throws TransferError
 */
export function withItsLog(path: string): Uint8Array {
  try {
    const db = new Sqlite(path, { readonly: true, timeout: 2000 })
    try {
      return db.serialize()
    } finally {
      db.close()
    }
  } catch (error) {
    throw new TransferError(
      'damaged',
      `${path} has changes that lie beside it and cannot be read: stop the program that it belongs to, then import again`,
      { cause: error },
    )
  }
}
