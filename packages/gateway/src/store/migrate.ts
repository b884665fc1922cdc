import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import { StoreError } from './errors.js'
import type { Migration } from './migrations/index.js'
import type { Db } from './schema.js'

/**
 * Brings the schema up to date, all steps or none. Two processes that start at once take turns: the transaction holds the
 * database's write lock from its beginning and looks again inside.
 */
export async function migrate(db: Db, migrations: readonly Migration[], now: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('schema_migrations')
      .ifNotExists()
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('applied_at', 'bigint', (c) => c.notNull())
      .execute()
    const applied = await trx
      .selectFrom('schema_migrations')
      .select(sql<number | null>`max(version)`.as('version'))
      .executeTakeFirst()
    const current = applied?.version ?? 0
    refuseNewer(current, migrations)
    for (const migration of migrations) {
      if (migration.version <= current) continue
      await migration.up(trx as unknown as Kysely<Record<string, Record<string, unknown>>>)
      const record = { version: migration.version, name: migration.name, applied_at: now }
      await trx.insertInto('schema_migrations').values(record).execute()
    }
  })
}

/** @throws StoreError `newer_schema` */
export function refuseNewer(current: number, migrations: readonly Migration[]): void {
  const known = latestVersion(migrations)
  if (current <= known) return
  throw new StoreError(
    'newer_schema',
    `the database was written by a newer Dragoman (schema ${current}, this version knows ${known}): update Dragoman, or start with another data folder (DRAGOMAN_HOME). Nothing was changed`,
  )
}

export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.reduce((highest, migration) => Math.max(highest, migration.version), 0)
}
