import type { Route } from '../route-table.js'
import { explainRoute, type ExplainHouse } from './explain.js'
import { usageStatsRoutes, type UsageStatsHouse } from './usage-stats.js'

export type { Explanation } from './explain.js'

export interface AdminHouse extends ExplainHouse {
  usage: UsageStatsHouse
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
  ]
}
