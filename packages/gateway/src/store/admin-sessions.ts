import type { Selectable } from 'kysely'
import type { Changes } from './changes.js'
import type { Db, Tables } from './schema.js'

/** Somebody who is signed in to management. Only hashes are kept of what a browser shows. */
export interface AdminSessionRecord {
  id: string
  /** SHA-256 in hex. */
  cookieHash: string
  /** SHA-256 in hex. */
  secondHash: string
  /** How it was opened: `link`, `password`. */
  way: string
  address: string
  userAgent: string
  /** Unix ms, as all times here. */
  openedAt: number
  usedAt: number
  freshUntil: number
}

export interface AdminSessionRows {
  list(): Promise<AdminSessionRecord[]>
  add(record: AdminSessionRecord): Promise<void>
  /** Nobody is told of it: it happens all the time. */
  used(id: string, usedAt: number): Promise<void>
  fresh(id: string, until: number): Promise<void>
  remove(ids: readonly string[]): Promise<void>
  /** @returns how many there were */
  removeAllBut(id: string | undefined): Promise<number>

  /** Those that ended before `now` go. */
  addLink(tokenHash: string, endsAt: number, now: number): Promise<void>
  /** @returns whether it was still good; it is so once */
  takeLink(tokenHash: string, now: number): Promise<boolean>
}

export function createAdminSessionRows(db: Db, changes: Changes): AdminSessionRows {
  return {
    async list() {
      return (await db.selectFrom('admin_sessions').selectAll().orderBy('opened_at').execute()).map(fromRow)
    },
    add: (record) =>
      changes.make('admin_sessions', async (trx) => {
        await trx.insertInto('admin_sessions').values(rowOf(record)).execute()
        return { value: undefined, changed: true }
      }),
    async used(id, usedAt) {
      await db.updateTable('admin_sessions').set({ used_at: usedAt }).where('id', '=', id).execute()
    },
    fresh: (id, until) =>
      changes.make('admin_sessions', async (trx) => {
        await trx.updateTable('admin_sessions').set({ fresh_until: until }).where('id', '=', id).execute()
        return { value: undefined, changed: true }
      }),
    remove: (ids) =>
      changes.make('admin_sessions', async (trx) => {
        const done = await trx.deleteFrom('admin_sessions').where('id', 'in', ids).executeTakeFirst()
        return { value: undefined, changed: done.numDeletedRows > 0n }
      }),
    removeAllBut: (id) =>
      changes.make('admin_sessions', async (trx) => {
        const all = trx.deleteFrom('admin_sessions')
        const done = await (id === undefined ? all : all.where('id', '!=', id)).executeTakeFirst()
        return { value: Number(done.numDeletedRows), changed: done.numDeletedRows > 0n }
      }),
    async addLink(tokenHash, endsAt, now) {
      await db.deleteFrom('admin_links').where('ends_at', '<', now).execute()
      await db.insertInto('admin_links').values({ token_hash: tokenHash, ends_at: endsAt }).execute()
    },
    async takeLink(tokenHash, now) {
      const taken = await db
        .deleteFrom('admin_links')
        .where('token_hash', '=', tokenHash)
        .returning('ends_at')
        .executeTakeFirst()
      return taken !== undefined && taken.ends_at >= now
    },
  }
}

type Row = Selectable<Tables['admin_sessions']>

function rowOf(record: AdminSessionRecord): Row {
  return {
    id: record.id,
    cookie_hash: record.cookieHash,
    second_hash: record.secondHash,
    way: record.way,
    address: record.address,
    user_agent: record.userAgent,
    opened_at: record.openedAt,
    used_at: record.usedAt,
    fresh_until: record.freshUntil,
  }
}

function fromRow(row: Row): AdminSessionRecord {
  return {
    id: row.id,
    cookieHash: row.cookie_hash,
    secondHash: row.second_hash,
    way: row.way,
    address: row.address,
    userAgent: row.user_agent,
    openedAt: row.opened_at,
    usedAt: row.used_at,
    freshUntil: row.fresh_until,
  }
}
