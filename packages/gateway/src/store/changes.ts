import type { Transaction } from 'kysely'
import type { Log } from './log.js'
import { AGGREGATES } from './schema.js'
import type { Aggregate, Tables } from './schema.js'
import type { SqliteConnection } from './sqlite.js'

export interface Change {
  aggregate: Aggregate
  version: number
  /** Made through this very store; false: by another process. */
  own: boolean
}

export type ChangeListener = (change: Change) => void

/** Who changed what, in this process and in others. */
export interface Changes {
  /**
   * Runs a change of one aggregate in a transaction that also counts its version up, and tells the listeners after the commit.
   * A work that answers `changed: false` leaves the version alone.
   */
  make<T>(aggregate: Aggregate, work: (trx: Transaction<Tables>) => Promise<{ value: T; changed: boolean }>): Promise<T>
  watch(listener: ChangeListener): () => void
  /** Looks for other processes' changes now. */
  poll(): void
  close(): void
}

const POLL_MS = 200

export function createChanges(connection: SqliteConnection, log: Log): Changes {
  const { db, raw, readNow } = connection
  const listeners = new Set<ChangeListener>()
  const dataVersion = raw.prepare('PRAGMA data_version').pluck()
  const seen = new Map<Aggregate, number>(AGGREGATES.map((aggregate) => [aggregate, 0]))
  let lastDataVersion = dataVersion.get()
  for (const row of readVersions()) seen.set(row.aggregate, row.version)
  let timer: NodeJS.Timeout | undefined

  function readVersions() {
    return readNow(db.selectFrom('versions').select(['aggregate', 'version']))
  }

  function tell(change: Change): void {
    for (const listener of [...listeners]) {
      try {
        listener(change)
      } catch (error) {
        log.error({ err: error, aggregate: change.aggregate }, 'a listener to store changes failed')
      }
    }
  }

  function poll(): void {
    // Inside a transaction the versions read here might never be committed.
    if (!raw.open || raw.inTransaction) return
    const current = dataVersion.get()
    if (current === lastDataVersion) return
    lastDataVersion = current
    for (const { aggregate, version } of readVersions()) {
      if (version <= (seen.get(aggregate) ?? 0)) continue
      seen.set(aggregate, version)
      tell({ aggregate, version, own: false })
    }
  }

  return {
    async make(aggregate, work) {
      const done = await db.transaction().execute(async (trx) => {
        const { value, changed } = await work(trx)
        if (!changed) return { value, version: undefined }
        const row = await trx
          .updateTable('versions')
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('aggregate', '=', aggregate)
          .returning('version')
          .executeTakeFirstOrThrow()
        return { value, version: row.version }
      })
      if (done.version !== undefined) {
        const before = seen.get(aggregate) ?? 0
        seen.set(aggregate, Math.max(before, done.version))
        // A gap means that somebody else wrote between two of ours.
        if (done.version > before + 1) tell({ aggregate, version: done.version - 1, own: false })
        tell({ aggregate, version: done.version, own: true })
      }
      return done.value
    },
    watch(listener) {
      listeners.add(listener)
      timer ??= setInterval(() => {
        try {
          poll()
        } catch (error) {
          log.warn({ err: error }, 'could not look for changes in the store')
        }
      }, POLL_MS).unref()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
    poll,
    close() {
      listeners.clear()
      clearInterval(timer)
      timer = undefined
    },
  }
}
