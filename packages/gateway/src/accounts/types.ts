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
}

export interface AccountPool {
  list(): readonly Account[]
  /** Accounts that may serve, best first, without those already tried; and why each other one may not. */
  candidates(want: { model: string; conversation?: string; tried?: ReadonlySet<string> }): {
    ready: readonly Account[]
    skipped: readonly Skipped[]
  }
  /** Why nobody can serve: nothing logged in (401), all cooling (429 with the earliest reset), all expired (401). */
  whyNobody(model: string): Failure
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
