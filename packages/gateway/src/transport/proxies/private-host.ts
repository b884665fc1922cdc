import { isIP } from 'node:net'
import { whyForbidden } from '../dial/forbidden-address.js'
import { isLocalName, namesHost } from '../dial/host-name.js'

/**
 * Does a host lie on this machine or in its network, as far as it tells, and is it not among those that may? Then the dialler refuses
 * it. Nothing is resolved here: where a public-looking name leads is found by a check.
 * @param host canonical
 * @param allowed `upstream.allowed_private_hosts`
 */
export function needsAllowing({ host, port }: { host: string; port: number }, allowed: readonly string[]): boolean {
  const isPrivate = isIP(host) === 0 ? isLocalName(host) : whyForbidden(host) !== undefined
  return isPrivate && !namesHost(allowed, host, port)
}
