import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type YAMLMap } from 'yaml'
import type { ProxyProtocol } from '../way.js'
import { proxyOf, readProxy, type PlacedReading, type ProxyReading } from './read-proxy.js'

/**
 * Reads a YAML (or JSON) list of proxies, at the top or under the key `proxies`; other keys beside that one are not looked at.
 * @param usual the protocol where an entry names none
 */
export function readProxyYaml(text: string, usual: ProxyProtocol): PlacedReading[] {
  const lines = new LineCounter()
  const lineOf = (offset: number): number => lines.linePos(offset).line
  let document: Document
  try {
    // Every scalar is a text: a password 0123 must not become a number.
    document = parseDocument(text, {
      schema: 'failsafe',
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: false,
      merge: false,
      logLevel: 'silent',
    })
  } catch {
    return [{ line: 1, reading: { problem: 'this is no YAML' } }]
  }
  // The parser's own message may quote the text.
  const [error] = document.errors
  if (error !== undefined)
    return [{ line: lineOf(error.pos[0]), reading: { problem: 'this is no YAML, here or shortly before' } }]
  const top = document.contents
  const list = isMap(top) && top.has('proxies') ? top.get('proxies', true) : top
  if (isScalar(list) && blank(list)) return []
  if (!isSeq(list)) {
    return [{ line: lineOf(positionOf(list) ?? 0), reading: { problem: 'there is no list of proxies here' } }]
  }
  return list.items.map((item) => ({
    line: lineOf(positionOf(item) ?? positionOf(list) ?? 0),
    reading: readItem(item, usual),
  }))
}

function readItem(item: unknown, usual: ProxyProtocol): ProxyReading {
  if (isScalar(item) && typeof item.value === 'string') return readProxy(item.value, usual)
  return isMap(item)
    ? readObject(item, usual)
    : { problem: 'it is neither a text nor an object with protocol, host and port' }
}

function readObject(item: YAMLMap, usual: ProxyProtocol): ProxyReading {
  const field = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = item.get(name, true)
      if (value !== undefined && !blank(value)) return typeof value.value === 'string' ? value.value : ''
    }
    return undefined
  }
  const protocol = field('protocol', 'type')?.toLowerCase() ?? usual
  const read = proxyOf({
    // Clash writes an HTTP proxy behind TLS as `type: http` with `tls: true`.
    protocol: protocol === 'http' && field('tls') === 'true' ? 'https' : protocol,
    host: field('host', 'server') ?? '',
    port: field('port') ?? '',
    name: field('name'),
    username: field('username'),
    password: field('password'),
  })
  if ('problem' in read) return read
  const enabled = field('enabled')
  return enabled === undefined ? read : { proxy: { ...read.proxy, enabled: enabled !== 'false' } }
}

/** Nothing is said: no value, or one of YAML's words for none. */
function blank(value: { value: unknown; type?: unknown }): boolean {
  if (value.value === null || value.value === undefined) return true
  return value.type === 'PLAIN' && (value.value === '' || value.value === '~' || value.value === 'null')
}

function positionOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}
