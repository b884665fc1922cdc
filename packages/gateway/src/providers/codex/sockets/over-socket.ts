import {
  commits,
  isTerminal,
  openaiResponses,
  responsesFrameDecoder,
  type Failure,
  type PivotEvent,
} from '@dragoman/protocol'
import { networkFailure, type Cookies, type Flow } from '../../../transport/index.js'
import { failureOf, type AttemptNews } from '../attempt-news.js'
import { handshakeHeaders } from '../headers.js'
import type { PreparedCall } from '../prepare-call.js'
import { rateLimitHeaders } from '../rate-limits.js'
import { replyHeaders } from '../reply-headers.js'
import type { Bound, Connection, Gone, TurnSink } from './connection.js'
import { askedBy, knownItems, type Asked, type Continuable } from './continuation.js'
import { readErrorFrame } from './error-frame.js'
import type { HttpOnly } from './http-only.js'
import type { SocketPool } from './socket-pool.js'
import { turnFrame } from './turn-frame.js'

export interface SocketTurnParts {
  pool: SocketPool
  httpOnly: HttpOnly
  cookies: Cookies
  onModelsEtag(etag: string, accountId: string): void
  /** Some failures in a row were one too many: the account is asked over HTTP for a while. */
  onGivenUp(accountId: string): void
  /** The attempt goes on over HTTP. Nothing was told of it. */
  overHttp(): void
}

/** Close code of a message that the other side finds too large (RFC 6455 7.4.1). */
const TOO_BIG = 1009
/** Events that tell what HTTP tells in headers (upstream-codex 3). */
const OF_HEADERS: ReadonlySet<string> = new Set(['response.metadata', 'codex.response.metadata'])

/**
 * One attempt over a WebSocket. Whatever fails before the first output and HTTP might survive is cured here, unheard by the relay:
 * a lost connection, a forgotten response or a full connection by asking everything again on a new one, once; a handshake that fails, and
 * the second loss, over HTTP.
 *
 * Events before the first output are kept until it comes, because they belong to a response that may yet be another one.
 */
export class SocketTurn implements Flow {
  readonly #decode: (text: string) => PivotEvent | undefined
  readonly #asked: Asked
  #connection: Connection | undefined
  #renewed = false
  #continued = false
  #told = false
  #over = false
  #paused = false
  #batch: PivotEvent[] = []
  #output: unknown[] = []
  #flushing = false
  #headers: Record<string, string> = {}
  #limitsNews = false

  constructor(
    private readonly parts: SocketTurnParts,
    private readonly prepared: PreparedCall,
    private readonly bound: Bound,
    private readonly news: AttemptNews,
  ) {
    const { call, restore, body } = prepared
    this.#decode = responsesFrameDecoder({ keepFrames: call.keepFrames && restore === undefined })
    this.#asked = askedBy(body)
  }

  /** Sends the request on a connection of the pool. */
  begin(): void {
    const { pool, cookies } = this.parts
    const { facts, credential, url, call, body } = this.prepared
    this.#batch = []
    this.#output = []
    const connection = pool.take(this.bound, () =>
      handshakeHeaders({ ...facts, cookie: cookies.header(credential.accountId, url.href) }),
    )
    this.#connection = connection
    const { known } = connection
    const items =
      known === undefined || this.#renewed || call.withoutReasoning
        ? undefined
        : knownItems(known, this.#asked, body['input'] as unknown[])
    this.#continued = items !== undefined
    const frame = turnFrame(
      this.prepared,
      known === undefined || items === undefined ? undefined : { responseId: known.responseId, items },
    )
    const handshake = connection.headers
    connection.ask(frame, this.#sink(connection))
    if (this.#paused) connection.pause()
    // Of an older handshake only what holds for the connection: its limits and etags are old news.
    const included = handshake?.['x-reasoning-included']
    this.#headers = included === undefined ? {} : { 'x-reasoning-included': included }
    if (handshake === undefined) return
    this.news.sent()
    this.news.head(this.#headers)
  }

  pause(): void {
    this.#paused = true
    this.#connection?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#connection?.resume()
  }

  /** A response cannot be called off: what runs is dropped with its connection. */
  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#batch = []
    this.#connection?.close(true)
  }

  #sink(connection: Connection): TurnSink {
    return {
      open: (headers) => this.#opened(headers),
      refused: (status, headers, body) => this.#refused(status, headers, body),
      frame: (text) => {
        try {
          this.#frame(connection, text)
        } catch (error) {
          connection.close()
          this.#fail(failureOf(error))
        }
      },
      gone: (how) => this.#gone(how),
    }
  }

  #opened(headers: Readonly<Record<string, string>>): void {
    const { parts, bound } = this
    parts.httpOnly.worked(placeOf(bound))
    this.#learnHandshake(headers)
    this.news.sent()
    this.#headers = { ...headers }
    this.news.head(this.#headers)
  }

  #refused(status: number, headers: Readonly<Record<string, string>>, body: Buffer): void {
    this.#learnHandshake(headers)
    // The token is no better over HTTP.
    if (status === 401) return this.#fail(openaiResponses.call.decodeError(status, headers, body), headers)
    if (status === 426) this.parts.httpOnly.saidNo(placeOf(this.bound))
    else this.#strike()
    this.#overHttp()
  }

  #learnHandshake(headers: Readonly<Record<string, string>>): void {
    const { accountId } = this.bound
    // The transport has put several cookies into one line; a comma inside of a date is followed by a space and no name.
    const cookies = headers['set-cookie']?.split(/,\s*(?=[^\s;,=]+=)/)
    void this.parts.cookies.learn(accountId, this.prepared.url.href, cookies)
    const etag = headers['x-models-etag']
    if (etag !== undefined) this.parts.onModelsEtag(etag, accountId)
  }

