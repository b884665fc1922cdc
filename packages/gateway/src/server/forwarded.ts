import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { mappedIPv4, parseAddressRange } from '../config/index.js'

/** The reverse proxies whose word is believed. */
export interface TrustedProxies {
  /** @param address as {@link plainAddress} gives it */
  has(address: string): boolean
}

/** From where a request comes, as far as it can be known. */
export interface RequestOrigin {
  /** Of the client itself; empty when its connection is gone. */
  address: string
  protocol: 'http' | 'https'
  /** The name and port that it called, in lower case; undefined when it named none. */
  host: string | undefined
}

type Asking = Pick<IncomingMessage, 'headers' | 'socket'>

/**
 * @param ranges addresses or CIDR ranges; asked at every use, so that a changed list holds at once. None: nobody is believed.
 */
export function trustedProxies(ranges: () => readonly string[]): TrustedProxies {
  let built: { from: readonly string[]; list: BlockList } | undefined
  return {
    has(address) {
      const from = ranges()
      if (from.length === 0) return false
      if (built?.from !== from) built = { from, list: listOf(from) }
      return built.list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
    },
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseAddressRange(text)
    if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family)
  }
  return list
}

/**
 * The address of the client itself. Anybody can write `X-Forwarded-For`; so it is read from its end, where the nearest proxy
 * wrote, as far as each next one is trusted. The first that is not is the client; what stands before it is hearsay.
 */
export function clientAddress(req: Asking, trusted: TrustedProxies): string {
  const peer = plainAddress(req.socket.remoteAddress ?? '') ?? ''
  let known = peer
  if (peer === '' || !trusted.has(peer)) return known
  for (const hop of valuesOf(req.headers['x-forwarded-for']).reverse()) {
    const address = plainAddress(hop)
    // `unknown`, or a hidden name: behind the last one that is known, nothing is.
    if (address === undefined) return known
    known = address
    if (!trusted.has(address)) return known
  }
  return known
}

/** Everything about where a request comes from; what its headers claim counts only from a trusted proxy. */
export function requestOrigin(req: Asking, trusted: TrustedProxies): RequestOrigin {
  const peer = plainAddress(req.socket.remoteAddress ?? '')
  const believed = peer !== undefined && trusted.has(peer)
  const protocol = believed ? valuesOf(req.headers['x-forwarded-proto']).at(-1)?.toLowerCase() : undefined
  const host = believed ? valuesOf(req.headers['x-forwarded-host']).at(-1)?.toLowerCase() : undefined
  return {
    address: clientAddress(req, trusted),
    protocol: protocol === 'https' ? 'https' : 'http',
    host: host !== undefined && isHost(host) ? host : req.headers.host?.toLowerCase(),
  }
}

/**
 * An address in the one way in which we write it: without port, brackets and zone, and IPv4 as itself even where a socket for
 * both families calls it `::ffff:…`.
 * @returns undefined for what is no address
 */
export function plainAddress(text: string): string | undefined {
  const bare = text.replace(/^"(.*)"$/, '$1')
  const [, inBrackets] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare) ?? []
  const [, four] = /^([\d.]+):\d{1,5}$/.exec(bare) ?? []
  const address = (inBrackets ?? four ?? bare).replace(/%.*$/, '').toLowerCase()
  const family = isIP(address)
  if (family === 0 || (inBrackets !== undefined && family === 4)) return undefined
  return family === 6 ? (mappedIPv4(address) ?? address) : address
}

function valuesOf(header: string | readonly string[] | undefined): string[] {
  const text = typeof header === 'string' ? header : (header ?? []).join(',')
  return text === '' ? [] : text.split(',').map((value) => value.trim())
}

function isHost(text: string): boolean {
  return /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.test(text)
}
