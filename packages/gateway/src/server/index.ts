export { createServer } from './server.js'
export type { GatewayServer, ServerHouse, ServerSettings } from './server.js'
export { routeTable } from './route-table.js'
export type { ClientKey, Route } from './route-table.js'
