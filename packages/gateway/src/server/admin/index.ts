import type { Route } from '../route-table.js'
import { explainRoute, type ExplainHouse } from './explain.js'

export type { Explanation } from './explain.js'

export type AdminHouse = ExplainHouse

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
  ]
}
