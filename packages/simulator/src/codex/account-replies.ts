import type { Account, QuotaWindow } from '../login/accounts.js'
import { toldLimits, type ToldLimit } from './account-limits.js'
import { OWN_LIMIT, REVIEW_LIMIT } from './limits.js'
import { availableCredits } from './reset-credits.js'

/** How limits are told in headers. */
export interface LimitHeaders {
  /** The limit that the answered request counts against. */
  active: string
  /**
   * As others have measured it (2026): the family `x-codex-…` carries the active limit, whichever that is, the account's own is
   * called `premium`, and a window that a plan does not have is told as zeros.
   */
  asMeasured: boolean
}

/** The rate-limit families of reply headers. Source: upstream notes 5.1. @param nowMs unix ms */
export function quotaHeaders(account: Account, nowMs: number, told: LimitHeaders): Record<string, string> {
  const { credits } = account.quota
  const [own, ...others] = toldLimits(account, nowMs)
  const active = others.find(({ id }) => id === told.active)
  const headers: Record<string, string> = {
    'x-codex-plan-type': account.plan,
    'x-codex-active-limit': told.asMeasured && active === undefined ? 'premium' : (active ?? own).id,
    ...familyHeaders(OWN_LIMIT, told.asMeasured ? (active ?? own) : own, nowMs, told),
  }
  for (const limit of others) {
    const family = familyOf(limit.id)
    Object.assign(headers, familyHeaders(family, limit, nowMs, told))
    if (limit.name !== undefined) headers[`x-${family}-limit-name`] = limit.name
  }
  if (credits === null) return headers
  return {
    ...headers,
    'x-codex-credits-has-credits': String(credits.hasCredits),
    'x-codex-credits-unlimited': String(credits.unlimited),
    'x-codex-credits-balance': credits.balance ?? '',
  }
}

/** Headers spell with hyphens what ids spell with underscores; that code reviews are a family of this name is what other gateways look for. */
function familyOf(limitId: string): string {
  return limitId === REVIEW_LIMIT ? 'codex-code-review' : limitId.replaceAll('_', '-')
}

function familyHeaders(
  family: string,
  { primary, secondary }: ToldLimit,
  nowMs: number,
  { asMeasured }: LimitHeaders,
): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [slot, window] of Object.entries({ primary, secondary })) {
    if (window === null && !asMeasured) continue
    const prefix = `x-${family}-${slot}`
    headers[`${prefix}-used-percent`] = String(window?.usedPercent ?? 0)
    headers[`${prefix}-window-minutes`] = String(window?.windowMinutes ?? 0)
    headers[`${prefix}-reset-at`] = String(window?.resetAt ?? '')
    headers[`${prefix}-reset-after-seconds`] = String(window === null ? 0 : secondsUntil(window, nowMs))
  }
  return headers
}

/** The frames that tell the limits on a WebSocket, one a limit; code reviews stand beside the account's own. Source: upstream notes 4.4. */
export function rateLimitsEvents(account: Account, nowMs: number): object[] {
  const { plan, quota } = account
  const window = (one: QuotaWindow | null) =>
    one === null ? null : { used_percent: one.usedPercent, window_minutes: one.windowMinutes, reset_at: one.resetAt }
  const windows = ({ reached, primary, secondary }: ToldLimit) => ({
    allowed: !reached,
    limit_reached: reached,
    primary: window(primary),
    secondary: window(secondary),
  })
  const [own, ...others] = toldLimits(account, nowMs)
  const review = others.find(({ id }) => id === REVIEW_LIMIT)
  return [own, ...others.filter((limit) => limit !== review)].map((limit) => ({
    type: 'codex.rate_limits',
    plan_type: plan,
    ...(limit === own ? {} : { metered_limit_name: limit.id, limit_name: limit.name }),
    rate_limits: windows(limit),
    ...(limit === own && review !== undefined ? { code_review_rate_limits: windows(review) } : {}),
    credits:
      quota.credits === null
        ? null
        : {
            has_credits: quota.credits.hasCredits,
            unlimited: quota.credits.unlimited,
            balance: quota.credits.balance,
          },
  }))
}

/** `GET /wham/usage`. Source: upstream notes 5.2. */
export function usageReply(account: Account, nowMs: number) {
  const { quota } = account
  const window = (one: QuotaWindow | null) =>
    one === null
      ? null
      : {
          used_percent: Math.floor(one.usedPercent),
          limit_window_seconds: one.windowMinutes * 60,
          reset_after_seconds: secondsUntil(one, nowMs),
          reset_at: one.resetAt,
        }
  const rateLimit = ({ reached, primary, secondary }: ToldLimit) => ({
    allowed: !reached,
    limit_reached: reached,
    primary_window: window(primary),
    secondary_window: window(secondary),
  })
  const [own, ...others] = toldLimits(account, nowMs)
  const review = others.find(({ id }) => id === REVIEW_LIMIT)
  const additional = others.filter((limit) => limit !== review)
  return {
    user_id: account.userId,
    account_id: account.accountId,
    email: account.email,
    plan_type: account.plan,
    rate_limit: rateLimit(own),
    code_review_rate_limit: review === undefined ? null : rateLimit(review),
    additional_rate_limits:
      additional.length === 0
        ? null
        : additional.map((limit) => ({
            limit_name: limit.name,
            metered_feature: limit.id,
            rate_limit: rateLimit(limit),
          })),
    credits:
      quota.credits === null
        ? null
        : {
            has_credits: quota.credits.hasCredits,
            unlimited: quota.credits.unlimited,
            balance: quota.credits.balance,
            overage_limit_reached: false,
            approx_local_messages: [0, 0],
            approx_cloud_messages: [0, 0],
          },
    spend_control: null,
    rate_limit_reached_type: own.reached ? { type: 'rate_limit_reached' } : null,
    rate_limit_reset_credits: { available_count: availableCredits(account, nowMs).length },
    promo: null,
    rate_limit_upsell: null,
  }
}

function secondsUntil({ resetAt }: QuotaWindow, nowMs: number): number {
  return Math.max(0, resetAt - Math.floor(nowMs / 1000))
}

/** The routing of a workspace that may be served anywhere. */
export const UNBOUND = 'NO_CONSTRAINT'

/** `GET /wham/accounts/check`. The real origin is https; the simulator names itself. Source: upstream notes 5.5. */
export function accountsCheckReply(account: Account, ownOrigin: string) {
  return {
    accounts: [
      {
        id: account.accountId,
        account_user_id: `${account.userId}__${account.accountId}`,
        structure: 'personal',
        name: null,
        plan_type: account.plan,
        profile_picture_url: null,
        is_deactivated: account.banned === 'deactivated',
        can_access_with_session: true,
        sso_connection_name: null,
        is_fedramp_compliant_workspace: false,
        workspace_backend_origin: account.routing.origin === undefined ? ownOrigin : account.routing.origin,
        account_routing_override: account.routing.override ?? UNBOUND,
      },
    ],
    default_account_id: account.accountId,
    account_ordering: [account.accountId],
  }
}
