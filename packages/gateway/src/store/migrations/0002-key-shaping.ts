import type { Migration } from './migration.js'

/** What a client key adds to its requests, and whether they may lose anything. */
export const keyShaping: Migration = {
  version: 2,
  name: 'key shaping',
  async up(db) {
    await db.schema.alterTable('client_keys').addColumn('default_tools', 'text').execute()
    await db.schema
      .alterTable('client_keys')
      .addColumn('strict', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
  },
}
