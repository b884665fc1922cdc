import { FailureError } from '@dragoman/protocol'
import type { Failure } from '@dragoman/protocol'
import type { ConversationHome, Log } from '../store/index.js'
import type { Homes } from './affinity/homes.js'
import type { Choice } from './choose.js'
import { fitnessOf, isAmong } from './fitness.js'
import type { FitnessRules } from './fitness.js'
import type { Entry, Roster } from './roster.js'
import type { Account, AccountLease, AccountWant } from './types.js'

export interface PlacesSettings {
  /** Requests that one account may have open; 0 for any number. */
  maxConcurrent: number
  /** Between two requests of one account, give or take 30 %. */
  intervalMs: number
  /** How long a conversation waits for its own account. */
  patienceMs: number
  /** How long a request may wait in line. */
  queueMs: number
  /** Requests that may wait in line at one time. */
  queueLength: number
}

export interface PlacesOptions {
  roster: Roster
  homes: Homes
  settings(): PlacesSettings
  rules(): FitnessRules
  choose(want: AccountWant, home: string | undefined): Choice
  /** Why nobody can serve. */
  whyNobody(want: AccountWant): Failure
  now: () => number
  random: () => number
  log: Log
}

/** Gives out places at accounts: one for each attempt, at most so many at each account, in the order in which they were asked for. */
export interface Places {
  lease(want: AccountWant, options: { inputItems: number; signal?: AbortSignal }): Promise<AccountLease>
  /** Something changed: whoever waits is looked at again. */
  changed(): void
  /** Why the account could take no request now although it may serve; undefined when it could. */
  busy(entry: Entry): string | undefined
  /** Requests that wait in line. */
  readonly waiting: number
  close(): void
}

interface Waiter {
  want: AccountWant
  inputItems: number
  /** Unix ms. */
  since: number
  resolve(lease: AccountLease): void
  reject(error: FailureError): void
}

/** Intervals, ramps and patience end without anybody saying so. */
const LOOK_AGAIN_MS = 50
/** A refusal comes sooner. */
const JUST_PROBED_MS = 10_000
/** What a lease lasts until one has ended, ms: for the first estimate of a waiting time. */
const TYPICAL_MS = 10_000

