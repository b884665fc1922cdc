import { OWN_LIMIT } from './truth.js'
import type { Credits, QuotaReading, QuotaWindow } from './types.js'

type HeaderBag = Readonly<Record<string, string | undefined>>

const FAMILY = /^x-(.+)-(primary|secondary)-used-percent$/

/**
 * Reads every family of rate-limit headers (`x-{limit}-primary-used-percent` and its kin).
 * Source: spec upstream-codex 5.1.
 * @param headers names in lower case
 * @returns undefined when there is none
 */
export function readQuotaHeaders(headers: HeaderBag, now: number): QuotaReading | undefined {
  const windows: Record<string, QuotaWindow> = {}
  for (const name of Object.keys(headers)) {
    const [, family, slot] = FAMILY.exec(name) ?? []
    const limit = limitName(family)
    if (family === undefined || limit === undefined || (slot !== 'primary' && slot !== 'secondary')) continue
    const window = readWindow(headers, family, limit, slot, now)
    if (window !== undefined) windows[`${limit}/${slot}`] = window
  }
  const credits = readCredits(headers, now)
  const activeLimit = activeOf(headers, windows)
  const plan = headers['x-codex-plan-type']
  if (Object.keys(windows).length === 0 && credits === undefined && activeLimit === undefined) return undefined
  return {
    windows,
    ...(credits === undefined ? {} : { credits }),
    ...(plan === undefined || plan === '' ? {} : { plan }),
    ...(activeLimit === undefined ? {} : { activeLimit }),
    source: 'header',
    at: now,
  }
}

/**
 * Which limit the request counted against. Only a name that has windows of its own in the same headers is one: for the account's own the
 * backend says something else (`premium`, 2026). Where it is another limit, the headers without a name repeat that one's
 * numbers, and are taken out: they would lock the account for what one model used up.
 */
function activeOf(headers: HeaderBag, windows: Record<string, QuotaWindow>): string | undefined {
  const named = limitName(headers['x-codex-active-limit'])
  if (named === undefined) return undefined
  const isOwn = named === OWN_LIMIT || !Object.values(windows).some(({ limit }) => limit === named)
  if (isOwn) return OWN_LIMIT
  for (const slot of ['primary', 'secondary']) Reflect.deleteProperty(windows, `${OWN_LIMIT}/${slot}`)
  return named
}

/** Ids spell a limit with underscores, headers with hyphens; some headers with another prefix mean the code review's. */
export function limitName(text: unknown): string | undefined {
  if (typeof text !== 'string' || !/^[a-z0-9_-]{1,60}$/i.test(text)) return undefined
  const name = text.toLowerCase().replaceAll('_', '-')
  return CODE_REVIEW.has(name) ? 'code-review' : name
}

const CODE_REVIEW: ReadonlySet<string> = new Set(['codex-code-review', 'codex-review'])

function readWindow(
  headers: HeaderBag,
  family: string,
  limit: string,
  slot: QuotaWindow['slot'],
  now: number,
): QuotaWindow | undefined {
  const of = (suffix: string) => number(headers[`x-${family}-${slot}-${suffix}`])
  const name = headers[`x-${family}-limit-name`]
  const usedPercent = of('used-percent')
  const windowMinutes = of('window-minutes')
  const [resetAtS, resetAfterS] = [of('reset-at'), of('reset-after-seconds')]
  const resetAt =
    resetAtS !== undefined ? resetAtS * 1000 : resetAfterS === undefined ? undefined : now + resetAfterS * 1000
  if (usedPercent === undefined) return undefined
  // The backend sends zeros for a window that the plan does not have.
  if (usedPercent === 0 && !windowMinutes && (resetAt === undefined || resetAt <= now)) return undefined
  return {
    limit,
    ...(name === undefined || name === '' ? {} : { name }),
    slot,
    usedPercent,
    reached: usedPercent >= 100,
    ...(windowMinutes === undefined ? {} : { windowMinutes }),
    ...(resetAt === undefined ? {} : { resetAt }),
    source: 'header',
    at: now,
  }
}

function readCredits(headers: HeaderBag, now: number): Credits | undefined {
  const [has, unlimited] = [flag(headers['x-codex-credits-has-credits']), flag(headers['x-codex-credits-unlimited'])]
  if (has === undefined && unlimited === undefined) return undefined
  const balance = headers['x-codex-credits-balance']
  return {
    hasCredits: has ?? false,
    unlimited: unlimited ?? false,
    ...(balance === undefined || balance === '' ? {} : { balance }),
    source: 'header',
    at: now,
  }
}

/**
 * Reads the body of `GET …/wham/usage`. Source: spec upstream-codex 5.2.
 * @returns undefined when it is not of that form
 */
export function readUsage(body: unknown, now: number): QuotaReading | undefined {
  const root = record(body)
  if (root === undefined) return undefined
  const windows: Record<string, QuotaWindow> = {}
  const add = (limit: string, rateLimit: unknown, name?: unknown) => {
    const told = record(rateLimit)
    const read = (['primary', 'secondary'] as const).flatMap((slot) => {
      const window = readUsageWindow(record(told?.[`${slot}_window`]), limit, slot, now)
      return window === undefined ? [] : [typeof name === 'string' && name !== '' ? { ...window, name } : window]
    })
    const refuses = told?.['limit_reached'] === true || told?.['allowed'] === false
    // It says that it refuses and not where: the fullest window is meant.
    if (refuses && !read.some(({ reached }) => reached)) {
      const fullest = read.reduce<QuotaWindow | undefined>(
        (most, window) => (most === undefined || window.usedPercent > most.usedPercent ? window : most),
        undefined,
      )
      if (fullest !== undefined) fullest.reached = true
    }
    for (const window of read) windows[`${limit}/${window.slot}`] = window
  }
  add(OWN_LIMIT, root['rate_limit'])
  add('code-review', root['code_review_rate_limit'])
  const additional = Array.isArray(root['additional_rate_limits']) ? root['additional_rate_limits'] : []
  for (const entry of additional.map(record)) {
    const limit = limitName(entry?.['metered_feature'])
    if (limit !== undefined) add(limit, entry?.['rate_limit'], entry?.['limit_name'])
  }
  const credits = record(root['credits'])
  const resets = number(record(root['rate_limit_reset_credits'])?.['available_count'])
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
            source: 'usage',
            at: now,
          },
        }),
    ...(resets === undefined ? {} : { resetCredits: { available: resets, at: now } }),
    ...(typeof plan === 'string' ? { plan } : {}),
    source: 'usage',
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
    reached: usedPercent >= 100,
    ...(seconds === undefined ? {} : { windowMinutes: Math.round(seconds / 60) }),
    ...(resetAt === undefined ? {} : { resetAt }),
    source: 'usage',
    at: now,
  }
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
