import type { Migration } from './migration.js'

/** What was asked and how it went, what was said when that is kept, and the errors, told apart. */
export const requestLog: Migration = {
  version: 8,
  name: 'request-log',
  async up(db) {
    let log = db.schema
      .createTable('request_log')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('request_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      // What is looked through stands before what is long.
      .addColumn('bytes', 'integer', (c) => c.notNull())
    for (const name of [
      'path',
      'dialect',
      'model',
      'upstream_model',
      'provider',
      'candidate',
      'client_key',
      'client',
    ]) {
      log = log.addColumn(name, 'text', (c) => c.notNull())
    }
    log = log.addColumn('outcome', 'text', (c) => c.notNull())
    for (const name of ['status', 'ttft_ms', 'duration_ms', 'cost_micro_usd']) log = log.addColumn(name, 'integer')
    log = log.addColumn('tokens_per_second', 'real')
    for (const name of ['attempts', 'bodies', 'input_tokens', 'cached_tokens', 'output_tokens', 'reasoning_tokens']) {
      log = log.addColumn(name, 'integer', (c) => c.notNull())
    }
    await log
      .addColumn('words', 'text', (c) => c.notNull())
      .addColumn('record', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('request_log_request_id').on('request_log').column('request_id').execute()
    // Holds all that sums are made of: they are asked for often, and the rows themselves are long.
    await db.schema
      .createIndex('request_log_sums')
      .on('request_log')
      .columns([
        'at',
        'outcome',
        'ttft_ms',
        'duration_ms',
        'tokens_per_second',
        'input_tokens',
        'cached_tokens',
        'output_tokens',
        'reasoning_tokens',
        'cost_micro_usd',
      ])
      .execute()
    // Holds all that bounding the log asks for.
    await db.schema.createIndex('request_log_bytes').on('request_log').columns(['id', 'bytes']).execute()

    await db.schema
      .createTable('request_bodies')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('bodies', 'text', (c) => c.notNull())
      .execute()

    await db.schema
      .createTable('error_groups')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('frame', 'text', (c) => c.notNull())
      .addColumn('first_at', 'bigint', (c) => c.notNull())
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addColumn('count', 'integer', (c) => c.notNull())
      .addColumn('seen', 'integer', (c) => c.notNull())
      .addColumn('models', 'text', (c) => c.notNull())
      .addColumn('candidates', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('error_groups_last_at').on('error_groups').column('last_at').execute()
    await db.schema
      .createTable('error_log')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('group_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('entry', 'text', (c) => c.notNull())
      .execute()
    await db.schema.createIndex('error_log_group').on('error_log').columns(['group_id', 'id']).execute()
  },
}
