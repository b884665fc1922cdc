import { isIP } from 'node:net'

/** Addresses that begin alike, as `net.BlockList.addSubnet` takes them. */
export interface AddressRange {
  address: string
  /** How many bits are alike. */
  prefix: number
  family: 'ipv4' | 'ipv6'
}

/**
 * `10.0.0.0/8`, `fd00::/8` or one address. A range of IPv4 addresses in their IPv6 form is one of IPv4.
 * @returns undefined for everything else, a prefix of zero among it: all addresses there are is nobody's proxy
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, address = '', bits] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const family = isIP(address)
  if (family === 0) return undefined
  const longest = family === 4 ? 32 : 128
  const prefix = bits === undefined ? longest : Number(bits)
  if (prefix < 1 || prefix > longest) return undefined
  const four = family === 6 ? mappedIPv4(address) : undefined
  if (four !== undefined) {
    return prefix > 96 ? { address: four, prefix: prefix - 96, family: 'ipv4' } : undefined
  }
  return { address, prefix, family: family === 4 ? 'ipv4' : 'ipv6' }
}

/** `10.0.0.1` for `::ffff:10.0.0.1` in any spelling; undefined for an address that is IPv6 through and through. */
export function mappedIPv4(address: string): string | undefined {
  // URL writes every spelling of an address in one way: groups in hexadecimal, the longest run of zeros left out.
  const low = URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname : ''
  const [, high, tail] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(low) ?? []
  if (high === undefined || tail === undefined) return undefined
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(tail, 16)]
  return `${one >> 8}.${one & 255}.${two >> 8}.${two & 255}`
}
