import type { Migration } from './migration.js'

/** Who is signed in to management, the links that are still good, and what was done there. */
export const adminAccess: Migration = {
  version: 7,
  name: 'admin_access',
  async up(db) {
    await db.insertInto('versions').values({ aggregate: 'admin_sessions', version: 0 }).execute()
    await db.schema
      .createTable('admin_sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('cookie_hash', 'text', (c) => c.notNull().unique())
      .addColumn('second_hash', 'text', (c) => c.notNull())
      .addColumn('way', 'text', (c) => c.notNull())
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('user_agent', 'text', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('used_at', 'bigint', (c) => c.notNull())
      .addColumn('fresh_until', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('admin_links')
      .addColumn('token_hash', 'text', (c) => c.primaryKey())
      .addColumn('ends_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('admin_acts')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('who', 'text', (c) => c.notNull())
      .addColumn('session_id', 'text')
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('method', 'text', (c) => c.notNull())
      .addColumn('route', 'text', (c) => c.notNull())
      .addColumn('target', 'text')
      .addColumn('status', 'integer', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('admin_acts_at').on('admin_acts').column('at').execute()
  },
}
