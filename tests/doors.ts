import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Failure } from '@dragoman/protocol'
import { networkFailure, type Transport, type Way } from '../packages/gateway/src/transport/index.js'
import { testCertificate } from './test-certificate.js'

/** What came back through a door. */
export interface Passed {
  status: number
  text: string
}

export interface Passage {
  /** `http://…` or `https://…`; the WebSocket's is derived from it. */
  url: string
  owner?: string
  via?: Way
}

/** Everything in the transport that makes connections, each as one exchange: sends `hello`, and hears what the upstream says. */
export const DOORS: Readonly<Record<string, (transport: Transport, to: Passage) => Promise<Passed>>> = {
  'a stream': throughStream,
  'a small request': async (transport, { url, owner, via }) => {
    const { status, body } = await transport.request({
      url,
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'hello',
      timeoutMs: 10_000,
      ...(owner === undefined ? {} : { owner }),
      ...(via === undefined ? {} : { via }),
    })
    return { status, text: body }
  },
  'a WebSocket': throughSocket,
}

export function throughStream(transport: Transport, { url, owner = 'a', via }: Passage): Promise<Passed> {
  return new Promise((resolve, reject) => {
    const at = /^([a-z]+:[/\\]*[^/\\?#]*)(.*)$/is.exec(url)
    let status = 0
    let text = ''
    transport.open(
      {
        origin: at?.[1] ?? url,
        path: at?.[2] || '/',
        method: 'POST',
        headers: ['content-type', 'text/plain'],
        body: 'hello',
        owner,
        ...(via === undefined ? {} : { via }),
      },
      {
        sent: () => undefined,
        head: (code) => (status = code),
        data: (chunk) => (text += chunk.toString()),
        end: () => resolve({ status, text }),
        error: reject,
      },
    )
  })
}

function throughSocket(transport: Transport, { url, owner = 'a', via }: Passage): Promise<Passed> {
  return new Promise((resolve, reject) => {
    const flow = transport.openSocket(
      {
        url: url.replace(/^http/i, 'ws'),
        headers: [],
        owner,
        openTimeoutMs: 2_000,
        ...(via === undefined ? {} : { via }),
      },
      {
        open: () => flow.send('hello'),
        refused: (status, _, body) => resolve({ status, text: body.toString() }),
        message(text) {
          flow.close()
          resolve({ status: 101, text })
        },
        close: (code) => reject(new Error(`closed with ${code}`)),
        error: reject,
      },
    )
  })
}

/** What a door's error means; fails when it let something through. */
export async function failureOf(passing: Promise<Passed>): Promise<Failure> {
  try {
    const { status } = await passing
    throw new Error(`it came through with status ${status}`)
  } catch (error) {
    return networkFailure(error as Error, 'the upstream', 'unsent')
  }
}

/** An upstream on loopback that counts who comes. */
export interface Upstream {
  port: number
  readonly connections: number
  readonly requests: readonly IncomingMessage[]
  /** Its open connections. */
  readonly open: ReadonlySet<Socket>
  close(): Promise<void>
}

export interface UpstreamOptions {
  tls?: boolean
  answer?: RequestListener
  /** `answer` answers a WebSocket's handshake, too. */
  refuseSockets?: boolean
}

/** Says back what it hears, over HTTP and WebSocket, unless `answer` does something else over HTTP. */
export async function startUpstream(options: UpstreamOptions = {}): Promise<Upstream> {
  const requests: IncomingMessage[] = []
  const open = new Set<Socket>()
  let connections = 0
  const answer: RequestListener = (request, response) => {
    requests.push(request)
    if (options.answer !== undefined) return options.answer(request, response)
    response.writeHead(200, { 'content-type': 'text/plain' })
    request.pipe(response)
  }
  const server = options.tls === true ? createSecureServer(testCertificate(), answer) : createServer(answer)
  server.on('connection', (socket: Socket) => {
    connections++
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const sockets = new WebSocketServer({ noServer: true })
  // Without a listener for upgrades, node:http takes them for requests.
  if (options.refuseSockets !== true) {
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
      sockets.handleUpgrade(request, socket, head, (open) => sockets.emit('connection', open, request)),
    )
  }
  sockets.on('connection', (socket, request) => {
    requests.push(request)
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    requests,
    open,
    async close() {
      const closed = once(server, 'close')
      for (const socket of sockets.clients) socket.terminate()
      server.close()
      server.closeAllConnections()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
