import type { AccountRecord, AccountStateRow, Log, Store } from '../store/index.js'
import type { Secret } from '../telemetry/index.js'
import type { Quota } from './quota/index.js'
import { ACTIVE, next } from './state.js'
import type { AccountEvent, Health } from './state.js'
import type { RefreshOutcome } from './tokens/index.js'
import type { Account } from './types.js'

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
  /** Unix ms until which a model's own limit keeps it from this account. */
  benched: Map<string, number>
  lastUsedAt?: number
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
  learnQuota(entry: Entry, quota: Quota): void
  view(entry: Entry): Account
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

export interface RosterOptions {
  store: Store
  now: () => number
  random: () => number
  log: Log
}

/** Quota moves with every answer; what a crash forgets of it, the next answer tells again. */
const QUOTA_SAVE_MS = 10_000

export async function loadRoster(options: RosterOptions): Promise<Roster> {
  const { store, now, random, log } = options
  const entries = new Map<string, Entry>()
  const savedHealth = new Map<string, string>()
  const dirty = new Set<string>()
  const listeners = new Set<() => void>()
  let saving: Promise<void> = Promise.resolve()
  /** Odd while one is under way. */
  let saves = 0
  let closed = false
  let quotaTimer: NodeJS.Timeout | undefined
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
      benched: new Map(),
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
      if (state !== undefined && current) savedHealth.set(record.id, state.health)
      // Its owner's switch lies in the account; the belief about it, beside.
      const off = entry.health.status === 'disabled'
      if (record.enabled === off) apply(entry, { type: record.enabled ? 'switched_on' : 'switched_off' })
    }
    for (const id of left) {
      entries.delete(id)
      savedHealth.delete(id)
      dirty.delete(id)
    }
    tell()
  }

  function takeOver(entry: Entry, record: AccountRecord, state: AccountStateRow | undefined): void {
    const newTokens = record.generation !== entry.record.generation
    entry.record = record
    // Written by another process since we last wrote or read it.
    if (state !== undefined && savedHealth.get(record.id) !== state.health && !dirty.has(record.id)) {
      entry.health = readHealth(state)
    }
    if (!newTokens) return
    delete entry.access
    delete entry.refusal
    entry.retry = { failures: 0, notBefore: 0, message: '' }
    entry.jitter = random()
    apply(entry, { type: 'refreshed' })
  }

  function apply(entry: Entry, event: AccountEvent): void {
    const before = entry.health
    const after = next(before, event, now())
    if (after === before) return
    entry.health = after
    if (JSON.stringify(after) === JSON.stringify(before)) return
    if (after.status !== before.status) {
      log.info(
        { accountId: entry.record.id, from: before.status, to: after.status, event: event.type, until: after.until },
        'an account changed its state',
      )
    }
    dirty.add(entry.record.id)
    saveSoon()
    tell()
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
      const health = JSON.stringify(entry.health)
      savedHealth.set(id, health)
      states.set(id, { health, ...(entry.quota === undefined ? {} : { quota: JSON.stringify(entry.quota) }) })
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
      reload().catch(reloadFailed)
    }
  })

  function reloadFailed(error: unknown): void {
    if (!closed) log.error({ err: error }, 'could not read the accounts again')
  }

  function reload(): Promise<void> {
    if (running === undefined) {
      running = readStore().finally(() => {
        running = undefined
      })
      return running
    }
    // What runs may have read before the caller's change: one more round, shared by all who wait for it.
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined
        return reload()
      })
    return queued
  }

  return {
    all: () => [...entries.values()],
    get: (id) => entries.get(id),
    reload,
    apply,
    learnQuota(entry, quota) {
      entry.quota = quota
      dirty.add(entry.record.id)
      quotaTimer ??= setTimeout(() => {
        quotaTimer = undefined
        saveSoon()
      }, QUOTA_SAVE_MS).unref()
    },
    view: (entry) => viewOf(entry, now()),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      unwatch()
      clearTimeout(quotaTimer)
      listeners.clear()
      await queued
      await running
      await saving
      await save()
    },
  }
}

function viewOf({ record, health: stored, refusal, fileProblem }: Entry, now: number): Account {
  const health = next(stored, { type: 'time_passed' }, now)
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
    open: 0,
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

function readHealth(state: AccountStateRow | undefined): Health {
  return state === undefined ? ACTIVE : (JSON.parse(state.health) as Health)
}

function readQuota(state: AccountStateRow | undefined): Quota | undefined {
  return state?.quota === undefined ? undefined : (JSON.parse(state.quota) as Quota)
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
