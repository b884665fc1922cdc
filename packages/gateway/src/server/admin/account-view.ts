import {
  isLocked,
  usedNow,
  type Account,
  type AccountStatus,
  type Quota,
  type QuotaWindow,
} from '../../accounts/index.js'
import type { AccountRecord, UsageTotals } from '../../store/index.js'
import { healsOf, reasonCodeOf } from './account-reason.js'
import type { AccountView, QuotaView } from './account-schemas.js'

/** Everything that an account's view is made of. */
export interface ViewedAccount {
  account: Account
  record: Pick<AccountRecord, 'createdAt' | 'hasCookies'> | undefined
  quota: Quota | undefined
  usage: UsageTotals & { lastAt?: number }
  /** Which way it goes; undefined when it is not pinned. */
  pin: { choice: string; proxyName?: string } | undefined
  now: number
}

/**
 * An account as management sees it; never a token, never a cookie's value. The fields of the predecessors (parity 1.10), times as ISO 8601;
 * `status` is their word and `state` ours.
 */
export function accountView({ account, record, quota, usage, pin, now }: ViewedAccount): AccountView {
  return {
    id: account.id,
    email: account.email ?? null,
    accountId: account.chatgptAccountId,
    userId: account.userId ?? null,
    label: account.label ?? null,
    codexFingerprintMode: account.converge ? 'session' : 'off',
    planType: account.plan ?? null,
    status: STATUS[account.status],
    state: account.status,
    reason: account.reason ?? null,
    reasonCode: account.status === 'active' ? null : reasonCodeOf(account.reason, account.linkedTo !== undefined),
    heals: healsOf(account),
    until: time(account.until),
    attention: account.attention ?? null,
    attentionCode: reasonCodeOf(account.attention, account.linkedTo !== undefined),
    note: account.note ?? null,
    groups: [...account.groups],
    weight: account.weight,
    maxConcurrent: account.maxConcurrent ?? null,
    open: account.open,
    linkedTo: account.linkedTo ?? null,
    hasCookies: record?.hasCookies ?? false,
    usage: usageView(usage),
    addedAt: time(record?.createdAt),
    expiresAt: time(account.expiresAt),
    ...(quota === undefined
      ? {}
      : { quota: quotaView(quota, now), quotaFetchedAt: time(quota.at), quotaVerifyRequired: isUnproven(quota, now) }),
    proxyId: pin?.choice ?? 'global',
    proxyName: pin?.proxyName ?? pin?.choice ?? 'global',
  }
}

/** The predecessors' words for states. */
export const STATUS = {
  active: 'active',
  cooling: 'rate_limited',
  exhausted: 'quota_exhausted',
  expired: 'expired',
  suspended: 'banned',
  disabled: 'disabled',
} as const satisfies Record<AccountStatus, string>

/** How many accounts are how, in the words of `GET /auth/status`. A refresh keeps no account from serving here, so none is counted. */
export function poolCounts(accounts: readonly Account[]): PoolCounts {
  const counts: PoolCounts = {
    total: accounts.length,
    active: 0,
    expired: 0,
    quota_exhausted: 0,
    rate_limited: 0,
    refreshing: 0,
    disabled: 0,
    banned: 0,
  }
  for (const { status } of accounts) counts[STATUS[status]] += 1
  return counts
}

export type PoolCounts = Record<(typeof STATUS)[AccountStatus] | 'total' | 'refreshing', number>

/** A quota in the predecessors' form (parity 3.5), and with `windows` in ours: each with who said it and when. */
export function quotaView(quota: Quota, now: number): QuotaView {
  const windows = Object.values(quota.windows)
  const limits = [...new Set(windows.map(({ limit }) => limit))]
  const of = (limit: string, slot: QuotaWindow['slot']) =>
    windowView(
      windows.find((window) => window.limit === limit && window.slot === slot),
      now,
    )
  const others = limits.filter((limit) => limit !== OWN && limit !== REVIEW)
  return {
    plan_type: quota.plan ?? null,
    rate_limit: of(OWN, 'primary'),
    secondary_rate_limit: of(OWN, 'secondary'),
    code_review_rate_limit: of(REVIEW, 'primary'),
    rate_limits_by_limit_id: Object.fromEntries(
      others.map((limit) => [
        limit,
        {
          limit_id: limit,
          limit_name: windows.find((window) => window.limit === limit)?.name ?? null,
          ...of(limit, 'primary'),
          secondary_rate_limit: of(limit, 'secondary'),
        },
      ]),
    ),
    credits:
      quota.credits === undefined
        ? null
        : {
            has_credits: quota.credits.hasCredits,
            unlimited: quota.credits.unlimited,
            balance: quota.credits.balance ?? null,
            source: quota.credits.source,
            told_at: time(quota.credits.at),
          },
    reset_credits_available: quota.resetCredits?.available ?? null,
    windows: windows.map((window) => ({
      limit: window.limit,
      name: window.name ?? null,
      slot: window.slot,
      ...nowOf(window, now),
      source: window.source,
      told_at: time(window.at),
      doubted_at: time(window.doubtedAt),
    })),
    told_at: time(quota.at),
  }
}

const OWN = 'codex'
const REVIEW = 'code-review'

/** As a window stands now: one whose end has come is empty, whether or not anybody said so. */
function windowView(window: QuotaWindow | undefined, now: number): QuotaView['rate_limit'] {
  return window === undefined ? null : nowOf(window, now)
}

function nowOf(window: QuotaWindow, now: number): NonNullable<QuotaView['rate_limit']> {
  const locked = isLocked(window, now)
  const used = usedNow(window, now)
  return {
    allowed: !locked,
    limit_reached: locked,
    used_percent: used,
    remaining_percent: Math.max(0, 100 - used),
    // Unix seconds, as the backend counts.
    reset_at: window.resetAt === undefined ? null : Math.ceil(window.resetAt / 1000),
    limit_window_seconds: window.windowMinutes === undefined ? null : window.windowMinutes * 60,
  }
}

/** A lock ended by time alone, or is doubted: the next answer will tell. */
function isUnproven(quota: Quota, now: number): boolean {
  return Object.values(quota.windows).some(
    (window) => window.reached && (!isLocked(window, now) || window.doubtedAt !== undefined),
  )
}

function usageView(totals: UsageTotals & { lastAt?: number }): AccountView['usage'] {
  return {
    request_count: totals.requests,
    failed_count: totals.failed,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cached_tokens: totals.cachedTokens,
    reasoning_tokens: totals.reasoningTokens,
    estimated_cost_usd: totals.costUsd,
    image_input_tokens: totals.imageInputTokens,
    image_output_tokens: totals.imageOutputTokens,
    image_request_count: totals.imageRequests,
    image_request_failed_count: totals.imageFailed,
    last_used: time(totals.lastAt),
  }
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
