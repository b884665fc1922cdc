import type { Selectable } from 'kysely'
import type { Db, Tables } from './schema.js'

/** One error as it happened. */
export interface ErrorRow {
  /** Sortable: of two, the later one is greater. */
  id: string
  group: string
  /** Unix ms. */
  at: number
  source: string
  kind: string
  message: string
  /** The first line of its stack that tells where; empty when there is none. */
  frame: string
  model?: string
  /** The account or the API key. */
  candidate?: string
  /** JSON: everything else. */
  entry: string
}

/** Errors that are one and the same. */
export interface ErrorGroup {
  id: string
  source: string
  kind: string
  message: string
  frame: string
  firstAt: number
  lastAt: number
  count: number
  /** Of these, so many were there when somebody looked last. */
  seen: number
  models: string[]
  candidates: string[]
}

export interface ErrorBounds {
  groups: number
  entries: number
  /** Unix ms: groups whose last error is older go. */
  since: number
}

export interface ErrorLogRows {
  /** All of them or none. */
  add(rows: readonly ErrorRow[], bounds: ErrorBounds): Promise<void>
  /** The one that happened last first. */
  groups(): Promise<ErrorGroup[]>
  /** The newest first. */
  list(count: number, group?: string): Promise<Pick<ErrorRow, 'id' | 'group' | 'at' | 'entry'>[]>
  count(): Promise<{ total: number; unread: number }>
  /** Everything that is there now was seen, or one group. */
  markSeen(group?: string): Promise<void>
  /** @returns how many errors were told */
  clear(group?: string): Promise<number>
}

/** Names of models and accounts that a group remembers. */
const MOST_NAMES = 20

export function createErrorLogRows(db: Db): ErrorLogRows {
  return {
    async add(rows, bounds) {
      await db.transaction().execute(async (trx) => {
        for (const row of rows) {
          const known = await trx.selectFrom('error_groups').selectAll().where('id', '=', row.group).executeTakeFirst()
          const { group: id, source, kind, message, frame, at } = row
          if (known === undefined) {
            const names = { models: withName('[]', row.model), candidates: withName('[]', row.candidate) }
            await trx
              .insertInto('error_groups')
              .values({ id, source, kind, message, frame, first_at: at, last_at: at, count: 1, seen: 0, ...names })
              .execute()
          } else {
            await trx
              .updateTable('error_groups')
              .set({
                message,
                last_at: at,
                count: known.count + 1,
                models: withName(known.models, row.model),
                candidates: withName(known.candidates, row.candidate),
              })
              .where('id', '=', id)
              .execute()
          }
          await trx.insertInto('error_log').values({ id: row.id, group_id: id, at, entry: row.entry }).execute()
        }
        await trx.deleteFrom('error_groups').where('last_at', '<', bounds.since).execute()
        const tooMany = await trx
          .selectFrom('error_groups')
          .select('last_at')
          .orderBy('last_at', 'desc')
          .limit(1)
          .offset(bounds.groups)
          .executeTakeFirst()
        if (tooMany !== undefined) {
          await trx.deleteFrom('error_groups').where('last_at', '<=', tooMany.last_at).execute()
        }
        const tooOld = await trx
          .selectFrom('error_log')
          .select('id')
          .orderBy('id', 'desc')
          .limit(1)
          .offset(bounds.entries)
          .executeTakeFirst()
        if (tooOld !== undefined) await trx.deleteFrom('error_log').where('id', '<=', tooOld.id).execute()
      })
    },
    async groups() {
      const rows = await db.selectFrom('error_groups').selectAll().orderBy('last_at', 'desc').orderBy('id').execute()
      return rows.map(fromRow)
    },
    async list(count, group) {
      const rows = await db
        .selectFrom('error_log')
        .selectAll()
        .$if(group !== undefined, (q) => q.where('group_id', '=', group ?? ''))
        .orderBy('id', 'desc')
        .limit(count)
        .execute()
      return rows.map(({ id, group_id, at, entry }) => ({ id, group: group_id, at: Number(at), entry }))
    },
    async count() {
      const row = await db
        .selectFrom('error_groups')
        .select(({ fn }) => [fn.sum<number | null>('count').as('total'), fn.sum<number | null>('seen').as('seen')])
        .executeTakeFirst()
      const total = Number(row?.total ?? 0)
      return { total, unread: total - Number(row?.seen ?? 0) }
    },
    async markSeen(group) {
      await db
        .updateTable('error_groups')
        .set(({ ref }) => ({ seen: ref('count') }))
        .$if(group !== undefined, (q) => q.where('id', '=', group ?? ''))
        .execute()
    },
    async clear(group) {
      return db.transaction().execute(async (trx) => {
        const { sum } = await trx
          .selectFrom('error_groups')
          .select(({ fn }) => fn.sum<number | null>('count').as('sum'))
          .$if(group !== undefined, (q) => q.where('id', '=', group ?? ''))
          .executeTakeFirstOrThrow()
        await trx
          .deleteFrom('error_groups')
          .$if(group !== undefined, (q) => q.where('id', '=', group ?? ''))
          .execute()
        await trx
          .deleteFrom('error_log')
          .$if(group !== undefined, (q) => q.where('group_id', '=', group ?? ''))
          .execute()
        return Number(sum ?? 0)
      })
    },
  }
}

function withName(list: string, name: string | undefined): string {
  if (name === undefined || name === '') return list
  const names = JSON.parse(list) as string[]
  if (names.includes(name) || names.length >= MOST_NAMES) return list
  return JSON.stringify([...names, name])
}

function fromRow(row: Selectable<Tables['error_groups']>): ErrorGroup {
  const { id, source, kind, message, frame, count, seen } = row
  return {
    id,
    source,
    kind,
    message,
    frame,
    firstAt: Number(row.first_at),
    lastAt: Number(row.last_at),
    count,
    seen,
    models: JSON.parse(row.models) as string[],
    candidates: JSON.parse(row.candidates) as string[],
  }
}
