import type { Db } from './schema.js'

export interface LeaseRow {
  name: string
  /** Opaque to the store. Null when free. */
  holder: string | null
  /** Grows by one with every taking. */
  fencing: number
  takenAt: number
  endsAt: number
}

/** The rows behind `cluster/`'s leases. Compare-and-swap only; who is dead is judged there. */
export interface LeaseRows {
  read(name: string): Promise<LeaseRow | undefined>
  /**
   * Takes the lease if nobody took it since it was read.
   * @param seen the row as it was read, undefined when there was none
   * @returns the fencing number, or undefined when somebody was faster
   */
  take(
    name: string,
    seen: LeaseRow | undefined,
    by: { holder: string; now: number; endsAt: number },
  ): Promise<number | undefined>
  release(name: string, fencing: number): Promise<void>
}

export function createLeaseRows(db: Db): LeaseRows {
  return {
    async read(name) {
      const row = await db.selectFrom('leases').selectAll().where('name', '=', name).executeTakeFirst()
      if (row === undefined) return undefined
      return { name, holder: row.holder, fencing: row.fencing, takenAt: row.taken_at, endsAt: row.ends_at }
    },
    async take(name, seen, by) {
      const row = { holder: by.holder, taken_at: by.now, ends_at: by.endsAt }
      if (seen === undefined) {
        const done = await db
          .insertInto('leases')
          .values({ name, fencing: 1, ...row })
          .onConflict((c) => c.column('name').doNothing())
          .executeTakeFirst()
        return (done.numInsertedOrUpdatedRows ?? 0n) > 0n ? 1 : undefined
      }
      const fencing = seen.fencing + 1
      const done = await db
        .updateTable('leases')
        .set({ fencing, ...row })
        .where('name', '=', name)
        .where('fencing', '=', seen.fencing)
        .where('holder', seen.holder === null ? 'is' : '=', seen.holder)
        .executeTakeFirst()
      return done.numUpdatedRows > 0n ? fencing : undefined
    },
    async release(name, fencing) {
      await db
        .updateTable('leases')
        .set({ holder: null })
        .where('name', '=', name)
        .where('fencing', '=', fencing)
        .execute()
    },
  }
}
