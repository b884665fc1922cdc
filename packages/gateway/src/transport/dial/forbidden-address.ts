import { isIPv4, isIPv6 } from 'node:net'

/**
 * IPv4 networks that no upstream lies in: base, prefix length, what they are.
 * Source: IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its successors), RFC 5771.
 */
const IPV4: readonly (readonly [string, number, string])[] = [
  ['0.0.0.0', 8, 'an unspecified'],
  ['10.0.0.0', 8, 'a private'],
  ['100.64.0.0', 10, 'a shared (CGNAT)'],
  ['127.0.0.0', 8, 'a loopback'],
  // Azure keeps the metadata of a machine on a public address.
  ['168.63.129.16', 32, 'a metadata'],
  ['169.254.0.0', 16, 'a link-local'],
  ['172.16.0.0', 12, 'a private'],
  ['192.0.0.0', 24, 'a reserved'],
  ['192.0.2.0', 24, 'a documentation'],
  ['192.88.99.0', 24, 'a reserved'],
  ['192.168.0.0', 16, 'a private'],
  ['198.18.0.0', 15, 'a benchmark'],
  ['198.51.100.0', 24, 'a documentation'],
  ['203.0.113.0', 24, 'a documentation'],
  ['224.0.0.0', 4, 'a multicast'],
  ['240.0.0.0', 4, 'a reserved'],
]

/**
 * IPv6 networks within and without global unicast. The first that fits wins.
 * Source: IANA IPv6 Special-Purpose Address Registry; RFC 4291 (fec0::/10 is RFC 3879).
 */
const IPV6: readonly (readonly [string, number, string])[] = [
  ['::', 128, 'an unspecified'],
  ['::1', 128, 'a loopback'],
  ['fc00::', 7, 'a private'],
  ['fe80::', 10, 'a link-local'],
  ['fec0::', 10, 'a site-local'],
  ['ff00::', 8, 'a multicast'],
  ['2001:db8::', 32, 'a documentation'],
  ['3fff::', 20, 'a documentation'],
  ['2001:2::', 48, 'a benchmark'],
]

const NETWORKS_4 = IPV4.map(([base, length, word]) => ({ base: numberOf(base), length, word }))
const NETWORKS_6 = IPV6.map(([base, length, word]) => ({ base: groupsOf(base), length, word }))

/**
 * What kind of address it is that may not be reached (`a loopback`, `a private` …), or undefined for a public one.
 * An IPv6 address that carries an IPv4 address is judged by that one.
 * @param address as `dns.lookup` answers it; a zone (`%eth0`) does not matter
 */
export function whyForbidden(address: string): string | undefined {
  if (isIPv4(address)) return whyForbidden4(numberOf(address))
  const bare = address.replace(/%.*$/s, '')
  return isIPv6(bare) ? whyForbidden6(groupsOf(bare)) : 'no'
}

function whyForbidden4(value: number): string | undefined {
  return NETWORKS_4.find(({ base, length }) => (value ^ base) >>> 0 < 2 ** (32 - length))?.word
}

function whyForbidden6(groups: readonly number[]): string | undefined {
  const word = NETWORKS_6.find((network) => startsWith(groups, network.base, network.length))?.word
  if (word !== undefined) return word
  const carried = carriedIPv4(groups)
  if (carried.length > 0) {
    for (const value of carried) {
      const inner = whyForbidden4(value)
      if (inner !== undefined) return inner
    }
    return undefined
  }
  // Only 2000::/3 is given out to the world, and 2001::/23 of it to protocols.
  const [first = 0, second = 0] = groups
  return first >> 13 !== 1 || (first === 0x2001 && second < 0x200) ? 'a reserved' : undefined
}

/** The IPv4 addresses that an IPv6 address leads to. */
function carriedIPv4(groups: readonly number[]): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const last = join(g, h)
  // Mapped, RFC 4291. The deprecated compatible form ::/96 carries one too, but is reserved as a whole.
  if (a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff) return [last]
  // NAT64, RFC 6052: the whole of IPv4 seen from a network without it.
  if (a === 0x64 && b === 0xff9b && c === 0 && d === 0 && e === 0 && f === 0) return [last]
  // 6to4, RFC 3056.
  if (a === 0x2002) return [join(b, c)]
  // Teredo, RFC 4380: its server, and the client with all bits turned.
  if (a === 0x2001 && b === 0) return [join(c, d), ~last >>> 0]
  // ISATAP, RFC 5214.
  if ((e & 0xfdff) === 0 && f === 0x5efe && a >> 13 === 1) return [last]
  return []
}

function startsWith(groups: readonly number[], base: readonly number[], length: number): boolean {
  for (let n = 0; n * 16 < length; n++) {
    const bits = Math.min(16, length - n * 16)
    if (((groups[n] ?? 0) ^ (base[n] ?? 0)) >> (16 - bits) !== 0) return false
  }
  return true
}

function join(high: number, low: number): number {
  return ((high << 16) | low) >>> 0
}

function numberOf(ipv4: string): number {
  return ipv4.split('.').reduce((value, part) => ((value << 8) | Number(part)) >>> 0, 0)
}

/** The eight groups of a valid IPv6 address in any of its spellings. */
function groupsOf(ipv6: string): number[] {
  // The URL parser knows every spelling and writes one: lower case, no dotted tail.
  const [before = '', after] = new URL(`http://[${ipv6}]/`).hostname.slice(1, -1).split('::')
  const read = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)))
  const head = read(before)
  if (after === undefined) return head
  const tail = read(after)
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}
