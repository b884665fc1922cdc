import type { Migration } from './migration.js'

/** Keys of other providers, the ways out, and the model lists that upstreams told. */
export const upstreams: Migration = {
  version: 3,
  name: 'upstreams',
  async up(db) {
    for (const aggregate of ['api_keys', 'proxies', 'model_lists']) {
      await db.insertInto('versions').values({ aggregate, version: 0 }).execute()
    }

    await db.schema
      .createTable('api_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('wire', 'text', (c) => c.notNull())
      .addColumn('base_url', 'text', (c) => c.notNull())
      .addColumn('label', 'text')
      .addColumn('models', 'text', (c) => c.notNull())
      .addColumn('capabilities', 'text', (c) => c.notNull())
      .addColumn('headers', 'text')
      .addColumn('api_key', 'text')
      .addColumn('api_key_hash', 'text')
      .addColumn('enabled', 'integer', (c) => c.notNull().defaultTo(1))
      .addColumn('weight', 'integer', (c) => c.notNull().defaultTo(1))
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('proxies')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('protocol', 'text', (c) => c.notNull())
      .addColumn('host', 'text', (c) => c.notNull())
      .addColumn('port', 'integer', (c) => c.notNull())
      .addColumn('username', 'text')
      .addColumn('password', 'text')
      .addColumn('enabled', 'integer', (c) => c.notNull().defaultTo(1))
      .addColumn('checked_at', 'bigint')
      .addColumn('exit_address', 'text')
      .addColumn('latency_ms', 'integer')
      .addColumn('error', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('proxy_pins')
      .addColumn('owner', 'text', (c) => c.primaryKey())
      .addColumn('choice', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('model_lists')
      .addColumn('source', 'text', (c) => c.primaryKey())
      .addColumn('models', 'text', (c) => c.notNull())
      .addColumn('etag', 'text')
      .addColumn('fetched_at', 'bigint', (c) => c.notNull())
      .execute()
  },
}
