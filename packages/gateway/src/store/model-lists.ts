import type { Changes } from './changes.js'
import type { Db } from './schema.js'

/** What an upstream listed when it was last asked. */
export interface ModelList {
  /** As told, entry by entry; their shape belongs to the source. */
  models: readonly unknown[]
  etag?: string
  /** Unix ms. */
  fetchedAt: number
}

/** The model lists of upstreams, so that a start without network knows the last ones. */
export interface ModelListRows {
  get(source: string): Promise<ModelList | undefined>
  /** Takes the place of what the source listed before. */
  put(source: string, list: { models: readonly unknown[]; etag?: string | undefined }): Promise<void>
  /** Without the models. */
  list(): Promise<readonly { source: string; fetchedAt: number }[]>
  remove(source: string): Promise<void>
}

export function createModelListRows(db: Db, changes: Changes, now: () => number): ModelListRows {
  return {
    async get(source) {
      const row = await db.selectFrom('model_lists').selectAll().where('source', '=', source).executeTakeFirst()
      if (row === undefined) return undefined
      return {
        models: JSON.parse(row.models) as unknown[],
        ...(row.etag === null ? {} : { etag: row.etag }),
        fetchedAt: row.fetched_at,
      }
    },
    async put(source, { models, etag }) {
      const row = { models: JSON.stringify(models), etag: etag ?? null, fetched_at: now() }
      await changes.make('model_lists', async (trx) => {
        await trx
          .insertInto('model_lists')
          .values({ source, ...row })
          .onConflict((c) => c.column('source').doUpdateSet(row))
          .execute()
        return { value: undefined, changed: true }
      })
    },
    async list() {
      const rows = await db.selectFrom('model_lists').select(['source', 'fetched_at']).orderBy('source').execute()
      return rows.map(({ source, fetched_at: fetchedAt }) => ({ source, fetchedAt }))
    },
    async remove(source) {
      await changes.make('model_lists', async (trx) => {
        const done = await trx.deleteFrom('model_lists').where('source', '=', source).executeTakeFirst()
        return { value: undefined, changed: done.numDeletedRows > 0n }
      })
    },
  }
}
