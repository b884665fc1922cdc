import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { defaultConnectionHandler, Socks5Server } from '@pondwader/socks5-server'
import { Server as ProxyChain } from 'proxy-chain'
import { Secret } from '../packages/gateway/src/telemetry/index.js'
import type { ProxyAddress, ProxyProtocol } from '../packages/gateway/src/transport/index.js'
import { testCertificate } from './test-certificate.js'

/** A proxy on loopback that really proxies, or fails in one way. */
export interface TestProxy {
  port: number
  /** How to reach it, with its login. `change` for a wrong password, another protocol or another id. */
  address(change?: Partial<ProxyAddress>): ProxyAddress
  /** `http://user:password@127.0.0.1:port`, for what takes a proxy as a URL. */
  url: string
  /** Connections that were made to it. */
  readonly connections: number
  /** What it was asked for, `host:port`. */
  readonly targets: readonly string[]
  /** Cuts every connection through it. */
  cut(): void
  close(): Promise<void>
}

export const LOGIN = { username: 'traveller', password: 'canary-proxy-password' }

export interface ProxyOptions {
  /** Default {@link LOGIN}; `null`: everybody may. */
  login?: { username: string; password: string } | null
  /** Names that only the proxy knows, and the loopback address that they mean. */
  names?: Readonly<Record<string, string>>
}

/** An HTTP proxy that tunnels by CONNECT; with `https` it is spoken to over TLS. */
export async function startConnectProxy(
  protocol: 'http' | 'https' = 'http',
  { login = LOGIN, names = {} }: ProxyOptions = {},
): Promise<TestProxy> {
  const targets: string[] = []
  const inner = new ProxyChain({
    host: '127.0.0.1',
    port: 0,
    ...(protocol === 'https' ? { serverType: 'https' as const, httpsOptions: testCertificate() } : {}),
    prepareRequestFunction({ hostname, port, username, password }) {
      if (login !== null && (username !== login.username || password !== login.password)) {
        return { requestAuthentication: true, failMsg: 'who are you?' }
      }
      targets.push(`${hostname}:${port}`)
      return {
        dnsLookup: ((name: string, { all }: { all?: boolean }, done: (...told: unknown[]) => void) => {
          const address = names[name]
          if (address === undefined) done(Object.assign(new Error('unknown name'), { code: 'ENOTFOUND' }))
          else if (all === true) done(null, [{ address, family: 4 }])
          else done(null, address, 4)
        }) as never,
      }
    },
  } as ConstructorParameters<typeof ProxyChain>[0])
  await inner.listen()
  return proxyOver(inner.server, protocol, login, targets)
}

/** A SOCKS5 proxy; to be spoken to as `socks5` or `socks5h`. */
export async function startSocksProxy({ login = LOGIN, names = {} }: ProxyOptions = {}): Promise<TestProxy> {
  const targets: string[] = []
  const inner = new Socks5Server()
  if (login !== null) {
    inner.setAuthHandler(({ username, password }) => username === login.username && password === login.password)
  }
  inner.setConnectionHandler((connection, sendStatus) => {
    targets.push(`${connection.destAddress}:${connection.destPort}`)
    connection.destAddress = names[connection.destAddress] ?? connection.destAddress
    return defaultConnectionHandler(connection, sendStatus)
  })
  const server = createServer((socket) => void inner._handleConnection(socket))
  await listen(server)
  return proxyOver(server, 'socks5', login, targets)
}

/** How a faulty proxy fails: it takes the connection and then … */
export type ProxyFault =
  /** says nothing to CONNECT */
  | 'hangs'
  /** answers CONNECT with this status */
  | { status: number }
  /** agrees, and ends the connection */
  | 'cuts'
  /** speaks no HTTP */
  | 'babbles'
  /** ends the connection at once */
  | 'hangs up'

export async function startFaultyProxy(fault: ProxyFault): Promise<TestProxy> {
  const targets: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    if (fault === 'hangs up') return socket.destroy()
    socket.once('data', (asked: Buffer) => {
      targets.push(/^CONNECT (\S+)/.exec(asked.toString('latin1'))?.[1] ?? '')
      if (fault === 'hangs') return
      if (fault === 'babbles') return socket.end('220 mail.example ESMTP\r\n')
      if (fault === 'cuts') {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n', () => socket.resetAndDestroy())
        return
      }
      socket.end(`HTTP/1.1 ${fault.status} Because\r\ncontent-length: 3\r\n\r\nno\n`)
    })
  })
  await listen(server)
  return proxyOver(server, 'http', LOGIN, targets)
}

/** A port that nothing listens on: it was free a moment ago. */
export async function deadPort(): Promise<number> {
  const server = createServer()
  await listen(server)
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

function proxyOver(
  server: Server,
  protocol: ProxyProtocol,
  login: { username: string; password: string } | null,
  targets: string[],
): TestProxy {
  const { port } = server.address() as AddressInfo
  const open = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections++
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const cut = (): void => {
    for (const socket of open) socket.destroy()
  }
  const user = login === null ? '' : `${login.username}:${login.password}@`
  return {
    port,
    address: (change = {}) => ({
      id: 'proxy_1',
      name: 'Berlin',
      protocol,
      host: '127.0.0.1',
      port,
      ...(login === null ? {} : { username: login.username, password: new Secret(login.password) }),
      ...change,
    }),
    url: `${protocol}://${user}127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    targets,
    cut,
    async close() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
