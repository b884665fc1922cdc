import {
  createServer as createHttpServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { FailureError, type Dialect, type DialectId, type Failure } from '@dragoman/protocol'
import { retryHeaders } from '../relay/index.js'
import { requestIds, type Log } from '../telemetry/index.js'
import { keyHashOf } from './credential.js'
import { ADMIN_ONLY, type AdminDoor } from './admin-door.js'
import { MANAGEMENT_HEADERS, managementError, statusOf } from './admin/errors.js'
import { clientAddress, requestOrigin, trustedProxies, type TrustedProxies } from './forwarded.js'
import { guard, type GuardRules } from './guards.js'
import { enter, type KeyDoor } from './key-limits.js'
import { keyRefusal, type WhyNoKey } from './key-refusal.js'
import { refusedKeys } from './refused-keys.js'
import { routeTable, type Asked, type ClientKey, type Route, type RouteTable } from './route-table.js'
import { sendJson } from './send.js'
import { createClientSockets, type Refused, type SocketsHouse } from './sockets/index.js'

export interface ServerSettings extends GuardRules {
  exchangesPerKey: number
  headersTimeoutMs: number
  requestTimeoutMs: number
  keepAliveMs: number
  maxConnections: number
}

export interface ServerHouse extends KeyDoor {
  /** Only their error forms are used here. */
  dialects: Readonly<Record<DialectId, Dialect>>
  /** SHA-256 in hex → the key, when it is good now. */
  findKey(hash: string): ClientKey | undefined
  /** What is known of a key that {@link findKey} did not find. */
  whyNoKey?: WhyNoKey
  /** Who opens management. Default: nobody does. */
  admin?: AdminDoor
  settings(): ServerSettings
  /** Whose word on where a request comes from is believed. Default: nobody's. */
  trusted?: TrustedProxies
  log: Log
}

/** What WebSockets need beyond what every listener does. */
export type ServedBySockets = Omit<SocketsHouse, 'dialects' | keyof KeyDoor | 'settings' | 'log'>

export interface GatewayServer {
  readonly routes: RouteTable
  /** Listens on one address. @throws the system's error, e.g. EADDRINUSE */
  listen(host: string, port: number): Promise<AddressInfo>
  /** Some client key was made, changed or revoked: WebSockets of keys that are no longer good are closed. */
  keysChanged(): void
  /** Takes no new connection; open ones may finish. Resolves when all are gone. */
  close(): Promise<void>
  /** Breaks what is still open. */
  destroy(): void
}

/**
 * The listeners of some routes, with the guards in front of each.
 * @param options.keyless the key that requests without a good one run under; without it they are refused
 * @param options.sockets serve Responses over WebSocket, too; without it clients are sent to HTTP
 */
export function createServer(
  house: ServerHouse,
  routes: readonly Route[],
  options: { keyless?: () => ClientKey | undefined; sockets?: ServedBySockets } = {},
): GatewayServer {
  const requestId = requestIds()
  const wrongKeys = refusedKeys(house.log)
  const trusted = house.trusted ?? trustedProxies(() => [])
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  const table = routeTable(routes)
  const clients =
    options.sockets === undefined
      ? undefined
      : createClientSockets({ ...house, ...options.sockets }, () => requestId(undefined))

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const id = requestId(req.headers['x-request-id'])
    const { path, query } = targetOf(req)
    const headers: Record<string, string> = { 'x-request-id': id }
    // The name by which Anthropic's SDKs know it.
    if (req.headers['anthropic-version'] !== undefined) headers['request-id'] = id
    const settings = house.settings()
    let leave: (() => void) | undefined
    try {
      const ownOrigin = originOf(req)
      const verdict = guard(req, settings, ownOrigin)
      if (!verdict.pass) {
        if ('headers' in verdict) {
          res.writeHead(204, { ...headers, ...verdict.headers })
          res.end()
          return
        }
        refuse(req, res, path, headers, verdict.failure, verdict.status)
        return
      }
      Object.assign(headers, verdict.cors)
      const found = table.find(req.method ?? '', path)
      const hash = keyHashOf(req, query)
      // Somebody's own key counts everywhere: its limits, its shaping, its records.
      const key = (hash === undefined ? undefined : house.findKey(hash)) ?? options.keyless?.()
      let admin: Asked['admin']
      if (found?.route.access === 'admin') {
        const entered = house.admin?.enter(req, hash, found.route, ownOrigin) ?? {
          refused: ADMIN_ONLY,
          status: 401 as const,
        }
        if ('refused' in entered) {
          if (entered.status === 401 && key !== undefined) throw new FailureError(NOT_ADMIN)
          if (hash !== undefined) wrongKeys.note(clientAddress(req, trusted), id)
          const challenge: Record<string, string> = entered.status === 401 ? { 'www-authenticate': 'Bearer' } : {}
          refuse(req, res, path, { ...headers, ...challenge }, entered.refused, entered.status)
          return
        }
        admin = entered
        const { route, pattern, id: of } = found
        house.admin?.attend({ admin, route, pattern, id: of, address: clientAddress(req, trusted), req, res })
      } else if (found?.route.access !== 'public' && key === undefined) {
        if (hash !== undefined) wrongKeys.note(clientAddress(req, trusted), id)
        refuse(req, res, path, { ...headers, 'www-authenticate': 'Bearer' }, keyRefusal(hash, house.whyNoKey))
        return
      }
      if (found === undefined) {
        const other = table.anyMethod(path)
        if (other === undefined) refuse(req, res, path, headers, noSuchPath(path))
        else refuse(req, res, path, { ...headers, allow: other.methods.join(', ') }, wrongMethod(other.methods), 405)
        return
      }
      if (key !== undefined && req.method === 'POST') {
        const { route, id: of } = found
        const entered = enter(house, key, {
          mostOpen: settings.exchangesPerKey,
          local: route.local?.(of) === true,
        })
        if (typeof entered === 'object') throw new FailureError(entered)
        leave = entered
      }
      await found.route.answer({
        req,
        res,
        path,
        query,
        requestId: id,
        headers,
        id: found.id,
        key,
        ownOrigin,
        ...(admin === undefined ? {} : { admin }),
      })
    } catch (error) {
      if (!(error instanceof FailureError)) house.log.error({ err: error, requestId: id }, 'a route failed')
      const failure = error instanceof FailureError ? error.failure : broken(id)
      if (res.headersSent || res.destroyed) res.destroy()
      else refuse(req, res, path, headers, failure, failure.upstream?.status === 415 ? 415 : undefined)
    } finally {
      leave?.()
    }
  }

  /** Where the pages of this gateway lie for this client. */
  function originOf(req: IncomingMessage): string {
    const { protocol, host = '' } = requestOrigin(req, trusted)
    return `${protocol}://${host}`
  }

  /** An error in the shape of the protocol that this path speaks. */
  function refuse(
    req: IncomingMessage,
    res: ServerResponse,
    path: string,
    headers: Record<string, string>,
    failure: Failure,
    status?: number,
  ): void {
    const spoken = (table.find(req.method ?? '', path)?.route ?? table.anyMethod(path))?.dialect ?? 'by headers'
    // What was not read of the request must not be taken for the next one.
    if (!req.complete) res.shouldKeepAlive = false
    if (spoken === 'management') {
      const told = { ...MANAGEMENT_HEADERS, ...retryHeaders(failure, Date.now(), false), ...headers }
      sendJson(res, status ?? statusOf(failure), told, managementError(failure))
      return
    }
    const dialect = house.dialects[spoken === 'by headers' ? spokenBy(req) : spoken]
    const error = dialect.serve.encodeError(failure, headers['x-request-id'], Date.now())
    const again = retryHeaders(failure, Date.now(), false)
    sendJson(res, status ?? error.status, { ...error.headers, ...again, ...headers }, error.body)
  }

  /** A WebSocket's handshake, behind the same guards. Where none is served clients are sent to HTTP (clients 2.2). */
  function upgrade(req: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => undefined)
    const id = requestId(req.headers['x-request-id'])
    const { path, query } = targetOf(req)
    const verdict = guard(req, house.settings(), originOf(req))
    const hash = keyHashOf(req, query)
    const key = (): ClientKey | undefined =>
      (hash === undefined ? undefined : house.findKey(hash)) ?? options.keyless?.()
    let refused: Refused | undefined
    if (!verdict.pass) refused = { status: 403, headers: {} }
    else if (clients === undefined) refused = { status: 426, headers: {} }
    else if (key() === undefined) {
      const failure = keyRefusal(hash, house.whyNoKey)
      if (hash !== undefined) wrongKeys.note(clientAddress(req, trusted), id)
      refused = { status: 401, headers: { 'www-authenticate': 'Bearer' }, failure }
    } else refused = clients.upgrade({ req, tcp: socket, head, path, requestId: id, key })
    if (refused !== undefined) refuseUpgrade(socket, refused, id)
  }

  function refuseUpgrade(socket: Socket, { status, headers, failure }: Refused, id: string): void {
    const { encodeError } = house.dialects['openai-responses'].serve
    const error = failure === undefined ? undefined : encodeError(failure, id, Date.now())
    const body = error === undefined ? '' : JSON.stringify(error.body)
    const lines = Object.entries({
      connection: 'close',
      'x-request-id': id,
      ...(error === undefined
        ? {}
        : { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }),
      ...error?.headers,
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
  }

  return {
    routes: table,
    async listen(host, port) {
      const settings = house.settings()
      const server = createHttpServer({
        headersTimeout: settings.headersTimeoutMs,
        requestTimeout: settings.requestTimeoutMs,
        connectionsCheckingInterval: 5_000,
        keepAliveTimeout: settings.keepAliveMs,
        maxHeaderSize: 16 * 1024,
        noDelay: true,
      })
      server.maxHeadersCount = 100
      server.maxConnections = settings.maxConnections
      server.on('request', (req, res) => {
        answer(req, res).catch((error: unknown) => {
          house.log.error({ err: error }, 'a request could not even be refused')
          res.destroy()
        })
      })
      server.on('upgrade', upgrade)
      server.on('connection', (socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
      server.on('clientError', (_, socket) => {
        if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      })
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host, port }, () => {
          server.off('error', reject)
          server.on('error', (error) => house.log.error({ err: error }, 'the listener failed'))
          resolve()
        })
      })
      servers.push(server)
      return server.address() as AddressInfo
    },
    keysChanged: () => clients?.keysChanged(),
    async close() {
      clients?.drain()
      // A connection that falls idle after its last reply would hold the end up for its whole keep-alive time.
      const sweep = setInterval(() => servers.forEach((server) => server.closeIdleConnections()), 50)
      await Promise.all(servers.map((server) => new Promise<void>((resolve) => void server.close(() => resolve()))))
      clearInterval(sweep)
    },
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function targetOf({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const mark = url.indexOf('?')
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}

/** On a path that tells no protocol the client's own headers do. */
function spokenBy(req: IncomingMessage): DialectId {
  if (req.headers['anthropic-version'] !== undefined) return 'anthropic-messages'
  return req.headers['x-goog-api-key'] === undefined ? 'openai-chat' : 'gemini'
}

const plain = { scope: 'request', phase: 'unsent', retry: 'never' } as const

const NOT_ADMIN: Failure = {
  ...plain,
  kind: 'forbidden',
  message: 'a client key opens protocol routes only, never management',
}

function noSuchPath(path: string): Failure {
  return { ...plain, kind: 'not_found', message: `nothing is served at ${path.slice(0, 200)}` }
}

function wrongMethod(methods: readonly string[]): Failure {
  return { ...plain, kind: 'invalid_request', message: `this path takes ${methods.join(', ')}` }
}

function broken(requestId: string): Failure {
  return {
    ...plain,
    scope: 'gateway',
    kind: 'internal',
    message: `the gateway failed; its log names this request as ${requestId}`,
  }
}
