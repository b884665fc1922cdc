import { isIP } from 'node:net'
import { FailureError, safeText } from '@dragoman/protocol'
import { whyForbidden } from './forbidden-address.js'
import { canonicalHost, isLocalName, namesHost } from './host-name.js'

/** All addresses of a name, as `dns.lookup` with `all` gives them. Rejects with the system's error (`ENOTFOUND` …). */
export type Lookup = (name: string) => Promise<readonly { address: string }[]>

/** What may be reached. */
export interface EgressPolicy {
  /** Hosts that may be reached wherever they lie: `host` or `host:port`. Asked at every dial. */
  allowedPrivateHosts(): readonly string[]
  lookup: Lookup
}

/** To whom a refusal is charged: a forbidden proxy must not bench the provider behind it. */
export type Blamed = 'provider' | 'proxy'

/**
 * Resolves a host once and checks all it has: one forbidden address refuses the whole, so that no race can lead there.
 * @param host canonical
 * @returns addresses to be dialled as they are
 * @throws FailureError `egress_forbidden`, or the resolver's error
 */
export async function checkedAddresses(
  policy: EgressPolicy,
  host: string,
  port: number,
  blamed: Blamed,
): Promise<readonly string[]> {
  const allowed = namesHost(policy.allowedPrivateHosts(), host, port)
  const addresses = await addressesOf(policy, host)
  if (allowed) return addresses
  for (const address of addresses) {
    const word = whyForbidden(address)
    if (word === STAND_IN && isIP(host) === 0) continue
    if (word !== undefined) throw forbidden(host, whatItIs(host, address, word), blamed)
  }
  return addresses
}

/**
 * Programs that tunnel a whole machine answer every name with an address of the benchmark network, which they catch on its way and which
 * leads nowhere else. Who named the address itself means something else.
 */
const STAND_IN = 'a benchmark'

/** All addresses of a host, unchecked. */
export async function addressesOf({ lookup }: EgressPolicy, host: string): Promise<readonly string[]> {
  return isIP(host) === 0 ? (await lookup(host)).map(({ address }) => address) : [host]
}

/**
 * Checks a host whose name a proxy resolves, as far as it tells anything from here.
 * @param host canonical
 * @throws FailureError `egress_forbidden`
 */
export function checkUnresolved(policy: EgressPolicy, host: string, port: number): void {
  if (namesHost(policy.allowedPrivateHosts(), host, port)) return
  const word = isIP(host) === 0 ? undefined : whyForbidden(host)
  if (word !== undefined) throw forbidden(host, whatItIs(host, host, word), 'provider')
  if (isLocalName(host)) throw forbidden(host, 'it is a local name', 'provider')
}

/** @throws FailureError `egress_forbidden` for what is no host */
export function requireHost(host: string, blamed: Blamed): string {
  const name = canonicalHost(host)
  if (name === undefined) throw refusal(`${safeText(host)} is no host that can be reached`, blamed)
  return name
}

function whatItIs(host: string, address: string, word: string): string {
  return `${host === address ? 'it is' : `its address ${address} is`} ${word} address`
}

function forbidden(host: string, why: string, blamed: Blamed): FailureError {
  return refusal(
    `${host} is not reached, because ${why}; if it may be, add it to upstream.allowed_private_hosts`,
    blamed,
  )
}

/** The one form of every refusal of this policy. */
export function refusal(message: string, blamed: Blamed): FailureError {
  return new FailureError({
    kind: 'unreachable',
    scope: blamed,
    phase: 'unsent',
    retry: 'other',
    code: 'egress_forbidden',
    message: safeText(message),
  })
}
