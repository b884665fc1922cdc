import { refusal } from './dial/index.js'

/** What a URL says about the connection it needs. */
export interface Target {
  url: URL
  host: string
  port: number
  tls: boolean
}

const STANDARD_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ws:': 80, 'wss:': 443 }

export const HTTP = ['http:', 'https:'] as const
export const WEB_SOCKET = ['ws:', 'wss:'] as const

/** @throws FailureError `egress_forbidden` for another scheme, credentials in the URL, or none at all */
export function readTarget(text: string, schemes: readonly string[]): Target {
  if (!URL.canParse(text)) throw refusal('an address that is no URL cannot be reached', 'provider')
  const url = new URL(text)
  const standard = STANDARD_PORTS[url.protocol]
  if (standard === undefined || !schemes.includes(url.protocol)) {
    throw refusal(`a URL that begins with ${url.protocol} cannot be reached here`, 'provider')
  }
  // They would travel in headers of a request that has its own.
  if (url.username !== '' || url.password !== '') {
    throw refusal(`the URL of ${url.host} must not hold a name and a password`, 'provider')
  }
  if (url.port === '0') throw refusal(`${url.host} has no port that can be reached`, 'provider')
  return {
    url,
    host: url.hostname,
    port: url.port === '' ? standard : Number(url.port),
    tls: standard === 443,
  }
}
