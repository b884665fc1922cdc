import { setImmediate as realImmediate } from 'node:timers'

interface Due {
  at: number
  /** Of two at the same time the one that was planned first comes first. */
  turn: number
  call: (() => void) | undefined
}

/** Stands in for what `setTimeout` returns. */
export interface SimulatedTimer {
  readonly due: Due
  ref(): SimulatedTimer
  unref(): SimulatedTimer
  hasRef(): boolean
}

/** Time that passes only when it is told to, from one planned moment to the next. */
export interface SimulatedClock {
  /** Unix ms. */
  now(): number
  at(unixMs: number, call: () => void): SimulatedTimer
  sleep(ms: number): Promise<void>
  /** For `vi.stubGlobal`, so that what is tested waits in this time. */
  setTimeout(call: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): SimulatedTimer
  clearTimeout(timer: unknown): void
  /** Plays everything that is due until then; whatever a moment sets going comes to rest before the next one. */
  runUntil(unixMs: number): Promise<void>
  /** Lets go what can go on without time. */
  rest(): Promise<void>
}

export function simulatedClock(startAt: number): SimulatedClock {
  let time = startAt
  let turns = 0
  const heap: Due[] = []

  function plan(at: number, call: () => void): SimulatedTimer {
    const due: Due = { at: Math.max(at, time), turn: turns++, call }
    push(heap, due)
    const timer: SimulatedTimer = { due, ref: () => timer, unref: () => timer, hasRef: () => false }
    return timer
  }

  // Promises that were settled run to their end before an immediate does.
  const rest = (): Promise<void> => new Promise((resolve) => realImmediate(resolve))

  return {
    now: () => time,
    at: plan,
    sleep: (ms) => new Promise((resolve) => void plan(time + ms, resolve)),
    setTimeout: (call, ms = 0, ...args) => plan(time + Math.max(0, Number.isNaN(ms) ? 0 : ms), () => call(...args)),
    clearTimeout(timer) {
      const { due } = (timer ?? {}) as Partial<SimulatedTimer>
      if (due !== undefined) due.call = undefined
    },
    rest,
    async runUntil(until) {
      await rest()
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        pop(heap)
        if (next.call === undefined) continue
        time = next.at
        next.call()
        await rest()
      }
      time = Math.max(time, until)
    },
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.turn < b.turn)
}

function push(heap: Due[], due: Due): void {
  let at = heap.length
  heap.push(due)
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (parent === undefined || !before(due, parent)) break
    heap[at] = parent
    at = up
  }
  heap[at] = due
}

function pop(heap: Due[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    let child = heap[down]
    const right = heap[down + 1]
    if (child !== undefined && right !== undefined && before(right, child)) {
      child = right
      down += 1
    }
    if (child === undefined || !before(child, last)) break
    heap[at] = child
    at = down
  }
  heap[at] = last
}
