import { setImmediate } from 'node:timers/promises'
import type { AccountRecord, AccountStateRow, Log, Store } from '../store/index.js'
import type { Secret } from '../telemetry/index.js'
import { usedNow } from './quota/index.js'
import type { Quota, QuotaWindow } from './quota/index.js'
import { ACTIVE, next, standing } from './state.js'
import type { AccountEvent, AccountState, Health } from './state.js'
import type { RefreshOutcome } from './tokens/index.js'
import type { Account, AccountStatus } from './types.js'

export type Refusal = Extract<RefreshOutcome, { kind: 'refused' }>

/** One account in memory. */
export interface Entry {
  record: AccountRecord
  health: Health
  quota?: Quota
  /** The opened access token of one generation. */
  access?: { generation: number; token: Secret }
  /** The login server will never renew the tokens of this generation. */
  refusal?: { generation: number; refusal: Refusal }
  /** Failed refreshes in a row, and when the next may be. */
  retry: { failures: number; notBefore: number; message: string }
  /** The last refreshes that a 401 forced: of which generation, and when (unix ms). */
  recoveries: { generation: number; at: number }[]
  /** Unix ms of the last refresh that brought tokens. */
  refreshedAt?: number
  /** Between 0 and 1; spreads the refreshes of many accounts. New with every generation. */
  jitter: number
  /** Unix ms of its last request. */
  lastUsedAt?: number
  /** Requests since the start. */
  requests: number
  /** Requests that have a place at it now. */
  open: number
  /** Unix ms before which it takes no other request, so that they keep their distance. */
  freeAt: number
  /** Unix ms when a request last went out to see whether a lock still holds. */
  probedAt?: number
  /** The generation whose tokens have been seen to work. */
  verified?: number
  /** The linked file as it was when last read. */
  fileStamp?: string
  /** What is wrong with the linked file. */
  fileProblem?: string
}

/** The accounts in memory, in step with the store. */
export interface Roster {
  all(): Entry[]
  get(id: string): Entry | undefined
  /** Reads the store again; calls that overlap share the work and see at least what was stored when they were made. */
  reload(): Promise<void>
  /** Applies an event, and saves what it changed behind the caller's back. */
  apply(entry: Entry, event: AccountEvent): void
  view(entry: Entry): Account
  onChange(listener: () => void): () => void
  /** Told every change of what is believed of an account. */
  onState(listener: (change: StateChange) => void): () => void
  close(): Promise<void>
}

/** What became of an account, told once. */
export interface StateChange {
  entry: Entry
  before: { status: AccountStatus; quota?: Quota }
  after: { status: AccountStatus; reason?: string; until?: number; quota?: Quota }
  event: AccountEvent['type']
}

export interface RosterOptions {
  store: Store
  now: () => number
  random: () => number
  log: Log
  /** Does a full window keep an account back before it refused? Default: it does. */
  skipExhausted?: () => boolean
}

/** Quota moves with every answer; what a crash forgets of it, the next answer tells again. */
const QUOTA_SAVE_MS = 10_000
/** Whoever changes many accounts changes them one by one; they are read together. */
const RELOAD_AFTER_MS = 20

