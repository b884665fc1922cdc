import type { AccountRecord, UsageTotals } from '../../store/index.js'
import type { Quota, QuotaWindow } from '../quota/index.js'
import { asMs, fieldsOf, numberAt } from './object-fields.js'
import type { Fields } from './object-fields.js'

/**
 * What codex-proxy keeps beside the tokens of an account, in both directions: its counters and the quota that it saw last.
 * Source: spec parity 3.1, 3.5.
 */
const COUNTERS = {
  requests: 'request_count',
  inputTokens: 'input_tokens',
  outputTokens: 'output_tokens',
  cachedTokens: 'cached_tokens',
  costUsd: 'estimated_cost_usd',
  imageInputTokens: 'image_input_tokens',
  imageOutputTokens: 'image_output_tokens',
  imageRequests: 'image_request_count',
  imageFailed: 'image_request_failed_count',
} as const satisfies Partial<Record<keyof UsageTotals, string>>

const NO_USAGE: UsageTotals = {
  requests: 0,
  failed: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
  imageRequests: 0,
  imageFailed: 0,
  costUsd: 0,
}

export function hasUsed(usage: UsageTotals): boolean {
  return Object.values(usage).some((count: number) => count > 0)
}

/** @returns undefined when nothing was used */
export function readCounters(usage: unknown): UsageTotals | undefined {
  const fields = fieldsOf(usage)
  const counted = Object.entries(COUNTERS).map(([ours, theirs]) => {
    const count = Math.max(0, numberAt(fields, theirs) ?? 0)
    return [ours, ours === 'costUsd' ? count : Math.min(Math.round(count), Number.MAX_SAFE_INTEGER)]
  })
  const totals = { ...NO_USAGE, ...(Object.fromEntries(counted) as Partial<UsageTotals>) }
  return hasUsed(totals) ? totals : undefined
}

export function writeCounters(usage: UsageTotals | undefined): Fields {
  const counted = Object.entries(COUNTERS).map(([ours, theirs]) => [
    theirs,
    usage === undefined ? 0 : usage[ours as keyof UsageTotals],
  ])
  return {
    ...(Object.fromEntries(counted) as Fields),
    empty_response_count: 0,
    last_used: null,
    window_request_count: 0,
    window_input_tokens: 0,
    window_output_tokens: 0,
    window_cached_tokens: 0,
    window_image_input_tokens: 0,
    window_image_output_tokens: 0,
    window_image_request_count: 0,
    window_image_request_failed_count: 0,
    window_reset_at: null,
    window_counters_reset_at: null,
    limit_window_seconds: null,
  }
}

const OWN = 'codex'
const REVIEW = 'code-review'

/**
 * @param at when it was fetched, unix ms
 * @returns undefined when it tells of no window
 */
export function readCachedQuota(cached: unknown, at: number): Quota | undefined {
  const fields = fieldsOf(cached)
  if (fields === undefined) return undefined
  const windows: Record<string, QuotaWindow> = {}
  const add = (limit: string, slot: QuotaWindow['slot'], told: unknown, name?: unknown) => {
    const window = readWindow(fieldsOf(told), limit, slot, at)
    if (window === undefined) return
    windows[`${limit}/${slot}`] = typeof name === 'string' && name !== '' ? { ...window, name } : window
  }
  add(OWN, 'primary', fields['rate_limit'])
  add(OWN, 'secondary', fields['secondary_rate_limit'])
  add(REVIEW, 'primary', fields['code_review_rate_limit'])
  for (const [id, told] of Object.entries(fieldsOf(fields['rate_limits_by_limit_id']) ?? {})) {
    const limit = id.toLowerCase().replaceAll('_', '-')
    if (!/^[a-z0-9-]{1,60}$/.test(limit)) continue
    const one = fieldsOf(told)
    add(limit, 'primary', one, one?.['limit_name'])
    add(limit, 'secondary', one?.['secondary_rate_limit'], one?.['limit_name'])
  }
  if (Object.keys(windows).length === 0) return undefined
  const credits = fieldsOf(fields['credits'])
  const balance = credits?.['balance']
  const resets = numberAt(fields, 'reset_credits_available')
  const plan = fields['plan_type']
  return {
    windows,
    ...(credits === undefined
      ? {}
      : {
          credits: {
            hasCredits: credits['has_credits'] === true,
            unlimited: credits['unlimited'] === true,
            ...(typeof balance === 'string' || typeof balance === 'number' ? { balance: String(balance) } : {}),
            source: 'usage',
            at,
          },
        }),
    ...(resets === undefined ? {} : { resetCredits: { available: resets, at } }),
    ...(typeof plan === 'string' && plan !== '' ? { plan } : {}),
    at,
  }
}

