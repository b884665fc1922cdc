import BetterSqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { expect, test } from 'vitest'
import { migrate } from '../migrate.js'
import type { Db } from '../schema.js'
import { MIGRATIONS } from './index.js'

test('usage of before there were programs stays as it was', async () => {
  const raw = new BetterSqlite(':memory:')
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: raw }) }) as unknown as Db
  await migrate(
    db,
    MIGRATIONS.filter(({ version }) => version < 10),
    0,
  )
  const row = `grain, at, provider, model, candidate, client_key, tier, requests, ttft_step_15, duration_step_15`
  raw.exec(`insert into usage_buckets (${row}) values ('day', 0, 'codex', 'm', 'acc_1', 'key_1', 'fast', 7, 2, 3)`)
  await migrate(db, MIGRATIONS, 1)
  const read = `select ${row}, client from usage_buckets`
  expect(raw.prepare(read).raw().all()).toEqual([['day', 0, 'codex', 'm', 'acc_1', 'key_1', 'fast', 7, 2, 3, '']])
  // One bucket for each program.
  const add = `insert into usage_buckets (${row}, client) values ('day', 0, 'codex', 'm', 'acc_1', 'key_1', 'fast', 1, 0, 0, ?)`
  raw.prepare(add).run('codex')
  expect(() => raw.prepare(add).run('codex')).toThrow(/UNIQUE/)
  await db.destroy()
})
