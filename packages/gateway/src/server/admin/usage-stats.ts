import { FailureError, invalidRequest } from '@dragoman/protocol'
import { GRAIN_MS, USAGE_GROUPS, type UsageGrain, type UsageGroup, type UsageRows } from '../../store/index.js'
import { alignedSeries, csv, grainFor, sumOf, usageFields, type Cell, type UsageFields } from '../../usage/index.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'

export interface UsageStatsHouse {
  rows: Pick<UsageRows, 'everything' | 'points' | 'sums'>
  /** Writes what is not written yet, so that what is told is true now. */
  flush(): Promise<void>
  accounts(): { total: number; active: number }
  /** What people call an account, an API key or a client key; undefined when it is gone. */
  nameOf(by: UsageGroup, id: string): string | undefined
  /** Unix ms. */
  now?: () => number
}

/**
 * `GET /admin/usage-stats/…`: `summary`, `history`, `series`, and one table each by model, account, API key, client key and provider.
 * Parity 1.12, with `group_by`, `from`, `to` and `format=csv` besides.
 */
export function usageStatsRoutes(house: UsageStatsHouse): Route[] {
  const route = (
    name: string,
    answer: (asked: Asked, query: Query) => Promise<void>,
    otherwise: 'hourly' | 'fitting' = 'fitting',
  ): Route => ({
    methods: ['GET'],
    paths: [`/admin/usage-stats/${name}`],
    access: 'admin',
    dialect: 'management',
    async answer(asked) {
      const query = readQuery(asked.query, (house.now ?? Date.now)(), otherwise)
      await house.flush()
      await answer(asked, query)
    },
  })
  return [
    route('summary', async (asked, query) => {
      const tally = query.bounded
        ? sumOf((await house.rows.sums(query)).map((one) => one.tally))
        : await house.rows.everything()
      const { total, active } = house.accounts()
      const totals = Object.entries(usageFields(tally)).map(([name, value]): [string, Cell] =>
        // Averages are no totals.
        [name.endsWith('_ms') ? name : `total_${name}`, value],
      )
      const told = { ...Object.fromEntries(totals), total_accounts: total, active_accounts: active }
      send(asked, query, 'summary', told, Object.keys(told), [Object.values(told)])
    }),
    route(
      'history',
      async (asked, query) => {
        const { by, granularity, hours } = query
        if (granularity === 'raw' && hours === 'all') {
          throw wrong('hours', 'raw points of all time are too many; say a number of hours, or another granularity')
        }
        checkLength(query)
        const head = ['timestamp', ...columns(by)]
        const points = (await house.rows.points(query)).map(({ at, group, tally }) => ({
          timestamp: iso(at),
          ...named(house, by, group),
          ...usageFields(tally),
        }))
        const told = { granularity, hours, ...(by === undefined ? {} : { group_by: by }), data_points: points }
        send(asked, query, 'history', told, head, points.map(cells(head)))
      },
      'hourly',
    ),
    route('series', async (asked, query) => {
      const { by, grain, granularity, limit, to } = query
      checkLength(query)
      const points = await house.rows.points(query)
      const from = query.from ?? points[0]?.at ?? to - DEFAULT_HOURS * GRAIN_MS.hour
      checkLength({ ...query, from })
      const { at, series } = alignedSeries(points, { grain, from, to, groups: limit })
      const lines = series.map(({ group, tallies }) => {
        const fields = tallies.map(usageFields)
        const values = Object.fromEntries(IN_SERIES.map((name) => [name, fields.map((one) => one[name])]))
        return { ...named(house, by, group), ...values }
      })
      const rows = series.flatMap(({ group, tallies }) =>
        tallies.map((tally, n) => ({
          timestamp: iso(at[n] ?? from),
          ...named(house, by, group),
          ...usageFields(tally),
        })),
      )
      const head = ['timestamp', ...(by === undefined ? [] : GROUP_COLUMNS), ...IN_SERIES]
      const told = { granularity, from: iso(from), to: iso(to), timestamps: at.map(iso), series: lines }
      send(asked, query, 'series', told, head, rows.map(cells(head)))
    }),
    ...TABLES.map(([name, by]) =>
      route(name, async (asked, query) => {
        const sums = await house.rows.sums({ ...query, by })
        const rows = sums.map(({ group, tally }) => ({ ...named(house, by, group), ...usageFields(tally) }))
        const told = {
          group_by: by,
          from: query.from === undefined ? null : iso(query.from),
          to: iso(query.to),
          rows,
          total: usageFields(sumOf(sums.map(({ tally }) => tally))),
        }
        send(asked, query, name, told, columns(by), rows.map(cells(columns(by))))
      }),
    ),
  ]
}

const TABLES: readonly (readonly [path: string, by: UsageGroup])[] = [
  ['models', 'model'],
  ['accounts', 'account'],
  ['api-keys', 'api_key'],
  ['client-keys', 'client_key'],
  ['providers', 'provider'],
]

