import type { Transport } from '../../../transport/index.js'
import { Connection, type Bound, type Timing } from './connection.js'
import type { Continuable } from './continuation.js'

export interface SocketPoolOptions {
  transport: Pick<Transport, 'openSocket'>
  /** Read at every use. */
  settings(): {
    /** Kept per account; what is beyond is used once. */
    perAccount: number
    maxAgeMs: number
  }
  /** Unix ms. */
  now?: () => number
  timing?: Partial<Timing>
}

/** The connections to the backend, kept between the turns of their conversations. */
export interface SocketPool {
  /** Is a connection at rest that this may use? */
  has(bound: Bound): boolean
  /**
   * A connection for one request: the one of its key, a new one that will be kept, or, when that one is busy or the account has
   * no room, one for this request alone. {@link Connection.ask} must be called at once.
   * @param headers of the handshake, should there be one
   */
  take(bound: Bound, headers: () => string[]): Connection
  /** The request has ended well. */
  give(connection: Connection, known: Continuable | undefined): void
  /** Closes what is at rest of one account, and the rest as soon as it has ended: its tokens, its status or its way out changed. */
  closeAccount(accountId: string): void
  close(): void
}

const TIMING: Timing = { open: 15_000, ping: 25_000, silence: 62_500, rest: 15 * 60_000 }

export function createSocketPool(options: SocketPoolOptions): SocketPool {
  const { transport, settings, now = Date.now } = options
  const timing = { ...TIMING, ...options.timing }
  /** By account and key: those that are kept. */
  const kept = new Map<string, Map<string, Connection>>()
  const all = new Set<Connection>()
  let clock: NodeJS.Timeout | undefined

  function usable(connection: Connection, { url, generation }: Bound): boolean {
    const { bound, openedAt, doomed } = connection
    const young = now() - openedAt < settings().maxAgeMs
    return !doomed && young && bound.url === url && bound.generation === generation
  }

  function isKept(connection: Connection): boolean {
    const { accountId, key } = connection.bound
    return kept.get(accountId)?.get(key) === connection
  }

  function connect(bound: Bound, headers: string[]): Connection {
    const connection: Connection = new Connection(
      bound,
      transport,
      { headers, openTimeoutMs: timing.open },
      now,
      () => {
        all.delete(connection)
        const ofAccount = kept.get(bound.accountId)
        if (ofAccount?.get(bound.key) === connection) ofAccount.delete(bound.key)
        if (ofAccount?.size === 0) kept.delete(bound.accountId)
        if (all.size > 0) return
        clearInterval(clock)
        clock = undefined
      },
    )
    all.add(connection)
    clock ??= setInterval(tick, timing.ping / 2).unref()
    return connection
  }

  function tick(): void {
    for (const connection of all) {
      if (!connection.busy && (now() - connection.usedAt >= timing.rest || !usable(connection, connection.bound))) {
        connection.close()
      } else connection.tick(timing)
    }
  }

  /** Makes room for one more of this account; false when everything is in use. */
  function makeRoom(ofAccount: Map<string, Connection>): boolean {
    if (ofAccount.size < settings().perAccount) return true
    let oldest: Connection | undefined
    for (const connection of ofAccount.values()) {
      if (!connection.busy && (oldest === undefined || connection.usedAt < oldest.usedAt)) oldest = connection
    }
    oldest?.close()
    return oldest !== undefined
  }

  return {
    has(bound) {
      const found = kept.get(bound.accountId)?.get(bound.key)
      return found !== undefined && !found.busy && usable(found, bound)
    },
    take(bound, headers) {
      const found = kept.get(bound.accountId)?.get(bound.key)
      if (found !== undefined && !found.busy) {
        if (usable(found, bound)) return found
        found.close()
      }
      const connection = connect(bound, headers())
      if (found?.busy === true) return connection
      // Closing the last one of an account takes its shelf away.
      const ofAccount = kept.get(bound.accountId) ?? new Map<string, Connection>()
      if (!makeRoom(ofAccount)) return connection
      ofAccount.set(bound.key, connection)
      kept.set(bound.accountId, ofAccount)
      return connection
    },
    give(connection, known) {
      connection.endTurn(known)
      if (!isKept(connection) || !usable(connection, connection.bound)) connection.close()
    },
    closeAccount(accountId) {
      for (const connection of all) {
        if (connection.bound.accountId !== accountId) continue
        connection.doomed = true
        if (!connection.busy) connection.close()
      }
    },
    close() {
      for (const connection of all) connection.close(true)
    },
  }
}
