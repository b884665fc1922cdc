import type { Acts } from '../../sessions/index.js'
import type { AdminDoor } from '../admin-door.js'
import type { Route } from '../route-table.js'
import { foundApi, type FoundHouse } from './account-found.js'
import type { PendingLogins } from './account-logins.js'
import { tokensApi } from './account-tokens.js'
import { accountsApi } from './accounts.js'
import { adminApiRoutes, createAdminApi, type AdminApi, type AdminMouth } from './api.js'
import { clientKeysApi, type ClientKeysHouse } from './client-keys.js'
import { connectApi, type ConnectHouse } from './connect.js'
import { apiKeysApi } from './api-keys.js'
import type { ApiKeysHouse } from './api-keys-house.js'
import { proxyAssignmentsApi } from './proxies-assign.js'
import type { ProxiesHouse } from './proxies-house.js'
import { proxyAssignmentMoveApi } from './proxies-move.js'
import { proxyTransferApi } from './proxies-transfer.js'
import { proxiesApi } from './proxies.js'
import { apiDocument } from './document.js'
import { explainApi, type ExplainHouse } from './explain.js'
import { liveApi, type Live } from './live.js'
import { loginsApi } from './logins.js'
import { errorLogApi, type ErrorLogHouse } from './error-log.js'
import { noticesApi, type NoticesHouse } from './notices.js'
import { playgroundApi, type PlaygroundKeys } from './playground.js'
import { modelRoutingApi, type ModelRoutingHouse } from './models-routing.js'
import { modelsApi, type ModelsHouse } from './models.js'
import { overviewApi, type OverviewHouse } from './overview.js'
import { poolApi, type PoolHouse } from './pool.js'
import { requestLogApi, type RequestLogHouse } from './request-log.js'
import { requestReplayApi, type RequestReplayHouse } from './request-replay.js'
import { auditApi } from './audit.js'
import { sessionsApi } from './sessions.js'
import { signInApi, type SignInHouse } from './sign-in.js'
import { saveSettings, settingsApi, type SettingsHouse } from './settings.js'
import { backupApi, type BackupHouse } from './backup.js'
import { diagnosticsApi, type DiagnosticsHouse } from './diagnostics.js'
import { legacySettingsApi } from './legacy-settings.js'
import { logTailApi, type LogTailHouse } from './log-tail.js'
import { ollamaStatusApi, type OllamaStatusHouse } from './ollama.js'
import { testConnectionApi, type TestConnectionHouse } from './test-connection.js'
import { webhookApi, type WebhookHouse } from './webhook.js'
import { tasksApi, type Tasks } from './tasks.js'
import { updatesApi, type UpdatesHouse } from './updates.js'
import { transferApi } from './transfer.js'
import { usageStatsApi, type UsageStatsHouse } from './usage-stats.js'

export type { Explanation } from './explain.js'
export { createPendingLogins, type PendingLogins } from './account-logins.js'
export { createTrafficMinutes } from './overview-minutes.js'
export type { PoolView } from './pool.js'
export { createLive, type Live } from './live.js'
export { createTasks, type Tasks } from './tasks.js'
export { saveSettings } from './settings.js'
export { installationOf } from './updates.js'
export { apiDocument } from './document.js'
export { requestView, runningView } from './request-view.js'
export { createPlaygroundKeys, type PlaygroundKeys } from './playground.js'

export interface AdminHouse extends ExplainHouse, AdminMouth {
  version: string
  live: Live
  tasks: Tasks
  door: Pick<AdminDoor, 'fromOwnPage'>
  access: SignInHouse & { acts: Pick<Acts, 'list'> }
  usage: UsageStatsHouse
  accounts: FoundHouse
  logins: PendingLogins
  notices: NoticesHouse
  requestLog: RequestLogHouse & RequestReplayHouse
  errorLog: ErrorLogHouse
  overview: OverviewHouse
  pool: PoolHouse
  apiKeys: ApiKeysHouse
  models: ModelsHouse
  modelRouting: ModelRoutingHouse
  settings: SettingsHouse
  updates: UpdatesHouse
  diagnostics: DiagnosticsHouse & LogTailHouse & TestConnectionHouse & OllamaStatusHouse
  backup: BackupHouse
  webhook: WebhookHouse
  connect: ConnectHouse
  clientKeys: ClientKeysHouse
  proxies: Omit<ProxiesHouse, 'save' | 'tasks'>
  playground: PlaygroundKeys
}

/** Management; no client key opens it. */
export function adminRoutes(house: AdminHouse): Route[] {
  const api = adminApi(house)
  return [...adminApiRoutes(api, house)]
}

/** Every route of management with its description. Where two fit one path, the exact one comes first. */
function adminApi(house: AdminHouse): AdminApi {
  const api = createAdminApi()
  liveApi(api, house.live)
  signInApi(api, house.access)
  sessionsApi(api, house.access)
  auditApi(api, house.access.acts)
  tasksApi(api, house.tasks)
  apiKeysApi(api, house.apiKeys)
  modelsApi(api, house.models)
  modelRoutingApi(api, house.modelRouting)
  explainApi(api, house)
  overviewApi(api, house.overview)
  usageStatsApi(api, house.usage)
  poolApi(api, house.pool)
  connectApi(api, house.connect)
  clientKeysApi(api, house.clientKeys)
  proxyRoutes(api, house)
  playgroundApi(api, house.playground)
  settingsApi(api, house.settings)
  updatesApi(api, house.updates)
  legacySettingsApi(api, house.settings)
  ollamaStatusApi(api, house.diagnostics)
  testConnectionApi(api, house.diagnostics)
  diagnosticsApi(api, house.diagnostics)
  logTailApi(api, house.diagnostics)
  webhookApi(api, house.webhook)
  backupApi(api, house.backup)
  loginsApi(api, house.logins)
  foundApi(api, house.accounts)
  transferApi(api, house.accounts)
  tokensApi(api, house.accounts)
  accountsApi(api, house.accounts)
  noticesApi(api, house.notices)
  requestLogApi(api, house.requestLog)
  requestReplayApi(api, house.requestLog)
  errorLogApi(api, house.errorLog)
  apiDocument(api, house.version)
  return api
}

/** Exact paths before those with an id in them. */
function proxyRoutes(api: AdminApi, { proxies, tasks, settings }: AdminHouse): void {
  const house: ProxiesHouse = { ...proxies, tasks, save: (changes, admin) => saveSettings(settings, changes, admin) }
  proxyAssignmentsApi(api, house)
  proxyAssignmentMoveApi(api, house)
  proxyTransferApi(api, house)
  proxiesApi(api, house)
}
