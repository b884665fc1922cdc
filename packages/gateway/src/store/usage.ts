import { sql } from 'kysely'
import type { InsertObject, Transaction } from 'kysely'
import type { Changes } from './changes.js'
import type { Db, Tables } from './schema.js'
import { addTally, emptyTally, TALLY_COLUMNS, tallyOf, tallyValues, type UsageTally } from './usage-tally.js'
import { carriedBy, ownAndCarried, usedOf, type UsageTotals } from './usage-totals.js'

export const USAGE_GRAINS = ['five_min', 'hour', 'day'] as const
/** How long a bucket is. All begin where UTC does. */
export type UsageGrain = (typeof USAGE_GRAINS)[number]

export const GRAIN_MS: Readonly<Record<UsageGrain, number>> = { five_min: 300_000, hour: 3_600_000, day: 86_400_000 }

/** Whose usage it is. Empty texts: nobody's, or not known. */
export interface UsageOwner {
  provider: string
  /** The upstream's name of it. */
  model: string
  /** The account or the API key that answered. */
  candidate: string
  clientKey: string
  tier: string
  /** The program that asked: `codex`, `claude-code`; one of a few words. */
  client: string
}

/** What came together in one bucket of five minutes. */
export interface UsageEntry extends UsageOwner {
  /** Unix ms, anywhere in the bucket. */
  at: number
  tally: UsageTally
}

export const USAGE_GROUPS = ['provider', 'model', 'account', 'api_key', 'client_key', 'client', 'tier'] as const
/** By what usage can be told apart. A model's group is `provider:model`. */
export type UsageGroup = (typeof USAGE_GROUPS)[number]

export interface UsageQuery {
  grain: UsageGrain
  /** Unix ms; buckets that begin from here on, and before `to`. */
  from?: number
  to?: number
  by?: UsageGroup
  /** Only what belongs to all of these groups. */
  only?: Partial<Record<UsageGroup, string>>
}

export interface UsagePoint {
  /** Where the bucket begins, unix ms. */
  at: number
  /** Empty without `by`, and for what belongs to nobody. */
  group: string
  tally: UsageTally
}

/** What a client key has used in the periods that budgets are for, since it was last reset. */
export interface KeyStandingRow {
  day: KeyUse
  month: KeyUse
  total: KeyUse
  requests: number
  /** When its last request ended, unix ms; 0 before the first. */
  lastAt: number
  /** When it was last reset, unix ms. */
  resetAt?: number
}

export interface KeyUse {
  costMicroUsd: number
  /** Input and output. */
  tokens: number
}

/**
 * What was used. Every entry goes into its bucket of each grain, and into the running totals, in one transaction: the grains always
 * agree, and nothing is counted twice, whenever a process dies.
 */
export interface UsageRows {
  /** All of them or none. */
  add(entries: readonly UsageEntry[]): Promise<void>
  /** Buckets in their order; those without usage are not there. */
  points(query: UsageQuery): Promise<UsagePoint[]>
  /** One sum each group, the dearest first. */
  sums(query: UsageQuery): Promise<Omit<UsagePoint, 'at'>[]>
  /** Everything that was ever used, of removed accounts too. */
  everything(): Promise<UsageTally>
  /** Of an account or an API key, since its last reset. */
  totals(of: { accountId: string }): Promise<UsageTotals>
  /** The same of many, by id, with when each last answered (unix ms; 0 before the first). Default: of all that were ever asked. */
  manyTotals(ids?: readonly string[]): Promise<Map<string, UsageTotals & { lastAt: number }>>
  /** When each account and each API key last served, unix ms. */
  lastUse(): Promise<ReadonlyMap<string, number>>
  /**
   * What an account had used elsewhere: its totals are at least these from now on. Importing the same twice counts once. Buckets stay as
   * they are.
   */
  carry(accountId: string, totals: UsageTotals): Promise<void>
  /** Its totals begin at zero; the buckets keep what was. */
  resetAccount(id: string): Promise<void>
  /** Its totals and its budgets begin at zero; the buckets keep what was. */
  resetClientKey(id: string, now: number): Promise<void>
  /** Of all client keys that ever asked. */
  keyStandings(now: number): Promise<Map<string, KeyStandingRow>>
  /** Takes away some of the buckets that begin before, the oldest first. @returns how many; 0 when none is left */
  removeOlder(grain: UsageGrain, before: number): Promise<number>
}

/** Beginnings of buckets that one statement takes away, so that nobody waits long for the write lock. */
const TIMES_AT_ONCE = 100

/** More of them are not named one by one. */
const MOST_NAMED = 200

