/** Steps of a log-scale histogram of times: step n holds less than 32 · 2^n ms, the last one all that is longer. */
export const TIME_STEPS = 16

/** What is counted of requests. Tokens as in `RequestUsage`: cached and image ones are among the input, reasoning ones among the output. */
export interface UsageTally {
  /** All that ended, however they did. */
  requests: number
  failed: number
  /** The client left before the end. Not among the failed. */
  cancelled: number
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  imageInputTokens: number
  imageOutputTokens: number
  /** Requests that made a picture. */
  imageRequests: number
  /** Requests that were to make one and did not. */
  imageFailed: number
  /** Millionths of a dollar. */
  costMicroUsd: number
  /** Requests with tokens of a model that has no price. */
  unpriced: number
  /** Sums, and how many took how long. */
  ttftMs: number
  ttftSteps: number[]
  durationMs: number
  durationSteps: number[]
}

/** Which column holds which count. */
const COLUMN_OF = {
  requests: 'requests',
  failed: 'failed',
  cancelled: 'cancelled',
  inputTokens: 'input_tokens',
  cachedTokens: 'cached_tokens',
  outputTokens: 'output_tokens',
  reasoningTokens: 'reasoning_tokens',
  imageInputTokens: 'image_input_tokens',
  imageOutputTokens: 'image_output_tokens',
  imageRequests: 'image_requests',
  imageFailed: 'image_failed',
  costMicroUsd: 'cost_micro_usd',
  unpriced: 'unpriced',
  ttftMs: 'ttft_ms',
  durationMs: 'duration_ms',
} as const

type Count = keyof typeof COLUMN_OF
type StepColumn = `ttft_step_${number}` | `duration_step_${number}`
export type TallyColumn = (typeof COLUMN_OF)[Count] | StepColumn

/** The columns of a tally in a row. */
export type TallyRow = Record<TallyColumn, number>

const COUNTS = Object.keys(COLUMN_OF) as Count[]
const STEPS = Array.from({ length: TIME_STEPS }, (_, step) => step)

const TTFT_STEPS = STEPS.map((step): StepColumn => `ttft_step_${step}`)
const DURATION_STEPS = STEPS.map((step): StepColumn => `duration_step_${step}`)

export const TALLY_COLUMNS: readonly TallyColumn[] = [
  ...COUNTS.map((count) => COLUMN_OF[count]),
  ...TTFT_STEPS,
  ...DURATION_STEPS,
]

export function emptyTally(): UsageTally {
  return {
    requests: 0,
    failed: 0,
    cancelled: 0,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    imageInputTokens: 0,
    imageOutputTokens: 0,
    imageRequests: 0,
    imageFailed: 0,
    costMicroUsd: 0,
    unpriced: 0,
    ttftMs: 0,
    ttftSteps: new Array<number>(TIME_STEPS).fill(0),
    durationMs: 0,
    durationSteps: new Array<number>(TIME_STEPS).fill(0),
  }
}

/** Adds the second to the first. */
export function addTally(to: UsageTally, more: UsageTally): void {
  for (const count of COUNTS) to[count] += more[count]
  for (const step of STEPS) {
    to.ttftSteps[step] = (to.ttftSteps[step] ?? 0) + (more.ttftSteps[step] ?? 0)
    to.durationSteps[step] = (to.durationSteps[step] ?? 0) + (more.durationSteps[step] ?? 0)
  }
}

/** In the order of {@link TALLY_COLUMNS}. */
export function tallyValues(tally: UsageTally): number[] {
  return [...COUNTS.map((count) => tally[count]), ...tally.ttftSteps, ...tally.durationSteps]
}

/** Sums of PostgreSQL come as text, of no rows as null. */
export function tallyOf(row: Readonly<Partial<Record<TallyColumn, unknown>>>): UsageTally {
  const tally = emptyTally()
  for (const count of COUNTS) tally[count] = Number(row[COLUMN_OF[count]] ?? 0)
  tally.ttftSteps = TTFT_STEPS.map((column) => Number(row[column] ?? 0))
  tally.durationSteps = DURATION_STEPS.map((column) => Number(row[column] ?? 0))
  return tally
}
