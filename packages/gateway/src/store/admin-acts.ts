import { sql, type Selectable } from 'kysely'
import type { Db, Tables } from './schema.js'

/** Something that was done in management: never with what was sent, nor with what was answered. */
export interface ActRecord {
  /** Sortable: of two, the later one is greater. */
  id: string
  /** Unix ms. */
  at: number
  /** `session`, `control`, `command line`, or `nobody` for whoever tried to get in. */
  who: string
  sessionId?: string
  /** From where; empty on the command line. */
  address: string
  method: string
  /** The path with `:id` in it. */
  route: string
  /** What stood in the place of `:id`. */
  target?: string
  status: number
}

/** All that is said must hold. */
export interface ActQuery {
  who?: string
  sessionId?: string
  /** Any part of its route, its target or its address. */
  text?: string
  /** Only what did not work. */
  failed?: boolean
  /** Unix ms. */
  since?: number
  /** An id: only what is older. */
  before?: string
  count: number
}

/** How much is kept; what is oldest goes first. */
export interface ActBounds {
  keep: number
  /** Of these: whoever tries to get in shall not push out what was done. */
  keepOfNobody: number
  /** Unix ms: what is older goes. */
  since: number
}

export interface ActRows {
  add(records: readonly ActRecord[], bounds: ActBounds): Promise<void>
  /** The newest first. */
  list(query: ActQuery): Promise<ActRecord[]>
}

export function createActRows(db: Db): ActRows {
  return {
    async add(records, bounds) {
      await db.transaction().execute(async (trx) => {
        if (records.length > 0) await trx.insertInto('admin_acts').values(records.map(rowOf)).execute()
        await trx.deleteFrom('admin_acts').where('at', '<', bounds.since).execute()
        await keepNewest(trx, true, bounds.keepOfNobody)
        await keepNewest(trx, false, bounds.keep)
      })
    },
    async list({ who, sessionId, text, failed, since, before, count }) {
      let query = db.selectFrom('admin_acts').selectAll()
      if (who !== undefined) query = query.where('who', '=', who)
      if (sessionId !== undefined) query = query.where('session_id', '=', sessionId)
      if (failed === true) query = query.where('status', '>=', 400)
      if (since !== undefined) query = query.where('at', '>=', since)
      if (before !== undefined) query = query.where('id', '<', before)
      if (text !== undefined) {
        const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
        const words = sql`method || ' ' || route || ' ' || coalesce(target, '') || ' ' || address`
        query = query.where(sql<boolean>`${words} like ${pattern} escape '\\'`)
      }
      return (await query.orderBy('id', 'desc').limit(count).execute()).map(fromRow)
    },
  }
}

async function keepNewest(db: Db, ofNobody: boolean, keep: number): Promise<void> {
  const whose = ofNobody ? '=' : '!='
  const tooOld = await db
    .selectFrom('admin_acts')
    .select('id')
    .where('who', whose, 'nobody')
    .orderBy('id', 'desc')
    .limit(1)
    .offset(keep)
    .executeTakeFirst()
  if (tooOld === undefined) return
  await db.deleteFrom('admin_acts').where('who', whose, 'nobody').where('id', '<=', tooOld.id).execute()
}

type Row = Selectable<Tables['admin_acts']>

function rowOf({ sessionId, target, ...record }: ActRecord): Row {
  return { ...record, session_id: sessionId ?? null, target: target ?? null }
}

function fromRow({ session_id: sessionId, target, ...row }: Row): ActRecord {
  return { ...row, ...(sessionId === null ? {} : { sessionId }), ...(target === null ? {} : { target }) }
}
