import type { Migration } from './migration.js'

/** What an owner says of accounts, whom a client key is bound to, and where conversations have their place. */
export const pool: Migration = {
  version: 4,
  name: 'pool',
  async up(db) {
    const accounts = () => db.schema.alterTable('accounts')
    await accounts().addColumn('note', 'text').execute()
    await accounts()
      .addColumn('groups', 'text', (c) => c.notNull().defaultTo('[]'))
      .execute()
    await accounts()
      .addColumn('weight', 'real', (c) => c.notNull().defaultTo(1))
      .execute()
    await accounts().addColumn('max_concurrent', 'integer').execute()
    await accounts()
      .addColumn('converge', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await accounts().addColumn('cookies', 'text').execute()
    await db.schema.alterTable('client_keys').addColumn('accounts', 'text').execute()
    await db.schema
      .createTable('conversation_homes')
      .addColumn('chain', 'text', (c) => c.primaryKey())
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('origin_id', 'text', (c) => c.notNull())
      .addColumn('foreign_items', 'integer', (c) => c.notNull())
      .addColumn('moves', 'integer', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('conversation_homes_updated_at').on('conversation_homes').column('updated_at').execute()
  },
}
