import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { GRAIN_MS, USAGE_GROUPS, type UsageGrain, type UsageGroup } from '../../store/index.js'
import { grainFor } from '../../usage/index.js'

/** What a question about usage means. */
export interface UsageAsked {
  granularity: 'raw' | 'five_min' | 'hourly' | 'daily'
  grain: UsageGrain
  hours: number | 'all' | null
  from?: number
  to: number
  /** A time was asked for. */
  bounded: boolean
  by?: UsageGroup
  /** Only what belongs to these. */
  only: Partial<Record<UsageGroup, string>>
  limit: number
  csv: boolean
}

const GRAINS = { raw: 'five_min', five_min: 'five_min', hourly: 'hour', daily: 'day' } as const
const NAMES = { five_min: 'five_min', hour: 'hourly', day: 'daily' } as const
export const DEFAULT_HOURS = 24
const MAX_HOURS = 24 * 3660
/** Buckets that one answer may span. */
const MAX_BUCKETS = 10_000

const text = (description: string) => z.string().optional().openapi({ description })
const only = Object.fromEntries(
  USAGE_GROUPS.map((group) => [group, text(`Only of this ${group.replace('_', ' ')}.`)]),
) as Record<UsageGroup, ReturnType<typeof text>>

/** The time and the form of every question; read by {@link readQuery}, which says what is wrong in words. */
const SPAN = {
  from: text('Unix ms, or ISO 8601.'),
  to: text('Unix ms, or ISO 8601. Default: now.'),
  hours: text('So many hours before the end, or `all`.'),
  granularity: text(`One of ${Object.keys(GRAINS).join(', ')}. Default: what fits the time.`),
  ...only,
}
const FORM = { format: text('`json` or `csv`.') }
const BY = { group_by: text(`One of ${USAGE_GROUPS.join(', ')}.`) }

export const SUMMARY_QUERY = z.object({ ...SPAN, ...FORM })
export const TABLE_QUERY = SUMMARY_QUERY
export const HISTORY_QUERY = z.object({ ...SPAN, ...FORM, ...BY })
export const SERIES_QUERY = z.object({
  ...SPAN,
  ...FORM,
  ...BY,
  limit: text('So many lines, 1 to 100; the others are one. Default 10.'),
})
export const HOURS_QUERY = z.object({
  ...SPAN,
  time_zone: text('Whose hours: `Europe/Berlin`. Default UTC.'),
})

/**
 * @param otherwise the granularity when none is asked for: `fitting` goes by how long the time is, which is all time when none is
 *   asked for either
 * @throws FailureError that names the parameter
 */
export function readQuery(
  asked: Readonly<Record<string, string | undefined>>,
  now: number,
  otherwise: 'hourly' | 'fitting',
): UsageAsked {
  const by = asked['group_by']
  if (by !== undefined && !isGroup(by)) throw wrong('group_by', `expected one of ${USAGE_GROUPS.join(', ')}`)
  const format = asked['format'] ?? 'json'
  if (format !== 'json' && format !== 'csv') throw wrong('format', 'expected json or csv')
  const limit = Number(asked['limit'] ?? 10)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw wrong('limit', 'expected a number from 1 to 100')

  const since = timeIn(asked, 'from')
  const to = timeIn(asked, 'to') ?? now
  if (since !== undefined && since >= to) throw wrong('from', 'expected a time before the end')
  const told = hoursIn(asked['hours'])
  const hours = told ?? (since !== undefined ? null : otherwise === 'hourly' ? DEFAULT_HOURS : 'all')
  const from = since ?? (typeof hours === 'number' ? to - hours * GRAIN_MS.hour : undefined)
  const fitting = NAMES[from === undefined ? 'day' : grainFor(to - from)]
  const granularity = asked['granularity'] ?? (otherwise === 'fitting' ? fitting : 'hourly')
  if (!isGranularity(granularity)) throw wrong('granularity', `expected one of ${Object.keys(GRAINS).join(', ')}`)
  const grain = GRAINS[granularity]
  return {
    granularity,
    grain,
    hours,
    // The bucket in which the time begins belongs to it.
    ...(from === undefined ? {} : { from: Math.floor(from / GRAIN_MS[grain]) * GRAIN_MS[grain] }),
    to,
    bounded: from !== undefined || asked['to'] !== undefined,
    ...(by === undefined ? {} : { by }),
    only: onlyIn(asked),
    limit,
    csv: format === 'csv',
  }
}

const isGroup = (word: string): word is UsageGroup => USAGE_GROUPS.some((group) => group === word)
const isGranularity = (word: string): word is UsageAsked['granularity'] => Object.hasOwn(GRAINS, word)

function onlyIn(asked: Readonly<Record<string, string | undefined>>): UsageAsked['only'] {
  return Object.fromEntries(
    USAGE_GROUPS.flatMap((group) => (asked[group] === undefined ? [] : [[group, asked[group]]])),
  )
}

function hoursIn(told: string | undefined): UsageAsked['hours'] {
  if (told === undefined) return null
  if (told === 'all') return told
  const hours = Number(told)
  if (told.trim() !== '' && hours > 0 && hours <= MAX_HOURS) return hours
  throw wrong('hours', `expected all, or a number of hours up to ${MAX_HOURS}`)
}

/** Unix ms, or a date as ISO 8601 writes it. */
function timeIn(asked: Readonly<Record<string, string | undefined>>, name: 'from' | 'to'): number | undefined {
  const told = asked[name]
  if (told === undefined) return undefined
  const at = /^\d{1,15}$/.test(told) ? Number(told) : /^\d{4}-\d{2}/.test(told) ? Date.parse(told) : NaN
  if (Number.isNaN(at)) throw wrong(name, 'expected a time such as 2026-01-31T12:00:00Z, or unix milliseconds')
  return at
}

/** @throws FailureError when the answer would span too many buckets */
export function checkLength({ from, to, grain }: UsageAsked): void {
  if (from === undefined || (to - from) / GRAIN_MS[grain] <= MAX_BUCKETS) return
  throw wrong('granularity', `more than ${MAX_BUCKETS} steps; ask for a shorter time or a coarser granularity`)
}

/** @throws FailureError */
export function zoneIn(told: string | undefined): string {
  const zone = told ?? 'UTC'
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
  } catch {
    throw wrong('time_zone', 'expected a time zone such as Europe/Berlin')
  }
  return zone
}

export function wrong(name: string, message: string): FailureError {
  return new FailureError(invalidRequest(`/${name}`, message))
}
