import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { networkFailure } from './network-failure.js'
import type { SocketFlow, SocketRequest, SocketSink } from './socket.js'
import { createTransport, type Transport } from './transport.js'

type News =
  | ['open', Readonly<Record<string, string>>]
  | ['refused', number, Readonly<Record<string, string>>, string]
  | ['message', string]
  | ['alive']
  | ['close', number, string]
  | ['error', Error]

let server: Server
let sockets: WebSocketServer
let transport: Transport
let open: Set<Socket>

beforeEach(async () => {
  open = new Set()
  server = createServer()
  sockets = new WebSocketServer({ server })
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  transport = createTransport({
    connectTimeoutMs: 5_000,
    connectionsPerOwner: 1,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
})

afterEach(async () => {
  await transport.close()
  for (const client of sockets.clients) client.terminate()
  for (const socket of open) socket.destroy()
  server.close()
})

const portOf = (of: { address(): unknown }): number => (of.address() as AddressInfo).port

/** A WebSocket and its news in order; `next` waits for one of a kind. */
function openOne(more: Partial<SocketRequest> = {}) {
  const news: News[] = []
  const waiting: (() => void)[] = []
  const tell = (one: News): void => {
    news.push(one)
    for (const wake of waiting.splice(0)) wake()
  }
  const sink: SocketSink = {
    open: (headers) => tell(['open', headers]),
    refused: (status, headers, body) => tell(['refused', status, headers, body.toString()]),
    message: (text) => tell(['message', text]),
    alive: () => tell(['alive']),
    close: (code, reason) => tell(['close', code, reason]),
    error: (error) => tell(['error', error]),
  }
  const flow: SocketFlow = transport.openSocket(
    { url: `ws://127.0.0.1:${portOf(server)}/path?x=1`, headers: [], owner: 'a', openTimeoutMs: 5_000, ...more },
    sink,
  )
  async function next<Kind extends News[0]>(kind: Kind): Promise<Extract<News, [Kind, ...unknown[]]>> {
    for (;;) {
      const found = news.find((one) => one[0] === kind)
      if (found !== undefined) return found as Extract<News, [Kind, ...unknown[]]>
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const kinds = (): string[] => news.map(([kind]) => kind).filter((kind) => kind !== 'alive')
  return { flow, news, next, kinds }
}

async function connected(): Promise<[WebSocket, IncomingMessage]> {
  return (await once(sockets, 'connection')) as [WebSocket, IncomingMessage]
}

describe('a WebSocket to an upstream', () => {
  test('keeps the order of its headers, asks for no compression, and tells those of the answer', async () => {
    sockets.on('headers', (headers) => headers.push('X-Turn: one', 'Set-Cookie: a=1', 'Set-Cookie: b=2'))
    const arriving = connected()
    const { next } = openOne({
      headers: ['Zebra', '1', 'authorization', 'Bearer x', 'Apple', '2', 'Twice', 'a', 'Twice', 'b'],
    })
    const [, request] = await arriving
    const names = request.rawHeaders.filter((_, n) => n % 2 === 0)
    expect(names.slice(0, 7)).toEqual([
      'host',
      'Zebra',
      'authorization',
      'Apple',
      'Twice',
      'Twice',
      'Sec-WebSocket-Version',
    ])
    expect(request.headers).toMatchObject({ host: `127.0.0.1:${portOf(server)}`, authorization: 'Bearer x' })
    expect(request.headers['sec-websocket-extensions']).toBe(undefined)
    expect(request.headers['origin']).toBe(undefined)
    expect(request.url).toBe('/path?x=1')
    const [, headers] = await next('open')
    expect(headers).toMatchObject({ 'x-turn': 'one', 'set-cookie': 'a=1, b=2' })
  })

  test('carries texts both ways; what is sent early waits for the handshake', async () => {
    sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
    const { flow, next, kinds } = openOne()
    flow.send('grüße')
    expect(await next('message')).toEqual(['message', 'grüße'])
    expect(kinds()).toEqual(['open', 'message'])
  })

  test('hears pings and pongs as signs of life', async () => {
    const arriving = connected()
    const { flow, next, news } = openOne()
    const [peer] = await arriving
    await next('open')
    const pinged = once(peer, 'ping')
    flow.ping()
    await pinged
    await next('alive')
    news.length = 0
    peer.ping()
    await next('alive')
  })

  test.each([401, 403, 426, 503])('hands a refusal with %i on, with its headers and its body', async (status) => {
    server.removeAllListeners('upgrade')
    server.on('request', (_, response) => {
      response.writeHead(status, { 'retry-after': '7', 'content-type': 'application/json' }).end('{"error":"no"}')
    })
    const { next, kinds } = openOne()
    const [, told, headers, body] = await next('refused')
    expect([told, headers['retry-after'], body]).toEqual([status, '7', '{"error":"no"}'])
    expect(kinds()).toEqual(['refused'])
  })

  test('reads no more than 64 KiB of a refusal', async () => {
    server.removeAllListeners('upgrade')
    server.on('request', (_, response) => response.writeHead(400).end('x'.repeat(1024 * 1024)))
    const [, , , body] = await openOne().next('refused')
    expect(body).toHaveLength(64 * 1024)
  })

  test('tells how the other side closed it', async () => {
    sockets.on('connection', (socket) => socket.close(4001, 'go away'))
    const { next, kinds } = openOne()
    expect(await next('close')).toEqual(['close', 4001, 'go away'])
    expect(kinds()).toEqual(['open', 'close'])
  })

  test('tells a dropped connection as 1006', async () => {
    sockets.on('connection', (socket) => socket.terminate())
    const { next, kinds } = openOne()
    expect(await next('close')).toEqual(['close', 1006, ''])
    expect(kinds()).toEqual(['open', 'close'])
  })

  test('a binary message is an error, and the end', async () => {
    const gone = connected().then(([peer]) => {
      peer.send(Buffer.from('bytes'))
      return once(peer, 'close')
    })
    const { next, kinds } = openOne()
    await next('error')
    await gone
    expect(kinds()).toEqual(['open', 'error'])
  })

  test('a message beyond 64 MiB is refused by its announced length', async () => {
    const frame = Buffer.alloc(10)
    frame.writeUInt8(0x81, 0)
    frame.writeUInt8(127, 1)
    frame.writeBigUInt64BE(BigInt(64 * 1024 * 1024 + 1), 2)
    sockets.on('connection', (_, request) => request.socket.write(frame))
    const { next, kinds } = openOne()
    expect((await next('error'))[1].message).toMatch(/max payload/i)
    expect(kinds()).toEqual(['open', 'error'])
  })

  test('paused, it holds the other side back and loses nothing', async () => {
    const text = 'x'.repeat(64 * 1024)
    const total = 800
    const arriving = connected()
    let got = 0
    let done: () => void = () => undefined
    const all = new Promise<void>((resolve) => (done = resolve))
    const flow = transport.openSocket(
      { url: `ws://127.0.0.1:${portOf(server)}/`, headers: [], owner: 'a', openTimeoutMs: 5_000 },
      {
        open: () => flow.pause(),
        refused: () => undefined,
        message: () => void (++got === total && done()),
        close: () => undefined,
        error: () => undefined,
      },
    )
    const [peer] = await arriving
    for (let n = 0; n < total; n++) peer.send(text)
    // What the network takes is taken; then everything stands still.
    let last = -1
    while (last !== peer.bufferedAmount) {
      last = peer.bufferedAmount
      for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    }
    expect(peer.bufferedAmount).toBeGreaterThan(0)
    expect(got).toBeLessThan(total)
    flow.resume()
    await all
  })

  test.each([
    ['politely', false, 1000],
    ['at once', true, 1006],
  ])('closed %s by its owner it says nothing more', async (_, now, code) => {
    const arriving = connected()
    const { flow, next, kinds } = openOne()
    const [peer] = await arriving
    await next('open')
    const closed = once(peer, 'close')
    peer.send('late')
    flow.close(now)
    flow.send('never')
    expect((await closed)[0]).toBe(code)
    expect(kinds()).toEqual(['open'])
  })

  test('closed before it is open it leaves no connection', async () => {
    const silent = createTcpServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const arriving = once(silent, 'connection') as Promise<[Socket]>
    const { flow, kinds } = openOne({ url: `ws://127.0.0.1:${portOf(silent)}/` })
    const [peer] = await arriving
    peer.resume()
    const closed = once(peer, 'close')
    flow.close()
    await closed
    expect(kinds()).toEqual([])
    silent.close()
  })

  test('closed before it is even dialled it dials nobody', async () => {
    let connections = 0
    server.on('connection', () => connections++)
    openOne().flow.close()
    const { next } = openOne()
    await next('open')
    expect(connections).toBe(1)
  })

  test('a handshake that is never answered ends in time', async () => {
    server.removeAllListeners('upgrade')
    server.on('request', () => undefined)
    const { next, kinds } = openOne({ openTimeoutMs: 100 })
    const [, error] = await next('error')
    expect(networkFailure(error, 'there', 'unsent')).toMatchObject({
      kind: 'unreachable',
      scope: 'provider',
      phase: 'unsent',
    })
    expect(kinds()).toEqual(['error'])
  })

  test('nobody listening is told', async () => {
    const [, error] = await openOne({ url: 'ws://127.0.0.1:1/' }).next('error')
    expect(networkFailure(error, 'there', 'unsent')).toMatchObject({ kind: 'unreachable', phase: 'unsent' })
  })

  test.each(['http://127.0.0.1:1/', 'https://127.0.0.1:1/', 'ftp://127.0.0.1/', 'nonsense'])(
    '%s is no address of one',
    async (url) => {
      const [, error] = await openOne({ url }).next('error')
      expect(networkFailure(error, 'there', 'unsent')).toMatchObject({ code: 'egress_forbidden' })
    },
  )

  test('a header that cannot be sent is an error, not a crash', async () => {
    const { next, kinds } = openOne({ headers: ['x', 'a\r\nb: c'] })
    await next('error')
    expect(kinds()).toEqual(['error'])
  })

  test('the end of the transport drops what is open and tells', async () => {
    const { next } = openOne()
    await next('open')
    await transport.close()
    expect((await next('close'))[1]).toBe(1006)
  })
})
