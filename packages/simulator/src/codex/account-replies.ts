import type { Account, QuotaWindow } from '../login/accounts.js'

/** The rate-limit family of reply headers. Source: upstream notes 5.1. */
export function quotaHeaders({ quota, plan }: Account, nowSeconds: number): Record<string, string> {
  return {
    'x-codex-plan-type': plan,
    'x-codex-active-limit': 'codex',
    ...windowHeaders('primary', quota.primary, nowSeconds),
    ...windowHeaders('secondary', quota.secondary, nowSeconds),
    ...(quota.credits === null
      ? {}
      : {
          'x-codex-credits-has-credits': String(quota.credits.hasCredits),
          'x-codex-credits-unlimited': String(quota.credits.unlimited),
          'x-codex-credits-balance': quota.credits.balance ?? '',
        }),
  }
}

function windowHeaders(name: string, window: QuotaWindow | null, nowSeconds: number): Record<string, string> {
  if (window === null) return {}
  return {
    [`x-codex-${name}-used-percent`]: String(window.usedPercent),
    [`x-codex-${name}-window-minutes`]: String(window.windowMinutes),
    [`x-codex-${name}-reset-at`]: String(window.resetAt),
    [`x-codex-${name}-reset-after-seconds`]: String(Math.max(0, window.resetAt - nowSeconds)),
  }
}

/** The frame that tells the limits on a WebSocket. Source: upstream notes 4.4. */
export function rateLimitsEvent({ quota, plan }: Account) {
  const window = (one: QuotaWindow | null) =>
    one === null ? null : { used_percent: one.usedPercent, window_minutes: one.windowMinutes, reset_at: one.resetAt }
  return {
    type: 'codex.rate_limits',
    plan_type: plan,
    rate_limits: {
      allowed: !quota.limitReached,
      limit_reached: quota.limitReached,
      primary: window(quota.primary),
      secondary: window(quota.secondary),
    },
    credits:
      quota.credits === null
        ? null
        : {
            has_credits: quota.credits.hasCredits,
            unlimited: quota.credits.unlimited,
            balance: quota.credits.balance,
          },
  }
}

/** `GET /wham/usage`. Source: upstream notes 5.2. */
export function usageReply(account: Account, nowSeconds: number) {
  const { quota } = account
  const window = (one: QuotaWindow | null) =>
    one === null
      ? null
      : {
          used_percent: Math.round(one.usedPercent),
          limit_window_seconds: one.windowMinutes * 60,
          reset_after_seconds: Math.max(0, one.resetAt - nowSeconds),
          reset_at: one.resetAt,
        }
  return {
    user_id: account.userId,
    account_id: account.accountId,
    email: account.email,
    plan_type: account.plan,
    rate_limit: {
      allowed: !quota.limitReached,
      limit_reached: quota.limitReached,
      primary_window: window(quota.primary),
      secondary_window: window(quota.secondary),
    },
    code_review_rate_limit: null,
    additional_rate_limits: null,
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
    rate_limit_reached_type: quota.limitReached ? { type: 'rate_limit_reached' } : null,
    rate_limit_reset_credits: { available_count: 0 },
    promo: null,
    rate_limit_upsell: null,
  }
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
        is_deactivated: account.suspended,
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
