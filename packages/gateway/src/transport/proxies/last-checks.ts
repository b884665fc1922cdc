import type { ProxyCheck } from '../../store/index.js'

/** What the last checks found, for people to look at. */
export interface LastChecks {
  add(id: string, check: ProxyCheck): void
  /** The newest last. */
  of(id: string): readonly ProxyCheck[]
  /** Only these proxies are still there. */
  keep(ids: ReadonlySet<string>): void
}

const KEPT = 30

export function createLastChecks(): LastChecks {
  const checks = new Map<string, readonly ProxyCheck[]>()
  return {
    add(id, check) {
      checks.set(id, [...(checks.get(id) ?? []), check].slice(-KEPT))
    },
    of: (id) => checks.get(id) ?? [],
    keep(ids) {
      for (const id of checks.keys()) if (!ids.has(id)) checks.delete(id)
    },
  }
}
