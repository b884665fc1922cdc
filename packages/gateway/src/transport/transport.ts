import type { IncomingHttpHeaders } from 'node:http'
import { Pool, type Dispatcher } from 'undici'
import { simpleRequest, type SimpleRequest, type SimpleResponse } from './simple-request.js'
import type { SocketFlow, SocketRequest, SocketSink } from './socket.js'
import type { Way, WayFor } from './way.js'

/** One request to an upstream. */
export interface Outgoing {
  /** `https://host[:port]`; the pool of connections belongs to it. */
  origin: string
  path: string
  method: 'GET' | 'POST'
  /** Name, value, name, value …: upstreams see them in this order. */
  headers: string[]
  body?: string | Buffer | null
  /** Requests with another owner (an account, an API key) never share a connection. Decides the way out, too. */
  owner: string
  /** Another way than the owner's; for checks of a proxy. */
  via?: Way
}

/** Where a reply goes, piece by piece. After `end` or `error` nothing more comes. */
export interface Sink {
  /** The socket took the request: from here on the upstream may have acted on it. */
  sent(): void
  /** Header names are in lower case. */
  head(status: number, headers: IncomingHttpHeaders): void
  data(chunk: Buffer): void
  end(): void
  /** The network failed. See {@link networkFailure} for its meaning. Not called after {@link Flow.abort}. */
  error(error: Error): void
}

/** The handle on a reply under way. */
export interface Flow {
  pause(): void
  resume(): void
  /** Closes the upstream now. The sink hears nothing more. */
  abort(): void
}

export interface Transport {
  open(out: Outgoing, sink: Sink): Flow
  /** Opens a WebSocket by the same rules. */
  openSocket(out: SocketRequest, sink: SocketSink): SocketFlow
  /**
   * Sends one small request and reads the whole reply, at most 8 MiB. Redirects come back as they are.
   * @throws Error on network trouble, time-out, or a reply that is too large
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
}

/**
 * The only door out. Connections are kept per origin and owner; redirects are never followed (a 3xx is handed on as it
 * is, so that no credential walks to another host); time limits are the caller's, who knows what it waits for.
 */
export function createTransport(options: TransportOptions): Transport {
  const pools = new Map<string, Pool>()

  function pool(out: Outgoing): Pool {
    const name = `${out.owner} ${out.origin}`
    let found = pools.get(name)
    if (found === undefined) {
      found = new Pool(out.origin, {
        connections: options.connectionsPerOwner,
        pipelining: 1,
        connect: { timeout: options.connectTimeoutMs },
        // Shorter than what servers commonly keep (60 s), so that a pooled socket is rarely a dead one.
        keepAliveTimeout: 15_000,
        headersTimeout: 0,
        bodyTimeout: 0,
        maxHeaderSize: 64 * 1024,
        // One stream a connection: aborting and pausing then mean just that one request.
        allowH2: false,
      })
      pools.set(name, found)
    }
    return found
  }

  return {
    open(out, sink) {
      const reply = new Reply(sink)
      pool(out).dispatch({ path: out.path, method: out.method, headers: out.headers, body: out.body ?? null }, reply)
      return reply
    },
    openSocket() {
      throw new Error('WebSockets come with the dialler')
    },
    request: simpleRequest,
    forget(owner) {
      for (const [name, found] of pools) {
        if (!name.startsWith(`${owner} `)) continue
        pools.delete(name)
        void found.close()
      }
    },
    async close() {
      const all = [...pools.values()]
      pools.clear()
      await Promise.all(all.map((found) => found.destroy()))
    },
  }
}

/**
 * One reply on its way to its sink. What one read of the socket brings comes from the HTTP parser in as many pieces as the upstream
 * wrote chunks; they are joined, so that a read costs one decoding and one write whatever the chunking.
 */
class Reply implements Dispatcher.DispatchHandler, Flow {
  readonly #sink: Sink
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  #first: Buffer | undefined
  #more: Buffer[] | undefined

  constructor(sink: Sink) {
    this.#sink = sink
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) {
      controller.abort(new Error('aborted'))
      return
    }
    this.#sink.sent()
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (!this.#over && status >= 200) this.#sink.head(status, headers)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    if (this.#first === undefined) {
      this.#first = chunk
      process.nextTick(flush, this)
    } else if (this.#more === undefined) this.#more = [this.#first, chunk]
    else this.#more.push(chunk)
  }

  onResponseEnd(): void {
    this.flush()
    if (this.#over) return
    this.#over = true
    this.#sink.end()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.flush()
    if (this.#over) return
    this.#over = true
    this.#sink.error(error)
  }

  flush(): void {
    const first = this.#first
    if (first === undefined) return
    const more = this.#more
    this.#first = undefined
    this.#more = undefined
    if (!this.#over) this.#sink.data(more === undefined ? first : Buffer.concat(more))
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#first = undefined
    this.#more = undefined
    this.#controller?.abort(new Error('aborted'))
  }
}

function flush(reply: Reply): void {
  reply.flush()
}
