/**
 * One timer for all streams: thousands of open replies cost one sweep instead of thousands of timers.
 * `tick` is called for each member about once an interval.
 */
export interface Pulse {
  add(member: Beating): void
  remove(member: Beating): void
  readonly size: number
  stop(): void
}

export interface Beating {
  /** @param now monotonic ms */
  tick(now: number): void
}

export function pulse(intervalMs: number): Pulse {
  const members = new Set<Beating>()
  let timer: NodeJS.Timeout | undefined

  function beat(): void {
    const now = performance.now()
    for (const member of members) member.tick(now)
  }

  return {
    add(member) {
      members.add(member)
      timer ??= setInterval(beat, intervalMs).unref()
    },
    remove(member) {
      members.delete(member)
      if (members.size > 0 || timer === undefined) return
      clearInterval(timer)
      timer = undefined
    },
    get size() {
      return members.size
    },
    stop() {
      clearInterval(timer)
      timer = undefined
      members.clear()
    },
  }
}
