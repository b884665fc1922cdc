import { readQuotaHeaders, type QuotaWindow } from '../../accounts/index.js'

/** The limits that an upstream told in headers as the frame by which a WebSocket tells them; undefined when it told none. Source: upstream-codex 4.4. */
export function quotaFrame(headers: Readonly<Record<string, string>>, now: number): string | undefined {
  const quota = readQuotaHeaders(headers, now)
  if (quota === undefined) return undefined
  const primary = quota.windows['codex/primary']
  const secondary = quota.windows['codex/secondary']
  const reached = [primary, secondary].some((window) => window !== undefined && window.usedPercent >= 100)
  const { credits } = quota
  return JSON.stringify({
    type: 'codex.rate_limits',
    plan_type: quota.plan ?? null,
    rate_limits: { allowed: !reached, limit_reached: reached, primary: told(primary), secondary: told(secondary) },
    credits:
      credits === undefined
        ? null
        : {
            has_credits: credits.hasCredits,
            unlimited: credits.unlimited,
            balance: credits.balance ?? null,
          },
  })
}

function told(window: QuotaWindow | undefined) {
  if (window === undefined) return null
  return {
    used_percent: window.usedPercent,
    ...(window.windowMinutes === undefined ? {} : { window_minutes: window.windowMinutes }),
    ...(window.resetAt === undefined ? {} : { reset_at: Math.floor(window.resetAt / 1000) }),
  }
}
