import type { Command } from 'commander'
import type { UsageGrain } from '../store/index.js'
import { CommandError, type Deps } from './deps.js'
import { inRoom } from './room.js'
import { table } from './table.js'

/** What `--by` takes, and how the gateway calls it. */
const BY = {
  model: 'model',
  account: 'account',
  key: 'api_key',
  client: 'client_key',
  program: 'client',
  provider: 'provider',
  day: 'day',
} as const

interface UsageOptions {
  by: string
  since: string
  json?: boolean
  csv?: boolean
}

/** `usage`: requests, tokens and money, by whom or when. */
export function usageCommand(program: Command, deps: Deps): void {
  program
    .command('usage')
    .description('what was used: requests, tokens, and what they would cost at list prices')
    .option('--by <what>', `${Object.keys(BY).join(', ')}`, 'model')
    .option('--since <time>', 'so long ago (90m, 24h, 7d), a day (2026-01-31), or all', '7d')
    .option('--json', 'one line of JSON')
    .option('--csv', 'as a spreadsheet reads it')
    .addHelpText(
      'after',
      '\nExamples:\n  dragoman usage\n  dragoman usage --by client --since 30d\n  dragoman usage --by day --since 2026-01-01 --csv > usage.csv' +
        '\n\nA running gateway writes what it counts within two seconds. Days begin at midnight UTC.',
    )
    .action(async (options: UsageOptions) => {
      if (options.json === true && options.csv === true) throw new CommandError('choose one of --json and --csv', 2)
      if (!Object.hasOwn(BY, options.by)) throw new CommandError(`--by takes ${Object.keys(BY).join(', ')}`, 2)
      const by = BY[options.by as keyof typeof BY]
      const now = Date.now()
      const since = sinceOf(options.since, now)
      const { csv, grainFor, nameOfUser, sumOf, usageFields } = await import('../usage/index.js')
      const { GRAIN_MS } = await import('../store/index.js')
      const grain: UsageGrain = by === 'day' || since === undefined ? 'day' : grainFor(now - since)
      // The bucket in which the time begins belongs to it.
      const from = since === undefined ? undefined : Math.floor(since / GRAIN_MS[grain]) * GRAIN_MS[grain]
      await inRoom(deps, async ({ store, accounts }) => {
        const query = { grain, ...(from === undefined ? {} : { from }) }
        const found =
          by === 'day'
            ? (await store.usage.points(query)).map(({ at, tally }) => ({ group: dayOf(at), name: undefined, tally }))
            : (await store.usage.sums({ ...query, by })).map(({ group, tally }) => ({
                group,
                name: nameOfUser({ ...store, accounts }, by, group),
                tally,
              }))
        const rows = found.map(({ group, name, tally }) => ({ group, name: name ?? null, ...usageFields(tally) }))
        const total = usageFields(sumOf(found.map(({ tally }) => tally)))
        const begin = from === undefined ? null : new Date(from).toISOString()
        if (options.json) return deps.out(`${JSON.stringify({ by: options.by, from: begin, rows, total })}\n`)
        if (options.csv) {
          const head = ['group', 'name', ...Object.keys(total)] as (keyof (typeof rows)[number])[]
          return deps.out(
            csv(
              head,
              rows.map((row) => head.map((column) => row[column])),
            ),
          )
        }
        if (rows.length === 0) return deps.out('Nothing was used in that time.\n')
        deps.out(
          table(
            [options.by, 'requests', 'failed', 'input', 'cached', 'output', 'cost', 'first token'],
            [...rows, { ...total, group: 'total', name: null }].map((row) => [
              row.name ?? (row.group === '' ? '(nobody answered)' : row.group),
              count(row.request_count),
              count(row.request_failed_count),
              count(row.input_tokens),
              count(row.cached_tokens),
              count(row.output_tokens),
              `$${row.estimated_cost_usd.toFixed(2)}${row.unpriced_request_count > 0 ? ` + ${row.unpriced_request_count} without price` : ''}`,
              row.ttft_p50_ms === null ? '-' : `${(row.ttft_p50_ms / 1000).toFixed(1)} s`,
            ]),
          ),
        )
      })
    })
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Unix ms; undefined for all time. */
function sinceOf(text: string, now: number): number | undefined {
  if (text === 'all') return undefined
  const [, number = '', unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const span = Number(number) * (UNIT_MS[unit] ?? 0)
  if (span > 0) return now - span
  const day = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN
  if (day <= now) return day
  throw new CommandError('--since takes how long ago (90m, 24h, 7d), a day that has begun (2026-01-31), or all', 2)
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Digits in groups of three. */
function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}
