import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { HOSTED_TOOLS } from '../../config/index.js'
import type { ClientKeyChange } from '../../store/index.js'
import { BUDGET_PERIODS, parseKeyLimits, type KeyLimits } from '../../usage/index.js'

const LONGEST_NAME = 80
const MOST_ENTRIES = 500

const words = z.array(z.string().trim().min(1).max(200)).min(1).max(MOST_ENTRIES)
const usd = z.number().positive().max(1e9)
const tokens = z.int().positive().max(1e15)
const rate = z.int().positive().max(100_000)

const PeriodLimits = z
  .object({ max_budget_usd: usd.nullable().optional(), max_tokens: tokens.nullable().optional() })
  .openapi('ClientKeyPeriodLimits')

/** What may be said of a key. Source of the fields: parity 1.11; `budgets` and what follows it are ours. */
const changeable = {
  expires_at: z
    .union([z.string(), z.number()])
    .nullable()
    .optional()
    .openapi({ description: 'ISO 8601, or unix ms; null: never.' }),
  max_budget_usd: usd.nullable().optional().openapi({ description: 'The same as `budgets.total.max_budget_usd`.' }),
  max_tokens: tokens.nullable().optional().openapi({ description: 'The same as `budgets.total.max_tokens`.' }),
  max_concurrency: rate.nullable().optional().openapi({ description: 'Requests that it may have open.' }),
  allowed_models: words.nullable().optional().openapi({ description: 'Null: all.' }),
  default_tools: z
    .array(z.enum(HOSTED_TOOLS))
    .nullable()
    .optional()
    .openapi({ description: 'Hosted tools that its requests get; null: those of the configuration, empty: none.' }),
  budgets: z
    .object({ day: PeriodLimits, month: PeriodLimits, total: PeriodLimits })
    .partial()
    .optional()
    .openapi({ description: 'Days and months begin at midnight UTC. What is absent stays, null takes it away.' }),
  requests_per_minute: rate.nullable().optional(),
  strict: z.boolean().optional().openapi({ description: 'Refuse what would lose something in translation.' }),
  accounts: words
    .nullable()
    .optional()
    .openapi({ description: 'Ids of accounts and names of groups that alone may serve it; null: all.' }),
}
const name = z.string().trim().min(1).max(LONGEST_NAME)
/** A key that is to be made. */
export const NewKey = z
  .object({
    name,
    key: z.string().optional().openapi({ description: 'One of your own, of at least 128 bits. Default: a new one.' }),
    ...changeable,
  })
  .openapi('NewClientKey')
/** What is said anew of a key; what is absent stays. */
export const KeyChange = z.object({ name: name.optional(), ...changeable }).openapi('ClientKeyChange')
type Change = z.infer<typeof KeyChange>

/** A change as it is stored. @throws FailureError that names the place */
export function changeOf(said: Change, before: KeyLimits, now: number): ClientKeyChange {
  const limits = limitsOf(said, before)
  const unique = (list: string[] | null): string[] | null => (list === null ? null : [...new Set(list)])
  return {
    ...(said.name === undefined ? {} : { name: said.name }),
    ...(said.expires_at === undefined ? {} : { expiresAt: timeOf(said.expires_at, now) }),
    ...(said.allowed_models === undefined ? {} : { allowedModels: unique(said.allowed_models) }),
    ...(said.default_tools === undefined ? {} : { defaultTools: unique(said.default_tools) }),
    ...(said.accounts === undefined ? {} : { accounts: unique(said.accounts) }),
    ...(said.strict === undefined ? {} : { strict: said.strict }),
    ...(limits === undefined ? {} : { limits: Object.keys(limits).length === 0 ? null : limits }),
  }
}

/** @returns undefined when nothing is said of them */
function limitsOf(said: Change, before: KeyLimits): KeyLimits | undefined {
  const { max_budget_usd, max_tokens, budgets = {}, max_concurrency, requests_per_minute } = said
  const silent = [max_budget_usd, max_tokens, said.budgets, max_concurrency, requests_per_minute]
  if (silent.every((one) => one === undefined)) return undefined
  const inAll = {
    ...(max_budget_usd === undefined ? {} : { max_budget_usd }),
    ...(max_tokens === undefined ? {} : { max_tokens }),
    ...budgets.total,
  }
  const periods = { ...budgets, total: inAll }
  const put = (kept: Partial<Record<string, number | undefined>>, at: string, value: number | null | undefined) => {
    if (value === null) delete kept[at]
    else if (value !== undefined) kept[at] = value
  }
  const budgetUsd = { ...before.budgetUsd }
  const tokens = { ...before.tokens }
  const rates = {
    requestsPerMinute: before.requestsPerMinute,
    maxConcurrent: before.maxConcurrent,
  }
  for (const period of BUDGET_PERIODS) {
    put(budgetUsd, period, periods[period]?.max_budget_usd)
    put(tokens, period, periods[period]?.max_tokens)
  }
  put(rates, 'requestsPerMinute', requests_per_minute)
  put(rates, 'maxConcurrent', max_concurrency)
  return parseKeyLimits(
    Object.fromEntries(
      Object.entries({ budgetUsd, tokens, ...rates }).filter(
        ([, value]) => value !== undefined && (typeof value === 'number' || Object.keys(value).length > 0),
      ),
    ),
  )
}

function timeOf(said: string | number | null, now: number): number | null {
  if (said === null) return null
  const at = typeof said === 'number' ? said : Date.parse(said)
  if (!Number.isFinite(at) || at > 8.64e15) {
    throw new FailureError(invalidRequest('/expires_at', 'expires_at: send a time such as 2030-01-31T00:00:00Z'))
  }
  if (at <= now) throw new FailureError(invalidRequest('/expires_at', 'expires_at: this time is over already'))
  return Math.round(at)
}
