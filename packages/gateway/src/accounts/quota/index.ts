export { mergeQuota, namesOwnLimit, readQuotaHeaders, readUsage, usedUpUntil } from './read-quota.js'
export type { Quota, QuotaWindow } from './read-quota.js'
