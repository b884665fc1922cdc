import { readUpstreamUrl } from '../../transport/index.js'
import type { Wire } from './types.js'

/** Where a provider's API begins. */
export interface BaseUrl {
  /** Without a slash at its end. */
  text: string
  host: string
  port: number
  /** Both, as `upstream.allowed_private_hosts` names them. */
  authority: string
  /** Why it cannot be reached as things are; naming its host in `upstream.allowed_private_hosts` would help. */
  refused?: string
  /** It can be used, but looks as if something were missing. */
  hint?: string
}

/** Paths that are appended here, so that they do not belong to a base URL. */
const APPENDED =
  /\/(?:chat\/completions|completions|responses|messages|embeddings|images\/generations|audio\/transcriptions|models(?:\/[^/]*)?)$/

/**
 * Reads the base URL of a provider.
 * @param allowed `upstream.allowed_private_hosts`
 * @throws Error in one line: no URL, another scheme, a login, a query, the path of a single endpoint
 */
export function readBaseUrl(written: string, wire: Wire, allowed: readonly string[]): BaseUrl {
  if (!/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    throw new Error(`a base URL begins with https://, e.g. https://${written.trim() || 'api.example.com/v1'}`)
  }
  const { url, host, port, authority, refused } = readUpstreamUrl(written, allowed)
  const path = url.pathname.replace(/\/+$/, '')
  const text = `${url.origin}${path}`
  const endpoint = APPENDED.exec(path)?.[0]
  if (endpoint !== undefined) {
    throw new Error(`leave ${endpoint} out of the base URL: ${text.slice(0, -endpoint.length)}`)
  }
  const hint = path === '' ? `most such APIs begin at ${text}${wire === 'gemini' ? '/v1beta' : '/v1'}` : undefined
  return {
    text,
    host,
    port,
    authority,
    ...(refused === undefined ? {} : { refused }),
    ...(hint === undefined ? {} : { hint }),
  }
}
