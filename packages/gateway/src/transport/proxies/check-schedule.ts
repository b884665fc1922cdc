/** Checks the proxies now and then, each at its own time. */
export interface CheckSchedule {
  /** Something changed: look again who is due. */
  rearm(): void
  /** Checks this one as soon as possible. */
  soon(id: string): void
  close(): void
}

export interface CheckScheduleOptions {
  /** Those that are enabled. `checkedAt`: unix ms. */
  proxies(): readonly { id: string; checkedAt?: number }[]
  /** Read at every look; 0: never. */
  everyMinutes(): number
  check(id: string): Promise<unknown>
  now(): number
  /** From 0 up to 1. */
  random(): number
}

/** A changed setting is noticed within this time, and no timer is trusted for longer. */
const LONGEST_NAP_MS = 15_000
/** Over so long are spread those that are due together: after a start, after a list was imported. */
const SPREAD_MS = 30_000
const AT_ONE_TIME = 4

export function createCheckSchedule(options: CheckScheduleOptions): CheckSchedule {
  const { now, random } = options
  const plans = new Map<string, { made: string; dueAt: number }>()
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function dueAt({ id, checkedAt }: { id: string; checkedAt?: number }, minutes: number): number {
    const made = `${checkedAt ?? ''} ${minutes}`
    const known = plans.get(id)
    if (known?.made === made) return known.dueAt
    const everyMs = minutes * 60_000
    const soonest = now() + random() * Math.min(SPREAD_MS, everyMs)
    const regular = checkedAt === undefined ? soonest : checkedAt + everyMs * (0.8 + 0.4 * random())
    const plan = { made, dueAt: Math.max(soonest, regular) }
    plans.set(id, plan)
    return plan.dueAt
  }

  function look(): void {
    const minutes = options.everyMinutes()
    if (minutes <= 0) return arm(LONGEST_NAP_MS)
    const proxies = options.proxies()
    const ids = new Set(proxies.map(({ id }) => id))
    for (const id of plans.keys()) if (!ids.has(id)) plans.delete(id)
    const due = proxies.map((proxy) => ({ id: proxy.id, at: dueAt(proxy, minutes) })).sort((a, b) => a.at - b.at)
    let nap = LONGEST_NAP_MS
    for (const { id, at } of due) {
      if (running.has(id)) continue
      if (at > now()) {
        nap = Math.min(nap, at - now())
        break
      }
      if (running.size >= AT_ONE_TIME) break
      run(id)
    }
    arm(nap)
  }

  function run(id: string): void {
    running.add(id)
    options
      .check(id)
      .catch(() => undefined)
      .finally(() => {
        running.delete(id)
        // Also when nothing came of it that could be kept: it is not due again at once.
        const plan = plans.get(id)
        if (plan !== undefined) plan.dueAt = now() + options.everyMinutes() * 60_000
        arm(0)
      })
  }

  function arm(ms: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(look, ms).unref()
  }

  arm(0)
  return {
    rearm: () => arm(0),
    soon(id) {
      const plan = plans.get(id)
      if (plan !== undefined) plan.dueAt = now()
      arm(0)
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
