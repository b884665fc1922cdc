import { z } from '@hono/zod-openapi'
import { NOTICE_LEVELS } from '../../notices/index.js'
import { UsageCounts } from './usage-stats-schemas.js'

const count = z.int()
const line = z.array(z.number())
const time = z.string().nullable()

const Who = z.object({ id: z.string(), name: z.string(), open: count })

const QuotaBars = z.object({
  id: z.string(),
  name: z.string(),
  plan: z.string().nullable(),
  state: z.enum(['active', 'cooling', 'exhausted', 'expired', 'suspended', 'disabled']),
  reason: z.string().nullable(),
  until: time,
  open: count,
  windows: z.array(
    z.object({
      limit: z.string().openapi({ description: '`codex` is the account’s own; others belong to models or features.' }),
      name: z.string().nullable(),
      slot: z.enum(['primary', 'secondary']),
      allowed: z.boolean(),
      limit_reached: z.boolean(),
      used_percent: z.number(),
      remaining_percent: z.number(),
      reset_at: z.number().nullable().openapi({ description: 'Unix seconds, as everywhere in a quota.' }),
      limit_window_seconds: z.number().nullable(),
      source: z.enum(['usage', 'header', 'refusal']),
      told_at: time,
      doubted_at: time,
    }),
  ),
})

const About = { account_id: z.string(), name: z.string() }
/** What wants a look; the first is the gravest. */
const Warning = z
  .union([
    z.object({ kind: z.literal('no_candidate') }),
    z.object({ kind: z.literal('login'), ...About, reason: z.string().nullable() }),
    z.object({ kind: z.literal('suspended'), ...About, reason: z.string().nullable() }),
    z.object({ kind: z.literal('attention'), ...About, reason: z.string() }),
    z.object({
      kind: z.literal('quota'),
      ...About,
      limit: z.string(),
      slot: z.enum(['primary', 'secondary']),
      used_percent: z.number(),
      reset_at: time,
      critical: z.boolean(),
    }),
    z.object({ kind: z.literal('proxy'), name: z.string(), reason: z.string().nullable() }),
    z.object({ kind: z.literal('errors'), count }),
    z.object({ kind: z.literal('unpriced'), count }),
  ])
  .openapi('OverviewWarning')
export type Warning = z.infer<typeof Warning>

const Day = UsageCounts.extend({
  from: z.string(),
  keys_cost_usd: z.number().openapi({ description: 'Of the cost what was asked of API keys, which is to be paid.' }),
})

/** Everything that the first page shows. */
export const Overview = z
  .object({
    version: z.string(),
    started_at: z.string(),
    now: z.string(),
    listeners: z.array(z.string()),
    ollama: z.object({ enabled: z.boolean(), url: z.string().nullable(), error: z.string().nullable() }),
    pool: z.object({
      strategy: z.string(),
      total: count,
      states: z.object({
        active: count,
        cooling: count,
        exhausted: count,
        expired: count,
        suspended: count,
        disabled: count,
      }),
      waiting: count.openapi({ description: 'Requests that wait in line for an account.' }),
    }),
    api_keys: z.object({ total: count, enabled: count }),
    client_keys: count,
    serving: z.object({
      open: count.openapi({ description: 'Answers under way.' }),
      accounts: z.array(Who),
      client_keys: z.array(Who),
    }),
    minutes: z
      .object({ at: z.array(z.string()), requests: line, failed: line })
      .openapi({ description: 'The last hour, minute by minute; the last minute is under way.' }),
    hour: UsageCounts.openapi({ description: 'The last 60 minutes, in steps of five.' }),
    today: Day,
    yesterday: Day.openapi({ description: 'Until this time of the day.' }),
    trend: z
      .object({
        at: z.array(z.string()),
        request_count: line,
        request_failed_count: line,
        input_tokens: line,
        cached_tokens: line,
        output_tokens: line,
        estimated_cost_usd: line,
        ttft_p50_ms: z.array(z.number().nullable()),
      })
      .openapi({ description: 'The last 24 hours, one value each.' }),
    quota: z.object({
      left: z
        .object({ primary: z.number().nullable(), secondary: z.number().nullable() })
        .openapi({ description: 'Percent that accounts in use have left of their own windows, on average.' }),
      accounts: z.array(QuotaBars).openapi({ description: 'Those nearest to full first, at most 24.' }),
    }),
    warnings: z.array(Warning),
    events: z.array(
      z.object({
        id: z.string(),
        at: z.number(),
        level: z.enum(NOTICE_LEVELS),
        type: z.string(),
        sentence: z.string(),
      }),
    ),
  })
  .openapi('Overview')
export type Overview = z.infer<typeof Overview>
