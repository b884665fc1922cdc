import { randomBytes } from 'node:crypto'
import type { ActQuery, ActRecord, ActRows, Log } from '../store/index.js'

/** Who did it: somebody signed in, a command through the running gateway, a command beside it, or whoever tried to get in. */
export const ACTORS = ['session', 'control', 'command line', 'nobody'] as const
export type Actor = (typeof ACTORS)[number]

/** Something that was done in management. Never what was sent or answered: neither belongs into a trail that others read. */
export type Act = Omit<ActRecord, 'id' | 'at'> & { who: Actor }

/** What was done, by whom and from where. */
export interface Acts {
  /** Never throws, never waits: it is kept a moment later. */
  note(act: Act): void
  /** The newest first, those included that were noted a moment ago. */
  list(query: Omit<ActQuery, 'count'> & { count?: number }): Promise<ActRecord[]>
  onAct(listener: () => void): () => void
  close(): Promise<void>
}

const DAY_MS = 86_400_000
const BOUNDS = { keep: 10_000, keepOfNobody: 1_000, days: 90 } as const
const WRITE_AFTER_MS = 250
const RETRY_AFTER_MS = 5_000
const MOST_WAITING = 500
/** Of routes and targets; an id is never so long. */
const LONGEST = 200

export function createActs({
  rows,
  log,
  now = Date.now,
}: {
  rows: ActRows
  log: Pick<Log, 'warn'>
  now?: () => number
}): Acts {
  const listeners = new Set<() => void>()
  let waiting: ActRecord[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let lastMs = 0
  let count = 0

  /** Sorts by time, also within a ms and after a clock that was set back. */
  function nextId(): string {
    const at = Math.max(now(), lastMs)
    count = at === lastMs ? count + 1 : 0
    lastMs = at
    return `act_${at.toString(36).padStart(9, '0')}${count.toString(36).padStart(3, '0')}${randomBytes(4).toString('hex')}`
  }

  function arm(ms: number): void {
    timer ??= setTimeout(() => void write(), ms).unref()
  }

  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(async () => {
      const batch = waiting
      if (batch.length === 0) return
      waiting = []
      try {
        const { keep, keepOfNobody, days } = BOUNDS
        await rows.add(batch, { keep, keepOfNobody, since: now() - days * DAY_MS })
      } catch (error) {
        log.warn({ err: error }, 'the trail of management acts cannot be kept; it is tried again')
        waiting = [...batch, ...waiting].slice(-MOST_WAITING)
        arm(RETRY_AFTER_MS)
      }
    })
    return writing
  }

  return {
    note({ target, ...act }) {
      waiting.push({
        ...act,
        id: nextId(),
        at: now(),
        route: act.route.slice(0, LONGEST),
        ...(target === undefined ? {} : { target: target.slice(0, LONGEST) }),
      })
      if (waiting.length > MOST_WAITING) waiting.shift()
      arm(WRITE_AFTER_MS)
      for (const listener of [...listeners]) listener()
    },
    async list({ count: most = 100, ...query }) {
      await write()
      return rows.list({ ...query, count: most })
    },
    onAct(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      listeners.clear()
      await write()
      clearTimeout(timer)
    },
  }
}