const FIELDS = Object.keys(usageFields(sumOf([]))) as (keyof UsageFields)[]
const GROUP_COLUMNS = ['group', 'name']
/** What charts are drawn of. */
const IN_SERIES = [
  'request_count',
  'request_failed_count',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'estimated_cost_usd',
  'ttft_p50_ms',
  'ttft_p95_ms',
] as const

const columns = (by: UsageGroup | undefined): string[] => [...(by === undefined ? [] : GROUP_COLUMNS), ...FIELDS]
const cells =
  (head: readonly string[]) =>
  (row: Readonly<Record<string, Cell>>): Cell[] =>
    head.map((name) => row[name] ?? null)

function named(house: UsageStatsHouse, by: UsageGroup | undefined, group: string): Record<string, string | null> {
  if (by === undefined) return {}
  return { group, name: house.nameOf(by, group) ?? null }
}

interface Query {
  granularity: 'raw' | 'five_min' | 'hourly' | 'daily'
  grain: UsageGrain
  hours: number | 'all' | null
  from?: number
  to: number
  /** A time was asked for. */
  bounded: boolean
  by?: UsageGroup
  limit: number
  csv: boolean
}

const GRAINS = { raw: 'five_min', five_min: 'five_min', hourly: 'hour', daily: 'day' } as const
const NAMES = { five_min: 'five_min', hour: 'hourly', day: 'daily' } as const
const DEFAULT_HOURS = 24
const MAX_HOURS = 24 * 3660
/** Buckets that one answer may span. */
const MAX_BUCKETS = 10_000

/**
 * @param otherwise the granularity when none is asked for: `fitting` goes by how long the time is, which is all time when none is
 *   asked for either
 * @throws FailureError that names the parameter
 */
function readQuery(text: string, now: number, otherwise: 'hourly' | 'fitting'): Query {
  const asked = new URLSearchParams(text)
  const by = asked.get('group_by') ?? undefined
  if (by !== undefined && !isGroup(by)) throw wrong('group_by', `expected one of ${USAGE_GROUPS.join(', ')}`)
  const format = asked.get('format') ?? 'json'
  if (format !== 'json' && format !== 'csv') throw wrong('format', 'expected json or csv')
  const limit = Number(asked.get('limit') ?? 10)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw wrong('limit', 'expected a number from 1 to 100')

  const since = timeIn(asked, 'from')
  const to = timeIn(asked, 'to') ?? now
  if (since !== undefined && since >= to) throw wrong('from', 'expected a time before the end')
  const told = hoursIn(asked.get('hours'))
  const hours = told ?? (since !== undefined ? null : otherwise === 'hourly' ? DEFAULT_HOURS : 'all')
  const from = since ?? (typeof hours === 'number' ? to - hours * GRAIN_MS.hour : undefined)
  const fitting = NAMES[from === undefined ? 'day' : grainFor(to - from)]
  const granularity = asked.get('granularity') ?? (otherwise === 'fitting' ? fitting : 'hourly')
  if (!isGranularity(granularity)) throw wrong('granularity', `expected one of ${Object.keys(GRAINS).join(', ')}`)
  const grain = GRAINS[granularity]
  return {
    granularity,
    grain,
    hours,
    // The bucket in which the time begins belongs to it.
    ...(from === undefined ? {} : { from: Math.floor(from / GRAIN_MS[grain]) * GRAIN_MS[grain] }),
    to,
    bounded: from !== undefined || asked.get('to') !== null,
    ...(by === undefined ? {} : { by }),
    limit,
    csv: format === 'csv',
  }
}

const isGroup = (text: string): text is UsageGroup => USAGE_GROUPS.some((group) => group === text)
const isGranularity = (text: string): text is Query['granularity'] => Object.hasOwn(GRAINS, text)

function hoursIn(text: string | null): Query['hours'] {
  if (text === null || text === 'all') return text
  const hours = Number(text)
  if (text.trim() !== '' && hours > 0 && hours <= MAX_HOURS) return hours
  throw wrong('hours', `expected all, or a number of hours up to ${MAX_HOURS}`)
}

/** Unix ms, or a date as ISO 8601 writes it. */
function timeIn(asked: URLSearchParams, name: 'from' | 'to'): number | undefined {
  const text = asked.get(name)
  if (text === null) return undefined
  const at = /^\d{1,15}$/.test(text) ? Number(text) : /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(at)) throw wrong(name, 'expected a time such as 2026-01-31T12:00:00Z, or unix milliseconds')
  return at
}

function checkLength({ from, to, grain }: Query): void {
  if (from === undefined || (to - from) / GRAIN_MS[grain] <= MAX_BUCKETS) return
  throw wrong('granularity', `more than ${MAX_BUCKETS} steps; ask for a shorter time or a coarser granularity`)
}

function wrong(name: string, message: string): FailureError {
  return new FailureError(invalidRequest(`/${name}`, message))
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function send(
  { res, headers }: Asked,
  query: Query,
  name: string,
  told: object,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  if (!query.csv) return sendJson(res, 200, headers, told)
  const text = csv(head, rows)
  res.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="usage-${name}.csv"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': Buffer.byteLength(text),
  })
  res.end(text)
}
