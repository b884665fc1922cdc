import { FailureError } from '@dragoman/protocol'
import type { Failure } from '@dragoman/protocol'
import type { ConversationHome, Log } from '../store/index.js'
import type { Settling } from './affinity/settling.js'
import type { Choice } from './choose.js'
import { fitnessOf, isAmong } from './fitness.js'
import type { FitnessRules } from './fitness.js'
import { lockOf } from './quota/index.js'
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
  settling: Settling
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

interface HomeState {
  entry: Entry | undefined
  may: boolean
  /** Unix ms. */
  until: number
}

/**
 * What is found out while those in line are looked at, which is so for all of them: places are only taken meanwhile. Without it each of hundreds that
 * wait would look at every account.
 */
interface Look {
  /** Who could be asked by somebody who is at home nowhere. */
  choice(want: AccountWant): Choice
  /** Nobody who may serve such a want has a place left. */
  noneFree(want: AccountWant): void
  isHopeless(want: AccountWant): boolean
}

function lookAround({ choose }: Pick<PlacesOptions, 'choose'>): Look {
  const choices = new Map<string, Choice>()
  const hopeless = new Set<string>()
  const kindOf = ({ model, among }: AccountWant): string => JSON.stringify([model, among])
  const isFirst = ({ tried }: AccountWant): boolean => tried === undefined || tried.size === 0
  return {
    choice(want) {
      const kind = kindOf(want)
      const known = choices.get(kind)
      if (known !== undefined) return known
      const made = choose({ ...want, tried: new Set() }, undefined)
      choices.set(kind, made)
      return made
    },
    noneFree(want) {
      if (isFirst(want)) hopeless.add(kindOf(want))
    },
    isHopeless: (want) => isFirst(want) && hopeless.has(kindOf(want)),
  }
}

/** Intervals, ramps and patience end without anybody saying so. */
const LOOK_AGAIN_MS = 50
/** A refusal comes sooner. */
const JUST_PROBED_MS = 10_000
/** What a lease lasts until one has ended, ms: for the first estimate of a waiting time. */
const TYPICAL_MS = 10_000

