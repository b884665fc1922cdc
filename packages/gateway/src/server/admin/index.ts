import type { Route } from '../route-table.js'
import { accountRoutes } from './accounts.js'
import type { AccountsHouse } from './accounts-house.js'
import { adminApiRoutes, createAdminApi, type AdminApi } from './api.js'
import { connectApi, type ConnectHouse } from './connect.js'
import { clientKeysApi, type ClientKeysHouse } from './client-keys.js'
import { apiDocument } from './document.js'
import { explainRoute, type ExplainHouse } from './explain.js'
import { liveApi, type Live } from './live.js'
import { noticeRoutes, type NoticesHouse } from './notices.js'
import { playgroundApi, type PlaygroundKeys } from './playground.js'
import { overviewApi, type OverviewHouse } from './overview.js'
import { poolApi, type PoolHouse } from './pool.js'
import { settingsApi, type SettingsHouse } from './settings.js'
import { tasksApi, type Tasks } from './tasks.js'
import { updatesApi, type UpdatesHouse } from './updates.js'
import { usageStatsApi, type UsageStatsHouse } from './usage-stats.js'

export type { Explanation } from './explain.js'
export type { AccountsHouse } from './accounts-house.js'
export { createTrafficMinutes } from './overview-minutes.js'
export type { PoolView } from './pool.js'
export { createLive, type Live } from './live.js'
export { createTasks, type Tasks } from './tasks.js'
export { signInRoutes } from './sign-in.js'
export { installationOf } from './updates.js'
export { apiDocument } from './document.js'
export { createPlaygroundKeys, type PlaygroundKeys } from './playground.js'

export interface AdminHouse extends ExplainHouse {
  version: string
  live: Live
  tasks: Tasks
  usage: UsageStatsHouse
  accounts: AccountsHouse
  notices: NoticesHouse
  overview: OverviewHouse
  pool: PoolHouse
  settings: SettingsHouse
  updates: UpdatesHouse
  clientKeys: ClientKeysHouse
  connect: ConnectHouse
  playground: PlaygroundKeys
}

/** Management; no client key opens it. */
export function adminRoutes(house: AdminHouse): Route[] {
  const api = adminApi(house)
  return [
    {
      methods: ['POST'],
      paths: ['/admin/explain'],
      access: 'admin',
      dialect: 'management',
      answer: explainRoute(house),
    },
    ...accountRoutes(house.accounts),
    ...noticeRoutes(house.notices),
    ...adminApiRoutes(api, house),
  ]
}

/** Every route of management with its description. Where two fit one path, the exact one comes first. */
function adminApi(house: AdminHouse): AdminApi {
  const api = createAdminApi()
  liveApi(api, house.live)
  tasksApi(api, house.tasks)
  overviewApi(api, house.overview)
  usageStatsApi(api, house.usage)
  poolApi(api, house.pool)
  connectApi(api, house.connect)
  playgroundApi(api, house.playground)
  clientKeysApi(api, house.clientKeys)
  settingsApi(api, house.settings)
  updatesApi(api, house.updates)
  apiDocument(api, house.version)
  return api
}
