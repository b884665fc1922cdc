import { FailureError } from '@dragoman/protocol'
import type { ClientKeys } from '../../store/index.js'
import {
  BUDGET_PERIODS,
  storedKeyLimits,
  type BudgetPeriod,
  type KeyLedger,
  type KeyLimits,
  type KeyStanding,
} from '../../usage/index.js'
import { periodEnd } from '../key-limits.js'
import type { Asked, ClientKey } from '../route-table.js'
import { sendJson } from '../send.js'

export interface OwnKeyHouse {
  keys: Pick<ClientKeys, 'findById'>
  /** What keys have used. */
  used: Pick<KeyLedger, 'of'>
  /** Unix ms. */
  now?: () => number
}

/** `GET /v1/sub-key/info` and `/v1/key/info`: what a client key may know of itself. */
export function ownKey(house: OwnKeyHouse): (asked: Asked) => void {
  return ({ res, headers, key }) => {
    if (key === undefined) {
      throw new FailureError({
        kind: 'unauthenticated',
        scope: 'request',
        phase: 'unsent',
        retry: 'never',
        message: 'this path tells a client key about itself; send one',
      })
    }
    sendJson(res, 200, headers, aboutKey(house, key))
  }
}

/** What there is of a key's budget, in one period. */
export interface PeriodBudget {
  max_budget_usd: number | null
  used_cost_usd: number
  max_tokens: number | null
  used_tokens: number
  resets_at: string | null
}

export interface KeyAccount {
  object: 'client_key'
  id: string
  name: string
  status: 'active'
  created_at: string | null
  expires_at: string | null
  allowed_models: readonly string[] | null
  default_tools: readonly string[] | null
  strict: boolean
  limits: Readonly<Record<string, unknown>> | null
  max_budget_usd: number | null
  used_cost_usd: number
  remaining_budget_usd: number | null
  max_tokens: number | null
  used_tokens: number
  remaining_tokens: number | null
  since: string | null
  request_count: number
  last_used_at: string | null
  requests_per_minute: number | null
  max_concurrency: number | null
  budgets: Record<BudgetPeriod, PeriodBudget>
}

/**
 * The fields of the predecessors' `sub-key/info`, and what is ours. Times are ISO 8601 in UTC; null says that there is no limit, or no
 * such time. The budget that the predecessors' fields tell is the one in all; without one, the one that ends last.
 */
export function aboutKey(house: OwnKeyHouse, key: ClientKey): KeyAccount {
  const now = (house.now ?? Date.now)()
  // Keys that live in memory only, such as the demo's, are not stored.
  const stored = house.keys.findById(key.id)
  const limits = storedKeyLimits(stored?.limits) ?? {}
  const used = house.used.of(key.id)
  const budget = longest(limits.budgetUsd)
  const most = longest(limits.tokens)
  const cost = used[budget?.period ?? 'total'].costMicroUsd / 1e6
  const tokens = used[most?.period ?? 'total'].tokens
  return {
    object: 'client_key',
    id: key.id,
    name: key.name,
    status: 'active',
    created_at: time(stored?.createdAt),
    expires_at: time(stored?.expiresAt),
    allowed_models: key.allowedModels ?? null,
    default_tools: key.defaultTools ?? null,
    strict: key.strict === true,
    limits: stored?.limits ?? null,
    max_budget_usd: budget?.limit ?? null,
    used_cost_usd: cost,
    remaining_budget_usd: budget === undefined ? null : Math.max(0, budget.limit - cost),
    max_tokens: most?.limit ?? null,
    used_tokens: tokens,
    remaining_tokens: most === undefined ? null : Math.max(0, most.limit - tokens),
    since: time(used.resetAt ?? stored?.createdAt),
    request_count: used.requests,
    last_used_at: time(used.lastAt === 0 ? undefined : used.lastAt),
    requests_per_minute: limits.requestsPerMinute ?? null,
    max_concurrency: limits.maxConcurrent ?? null,
    budgets: periods(limits, used, now),
  }
}

/** The same as the predecessors', for each period by itself. */
function periods(limits: KeyLimits, used: KeyStanding, now: number): KeyAccount['budgets'] {
  const of = (period: BudgetPeriod): PeriodBudget => ({
    max_budget_usd: limits.budgetUsd?.[period] ?? null,
    used_cost_usd: used[period].costMicroUsd / 1e6,
    max_tokens: limits.tokens?.[period] ?? null,
    used_tokens: used[period].tokens,
    resets_at: time(periodEnd(period, now)),
  })
  return { day: of('day'), month: of('month'), total: of('total') }
}

function longest(limits: Partial<Record<BudgetPeriod, number | undefined>> = {}) {
  for (const period of BUDGET_PERIODS.toReversed()) {
    const limit = limits[period]
    if (limit !== undefined) return { period, limit }
  }
  return undefined
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
