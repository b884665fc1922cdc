import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { FailureError, invalidRequest, type Failure } from '@dragoman/protocol'
import type { RawData, WebSocket } from 'ws'
import { retryHeaders } from '../../relay/index.js'
import { clientHeaders } from '../api/exchange.js'
import { enter } from '../key-limits.js'
import { parseJson, tooLarge, TOO_BUSY } from '../read-body.js'
import type { ClientKey } from '../route-table.js'
import { FrameOutlet } from './frame-outlet.js'
import { errorFrame, frameProtocol } from './frame-protocol.js'
import { answerPrewarm } from './prewarm.js'
import type { SocketsHouse } from './sockets-house.js'
import { turnHeaders } from './turn-headers.js'
import { UnfinishedFrame } from './unfinished-frame.js'
import { itemsOf, wholeRequest, type TurnMemory, type WholeRequest } from './turn-memory.js'

export interface ClientSocketFacts {
  socket: WebSocket
  tcp: Socket
  handshake: IncomingMessage
  /** Without the query. */
  path: string
  /** The key that the handshake showed, while it is good. */
  key(): ClientKey | undefined
}

/** Bytes of answers that a client may leave unread while it goes on asking. */
const UNREAD = 4 * 1024 * 1024
/** Pings that a client may send between two of ours. */
const MOST_PINGS = 200
/** How long a client may take to answer a close frame, ms. */
const CLOSE_MS = 2_000

/** One connection of a client: a request at a time, each may continue the response before it. */
export class ClientSocket {
  #running: FrameOutlet | undefined
  /** Settles when the response that ran last is told and remembered. */
  #last: Promise<void> = Promise.resolve()
  #waiting = false
  #leaving = false
  /** Our pings since the client was last heard. */
  #unheard = 0
  #restedAt = performance.now()
  #pinged = 0
  readonly #unfinished: UnfinishedFrame

  constructor(
    private readonly facts: ClientSocketFacts,
    private readonly house: SocketsHouse,
    private readonly memory: TurnMemory,
    private readonly requestId: () => string,
  ) {
    const { socket, tcp } = facts
    this.#unfinished = new UnfinishedFrame(house.budget)
    // Before the library's own listener, so that a frame's last piece is counted when the frame is there.
    tcp.prependListener('data', (chunk: Buffer) => {
      this.#unheard = 0
      if (this.#unfinished.read(chunk.length)) return
      this.#refuse(requestId(), TOO_BUSY)
      this.leave(1013, 'too many large requests')
    })
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.leave(1003, 'text frames only')
      else this.#take(textOf(data))
      this.#unfinished.done()
    })
    socket.on('ping', () => {
      if (++this.#pinged > MOST_PINGS) socket.terminate()
    })
    socket.on('close', () => {
      memory.forget(this)
      this.#unfinished.done()
      this.#running?.destroy()
    })
    // A frame that breaks the protocol: the library closes with the code that says so.
    socket.on('error', (error) => house.log.debug({ problem: error.message }, 'a client broke the WebSocket protocol'))
  }

