export { readQuotaHeaders, readUsage } from './read-quota.js'
export {
  doubted,
  isLocked,
  learnQuota,
  limitOf,
  lockOf,
  lockReason,
  OWN_LIMIT,
  provenFree,
  refused,
  unpaid,
  unprovenSince,
  usedNow,
} from './truth.js'
export type { QuotaLock } from './truth.js'
export type { Credits, Quota, QuotaReading, QuotaSource, QuotaWindow } from './types.js'