export function createPlaces(options: PlacesOptions): Places {
  const { roster, settling, settings, now, random, log } = options
  const line: Waiter[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false
  /** Something changed since those in line were last looked at. */
  let stale = false
  let scheduled = false
  let typicalMs = TYPICAL_MS

  function capacityOf({ record }: Entry): number {
    const most = record.maxConcurrent ?? settings().maxConcurrent
    return most === 0 ? Infinity : most
  }

  function isFree(entry: Entry): boolean {
    return entry.open < capacityOf(entry) && entry.freeAt <= now()
  }

  /** May its home serve it now, busy or not, and if not, from when on (unix ms)? */
  function homeState(want: AccountWant, home: ConversationHome, look: Look): HomeState {
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
        const mayNow = fitness.since === undefined || look.choice(want).ready.includes(entry)
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

  /**
   * A place now, `wait` when there may be one later, or the failure that it will never be.
   * @param patienceMs how long it waits for its own account while others are free
   */
  function place(waiter: Waiter, look: Look, patienceMs = settings().patienceMs): AccountLease | 'wait' | Failure {
    const { want } = waiter
    // What begins has little to lose elsewhere.
    const patientUntil = want.goesOn === true ? waiter.since + patienceMs : 0
    const home = settling.homeOf(want)
    const at = home === undefined ? undefined : homeState(want, home, look)
    if (at?.entry !== undefined && at.may) {
      if (isFree(at.entry)) return take(waiter, home, at.entry, 'the conversation is at home there', false)
      if (now() < patientUntil || want.bound === true) return 'wait'
    } else if (at !== undefined && (want.tried?.size ?? 0) === 0 && at.until <= patientUntil) {
      // A short rest is cheaper than reading the whole conversation again elsewhere.
      return 'wait'
    }
    if (want.bound === true && home !== undefined && at?.may !== true) return boundTo(at?.entry)
    if (look.isHopeless(want)) return 'wait'
    const choice = options.choose(want, home?.accountId)
    const free = choice.ready.find(isFree)
    if (free !== undefined) {
      const why = home === undefined ? 'chosen for a new conversation' : whyMoved(at)
      return take(waiter, home, free, why, at?.may !== true)
    }
    // Resets are let in one after the other; whoever waits for one of them waits in line.
    if (choice.ready.length > 0 || choice.refused.some(({ until }) => until !== undefined && until <= now())) {
      look.noneFree(want)
      return 'wait'
    }
    const [probe] = choice.probes
    if (probe !== undefined && isFree(probe) && !hasProbed(want)) {
      log.info({ accountId: probe.record.id }, 'nobody can serve: one request tests a lock')
      return take(waiter, home, probe, 'nobody else can serve: it is seen whether its quota is back', true)
    }
    return options.whyNobody(want)
  }

  /** One request tests one lock: it should not go from refusal to refusal. */
  function hasProbed({ tried }: AccountWant): boolean {
    const soon = now() - JUST_PROBED_MS
    return [...(tried ?? [])].some((id) => (roster.get(id)?.probedAt ?? -Infinity) > soon)
  }

  function whyMoved(at: HomeState | undefined): string {
    if (at?.entry === undefined) return 'its account is gone'
    if (at.may) return 'its account is busy'
    return roster.view(at.entry).reason ?? 'its account could not serve it'
  }

  function take(
    waiter: Waiter,
    home: ConversationHome | undefined,
    entry: Entry,
    why: string,
    leaves: boolean,
  ): AccountLease {
    const { want, inputItems, since } = waiter
    const at = now()
    const { intervalMs } = settings()
    const { id } = entry.record
    entry.open += 1
    entry.requests += 1
    entry.lastUsedAt = at
    if (lockOf(entry.quota, want.model, at, options.rules().skipExhausted) !== undefined) entry.probedAt = at
    if (intervalMs > 0) entry.freeAt = at + intervalMs * (0.7 + 0.6 * random())
    const stay = settling.begin(want, home, { accountId: id, inputItems, leaves })
    const { movedFrom } = stay
    const from = movedFrom === undefined ? undefined : roster.get(movedFrom.accountId)
    let released = false
    return {
      account: roster.view(entry),
      why,
      queuedMs: at - since,
      foreignItems: stay.foreignItems,
      isOrigin: stay.originId === id,
      ...(movedFrom === undefined
        ? {}
        : {
            movedFrom: { account: from === undefined ? undefined : roster.view(from), id: movedFrom.accountId, why },
          }),
      release(served = false, unreadable = false) {
        if (released) return
        released = true
        entry.open -= 1
        if (served) typicalMs += 0.1 * (Math.min(now() - at, 600_000) - typicalMs)
        stay.end(served, unreadable)
        changed()
      },
    }
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

  /** Looks at those in line, soon; whoever comes free together is given out together. */
  function changed(): void {
    stale = true
    if (line.length === 0 || scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      if (stale) serve()
    })
  }

  function serve(): void {
    stale = false
    const { queueMs } = settings()
    const look = lookAround(options)
    for (let at = 0; at < line.length;) {
      const waiter = line[at]
      if (waiter === undefined) break
      const found = place(waiter, look)
      if (found === 'wait') {
        if (now() - waiter.since >= queueMs) {
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

  function arm(): void {
    if (line.length === 0 || closed) {
      clearTimeout(timer)
      timer = undefined
      return
    }
    if (timer !== undefined) return
    let ms = LOOK_AGAIN_MS
    for (const { freeAt } of roster.all()) if (freeAt > now()) ms = Math.min(ms, freeAt - now())
    timer = setTimeout(
      () => {
        timer = undefined
        serve()
      },
      Math.max(1, ms),
    )
  }

  return {
    lease(want, { inputItems, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<AccountLease>()
      const waiter: Waiter = { want, inputItems, since: now(), resolve, reject }
      if (signal?.aborted === true) return Promise.reject(new FailureError(LEFT))
      // Nobody overtakes those in line, but for an account that none of them can use now.
      if (line.length > 0 && stale) serve()
      const found = place(waiter, lookAround(options))
      if (found !== 'wait') return 'kind' in found ? Promise.reject(new FailureError(found)) : Promise.resolve(found)
      const { queueLength, queueMs } = settings()
      if (line.length >= queueLength || queueMs === 0) {
        // Where it may not wait, it need not wait for its own account.
        const elsewhere = place(waiter, lookAround(options), 0)
        if (elsewhere !== 'wait' && !('kind' in elsewhere)) return Promise.resolve(elsewhere)
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
      arm()
      log.info({ position: line.length, model: want.model }, 'a request waits in line for an account')
      return promise
    },
    changed,
    busy(entry) {
      const most = capacityOf(entry)
      if (entry.open >= most) return most === 1 ? 'Its one place is taken.' : `All its ${most} places are taken.`
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
