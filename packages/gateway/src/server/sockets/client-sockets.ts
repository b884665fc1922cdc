import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Failure } from '@dragoman/protocol'
import { WebSocketServer } from 'ws'
import { keySlots } from '../key-slots.js'
import type { ClientKey } from '../route-table.js'
import { ClientSocket } from './client-socket.js'
import type { SocketsHouse } from './sockets-house.js'
import { createTurnMemory } from './turn-memory.js'

export interface Handshake {
  req: IncomingMessage
  tcp: Socket
  head: Buffer
  path: string
  requestId: string
  /** The key that the client showed, while it is good. */
  key(): ClientKey | undefined
}

/** The WebSockets of clients: Responses, spoken as the official clients do (upstream-codex 4). */
export interface ClientSockets {
  /** Takes a handshake whose key was good. @returns the refusal, when it is not to be taken */
  upgrade(handshake: Handshake): Refused | undefined
  readonly open: number
  /** Some client key changed: closes the connections of those that are no longer good. */
  keysChanged(): void
  /** Takes no new ones; each that is open closes after the response that runs on it. */
  drain(): void
}

/** Why a handshake is answered with HTTP. `failure` is absent where the status says it all. */
export interface Refused {
  status: number
  headers: Readonly<Record<string, string>>
  failure?: Failure
}

const PATHS: ReadonlySet<string> = new Set(['/v1/responses', '/responses'])
/** The one version of the protocol; a client that names none means it (OpenAI's own SDK does not). */
const VERSION = '2026-02-06'
/** What all connections together remember of their conversations, characters. */
const REMEMBERED = 128 * 1024 * 1024

export function createClientSockets(house: SocketsHouse, requestId: () => string): ClientSockets {
  const { pingMs = 25_000, idleMs = 55 * 60_000 } = house
  const memory = createTurnMemory(REMEMBERED)
  const perKey = keySlots()
  const open = new Set<ClientSocket>()
  let ticking: NodeJS.Timeout | undefined
  let stopping = false

  function tick(): void {
    const now = performance.now()
    for (const socket of open) socket.tick(now, idleMs)
  }

  return {
    get open() {
      return open.size
    },
    upgrade({ req, tcp, head, path, requestId: id, key: goodKey }) {
      const key = goodKey()
      if (!PATHS.has(path) || !speaks(req) || key === undefined) return HTTP_ONLY
      if (stopping) return { status: 503, headers: { 'retry-after': '1' } }
      const limit = house.settings().exchangesPerKey
      if (!perKey.take(key.id, limit)) {
        return { status: 429, headers: { 'retry-after': '1' }, failure: tooManySockets(limit) }
      }
      tcp.once('close', () => perKey.give(key.id))
      // One a handshake, so that the limit is the one in force now. Compression would let a small frame become a huge one.
      const server = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: house.limits().decodedBytes,
      })
      const etag = house.modelsEtag?.()
      server.on('headers', (lines) => {
        lines.push(`x-request-id: ${id}`)
        if (etag !== undefined) lines.push(`x-models-etag: ${etag}`)
      })
      server.handleUpgrade(req, tcp, head, (socket) => {
        const client = new ClientSocket({ socket, tcp, handshake: req, path, key: goodKey }, house, memory, requestId)
        open.add(client)
        ticking ??= setInterval(tick, pingMs).unref()
        socket.once('close', () => {
          open.delete(client)
          if (open.size > 0) return
          clearInterval(ticking)
          ticking = undefined
        })
      })
      return undefined
    },
    keysChanged() {
      for (const socket of open) socket.checkKey()
    },
    drain() {
      stopping = true
      for (const socket of open) socket.drain()
    },
  }
}

/** The official client falls back to HTTP at once, and silently (upstream-codex 4.5). */
const HTTP_ONLY: Refused = { status: 426, headers: { 'sec-websocket-version': '13' } }

function speaks({ headers }: IncomingMessage): boolean {
  if (headers['sec-websocket-version'] !== '13' || headers.upgrade?.toLowerCase() !== 'websocket') return false
  const named = String(headers['openai-beta'] ?? '')
    .split(',')
    .map((beta) => beta.trim().split('='))
    .find(([beta]) => beta === 'responses_websockets')
  return named === undefined || named[1] === undefined || named[1] === VERSION
}

function tooManySockets(limit: number): Failure {
  return {
    kind: 'rate_limited',
    scope: 'request',
    phase: 'unsent',
    retry: 'never',
    code: 'concurrency_limit_exceeded',
    message: `this client key has ${limit} WebSockets open, which is its limit (server.connections_per_key)`,
  }
}
