import type { SocketFlow, SocketRequest, Transport } from '../../../transport/index.js'
import type { Continuable } from './continuation.js'

/** How long connections live and how they are watched, ms. */
export interface Timing {
  /** From dialling to the end of the handshake (upstream-codex 4.1). */
  open: number
  ping: number
  /** Without any sign of life for so long, a connection is dead. */
  silence: number
  /** One that nobody has used for so long is closed. */
  rest: number
}

/** How a connection ended under a request. */
export interface Gone {
  /** The handshake had been done. */
  opened: boolean
  /** Of the close frame; 1006 without one. */
  code?: number
  error?: Error
  /** It was given up after a silence in which it answered no ping. */
  silent?: boolean
}

/** Where the news of one request go. After `refused` or `gone` nothing more comes; nothing comes after {@link Connection.endTurn} or `close`. */
export interface TurnSink {
  /** The handshake is done. Not told on a connection that was open already. */
  open(headers: Readonly<Record<string, string>>): void
  refused(status: number, headers: Readonly<Record<string, string>>, body: Buffer): void
  frame(text: string): void
  gone(how: Gone): void
}

/** What must be the same for a connection to be used again. */
export interface Bound {
  accountId: string
  /** Conversation and variant. */
  key: string
  url: string
  /** Of the account's tokens. */
  generation: number
}

/** One WebSocket to the backend: one request at a time, each may continue the one before it. */
export class Connection {
  readonly bound: Bound
  readonly openedAt: number
  /** What its newest response was, if that may be continued. */
  known: Continuable | undefined
  /** To be closed as soon as nothing runs on it. */
  doomed = false
  usedAt: number
  readonly #flow: SocketFlow
  readonly #now: () => number
  readonly #ended: () => void
  #turn: TurnSink | undefined
  #headers: Readonly<Record<string, string>> | undefined
  #over = false
  #paused = false
  #heardAt: number
  #pingedAt: number

  constructor(
    bound: Bound,
    transport: Pick<Transport, 'openSocket'>,
    request: Pick<SocketRequest, 'headers' | 'openTimeoutMs'>,
    now: () => number,
    ended: () => void,
  ) {
    this.bound = bound
    this.#now = now
    this.#ended = ended
    this.openedAt = this.usedAt = this.#heardAt = this.#pingedAt = now()
    this.#flow = transport.openSocket(
      { url: bound.url, owner: bound.accountId, ...request },
      {
        open: (headers) => this.#open(headers),
        refused: (status, headers, body) => this.#end()?.refused(status, headers, body),
        message: (text) => this.#message(text),
        alive: () => void (this.#heardAt = this.#now()),
        close: (code) => this.#end()?.gone({ opened: true, code }),
        error: (error) => this.#end()?.gone({ opened: this.#headers !== undefined, error }),
      },
    )
  }

  get busy(): boolean {
    return this.#turn !== undefined
  }

  /** Of the handshake; undefined until it is done. */
  get headers(): Readonly<Record<string, string>> | undefined {
    return this.#headers
  }

  /** Sends one request. Only when nothing runs. */
  ask(text: string, turn: TurnSink): void {
    this.#turn = turn
    this.usedAt = this.#now()
    this.#flow.send(text)
  }

  pause(): void {
    this.#paused = true
    this.#flow.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    // Whoever reads nothing hears nothing.
    this.#heardAt = this.#now()
    this.#flow.resume()
  }

  /** The request is answered. The pool decides what becomes of the connection. */
  endTurn(known: Continuable | undefined): void {
    this.#turn = undefined
    this.known = known
    this.usedAt = this.#now()
    this.resume()
  }

  /** Ends it. `now` drops it without the closing handshake. */
  close(now = false): void {
    if (this.#over) return
    this.#end()
    this.#flow.close(now)
  }

  /** Looks at the clock. */
  tick(timing: Timing): void {
    if (this.#headers === undefined || this.#over) return
    const now = this.#now()
    if (this.#paused) this.#heardAt = now
    if (now - this.#heardAt >= timing.silence) {
      const turn = this.#turn
      this.close(true)
      turn?.gone({ opened: true, silent: true })
      return
    }
    if (now - this.#pingedAt < timing.ping) return
    this.#pingedAt = now
    this.#flow.ping()
  }

  #end(): TurnSink | undefined {
    const turn = this.#turn
    this.#turn = undefined
    this.known = undefined
    this.#over = true
    this.#ended()
    return turn
  }

  #open(headers: Readonly<Record<string, string>>): void {
    this.#headers = headers
    this.#heardAt = this.#pingedAt = this.#now()
    this.#turn?.open(headers)
  }

  #message(text: string): void {
    this.#heardAt = this.#now()
    if (this.#turn !== undefined) return this.#turn.frame(text)
    // Limits and timings may come late; an error while nothing runs announces the end (upstream-codex 4.3).
    if (/"type"\s*:\s*"error"/.test(text.slice(0, 200))) this.close()
  }
}
