import { GRAIN_MS, USAGE_GRAINS, type UsageGrain, type UsageRows } from '../store/index.js'
import type { Log } from '../telemetry/index.js'

/** Days that buckets of each grain are kept; 0 for ever. */
export type KeepDays = Readonly<Record<UsageGrain, number>>

export interface CompactionOptions {
  rows: Pick<UsageRows, 'removeOlder'>
  /** Read at every run. */
  keep(): KeepDays
  log: Pick<Log, 'warn' | 'info'>
  /** Unix ms. */
  now?: () => number
}

/** Takes away fine buckets that are past their time; the coarser ones, written with them, stay. */
export interface Compaction {
  /** Runs soon after, and every hour. */
  start(): void
  stop(): void
  /** Once, now. @returns how many buckets went */
  run(): Promise<number>
}

const EVERY_MS = 3_600_000
const FIRST_MS = 60_000

export function createCompaction({ rows, keep, log, now = Date.now }: CompactionOptions): Compaction {
  let timer: NodeJS.Timeout | undefined
  let stopped = true

  async function run(): Promise<number> {
    let removed = 0
    const days = keep()
    for (const grain of USAGE_GRAINS) {
      if (days[grain] === 0) continue
      for (;;) {
        const some = await rows.removeOlder(grain, now() - days[grain] * GRAIN_MS.day)
        if (some === 0) break
        removed += some
        // Requests come first.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return removed
  }

  function again(ms: number): void {
    timer = setTimeout(() => {
      run()
        .then((removed) => removed > 0 && log.info({ removed }, 'old usage was compacted'))
        .catch((error: unknown) => log.warn({ err: error }, 'old usage could not be compacted now'))
        .finally(() => stopped || again(EVERY_MS))
    }, ms).unref()
  }

  return {
    start() {
      stopped = false
      again(FIRST_MS)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
    run,
  }
}
