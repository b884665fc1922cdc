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

/** Would a connection be made the same way? A changed password makes it another. */
export function sameWay(a: Way, b: Way): boolean {
  if (a === b) return true
  if (a === 'direct' || b === 'direct') return false
  return (
    a.id === b.id &&
    a.protocol === b.protocol &&
    a.host === b.host &&
    a.port === b.port &&
    a.username === b.username &&
    a.password?.reveal() === b.password?.reveal()
  )
}

/** Does a connection need certificates? Reading those of the system takes a while, and what needs none shall not wait for it. */
export function usesTls(target: URL, way: Way): boolean {
  return target.protocol === 'https:' || target.protocol === 'wss:' || (way !== 'direct' && way.protocol === 'https')
}