function readWindow(
  told: Fields | undefined,
  limit: string,
  slot: QuotaWindow['slot'],
  at: number,
): QuotaWindow | undefined {
  if (told === undefined) return undefined
  const reached = told['limit_reached'] === true || told['allowed'] === false
  const usedPercent = numberAt(told, 'used_percent') ?? (reached ? 100 : undefined)
  if (usedPercent === undefined) return undefined
  const resetAt = numberAt(told, 'reset_at')
  const seconds = numberAt(told, 'limit_window_seconds')
  return {
    limit,
    slot,
    usedPercent,
    reached: reached || usedPercent >= 100,
    ...(seconds === undefined ? {} : { windowMinutes: Math.round(seconds / 60) }),
    ...(resetAt === undefined ? {} : { resetAt: asMs(resetAt) }),
    source: 'usage',
    at,
  }
}

export function writeCachedQuota(quota: Quota, plan: string | undefined): Fields {
  const { windows, credits, resetCredits } = quota
  const byLimit = Object.values(windows).filter(({ limit }) => limit !== OWN && limit !== REVIEW)
  const ids = new Set(byLimit.map(({ limit }) => limit))
  return {
    plan_type: quota.plan ?? plan ?? null,
    rate_limit: writeWindow(windows[`${OWN}/primary`]),
    secondary_rate_limit: writeWindow(windows[`${OWN}/secondary`]),
    code_review_rate_limit: writeWindow(windows[`${REVIEW}/primary`]),
    rate_limits_by_limit_id: Object.fromEntries(
      [...ids].map((limit) => {
        const [primary, secondary] = [windows[`${limit}/primary`], windows[`${limit}/secondary`]]
        const id = limit.replaceAll('-', '_')
        return [
          id,
          {
            limit_id: id,
            limit_name: (primary ?? secondary)?.name ?? null,
            ...writeWindow(primary),
            ...(secondary === undefined ? {} : { secondary_rate_limit: writeWindow(secondary) }),
          },
        ]
      }),
    ),
    credits:
      credits === undefined
        ? null
        : {
            has_credits: credits.hasCredits,
            unlimited: credits.unlimited,
            overage_limit_reached: false,
            balance: credits.balance ?? null,
          },
    reset_credits_available: resetCredits?.available ?? null,
  }
}

function writeWindow(window: QuotaWindow | undefined): Fields | null {
  if (window === undefined) return null
  const { usedPercent, reached, resetAt, windowMinutes } = window
  return {
    allowed: !reached,
    limit_reached: reached,
    used_percent: usedPercent,
    remaining_percent: Math.max(0, 100 - usedPercent),
    reset_at: resetAt === undefined ? null : Math.floor(resetAt / 1000),
    limit_window_seconds: windowMinutes === undefined ? null : windowMinutes * 60,
  }
}

/** Its word for the state of an account. What it waits for passes by itself, so `active` stands for it. */
export function statusThere(record: AccountRecord, health: string | undefined): string {
  if (!record.enabled) return 'disabled'
  return health === 'expired' ? 'expired' : health === 'suspended' ? 'banned' : 'active'
}
