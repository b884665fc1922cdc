import { LRUCache } from 'lru-cache'
import type { Quota, QuotaWindow } from '../accounts/index.js'
import type { News } from './notice.js'
import { isSamePeriod, quotaBack, quotaWarnings, type Thresholds } from './quota-warnings.js'

/** Turns what is learned of quotas into news. */
export interface QuotaWatch {
  /** To be told whenever something was learned of an account's quota. */
  learned(accountId: string, before: Quota | undefined, after: Quota): void
}

const MOST_WINDOWS = 20_000

/**
 * Remembers what it told, because sources disagree: a usage page that lags behind the last answer takes a window back under its
 * threshold, and the next answer would cross it again.
 * @param thresholds read at every look
 */
export function createQuotaWatch(thresholds: () => Thresholds, tell: (news: News) => void): QuotaWatch {
  const told = new LRUCache<string, { window: QuotaWindow; threshold: number }>({ max: MOST_WINDOWS })
  return {
    learned(accountId, before, after) {
      for (const { level, ...data } of quotaWarnings(before, after, thresholds())) {
        const window = after.windows[`${data.limit}/${data.slot}`]
        const key = `${accountId} ${data.limit}/${data.slot}`
        const known = told.get(key)
        const again = known !== undefined && window !== undefined && isSamePeriod(known.window, window)
        if (again && known.threshold >= data.threshold) continue
        if (window !== undefined) told.set(key, { window, threshold: data.threshold })
        tell({ type: 'quota_warning', level, accountId, data })
      }
      for (const data of quotaBack(before, after)) tell({ type: 'quota_back', accountId, data })
    },
  }
}
