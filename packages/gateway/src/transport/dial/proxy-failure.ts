import { FailureError, safeText } from '@dragoman/protocol'
import { whyUnreachable } from '../network-failure.js'
import type { ProxyAddress } from '../way.js'
import { authority } from './host-name.js'

export type ProxyFailureCode = 'proxy_unreachable' | 'proxy_auth_failed' | 'proxy_timeout' | 'proxy_refused'

/** The time for making a connection is up. */
export class TookTooLong extends Error {
  readonly code = 'ETIMEDOUT'
}

/** A failure that the proxy is to blame for. Nothing goes another way instead. */
export function proxyFailure(proxy: ProxyAddress, code: ProxyFailureCode, what: string): FailureError {
  return unsent('proxy', `the proxy ${proxy.name} ${what}`, code)
}

/** The proxy works, and says that the target does not. */
export function targetUnreachable(proxy: ProxyAddress, target: { host: string; port: number }): FailureError {
  const to = authority(target.host, target.port)
  return unsent('provider', `the proxy ${proxy.name} cannot reach ${to}`, 'proxy_refused')
}

/**
 * Statuses by which HTTP proxies speak of the target: RFC 9110 15.6 (502, 503, 504; squid says 503 where a name does not resolve),
 * and the 59x of the proxies that tell more (593 unknown name, 594 refused, 595 reset …; 597 is about a login of theirs).
 */
const ABOUT_THE_TARGET = new Set([502, 503, 504, 590, 593, 594, 595, 596, 599])

/** What an HTTP proxy's answer to CONNECT means. */
export function refusedConnect(
  proxy: ProxyAddress,
  target: { host: string; port: number },
  status: number,
): FailureError {
  if (status === 407) return proxyFailure(proxy, 'proxy_auth_failed', 'refused the login')
  if (ABOUT_THE_TARGET.has(status)) return targetUnreachable(proxy, target)
  return proxyFailure(proxy, 'proxy_refused', `refused the connection (status ${status})`)
}

/** What an error on the way to, or through, a proxy means. */
export function blameProxy(proxy: ProxyAddress, error: unknown): FailureError {
  if (error instanceof FailureError) return error
  if (error instanceof TookTooLong) return proxyFailure(proxy, 'proxy_timeout', 'took too long')
  const why = error instanceof Error ? `: ${whyUnreachable(error)}` : ''
  return proxyFailure(proxy, 'proxy_unreachable', `cannot be reached${why}`)
}

function unsent(scope: 'proxy' | 'provider', message: string, code: string): FailureError {
  return new FailureError({
    kind: 'unreachable',
    scope,
    phase: 'unsent',
    retry: 'other',
    code,
    message: safeText(message),
  })
}
