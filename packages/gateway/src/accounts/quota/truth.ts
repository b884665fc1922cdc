import type { Quota, QuotaReading, QuotaSource, QuotaWindow } from './types.js'

/** The limit that holds for every request of an account that has none of its own. */
export const OWN_LIMIT = 'codex'
/** Stands for a plan or credit that is used up (402): no window of the backend's. */
const PAYMENT = 'payment'

const MINUTE = 60_000
/** When nobody says when a limit ends, it is looked at again after this. */
const UNKNOWN_RESET_MS = 5 * MINUTE
const UNPAID_MS = 30 * MINUTE
/** Refusals name their end to the second, windows round it: so near, both mean the same. */
const SAME_RESET_MS = 5 * MINUTE

const STRENGTH: Readonly<Record<QuotaSource, number>> = { usage: 1, header: 2, refusal: 3 }

/** What keeps requests for a model from an account. */
export interface QuotaLock {
  window: QuotaWindow
  /** Unix ms. */
  until: number
}

/** Models with a limit of their own that were known before any answer said so. Source: parity 3.3. */
const OWN_BUCKETS: readonly (readonly [name: string, limit: string])[] = [
  ['spark', 'codex-bengalfox'],
  ['bengalfox', 'codex-bengalfox'],
]

/** The limit that requests for a model count against. */
export function limitOf(quota: Quota | undefined, model: string): string {
  return quota?.limitOf?.[model] ?? OWN_BUCKETS.find(([name]) => model.includes(name))?.[1] ?? OWN_LIMIT
}

/**
 * What is known after a reading. A window that it does not name stays as it was; what is less sure never opens what is surer, it
 * only makes it doubtful.
 * @param model of the request that was answered, where one was
 */
export function learnQuota(known: Quota | undefined, reading: QuotaReading, model?: string): Quota {
  const { source: _, activeLimit, ...told } = reading
  const windows: Record<string, QuotaWindow> = { ...known?.windows }
  for (const [key, fresh] of Object.entries(reading.windows)) windows[key] = merged(windows[key], fresh)
  const limits = limitsAfter(known, activeLimit, model)
  const credits =
    known?.credits !== undefined && (told.credits === undefined || told.credits.at < known.credits.at)
      ? known.credits
      : told.credits
  return {
    ...known,
    ...told,
    windows,
    ...(credits === undefined ? {} : { credits }),
    ...(limits === undefined ? {} : { limitOf: limits }),
  }
}

function limitsAfter(known: Quota | undefined, active: string | undefined, model: string | undefined) {
  if (active === undefined || model === undefined || limitOf(known, model) === active) return known?.limitOf
  return { ...known?.limitOf, [model]: active }
}

function merged(known: QuotaWindow | undefined, fresh: QuotaWindow): QuotaWindow {
  if (known === undefined || !isLocked(known, fresh.at)) return fresh
  if (STRENGTH[fresh.source] < STRENGTH[known.source]) {
    if (!fresh.reached) return { ...known, doubtedAt: fresh.at }
    return (fresh.resetAt ?? 0) > (known.resetAt ?? 0) ? { ...known, resetAt: fresh.resetAt ?? known.at } : known
  }
  if (!fresh.reached || fresh.source !== known.source) return fresh
  // Two that say the same are as sure as each other: the later end is the true one.
  const resetAt = Math.max(fresh.resetAt ?? 0, known.resetAt ?? 0)
  return resetAt === 0 ? fresh : { ...fresh, resetAt }
}

/**
 * An answer proves that the limit of its model has room, whoever said otherwise before it was sent.
 * @param sentAt unix ms
 */
export function provenFree(quota: Quota, model: string | undefined, sentAt: number): Quota {
  const limits = limitsFor(quota, model)
  return changed(quota, (window) => {
    if (!limits.includes(window.limit) || !window.reached || window.at > sentAt) return window
    const { doubtedAt: _, ...rest } = window
    // Past its end nobody has told how full the new one is.
    const rolled = (window.resetAt ?? Infinity) <= sentAt
    return { ...rest, reached: false, ...(rolled ? { usedPercent: 0 } : {}), at: sentAt }
  })
}

/** Its owner says that the quota is back: what is locked may be tried once. */
export function doubted(quota: Quota, now: number, limit?: string): Quota {
  return changed(quota, (window) =>
    isLocked(window, now) && (limit === undefined || window.limit === limit) ? { ...window, doubtedAt: now } : window,
  )
}

/** A lock that was told for one model, whatever limit it counts against. */
function limitOfModelAlone(model: string): string {
  return `model:${model}`
}

/** What locks requests for a model. */
function limitsFor(quota: Quota, model: string | undefined): readonly string[] {
  return model === undefined ? [OWN_LIMIT, PAYMENT] : [limitOf(quota, model), PAYMENT, limitOfModelAlone(model)]
}

/**
 * The backend refused a request because a limit is reached.
 * @param about.modelAlone it was told that only this model is out
 */
export function refused(
  quota: Quota | undefined,
  about: { model: string | undefined; modelAlone: boolean; until: number | undefined; now: number },
): Quota {
  const { model, until, now } = about
  const limit = model === undefined ? OWN_LIMIT : about.modelAlone ? limitOfModelAlone(model) : limitOf(quota, model)
  const slot = until === undefined ? fullestOf(quota, limit, now) : slotOf(quota, limit, until, now)
  const key = `${limit}/${slot}`
  const known = quota?.windows[key]
  const told = known !== undefined && (known.resetAt ?? 0) > now ? known.resetAt : undefined
  const resetAt = until ?? told ?? now + UNKNOWN_RESET_MS
  const { doubtedAt: _, ...rest } = known ?? { limit, slot, usedPercent: 100 }
  const fresh: QuotaWindow = {
    ...rest,
    reached: true,
    resetAt,
    source: 'refusal',
    at: now,
  }
  return withWindow(paid(quota), key, known === undefined ? fresh : merged(known, fresh), now)
}

