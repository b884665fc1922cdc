import type { Way } from './way.js'

/** A WebSocket to an upstream. */
export interface SocketRequest {
  /** `wss://…` or `ws://…` */
  url: string
  /** Name, value, name, value …: sent in this order, before those of the handshake itself. */
  headers: string[]
  /** As of {@link Outgoing}: decides the way out. */
  owner: string
  /** From dialling to the end of the handshake. */
  openTimeoutMs: number
  /** Another way than the owner's. */
  via?: Way
}

/** Where a WebSocket's news go. After `refused`, `close` or `error` nothing more comes; nothing comes after {@link SocketFlow.close}. */
export interface SocketSink {
  /** The handshake is done. Header names are in lower case. */
  open(headers: Readonly<Record<string, string>>): void
  /** The server answered the handshake with something else than 101. */
  refused(status: number, headers: Readonly<Record<string, string>>, body: Buffer): void
  /** One text message. */
  message(text: string): void
  /** The server sent a pong, a ping or a message: it lives. */
  alive?(): void
  /** The connection ended after it had been open. 1006: without a close frame. */
  close(code: number, reason: string): void
  /** The network failed before the handshake was done, or a frame broke the protocol. See `networkFailure`. */
  error(error: Error): void
}

/** The handle on a WebSocket. */
export interface SocketFlow {
  /** One text message. Before `open` it is kept until then. */
  send(text: string): void
  ping(): void
  /** Reads no further for now. */
  pause(): void
  resume(): void
  /** Ends it. `now` drops the connection without the closing handshake. */
  close(now?: boolean): void
}
