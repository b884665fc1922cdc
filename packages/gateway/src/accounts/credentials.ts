import { FailureError } from '@dragoman/protocol'
import type { Failure } from '@dragoman/protocol'
import type { Log, NewTokens, Store } from '../store/index.js'
import { readLinkedFile } from './linked-file.js'
import { createRefreshGate, DEFAULT_REFRESH_SETTINGS } from './refresh-gate.js'
import type { RefreshLane, RefreshSettings } from './refresh-gate.js'
import { toNewTokens } from './login/index.js'
import { endsAt, reasonOf } from './roster.js'
import type { Entry, Refusal, Roster } from './roster.js'
import type { RefreshOrder, RefreshOutcome, RefreshReason, Refresher } from './tokens/index.js'
import type { Credential } from './types.js'

/** Refreshes of an account fail, one after the other. */
export interface RefreshTrouble {
  accountId: string
  /** Why the last one did, fit to show. */
  reason: string
  /** Unix ms. */
  retryAt: number
}

/** Gives out access tokens and keeps them alive. */
export interface Credentials {
  credential(accountId: string): Promise<Credential>
  recover(accountId: string, generation: number): Promise<Credential>
  /**
   * One refresh an account at a time; whoever comes while one runs shares it. Never throws.
   * @param lane default: by the reason
   */
  refresh(entry: Entry, reason: RefreshReason, lane?: RefreshLane): Promise<RefreshOutcome>
  /** Reads the linked file of an account if it changed. */
  follow(entry: Entry): Promise<void>
  /** Told at the second failure in a row, and not again before a refresh went well. @returns how to listen no more */
  onRefreshFailed(listener: (trouble: RefreshTrouble) => void): () => void
  /** The login server refused for good: the access token may serve until it ends. */
  noteRefusal(entry: Entry, refusal: Refusal): void
}

