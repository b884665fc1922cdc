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
  /** Milliseconds that no setting of the clock moves. Default: those since the process began. */
  uptime?: () => number
  /** Between 0 and 1. Default: chance. */
  random?: () => number
}

/** Clocks jump and machines sleep: never trust a timer for longer. */
const LONGEST_NAP_MS = 30_000
/** Later than that, or with the clock put forward or back as far, the machine has slept or its clock was set. */
const NOTABLE_GAP_MS = 30_000
const LONGEST_JITTER_MS = 60 * 60_000
/** From one beginning to the next, half as much to half as much again: 500 dead logins take eight minutes, and no burst. */
const PACE_MS = 1_000
/** After a start or a sleep: many machines wake at once, and the network is not there yet. At most so long. */
const SETTLE_MS = 5_000

/**
 * Looks at all accounts when the next one is due, and begins one refresh after the other at a bounded pace, however many are
 * due. A request that needs an account does not wait for this: it refreshes it itself.
 */
export function createRefreshSchedule(options: RefreshScheduleOptions): RefreshSchedule {
  const { entries, refresh, now, random = Math.random, uptime = () => performance.now() } = options
  const settings = options.settings ?? (() => DEFAULT_REFRESH_SETTINGS)
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let last = { at: now(), up: uptime(), napMs: 0 }
  /** In uptime: before it nothing begins. */
  let nextStart = last.up + SETTLE_MS * random()

  function look(): void {
    const at = now()
    const up = uptime()
    const slept = up - last.up - last.napMs > NOTABLE_GAP_MS
    const clockWasSet = Math.abs(at - last.at - (up - last.up)) > NOTABLE_GAP_MS
    if (slept || clockWasSet) nextStart = Math.max(nextStart, up + SETTLE_MS * random())
    last = { at, up, napMs: begin(at, up) }
    arm(last.napMs)
  }

  /** Begins what may begin now. @returns how long to wait for the next, ms */
  function begin(at: number, up: number): number {
    const { enabled, concurrency, marginMs } = settings()
    if (!enabled) return LONGEST_NAP_MS
    const { due, nextAt } = whoIsDue(at, marginMs)
    for (const entry of due) {
      // Whoever ends looks again.
      if (running.size >= concurrency) return LONGEST_NAP_MS
      if (nextStart > up) return Math.min(nextStart - up, LONGEST_NAP_MS)
      nextStart = up + PACE_MS * (0.5 + random())
      start(entry)
    }
    return Math.min(nextAt - at, LONGEST_NAP_MS)
  }

  /**
   * The accounts to refresh, in order: logins that still serve, so that none of them ends while it stands in line, then those
   * that have ended, the latest first.
   */
  function whoIsDue(at: number, marginMs: number): { due: Entry[]; nextAt: number } {
    const due: { entry: Entry; ended: boolean; ends: number }[] = []
    let nextAt = Infinity
    for (const entry of entries()) {
      const when = running.has(entry.record.id) ? undefined : dueAt(entry, at, marginMs)
      if (when === undefined) continue
      if (when > at) {
        nextAt = Math.min(nextAt, when)
        continue
      }
      const ends = endsAt(entry.record) ?? Infinity
      due.push({ entry, ended: ends <= at, ends })
    }
    due.sort((a, b) => (a.ended === b.ended ? (a.ended ? b.ends - a.ends : a.ends - b.ends || 0) : a.ended ? 1 : -1))
    return { due: due.map(({ entry }) => entry), nextAt }
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
