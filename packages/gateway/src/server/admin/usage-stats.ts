import { createRoute } from '@hono/zod-openapi'
import { z } from '@hono/zod-openapi'
import { GRAIN_MS, type UsageGroup, type UsageRows, type UsageTally } from '../../store/index.js'
import {
  alignedSeries,
  csv,
  hoursOfWeek,
  pricesAsOf,
  sumOf,
  usageFields,
  type Cell,
  type UsageFields,
} from '../../usage/index.js'
import { json, PROBLEMS, type AdminApi } from './api.js'
import {
  checkLength,
  DEFAULT_HOURS,
  HISTORY_QUERY,
  HOURS_QUERY,
  readQuery,
  SERIES_QUERY,
  SUMMARY_QUERY,
  TABLE_QUERY,
  wrong,
  zoneIn,
} from './usage-stats-query.js'
import { UsageHistory, UsageHours, UsageSeries, UsageSummary, UsageTable } from './usage-stats-schemas.js'

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

const FIELDS = Object.keys(usageFields(sumOf([]))) as (keyof UsageFields)[]
const GROUP_COLUMNS = ['group', 'name']
/** What charts are drawn of. */
const IN_SERIES = [
  'request_count',
  'request_failed_count',
  'request_cancelled_count',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'image_input_tokens',
  'image_output_tokens',
  'image_request_count',
  'estimated_cost_usd',
  'ttft_p50_ms',
  'ttft_p95_ms',
  'duration_p50_ms',
  'duration_p95_ms',
] as const
/** What a heat map is drawn of. */
const IN_HOURS = [
  'request_count',
  'request_failed_count',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'estimated_cost_usd',
] as const

const TABLES: readonly (readonly [path: string, by: UsageGroup, what: string])[] = [
  ['models', 'model', 'model'],
  ['accounts', 'account', 'account'],
  ['api-keys', 'api_key', 'API key'],
  ['client-keys', 'client_key', 'client key'],
  ['clients', 'client', 'client program'],
  ['providers', 'provider', 'provider'],
]

/**
 * `GET /admin/usage-stats/…`: `summary`, `history`, `series`, `hours`, and one table each by model, account, API key, client key, client
 * program and provider. Parity 1.12, with groups, filters, times and `format=csv` besides.
 */
