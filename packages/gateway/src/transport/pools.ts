import { Pool, type buildConnector } from 'undici'
import type { Dialler, SessionSlot } from './dial/index.js'
import { HTTP, readTarget, type Target } from './target.js'
import { sameWay, type Way, type WayFor } from './way.js'

export interface PoolsOptions {
  dialler: Dialler
  wayFor: WayFor
  connectTimeoutMs: number
  connectionsPerOwner: number
}

/** The connections kept, per owner and origin, and the way they were made. */
export interface Pools {
  /**
   * Where one request goes. A way given by the caller gets connections of its own, which end with the request.
   * @throws FailureError for a URL that is refused, or when the owner has no way out
   */
  for(owner: string, origin: string, via: Way | undefined): { pool: Pool; once: boolean }
  forget(owner: string): void
  close(): Promise<void>
}

interface Kept {
  target: Target
  way: Way
  pool: Pool
}

export function createPools(options: PoolsOptions): Pools {
  const owners = new Map<string, Map<string, Kept>>()
  const closing = new AbortController()

  function open(target: Target, way: Way, session: SessionSlot): Pool {
    const connect = (_: buildConnector.Options, done: buildConnector.Callback): void => {
      const { host, port, tls } = target
      options.dialler
        .dial({
          host,
          port,
          ...(tls ? { tls: { session } } : {}),
          way,
          timeoutMs: options.connectTimeoutMs,
          signal: closing.signal,
        })
        .then(
          (socket) => done(null, socket),
          (error: unknown) => done(error instanceof Error ? error : new Error('no connection'), null),
        )
    }
    return new Pool(target.url.origin, {
      connections: options.connectionsPerOwner,
      pipelining: 1,
      connect,
      // Shorter than what servers commonly keep (60 s), so that a pooled socket is rarely a dead one.
      keepAliveTimeout: 15_000,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      // One stream a connection: aborting and pausing then mean just that one request.
      allowH2: false,
    })
  }

  return {
    for(owner, origin, via) {
      if (via !== undefined) return { pool: open(readTarget(origin, HTTP), via, {}), once: true }
      let origins = owners.get(owner)
      const kept = origins?.get(origin)
      const target = kept?.target ?? readTarget(origin, HTTP)
      const way = options.wayFor(owner, target.url)
      if (kept !== undefined) {
        if (sameWay(kept.way, way)) return { pool: kept.pool, once: false }
        // What runs on the old way ends there; nothing begins there any more.
        void kept.pool.close()
      }
      // A TLS session tells a server who comes back: it stays with the way that it was made on.
      const session: SessionSlot = {}
      const pool = open(target, way, session)
      if (origins === undefined) owners.set(owner, (origins = new Map<string, Kept>()))
      origins.set(origin, { target, way, pool })
      return { pool, once: false }
    },
    forget(owner) {
      for (const { pool } of owners.get(owner)?.values() ?? []) void pool.close()
      owners.delete(owner)
    },
    async close() {
      closing.abort(new Error('the gateway is stopping'))
      const all = [...owners.values()].flatMap((origins) => [...origins.values()])
      owners.clear()
      await Promise.all(all.map(({ pool }) => pool.destroy()))
    },
  }
}
