export { hostNames, listenOn, outsideUrl, refuseExposure } from './addresses.js'
export { clientAddress, requestOrigin, trustedProxies } from './forwarded.js'
export type { RequestOrigin, TrustedProxies } from './forwarded.js'
export { createServer } from './server.js'
export type { GatewayServer, ServedBySockets, ServerHouse, ServerSettings } from './server.js'
export { keySlots } from './key-slots.js'
export type { KeySlots } from './key-slots.js'
export { createKeyLimiter } from './key-limits.js'
export type { KeyLimiter } from './key-limits.js'
export { bodyBudget } from './read-body.js'
export type { BodyBudget, BodyLimits } from './read-body.js'
export { protocolRoutes, publicRoutes } from './routes.js'
export type { RoutesHouse } from './routes.js'
export { routeTable } from './route-table.js'
export type { ClientKey, Route } from './route-table.js'
export { ollamaRoutes } from './api/ollama.js'
export type { OllamaHouse } from './api/ollama.js'
export { ollamaBridge } from './ollama-bridge.js'
export type { OllamaBridge, OllamaSettings, OllamaStatus } from './ollama-bridge.js'
export {
  adminRoutes,
  createLive,
  createPendingLogins,
  createPlaygroundKeys,
  createTasks,
  createTrafficMinutes,
  saveSettings,
} from './admin/index.js'
export { requestView, runningView } from './admin/index.js'
export { installationOf } from './admin/index.js'
export { createAdminDoor } from './admin-door.js'
export type { AdminDoor } from './admin-door.js'
export { dashboardRoutes } from './dashboard-files.js'
export type { AdminHouse, Explanation, Live, PendingLogins, PlaygroundKeys, PoolView, Tasks } from './admin/index.js'