  #frame(connection: Connection, text: string): void {
    const event = this.#decode(text)
    if (event === undefined) return
    if (event.type === 'error') return this.#error(connection, text, event)
    if (event.type === 'other' && this.#heardAside(event.name, event.data ?? {})) return
    if (event.type === 'response.output_item.done') this.#output.push(event.item)
    this.#batch.push(event)
    if (isTerminal(event)) return this.#finish(connection, event)
    if (!this.#told && commits(event)) {
      this.#told = true
      this.news.worked(this.#headers)
    }
    if (!this.#told) this.news.alive()
    else if (!this.#flushing) {
      // One read may bring many frames: they are told together.
      this.#flushing = true
      queueMicrotask(() => this.#flush())
    }
  }

  /** Limits and headers that HTTP would have told before the answer. True when the client need not hear of it in another form. */
  #heardAside(name: string, data: Readonly<Record<string, unknown>>): boolean {
    const told =
      name === 'codex.rate_limits'
        ? rateLimitHeaders(data)
        : OF_HEADERS.has(name)
          ? headersIn(data['headers'])
          : undefined
    if (told === undefined) return false
    Object.assign(this.#headers, told)
    if (this.#told) this.#limitsNews ||= name === 'codex.rate_limits'
    else this.news.head(this.#headers)
    this.news.alive()
    return data['metadata'] === undefined
  }

  #finish(connection: Connection, event: PivotEvent): void {
    const completed = event.type === 'response.completed' ? event.response.id : ''
    const known: Continuable | undefined =
      completed === '' ? undefined : { responseId: completed, asked: this.#asked, output: this.#output }
    const good = event.type !== 'response.failed'
    if (good && (!this.#told || this.#limitsNews)) this.news.worked(this.#headers)
    this.#told = true
    this.#over = true
    this.parts.pool.give(connection, known)
    this.#flush()
    this.news.end()
  }

  #error(connection: Connection, text: string, event: PivotEvent): void {
    const { failure, headers, renew } = readErrorFrame(text, event)
    // What it still knows after an error is not documented, and a new one costs little.
    connection.close()
    // What is refused may be the continuation itself: said in full, the same request may be a good one.
    const asksAgain = renew || (this.#continued && failure.kind === 'invalid_request')
    if (this.#told || !asksAgain) return this.#fail(failure, { ...this.#headers, ...headers })
    if (!this.#renewed) return this.#renew()
    if (!renew) return this.#fail(failure, { ...this.#headers, ...headers })
    this.#overHttp()
  }

  #gone({ opened, code, error, silent }: Gone): void {
    if (this.#over) return
    if (!opened) {
      const failure = networkFailure(error ?? new Error('no connection'), this.prepared.url.origin, 'unsent')
      // Refused by the egress policy, or a proxy that does not work: HTTP takes the same way.
      if (failure.scope !== 'provider' || failure.code === 'egress_forbidden') return this.#fail(failure)
      this.#strike()
      return this.#overHttp()
    }
    if (this.#told) {
      return this.#fail(networkFailure(error ?? new ConnectionEnded(), this.prepared.url.origin, 'sent'))
    }
    if (code === TOO_BIG) {
      this.parts.httpOnly.saidNo(conversationOf(this.bound))
      return this.#overHttp()
    }
    if (!this.#renewed && silent !== true) return this.#renew()
    this.#strike()
    this.#overHttp()
  }

  #renew(): void {
    this.#renewed = true
    this.begin()
  }

  #strike(): void {
    if (this.parts.httpOnly.failed(placeOf(this.bound))) this.parts.onGivenUp(this.bound.accountId)
  }

  #overHttp(): void {
    this.#over = true
    this.#batch = []
    this.parts.overHttp()
  }

  #flush(): void {
    this.#flushing = false
    const batch = this.#batch
    if (batch.length === 0 || this.news.over) return
    this.#batch = []
    try {
      this.news.events(batch)
    } catch (error) {
      // A value that cannot be given back in the form that the client asked for.
      this.abort()
      this.news.fail(failureOf(error))
    }
  }

  #fail(failure: Failure, headers: Readonly<Record<string, string>> = this.#headers): void {
    if (this.#over) return
    this.#over = true
    if (this.#told) this.#flush()
    this.news.fail(failure, headers)
  }
}

/** Where what is known of an account's WebSockets holds. */
export function placeOf({ accountId, url }: Pick<Bound, 'accountId' | 'url'>): string {
  return `${accountId} ${new URL(url).origin}`
}

/** Where it holds that a conversation has grown too large for a message. */
export function conversationOf(bound: Bound): string {
  return `${placeOf(bound)} ${bound.key}`
}

class ConnectionEnded extends Error {
  readonly code = 'ECONNRESET'
  constructor() {
    super('the WebSocket was closed')
  }
}

function headersIn(told: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  if (typeof told !== 'object' || told === null) return out
  for (const [name, value] of Object.entries(told)) {
    if (typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value)) out[name.toLowerCase()] = value
  }
  return replyHeaders(out)
}