export function usageStatsApi(api: AdminApi, house: UsageStatsHouse): void {
  const now = (): number => (house.now ?? Date.now)()

  api.openapi(described('summary', 'What was used, in one sum', SUMMARY_QUERY, UsageSummary), async (c) => {
    const query = readQuery(c.req.valid('query'), now(), 'fitting')
    await house.flush()
    const some = query.bounded || Object.keys(query.only).length > 0
    const fields = usageFields(
      some ? sumOf((await house.rows.sums(query)).map(({ tally }) => tally)) : await house.rows.everything(),
    )
    const { total, active } = house.accounts()
    const told = {
      ...totalsOf(fields),
      total_accounts: total,
      active_accounts: active,
    }
    if (query.csv) return csvReply('summary', Object.keys(told), [Object.values(told)])
    return c.json({ ...told, prices_as_of: pricesAsOf(now()) }, 200)
  })

  api.openapi(described('history', 'What was used, step by step', HISTORY_QUERY, UsageHistory), async (c) => {
    const query = readQuery(c.req.valid('query'), now(), 'hourly')
    const { by, granularity, hours } = query
    if (granularity === 'raw' && hours === 'all') {
      throw wrong('hours', 'raw points of all time are too many; say a number of hours, or another granularity')
    }
    checkLength(query)
    await house.flush()
    const points = (await house.rows.points(query)).map(({ at, group, tally }) => ({
      timestamp: iso(at),
      ...named(house, by, group),
      ...usageFields(tally),
    }))
    const head = ['timestamp', ...columns(by)]
    if (query.csv) return csvReply('history', head, points.map(cells(head)))
    return c.json({ granularity, hours, ...(by === undefined ? {} : { group_by: by }), data_points: points }, 200)
  })

  api.openapi(described('series', 'Lines of a chart, a value for every step', SERIES_QUERY, UsageSeries), async (c) => {
    const query = readQuery(c.req.valid('query'), now(), 'fitting')
    const { by, grain, granularity, limit, to } = query
    checkLength(query)
    await house.flush()
    const points = await house.rows.points(query)
    const from = query.from ?? points[0]?.at ?? to - DEFAULT_HOURS * GRAIN_MS.hour
    checkLength({ ...query, from })
    const { at, series } = alignedSeries(points, { grain, from, to, groups: limit })
    if (query.csv) {
      const head = ['timestamp', ...(by === undefined ? [] : GROUP_COLUMNS), ...IN_SERIES]
      const rows = series.flatMap(({ group, tallies }) =>
        tallies.map((tally, n) => ({
          timestamp: iso(at[n] ?? from),
          ...named(house, by, group),
          ...usageFields(tally),
        })),
      )
      return csvReply('series', head, rows.map(cells(head)))
    }
    const lines = series.map(({ group, tallies }) => ({ ...named(house, by, group), ...linesOf(tallies) }))
    return c.json({ granularity, from: iso(from), to: iso(to), timestamps: at.map(iso), series: lines }, 200)
  })

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/usage-stats/hours',
      tags: ['usage'],
      summary: 'In which hours of the week',
      request: { query: HOURS_QUERY },
      responses: { 200: json(UsageHours, 'Sums by weekday and hour.'), ...PROBLEMS },
    }),
    async (c) => {
      const zone = zoneIn(c.req.valid('query').time_zone)
      const query = readQuery({ granularity: 'hourly', ...c.req.valid('query') }, now(), 'fitting')
      if (query.grain === 'day') throw wrong('granularity', 'days have no hours; expected hourly or five_min')
      checkLength(query)
      await house.flush()
      const week = hoursOfWeek(await house.rows.points(query), zone)
      const told = Object.fromEntries(
        IN_HOURS.map((field) => [field, week.map((day) => day.map((tally) => usageFields(tally)[field]))]),
      ) as Record<(typeof IN_HOURS)[number], number[][]>
      const from = query.from === undefined ? null : iso(query.from)
      return c.json({ time_zone: zone, from, to: iso(query.to), ...told }, 200)
    },
  )

  for (const [path, by, what] of TABLES) {
    api.openapi(described(path, `What was used, by ${what}`, TABLE_QUERY, UsageTable), async (c) => {
      const query = readQuery(c.req.valid('query'), now(), 'fitting')
      await house.flush()
      const sums = await house.rows.sums({ ...query, by })
      const rows = sums.map(({ group, tally }) => ({
        group,
        name: house.nameOf(by, group) ?? null,
        ...usageFields(tally),
      }))
      if (query.csv) return csvReply(path, columns(by), rows.map(cells(columns(by))))
      const from = query.from === undefined ? null : iso(query.from)
      const total = usageFields(sumOf(sums.map(({ tally }) => tally)))
      return c.json({ group_by: by, from, to: iso(query.to), rows, total }, 200)
    })
  }
}

function described<Query extends z.ZodObject, Told extends z.ZodType>(
  name: string,
  summary: string,
  query: Query,
  told: Told,
) {
  return createRoute({
    method: 'get',
    path: `/admin/usage-stats/${name}`,
    tags: ['usage'],
    summary,
    request: { query },
    responses: {
      200: {
        content: { 'application/json': { schema: told }, 'text/csv': { schema: z.string() } },
        description: 'The numbers; with `format=csv` as a table.',
      },
      ...PROBLEMS,
    },
  })
}

/** Under the names of the predecessors' summary. Averages are no totals. */
function totalsOf({ ttft_avg_ms, ttft_p50_ms, ttft_p95_ms, duration_avg_ms, ...rest }: UsageFields) {
  const { duration_p50_ms, duration_p95_ms, ...counts } = rest
  const totals = Object.fromEntries(Object.entries(counts).map(([name, value]) => [`total_${name}`, value])) as {
    [Name in keyof typeof counts as `total_${Name}`]: number
  }
  return { ...totals, ttft_avg_ms, ttft_p50_ms, ttft_p95_ms, duration_avg_ms, duration_p50_ms, duration_p95_ms }
}

function linesOf(tallies: readonly UsageTally[]) {
  const fields = tallies.map(usageFields)
  return Object.fromEntries(IN_SERIES.map((name) => [name, fields.map((one) => one[name])])) as {
    [Name in (typeof IN_SERIES)[number]]: UsageFields[Name][]
  }
}

const columns = (by: UsageGroup | undefined): string[] => [...(by === undefined ? [] : GROUP_COLUMNS), ...FIELDS]
const cells =
  (head: readonly string[]) =>
  (row: Readonly<Record<string, Cell>>): Cell[] =>
    head.map((name) => row[name] ?? null)

function named(house: UsageStatsHouse, by: UsageGroup | undefined, group: string) {
  return by === undefined ? {} : { group, name: house.nameOf(by, group) ?? null }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}

function csvReply(name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Response {
  return new Response(csv(head, rows), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="usage-${name}.csv"`,
    },
  })
}
