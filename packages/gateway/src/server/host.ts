import { isIP } from 'node:net'

/**
 * May a request with this Host header be answered? Anything that a foreign web page could make a browser send through DNS
 * rebinding is refused: only IP literals (never the unspecified ones), `localhost`, `*.localhost` and configured names pass.
 * Names are parsed, never matched by prefix. Source: reliability-security 3.1.
 */
export function hostAllowed(host: string | undefined, names: readonly string[]): boolean {
  const name = hostName(host)
  if (name === undefined) return false
  const kind = isIP(name)
  if (kind === 4) return name !== '0.0.0.0'
  if (kind === 6) return !/^[0:.]+$/.test(name) && !/^(?:0*:)*:?ffff:0+(?:\.0+)*(?::0+)?$/i.test(name)
  if (name === 'localhost' || name.endsWith('.localhost')) return /^[a-z0-9.-]+$/.test(name)
  return names.some((allowed) => allowed.toLowerCase() === name)
}

/** The host part in lower case without port and brackets; undefined when it is no host at all. */
function hostName(host: string | undefined): string | undefined {
  if (host === undefined || host === '') return undefined
  const low = host.toLowerCase()
  const six = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/.exec(low)
  if (six !== null) return isIP(six[1] ?? '') === 6 ? six[1] : undefined
  const plain = /^([a-z0-9._-]+)(?::\d{1,5})?$/.exec(low)
  return plain?.[1]
}
