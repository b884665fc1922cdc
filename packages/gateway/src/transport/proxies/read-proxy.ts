import { Secret } from '../../telemetry/index.js'
import { canonicalHost } from '../dial/index.js'
import type { ProxyProtocol } from '../way.js'

export const PROXY_PROTOCOLS = ['http', 'https', 'socks5', 'socks5h'] as const satisfies readonly ProxyProtocol[]

export function isProxyProtocol(text: string): text is ProxyProtocol {
  return PROXY_PROTOCOLS.some((one) => one === text)
}

/** A proxy as somebody wrote it down. */
export interface WrittenProxy {
  name?: string
  protocol: ProxyProtocol
  /** Canonical; an IPv6 address without brackets. */
  host: string
  port: number
  username?: string
  password?: Secret
  enabled?: boolean
}

/** What was read, or why nothing could be. A problem never repeats a piece of the text: any piece may be a password. */
export type ProxyReading = { proxy: WrittenProxy } | { problem: string }

/** One entry of a list, and the line where it stands; the first is 1. */
export interface PlacedReading {
  line: number
  reading: ProxyReading
}

/** Ports of a URL that names none. Source: RFC 9110 4.2, IANA service names (socks 1080). */
const STANDARD_PORTS: Readonly<Record<ProxyProtocol, number>> = { http: 80, https: 443, socks5: 1080, socks5h: 1080 }
const LONGEST_NAME = 80
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** The pieces of a proxy, as texts. An empty one is as good as none. */
export interface ProxyPieces {
  name?: string | undefined
  protocol: string
  host: string
  port: string
  username?: string | undefined
  password?: string | undefined
}

/** Checks the pieces, wherever they come from. */
export function proxyOf(pieces: ProxyPieces): ProxyReading {
  const protocol = protocolOf(pieces.protocol)
  if (protocol === undefined) return problem(`the protocol is none of ${PROXY_PROTOCOLS.join(', ')}`)
  const host = canonicalHost(pieces.host)
  if (host === undefined || host.length > 253) return problem('the host is no name and no address')
  const port = portOf(pieces.port)
  if (port === undefined) return problem('the port is no number from 1 to 65535')
  const username = pieces.username === '' ? undefined : pieces.username
  const password = pieces.password === '' ? undefined : pieces.password
  const mistake = mistakeInLogin(protocol, username, password)
  if (mistake !== undefined) return problem(mistake)
  const name = pieces.name === undefined ? '' : nameFrom(pieces.name)
  return {
    proxy: {
      ...(name === '' ? {} : { name }),
      protocol,
      host,
      port,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: new Secret(password) }),
    },
  }
}

/**
 * Reads one proxy from one line: a URL (`socks5h://user:password@host:port`, the login percent-encoded, `#name` behind it if you
 * like), `host:port`, `host:port:user:password`, or `user:password@host:port`. IPv6 addresses stand in brackets.
 * @param usual the protocol where the line names none
 */
export function readProxy(line: string, usual: ProxyProtocol = 'http'): ProxyReading {
  const text = line.trim()
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? []
  if (scheme !== undefined && rest !== undefined) return readUrl(scheme, rest)

  const [, username, password, address] =
    /^([^:]*):(.*)@([^@]*)$/s.exec(text) ?? /^([^:@]*)()@([^@]*)$/s.exec(text) ?? []
  const loginFirst = authorityOf(address ?? '')
  const loginLast = /^(\[[^\]]*\]|[^:[\]]*):(\d{1,5})(?::([^:]*)(?::(.*))?)?$/s.exec(text)
  const hostFirst = loginLast !== null && !(loginLast[1] ?? '').includes('@')
  if (loginFirst !== undefined && hostFirst) {
    return problem('it can be read in two ways; write it as a URL, http://user:password@host:port')
  }
  if (loginFirst !== undefined) return proxyOf({ protocol: usual, ...loginFirst, username, password })
  if (hostFirst) {
    const [, host = '', port = '', user, secret] = loginLast
    return proxyOf({ protocol: usual, host, port, username: user, password: secret })
  }
  return problem('it is no URL, no host:port, no host:port:user:password and no user:password@host:port')
}

/** The same proxy with this password, which came another way. */
export function withPassword(proxy: WrittenProxy, password: string): ProxyReading {
  return proxyOf({ ...proxy, port: String(proxy.port), password })
}

function readUrl(scheme: string, rest: string): ProxyReading {
  const protocol = protocolOf(scheme.toLowerCase())
  if (protocol === undefined) return problem(`the protocol is none of ${PROXY_PROTOCOLS.join(', ')}`)
  // The last @: a password may hold one that should have been encoded.
  const at = rest.lastIndexOf('@')
  const login = at === -1 ? '' : rest.slice(0, at)
  if (/[/?#]/.test(login)) return problem('write the signs / ? # @ of a login or a name as %2F %3F %23 %40')
  const [, address = '', fragment] = /^([^#]*)(?:#(.*))?$/s.exec(rest.slice(at + 1)) ?? []
  const [, authority = '', more] = /^([^/?]*)\/?(.*)$/s.exec(address) ?? []
  if (more !== '') return problem('nothing may follow the port but #name')
  const found = authorityOf(authority) ?? { host: authority, port: String(STANDARD_PORTS[protocol]) }
  const colon = login.indexOf(':')
  const username = decoded(colon === -1 ? login : login.slice(0, colon))
  const password = decoded(colon === -1 ? '' : login.slice(colon + 1))
  if (username === undefined || password === undefined) return problem('write a % of the login as %25')
  return proxyOf({ protocol, ...found, username, password, name: decoded(fragment ?? '') ?? fragment })
}

function authorityOf(text: string): { host: string; port: string } | undefined {
  const [, host, port] = /^(\[[^\]]*\]|[^:[\]]*):(\d{1,5})$/.exec(text) ?? []
  return host === undefined || port === undefined ? undefined : { host, port }
}

function protocolOf(text: string): ProxyProtocol | undefined {
  return isProxyProtocol(text) ? text : undefined
}

function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** What the protocols cannot carry: RFC 7617 2 (no colon in a user-id), RFC 1929 2 (255 bytes each, no empty user). */
function mistakeInLogin(
  protocol: ProxyProtocol,
  username: string | undefined,
  password: string | undefined,
): string | undefined {
  const given = [username ?? '', password ?? '']
  // eslint-disable-next-line no-control-regex -- that is what no login may hold
  const unfit = given.some((text) => /[\u0000-\u001f\u007f]/.test(text) || !text.isWellFormed())
  if (unfit) return 'the login holds signs that cannot be sent'
  if (protocol === 'http' || protocol === 'https') {
    return username?.includes(':') === true ? 'a username for an HTTP proxy cannot hold a colon' : undefined
  }
  if (username === undefined && password !== undefined) return 'a password for a SOCKS proxy needs a username'
  const tooLong = given.some((text) => Buffer.byteLength(text) > 255)
  return tooLong ? 'a username or password for a SOCKS proxy has at most 255 bytes' : undefined
}

/** A name from elsewhere, made fit to be one. */
export function nameFrom(text: string): string {
  return [...text.toWellFormed().replace(CONTROLS, ' ').replace(/\s+/g, ' ').trim()]
    .slice(0, LONGEST_NAME)
    .join('')
    .trim()
}

function problem(what: string): ProxyReading {
  return { problem: what }
}
