import type { Changes } from './changes.js'
import type { Db } from './schema.js'

/** Small values that the gateway itself decides and must find again. What the user decides stands in `config.yaml`. */
export interface Settings {
  get(key: string): Promise<unknown>
  /** @param value anything that JSON can hold */
  set(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

export function createSettings(db: Db, changes: Changes, now: () => number): Settings {
  return {
    async get(key) {
      const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
      return row === undefined ? undefined : (JSON.parse(row.value) as unknown)
    },
    async set(key, value) {
      const row = { value: JSON.stringify(value), updated_at: now() }
      await changes.make('settings', async (trx) => {
        await trx
          .insertInto('settings')
          .values({ key, ...row })
          .onConflict((c) => c.column('key').doUpdateSet(row))
          .execute()
        return { value: undefined, changed: true }
      })
    },
    async delete(key) {
      await changes.make('settings', async (trx) => {
        const done = await trx.deleteFrom('settings').where('key', '=', key).executeTakeFirst()
        return { value: undefined, changed: done.numDeletedRows > 0n }
      })
    },
  }
}
