import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { detail, Refusal } from '../codex/refusal.js'
import { checkRouting } from '../codex/who-may-ask.js'
import { isStreamFault } from '../faults/fault.js'
import { json } from '../faults/status-replies.js'
import { wait } from '../http/gates.js'
import type { Exchange } from '../http/recorded-request.js'
import { sendFault, sendPlain } from '../http/send.js'
import { startRecording, type Recording } from './recording.js'
import { ResponsesSocket, type SocketParts } from './responses-socket.js'

export interface SocketOptions {
  /** Serve WebSockets; false answers every handshake with 426, as a backend that speaks HTTP only. Default true. */
  websocket?: boolean
  /** How long a connection may be used: a frame after it gets `websocket_connection_limit_reached`, an idle connection is told so and closed. Default: for ever. */
  socketMaxAgeMs?: number
  /** Pings from the server, one an interval. Default none. */
  socketPingMs?: number
}

export interface DoorParts extends SocketParts {
  options: SocketOptions
  /** Whose TCP connection is this? */
  connectionId(socket: Socket): number
}

const PATH = '/backend-api/codex/responses'
/** The protocol's version as a client asks for it. Source: upstream notes 4.1. */
const BETA = 'responses_websockets=2026-02-06'

interface Open {
  responses: ResponsesSocket
  socket: WebSocket
}

/** Takes handshakes and keeps the connections that they open. */
export class SocketDoor {
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 512 * 1024 * 1024 })
  readonly #open = new Set<Open>()
  #watchers: (() => void)[] = []

  constructor(private readonly parts: DoorParts) {}

  get openSockets(): number {
    return this.#open.size
  }

  /** Settles when no WebSocket is open. */
  closed(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : new Promise((resolve) => void this.#watchers.push(resolve))
  }

  /** Closes all from the server's side, in the middle of responses, too. */
  closeAll(code = 1000): void {
    for (const { responses } of this.#open) responses.close(code)
  }

  ping(): void {
    for (const { socket } of this.#open) socket.ping()
  }

  /** Answers one handshake. */
  upgrade(request: IncomingMessage, tcp: Socket, head: Buffer): void {
    const { parts } = this
    const recording = startRecording(request, {
      index: parts.nextIndex(),
      connectionId: parts.connectionId(tcp),
      now: () => parts.now(),
      method: request.method ?? 'GET',
      accountId: parts.backend.accountOf(request.headers.authorization)?.accountId,
    })
    parts.remember(recording.record)
    const exchange = refusable(request, tcp, recording)
    this.#answer(exchange, recording, head).catch((problem: unknown) => {
      if (problem instanceof Refusal) return sendPlain(exchange, problem.reply, parts.backend.replyHeaders(undefined))
      const message = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
      sendPlain(exchange, json(599, { simulator_error: message }))
    })
  }

  async #answer(exchange: Exchange, recording: Recording, head: Buffer): Promise<void> {
    const { record, request, response, signal } = exchange
    const { backend, rules, gates, options, now, gapOf } = this.parts
    const gap = gapOf(record.accountId)
    const rule = gap === undefined ? rules.find('upgrade', record) : undefined
    const fault = gap === undefined ? rule?.fault : { type: gap }
    if (fault !== undefined && !isStreamFault(fault)) {
      rule?.use()
      // Reading on shows when the client goes; nobody else ends a connection that was to become a WebSocket.
      request.socket.resume().once('end', () => request.socket.destroy())
      const account = backend.accountOf(request.headers.authorization)
      return sendFault(exchange, fault, {
        now: now(),
        plan: account?.plan ?? 'plus',
        gates,
        delivery: rule?.delivery ?? {},
        headers: backend.replyHeaders(account),
      })
    }
    if (options.websocket === false || record.path !== PATH) {
      // HTTP only, said in the one way that makes the official client fall back at once (upstream notes 4.5).
      return sendPlain(exchange, { status: 426, headers: {}, body: '' })
    }
    const account = backend.authenticate(record, rule)
    checkRouting(record, account)
    // What the real backend says without it is not known.
    if (record.headers['openai-beta']?.split(/,\s*/).includes(BETA) !== true)
      throw detail(`openai-beta: ${BETA} is missing`)
    rule?.use()
    await wait(rule?.delivery?.headersAfter, gates, signal)
    if (signal.aborted) return
    const tcp = request.socket
    response.detachSocket(tcp)
    const model = /(?:^|;)\s*model=([^;]+)/.exec(record.headers['x-codex-routing-hint'] ?? '')?.[1]
    const headers = {
      ...backend.replyHeaders(account, model),
      'x-reasoning-included': 'true',
      ...(model === undefined ? {} : { 'openai-model': model }),
      ...rule?.delivery?.headers,
    }
    this.#server.once('headers', (lines) => {
      for (const [name, value] of Object.entries(headers)) if (value !== '') lines.push(`${name}: ${String(value)}`)
    })
    record.status = 101
    this.#server.handleUpgrade(request, tcp, head, (socket) => {
      recording.end('complete')
      this.#keep(socket, request)
    })
  }

  #keep(socket: WebSocket, handshake: IncomingMessage): void {
    const { socketMaxAgeMs: maxAgeMs, socketPingMs: pingMs } = this.parts.options
    const tcp = handshake.socket
    const connectionId = this.parts.connectionId(tcp)
    const responses = new ResponsesSocket({ socket, tcp, handshake, connectionId, maxAgeMs }, this.parts)
    const open = { responses, socket }
    this.#open.add(open)
    const age = maxAgeMs === undefined ? undefined : setTimeout(() => responses.idle && responses.sayTooOld(), maxAgeMs)
    const pings = pingMs === undefined ? undefined : setInterval(() => socket.ping(), pingMs)
    socket.once('close', () => {
      clearTimeout(age)
      clearInterval(pings)
      this.#open.delete(open)
      if (this.#open.size > 0) return
      for (const resolve of this.#watchers.splice(0)) resolve()
    })
  }
}

/** The handshake as an exchange, so that it can be refused like any request. */
function refusable(request: IncomingMessage, tcp: Socket, recording: Recording): Exchange {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(tcp)
  let broken = false
  response.once('finish', () => {
    recording.end('complete')
    tcp.end()
  })
  response.once('close', () => recording.end(broken ? 'broken-off' : 'client-left'))
  return {
    request,
    response,
    record: recording.record,
    body: { value: undefined, text: undefined, bytes: Buffer.alloc(0), wireBytes: 0, decodedBytes: 0 },
    signal: recording.signal,
    breakingOff() {
      broken = true
    },
  }
}
