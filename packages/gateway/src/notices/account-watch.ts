import { LRUCache } from 'lru-cache'
import type { AccountStatus, Quota } from '../accounts/index.js'
import type { News } from './notice.js'
import { createQuotaWatch } from './quota-watch.js'
import type { Thresholds } from './quota-warnings.js'

/** What is believed of an account at one moment. */
export interface Standing {
  status: AccountStatus
  /** One sentence that also says what heals it. */
  reason?: string
  /** Unix ms. */
  until?: number
  quota?: Quota
}

/** Turns what becomes of accounts into news. */
export interface AccountWatch {
  changed(accountId: string, before: Standing, after: Standing): void
}

export interface AccountWatchOptions {
  /** `quota.warning_thresholds`, read at every look. */
  thresholds(): Thresholds
  tell(news: News): void
  now(): number
}

/** So short a rest asks nobody to do anything, and accounts have many. */
const SHORT_REST_MS = 60_000
const MOST_ACCOUNTS = 20_000

/** Short rests are not told, nor that they are over. An account that needs a login is told as that alone. */
export function createAccountWatch({ thresholds, tell, now }: AccountWatchOptions): AccountWatch {
  const quotas = createQuotaWatch(thresholds, tell)
  /** Where they stand as far as anybody was told. */
  const told = new LRUCache<string, AccountStatus>({ max: MOST_ACCOUNTS })

  function stateChanged(accountId: string, from: AccountStatus, { status: to, reason, until }: Standing): void {
    if (to === 'cooling' && until !== undefined && until - now() <= SHORT_REST_MS) {
      if (!told.has(accountId)) told.set(accountId, from)
      return
    }
    if (to === told.get(accountId)) return
    told.set(accountId, to)
    const why = reason === undefined ? {} : { reason }
    if (to === 'expired') tell({ type: 'login_needed', accountId, data: why })
    else {
      const end = until === undefined ? {} : { until }
      tell({ type: 'account_state', accountId, data: { from, to, ...why, ...end } })
    }
  }

  return {
    changed(accountId, before, after) {
      if (before.status !== after.status) stateChanged(accountId, before.status, after)
      if (after.quota !== undefined && after.quota !== before.quota) {
        quotas.learned(accountId, before.quota, after.quota)
      }
    },
  }
}