export async function loadRoster(options: RosterOptions): Promise<Roster> {
  const { store, now, random, log } = options
  const entries = new Map<string, Entry>()
  const savedState = new Map<string, string>()
  const dirty = new Set<string>()
  const listeners = new Set<() => void>()
  const stateListeners = new Set<(change: StateChange) => void>()
  let saving: Promise<void> = Promise.resolve()
  /** Odd while one is under way. */
  let saves = 0
  let closed = false
  let quotaTimer: NodeJS.Timeout | undefined
  let reloadTimer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined

  function tell(): void {
    for (const listener of listeners) listener()
  }

  function create(record: AccountRecord, state: AccountStateRow | undefined): Entry {
    const entry: Entry = {
      record,
      health: readHealth(state),
      retry: { failures: 0, notBefore: 0, message: '' },
      recoveries: [],
      jitter: random(),
      requests: 0,
      open: 0,
      freeAt: 0,
    }
    const quota = readQuota(state)
    if (quota !== undefined) entry.quota = quota
    return entry
  }

  async function readStore(): Promise<void> {
    const savesBefore = saves
    const records = await store.accounts.list()
    const states = await store.accounts.states()
    // What was read while we wrote may be older than what we wrote.
    const current = savesBefore === saves && saves % 2 === 0
    if (!current) void saving.then(reload).catch(reloadFailed)
    const left = new Set(entries.keys())
    for (const record of records) {
      left.delete(record.id)
      const state = states.get(record.id)
      const known = entries.get(record.id)
      const entry = known ?? create(record, state)
      entries.set(record.id, entry)
      if (known !== undefined) takeOver(known, record, current ? state : undefined)
      if (state !== undefined && current) savedState.set(record.id, stateText(state))
      // Its owner's switch lies in the account; the belief about it, beside.
      const off = entry.health.status === 'disabled'
      if (record.enabled === off) apply(entry, { type: record.enabled ? 'switched_on' : 'switched_off' })
    }
    for (const id of left) {
      entries.delete(id)
      savedState.delete(id)
      dirty.delete(id)
    }
    tell()
  }

  function takeOver(entry: Entry, record: AccountRecord, state: AccountStateRow | undefined): void {
    const newTokens = record.generation !== entry.record.generation
    entry.record = record
    // Written by another process since we last wrote or read it.
    if (state !== undefined && savedState.get(record.id) !== stateText(state) && !dirty.has(record.id)) {
      entry.health = readHealth(state)
      const quota = readQuota(state)
      if (quota !== undefined) entry.quota = quota
    }
    if (!newTokens) return
    delete entry.access
    delete entry.refusal
    entry.retry = { failures: 0, notBefore: 0, message: '' }
    entry.jitter = random()
    apply(entry, { type: 'refreshed' })
  }

  const skips = options.skipExhausted ?? (() => true)

  function apply(entry: Entry, event: AccountEvent): void {
    const before: AccountState = entry
    const after = next(before, event, now())
    if (after.health === before.health && after.quota === before.quota) return
    const [was, is] = [standing(before, now(), skips()), standing(after, now(), skips())]
    const { quota } = before
    const healthChanged =
      after.health !== before.health && JSON.stringify(after.health) !== JSON.stringify(before.health)
    entry.health = after.health
    if (after.quota !== undefined) entry.quota = after.quota
    dirty.add(entry.record.id)
    const change: StateChange = {
      entry,
      before: { status: was.status, ...(quota === undefined ? {} : { quota }) },
      after: { ...is, ...(after.quota === undefined ? {} : { quota: after.quota }) },
      event: event.type,
    }
    for (const listener of stateListeners) listener(change)
    if (was.status !== is.status) {
      log.info(
        { accountId: entry.record.id, from: was.status, to: is.status, event: event.type, until: is.until },
        'an account changed its state',
      )
    }
    if (healthChanged || was.status !== is.status || !isSameLock(quota, after.quota)) {
      saveSoon()
      tell()
    } else {
      quotaTimer ??= setTimeout(() => {
        quotaTimer = undefined
        saveSoon()
      }, QUOTA_SAVE_MS).unref()
    }
  }

  let soon = false
  function saveSoon(): void {
    if (soon) return
    soon = true
    queueMicrotask(() => {
      soon = false
      saving = saving.then(save)
    })
  }

  async function save(): Promise<void> {
    const states = new Map<string, AccountStateRow>()
    for (const id of dirty) {
      const entry = entries.get(id)
      if (entry === undefined) continue
      const state: AccountStateRow = {
        health: JSON.stringify(entry.health),
        ...(entry.quota === undefined ? {} : { quota: JSON.stringify(entry.quota) }),
      }
      savedState.set(id, stateText(state))
      states.set(id, state)
    }
    dirty.clear()
    if (states.size === 0) return
    saves += 1
    try {
      await store.accounts.saveStates(states)
    } catch (error) {
      log.warn({ err: error }, 'could not save the state of accounts; it is kept in memory')
    } finally {
      saves += 1
    }
  }

  await readStore()
  const unwatch = store.watch(({ aggregate, own }) => {
    if (aggregate === 'accounts' || (aggregate === 'account_states' && !own)) {
      reloadTimer ??= setTimeout(() => {
        reloadTimer = undefined
        reload().catch(reloadFailed)
      }, RELOAD_AFTER_MS).unref()
    }
  })

  function reloadFailed(error: unknown): void {
    if (!closed) log.error({ err: error }, 'could not read the accounts again')
  }

  function reload(): Promise<void> {
    queued ??= nextRound()
    return queued
  }

  /** What runs may have read before the caller's change: one more round, shared by all who change something in this turn. */
  async function nextRound(): Promise<void> {
    await running?.catch(() => undefined)
    await setImmediate()
    queued = undefined
    running = readStore().finally(() => {
      running = undefined
    })
    await running
  }

  return {
    all: () => [...entries.values()],
    get: (id) => entries.get(id),
    reload,
    apply,
    view: (entry) => viewOf(entry, now(), skips()),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onState(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    async close() {
      closed = true
      unwatch()
      clearTimeout(quotaTimer)
      clearTimeout(reloadTimer)
      listeners.clear()
      await queued
      await running
      await saving
      await save()
    },
  }
}

function viewOf(entry: Entry, now: number, skipExhausted: boolean): Account {
  const { record, refusal, fileProblem } = entry
  const health = standing(entry, now, skipExhausted)
  const attention = refusal?.generation === record.generation ? reasonOf(refusal.refusal) : fileProblem
  return {
    id: record.id,
    chatgptAccountId: record.chatgptAccountId,
    ...optional('userId', record.userId),
    ...optional('email', record.email),
    ...optional('label', record.label),
    ...optional('plan', record.plan),
    fedramp: record.fedramp,
    status: health.status,
    ...optional('reason', health.reason),
    ...optional('until', health.until),
    generation: record.generation,
    ...optional('expiresAt', endsAt(record)),
    ...optional('linkedTo', record.linked ? record.sourcePath : undefined),
    ...optional('attention', health.status === 'expired' ? undefined : attention),
    ...optional('note', record.note),
    groups: record.groups,
    weight: record.weight,
    ...optional('maxConcurrent', record.maxConcurrent),
    converge: record.converge,
    open: entry.open,
  }
}

/** A difference of clocks that small is none. */
const TOLERATED_SKEW_MS = 5 * 60_000

/**
 * When the access token ends by this machine's clock (unix ms), or undefined when it does not say. A token that was fetched by
 * us shows how far the login server's clock is away: with a clock that is days off, tokens must not seem to end at once.
 */
export function endsAt(record: AccountRecord): number | undefined {
  const { expiresAt, issuedAt, lastRefreshAt, linked, origin, generation } = record
  if (expiresAt === undefined || issuedAt === undefined) return expiresAt
  const fetchedByUs = !linked && (origin === 'login' || generation > 1)
  const skewMs = fetchedByUs ? lastRefreshAt - issuedAt : 0
  return Math.abs(skewMs) > TOLERATED_SKEW_MS ? expiresAt + skewMs : expiresAt
}

/** Why the login server will not renew this login, and what heals it. */
export function reasonOf(refusal: Refusal): string {
  switch (refusal.cause) {
    case 'crashed':
      return 'Sign in again: a crash during a refresh used its login up.'
    case 'lost':
      return 'Sign in again: the answer to a refresh was lost on the network.'
    case 'reused':
      return 'Sign in again: its login was used elsewhere, by another program that holds a copy of it.'
    case 'expired':
      return 'Sign in again: its login has expired.'
    case 'revoked':
      return 'Sign in again: its login was revoked.'
    case 'deactivated':
      return 'The account was deactivated: ask its provider, then sign in again.'
    case 'other':
      return `Sign in again: the login server refused its login (${refusal.message}).`
    default:
      return refusal.cause satisfies never
  }
}

function stateText({ health, quota }: AccountStateRow): string {
  return `${health}\n${quota ?? ''}`
}

/** Did the same windows refuse, until the same time? */
function isSameLock(one: Quota | undefined, other: Quota | undefined): boolean {
  if (one === other) return true
  return isWithin(one, other) && isWithin(other, one)
}

function isWithin(one: Quota | undefined, other: Quota | undefined): boolean {
  for (const key in one?.windows) {
    const lock = one.windows[key]
    if (lock?.reached !== true) continue
    const twin = other?.windows[key]
    if (twin?.reached !== true || twin.resetAt !== lock.resetAt || twin.doubtedAt !== lock.doubtedAt) return false
  }
  return true
}

function readHealth(state: AccountStateRow | undefined): Health {
  if (state === undefined) return ACTIVE
  const health = JSON.parse(state.health) as Omit<Health, 'status'> & { status: AccountStatus }
  // Before there was one truth about quota it stood here, too; the windows tell it now.
  return health.status === 'exhausted' ? ACTIVE : { ...health, status: health.status }
}

function readQuota(state: AccountStateRow | undefined): Quota | undefined {
  if (state?.quota === undefined) return undefined
  const quota = JSON.parse(state.quota) as Quota
  const windows = Object.entries(quota.windows).map(([key, window]: [string, Partial<QuotaWindow> & QuotaWindow]) => [
    key,
    { ...window, reached: (window as Partial<QuotaWindow>).reached ?? usedNow(window, 0) >= 100 },
  ])
  return { ...quota, windows: Object.fromEntries(windows) as Quota['windows'] }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
