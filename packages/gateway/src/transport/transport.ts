import type { Failure } from '@dragoman/protocol'
import { createDialler, type Lookup } from './dial/index.js'
import type { Flow, Outgoing, Sink } from './outgoing.js'
import { createSockets } from './open-socket.js'
import { createPools } from './pools.js'
import { Reply } from './reply.js'
import { simpleRequest, type SimpleRequest, type SimpleResponse } from './simple-request.js'
import type { SocketFlow, SocketRequest, SocketSink } from './socket.js'
import type { WayFor } from './way.js'

export interface Transport {
  open(out: Outgoing, sink: Sink): Flow
  /** Opens a WebSocket by the same rules. */
  openSocket(out: SocketRequest, sink: SocketSink): SocketFlow
  /**
   * Sends one small request and reads the whole reply, at most 8 MiB. Redirects come back as they are.
   * @throws FailureError when it could not be sent or took too long; the network's error when it broke later; the signal's reason
   */
  request(out: SimpleRequest): Promise<SimpleResponse>
  /** Closes idle connections of one owner (its account changed or went). */
  forget(owner: string): void
  close(): Promise<void>
}

export interface TransportOptions {
  connectTimeoutMs: number
  /** At most so many connections, and so many streams, per owner and origin. */
  connectionsPerOwner: number
  /** Which way out an owner's connections take, asked for each request. Default: always direct. */
  wayFor?: WayFor
  /** Hosts that may lie on this machine or in its network (`upstream.allowed_private_hosts` and what the configuration names itself). */
  allowedPrivateHosts?(): readonly string[]
  /** A proxy carried a connection, or failed to. What is the target's fault is not told. */
  onProxyOutcome?(proxyId: string, outcome: 'ok' | Failure): void
  /** Default: the system's resolver. */
  lookup?: Lookup
}

/**
 * The only door out. Where it leads is decided by one dialler, whatever asks. Connections are kept per origin, owner and way; redirects
 * are never followed (a 3xx is handed on as it is, so that no credential walks to another host); time limits are the caller's, who
 * knows what it waits for.
 */
export function createTransport(options: TransportOptions): Transport {
  const wayFor: WayFor = options.wayFor ?? (() => 'direct')
  const dialler = createDialler({
    allowedPrivateHosts: () => options.allowedPrivateHosts?.() ?? [],
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
    ...(options.onProxyOutcome === undefined ? {} : { onProxyOutcome: options.onProxyOutcome }),
  })
  const pools = createPools({ ...options, dialler, wayFor })
  const sockets = createSockets({ ...options, dialler, wayFor })

  function dispatch(out: Outgoing, reply: Reply): void {
    try {
      const { pool, once } = pools.for(out.owner, out.origin, out.via)
      pool.dispatch({ path: out.path, method: out.method, headers: out.headers, body: out.body ?? null }, reply)
      if (once) void pool.close()
    } catch (error) {
      reply.failSoon(error instanceof Error ? error : new Error('no way out'))
    }
  }

  function open(out: Outgoing, sink: Sink): Flow {
    const reply = new Reply(sink, (again) => dispatch(out, again))
    dispatch(out, reply)
    return reply
  }

  return {
    open,
    openSocket: sockets.open,
    request: (out) => simpleRequest(open, out),
    forget: pools.forget,
    async close() {
      sockets.close()
      await pools.close()
    },
  }
}
