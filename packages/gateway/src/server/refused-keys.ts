import type { Log } from '../telemetry/index.js'

/** Tells the log who tries keys that are none. */
export interface RefusedKeys {
  note(address: string, requestId: string): void
}

const QUIET_MS = 60_000
/** Whoever has many addresses shall not fill the memory. */
const MOST_ADDRESSES = 1_000

/** One line a minute for each address, with how many it stands for: a storm of guesses must not push all else out of the log. */
export function refusedKeys(log: Log, now: () => number = Date.now): RefusedKeys {
  const seen = new Map<string, { toldAt: number; untold: number }>()
  return {
    note(address, requestId) {
      const at = now()
      const before = seen.get(address)
      if (before !== undefined && at - before.toldAt < QUIET_MS && at >= before.toldAt) {
        before.untold += 1
        return
      }
      seen.delete(address)
      const [oldest] = seen.keys()
      if (oldest !== undefined && seen.size >= MOST_ADDRESSES) seen.delete(oldest)
      seen.set(address, { toldAt: at, untold: 0 })
      log.warn({ from: address, requestId, times: (before?.untold ?? 0) + 1 }, 'a key was refused that is none')
    },
  }
}
