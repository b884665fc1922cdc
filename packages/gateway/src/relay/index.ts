export { createRelay } from './relay.js'
export type { Relay, RelayHouse, RelayLimits } from './relay.js'
export type { Exchange, Routed } from './exchange.js'