/** Who is told of a limit has paid. */
function paid(quota: Quota | undefined): Quota | undefined {
  return quota === undefined
    ? undefined
    : changed(quota, (window) => (window.limit === PAYMENT && window.reached ? { ...window, reached: false } : window))
}

/** The backend wants to be paid. */
export function unpaid(quota: Quota | undefined, until: number | undefined, now: number): Quota {
  const window: QuotaWindow = {
    limit: PAYMENT,
    slot: 'primary',
    usedPercent: 100,
    reached: true,
    resetAt: until ?? now + UNPAID_MS,
    source: 'refusal',
    at: now,
  }
  return withWindow(quota, `${PAYMENT}/primary`, window, now)
}

/** Which window a refusal speaks of: the one that ends when it says; else the fullest; else one as long as the time that is left. */
function slotOf(quota: Quota | undefined, limit: string, until: number, now: number): QuotaWindow['slot'] {
  const windows = Object.values(quota?.windows ?? {}).filter((window) => window.limit === limit)
  const same = windows.find(({ resetAt }) => Math.abs((resetAt ?? 0) - until) <= SAME_RESET_MS)
  if (same !== undefined) return same.slot
  const full = windows.find((window) => window.usedPercent >= 100 && (window.resetAt ?? 0) > now)
  return full?.slot ?? (until - now > 6 * 60 * MINUTE ? 'secondary' : 'primary')
}

function fullestOf(quota: Quota | undefined, limit: string, now: number): QuotaWindow['slot'] {
  const { primary, secondary } = {
    primary: quota?.windows[`${limit}/primary`],
    secondary: quota?.windows[`${limit}/secondary`],
  }
  const used = (window: QuotaWindow | undefined) => (window === undefined ? -1 : usedNow(window, now))
  return used(secondary) > used(primary) ? 'secondary' : 'primary'
}

function withWindow(quota: Quota | undefined, key: string, window: QuotaWindow, now: number): Quota {
  return { ...quota, windows: { ...quota?.windows, [key]: window }, at: now }
}

function changed(quota: Quota, change: (window: QuotaWindow) => QuotaWindow): Quota {
  let any = false
  const windows: Record<string, QuotaWindow> = {}
  for (const [key, window] of Object.entries(quota.windows)) {
    const after = change(window)
    any ||= after !== window
    windows[key] = after
  }
  return any ? { ...quota, windows } : quota
}

/** It refuses, and its end has not come. */
export function isLocked(window: QuotaWindow, now: number): boolean {
  return window.reached && (window.resetAt ?? 0) > now
}

/** Windows roll over at their own end, whether or not anybody said so. */
export function usedNow(window: QuotaWindow, now: number): number {
  return window.resetAt !== undefined && window.resetAt <= now ? 0 : window.usedPercent
}

/**
 * What keeps requests for a model from the account: of several locks the one that ends last. Credits open what only a full
 * window keeps shut, a refusal they do not.
 * @param skipExhausted a full window counts although nobody was refused yet
 */
export function lockOf(
  quota: Quota | undefined,
  model: string | undefined,
  now: number,
  skipExhausted = true,
): QuotaLock | undefined {
  if (quota === undefined) return undefined
  const limits = limitsFor(quota, model)
  const onlyRefusals = !skipExhausted || quota.credits?.hasCredits === true || quota.credits?.unlimited === true
  let lock: QuotaLock | undefined
  for (const key in quota.windows) {
    const window = quota.windows[key]
    if (window === undefined || !window.reached) continue
    if (!limits.includes(window.limit)) continue
    const until = window.resetAt ?? 0
    if (until <= now || (onlyRefusals && window.source !== 'refusal')) continue
    if (lock === undefined || until > lock.until) lock = { window, until }
  }
  return lock
}

/** Unix ms when a lock of the model's limit ended by time alone, so that nobody has seen yet whether it is open; the latest of them. */
export function unprovenSince(quota: Quota | undefined, model: string, now: number): number | undefined {
  if (quota === undefined) return undefined
  const limits = limitsFor(quota, model)
  let since: number | undefined
  for (const key in quota.windows) {
    const window = quota.windows[key]
    if (window === undefined || !window.reached || !limits.includes(window.limit)) continue
    if (window.resetAt === undefined || window.resetAt > now) continue
    since = Math.max(since ?? 0, window.resetAt)
  }
  return since
}

/** In one sentence: what is used up, who said so, and what heals it. */
export function lockReason({ window, until }: QuotaLock): string {
  const when = new Date(until).toISOString()
  if (window.limit === PAYMENT) {
    return `Its plan or credit is used up: it is asked again at ${when}, or top it up.`
  }
  const name = window.name ?? window.limit.replace(/^model:/, '')
  const which = window.limit === OWN_LIMIT ? 'Its usage limit' : `Its limit for ${name}`
  const said: Record<QuotaSource, string> = {
    refusal: 'the backend refused a request',
    header: 'its last answer said so',
    usage: 'its usage page says so',
  }
  return `${which} (${window.slot}) is reached, ${said[window.source]}: it serves again at ${when}, or when a probe finds it free before.`
}
