import type { Log } from './log.js'

export interface WriteBehindOptions<Item> {
  /** Writes some of what waits, the oldest first. What it cannot write it throws, and it is tried again. */
  write(items: readonly Item[]): Promise<void>
  /** For the log: `the request log`. */
  what: string
  log: Pick<Log, 'warn' | 'info'>
  /** How long an item waits at most, ms. */
  afterMs: number
  /** Items that one write takes. */
  atOnce: number
  /** Items that may wait; what comes beyond is dropped. */
  most: number
}

/** Rows on their way to the disk, which nobody waits for. */
export interface WriteBehind<Item> {
  /** Never throws, never waits. */
  add(item: Item): void
  /** Writes all that waits now. Never rejects: what cannot be written waits. */
  flush(): Promise<void>
  /** Forgets what waits. */
  forget(): void
  /** Items that could not be kept, because the disk took nothing for too long or too many came at one time. */
  readonly dropped: number
  /** Writes the rest. */
  close(): Promise<void>
}

/** A disk that fails is tried again after so long. */
const RETRY_AFTER_MS = 5_000

/** @example const rows = writeBehind({ write: (batch) => store.requestLog.add(batch, bounds), what: 'the request log', … }) */
export function writeBehind<Item>(options: WriteBehindOptions<Item>): WriteBehind<Item> {
  const { write, what, log, afterMs, atOnce, most } = options
  let waiting: Item[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let dropped = 0
  let told = 0
  let failing = false
  let closed = false

  function arm(ms: number): void {
    if (!closed) timer ??= setTimeout(() => void flush(), ms).unref()
  }

  /** One after the other; each takes all that waits. */
  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeWaiting)
    return writing
  }

  async function writeWaiting(): Promise<void> {
    tellDropped()
    while (waiting.length > 0) {
      const batch = waiting.splice(0, atOnce)
      try {
        await write(batch)
      } catch (error) {
        waiting = [...batch, ...waiting].slice(0, most)
        if (!failing) log.warn({ err: error }, `${what} cannot be written now and waits in memory`)
        failing = true
        arm(RETRY_AFTER_MS)
        return
      }
      if (failing) log.info({}, `${what} is written again`)
      failing = false
      // Requests get their turn between two writes.
      if (waiting.length > 0) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  function tellDropped(): void {
    if (dropped === told) return
    log.warn({ dropped }, `${what} has gaps: too much waits to be written`)
    told = dropped
  }

  return {
    add(item) {
      if (waiting.length >= most) dropped += 1
      else waiting.push(item)
      arm(afterMs)
    },
    flush,
    forget() {
      waiting = []
    },
    get dropped() {
      return dropped
    },
    async close() {
      closed = true
      await flush()
    },
  }
}
