import { REFRESH_WITHOUT_END_MS, mayRefreshAgainAt } from './credentials.js'
import { DEFAULT_REFRESH_SETTINGS } from './refresh-gate.js'
import type { RefreshSettings } from './refresh-gate.js'
import { endsAt } from './roster.js'
import type { Entry } from './roster.js'
import type { RefreshReason } from './tokens/index.js'

/** Refreshes accounts before their tokens end. */
export interface RefreshSchedule {
  /** Something changed: look again when the next one is due. */
  rearm(): void
  close(): void
}

export interface RefreshScheduleOptions {
  entries: () => Entry[]
  refresh: (entry: Entry, reason: RefreshReason) => Promise<unknown>
  /** Asked at every look. Default: {@link DEFAULT_REFRESH_SETTINGS}. */
  settings?: () => RefreshSettings
  /** Unix ms, of a clock that may jump. */
  now: () => number
  /** Between 0 and 1. Default: chance. */
  random?: () => number
}

/** Clocks jump and machines sleep: never trust a timer for longer. */
const LONGEST_NAP_MS = 30_000
/** A look that comes so much later than it was planned, or earlier than the last: the machine slept, or its clock was set. */
const NOTABLE_GAP_MS = 30_000
const LONGEST_JITTER_MS = 60 * 60_000
/** A crowd begins one by one, half as far apart to half as far again: 500 dead logins take eight minutes, and no burst. */
const PACE_MS = 1_000
/** Machines that wake have no network yet, and many wake at once. At most so long. */
const SETTLE_MS = 5_000

/**
 * Looks at all accounts when the next one is due. As many as may run at one time begin at once, the rest of a crowd one by one
 * at a steady pace. A request that needs an account does not wait for this: it refreshes it itself.
 */
export function createRefreshSchedule(options: RefreshScheduleOptions): RefreshSchedule {
  const { entries, refresh, now, random = Math.random } = options
  const settings = options.settings ?? (() => DEFAULT_REFRESH_SETTINGS)
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let lookedAt = now()
  let napMs = 0
  /** So many may begin now; one more after each step of the pace. */
  let ready = settings().concurrency
  let step: NodeJS.Timeout | undefined

  function look(): void {
    const at = now()
    const late = at - lookedAt - napMs
    // The machine slept, or its clock was set: everything may be due, and nothing is in such a hurry.
    if (late > NOTABLE_GAP_MS || lookedAt - at > NOTABLE_GAP_MS) {
      ready = 0
      stepIn(SETTLE_MS * random())
    }
    lookedAt = at
    napMs = begin(at)
    arm(napMs)
  }

  /** Begins what may begin now. @returns how long to wait for the next, ms */
  function begin(at: number): number {
    const { enabled, concurrency, marginMs } = settings()
    if (!enabled) return LONGEST_NAP_MS
    const { due, nextAt } = whoIsDue(at, marginMs)
    for (const entry of due) {
      // Whoever ends looks again, and so does the next step.
      if (running.size >= concurrency || ready === 0) return LONGEST_NAP_MS
      ready -= 1
      if (step === undefined) stepIn(paceMs())
      start(entry)
    }
    return Math.min(nextAt - at, LONGEST_NAP_MS)
  }

  function paceMs(): number {
    return PACE_MS * (0.5 + random())
  }

  function stepIn(ms: number): void {
    clearTimeout(step)
    step = setTimeout(() => {
      const { concurrency } = settings()
      ready = Math.min(ready + 1, concurrency)
      step = undefined
      if (ready < concurrency) stepIn(paceMs())
      arm(0)
    }, ms).unref()
  }

  /**
   * The accounts to refresh, in order: logins that still serve, so that none of them ends while it stands in line, then those
   * that have ended, the latest first.
   */
  function whoIsDue(at: number, marginMs: number): { due: Entry[]; nextAt: number } {
    const serving: { entry: Entry; ends: number }[] = []
    const ended: { entry: Entry; ends: number }[] = []
    let nextAt = Infinity
    for (const entry of entries()) {
      const when = running.has(entry.record.id) ? undefined : dueAt(entry, at, marginMs)
      if (when === undefined) continue
      // An access token that names no end is refreshed in good time; it is in no hurry.
      const ends = endsAt(entry.record) ?? Number.MAX_VALUE
      if (when > at) nextAt = Math.min(nextAt, when)
      else (ends > at ? serving : ended).push({ entry, ends })
    }
    serving.sort((a, b) => a.ends - b.ends)
    ended.sort((a, b) => b.ends - a.ends)
    return { due: [...serving, ...ended].map(({ entry }) => entry), nextAt }
  }

  function start(entry: Entry): void {
    const { id, expiresAt } = entry.record
    running.add(id)
    refresh(entry, expiresAt === undefined ? 'scheduled' : 'proactive_expiry')
      .catch(() => undefined)
      .finally(() => {
        running.delete(id)
        arm(0)
      })
  }

  function arm(ms: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(look, ms).unref()
  }

  arm(0)
  return {
    rearm: () => {
      arm(0)
    },
    close() {
      closed = true
      clearTimeout(timer)
      clearTimeout(step)
    },
  }
}

/**
 * Unix ms when an account's tokens are to be refreshed, or undefined when never. The margin before the end, and up to a tenth of
 * their life earlier, so that many accounts do not come at once and a refresh that fails has time to be tried again.
 */
export function dueAt(entry: Entry, now: number, marginMs = DEFAULT_REFRESH_SETTINGS.marginMs): number | undefined {
  const { record, refusal, health, jitter } = entry
  if (record.linked || !record.enabled || record.refreshTokenHash === undefined) return undefined
  if (refusal?.generation === record.generation || health.status === 'expired' || health.status === 'suspended') {
    return undefined
  }
  const notBefore = mayRefreshAgainAt(entry, now)
  const ends = endsAt(record)
  if (ends === undefined) return Math.max(record.lastRefreshAt + REFRESH_WITHOUT_END_MS, notBefore)
  const lifeMs = Math.max(0, (record.expiresAt ?? ends) - (record.issuedAt ?? record.lastRefreshAt))
  const spreadMs = jitter * Math.min(lifeMs / 10, LONGEST_JITTER_MS)
  // A token that lives for minutes must not be refreshed all the time.
  return Math.max(ends - Math.min(marginMs + spreadMs, lifeMs / 2), notBefore)
}
