import type { Secret } from '../telemetry/index.js'

/** How a connection leaves this machine. */
export type Way = 'direct' | ProxyAddress

export type ProxyProtocol = 'http' | 'https' | 'socks5' | 'socks5h'

/** An outbound proxy. With `socks5` names are resolved here, with the others by the proxy. */
export interface ProxyAddress {
  /** Its id in the pool, or `environment`. */
  id: string
  /** Fit to show. */
  name: string
  protocol: ProxyProtocol
  host: string
  port: number
  username?: string
  password?: Secret
}

/**
 * Which way a connection takes.
 * @param owner an account's or an API key's id, or the name of a house-keeping task (`login`)
 * @throws FailureError with scope `proxy` when the way is pinned to a proxy that does not work: nothing ever goes direct instead
 */
export type WayFor = (owner: string, target: URL) => Way