const OWNER_COLUMNS = ['provider', 'model', 'candidate', 'client_key', 'tier', 'client'] as const

export function createUsageRows(db: Db, changes: Changes): UsageRows {
  const toBucket = upsert(db, 'usage_buckets', ['grain', 'at', ...OWNER_COLUMNS], [])
  const toTotal = upsert(db, 'usage_totals', ['kind', 'id'], ['last_at'])

  async function standing(of: Db | Transaction<Tables>, now: number, only?: string): Promise<Map<string, Standing>> {
    const [dayAt, monthAt] = [dayStart(now), monthStart(now)]
    const totals = await of
      .selectFrom('usage_totals')
      .select(['id', 'requests', 'input_tokens', 'output_tokens', 'cost_micro_usd', 'last_at', 'baseline', 'reset_at'])
      .where('kind', '=', 'client_key')
      .$if(only !== undefined, (q) => q.where('id', '=', only ?? ''))
      .execute()
    const days = await of
      .selectFrom('usage_buckets')
      .select(['client_key', 'at'])
      .select(({ fn }) => [
        fn.sum<number>('cost_micro_usd').as('cost'),
        fn.sum<number>('input_tokens').as('input'),
        fn.sum<number>('output_tokens').as('output'),
      ])
      .where('grain', '=', 'day')
      .where('at', '>=', monthAt)
      .$if(only !== undefined, (q) => q.where('client_key', '=', only ?? ''))
      .groupBy(['client_key', 'at'])
      .execute()
    const found = new Map<string, Standing>()
    for (const row of totals) {
      found.set(row.id, {
        requests: Number(row.requests),
        lastAt: Number(row.last_at),
        ...(row.reset_at === null ? {} : { resetAt: Number(row.reset_at) }),
        total: {
          costMicroUsd: Number(row.cost_micro_usd),
          tokens: Number(row.input_tokens) + Number(row.output_tokens),
        },
        day: { costMicroUsd: 0, tokens: 0 },
        month: { costMicroUsd: 0, tokens: 0 },
        baseline: JSON.parse(row.baseline) as KeyBaseline,
      })
    }
    for (const row of days) {
      const key = found.get(row.client_key)
      if (key === undefined) continue
      for (const use of Number(row.at) >= dayAt ? [key.day, key.month] : [key.month]) {
        use.costMicroUsd += Number(row.cost)
        use.tokens += Number(row.input) + Number(row.output)
      }
    }
    return found
  }

  return {
    async add(entries) {
      if (entries.length === 0) return
      await db.transaction().execute(async (trx) => {
        for (const grain of USAGE_GRAINS) {
          for (const { at, tally, ...of } of gathered(grain, entries)) {
            const owner = [of.provider, of.model, of.candidate, of.clientKey, of.tier, of.client]
            await trx.executeQuery({ ...toBucket, parameters: [grain, at, ...owner, ...tallyValues(tally)] })
          }
        }
        for (const { kind, id, lastAt, tally } of running(entries)) {
          await trx.executeQuery({ ...toTotal, parameters: [kind, id, lastAt, ...tallyValues(tally)] })
        }
      })
    },

    async points(query) {
      const rows = await counted(db, query)
        .select('at')
        .groupBy(['at', ...columnsOf(query.by)])
        .orderBy('at')
        .execute()
      return rows.map((row) => ({ at: Number(row.at), group: groupOf(query.by, row), tally: tallyOf(row) }))
    },

    async sums(query) {
      const by = columnsOf(query.by)
      const rows = await counted(db, query)
        .$if(by.length > 0, (q) => q.groupBy(by))
        .execute()
      return rows
        .map((row) => ({ group: groupOf(query.by, row), tally: tallyOf(row) }))
        .filter(({ tally }) => tally.requests > 0)
        .sort((a, b) => b.tally.costMicroUsd - a.tally.costMicroUsd || b.tally.requests - a.tally.requests)
    },

    async everything() {
      const row = await db.selectFrom('usage_totals').selectAll().where('kind', '=', 'all').executeTakeFirst()
      return row === undefined ? emptyTally() : tallyOf(row)
    },

    async totals({ accountId }) {
      const row = await db
        .selectFrom('usage_totals')
        .selectAll()
        .where('kind', '=', 'candidate')
        .where('id', '=', accountId)
        .executeTakeFirst()
      return ownAndCarried(row)
    },

    async lastUse() {
      const rows = await db
        .selectFrom('usage_totals')
        .select(['id', 'last_at'])
        .where('kind', '=', 'candidate')
        .execute()
      return new Map(rows.filter((row) => Number(row.last_at) > 0).map((row) => [row.id, Number(row.last_at)]))
    },

    async manyTotals(ids) {
      const rows = await db
        .selectFrom('usage_totals')
        .selectAll()
        .where('kind', '=', 'candidate')
        .$if(ids !== undefined && ids.length <= MOST_NAMED, (q) => q.where('id', 'in', [...(ids ?? [])]))
        .execute()
      return new Map(rows.map((row) => [row.id, { ...ownAndCarried(row), lastAt: Number(row.last_at) }]))
    },

    async carry(accountId, totals) {
      await db.transaction().execute(async (trx) => {
        const row = await totalsForChange(trx, 'candidate', accountId)
        await trx
          .updateTable('usage_totals')
          .set({ carried: JSON.stringify(carriedBy(row, totals)) })
          .where('kind', '=', 'candidate')
          .where('id', '=', accountId)
          .execute()
      })
    },

    async resetAccount(id) {
      await db.transaction().execute(async (trx) => {
        const row = await totalsForChange(trx, 'candidate', id)
        await trx
          .updateTable('usage_totals')
          .set({ baseline: JSON.stringify(usedOf(tallyOf(row))), carried: '{}' })
          .where('kind', '=', 'candidate')
          .where('id', '=', id)
          .execute()
      })
    },

    async resetClientKey(id, now) {
      // As a change of client keys, so that a gateway that runs hears of it.
      await changes.make('client_keys', async (trx) => {
        const key = (await standing(trx, now, id)).get(id)
        if (key === undefined) return { value: undefined, changed: false }
        const { day, month, total, requests } = key
        const baseline: KeyBaseline = {
          total,
          requests,
          day: { at: dayStart(now), ...day },
          month: { at: monthStart(now), ...month },
        }
        await trx
          .updateTable('usage_totals')
          .set({ baseline: JSON.stringify(baseline), reset_at: now })
          .where('kind', '=', 'client_key')
          .where('id', '=', id)
          .execute()
        return { value: undefined, changed: true }
      })
    },

    async keyStandings(now) {
      const out = new Map<string, KeyStandingRow>()
      for (const [id, { baseline, ...key }] of await standing(db, now)) {
        const since = (at: number, from?: { at: number } & KeyUse) => (from?.at === at ? from : undefined)
        out.set(id, {
          lastAt: key.lastAt,
          ...(key.resetAt === undefined ? {} : { resetAt: key.resetAt }),
          requests: key.requests - (baseline.requests ?? 0),
          total: less(key.total, baseline.total),
          day: less(key.day, since(dayStart(now), baseline.day)),
          month: less(key.month, since(monthStart(now), baseline.month)),
        })
      }
      return out
    },

    async removeOlder(grain, before) {
      const oldest = await db
        .selectFrom('usage_buckets')
        .select('at')
        .distinct()
        .where('grain', '=', grain)
        .where('at', '<', before)
        .orderBy('at')
        .limit(TIMES_AT_ONCE)
        .execute()
      const last = oldest.at(-1)
      if (last === undefined) return 0
      const done = await db
        .deleteFrom('usage_buckets')
        .where('grain', '=', grain)
        .where('at', '<=', last.at)
        .executeTakeFirst()
      return Number(done.numDeletedRows)
    },
  }
}

