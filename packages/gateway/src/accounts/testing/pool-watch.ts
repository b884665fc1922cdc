import type { Failure } from '@dragoman/protocol'
import type { PoolSettings } from '../pool-settings.js'
import type { AccountLease, AccountWant } from '../types.js'
import type { WorldReply } from './pool-world.js'
import type { Onlooker, SimulatedPool } from './simulated-pool.js'

/** The longest rest that the pool gives an account by its own rules (a challenge page again and again), and a little. */
const LONGEST_REST_MS = 17 * 60_000
/** A look at a queue may come so late. */
const LATE_MS = 100

/** What is true of every pool at every time, whatever happens; what was not is told in sentences. */
export interface PoolWatch extends Onlooker {
  readonly violations: readonly string[]
  /** Places that were given and not given back. */
  readonly open: number
  /** Requests that were given a place without a word of doubt, moved, refused by the pool: what a run has seen. */
  readonly counts: {
    readonly leases: number
    readonly moves: number
    readonly refusals: number
    readonly waits: number
  }
  begin(sim: SimulatedPool): void
  enabled(accountId: string, on: boolean): void
  /** Something told the pool of an account's limits, or somebody says otherwise: what was known of it is no more. */
  told(accountId: string): void
  /** Places are as they are; the world has moved. */
  look(): void
}

interface Seen {
  enabled: boolean
  groups: readonly string[]
  open: number
  lastLeaseAt: number
  /** It has told of trouble, and not been seen to serve since. */
  troubled: boolean
  /** By model: the reset that its last answer named, when that was a refusal for quota and nothing has been heard since. */
  refusedUntil: Map<string, number>
  /** By model: unix ms since when the world would serve it, and the requests that the pool refused meanwhile. */
  openSince: Map<string, { at: number; refusals: number }>
}

interface Waiting {
  want: AccountWant
  since: number
  /** New, and bound to nobody: equal to all others that are. */
  plain: boolean
}