  /** Waits for the running response, if there is one, and closes. */
  drain(): void {
    this.#leaving = true
    if (this.#running === undefined) this.leave(1001, 'the gateway stops')
  }

  /** Is the key still good? If not, what runs is broken off and the connection closes. */
  checkKey(): void {
    if (this.facts.key() !== undefined) return
    const running = this.#running
    this.#running = undefined
    running?.destroy()
    this.#refuse(this.requestId(), KEY_GONE)
    this.leave(1008, 'the client key is no longer good')
  }

  /** Looks at the clock: asks whether the client is there, and leaves one that is not or that rests for too long. */
  tick(now: number, idleMs: number): void {
    const { socket } = this.facts
    this.#pinged = 0
    // Who reads slowly gets its ping late.
    const patience = socket.bufferedAmount === 0 ? 2 : 10
    if (this.#unheard >= patience || this.#unfinished.takesTooLong(now)) {
      socket.terminate()
      return
    }
    this.checkKey()
    if (this.#running === undefined && now - this.#restedAt > idleMs) this.leave(1000, 'nothing was asked for too long')
    else if (socket.readyState === socket.OPEN) {
      this.#unheard += 1
      socket.ping()
    }
  }

  leave(code: number, reason: string): void {
    const { socket } = this.facts
    socket.close(code, reason)
    setTimeout(() => socket.terminate(), CLOSE_MS).unref()
  }

  #take(text: string): void {
    const id = this.requestId()
    this.#answer(id, text).catch((error: unknown) => {
      if (error instanceof FailureError) return this.#refuse(id, error.failure)
      this.house.log.error({ err: error, requestId: id }, 'a frame failed inside the gateway')
      this.#refuse(id, {
        ...plain,
        scope: 'gateway',
        kind: 'internal',
        message: `the gateway failed; its log names this request as ${id}`,
      })
    })
  }

  async #answer(id: string, text: string): Promise<void> {
    const { house } = this
    const at = Date.now()
    const key = this.facts.key()
    if (key === undefined) return this.checkKey()
    const frame = this.#read(text)
    if (frame === undefined) return
    if (this.#running !== undefined) {
      // The client has been told the end, but what follows from it is not done yet.
      const ending = this.#running.writableEnded && !this.#waiting
      if (!ending) return this.#refuse(id, BUSY, 409)
      this.#waiting = true
      await this.#last
      this.#waiting = false
    }
    if (this.#leaving) throw new FailureError(STOPPING)
    const { headers, rest } = turnHeaders(frame['client_metadata'])
    const own = rest === undefined ? frame : { ...frame, client_metadata: rest }
    const whole = wholeRequest(own, text.length, (responseId) => this.memory.find(this, responseId))
    if ('kind' in whole) throw new FailureError(whole)
    const allHeaders = { ...this.#handshakeHeaders(), ...headers }
    const dialect = house.dialects['openai-responses']
    const decoded = dialect.serve.decodeRequest(whole.body, { headers: allHeaders })

    const prewarm = frame['generate'] === false
    const leave = enter(house, key, { mostOpen: house.settings().exchangesPerKey, local: prewarm })
    if (typeof leave === 'object') throw new FailureError(leave)
    const outlet = new FrameOutlet(this.facts)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#running = outlet
    this.#last = promise
    try {
      if (prewarm) answerPrewarm(dialect, { id, at, request: decoded.value }, outlet)
      else {
        await house.relay.run({
          id,
          path: this.facts.path,
          dialect: frameProtocol(dialect),
          request: decoded.value,
          receipt: decoded.receipt,
          stream: true,
          headers: allHeaders,
          key,
          response: outlet,
          replyHeaders: { 'x-request-id': id },
          at,
          body: whole.body,
          ping: () => outlet.ping(),
        })
      }
      if (!outlet.closed) await once(outlet, 'close')
      this.#keep(whole, outlet)
    } finally {
      leave()
      if (this.#running === outlet) this.#running = undefined
      this.#restedAt = performance.now()
      resolve()
    }
    if (this.#leaving) this.drain()
  }

  /** A frame's JSON, within the limits of a body. Undefined for a frame that asks nothing. @throws FailureError */
  #read(text: string): Readonly<Record<string, unknown>> | undefined {
    const bounds = this.house.limits()
    if (Buffer.byteLength(text) > bounds.wireBytes) {
      throw new FailureError(tooLarge(`the frame is larger than ${bounds.wireBytes} bytes`))
    }
    const value = parseJson(text, bounds)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FailureError(invalidRequest('', 'a frame must be a JSON object'))
    }
    const frame = value as Record<string, unknown>
    // A client of mid-2026 says so when it has read a response (upstream-codex 4.2).
    if (frame['type'] === 'response.processed') return undefined
    if (frame['type'] !== 'response.create') {
      throw new FailureError(invalidRequest('/type', 'expected response.create'))
    }
    if (frame['stream_id'] !== undefined) {
      throw new FailureError(invalidRequest('/stream_id', 'one response at a time is served here; leave stream_id out'))
    }
    return frame
  }

  #keep({ body, characters }: WholeRequest, { told }: FrameOutlet): void {
    const items = itemsOf(body['input'])
    if (told === undefined || items === undefined) return
    this.memory.keep(
      this,
      { responseId: told.responseId, items: [...items, ...told.items], characters: characters + told.characters },
      this.house.limits().wireBytes,
    )
  }

  #handshakeHeaders(): Record<string, string | undefined> {
    const { handshake } = this.facts
    const headers = clientHeaders({ req: handshake })
    for (const name of Object.keys(headers)) if (OF_HANDSHAKE.test(name)) delete headers[name]
    return headers
  }

  #refuse(id: string, failure: Failure, status?: number): void {
    const { socket } = this.facts
    if (socket.readyState !== socket.OPEN) return
    // Who sends nonsense and reads nothing would fill the memory.
    if (socket.bufferedAmount > UNREAD) return socket.terminate()
    const error = this.house.dialects['openai-responses'].serve.encodeError(failure, id, Date.now())
    const told = { status: status ?? error.status, body: error.body }
    const again = retryHeaders(failure, Date.now(), false)
    socket.send(errorFrame(told, { ...error.headers, ...again, 'x-request-id': id }))
  }
}

/** Headers of the connection, not of the requests on it. */
const OF_HANDSHAKE = /^(?:upgrade|sec-websocket-.*|origin|x-request-id)$/

const plain = { scope: 'request', phase: 'unsent', retry: 'never' } as const

const KEY_GONE: Failure = {
  ...plain,
  kind: 'unauthenticated',
  code: 'invalid_api_key',
  message: 'this client key was revoked or has expired; `dragoman keys create` makes a new one',
}

const BUSY: Failure = {
  ...plain,
  kind: 'invalid_request',
  code: 'response_in_progress',
  message: 'a response is running on this connection; wait for its end, or open another connection',
}

const STOPPING: Failure = {
  ...plain,
  scope: 'gateway',
  kind: 'overloaded',
  message: 'the gateway stops; ask again in a moment',
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8')
}
