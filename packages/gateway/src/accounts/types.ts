import type { Failure } from '@dragoman/protocol'
import type { Secret } from '../telemetry/index.js'

/**
 * `active` serves. `cooling` waits for a time or a probe (rate limit, challenge, lone 403). `exhausted` waits for a quota window.
 * `expired` needs a new login. `suspended` was banned or lost its plan. `disabled` was switched off by its owner.
 */
export type AccountStatus = 'active' | 'cooling' | 'exhausted' | 'expired' | 'suspended' | 'disabled'

/** One ChatGPT account as the rest of the gateway sees it. Holds no credential. */
export interface Account {
  /** Ours, `acc_…`. */
  id: string
  /** `chatgpt_account_id` of the token; sent as a header. */
  chatgptAccountId: string
  userId?: string
  email?: string
  label?: string
  /** An open set: free, plus, pro, team, … */
  plan?: string
  fedramp: boolean
  status: AccountStatus
  /** Why it is not active, in one sentence that also says what heals it. */
  reason?: string
  /** Unix ms when a cooling or exhausted account is looked at again. */
  until?: number
  /** Grows by one with every change of its tokens. */
  generation: number
  /** Unix ms when the access token ends; undefined when the token does not say. */
  expiresAt?: number
  /** Path of the Codex CLI's auth.json when the account is linked to it instead of copied. */
  linkedTo?: string
  /** It serves, but not for ever: what its owner should do before `expiresAt`, in one sentence. */
  attention?: string
  note?: string
  groups: readonly string[]
  /** Its share of the work beside others; 0: only when no other can. */
  weight: number
  /** Requests that it may have open; 0 for any number. Undefined: as the configuration says. */
  maxConcurrent?: number
  /** All clients appear upstream as one session. */
  converge: boolean
  /** Requests that it has open now, in this process. */
  open: number
}

/** What one request needs to speak as an account. */
export interface Credential {
  accountId: string
  accessToken: Secret
  chatgptAccountId: string
  fedramp: boolean
  generation: number
}

export interface Skipped {
  account: Account
  reason: string
}

/** How one attempt went, told by the provider so that the pool learns. */
export interface AttemptOutcome {
  model: string
  /** Of the credential that was used: what an old token met is not held against a new one. */
  generation?: number
  /** Lower-case response headers; quota families are read from them. */
  headers?: Readonly<Record<string, string | undefined>>
  failure?: Failure
  /** Unix ms when it was sent: what is older than a lock does not open it. Default: now. */
  sentAt?: number
}

/** Who is wanted for one request. */
export interface AccountWant {
  model: string
  /** The client's conversation. */
  conversation?: string
  /** Its turns that share a prompt's beginning: sub-agents with other tools have a chain of their own. Default: the conversation. */
  chain?: string
  tried?: ReadonlySet<string>
  /** Ids of accounts and names of groups; undefined for all. */
  among?: readonly string[]
  /** Its input holds what only one account can read and what cannot be left out: it must not move. */
  bound?: boolean
  /** The request goes on with what was said before: it has answers in its input. */
  goesOn?: boolean
}

/** A place at an account, taken for one attempt. */
export interface AccountLease {
  account: Account
  /** One line: why this one. */
  why: string
  /** How long it waited for the place, ms. */
  queuedMs: number
  /** The chain was at home elsewhere until now. */
  movedFrom?: { account: Account | undefined; id: string; why: string }
  /** So many items at the front of the input were made with another account. */
  foreignItems: number
  /** This account has served the conversation from its beginning. */
  isOrigin: boolean
  /**
   * Gives the place back; the second call does nothing.
   * @param served it answered well
   * @param unreadable it could not read what the input holds of other accounts: later turns leave that out
   */
  release(served?: boolean, unreadable?: boolean): void
}

export interface AccountPool {
  list(): readonly Account[]
  /** Accounts that may serve, best first, without those already tried; and why each other one may not. */
  candidates(want: AccountWant): {
    ready: readonly Account[]
    skipped: readonly Skipped[]
  }
  /**
   * Takes a place for one attempt; where all are busy it waits in line.
   * @param inputItems how many items the request's input has
   * @throws FailureError when nobody can serve, or none was free in time
   */
  lease(want: AccountWant, options: { inputItems: number; signal?: AbortSignal }): Promise<AccountLease>
  /** Why nobody can serve: nothing logged in (401), all cooling (429 with the earliest reset), all expired (401). */
  whyNobody(want: AccountWant): Failure
  /**
   * A credential that is good for a while. Refreshes first when the access token has ended; one in its last minutes
   * is served while a refresh runs behind it.
   * @throws FailureError `credential_expired` or `credential_revoked`, scope account
   */
  credential(accountId: string): Promise<Credential>
  /**
   * After a 401: forces one refresh per generation, shared by everybody who asks.
   * @throws FailureError when the account cannot be recovered
   */
  recover(accountId: string, generation: number): Promise<Credential>
  learn(accountId: string, outcome: AttemptOutcome): void
}
