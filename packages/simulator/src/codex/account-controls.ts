import type { Account, Accounts, EndedBy, Gap, Quota, Routing } from '../login/accounts.js'
import { resetWindows } from './account-limits.js'
import { createLimits, type LimitsPlan, type WindowChoice } from './limits.js'
import { grantCredits } from './reset-credits.js'

/** What happens to an account behind its owner's back. All throw an Error when there is no such account. */
export interface AccountControls {
  /** The backend refuses the account's access tokens from now on, whatever `exp` says. */
  expireAccess(accountId: string): void
  /** All refresh tokens of the account fail from now on. */
  endRefresh(accountId: string, how: EndedBy): void
  /** The same by the code that the login server will answer; default `refresh_token_invalidated`. */
  invalidateRefresh(accountId: string, code?: `refresh_token_${EndedBy}`): void
  /** The account's newest login. */
  refreshState(accountId: string): {
    generation: number
    liveRefreshToken: string
    refreshes: number
    reuseAttempts: number
  }
  /** What replies tell, as long as the account has no limits that live; its credits count in either case. */
  setQuota(accountId: string, quota: Partial<Quota>): void
  /** Limits that live, of which nothing is used yet; undefined: what `setQuota` says is told again. */
  setLimits(accountId: string, plan: LimitsPlan | undefined): void
  /** The provider gives windows back early; default all of them. */
  resetQuota(accountId: string, choice?: WindowChoice): void
  /** Resets that the owner may spend; default one, for thirty days. */
  grantResetCredits(accountId: string, count?: number, lifeMs?: number): void
  setSuspended(accountId: string, suspended: boolean): void
  /** Every request of the account is refused from now on, until this is taken back with `undefined`. */
  setBanned(accountId: string, how: Account['banned']): void
  /**
   * Nothing new of the account is answered from now on, neither by the backend nor by the login server; `all` is everybody, known or
   * not. What runs goes on. Third parties are not concerned.
   */
  setUnreachable(accountId: string, how: Gap | undefined): void
  /** What `accounts/check` tells of the account from now on, and what its requests must say. */
  setRouting(accountId: string, routing: Routing): void
}

/** @param now unix ms */
export function accountControls(accounts: Accounts, now: () => number): AccountControls {
  return {
    expireAccess: (accountId) => accounts.expireAccess(accountId),
    endRefresh: (accountId, how) => accounts.endRefresh(accountId, how),
    invalidateRefresh: (accountId, code = 'refresh_token_invalidated') =>
      accounts.endRefresh(accountId, code.slice('refresh_token_'.length) as EndedBy),
    refreshState: (accountId) => accounts.refreshState(accountId),
    setQuota(accountId, quota) {
      const account = accounts.get(accountId)
      account.quota = { ...account.quota, ...quota }
    },
    setLimits(accountId, plan) {
      accounts.get(accountId).limits = plan && createLimits(plan)
    },
    resetQuota: (accountId, choice = {}) => void resetWindows(accounts.get(accountId), choice, now()),
    grantResetCredits: (accountId, count = 1, lifeMs) => grantCredits(accounts.get(accountId), count, now(), lifeMs),
    setSuspended(accountId, suspended) {
      accounts.get(accountId).banned = suspended ? 'deactivated' : undefined
    },
    setBanned(accountId, how) {
      accounts.get(accountId).banned = how
    },
    setUnreachable(accountId, how) {
      if (accountId === 'all') accounts.gap = how
      else accounts.get(accountId).gap = how
    },
    setRouting(accountId, routing) {
      accounts.get(accountId).routing = routing
    },
  }
}
