import type { Route } from '../route-table.js'
import { accountRoutes } from './accounts.js'
import type { AccountsHouse } from './accounts-house.js'
import { explainRoute, type ExplainHouse } from './explain.js'
import { noticeRoutes, type NoticesHouse } from './notices.js'
import { poolRoutes, type PoolHouse } from './pool.js'
import { usageStatsRoutes, type UsageStatsHouse } from './usage-stats.js'

export type { Explanation } from './explain.js'
export type { AccountsHouse } from './accounts-house.js'
export type { PoolView } from './pool.js'

export interface AdminHouse extends ExplainHouse {
  usage: UsageStatsHouse
  accounts: AccountsHouse
  notices: NoticesHouse
  pool: PoolHouse
}

/** Management; no client key opens it. */
export function adminRoutes(house: AdminHouse): Route[] {
  return [
    {
      methods: ['POST'],
      paths: ['/admin/explain'],
      access: 'admin',
      dialect: 'openai-chat',
      answer: explainRoute(house),
    },
    ...usageStatsRoutes(house.usage),
    ...accountRoutes(house.accounts),
    ...noticeRoutes(house.notices),
    ...poolRoutes(house.pool),
  ]
}
