import { createHash } from 'node:crypto'
import type { Failure } from '@dragoman/protocol'
import { LRUCache } from 'lru-cache'
import type { ProxyCheck } from '../../store/index.js'
import { sameWay, type ProxyAddress } from '../way.js'

/** A proxy that may be used, and what the store knows of it. */
export interface Usable {
  address: ProxyAddress
  check?: ProxyCheck
}

/** What is known of a proxy now. */
export interface ProxyHealth {
  state: 'good' | 'unchecked' | 'unreachable'
  /** Why it is unreachable. */
  reason?: string
}

/** Which proxies work, learned from checks and traffic, and who of the owners without a pin goes through which. */
export interface Rotation {
  /** These are enabled now, others are not. One whose address changed begins anew. */
  sync(proxies: readonly Usable[]): void
  /**
   * May traffic go through this proxy, which it is bound to? One that does not work is tried again after a short rest, by one request
   * at a time.
   */
  forPinned(id: string): 'yes' | { reason: string; retryAt: number }
  /** A proxy that works: always the same for an owner, as long as that is so. */
  forOwner(owner: string): ProxyAddress | { dead: number; retryAt?: number }
  report(id: string, outcome: 'ok' | Failure): void
  checked(id: string, check: ProxyCheck): void
  healthOf(id: string): ProxyHealth
}

export interface RotationOptions {
  now(): number
  /** A proxy stopped working, or works again. */
  onTurn(id: string, health: ProxyHealth): void
}

interface Standing {
  address: ProxyAddress
  /** Of the last check taken into account; unix ms. */
  checkAt?: number
  seenGood: boolean
  /** Dials that failed in a row. */
  failures: number
  /** Out of the rotation, and why. A hypothesis: it is tried again. */
  down?: { reason: string; triedAt: number }
}

const MOST_FAILURES = 3
/** How long a proxy rests before whoever is bound to it tries it again; before anybody does when no other works, or anyway. */
const PINNED_REST_MS = 10_000
const REST_MS = 60_000
const LONG_REST_MS = 15 * 60_000
const MOST_OWNERS = 10_000

export function createRotation({ now, onTurn }: RotationOptions): Rotation {
  const standings = new Map<string, Standing>()
  const chosen = new LRUCache<string, string>({ max: MOST_OWNERS })

  function up(id: string, standing: Standing): void {
    const wasDown = standing.down !== undefined
    standing.failures = 0
    standing.seenGood = true
    delete standing.down
    if (wasDown) onTurn(id, { state: 'good' })
  }

  function down(id: string, standing: Standing, reason: string, triedAt: number): void {
    const wasUp = standing.down === undefined
    standing.down = { reason, triedAt }
    if (wasUp) onTurn(id, { state: 'unreachable', reason })
  }

  function checked(id: string, check: ProxyCheck): void {
    const standing = standings.get(id)
    if (standing === undefined) return
    standing.checkAt = check.at
    // With a latency it carried the question, whatever the answer was.
    if (check.error === undefined || check.latencyMs !== undefined) up(id, standing)
    // A clock that was set back must not keep it out.
    else down(id, standing, check.error, Math.min(check.at, now()))
  }

  function mayBeTried(standing: Standing, restMs: number): boolean {
    return standing.down === undefined || now() - standing.down.triedAt >= restMs
  }

  /** The proxy with the fewest owners; of several always the same one, also after a restart. */
  function choose(owner: string): string | undefined {
    const working = [...standings].filter(([, standing]) => mayBeTried(standing, LONG_REST_MS))
    const from = working.length > 0 ? working : [...standings].filter(([, standing]) => mayBeTried(standing, REST_MS))
    const owners = new Map<string, number>()
    for (const id of chosen.values()) owners.set(id, (owners.get(id) ?? 0) + 1)
    return from
      .map(([id]) => ({ id, owners: owners.get(id) ?? 0, liking: likingOf(owner, id) }))
      .sort((a, b) => a.owners - b.owners || b.liking - a.liking)
      .at(0)?.id
  }

  return {
    sync(proxies) {
      const ids = new Set(proxies.map(({ address }) => address.id))
      for (const id of standings.keys()) if (!ids.has(id)) standings.delete(id)
      for (const { address, check } of proxies) {
        const standing = standings.get(address.id)
        if (standing === undefined || !sameWay(standing.address, address)) {
          standings.set(address.id, { address, seenGood: false, failures: 0 })
          if (check !== undefined) checked(address.id, check)
          continue
        }
        standing.address = address
        // Of another process, or our own that was taken into account before.
        if (check !== undefined && check.at > (standing.checkAt ?? -Infinity)) checked(address.id, check)
      }
    },

    forPinned(id) {
      const standing = standings.get(id)
      if (standing?.down === undefined) return 'yes'
      const { reason, triedAt } = standing.down
      if (!mayBeTried(standing, PINNED_REST_MS)) return { reason, retryAt: triedAt + PINNED_REST_MS }
      standing.down.triedAt = now()
      return 'yes'
    },

    forOwner(owner) {
      const before = chosen.get(owner)
      const kept = before === undefined ? undefined : standings.get(before)
      if (kept !== undefined && kept.down === undefined) return kept.address
      chosen.delete(owner)
      const id = choose(owner)
      const standing = id === undefined ? undefined : standings.get(id)
      if (id === undefined || standing === undefined) {
        const dead = [...standings.values()].map((one) => (one.down?.triedAt ?? 0) + REST_MS)
        return { dead: dead.length, ...(dead.length === 0 ? {} : { retryAt: Math.min(...dead) }) }
      }
      if (standing.down !== undefined) standing.down.triedAt = now()
      chosen.set(owner, id)
      return standing.address
    },

    report(id, outcome) {
      const standing = standings.get(id)
      if (standing === undefined) return
      if (outcome === 'ok') return up(id, standing)
      if (outcome.scope !== 'proxy') return
      standing.failures += 1
      if (standing.down !== undefined || standing.failures >= MOST_FAILURES) {
        down(id, standing, outcome.message, now())
      }
    },

    checked,

    healthOf(id) {
      const standing = standings.get(id)
      if (standing?.down !== undefined) return { state: 'unreachable', reason: standing.down.reason }
      return { state: standing?.seenGood === true ? 'good' : 'unchecked' }
    },
  }
}

function likingOf(owner: string, id: string): number {
  return createHash('sha256').update(`${owner}\u0000${id}`).digest().readUInt32BE()
}
