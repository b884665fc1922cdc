export { createRelay } from './relay.js'
export type { Relay } from './relay.js'
export type { RelayHouse, RelayLimits } from './relay-house.js'
export type { ClientProtocol, Exchange, Outlet, Routed } from './exchange.js'
