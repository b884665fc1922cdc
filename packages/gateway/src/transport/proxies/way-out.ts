import type { ProxyRows } from '../../store/index.js'
import type { Way, WayFor } from '../way.js'
import { deadProxy, disabledProxy, noProxyLeft, unknownProxy, unusableProxy } from './refusals.js'
import { addressOf, whyUnusable, type Roster } from './roster.js'
import type { Rotation } from './rotation.js'

export interface WayOutOptions {
  rows: ProxyRows
  roster: Roster
  rotation: Rotation
  /** `proxy.default`, read at every use. */
  byDefault(): string
  environment(url: URL): Way
}

/** Which way each owner goes. What does not lead out is refused: never a way that was not asked for. */
export function wayOut({ rows, roster, rotation, byDefault, environment }: WayOutOptions): WayFor {
  function through(named: string, by: 'pin' | 'default'): Way {
    const record = roster.lookUp(named)
    if (record === undefined) throw unknownProxy(named, by)
    if (!record.enabled) throw disabledProxy(record)
    const address = addressOf(record)
    if (address === undefined) throw unusableProxy(record, whyUnusable(record))
    const allowed = rotation.forPinned(record.id)
    if (allowed !== 'yes') throw deadProxy(record, allowed.reason, allowed.retryAt)
    return address
  }

  function anyProxy(owner: string): Way {
    const all = roster.all().length
    const found = rotation.forOwner(owner)
    if ('dead' in found) throw noProxyLeft(all, found.dead, found.retryAt)
    return found
  }

  function globally(owner: string, target: URL): Way {
    const choice = byDefault()
    switch (choice) {
      case 'environment':
        return environment(target)
      case 'direct':
        return 'direct'
      case 'auto':
        return anyProxy(owner)
      default:
        return through(choice, 'default')
    }
  }

  return (owner, target) => {
    const choice = rows.pins().get(owner) ?? 'global'
    switch (choice) {
      case 'global':
        return globally(owner, target)
      case 'direct':
        return 'direct'
      case 'auto':
        return anyProxy(owner)
      default:
        return through(choice, 'pin')
    }
  }
}