export function watchPool(settings: PoolSettings, groups: ReadonlyMap<string, readonly string[]>): PoolWatch {
  const violations: string[] = []
  const counts = { leases: 0, moves: 0, refusals: 0, waits: 0 }
  const seen = new Map<string, Seen>()
  const homes = new Map<string, string>()
  const line: Waiting[] = []
  const models = new Set<string>()
  let sim: SimulatedPool | undefined

  function running(): SimulatedPool {
    if (sim === undefined) throw new Error('the watch has not begun')
    return sim
  }

  const now = (): number => running().clock.now()
  const violated = (what: string): void => void violations.push(`at ${new Date(now()).toISOString()}: ${what}`)

  function of(id: string): Seen {
    const known = seen.get(id)
    if (known === undefined) throw new Error(`${id} is not watched`)
    return known
  }

  const isAmong = (id: string, { among }: AccountWant): boolean =>
    among === undefined || among.includes(id) || of(id).groups.some((group) => among.includes(group))

  function look(): void {
    const { world, ids } = running()
    for (const id of ids) {
      for (const model of models) {
        const { openSince } = of(id)
        if (world.opensAt(id, model, now()) > now()) openSince.delete(model)
        else if (!openSince.has(model)) openSince.set(model, { at: now(), refusals: 0 })
      }
    }
  }

  function mayTake(id: string): boolean {
    const { open, lastLeaseAt } = of(id)
    return open < settings.maxConcurrent && now() - lastLeaseAt >= settings.requestIntervalMs * 1.3
  }

  function got(waiting: Waiting, { account: { id }, queuedMs }: AccountLease): void {
    const { want, plain } = waiting
    const account = of(id)
    counts.leases += 1
    if (queuedMs > 0) counts.waits += 1
    leaveLine(waiting)
    if (!account.enabled) violated(`${id} was given although it is disabled`)
    if (!isAmong(id, want)) violated(`${id} was given to a request for ${want.among?.join(', ') ?? ''}`)
    if (want.tried?.has(id) === true) violated(`${id} was given to a request that had tried it`)
    if (account.open >= settings.maxConcurrent) violated(`${id} has more than ${settings.maxConcurrent} requests open`)
    const distance = now() - account.lastLeaseAt
    if (distance < settings.requestIntervalMs * 0.7 - 1) violated(`${id} was asked ${distance} ms after it was asked`)
    const earlier = line.find(
      (other) => plain && other.plain && other.want.model === want.model && other.since < waiting.since,
    )
    if (earlier !== undefined) violated(`a request overtook one that had waited for ${now() - earlier.since} ms`)
    if (queuedMs > settings.queueMs + LATE_MS) violated(`a request waited for ${queuedMs} ms`)
    affine(want, id, queuedMs)
    account.open += 1
    account.lastLeaseAt = now()
  }

  function affine(want: AccountWant, id: string, queuedMs: number): void {
    const home = homes.get(want.chain ?? '')
    if (home === undefined || home === id || (want.tried?.size ?? 0) > 0) return
    counts.moves += 1
    const at = of(home)
    if (!at.enabled || at.troubled || !isAmong(home, want)) return
    if (queuedMs === 0 && mayTake(home)) violated(`${want.chain ?? ''} left ${home}, which could serve it, for ${id}`)
    else if (queuedMs < settings.patienceMs && queuedMs > 0) {
      violated(`${want.chain ?? ''} left ${home}, which was only busy, for ${id} after ${queuedMs} ms`)
    }
  }

  function refused(waiting: Waiting, failure: Failure): void {
    const { want, since } = waiting
    counts.refusals += 1
    leaveLine(waiting)
    const waited = now() - since
    if (waited > settings.queueMs + LATE_MS) violated(`a request was refused after ${waited} ms`)
    if ((want.tried?.size ?? 0) > 0 || failure.code === 'all_accounts_busy' || failure.kind === 'cancelled') return
    look()
    earliest(want, failure)
    for (const id of running().ids) if (isAmong(id, want) && of(id).enabled) stuck(id, want.model)
  }

  /** Whoever would serve must be found out: after the time of its lock's test, or of its rest, by one of the next requests. */
  function stuck(id: string, model: string): void {
    const status = running().pool.get(id)?.status
    const open = of(id).openSince.get(model)
    // By hand, the pool says.
    if (open === undefined || status === 'suspended' || status === 'expired') return
    const patience = status === 'cooling' ? LONGEST_REST_MS : settings.probeMs + LATE_MS
    if (now() - open.at <= patience) return
    open.refusals += 1
    if (open.refusals > running().ids.length) {
      violated(
        `${id} (${status ?? ''}) would serve ${model} since ${new Date(open.at).toISOString()}, and nobody found out`,
      )
    }
  }

  /** Of accounts whose last word was a refusal for quota the pool knows the reset to the second. */
  function earliest(want: AccountWant, { retryAt, message }: Failure): void {
    const asked = running().ids.filter((id) => isAmong(id, want) && of(id).enabled)
    const known = asked.flatMap((id) => of(id).refusedUntil.get(want.model) ?? []).filter((at) => at > now())
    const first = Math.min(...known)
    if (retryAt !== undefined && retryAt <= now()) violated(`who is refused shall come back in the past: ${message}`)
    if (known.length > 0 && (retryAt ?? Infinity) > first) {
      violated(`who is refused shall come back at ${String(retryAt)}, and ${first} was told: ${message}`)
    }
    if (known.length === asked.length && known.length > 0 && retryAt !== first) {
      violated(`who is refused shall come back at ${String(retryAt)} instead of ${first}: ${message}`)
    }
  }

  function told(id: string): void {
    of(id).refusedUntil.clear()
    of(id).troubled = true
  }

  function leaveLine(waiting: Waiting): void {
    const at = line.indexOf(waiting)
    if (at >= 0) line.splice(at, 1)
  }

  return {
    violations,
    counts,
    get open() {
      return [...seen.values()].reduce((sum, { open }) => sum + open, 0)
    },
    look,

    begin(simulated) {
      sim = simulated
      for (const id of simulated.ids) {
        seen.set(id, {
          enabled: true,
          groups: groups.get(id) ?? [],
          open: 0,
          lastLeaseAt: -Infinity,
          troubled: false,
          refusedUntil: new Map(),
          openSince: new Map(),
        })
      }
    },

    enabled(id, on) {
      of(id).enabled = on
      of(id).refusedUntil.clear()
    },

    told,

    wants(want) {
      models.add(want.model)
      const plain = want.among === undefined && !homes.has(want.chain ?? '') && (want.tried?.size ?? 0) === 0
      const waiting: Waiting = { want, since: now(), plain }
      line.push(waiting)
      if (running().pool.waiting > settings.queueLength) violated(`${running().pool.waiting} requests wait in line`)
      return { got: (lease) => got(waiting, lease), refused: (failure) => refused(waiting, failure) }
    },

    asked(id, { model, chain = '' }, { failure, headers }: WorldReply) {
      const account = of(id)
      account.refusedUntil.clear()
      const full = Object.entries(headers).some(
        ([name, value]) => name.endsWith('used-percent') && Number(value) >= 100,
      )
      if (failure === undefined) {
        account.troubled = full
        homes.set(chain, id)
      } else if (failure.scope === 'account' || failure.scope === 'model') {
        account.troubled = true
        if (failure.kind === 'quota_exhausted' && failure.retryAt !== undefined) {
          account.refusedUntil.set(model, failure.retryAt)
        }
      }
      look()
    },

    noCredential: told,

    released(id) {
      of(id).open -= 1
    },
  }
}
