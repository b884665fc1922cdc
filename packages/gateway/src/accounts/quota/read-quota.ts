/** How much of one window of one limit is used. */
export interface QuotaWindow {
  /** `codex` is the account's own; others belong to single models or features. */
  limit: string
  slot: 'primary' | 'secondary'
  usedPercent: number
  windowMinutes?: number
  /** Unix ms. */
  resetAt?: number
  source: 'header' | 'usage'
  /** Unix ms when it was read. */
  at: number
}

export interface Quota {
  /** By `limit/slot`. */
  windows: Readonly<Record<string, QuotaWindow>>
  credits?: { hasCredits: boolean; unlimited: boolean; balance?: string }
  plan?: string
  at: number
}

type HeaderBag = Readonly<Record<string, string | undefined>>

const FAMILY = /^x-(.+)-(primary|secondary)-used-percent$/
/** The limit that holds for every request of the account. */
const OWN_LIMIT = 'codex'

/**
 * Reads every family of rate-limit headers (`x-{limit}-primary-used-percent` and its kin).
 * Source: spec upstream-codex 5.1.
 * @param headers names in lower case
 * @returns undefined when there is none
 */
export function readQuotaHeaders(headers: HeaderBag, now: number): Quota | undefined {
  const windows: Record<string, QuotaWindow> = {}
  for (const name of Object.keys(headers)) {
    const [, limit, slot] = FAMILY.exec(name) ?? []
    if (limit === undefined || (slot !== 'primary' && slot !== 'secondary')) continue
    const window = readWindow(headers, limit, slot, now)
    if (window !== undefined) windows[`${limit}/${slot}`] = window
  }
  const credits = readCredits(headers)
  const plan = headers['x-codex-plan-type']
  if (Object.keys(windows).length === 0 && credits === undefined) return undefined
  return {
    windows,
    ...(credits === undefined ? {} : { credits }),
    ...(plan === undefined || plan === '' ? {} : { plan }),
    at: now,
  }
}

function readWindow(
  headers: HeaderBag,
  limit: string,
  slot: QuotaWindow['slot'],
  now: number,
): QuotaWindow | undefined {
  const of = (suffix: string) => number(headers[`x-${limit}-${slot}-${suffix}`])
  const usedPercent = of('used-percent')
  const windowMinutes = of('window-minutes')
  const [resetAtS, resetAfterS] = [of('reset-at'), of('reset-after-seconds')]
  const resetAt =
    resetAtS !== undefined ? resetAtS * 1000 : resetAfterS === undefined ? undefined : now + resetAfterS * 1000
  if (usedPercent === undefined) return undefined
  // The backend sends zeros for a window that the plan does not have.
  if (usedPercent === 0 && !windowMinutes && resetAt === undefined) return undefined
  return {
    limit,
    slot,
    usedPercent,
    ...(windowMinutes === undefined ? {} : { windowMinutes }),
    ...(resetAt === undefined ? {} : { resetAt }),
    source: 'header',
    at: now,
  }
}

function readCredits(headers: HeaderBag): Quota['credits'] {
  const [has, unlimited] = [flag(headers['x-codex-credits-has-credits']), flag(headers['x-codex-credits-unlimited'])]
  if (has === undefined && unlimited === undefined) return undefined
  const balance = headers['x-codex-credits-balance']
  return {
    hasCredits: has ?? false,
    unlimited: unlimited ?? false,
    ...(balance === undefined || balance === '' ? {} : { balance }),
  }
}

/**
 * Reads the body of `GET …/wham/usage`. Source: spec upstream-codex 5.2.
 * @returns undefined when it is not of that form
 */
export function readUsage(body: unknown, now: number): Quota | undefined {
  const root = record(body)
  if (root === undefined) return undefined
  const windows: Record<string, QuotaWindow> = {}
  const add = (limit: string, rateLimit: unknown) => {
    for (const slot of ['primary', 'secondary'] as const) {
      const window = readUsageWindow(record(record(rateLimit)?.[`${slot}_window`]), limit, slot, now)
      if (window !== undefined) windows[`${limit}/${slot}`] = window
    }
  }
  add(OWN_LIMIT, root['rate_limit'])
  add('code-review', root['code_review_rate_limit'])
  const additional = Array.isArray(root['additional_rate_limits']) ? root['additional_rate_limits'] : []
  for (const entry of additional.map(record)) {
    const feature = entry?.['metered_feature']
    // Headers spell the same limit with hyphens.
    if (typeof feature === 'string') add(feature.replaceAll('_', '-'), entry?.['rate_limit'])
  }
  const credits = record(root['credits'])
  const plan = root['plan_type']
  return {
    windows,
    ...(credits === undefined
      ? {}
      : {
          credits: {
            hasCredits: credits['has_credits'] === true,
            unlimited: credits['unlimited'] === true,
            ...(typeof credits['balance'] === 'string' ? { balance: credits['balance'] } : {}),
          },
        }),
    ...(typeof plan === 'string' ? { plan } : {}),
    at: now,
  }
}

function readUsageWindow(
  window: Record<string, unknown> | undefined,
  limit: string,
  slot: QuotaWindow['slot'],
  now: number,
): QuotaWindow | undefined {
  const usedPercent = number(window?.['used_percent'])
  if (usedPercent === undefined) return undefined
  const seconds = number(window?.['limit_window_seconds'])
  const [resetAtS, resetAfterS] = [number(window?.['reset_at']), number(window?.['reset_after_seconds'])]
  const resetAt =
    resetAtS !== undefined ? resetAtS * 1000 : resetAfterS === undefined ? undefined : now + resetAfterS * 1000
  return {
    limit,
    slot,
    usedPercent,
    ...(seconds === undefined ? {} : { windowMinutes: Math.round(seconds / 60) }),
    ...(resetAt === undefined ? {} : { resetAt }),
    source: 'usage',
    at: now,
  }
}

/** What is known after a reading: a window that it does not name stays as it was. */
export function mergeQuota(known: Quota | undefined, fresh: Quota): Quota {
  return known === undefined ? fresh : { ...known, ...fresh, windows: { ...known.windows, ...fresh.windows } }
}

/**
 * Until when the account's own limit is used up, or undefined when it has room. A window whose reset has passed has room, and
 * credits are room of their own.
 */
export function usedUpUntil(quota: Quota, now: number): number | undefined {
  if (quota.credits?.hasCredits === true || quota.credits?.unlimited === true) return undefined
  let until: number | undefined
  for (const window of Object.values(quota.windows)) {
    if (window.limit !== OWN_LIMIT || window.usedPercent < 100) continue
    if (window.resetAt === undefined || window.resetAt <= now) continue
    until = Math.max(until ?? 0, window.resetAt)
  }
  return until
}

/** A reading that names the account's own limit, so that its silence about 100 % means room. */
export function namesOwnLimit(quota: Quota): boolean {
  return Object.values(quota.windows).some((window) => window.limit === OWN_LIMIT)
}

function number(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const parsed = Number(value)
  return Number.isFinite(parsed) && parsed >= 0 ? parsed : undefined
}

function flag(value: string | undefined): boolean | undefined {
  switch (value?.toLowerCase()) {
    case 'true':
    case '1':
      return true
    case 'false':
    case '0':
      return false
    default:
      return undefined
  }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
