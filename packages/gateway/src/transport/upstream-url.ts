import { FailureError } from '@dragoman/protocol'
import { checkUnresolved, requireHost, refusal } from './dial/egress-policy.js'
import { authority, namesHost } from './dial/host-name.js'
import { HTTP, readTarget } from './target.js'

/** An upstream's address as a person wrote it, judged before anything is dialled. */
export interface UpstreamUrl {
  url: URL
  /** Canonical. */
  host: string
  port: number
  /** Both, as `upstream.allowed_private_hosts` names them. */
  authority: string
  /** Why the dialler would refuse it, unless `upstream.allowed_private_hosts` names its host; undefined: it may be reached. */
  refused?: string
}

/**
 * Reads where an upstream is to be reached: https, or http to a host that the administrator named; no login, query or fragment. Where a
 * public-looking name leads is checked at every dial, not here.
 * @param allowed `upstream.allowed_private_hosts`
 * @throws FailureError for what can never be one
 */
export function readUpstreamUrl(text: string, allowed: readonly string[]): UpstreamUrl {
  const { url, host: written, port } = readTarget(text.trim(), HTTP)
  if (url.search !== '' || url.hash !== '') {
    throw refusal(`the URL of ${url.host} must end before ? and #`, 'provider')
  }
  const host = requireHost(written, 'provider')
  const refused = namesHost(allowed, host, port) ? undefined : whyRefused(url, host, port)
  return { url, host, port, authority: authority(host, port), ...(refused === undefined ? {} : { refused }) }
}

function whyRefused(url: URL, host: string, port: number): string | undefined {
  try {
    checkUnresolved({ allowedPrivateHosts: () => [], lookup: () => Promise.resolve([]) }, host, port)
  } catch (error) {
    if (error instanceof FailureError) return error.failure.message
    throw error
  }
  if (url.protocol === 'https:') return undefined
  return (
    `${authority(host, port)} would get the key unencrypted: say https://, ` +
    'or add the host to upstream.allowed_private_hosts if it lies in your own network'
  )
}
