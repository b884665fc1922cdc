import { useSyncExternalStore } from 'react'

interface Clock {
  now(): number
  subscribe(watcher: () => void): () => void
}

/** One for each pace, however many look at it. */
const clocks = new Map<number, Clock>()

function clockOf(everyMs: number): Clock {
  const known = clocks.get(everyMs)
  if (known !== undefined) return known
  const watchers = new Set<() => void>()
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = (): void => {
    now = Date.now()
    watchers.forEach((watcher) => watcher())
  }
  const clock: Clock = {
    now: () => now,
    subscribe(watcher) {
      watchers.add(watcher)
      if (watchers.size === 1) timer = setInterval(tick, everyMs)
      // Nobody looked for a while.
      if (Date.now() - now >= everyMs) tick()
      return () => {
        watchers.delete(watcher)
        if (watchers.size === 0) clearInterval(timer)
      }
    },
  }
  clocks.set(everyMs, clock)
  return clock
}

/** The time, told anew every so often: what says "in 3 minutes" stays true. */
export function useNow(everyMs = 30_000): number {
  const { subscribe, now } = clockOf(everyMs)
  return useSyncExternalStore(subscribe, now)
}
