import { z } from '@hono/zod-openapi'

const count = z.int()
const ms = z.number().nullable()

const COUNTS = {
  input_tokens: count,
  output_tokens: count,
  cached_tokens: count.openapi({ description: 'Among the input.' }),
  image_input_tokens: count,
  image_output_tokens: count,
  image_request_count: count,
  image_request_failed_count: count,
  estimated_cost_usd: z.number().openapi({ description: 'At the list prices of the vendors’ APIs.' }),
  request_count: count.openapi({ description: 'All that ended, however they did.' }),
  reasoning_tokens: count.openapi({ description: 'Among the output.' }),
  request_failed_count: count,
  request_cancelled_count: count.openapi({ description: 'The client left. Not among the failed.' }),
  unpriced_request_count: count,
}
const TIMES = {
  ttft_avg_ms: ms,
  ttft_p50_ms: ms,
  ttft_p95_ms: ms,
  duration_avg_ms: ms,
  duration_p50_ms: ms,
  duration_p95_ms: ms,
}

/** What was counted. Percentiles come from a histogram: within a factor of two. */
export const UsageCounts = z.object({ ...COUNTS, ...TIMES }).openapi('UsageCounts')

const GROUP = {
  group: z.string().openapi({ description: 'Its id; a model’s is `provider:model`. Empty: nobody’s, or not known.' }),
  name: z.string().nullable(),
}

export const UsageRow = z.object({ ...GROUP, ...COUNTS, ...TIMES }).openapi('UsageRow')
export const UsageTable = z
  .object({
    group_by: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    rows: z.array(UsageRow),
    total: UsageCounts,
  })
  .openapi('UsageTable')

export const UsageHistory = z.object({
  granularity: z.string(),
  hours: z.union([z.number(), z.literal('all')]).nullable(),
  group_by: z.string().optional(),
  data_points: z.array(
    UsageCounts.extend({ timestamp: z.string(), group: z.string(), name: z.string().nullable() }).partial({
      group: true,
      name: true,
    }),
  ),
})

const totals = {
  total_input_tokens: count,
  total_output_tokens: count,
  total_cached_tokens: count,
  total_image_input_tokens: count,
  total_image_output_tokens: count,
  total_image_request_count: count,
  total_image_request_failed_count: count,
  total_estimated_cost_usd: z.number(),
  total_request_count: count,
  total_reasoning_tokens: count,
  total_request_failed_count: count,
  total_request_cancelled_count: count,
  total_unpriced_request_count: count,
}
export const UsageSummary = z
  .object({
    ...totals,
    ...TIMES,
    total_accounts: count,
    active_accounts: count,
    prices_as_of: z.string().openapi({ description: 'The day of the newest price of the list.' }),
  })
  .openapi('UsageSummary')

const line = z.array(z.number())
const timeLine = z.array(ms)
export const UsageSeries = z
  .object({
    granularity: z.string(),
    from: z.string(),
    to: z.string(),
    timestamps: z.array(z.string()),
    series: z.array(
      z.object({
        group: z.string().optional(),
        name: z.string().nullable().optional(),
        request_count: line,
        request_failed_count: line,
        request_cancelled_count: line,
        input_tokens: line,
        cached_tokens: line,
        output_tokens: line,
        reasoning_tokens: line,
        image_input_tokens: line,
        image_output_tokens: line,
        image_request_count: line,
        estimated_cost_usd: line,
        ttft_p50_ms: timeLine,
        ttft_p95_ms: timeLine,
        duration_p50_ms: timeLine,
        duration_p95_ms: timeLine,
      }),
    ),
  })
  .openapi('UsageSeries')

const week = z.array(z.array(z.number())).openapi({ description: 'Seven days from Sunday on, of 24 hours each.' })
export const UsageHours = z
  .object({
    time_zone: z.string(),
    from: z.string().nullable(),
    to: z.string(),
    request_count: week,
    request_failed_count: week,
    input_tokens: week,
    cached_tokens: week,
    output_tokens: week,
    estimated_cost_usd: week,
  })
  .openapi('UsageHours')
