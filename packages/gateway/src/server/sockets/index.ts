export { createClientSockets } from './client-sockets.js'
export type { ClientSockets, Handshake, Refused } from './client-sockets.js'
export type { SocketsHouse } from './sockets-house.js'
