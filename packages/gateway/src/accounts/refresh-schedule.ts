import { REFRESH_BEFORE_MS, REFRESH_WITHOUT_END_MS, mayRefreshAgainAt } from './credentials.js'
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
  now: () => number
  /** Default 4. */
  concurrency?: number
}

/** Clocks jump and machines sleep: never trust a timer for longer. */
const LONGEST_NAP_MS = 60_000
const LONGEST_JITTER_MS = 60 * 60_000

export function createRefreshSchedule(options: RefreshScheduleOptions): RefreshSchedule {
  const { entries, refresh, now, concurrency = 4 } = options
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function look(): void {
    const due = entries()
      .map((entry) => ({ entry, at: dueAt(entry) }))
      .filter((one): one is { entry: Entry; at: number } => one.at !== undefined && !running.has(one.entry.record.id))
      .sort((a, b) => a.at - b.at)
    let nap = LONGEST_NAP_MS
    for (const { entry, at } of due) {
      const { id, expiresAt } = entry.record
      if (at > now()) {
        nap = Math.min(nap, at - now())
        break
      }
      if (running.size >= concurrency) break
      running.add(id)
      refresh(entry, expiresAt === undefined ? 'scheduled' : 'proactive_expiry')
        .catch(() => undefined)
        .finally(() => {
          running.delete(id)
          arm(0)
        })
    }
    arm(nap)
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
 * Unix ms when an account's tokens are to be refreshed, or undefined when never. Five minutes before the end, and up to a tenth
 * of their life earlier, so that many accounts do not come at once and a refresh that fails has time to be tried again.
 */
export function dueAt(entry: Entry): number | undefined {
  const { record, refusal, health, jitter } = entry
  if (record.linked || !record.enabled || record.refreshTokenHash === undefined) return undefined
  if (refusal?.generation === record.generation || health.status === 'expired' || health.status === 'suspended') {
    return undefined
  }
  const notBefore = mayRefreshAgainAt(entry)
  const ends = endsAt(record)
  if (ends === undefined) return Math.max(record.lastRefreshAt + REFRESH_WITHOUT_END_MS, notBefore)
  const lifeMs = Math.max(0, (record.expiresAt ?? ends) - (record.issuedAt ?? record.lastRefreshAt))
  const marginMs = REFRESH_BEFORE_MS + jitter * Math.min(lifeMs / 10, LONGEST_JITTER_MS)
  // A token that lives for minutes must not be refreshed all the time.
  return Math.max(ends - Math.min(marginMs, lifeMs / 2), notBefore)
}
