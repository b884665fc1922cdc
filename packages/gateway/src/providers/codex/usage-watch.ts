import { safeText } from '@dragoman/protocol'
import type { Account, Quota } from '../../accounts/index.js'
import type { Log } from '../../telemetry/index.js'

export interface UsageWatchOptions {
  accounts: {
    list(): readonly Account[]
    quota(id: string): Quota | undefined
    learnUsage(id: string, body: unknown): void
  }
  /** Asks the backend as one account. @throws FailureError */
  fetchUsage(accountId: string, signal?: AbortSignal): Promise<unknown>
  /** Read at every look: how often exhausted accounts are read, and how often active ones of which nothing was heard; 0 for never. */
  settings(): { probeMs: number; refreshMs: number }
  log: Pick<Log, 'debug' | 'info'>
  /** Unix ms. */
  now?: () => number
  /** Between 0 and 1. */
  random?: () => number
}

export interface UsageWatch {
  start(): void
  stop(): void
  /**
   * For somebody who waits: reads the usage of one account now, together with a reading that is under way.
   * @throws FailureError when it cannot be read
   */
  readNow(accountId: string, signal?: AbortSignal): Promise<{ quota: Quota | undefined; raw: unknown }>
}

const CONCURRENCY = 3
/** Between the beginnings of two readings, however many are due. */
const GAP_MS = 1_000
/** How often it is looked who is due. */
const LOOK_MS = 5_000
/** Around each interval, so that accounts that were read together drift apart. */
const JITTER = 0.2

/** When an account was asked last, unix ms, and how far its next time lies from the interval. */
interface Reading {
  triedAt: number
  spread: number
}

/**
 * Keeps what is known of quotas from growing old: reads the usage of accounts that wait for theirs, which heals them early when the provider
 * gave it back, and of those that nobody has used. A reading that fails changes nothing and is tried at the next interval.
 */
export function createUsageWatch(options: UsageWatchOptions): UsageWatch {
  const { accounts, settings, log, now = Date.now, random = Math.random } = options
  const readings = new Map<string, Reading>()
  const running = new Map<string, Promise<unknown>>()
  /** Told once until it works again. */
  const complained = new Set<string>()
  const stopped = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function readingOf(id: string): Reading {
    const known = readings.get(id)
    if (known !== undefined) return known
    const fresh = { triedAt: 0, spread: spread() }
    readings.set(id, fresh)
    return fresh
  }

  function spread(): number {
    return 1 - JITTER + 2 * JITTER * random()
  }

  /** Unix ms when an account's usage is to be read; infinite for never. */
  function dueAt({ id, status }: Account): number {
    const { probeMs, refreshMs } = settings()
    const every = status === 'exhausted' ? probeMs : status === 'active' && refreshMs > 0 ? refreshMs : Infinity
    const reading = readingOf(id)
    const heardAt = accounts.quota(id)?.at ?? 0
    const last = Math.max(heardAt, reading.triedAt)
    return last + every * reading.spread
  }

  /** The one that is read next: those that wait for their quota go first, then who is overdue longest. */
  function next(): Account | undefined {
    const at = now()
    const list = accounts.list()
    const ids = new Set(list.map(({ id }) => id))
    for (const map of [readings, complained]) for (const id of map.keys()) if (!ids.has(id)) map.delete(id)
    return list
      .filter(({ id }) => !running.has(id))
      .map((account) => ({ account, due: dueAt(account), waits: account.status === 'exhausted' }))
      .filter(({ due }) => due <= at)
      .sort((one, other) => Number(other.waits) - Number(one.waits) || one.due - other.due)[0]?.account
  }

  /** One reading at a time for each account, for however many want it. */
  function read(id: string): Promise<unknown> {
    const underWay = running.get(id)
    if (underWay !== undefined) return underWay
    const reading = options
      .fetchUsage(id, stopped.signal)
      .then((body) => {
        accounts.learnUsage(id, body)
        if (complained.delete(id)) log.info({ accountId: id }, 'the usage of an account can be read again')
        return body
      })
      .finally(() => {
        readings.set(id, { triedAt: now(), spread: spread() })
        running.delete(id)
      })
    running.set(id, reading)
    return reading
  }

  async function readQuietly(id: string): Promise<void> {
    try {
      await read(id)
      log.debug({ accountId: id }, 'the usage of an account is fresh')
    } catch (error) {
      if (stopped.signal.aborted || complained.has(id)) return
      complained.add(id)
      const why = safeText(error instanceof Error ? error.message : String(error))
      log.info({ accountId: id, why }, 'the usage of an account could not be read; what is known of it stays')
    }
  }

  function look(): void {
    const due = running.size < CONCURRENCY ? next() : undefined
    if (due !== undefined) void readQuietly(due.id)
    const { probeMs } = settings()
    timer = setTimeout(look, due === undefined ? Math.min(LOOK_MS, probeMs) : Math.min(GAP_MS, probeMs / 10)).unref()
  }

  return {
    start() {
      if (timer === undefined && !stopped.signal.aborted) timer = setTimeout(look, GAP_MS).unref()
    },
    stop() {
      stopped.abort()
      clearTimeout(timer)
    },
    async readNow(id, signal) {
      signal?.throwIfAborted()
      const reading = read(id)
      const raw = signal === undefined ? await reading : await orAborted(reading, signal)
      return { quota: accounts.quota(id), raw }
    },
  }
}

/** The reading goes on for others who want it; who leaves no longer waits. */
function orAborted<T>(reading: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    reading.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
