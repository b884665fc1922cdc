type Json = Readonly<Record<string, unknown>>

/** The account's own limit, when a frame names none. */
const OWN = 'codex'

/**
 * What a `codex.rate_limits` frame tells, as the headers by which HTTP tells the same, so that both are read in one place and
 * shown to clients alike. Source: upstream-codex 4.4 and 5.1.
 */
export function rateLimitHeaders(frame: Json): Record<string, string> {
  const out: Record<string, string> = {}
  const put = (name: string, value: unknown): void => {
    const text = typeof value === 'boolean' || typeof value === 'number' ? String(value) : value
    if (typeof text === 'string' && /^[\x20-\x7e]{1,200}$/.test(text)) out[name] = text
  }
  const limit = familyOf(frame['metered_limit_name'])
  const putWindows = (family: string, limits: Json | undefined): void => {
    for (const slot of ['primary', 'secondary'] as const) {
      const window = record(limits?.[slot])
      if (window === undefined) continue
      put(`x-${family}-${slot}-used-percent`, window['used_percent'])
      put(`x-${family}-${slot}-window-minutes`, window['window_minutes'])
      put(`x-${family}-${slot}-reset-at`, window['reset_at'])
    }
  }
  putWindows(limit, record(frame['rate_limits']))
  putWindows('code-review', record(frame['code_review_rate_limits']))
  if (limit !== OWN) put(`x-${limit}-limit-name`, frame['limit_name'])
  put('x-codex-plan-type', frame['plan_type'])
  const credits = record(frame['credits'])
  put('x-codex-credits-has-credits', credits?.['has_credits'])
  put('x-codex-credits-unlimited', credits?.['unlimited'])
  put('x-codex-credits-balance', credits?.['balance'])
  return out
}

/** Ids spell a limit with underscores, headers with hyphens. */
function familyOf(name: unknown): string {
  return typeof name === 'string' && /^[a-z0-9_-]{1,60}$/i.test(name) ? name.toLowerCase().replaceAll('_', '-') : OWN
}

function record(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}
