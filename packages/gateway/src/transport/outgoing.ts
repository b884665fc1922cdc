import type { IncomingHttpHeaders } from 'node:http'
import type { Way } from './way.js'

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
