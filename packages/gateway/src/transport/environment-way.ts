import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'
import { Secret } from '../telemetry/index.js'
import { canonicalHost, isLoopback } from './dial/index.js'
import type { ProxyAddress, ProxyProtocol, Way } from './way.js'

const STANDARD_PORTS: Readonly<Record<ProxyProtocol, number>> = { http: 80, https: 443, socks5: 1080, socks5h: 1080 }

/**
 * The way out that the environment names: HTTPS_PROXY for https and wss, HTTP_PROXY for http and ws, ALL_PROXY for what has none,
 * NO_PROXY for what goes direct (`*`, names with what lies under them, addresses, networks such as 10.0.0.0/8; each with `:port`
 * if only that is meant). Small letters win over capitals, as with curl. This machine is never asked for through a proxy.
 * @throws Error that names the variable whose value is no proxy
 */
export function environmentWay(env: NodeJS.ProcessEnv): (url: URL) => Way {
  const secure = proxyIn(env, 'https_proxy') ?? proxyIn(env, 'all_proxy')
  const plain = proxyIn(env, 'http_proxy') ?? proxyIn(env, 'all_proxy')
  const exempt = exemptions(valueOf(env, 'no_proxy')?.value ?? '')
  return (url) => {
    const encrypted = url.protocol === 'https:' || url.protocol === 'wss:'
    const proxy = encrypted ? secure : plain
    if (proxy === undefined) return 'direct'
    const host = canonicalHost(url.hostname) ?? ''
    const port = url.port === '' ? (encrypted ? 443 : 80) : Number(url.port)
    return isLoopback(host) || exempt(host, port) ? 'direct' : proxy
  }
}

/** A variable by either spelling; an empty one is none. */
function valueOf(env: NodeJS.ProcessEnv, name: string): { variable: string; value: string } | undefined {
  for (const variable of [name, name.toUpperCase()]) {
    const value = env[variable]?.trim() ?? ''
    if (value !== '') return { variable, value }
  }
  return undefined
}

function proxyIn(env: NodeJS.ProcessEnv, name: string): ProxyAddress | undefined {
  const found = valueOf(env, name)
  if (found === undefined) return undefined
  const proxy = readProxy(found.value)
  // The value may hold a password: only its place is told.
  if (proxy === undefined) {
    throw new Error(`${found.variable} is no proxy: write http://host:port, https://, socks5:// or socks5h://`)
  }
  return { ...proxy, id: 'environment', name: `${found.variable} (${proxy.host}:${proxy.port})` }
}

function readProxy(text: string): Omit<ProxyAddress, 'id' | 'name'> | undefined {
  const [, scheme = 'http', rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(text) ?? []
  const protocol = protocolOf(scheme.toLowerCase())
  // As http, so that the host is read like every other: other schemes keep strange spellings.
  const as = `http://${rest}`
  if (protocol === undefined || !URL.canParse(as)) return undefined
  const url = new URL(as)
  if (url.hostname === '' || url.port === '0' || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return undefined
  const username = decoded(url.username)
  const password = decoded(url.password)
  if (username === undefined || password === undefined) return undefined
  return {
    protocol,
    host: canonicalHost(url.hostname) ?? url.hostname,
    port: url.port !== '' ? Number(url.port) : /:80\/?$/.test(rest) ? 80 : STANDARD_PORTS[protocol],
    ...(username === '' ? {} : { username }),
    ...(password === '' ? {} : { password: new Secret(password) }),
  }
}

function protocolOf(scheme: string): ProxyProtocol | undefined {
  switch (scheme) {
    case 'http':
    case 'https':
    case 'socks5':
    case 'socks5h':
      return scheme
    // What desktops write when they mean version 5.
    case 'socks':
      return 'socks5'
    default:
      return undefined
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function exemptions(list: string): (host: string, port: number) => boolean {
  const rules = list.split(/[\s,]+/).flatMap((entry) => exemption(entry) ?? [])
  return (host, port) => rules.some((rule) => rule(host, port))
}

function exemption(entry: string): ((host: string, port: number) => boolean) | undefined {
  if (entry === '') return undefined
  if (entry === '*') return () => true
  const network = networkOf(entry)
  if (network !== undefined) {
    return (host) => isIP(host) !== 0 && network.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
  }
  const bare = isIPv6(entry) ? { name: entry, only: undefined } : withPort(entry)
  const name = canonicalHost(bare.name.replace(/^\*?\./, ''))
  if (name === undefined) return undefined
  return (host, port) =>
    (bare.only === undefined || bare.only === port) &&
    (host === name || (isIP(name) === 0 && host.endsWith(`.${name}`)))
}

function withPort(entry: string): { name: string; only: number | undefined } {
  const [, name = entry, only] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry) ?? []
  return { name, only: only === undefined ? undefined : Number(only) }
}

function networkOf(entry: string): BlockList | undefined {
  const [, base = '', length = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(entry) ?? []
  const bits = Number(length)
  if (isIP(base) === 0 || bits > (isIPv4(base) ? 32 : 128)) return undefined
  const network = new BlockList()
  network.addSubnet(base, bits, isIPv4(base) ? 'ipv4' : 'ipv6')
  return network
}