export function createPlaces(options: PlacesOptions): Places {
  const { roster, homes, settings, now, random, log } = options
  const line: Waiter[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let typicalMs = TYPICAL_MS

  function capacityOf({ record }: Entry): number {
    const most = record.maxConcurrent ?? settings().maxConcurrent
    return most === 0 ? Infinity : most
  }

  function isFree(entry: Entry): boolean {
    return entry.open < capacityOf(entry) && entry.freeAt <= now()
  }

  /** Its own place, else the one of the conversation that it belongs to. */
  function homeOf({ chain, conversation }: AccountWant): ConversationHome | undefined {
    return (
      (chain === undefined ? undefined : homes.get(chain)) ??
      (conversation === undefined ? undefined : homes.get(conversation))
    )
  }

  /** May its home serve it now, busy or not? `soon`: within the patience of a conversation. */
  function homeState(
    want: AccountWant,
    home: ConversationHome,
  ): { entry: Entry | undefined; may: boolean; until: number } {
    const entry = roster.get(home.accountId)
    if (entry === undefined || want.tried?.has(home.accountId) === true || !isAmong(entry, want.among)) {
      return { entry, may: false, until: Infinity }
    }
    const fitness = fitnessOf(entry, want.model, options.rules(), now())
    switch (fitness.may) {
      case 'serve':
        return { entry, may: true, until: now() }
      case 'try': {
        // Those that were reset together come back one after the other.
        const mayNow = fitness.since === undefined || options.choose(want, home.accountId).ready.includes(entry)
        return { entry, may: entry.open === 0 && mayNow, until: now() }
      }
      case 'probe':
        return { entry, may: false, until: fitness.until }
      case 'not':
        return { entry, may: false, until: fitness.until ?? Infinity }
      default:
        return fitness satisfies never
    }
  }

  /** A place now, `wait` when there may be one later, or the failure that it will never be. */
  function place(waiter: Waiter): AccountLease | 'wait' | Failure {
    const { want } = waiter
    // What begins has little to lose elsewhere.
    const patient = want.goesOn === true && now() - waiter.since < settings().patienceMs
    const home = homeOf(want)
    const at = home === undefined ? undefined : homeState(want, home)
    if (at?.entry !== undefined && at.may) {
      if (isFree(at.entry)) return take(waiter, at.entry, 'the conversation is at home there')
      if (patient || want.bound === true) return 'wait'
    } else if (at !== undefined && (want.tried?.size ?? 0) === 0) {
      // A short rest is cheaper than reading the whole conversation again elsewhere.
      if (at.until <= waiter.since + settings().patienceMs) return 'wait'
    }
    if (want.bound === true && home !== undefined && at?.may !== true) return boundTo(at?.entry)
    const choice = options.choose(want, home?.accountId)
    const free = choice.ready.find(isFree)
    if (free !== undefined) {
      return take(waiter, free, home === undefined ? 'chosen for a new conversation' : whyMoved(at), at?.may !== true)
    }
    if (choice.ready.length > 0) return 'wait'
    // Resets are let in one after the other; whoever waits for one of them waits in line.
    if (choice.refused.some(({ until }) => until !== undefined && until <= now())) return 'wait'
    const [probe] = choice.probes
    if (probe !== undefined && isFree(probe) && !hasProbed(want)) {
      log.info({ accountId: probe.record.id }, 'nobody can serve: one request tests a lock')
      return take(waiter, probe, 'nobody else can serve: it is seen whether its quota is back')
    }
    return options.whyNobody(want)
  }

  /** One request tests one lock: it should not go from refusal to refusal. */
  function hasProbed({ tried }: AccountWant): boolean {
    const soon = now() - JUST_PROBED_MS
    return [...(tried ?? [])].some((id) => (roster.get(id)?.probedAt ?? -Infinity) > soon)
  }

  function whyMoved(at: ReturnType<typeof homeState> | undefined): string {
    if (at?.entry === undefined) return 'its account is gone'
    if (at.may) return 'its account is busy'
    return roster.view(at.entry).reason ?? 'its account could not serve it'
  }

  /** @param leaves its home cannot serve it, so that what belongs to the conversation leaves it, too */
  function take(waiter: Waiter, entry: Entry, why: string, leaves = false): AccountLease {
    const { want, inputItems, since } = waiter
    const at = now()
    const { intervalMs } = settings()
    const home = homeOf(want)
    const movedFrom = home === undefined || home.accountId === entry.record.id ? undefined : home
    entry.open += 1
    entry.requests += 1
    entry.lastUsedAt = at
    const fitness = fitnessOf(entry, want.model, options.rules(), at)
    if (fitness.may === 'probe' || (fitness.may === 'try' && fitness.testsLock === true)) entry.probedAt = at
    if (intervalMs > 0) entry.freeAt = at + intervalMs * (0.7 + 0.6 * random())
    const foreignItems = movedFrom === undefined ? (home?.foreignItems ?? 0) : inputItems
    const originId = home?.originId ?? entry.record.id
    // Two requests that begin a conversation at one time find the same place.
    settle(
      want,
      {
        accountId: entry.record.id,
        originId,
        foreignItems,
        moves: (home?.moves ?? 0) + (movedFrom === undefined ? 0 : 1),
        at,
      },
      leaves ? movedFrom : undefined,
    )
    const from = movedFrom === undefined ? undefined : roster.get(movedFrom.accountId)
    let released = false
    return {
      account: roster.view(entry),
      why,
      queuedMs: at - since,
      foreignItems,
      isOrigin: originId === entry.record.id,
      ...(movedFrom === undefined
        ? {}
        : {
            movedFrom: {
              account: from === undefined ? undefined : roster.view(from),
              id: movedFrom.accountId,
              why,
            },
          }),
      release(served = false, unreadable = false) {
        if (released) return
        released = true
        entry.open -= 1
        if (served) typicalMs += 0.1 * (Math.min(now() - at, 600_000) - typicalMs)
        if (unreadable) {
          const current = homeOf(want)
          if (current !== undefined)
            settle(want, { ...current, foreignItems: Math.max(inputItems, current.foreignItems), at: now() }, undefined)
        }
        serve()
      },
    }
  }

  /** The chain is at home there from now on; a conversation follows the chain that had to leave the same place. */
  function settle(
    { chain, conversation }: AccountWant,
    home: ConversationHome,
    left: ConversationHome | undefined,
  ): void {
    const names = new Set<string>()
    if (chain !== undefined) names.add(chain)
    if (conversation !== undefined) {
      const root = homes.get(conversation)
      const leaves = left !== undefined && root?.accountId === left.accountId
      if (root === undefined || root.accountId === home.accountId || leaves || chain === undefined)
        names.add(conversation)
    }
    for (const name of names) homes.set(name, home)
  }

  function boundTo(entry: Entry | undefined): Failure {
    const account = entry === undefined ? undefined : roster.view(entry)
    const { reason, until } = account ?? {}
    const name = account === undefined ? 'an account that is gone' : nameOf(account)
    return {
      kind: until === undefined ? 'forbidden' : 'quota_exhausted',
      scope: 'account',
      phase: 'unsent',
      retry: 'never',
      code: 'conversation_bound',
      ...(until === undefined ? {} : { retryAt: until }),
      message: `this conversation was compacted with ${name}, which alone can read what it was and cannot serve now${reason === undefined ? '' : ` (${reason})`}: begin a new conversation, or wait`,
    }
  }

  function allBusy(waiter: Waiter, why: string): FailureError {
    const retryAt = now() + estimatedMs(line.indexOf(waiter) + 1 || line.length + 1)
    return new FailureError({
      kind: 'rate_limited',
      scope: 'gateway',
      phase: 'unsent',
      retry: 'never',
      code: 'all_accounts_busy',
      retryAt,
      message: `all accounts that could serve ${waiter.want.model} are busy, ${why}`,
    })
  }

  /** How long it takes until so many places have come free. */
  function estimatedMs(position: number): number {
    const open = roster.all().reduce((sum, entry) => sum + entry.open, 0)
    return Math.ceil(Math.min(Math.max((typicalMs / Math.max(1, open)) * position, 1_000), 60_000))
  }

  function serve(): void {
    const { queueMs } = settings()
    for (let at = 0; at < line.length;) {
      const waiter = line[at]
      if (waiter === undefined) break
      const waited = now() - waiter.since
      const found = anyFree() ? place(waiter) : 'wait'
      if (found === 'wait') {
        if (waited >= queueMs) {
          line.splice(at, 1)
          waiter.reject(allBusy(waiter, `and ${Math.round(queueMs / 1000)} s in line were not enough`))
        } else at += 1
        continue
      }
      line.splice(at, 1)
      if ('kind' in found) waiter.reject(new FailureError(found))
      else waiter.resolve(found)
    }
    arm()
  }

  function anyFree(): boolean {
    return roster.all().some(isFree)
  }

  function arm(): void {
    if (line.length === 0 || closed) {
      clearTimeout(timer)
      timer = undefined
      return
    }
    if (timer !== undefined) return
    const soonest = roster
      .all()
      .reduce((least, { freeAt }) => (freeAt > now() ? Math.min(least, freeAt - now()) : least), LOOK_AGAIN_MS)
    timer = setTimeout(
      () => {
        timer = undefined
        serve()
      },
      Math.max(1, soonest),
    )
  }

  return {
    lease(want, { inputItems, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<AccountLease>()
      const waiter: Waiter = { want, inputItems, since: now(), resolve, reject }
      if (signal?.aborted === true) return Promise.reject(new FailureError(LEFT))
      // Nobody overtakes those in line, but for an account that none of them can use.
      const found = line.length === 0 ? place(waiter) : 'wait'
      if (found !== 'wait') return 'kind' in found ? Promise.reject(new FailureError(found)) : Promise.resolve(found)
      const { queueLength, queueMs } = settings()
      if (line.length >= queueLength || queueMs === 0) {
        return Promise.reject(allBusy(waiter, `and ${line.length} requests wait in line already`))
      }
      line.push(waiter)
      signal?.addEventListener(
        'abort',
        () => {
          const at = line.indexOf(waiter)
          if (at === -1) return
          line.splice(at, 1)
          reject(new FailureError(LEFT))
        },
        { once: true },
      )
      serve()
      if (line.includes(waiter))
        log.info({ position: line.indexOf(waiter) + 1, model: want.model }, 'a request waits in line for an account')
      return promise
    },
    changed: serve,
    busy(entry) {
      const most = capacityOf(entry)
      if (entry.open >= most) return `All its ${most} places are taken.`
      return entry.freeAt > now() ? 'It keeps its distance to the request before.' : undefined
    },
    get waiting() {
      return line.length
    },
    close() {
      closed = true
      clearTimeout(timer)
      for (const waiter of line.splice(0)) waiter.reject(new FailureError(STOPPING))
    },
  }
}

function nameOf({ label, email, id }: Account): string {
  return label ?? email ?? id
}

const LEFT: Failure = {
  kind: 'cancelled',
  scope: 'request',
  phase: 'unsent',
  retry: 'never',
  message: 'the client left while its request waited for an account',
}

const STOPPING: Failure = {
  kind: 'overloaded',
  scope: 'gateway',
  phase: 'unsent',
  retry: 'never',
  message: 'the gateway is shutting down; ask again in a moment',
}
