import type { Leases } from '../../cluster/index.js'
import { StoreError, hashToken } from '../../store/index.js'
import type { Log, RefreshIntent, Store, StoredTokens } from '../../store/index.js'
import type { Secret } from '../../telemetry/index.js'
import { readClaims } from '../jwt.js'
import { asOwner, toNewTokens } from '../login/index.js'
import type { AuthSettings, Http, Login } from '../login/index.js'
import { requestRefresh } from './refresh-request.js'
import type { RefreshAnswer, RefreshReason, RefusalCause } from './refresh-request.js'

/** Whose tokens to refresh, if they still are those of this generation. */
export interface RefreshOrder {
  accountId: string
  generation: number
  reason: RefreshReason
}

/** Holds no secret: it crosses from the helper process as one line of JSON. */
export type RefreshOutcome =
  /** New tokens are stored. */
  | { kind: 'refreshed' }
  /** Somebody else has changed them already: nothing was spent. */
  | { kind: 'moved' }
  /** Sign in again. `crashed` and `lost`: the token was used up by a refresh of ours whose answer nobody heard. */
  | { kind: 'refused'; cause: RefusalCause | 'crashed' | 'lost'; message: string }
  /** Try later. */
  | { kind: 'failed'; message: string }
  /** There is no such account any more, or it has no refresh token of ours. */
  | { kind: 'nothing_to_spend' }

export interface RefreshRoom {
  store: Store
  leases: Leases
  http: Http
  auth: AuthSettings
  now: () => number
  log: Log
}

const LEASE_WAIT_MS = 75_000
/** Longer than the login server may take, its answer stored twice over. */
const LEASE_HOLD_MS = 180_000

/**
 * Refreshes one account's tokens so that no crash loses more than cannot be kept: under a lease of all processes, with the
 * tokens read again, the intent on the disk before the token is spent, and the answer on the disk before anybody uses it.
 * Source: spec reliability-security 4.3. Throws only when the store fails.
 */
export async function refreshAccount(room: RefreshRoom, order: RefreshOrder): Promise<RefreshOutcome> {
  const lease = await room.leases.acquire(`refresh:${order.accountId}`, {
    waitMs: LEASE_WAIT_MS,
    holdMs: LEASE_HOLD_MS,
  })
  if (lease === undefined)
    return { kind: 'failed', message: 'another process has been refreshing this account for long' }
  try {
    return await spend(room, order)
  } catch (error) {
    if (error instanceof StoreError) return { kind: 'failed', message: error.message }
    throw error
  } finally {
    await lease.release()
  }
}

async function spend(room: RefreshRoom, order: RefreshOrder): Promise<RefreshOutcome> {
  const { store, auth } = room
  const http = asOwner(room.http, order.accountId)
  const found = await store.accounts.read(order.accountId)
  if (found === undefined || found.record.linked || found.tokens.refreshToken === undefined) {
    return { kind: 'nothing_to_spend' }
  }
  if (found.record.generation !== order.generation) return { kind: 'moved' }
  store.reserve.hold()

  const { refreshToken, previousRefreshToken } = found.tokens
  const before = await note(room, order, refreshToken)
  const answer = await requestRefresh(http, auth, refreshToken, order.reason)
  if (answer.kind === 'tokens') return keep(room, order, found.tokens, answer)
  if (answer.kind === 'failed') {
    if (answer.unspent) await store.refreshJournal.settle(order.accountId, before)
    else await store.refreshJournal.lost(order.accountId)
    return { kind: 'failed', message: answer.message }
  }
  // Its successor was never seen to work: perhaps the server still wants the one before. There is nothing left to lose.
  if (previousRefreshToken !== undefined && answer.cause !== 'reused' && answer.cause !== 'deactivated') {
    const second = await requestRefresh(http, auth, previousRefreshToken, order.reason)
    if (second.kind === 'tokens') return keep(room, order, found.tokens, second)
  }
  const cause = answer.cause === 'reused' && before !== undefined ? explain(before) : answer.cause
  await store.refreshJournal.refused(order.accountId, cause)
  return { kind: 'refused', cause, message: answer.message }
}

function note(room: RefreshRoom, order: RefreshOrder, token: Secret): Promise<RefreshIntent | undefined> {
  const { accountId, generation } = order
  return room.store.refreshJournal.begin({ accountId, generation, tokenHash: hashToken(token), now: room.now() })
}

async function keep(
  room: RefreshRoom,
  order: RefreshOrder,
  old: StoredTokens,
  answer: Extract<RefreshAnswer, { kind: 'tokens' }>,
): Promise<RefreshOutcome> {
  const accessToken = answer.accessToken ?? old.accessToken
  const login: Login = {
    accessToken,
    ...optional('refreshToken', answer.refreshToken ?? old.refreshToken),
    ...optional('idToken', answer.idToken ?? old.idToken),
  }
  const claims = readClaims(accessToken.reveal())
  const about =
    claims === undefined
      ? {}
      : { ...optional('email', claims.email), ...optional('plan', claims.plan), fedramp: claims.fedramp }
  const tokens = toNewTokens(login, room.now())
  const written = await room.store.reserve.spendOn(() =>
    room.store.accounts.replaceTokens(order.accountId, order.generation, tokens, about),
  )
  if (written) return { kind: 'refreshed' }
  room.log.warn({ accountId: order.accountId }, 'the tokens were replaced by a login while they were refreshed')
  return { kind: 'moved' }
}

/** An earlier refresh with the same token that did not come to its end has used it up. */
function explain(before: RefreshIntent): 'crashed' | 'lost' | 'reused' {
  switch (before.outcome) {
    case undefined:
    case 'refused_crashed':
      return 'crashed'
    case 'lost':
    case 'refused_lost':
      return 'lost'
    default:
      return 'reused'
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
