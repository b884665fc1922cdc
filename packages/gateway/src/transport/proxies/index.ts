export { parseProxyList } from './read-proxy-list.js'
export type { ProxyList, ProxyListOptions } from './read-proxy-list.js'
export { PROXY_PROTOCOLS, readProxy } from './read-proxy.js'
export type { ProxyReading, WrittenProxy } from './read-proxy.js'
