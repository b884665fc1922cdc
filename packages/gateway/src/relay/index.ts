export { createRelay } from './relay.js'
export type { Relay, RelayHouse, RelayLimits } from './relay.js'
export type { ClientProtocol, Exchange, Outlet, Routed } from './exchange.js'
