import type { Kysely } from 'kysely'

/** One step of the schema. Runs once, in order, in the same transaction as its record. A released one is never edited. */
export interface Migration {
  version: number
  name: string
  up(db: Kysely<Record<string, Record<string, unknown>>>): Promise<void>
}
