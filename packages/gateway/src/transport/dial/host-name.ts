import { isIP, isIPv6 } from 'node:net'
import { whyForbidden } from './forbidden-address.js'

/**
 * One spelling for every host: lower case, no brackets, no trailing dot, and every strange literal (`0x7f.1`, `2130706433`,
 * `１２７.0.0.1`, `%31%32%37.0.0.1`) as the address it means.
 * @returns undefined for what is no host
 */
export function canonicalHost(host: string): string | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  const ipv6 = bare.replace(/%.*$/s, '')
  if (isIPv6(ipv6)) return new URL(`http://[${ipv6}]/`).hostname.slice(1, -1)
  // eslint-disable-next-line no-control-regex -- control characters are among what no host has
  if (bare === '' || /[\u0000-\u0020/\\?#@:[\]]/.test(bare) || !URL.canParse(`http://${bare}/`)) return undefined
  const name = new URL(`http://${bare}/`).hostname.replace(/\.+$/, '')
  return name === '' ? undefined : name
}

/** Endings of names that only a local network, or a machine itself, gives a meaning. */
const LOCAL_ENDINGS = /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/

/**
 * A name that means something local wherever it is resolved; that of a cloud's metadata server is one.
 * @param name canonical
 */
export function isLocalName(name: string): boolean {
  return isIP(name) === 0 && (!name.includes('.') || LOCAL_ENDINGS.test(name))
}

/**
 * Does one of the entries name this very host?
 * @param entries `host` or `host:port`; an IPv6 address with brackets or, without port, without them
 * @param host canonical
 */
export function namesHost(entries: readonly string[], host: string, port: number): boolean {
  return entries.some((entry) => {
    const text = entry.trim()
    if (isIPv6(text)) return canonicalHost(text) === host
    const [, name = '', only] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? []
    return canonicalHost(name) === host && (only === undefined || Number(only) === port)
  })
}

/** This very machine. @param host canonical */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || whyForbidden(host) === 'a loopback'
}

/** `host:port` as a URL and a CONNECT request write it. */
export function authority(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`
}
