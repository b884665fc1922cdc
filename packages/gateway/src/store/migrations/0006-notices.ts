import type { Migration } from './migration.js'

/** What the gateway told its owner, and what of it a webhook has not taken yet. */
export const notices: Migration = {
  version: 6,
  name: 'notices',
  async up(db) {
    await db.insertInto('versions').values({ aggregate: 'notices', version: 0 }).execute()
    await db.schema
      .createTable('notices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('level', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('account_id', 'text')
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('words', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('notices_at').on('notices').column('at').execute()
    await db.schema
      .createTable('webhook_deliveries')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('notice', 'text', (c) => c.notNull())
      .addColumn('tries', 'integer', (c) => c.notNull())
      .addColumn('next_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('webhook_deliveries_next_at').on('webhook_deliveries').column('next_at').execute()
  },
}
