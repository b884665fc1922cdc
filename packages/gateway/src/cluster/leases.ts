import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LeaseRow, LeaseRows } from '../store/index.js'
import { createProcessWatch } from './process-identity.js'
import type { ProcessIdentity, ProcessWatch } from './process-identity.js'

/** The right to do one thing alone, among all tasks of all processes that share the store. */
export interface Lease {
  readonly name: string
  /** Grows with every taking of this name: who writes with a smaller one is late. */
  readonly fencing: number
  release(): Promise<void>
}

export interface Leases {
  /**
   * Takes the lease, waiting while somebody alive holds it. A holder that died loses it at once; one whose life cannot be seen
   * (another container, Windows) after {@link AcquireOptions.holdMs}.
   * @returns undefined when the wait was in vain
   */
  acquire(name: string, options: AcquireOptions): Promise<Lease | undefined>
}

export interface AcquireOptions {
  waitMs: number
  /** The longest that the work can take; the measure of last resort for a holder that cannot be seen. */
  holdMs: number
  signal?: AbortSignal
}

export interface LeasesOptions {
  rows: LeaseRows
  now?: () => number
  processes?: ProcessWatch
  /** How to wait between two looks. */
  pause?: (ms: number) => Promise<void>
}

interface Holder extends ProcessIdentity {
  /** Tells two tasks of one process apart. */
  task: string
}

const FIRST_LOOK_MS = 10
const SLOWEST_LOOK_MS = 100

/** Leases in the store's own database: for processes of one machine. */
export function createLeases(options: LeasesOptions): Leases {
  const { rows, now = Date.now, pause = (ms: number) => sleep(ms) } = options
  let watch = options.processes
  const processes = () => (watch ??= createProcessWatch())

  function isFree(row: LeaseRow | undefined): boolean {
    if (row === undefined || row.holder === null) return true
    const holder = readHolder(row.holder)
    switch (holder === undefined ? 'unknown' : processes().lifeOf(holder)) {
      case 'dead':
        return true
      case 'alive':
        return false
      case 'unknown':
        return row.endsAt <= now()
    }
  }

  return {
    async acquire(name, { waitMs, holdMs, signal }) {
      const holder = JSON.stringify({ ...processes().self, task: randomUUID() } satisfies Holder)
      const giveUpAt = now() + waitMs
      for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, SLOWEST_LOOK_MS)) {
        const seen = await rows.read(name)
        if (isFree(seen)) {
          const fencing = await rows.take(name, seen, { holder, now: now(), endsAt: now() + holdMs })
          if (fencing !== undefined) return { name, fencing, release: () => rows.release(name, fencing) }
        }
        if (signal?.aborted === true || now() >= giveUpAt) return undefined
        await pause(lookMs)
      }
    },
  }
}

function readHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch {
    return undefined
  }
}
