import type { Failure } from '@dragoman/protocol'
import type { PoolSettings } from '../pool-settings.js'
import type { AccountLease, AccountWant } from '../types.js'
import type { WorldReply } from './pool-world.js'
import { FAILS_AFTER_MS } from './simulated-pool.js'
import type { Onlooker, SimulatedPool } from './simulated-pool.js'
import { MODEL, SPARK } from './week.js'

/** The longest rest that the pool gives an account by its own rules (a challenge page again and again), and a little. */
const LONGEST_REST_MS = 17 * 60_000
/** A look at a queue may come so late. */
const LATE_MS = 100
/** Accounts that are reset together come back one after the other. */
const RAMP_MS = 31_000
/** Who wants to be paid is believed for so long. */
const UNPAID_MS = 31 * 60_000
const TRACED = 60

/** What is true of every pool at every time, whatever happens; what was not is told in sentences. */
export interface PoolWatch extends Onlooker {
  readonly violations: readonly string[]
  /** What happened last, for whoever looks for the reason. */
  readonly trace: readonly string[]
  /** Places that were given and not given back. */
  readonly open: number
  /** Requests that were given a place without a word of doubt, moved, refused by the pool: what a run has seen. */
  readonly counts: {
    readonly leases: number
    readonly moves: number
    readonly refusals: number
    readonly waits: number
    /** Chains that stayed where they had only been refused, instead of going home. */
    readonly strays: number
    /** Refused because the line was full, while an account that could serve was idle: it was somebody else's, or not home. */
    readonly turnedAway: number
  }
  begin(sim: SimulatedPool): void
  /** Its owner's switch is about to be moved; and it has been. */
  switching(accountId: string): void
  switched(accountId: string, on: boolean): void
  /** Something told the pool of an account's limits, or somebody says otherwise: what was known of it is no more. */
  told(accountId: string): void
  note(what: string): void
  /** Another process: what is remembered in memory alone is gone. */
  restarted(): void
  /** Places are as they are; the world has moved. */
  look(): void
}

interface Seen {
  /** Undefined while it changes. */
  enabled: boolean | undefined
  groups: readonly string[]
  open: number
  lastLeaseAt: number
  /** Models for which it has told of trouble, and not been seen to serve since; and when that was. */
  troubled: Map<string, number>
  /** It wanted to be paid then, which it is believed for a while. */
  unpaidAt: number
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
  const trace: string[] = []
  const counts = { leases: 0, moves: 0, refusals: 0, waits: 0, strays: 0, turnedAway: 0 }
  const seen = new Map<string, Seen>()
  const homes = new Map<string, string>()
  /** Where a chain last had a place, whether or not it was served there. */
  const strays = new Map<string, string>()
  const line: Waiting[] = []
  const models = new Set([MODEL, SPARK])
  let sim: SimulatedPool | undefined

  function running(): SimulatedPool {
    if (sim === undefined) throw new Error('the watch has not begun')
    return sim
  }

  const now = (): number => running().clock.now()
  const violated = (what: string): void => void violations.push(`at ${new Date(now()).toISOString()}: ${what}`)

  function note(what: string): void {
    trace.push(`${new Date(now()).toISOString()} ${what}`)
    if (trace.length > TRACED) trace.shift()
  }

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

  function got(waiting: Waiting, { account: { id }, queuedMs, why }: AccountLease): void {
    const { want, plain } = waiting
    const account = of(id)
    note(
      `${want.chain ?? ''} for ${want.model} got ${id} after ${queuedMs} ms, tried ${[...(want.tried ?? [])].join(' ')}: ${why}`,
    )
    counts.leases += 1
    if (queuedMs > 0) counts.waits += 1
    leaveLine(waiting)
    if (account.enabled === false) violated(`${id} was given although it is disabled`)
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
    strays.set(want.chain ?? '', id)
    account.open += 1
    account.lastLeaseAt = now()
  }

  function affine(want: AccountWant, id: string, queuedMs: number): void {
    const home = homes.get(want.chain ?? '')
    if (home === undefined || home === id || (want.tried?.size ?? 0) > 0) return
    counts.moves += 1
    const at = of(home)
    if (at.enabled !== true || at.troubled.has(want.model) || !isAmong(home, want)) return
    if (strays.get(want.chain ?? '') !== home) {
      counts.strays += 1
      return
    }
    if (queuedMs === 0 && mayTake(home)) violated(`${want.chain ?? ''} left ${home}, which could serve it, for ${id}`)
    else if (want.goesOn === true && queuedMs < settings.patienceMs && queuedMs > 0) {
      violated(`${want.chain ?? ''} left ${home}, which was only busy, for ${id} after ${queuedMs} ms`)
    }
  }

