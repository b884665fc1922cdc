import { sql } from 'kysely'
import type { Migration } from './migration.js'

const OWNERS = ['provider', 'model', 'candidate', 'client_key', 'tier'] as const

/** Columns of what is counted, as they were when this was released. */
const COUNTED: readonly string[] = [
  ...['requests', 'failed', 'cancelled'],
  ...['input_tokens', 'cached_tokens', 'output_tokens', 'reasoning_tokens'],
  ...['image_input_tokens', 'image_output_tokens'],
  ...['image_requests', 'image_failed', 'cost_micro_usd', 'unpriced', 'ttft_ms', 'duration_ms'],
  ...Array.from({ length: 16 }, (_, step) => `ttft_step_${step}`),
  ...Array.from({ length: 16 }, (_, step) => `duration_step_${step}`),
]

/** Usage is told apart by the program that asked, too. A primary key cannot grow, so the table is made anew. */
export const usageClient: Migration = {
  version: 10,
  name: 'usage client',
  async up(db) {
    let buckets = db.schema
      .createTable('usage_buckets_new')
      .addColumn('grain', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
    for (const owner of OWNERS) buckets = buckets.addColumn(owner, 'text', (c) => c.notNull())
    buckets = buckets.addColumn('client', 'text', (c) => c.notNull())
    for (const counted of COUNTED) buckets = buckets.addColumn(counted, 'bigint', (c) => c.notNull().defaultTo(0))
    await buckets
      .addPrimaryKeyConstraint('usage_buckets_by_client_key', ['grain', 'at', ...OWNERS, 'client'] as never[])
      .execute()
    const kept = sql.join(['grain', 'at', ...OWNERS, ...COUNTED].map((column) => sql.ref(column)))
    await sql`insert into usage_buckets_new (${kept}, client) select ${kept}, '' from usage_buckets`.execute(db)
    await db.schema.dropTable('usage_buckets').execute()
    await db.schema.alterTable('usage_buckets_new').renameTo('usage_buckets').execute()
  },
}
