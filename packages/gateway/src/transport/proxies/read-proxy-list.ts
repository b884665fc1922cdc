import type { ProxyProtocol } from '../way.js'
import { readProxy, type PlacedReading, type WrittenProxy } from './read-proxy.js'
import { readProxyYaml } from './read-proxy-yaml.js'

/** A list of proxies as it was understood. */
export interface ProxyList {
  proxies: readonly WrittenProxy[]
  /** What could not be read, by its line (the first is 1). Holds nothing of the text itself. */
  problems: readonly { line: number; message: string }[]
  /** How many said again what stands in the list already; what the later one says of password and name counts. */
  duplicates: number
}

export interface ProxyListOptions {
  /** Of lines that name no protocol. Default `http`. */
  protocol?: ProxyProtocol
}

/** Far more than anybody has; a wrong file should not be read whole. */
const MOST_CHARACTERS = 4 * 1024 * 1024

/**
 * Reads proxies from lines (see {@link readProxy}) or from YAML: a list of such lines or of objects
 * `{name?, protocol | type, host | server, port, username?, password?}`, or one under the key `proxies`. Empty lines and comments
 * (`#`) are passed over.
 */
export function parseProxyList(text: string, options: ProxyListOptions = {}): ProxyList {
  const { protocol = 'http' } = options
  if (text.length > MOST_CHARACTERS) {
    return { proxies: [], problems: [{ line: 1, message: 'this is too long for a list of proxies' }], duplicates: 0 }
  }
  const readings = isYaml(text) ? readProxyYaml(text, protocol) : readLines(text, protocol)
  return combined(readings)
}

function readLines(text: string, protocol: ProxyProtocol): PlacedReading[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .map((line, at) => ({ line: at + 1, text: line.replace(/\s#.*$/, '').trim() }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'))
    .map((line) => ({ line: line.line, reading: readProxy(line.text, protocol) }))
}

/** By its first line that says something, or by the key that the proxies stand under in a larger file. */
function isYaml(text: string): boolean {
  let begins = ''
  for (const line of text.matchAll(/[^\s\ufeff].*/g)) {
    begins = line[0]
    if (!begins.startsWith('#')) break
  }
  // [2001:db8::1]:8080 is a line; [ alone, or with something quoted, mapped or listed in it, is YAML and JSON.
  if (begins.startsWith('[')) return !/^\[[0-9a-f:.%]+\]:\d/i.test(begins)
  return /^(?:---|-\s|-$|\{|%YAML)/.test(begins) || /^["']?proxies["']?\s*:(?:\s|$)/m.test(text)
}

function combined(readings: readonly PlacedReading[]): ProxyList {
  const found = new Map<string, WrittenProxy>()
  const problems: { line: number; message: string }[] = []
  let duplicates = 0
  for (const { line, reading } of readings) {
    if ('problem' in reading) {
      problems.push({ line, message: reading.problem })
      continue
    }
    const { proxy } = reading
    const key = JSON.stringify([proxy.protocol, proxy.host, proxy.port, proxy.username ?? null])
    const before = found.get(key)
    if (before !== undefined) duplicates += 1
    found.set(key, { ...before, ...proxy })
  }
  return { proxies: [...found.values()], problems, duplicates }
}