  function refused(waiting: Waiting, failure: Failure): void {
    const { want, since } = waiting
    counts.refusals += 1
    note(`${want.chain ?? ''} for ${want.model} got none: ${failure.message}`)
    leaveLine(waiting)
    const waited = now() - since
    if (waited > settings.queueMs + LATE_MS) violated(`a request was refused after ${waited} ms`)
    if ((want.tried?.size ?? 0) > 0 || failure.kind === 'cancelled') return
    const idle = running().ids.filter((id) => isIdle(id, want))
    if (failure.code === 'all_accounts_busy') {
      if (idle.length > 0) counts.turnedAway += 1
      return
    }
    if (idle.length > 0) violated(`${idle.join(', ')} could serve, and a request was refused`)
    look()
    earliest(want, failure)
    for (const id of running().ids) if (isAmong(id, want) && of(id).enabled === true) stuck(id, want.model)
  }

  /** It has nothing to do, and nothing that is known speaks against it. */
  function isIdle(id: string, want: AccountWant): boolean {
    const { enabled, open, troubled, refusedUntil } = of(id)
    if (enabled !== true || open > 0 || !mayTake(id) || !isAmong(id, want)) return false
    return !troubled.has(want.model) || (refusedUntil.get(want.model) ?? Infinity) < now() - RAMP_MS
  }

  /** Whoever would serve must be found out: after the time of its lock's test, or of its rest, by one of the next requests. */
  function stuck(id: string, model: string): void {
    const status = running().pool.get(id)?.status
    const open = of(id).openSince.get(model)
    // Those are looked at much later, or by their owner.
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
    const asked = running().ids.filter((id) => isAmong(id, want) && of(id).enabled === true)
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
    for (const model of models) of(id).troubled.set(model, now())
  }

  function leaveLine(waiting: Waiting): void {
    const at = line.indexOf(waiting)
    if (at >= 0) line.splice(at, 1)
  }

  return {
    violations,
    trace,
    note,
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
          troubled: new Map(),
          unpaidAt: -Infinity,
          refusedUntil: new Map(),
          openSince: new Map(),
        })
      }
    },

    switching(id) {
      of(id).enabled = undefined
      of(id).refusedUntil.clear()
    },

    switched(id, on) {
      of(id).enabled = on
    },

    told,

    restarted() {
      for (const account of seen.values()) account.lastLeaseAt = -Infinity
    },

    wants(want) {
      const isNew = !homes.has(want.chain ?? '') && !strays.has(want.chain ?? '')
      const plain = want.among === undefined && isNew && (want.tried?.size ?? 0) === 0
      const waiting: Waiting = { want, since: now(), plain }
      line.push(waiting)
      if (running().pool.waiting > settings.queueLength) violated(`${running().pool.waiting} requests wait in line`)
      return { got: (lease) => got(waiting, lease), refused: (failure) => refused(waiting, failure) }
    },

    asked(id, { model, chain = '' }, { failure, headers }: WorldReply) {
      const account = of(id)
      note(`${id} answered ${chain} with ${failure === undefined ? 'yes' : `${failure.kind} (${failure.message})`}`)
      account.refusedUntil.clear()
      if (failure === undefined) {
        // An answer that was under way proves nothing.
        if ((account.troubled.get(model) ?? -Infinity) < now() - FAILS_AFTER_MS) account.troubled.delete(model)
        homes.set(chain, id)
      } else if (failure.scope === 'account' || failure.scope === 'model') {
        if (failure.kind !== 'quota_exhausted') told(id)
        else account.troubled.set(model, now())
        if (failure.kind === 'payment_required') account.unpaidAt = now()
        const isPaid = account.unpaidAt < now() - UNPAID_MS
        if (failure.kind === 'quota_exhausted' && failure.retryAt !== undefined && isPaid) {
          account.refusedUntil.set(model, failure.retryAt)
        }
      }
      for (const one of models) if (isFull(headers, one)) account.troubled.set(one, now())
      look()
    },

    noCredential: told,

    released(id) {
      of(id).open -= 1
    },
  }
}

/** Do the headers tell that a window of the model's limit is full? */
function isFull(headers: WorldReply['headers'], model: string): boolean {
  const family = model === SPARK ? 'x-codex-bengalfox' : 'x-codex'
  return ['primary', 'secondary'].some((slot) => Number(headers[`${family}-${slot}-used-percent`] ?? 0) >= 100)
}
