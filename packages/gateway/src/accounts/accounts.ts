import type { AccountChange, AccountOrigin } from '../store/index.js'
import type { CacheBook } from './affinity/cache-book.js'
import type { RefreshTrouble } from './credentials.js'
import type { Login } from './login/index.js'
import type { Quota } from './quota/index.js'
import type { StateChange } from './roster.js'
import type { Account, AccountPool } from './types.js'

export interface SignInOptions {
  label?: string
  origin?: AccountOrigin
  /** The file that it came from. */
  sourcePath?: string
  /** Default `always` for a login, `if_newer` for an import. */
  replace?: 'always' | 'if_newer'
}

export interface ImportOptions {
  label?: string
  /** Follow the file instead of copying it: its owner refreshes, we only read. */
  link?: boolean
}

/** The pool, and what its owner may do with it. */
export interface Accounts extends AccountPool {
  get(id: string): Account | undefined
  quota(id: string): Quota | undefined
  /** Adds an account or, for one that is known, takes the new tokens over. Works without network. */
  signIn(
    login: Login,
    options?: SignInOptions,
  ): Promise<{ account: Account; outcome: 'added' | 'updated' | 'unchanged' }>
  /**
   * Takes the login of a Codex CLI over, or links to it.
   * @throws LoginError
   */
  importFile(path: string, options?: ImportOptions): ReturnType<Accounts['signIn']>
  /** The body of a usage read. */
  learnUsage(id: string, body: unknown): void
  setEnabled(id: string, enabled: boolean): Promise<boolean>
  rename(id: string, label: string | undefined): Promise<boolean>
  /** What its owner says of it. @returns false when there is no such account */
  change(id: string, to: AccountChange): Promise<boolean>
  /**
   * Its owner says that the quota is back: one request may try at once, whatever was told before.
   * @param limit only that one: `codex`, `codex-bengalfox`; default all
   * @returns false when there is no such account
   */
  quotaIsBack(id: string, limit?: string): boolean
  /** Takes over a quota that was known elsewhere, as far as nothing newer is known here. */
  restoreQuota(id: string, quota: Quota): boolean
  /** What prompt caches save, and what moves of conversations cost. */
  readonly cache: CacheBook
  /** Requests that wait in line. */
  readonly waiting: number
  /**
   * Deletes the account. A login made here is revoked too, as far as the network allows; a copy belongs to its source as well
   * and stays valid.
   */
  remove(id: string, options?: { revoke?: boolean }): Promise<boolean>
  /** By hand: renews the tokens now and says what came of it, in words. */
  refresh(id: string): Promise<{ ok: boolean; message: string }>
  onChange(listener: () => void): () => void
  /** Told every change of what is believed of an account. */
  onState(listener: (change: StateChange) => void): () => void
  /** Told when the tokens of an account could not be renewed twice in a row; then not again before they could. */
  onRefreshFailed(listener: (trouble: RefreshTrouble) => void): () => void
  /** Begins to refresh ahead, to follow linked files and to clear up what a crash left. For the server, not for commands. */
  start(): Promise<void>
  close(): Promise<void>
}
