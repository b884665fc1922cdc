import type { ProxyRecord, ProxyRows } from '../../store/index.js'
import type { ProxyAddress } from '../way.js'
import { isProxyProtocol } from './read-proxy.js'
import { ProxyPoolError } from './types.js'

/** The stored proxies, found by what people call them. */
export interface Roster {
  all(): readonly ProxyRecord[]
  /** By its id or its name. */
  lookUp(named: string): ProxyRecord | undefined
  /** Also by the beginning of its id. @throws ProxyPoolError when that means none or several */
  find(named: string): ProxyRecord
}

/** @param onChange told the new list before anybody else gets it */
export function createRoster(rows: ProxyRows, onChange: (list: readonly ProxyRecord[]) => void): Roster {
  let known: readonly ProxyRecord[] | undefined
  let byId = new Map<string, ProxyRecord>()
  let byName = new Map<string, ProxyRecord>()

  /** The store hands out the same array until something changed. */
  function all(): readonly ProxyRecord[] {
    const list = rows.list()
    if (list === known) return list
    known = list
    byId = new Map(list.map((record) => [record.id, record]))
    byName = new Map(list.map((record) => [record.name, record]))
    onChange(list)
    return list
  }

  function lookUp(named: string): ProxyRecord | undefined {
    all()
    return byId.get(named) ?? byName.get(named)
  }

  return {
    all,
    lookUp,
    find(named) {
      const exact = lookUp(named)
      if (exact !== undefined) return exact
      const begin = named.length > 'prx_'.length ? all().filter(({ id }) => id.startsWith(named)) : []
      const [only] = begin
      if (only === undefined) {
        // Somebody may have typed the whole address with its login.
        const said = /@|^[^[]*:.*:/.test(named) ? 'of that name' : named
        throw new ProxyPoolError('unknown_proxy', `there is no proxy ${said}; dragoman proxies list shows all`)
      }
      if (begin.length === 1) return only
      const ids = begin.map(({ id }) => id).join(', ')
      throw new ProxyPoolError('ambiguous_proxy', `${named} means ${begin.length} proxies; name one by its id: ${ids}`)
    },
  }
}

/** Where to find it; undefined for one that must not be used, whoever is pinned to it. */
export function addressOf(record: ProxyRecord): ProxyAddress | undefined {
  const { id, name, protocol, host, port, username, password } = record
  if (record.passwordUnreadable === true || !isProxyProtocol(protocol)) return undefined
  return {
    id,
    name,
    protocol,
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
}

/** Why {@link addressOf} has none. */
export function whyUnusable({ passwordUnreadable }: ProxyRecord): string {
  return passwordUnreadable === true ? 'its password cannot be read with this key' : 'its protocol is not known here'
}
