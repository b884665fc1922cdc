import type { Log } from '../telemetry/index.js'
import type { ToldList } from './catalog.js'

export interface CatalogRefresherOptions {
  /** Who may ask now, and on which plan. */
  accounts(): readonly { id: string; plan?: string | undefined }[]
  /** Asks the backend as one account. */
  fetch(accountId: string, signal: AbortSignal): Promise<ToldList>
  learn(plan: string, list: ToldList): Promise<void>
  etagOf(plan: string): string | undefined
  /** Read after every reading. */
  everyMs(): number
  log: Log
  /** Between 0 and 1. */
  random?: () => number
}

export interface CatalogRefresher {
  /** To be called once: reads all lists now, then at intervals. */
  start(): void
  /** The plans whose lists can be read now. */
  plans(): readonly string[]
  /** Reads the list of one plan now. @throws Error that says why it cannot be read; the last good list stays */
  readNow(plan: string): Promise<void>
  /** Somebody signed in or left: lists that were never read are. */
  accountsChanged(): void
  /** A reply named the list that is in force for its account: another one than ours is read. */
  etagSeen(etag: string, accountId: string): void
  stop(): void
}

const AT_ONCE_MS = 50
const FIRST_RETRY_MS = 1_000
/** Between two readings that an etag brought about: backends that disagree about their list would have us ask at every reply. */
const CHASE_GAP_MS = 60_000
const CHANGE_GAP_MS = 5_000
/** Accounts of one plan that are asked until one gets the list. */
const MOST_ASKED = 3
const JITTER = 0.15
/** A timer of Node takes at most 2^31 ms; a round that finds nothing due only sets the next. */
const LONGEST_TIMER_MS = 1_000_000_000
/** The plan of accounts that do not tell theirs. */
const NO_PLAN = 'unknown'

/** What is known of the readings of one plan. Times are unix ms. */
interface Reading {
  dueAt: number
  triedAt: number
  /** The last time that an etag brought about, to come or past. */
  chasedAt: number
  /** In a row. */
  failures: number
}

/**
 * Keeps the model lists fresh, one account a plan: at start, at intervals, and when the backend says that one has changed.
 * Reads one list after the other, never in anybody's way.
 */
export function catalogRefresher(options: CatalogRefresherOptions): CatalogRefresher {
  const { log, random = Math.random } = options
  const readings = new Map<string, Reading>()
  let timer: NodeJS.Timeout | undefined
  let timerAt = Infinity
  let running = false
  /** Looks in a row that found nobody signed in. */
  let idle = 0
  // A reading in the air must not hold the end of the program up.
  const stopped = new AbortController()

  function accountsByPlan(): Map<string, string[]> {
    const plans = new Map<string, string[]>()
    for (const { id, plan = NO_PLAN } of options.accounts()) plans.set(plan, [...(plans.get(plan) ?? []), id])
    return plans
  }

  /** Reads what is due, and comes back for the next. */
  async function round(): Promise<void> {
    const plans = accountsByPlan()
    for (const plan of readings.keys()) if (!plans.has(plan)) readings.delete(plan)
    for (const [plan, ids] of plans) {
      const { dueAt, failures, chasedAt } = readings.get(plan) ?? { dueAt: 0, failures: 0, chasedAt: 0 }
      if (dueAt > Date.now()) continue
      const good = await read(plan, ids)
      if (stopped.signal.aborted) return
      const now = Date.now()
      const pause = good ? options.everyMs() : backoff(failures)
      readings.set(plan, { dueAt: now + spread(pause), triedAt: now, chasedAt, failures: good ? 0 : failures + 1 })
    }
    idle = plans.size === 0 ? idle + 1 : 0
  }

  async function read(plan: string, accountIds: readonly string[]): Promise<boolean> {
    try {
      await readList(plan, accountIds)
      return true
    } catch (reason) {
      if (!stopped.signal.aborted) {
        log.info({ plan, reason: String(reason) }, 'the model list could not be read; the last good one stays in force')
      }
      return false
    }
  }

  /** Accounts of the plan are asked until one gets the list. */
  async function readList(plan: string, accountIds: readonly string[]): Promise<void> {
    let reason: unknown = new Error('no account of this plan can be asked now')
    for (const id of accountIds.slice(0, MOST_ASKED)) {
      try {
        const list = await options.fetch(id, stopped.signal)
        if (list.models.length === 0) throw new Error('the list is empty')
        await options.learn(plan, list)
        log.debug({ plan, models: list.models.length }, 'the model list is fresh')
        return
      } catch (error) {
        reason = error
        if (stopped.signal.aborted) break
      }
    }
    throw reason
  }

  function run(): void {
    timer = undefined
    timerAt = Infinity
    running = true
    void round().finally(() => {
      running = false
      const next = Math.min(...[...readings.values()].map(({ dueAt }) => dueAt))
      // Nobody is signed in: accountsChanged tells of most that may change that, but not that an account has recovered.
      wake(idle === 0 ? Math.max(next - Date.now(), AT_ONCE_MS) : spread(backoff(idle - 1)))
    })
  }

  /** At the earliest of the times that were asked for. A round under way ends by asking for the next itself. */
  function wake(inMs: number): void {
    const at = Date.now() + inMs
    if (stopped.signal.aborted || running || at >= timerAt) return
    clearTimeout(timer)
    timerAt = at
    timer = setTimeout(run, Math.min(inMs, LONGEST_TIMER_MS)).unref()
  }

  function backoff(failures: number): number {
    return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 20), options.everyMs())
  }

  function spread(ms: number): number {
    return ms * (1 - JITTER + 2 * JITTER * random())
  }

  /** Has a plan read at a time or at the next chance, unless it is read sooner anyway. @returns whether it now is because of this */
  function hasten(reading: Reading, at: number): boolean {
    const now = Date.now()
    const soon = Math.max(at, now + AT_ONCE_MS)
    if (soon >= reading.dueAt) return false
    reading.dueAt = soon
    wake(soon - now)
    return true
  }

  return {
    start: () => wake(AT_ONCE_MS),
    plans: () => [...accountsByPlan().keys()],
    async readNow(plan) {
      await readList(plan, accountsByPlan().get(plan) ?? [])
      const now = Date.now()
      const { chasedAt = 0 } = readings.get(plan) ?? {}
      readings.set(plan, { dueAt: now + spread(options.everyMs()), triedAt: now, chasedAt, failures: 0 })
    },
    accountsChanged() {
      for (const plan of accountsByPlan().keys()) {
        const reading = readings.get(plan)
        if (reading === undefined) wake(AT_ONCE_MS)
        else if (reading.failures > 0) hasten(reading, reading.triedAt + CHANGE_GAP_MS)
      }
    },
    etagSeen(etag, accountId) {
      const account = options.accounts().find(({ id }) => id === accountId)
      const plan = account?.plan ?? NO_PLAN
      const reading = readings.get(plan)
      const known = options.etagOf(plan)
      // A plan that was never read is due anyway; a list that came without an etag cannot be compared.
      if (account === undefined || reading === undefined || known === undefined || known === etag) return
      if (hasten(reading, reading.chasedAt + CHASE_GAP_MS)) reading.chasedAt = reading.dueAt
    },
    stop() {
      stopped.abort()
      clearTimeout(timer)
    },
  }
}