/** The first moment of the day, and of the month, UTC. */
export function dayStart(at: number): number {
  return Math.floor(at / GRAIN_MS.day) * GRAIN_MS.day
}
export function monthStart(at: number): number {
  const day = new Date(at)
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1)
}

interface KeyBaseline {
  requests?: number
  total?: KeyUse
  day?: { at: number } & KeyUse
  month?: { at: number } & KeyUse
}

type Standing = KeyStandingRow & { baseline: KeyBaseline }

function less(use: KeyUse, by: KeyUse | undefined): KeyUse {
  return by === undefined
    ? use
    : { costMicroUsd: Math.max(0, use.costMicroUsd - by.costMicroUsd), tokens: Math.max(0, use.tokens - by.tokens) }
}

/** Adds one row to what is there. Built once, because building it takes longer than running it. */
function upsert(db: Db, table: 'usage_buckets' | 'usage_totals', key: readonly string[], more: readonly string[]) {
  const columns = [...key, ...more, ...TALLY_COLUMNS]
  const sums = TALLY_COLUMNS.map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`${table}.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
  )
  const latest = more.map(
    (column) =>
      sql`${sql.ref(column)} = case when ${sql.ref(`excluded.${column}`)} > ${sql.ref(`${table}.${column}`)} then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`${table}.${column}`)} end`,
  )
  return sql`
    insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values (${sql.join(columns.map(() => sql.value(0)))})
    on conflict (${sql.join(key.map((column) => sql.ref(column)))})
    do update set ${sql.join([...sums, ...latest])}`.compile(db)
}

/** The entries of one bucket of a grain as one. */
function gathered(grain: UsageGrain, entries: readonly UsageEntry[]): Iterable<UsageEntry> {
  const rows = new Map<string, UsageEntry>()
  for (const { tally, ...entry } of entries) {
    const at = Math.floor(entry.at / GRAIN_MS[grain]) * GRAIN_MS[grain]
    const { provider, model, candidate, clientKey, tier, client } = entry
    const id = [at, provider, model, candidate, clientKey, tier, client].join('\0')
    const row = rows.get(id) ?? { ...entry, at, tally: emptyTally() }
    rows.set(id, row)
    addTally(row.tally, tally)
  }
  return rows.values()
}

interface Running {
  kind: 'all' | 'candidate' | 'client_key'
  id: string
  lastAt: number
  tally: UsageTally
}

/** What the entries add to the running totals. */
function running(entries: readonly UsageEntry[]): Iterable<Running> {
  const rows = new Map<string, Running>()
  for (const { at, tally, candidate, clientKey } of entries) {
    for (const [kind, id] of [
      ['all', ''],
      ['candidate', candidate],
      ['client_key', clientKey],
    ] as const) {
      if (kind !== 'all' && id === '') continue
      const row = rows.get(`${kind} ${id}`) ?? { kind, id, lastAt: at, tally: emptyTally() }
      rows.set(`${kind} ${id}`, row)
      row.lastAt = Math.max(row.lastAt, at)
      addTally(row.tally, tally)
    }
  }
  return rows.values()
}

async function totalsForChange(trx: Transaction<Tables>, kind: 'candidate' | 'client_key', id: string) {
  await trx
    .insertInto('usage_totals')
    .values({ kind, id, last_at: 0 } as InsertObject<Tables, 'usage_totals'>)
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doNothing())
    .execute()
  return trx
    .selectFrom('usage_totals')
    .selectAll()
    .where('kind', '=', kind)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

function columnsOf(by: UsageGroup | undefined): (typeof OWNER_COLUMNS)[number][] {
  switch (by) {
    case undefined:
      return []
    case 'model':
      return ['provider', 'model']
    case 'account':
    case 'api_key':
      return ['candidate']
    default:
      return [by]
  }
}

function groupOf(by: UsageGroup | undefined, row: Partial<Record<(typeof OWNER_COLUMNS)[number], string>>): string {
  if (by === 'model') return row.provider === '' && row.model === '' ? '' : `${row.provider ?? ''}:${row.model ?? ''}`
  const [column] = columnsOf(by)
  return column === undefined ? '' : (row[column] ?? '')
}

/** What its columns hold for one group; the other way round of {@link groupOf}. */
function valuesOf(by: UsageGroup, group: string): (readonly [(typeof OWNER_COLUMNS)[number], string])[] {
  if (by !== 'model') return columnsOf(by).map((column) => [column, group])
  const colon = group.indexOf(':')
  return [
    ['provider', group.slice(0, Math.max(0, colon))],
    ['model', group.slice(colon + 1)],
  ]
}

/** Accounts are told from API keys by what their ids begin with. */
const ACCOUNT = 'acc!_%'

function counted(db: Db, { grain, from, to, by, only = {} }: UsageQuery) {
  const wanted = USAGE_GROUPS.flatMap((group) => {
    const value = only[group]
    return value === undefined ? [] : valuesOf(group, value)
  })
  return db
    .selectFrom('usage_buckets')
    .select(TALLY_COLUMNS.map((column) => sql<number>`sum(${sql.ref(column)})`.as(column)))
    .select(columnsOf(by))
    .where('grain', '=', grain)
    .$if(from !== undefined, (q) => q.where('at', '>=', from ?? 0))
    .$if(to !== undefined, (q) => q.where('at', '<', to ?? 0))
    .$if(wanted.length > 0, (q) =>
      q.where(({ and, eb }) => and(wanted.map(([column, value]) => eb(column, '=', value)))),
    )
    .$if(by === 'account', (q) => q.where(sql<boolean>`candidate like ${ACCOUNT} escape '!'`))
    .$if(by === 'api_key', (q) => q.where(sql<boolean>`candidate <> '' and candidate not like ${ACCOUNT} escape '!'`))
}
