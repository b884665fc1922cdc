import type { TallyRow, UsageTally } from './usage-tally.js'
import { tallyOf } from './usage-tally.js'

/** What an account has used in its life, or since it was reset. Goes with it when it is exported. */
export interface UsageTotals {
  requests: number
  failed: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  imageInputTokens: number
  imageOutputTokens: number
  imageRequests: number
  imageFailed: number
  costUsd: number
}

/** The same with the money in whole millionths, as it is kept. */
type Used = Omit<UsageTotals, 'costUsd'> & { costMicroUsd: number }

const FIELDS = [
  'requests',
  'failed',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'reasoningTokens',
  'imageInputTokens',
  'imageOutputTokens',
  'imageRequests',
  'imageFailed',
  'costMicroUsd',
] as const

const each = (value: (field: (typeof FIELDS)[number]) => number): Used =>
  Object.fromEntries(FIELDS.map((field) => [field, value(field)])) as unknown as Used

/** What a baseline remembers of a tally. */
export function usedOf(tally: UsageTally): Used {
  return each((field) => tally[field])
}

type Row = TallyRow & { baseline: string; carried: string }

/** What was used here since the baseline, and what was brought. No row: nothing. */
export function ownAndCarried(row: Row | undefined): UsageTotals {
  const { costMicroUsd, ...rest } = sumOf(row)
  return { ...rest, costUsd: costMicroUsd / 1e6 }
}

/** What has to be brought so that the sum is at least this much. */
export function carriedBy(row: Row, { costUsd, ...totals }: UsageTotals): Used {
  const wanted: Used = { ...totals, costMicroUsd: Math.round(costUsd * 1e6) }
  const now = sumOf(row)
  const carried = JSON.parse(row.carried) as Partial<Used>
  return each((field) => (carried[field] ?? 0) + Math.max(0, wanted[field] - now[field]))
}

function sumOf(row: Row | undefined): Used {
  if (row === undefined) return each(() => 0)
  const own = tallyOf(row)
  const baseline = JSON.parse(row.baseline) as Partial<Used>
  const carried = JSON.parse(row.carried) as Partial<Used>
  return each((field) => Math.max(0, own[field] - (baseline[field] ?? 0)) + (carried[field] ?? 0))
}
