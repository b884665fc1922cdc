import { addTally, emptyTally, GRAIN_MS, type UsageGrain, type UsagePoint, type UsageTally } from '../store/index.js'
import { percentile } from './times.js'

/** The counts of a tally under the names of the predecessors' statistics, and what is ours. */
export type UsageFields = ReturnType<typeof usageFields>

export function usageFields(tally: UsageTally) {
  return {
    input_tokens: tally.inputTokens,
    output_tokens: tally.outputTokens,
    cached_tokens: tally.cachedTokens,
    image_input_tokens: tally.imageInputTokens,
    image_output_tokens: tally.imageOutputTokens,
    image_request_count: tally.imageRequests,
    image_request_failed_count: tally.imageFailed,
    estimated_cost_usd: tally.costMicroUsd / 1e6,
    request_count: tally.requests,
    reasoning_tokens: tally.reasoningTokens,
    request_failed_count: tally.failed,
    request_cancelled_count: tally.cancelled,
    unpriced_request_count: tally.unpriced,
    ...times('ttft', tally.ttftMs, tally.ttftSteps),
    ...times('duration', tally.durationMs, tally.durationSteps),
  }
}

/** Null where nothing was measured. The percentiles are as fine as the steps of the histogram: within a factor of two. */
function times<Name extends 'ttft' | 'duration'>(name: Name, sumMs: number, steps: readonly number[]) {
  const count = steps.reduce((sum, one) => sum + one, 0)
  return {
    [`${name}_avg_ms`]: count === 0 ? null : Math.round(sumMs / count),
    [`${name}_p50_ms`]: percentile(steps, 0.5) ?? null,
    [`${name}_p95_ms`]: percentile(steps, 0.95) ?? null,
  } as Record<`${Name}_${'avg' | 'p50' | 'p95'}_ms`, number | null>
}

/** One sum of many. */
export function sumOf(tallies: Iterable<UsageTally>): UsageTally {
  const sum = emptyTally()
  for (const tally of tallies) addTally(sum, tally)
  return sum
}

/** The finest grain that tells so long a time in a number of steps that can be looked at. */
export function grainFor(spanMs: number): UsageGrain {
  if (spanMs <= 2 * GRAIN_MS.day) return 'five_min'
  return spanMs <= 60 * GRAIN_MS.day ? 'hour' : 'day'
}

/** Points as lines of a chart: a value for every bucket, also where nothing was used, and all groups beyond the largest as one. */
export function alignedSeries(
  points: readonly UsagePoint[],
  { grain, from, to, groups }: { grain: UsageGrain; from: number; to: number; groups: number },
): { at: number[]; series: { group: string; tallies: UsageTally[] }[] } {
  const step = GRAIN_MS[grain]
  const first = Math.floor(from / step) * step
  const at = Array.from({ length: Math.max(0, Math.ceil((to - first) / step)) }, (_, n) => first + n * step)
  const sizes = new Map<string, UsageTally>()
  for (const { group, tally } of points) {
    const sum = sizes.get(group) ?? emptyTally()
    addTally(sum, tally)
    sizes.set(group, sum)
  }
  const largest = [...sizes]
    .sort(([, a], [, b]) => b.costMicroUsd - a.costMicroUsd || b.requests - a.requests)
    .map(([group]) => group)
  const shown = new Set(largest.slice(0, groups))
  const lines = new Map<string, UsageTally[]>()
  for (const { at: moment, group, tally } of points) {
    const line = shown.has(group) ? group : OTHERS
    const tallies = lines.get(line) ?? at.map(emptyTally)
    lines.set(line, tallies)
    const there = tallies[(moment - first) / step]
    if (there !== undefined) addTally(there, tally)
  }
  const order = largest.length > groups ? [...shown, OTHERS] : [...shown]
  return { at, series: order.map((group) => ({ group, tallies: lines.get(group) ?? [] })) }
}

/** The group of all that have no line of their own. */
export const OTHERS = '(other)'

/** Seven days from Sunday on, of 24 hours each, as the clocks of a time zone showed them. A point belongs to where its bucket begins. */
export function hoursOfWeek(points: readonly UsagePoint[], timeZone: string): UsageTally[][] {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, emptyTally))
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' })
  for (const { at, tally } of points) {
    const parts = clock.formatToParts(at)
    const told = (type: 'weekday' | 'hour'): string => parts.find((part) => part.type === type)?.value ?? ''
    const cell = week[WEEKDAYS.indexOf(told('weekday'))]?.[Number(told('hour'))]
    if (cell !== undefined) addTally(cell, tally)
  }
  return week
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** When the day began in a time zone, unix ms. */
export function startOfDay(at: number, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const since = (moment: number): number => {
    const parts = clock.formatToParts(moment)
    const told = (type: 'hour' | 'minute' | 'second'): number => Number(parts.find((one) => one.type === type)?.value)
    return ((told('hour') * 60 + told('minute')) * 60 + told('second')) * 1000 + (moment % 1000)
  }
  const begun = at - since(at)
  // Clocks that were put forward or back since then: an hour too early or too late.
  const off = since(begun)
  return off === 0 ? begun : off > GRAIN_MS.day / 2 ? begun + (GRAIN_MS.day - off) : begun - off
}
