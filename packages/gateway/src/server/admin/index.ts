import type { Route } from '../route-table.js'
import { accountRoutes } from './accounts.js'
import type { AccountsHouse } from './accounts-house.js'
import { explainRoute, type ExplainHouse } from './explain.js'
import { noticeRoutes, type NoticesHouse } from './notices.js'
import { usageStatsRoutes, type UsageStatsHouse } from './usage-stats.js'

export type { Explanation } from './explain.js'
export type { AccountsHouse } from './accounts-house.js'

export interface AdminHouse extends ExplainHouse {
  usage: UsageStatsHouse
  accounts?: AccountsHouse
  notices: NoticesHouse
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
    ...(house.accounts === undefined ? [] : accountRoutes(house.accounts)),
    ...noticeRoutes(house.notices),
  ]
}
