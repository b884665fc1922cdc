import { sql, type ColumnDefinitionBuilder } from 'kysely'
import type { Migration } from './migration.js'

/** Columns of what is counted, as they were when this was released. */
const COUNTED: readonly string[] = [
  ...['requests', 'failed', 'cancelled'],
  ...[
    'input_tokens',
    'cached_tokens',
    'output_tokens',
    'reasoning_tokens',
    'image_input_tokens',
    'image_output_tokens',
  ],
  ...['image_requests', 'image_failed', 'cost_micro_usd', 'unpriced', 'ttft_ms', 'duration_ms'],
  ...Array.from({ length: 16 }, (_, step) => `ttft_step_${step}`),
  ...Array.from({ length: 16 }, (_, step) => `duration_step_${step}`),
]

/** What was used, by whom and when. */
export const usage: Migration = {
  version: 5,
  name: 'usage',
  async up(db) {
    const zero = (column: ColumnDefinitionBuilder) => column.notNull().defaultTo(0)
    const text = (column: ColumnDefinitionBuilder) => column.notNull()

    let buckets = db.schema
      .createTable('usage_buckets')
      .addColumn('grain', 'text', text)
      .addColumn('at', 'bigint', (c) => c.notNull())
    for (const about of ['provider', 'model', 'candidate', 'client_key', 'tier']) {
      buckets = buckets.addColumn(about, 'text', text)
    }
    for (const counted of COUNTED) buckets = buckets.addColumn(counted, 'bigint', zero)
    await buckets
      .addPrimaryKeyConstraint('usage_buckets_key', [
        'grain',
        'at',
        'provider',
        'model',
        'candidate',
        'client_key',
        'tier',
      ] as never[])
      .execute()

    let totals = db.schema.createTable('usage_totals').addColumn('kind', 'text', text).addColumn('id', 'text', text)
    for (const counted of COUNTED) totals = totals.addColumn(counted, 'bigint', zero)
    await totals
      .addColumn('baseline', 'text', (c) => c.notNull().defaultTo(sql`'{}'`))
      .addColumn('carried', 'text', (c) => c.notNull().defaultTo(sql`'{}'`))
      .addColumn('last_at', 'bigint', (c) => c.notNull())
      .addColumn('reset_at', 'bigint')
      .addPrimaryKeyConstraint('usage_totals_key', ['kind', 'id'] as never[])
      .execute()
  },
}
