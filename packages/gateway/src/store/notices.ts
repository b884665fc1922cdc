import { sql } from 'kysely'
import type { Selectable } from 'kysely'
import type { Changes } from './changes.js'
import type { Db, Tables } from './schema.js'

/** A notice as it is kept. What its words mean belongs to the room that tells it. */
export interface NoticeRecord {
  /** Sortable: of two, the later one is greater. */
  id: string
  /** Unix ms. */
  at: number
  level: string
  type: string
  accountId?: string
  /** Plain data. */
  body: Readonly<Record<string, unknown>>
  /** What a search looks through, in lower case. */
  words: string
}

/** All that is said must hold. */
export interface NoticeQuery {
  levels?: readonly string[]
  types?: readonly string[]
  accountId?: string
  /** Any part of its words, in lower case. */
  words?: string
  /** Unix ms. */
  since?: number
  /** An id: only what is older. */
  before?: string
  count: number
}

/** A notice on its way to the webhook. */
export interface Delivery {
  id: string
  notice: NoticeRecord
  /** With the one that it was taken for. */
  tries: number
}

/** How much is kept; what is oldest goes first. */
export interface NoticeBounds {
  keep: number
  /** Unix ms: what is older goes. */
  since: number
  deliveries: number
}

export interface NoticeRows {
  /**
   * Adds notices, and those of the deliveries, in one transaction.
   * @returns how many deliveries had to go because there are too many
   */
  add(
    records: readonly NoticeRecord[],
    deliveries: readonly { id: string; notice: NoticeRecord; nextAt: number }[],
    bounds: NoticeBounds,
  ): Promise<number>
  /** The newest first. */
  list(query: NoticeQuery): Promise<NoticeRecord[]>
  /** @returns how many there were */
  clear(): Promise<number>

  /** Unix ms when a delivery is due. Undefined: none waits. */
  nextDelivery(): Promise<number | undefined>
  /**
   * Takes the oldest that is due. Nobody else gets it before `until`: it is free again then, should this process die.
   * @param until unix ms
   */
  takeDelivery(now: number, until: number): Promise<Delivery | undefined>
  putOff(id: string, tries: number, nextAt: number): Promise<void>
  removeDelivery(id: string): Promise<void>
  clearDeliveries(): Promise<number>
}

/** SQLite takes at most so many values in one statement; a row has seven. */
const ROWS_AT_ONCE = 500

export function createNoticeRows(db: Db, changes: Changes): NoticeRows {
  return {
    async add(records, deliveries, bounds) {
      return changes.make('notices', async (trx) => {
        for (let at = 0; at < records.length; at += ROWS_AT_ONCE) {
          const rows = records.slice(at, at + ROWS_AT_ONCE).map(rowOf)
          await trx
            .insertInto('notices')
            .values(rows)
            .onConflict((c) => c.column('id').doNothing())
            .execute()
        }
        await trx.deleteFrom('notices').where('at', '<', bounds.since).execute()
        await keepNewest(trx, 'notices', bounds.keep)
        for (const { id, notice, nextAt } of deliveries) {
          await trx
            .insertInto('webhook_deliveries')
            .values({ id, notice: JSON.stringify(notice), tries: 0, next_at: nextAt })
            .onConflict((c) => c.column('id').doNothing())
            .execute()
        }
        const value = deliveries.length === 0 ? 0 : await keepNewest(trx, 'webhook_deliveries', bounds.deliveries)
        return { value, changed: true }
      })
    },
    async list({ levels, types, accountId, words, since, before, count }) {
      let query = db.selectFrom('notices').selectAll()
      if (levels !== undefined) query = query.where('level', 'in', levels)
      if (types !== undefined) query = query.where('type', 'in', types)
      if (accountId !== undefined) query = query.where('account_id', '=', accountId)
      if (since !== undefined) query = query.where('at', '>=', since)
      if (before !== undefined) query = query.where('id', '<', before)
      if (words !== undefined) {
        const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
        query = query.where(sql<boolean>`words like ${pattern} escape '\\'`)
      }
      return (await query.orderBy('id', 'desc').limit(count).execute()).map(fromRow)
    },
    async clear() {
      return changes.make('notices', async (trx) => {
        const done = await trx.deleteFrom('notices').executeTakeFirst()
        return { value: Number(done.numDeletedRows), changed: done.numDeletedRows > 0n }
      })
    },

    async nextDelivery() {
      const row = await db
        .selectFrom('webhook_deliveries')
        .select(({ fn }) => fn.min('next_at').as('at'))
        .executeTakeFirst()
      // The minimum of no rows is null, whatever the column says.
      const at = row?.at as number | null | undefined
      return at ?? undefined
    },
    async takeDelivery(now, until) {
      return db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('webhook_deliveries')
          .selectAll()
          .where('next_at', '<=', now)
          .orderBy('id')
          .limit(1)
          .executeTakeFirst()
        if (row === undefined) return undefined
        const tries = row.tries + 1
        const done = await trx
          .updateTable('webhook_deliveries')
          .set({ tries, next_at: until })
          .where('id', '=', row.id)
          .where('next_at', '=', row.next_at)
          .executeTakeFirst()
        if (done.numUpdatedRows === 0n) return undefined
        return { id: row.id, notice: JSON.parse(row.notice) as NoticeRecord, tries }
      })
    },
    async putOff(id, tries, nextAt) {
      await db.updateTable('webhook_deliveries').set({ tries, next_at: nextAt }).where('id', '=', id).execute()
    },
    async removeDelivery(id) {
      await db.deleteFrom('webhook_deliveries').where('id', '=', id).execute()
    },
    async clearDeliveries() {
      return Number((await db.deleteFrom('webhook_deliveries').executeTakeFirst()).numDeletedRows)
    },
  }
}

/** Ids are sortable by time in both tables. */
async function keepNewest(db: Db, table: 'notices' | 'webhook_deliveries', keep: number): Promise<number> {
  const tooOld = await db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).offset(keep).executeTakeFirst()
  if (tooOld === undefined) return 0
  return Number((await db.deleteFrom(table).where('id', '<=', tooOld.id).executeTakeFirst()).numDeletedRows)
}

type Row = Selectable<Tables['notices']>

function rowOf({ id, at, level, type, accountId, body, words }: NoticeRecord): Row {
  return { id, at, level, type, account_id: accountId ?? null, body: JSON.stringify(body), words }
}

function fromRow(row: Row): NoticeRecord {
  const { id, at, level, type, words } = row
  return {
    id,
    at,
    level,
    type,
    ...(row.account_id === null ? {} : { accountId: row.account_id }),
    body: JSON.parse(row.body) as Record<string, unknown>,
    words,
  }
}