export interface CredentialsOptions {
  store: Store
  roster: Roster
  refresher: Refresher
  /** Asked at every use. Default: {@link DEFAULT_REFRESH_SETTINGS}. */
  settings?: () => RefreshSettings
  now: () => number
  random: () => number
  log: Log
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** For access tokens that do not say when they end. */
export const REFRESH_WITHOUT_END_MS = 8 * DAY
/** An access token that ends on the way is of no use. */
const SKEW_MS = 5_000
const FIRST_RETRY_MS = 5_000
const SLOWEST_RETRY_MS = 10 * MINUTE
/** With the most that chance adds. A time further ahead was set by a clock that has been put back since. */
const FARTHEST_RETRY_MS = 1.3 * SLOWEST_RETRY_MS
/** One may be an accident. */
const FAILURES_TOLD = 2
const RECOVERIES_A_MINUTE = 3
const SHORTEST_BETWEEN_MS = 10_000

export function createCredentials(options: CredentialsOptions): Credentials {
  const { store, roster, refresher, now, random, log } = options
  const settings = options.settings ?? (() => DEFAULT_REFRESH_SETTINGS)
  const gate = createRefreshGate(() => settings().concurrency)
  const flights = new Map<string, Promise<RefreshOutcome>>()
  const follows = new Map<string, Promise<void>>()
  const listeners = new Set<(trouble: RefreshTrouble) => void>()

  function hasEnded(entry: Entry): boolean {
    const ends = endsAt(entry.record)
    return ends !== undefined && ends <= now() + SKEW_MS
  }

  function isDue({ record }: Entry): boolean {
    const ends = endsAt(record)
    return (ends === undefined ? record.lastRefreshAt + REFRESH_WITHOUT_END_MS : ends - settings().marginMs) <= now()
  }

  function refusalOf({ record, refusal }: Entry): Refusal | undefined {
    return refusal?.generation === record.generation ? refusal.refusal : undefined
  }

  function canRefresh(entry: Entry): boolean {
    const { record } = entry
    return !record.linked && record.refreshTokenHash !== undefined && refusalOf(entry) === undefined
  }

  function entryOf(accountId: string): Entry {
    const entry = roster.get(accountId)
    if (entry === undefined) throw new FailureError(failure('credential_expired', 'this account is no longer here'))
    return entry
  }

  /** Marks the account as needing a login, and says so to whoever asked. */
  function endOf(entry: Entry): FailureError {
    const refusal = refusalOf(entry)
    const reason =
      refusal !== undefined
        ? reasonOf(refusal)
        : entry.record.linked
          ? (entry.fileProblem ??
            'The Codex CLI\'s login has ended: run "codex" once or "codex login", or sign in here with "dragoman login".')
          : 'Sign in again: its login has ended and cannot be renewed.'
    const banned = refusal?.cause === 'deactivated'
    roster.apply(entry, banned ? { type: 'banned', reason } : { type: 'sign_in_needed', reason })
    const revoked = banned || refusal?.cause === 'revoked'
    return new FailureError(failure(revoked ? 'credential_revoked' : 'credential_expired', reason))
  }

  async function open(entry: Entry): Promise<Credential> {
    const { id, chatgptAccountId, fedramp, generation } = entry.record
    if (entry.access?.generation !== generation) {
      const found = await store.accounts.read(id)
      if (found === undefined) throw new FailureError(failure('credential_expired', 'this account is no longer here'))
      entry.access = { generation: found.record.generation, token: found.tokens.accessToken }
    }
    const { token, generation: opened } = entry.access
    return { accountId: id, accessToken: token, chatgptAccountId, fedramp, generation: opened }
  }

  function refresh(entry: Entry, reason: RefreshReason, lane = laneOf(reason)): Promise<RefreshOutcome> {
    const { id, generation } = entry.record
    const running = flights.get(id)
    if (running !== undefined) {
      if (lane === 'waited_for') gate.hurry(id)
      return running
    }
    const flight = gate
      .pass(id, lane, () => refreshOnce(entry, { accountId: id, generation, reason }))
      .finally(() => flights.delete(id))
    flights.set(id, flight)
    return flight
  }

  /** Never throws: it also runs where nobody waits for it. */
  async function refreshOnce(entry: Entry, order: RefreshOrder): Promise<RefreshOutcome> {
    try {
      const outcome = await refresher.refresh(order)
      await settle(entry, order.generation, outcome)
      return outcome
    } catch (error) {
      log.error({ err: error, accountId: order.accountId }, 'a refresh failed in an unexpected way')
      const outcome: RefreshOutcome = { kind: 'failed', message: 'the refresh failed in an unexpected way' }
      postpone(entry, outcome.message)
      return outcome
    }
  }

  function postpone(entry: Entry, message: string): number {
    const failures = entry.retry.failures + 1
    const pauseMs = Math.min(FIRST_RETRY_MS * 3 ** (failures - 1), SLOWEST_RETRY_MS) * (0.7 + 0.6 * random())
    const retryAt = now() + pauseMs
    entry.retry = { failures, notBefore: retryAt, message }
    if (failures === FAILURES_TOLD) {
      for (const listener of listeners) listener({ accountId: entry.record.id, reason: message, retryAt })
    }
    return failures
  }

  async function settle(entry: Entry, generation: number, outcome: RefreshOutcome): Promise<void> {
    const { id } = entry.record
    switch (outcome.kind) {
      case 'refreshed':
      case 'moved':
      case 'nothing_to_spend':
        entry.refreshedAt = now()
        await roster.reload()
        log.info({ accountId: id, outcome: outcome.kind }, 'a refresh ended')
        return
      case 'failed': {
        const failures = postpone(entry, outcome.message)
        log.warn({ accountId: id, why: outcome.message, failures }, 'a refresh failed and is tried again')
        return
      }
      case 'refused':
        log.warn({ accountId: id, cause: outcome.cause, why: outcome.message }, 'the login server refused a refresh')
        if (entry.record.generation !== generation) return
        if (outcome.cause !== 'deactivated' && (await followSource(entry))) return
        noteRefusal(entry, outcome)
        return
      default:
        outcome satisfies never
    }
  }

  function noteRefusal(entry: Entry, refusal: Refusal): void {
    entry.refusal = { generation: entry.record.generation, refusal }
    if (hasEnded(entry)) endOf(entry)
  }

  /**
   * The tokens were copied from a file, and the program that owns the file has moved on: from now on its login is followed
   * instead of competed with.
   */
  async function followSource(entry: Entry): Promise<boolean> {
    const { id, sourcePath, generation } = entry.record
    if (sourcePath === undefined) return false
    const news = await readLinkedFile(sourcePath, entry.record, undefined)
    if (news.kind !== 'login') return false
    const known = await store.accounts.read(id)
    if (known?.tokens.accessToken.reveal() === news.login.accessToken.reveal()) return false
    // What was copied long ago and renewed here since: its owner has not moved on, only we have.
    const { issuedAt } = toNewTokens(news.login, now())
    if (issuedAt !== undefined && entry.record.issuedAt !== undefined && issuedAt < entry.record.issuedAt) return false
    await store.accounts.change(id, { linkedTo: sourcePath })
    await store.accounts.replaceTokens(id, generation, withoutRefreshToken(news.login, now()))
    await roster.reload()
    entry.fileStamp = news.stamp
    log.info({ accountId: id, sourcePath }, 'the account now follows the login of the program that it was copied from')
    return true
  }

  function follow(entry: Entry): Promise<void> {
    const { id } = entry.record
    const running = follows.get(id)
    if (running !== undefined) return running
    const one = followOnce(entry).finally(() => follows.delete(id))
    follows.set(id, one)
    return one
  }

  async function followOnce(entry: Entry): Promise<void> {
    const { id, linked, sourcePath, generation } = entry.record
    if (!linked || sourcePath === undefined) return
    const news = await readLinkedFile(sourcePath, entry.record, entry.fileStamp)
    switch (news.kind) {
      case 'same':
        return
      case 'problem':
        entry.fileProblem = news.problem
        // Without a stamp it is read again, even when it comes back as it was before.
        if (news.stamp === undefined) delete entry.fileStamp
        else entry.fileStamp = news.stamp
        return
      case 'login': {
        delete entry.fileProblem
        const current = await open(entry)
        if (current.accessToken.reveal() !== news.login.accessToken.reveal()) {
          await store.accounts.replaceTokens(id, generation, withoutRefreshToken(news.login, now()))
          await roster.reload()
          log.info({ accountId: id }, 'took over new tokens from the linked file')
        }
        entry.fileStamp = news.stamp
        return
      }
      default:
        news satisfies never
    }
  }

  /** New tokens, or a throw. */
  async function renew(entry: Entry, reason: RefreshReason): Promise<void> {
    const { generation } = entry.record
    if (!canRefresh(entry)) throw endOf(entry)
    if (mayRetryAt(entry, now()) > now() && !flights.has(entry.record.id)) {
      throw new FailureError(failure('unreachable', entry.retry.message))
    }
    const outcome = await refresh(entry, reason, 'waited_for')
    if (outcome.kind === 'failed') throw new FailureError(failure('unreachable', outcome.message))
    if (entry.record.generation === generation) throw endOf(entry)
  }

  return {
    async credential(accountId) {
      const entry = entryOf(accountId)
      await follow(entry)
      if (hasEnded(entry)) {
        await renew(entry, 'proactive_expiry')
        if (hasEnded(entry)) throw endOf(entry)
      } else if (isDue(entry) && canRefresh(entry) && mayRefreshAgainAt(entry, now()) <= now()) {
        void refresh(entry, entry.record.expiresAt === undefined ? 'scheduled' : 'proactive_expiry')
      }
      return open(entry)
    },

    async recover(accountId, generation) {
      const entry = entryOf(accountId)
      await follow(entry)
      // Renewed since the caller took its token: that one is old news.
      if (entry.record.generation !== generation) return open(entry)
      entry.recoveries = entry.recoveries.filter(({ at }) => now() - at < MINUTE)
      if (entry.recoveries.length >= RECOVERIES_A_MINUTE) {
        roster.apply(entry, { type: 'refused_when_fresh' })
        const message = 'the backend refuses tokens that were refreshed a moment ago'
        throw new FailureError(failure('credential_expired', message))
      }
      await renew(entry, 'unauthorized_recovery')
      if (!entry.recoveries.some((one) => one.generation === generation)) {
        entry.recoveries.push({ generation, at: now() })
      }
      return open(entry)
    },

    refresh,
    follow,
    noteRefusal,

    onRefreshFailed(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Unix ms before which nothing refreshes ahead: tokens that are born old must not be renewed all the time. */
export function mayRefreshAgainAt(entry: Entry, now: number): number {
  const again = (entry.refreshedAt ?? -SHORTEST_BETWEEN_MS) + SHORTEST_BETWEEN_MS
  return Math.max(mayRetryAt(entry, now), again > now + SHORTEST_BETWEEN_MS ? 0 : again)
}

/** Unix ms before which a refresh that failed is not tried again. */
function mayRetryAt({ retry }: Entry, now: number): number {
  return retry.notBefore > now + FARTHEST_RETRY_MS ? 0 : retry.notBefore
}

function laneOf(reason: RefreshReason): RefreshLane {
  return reason === 'forced' || reason === 'unauthorized_recovery' ? 'waited_for' : 'ahead'
}

/** The file's refresh token stays in the file: its owner spends it. */
function withoutRefreshToken(login: Parameters<typeof toNewTokens>[0], now: number): NewTokens {
  const tokens = toNewTokens(login, now)
  delete tokens.refreshToken
  return tokens
}

function failure(kind: Failure['kind'], message: string): Failure {
  return { kind, scope: 'account', phase: 'unsent', retry: 'other', message }
}
