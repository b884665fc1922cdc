import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { anthropicMessages, gemini, ollama, openaiChat, openaiResponses, type Failure } from '@dragoman/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import type { Exchange } from '../../relay/index.js'
import { keySlots } from '../key-slots.js'
import { bodyBudget } from '../read-body.js'
import type { ClientKey } from '../route-table.js'
import { createClientSockets, type ClientSockets, type Refused } from './client-sockets.js'
import type { SocketsHouse } from './sockets-house.js'

const KEY: ClientKey = { id: 'k', name: 'k' }
const dialects = {
  'openai-responses': openaiResponses,
  'openai-chat': openaiChat,
  'anthropic-messages': anthropicMessages,
  gemini,
  ollama,
}
const log = { debug() {}, info() {}, warn() {}, error() {} }

interface World {
  sockets: ClientSockets
  key: { good: ClientKey | undefined }
  refused: Refused[]
  connect(options?: ClientOptions): Promise<WebSocket>
}
const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** A door with a relay that answers as a test says. */
async function world(
  run: (exchange: Exchange) => Promise<void> | void,
  more: Partial<SocketsHouse> = {},
): Promise<World> {
  let ids = 0
  const key: World['key'] = { good: KEY }
  const refused: Refused[] = []
  const sockets = createClientSockets(
    {
      relay: { open: 0, stop() {}, run: async (exchange) => run(exchange) },
      dialects,
      budget: bodyBudget(() => 1_000_000),
      limits: () => ({ wireBytes: 500_000, decodedBytes: 5_000_000, depth: 100, nodes: 10_000 }),
      slots: keySlots(),
      settings: () => ({ exchangesPerKey: 10 }),
      log,
      ...more,
    },
    () => `req_${ids++}`,
  )
  const server = createServer()
  servers.push(server)
  server.on('upgrade', (req, tcp, head) => {
    const no = sockets.upgrade({
      req,
      tcp: tcp as Socket,
      head,
      path: req.url ?? '',
      requestId: 'req_h',
      key: () => key.good,
    })
    if (no === undefined) return
    refused.push(no)
    tcp.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    sockets,
    key,
    refused,
    async connect(options = {}) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/responses`, options)
      await once(socket, 'open')
      return socket
    },
  }
}

const create = (more: object = {}) => JSON.stringify({ type: 'response.create', model: 'm', input: 'x', ...more })
const closed = async (socket: WebSocket) => ((await once(socket, 'close')) as [number])[0]
async function heard(socket: WebSocket): Promise<Record<string, unknown>> {
  const [data] = (await once(socket, 'message')) as [Buffer]
  return JSON.parse(String(data)) as Record<string, unknown>
}
const event = (data: object & { type: string }) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const answer = ({ response }: Exchange, id = 'resp_1') => {
  response.writeHead(200, {})
  response.end(event({ type: 'response.completed', response: { id } } as never))
}

describe('the life of a connection', () => {
  test('a client that answers no ping is dropped', async () => {
    const { connect, sockets } = await world(() => undefined, { pingMs: 10 })
    const socket = await connect({ autoPong: false })
    expect(await closed(socket)).toBe(1006)
    await expect.poll(() => sockets.open).toBe(0)
  })

  test('one that answers stays, until it has asked nothing for too long', async () => {
    const { connect } = await world(() => undefined, { pingMs: 10, idleMs: 100 })
    const socket = await connect()
    await once(socket, 'ping')
    await once(socket, 'ping')
    expect(await closed(socket)).toBe(1000)
  })

  test('a key that has expired is noticed without a request', async () => {
    const { connect, key } = await world(() => undefined, { pingMs: 10 })
    const socket = await connect()
    const told = heard(socket)
    key.good = undefined
    expect(await told).toMatchObject({ type: 'error', status: 401, error: { code: 'invalid_api_key' } })
    expect(await closed(socket)).toBe(1008)
  })

  test('and with one', async () => {
    const { connect, key } = await world(answer)
    const socket = await connect()
    key.good = undefined
    socket.send(create())
    expect(await heard(socket)).toMatchObject({ status: 401 })
    expect(await closed(socket)).toBe(1008)
  })

  test('a gateway that stops takes no new ones', async () => {
    const { connect, sockets, refused } = await world(answer)
    const socket = await connect()
    sockets.drain()
    expect(await closed(socket)).toBe(1001)
    await expect(connect()).rejects.toThrow()
    expect(refused).toMatchObject([{ status: 503 }])
  })

  test('so many connections a key, and their places are given back', async () => {
    const { connect, refused } = await world(answer, { settings: () => ({ exchangesPerKey: 1 }) })
    const socket = await connect()
    await expect(connect()).rejects.toThrow()
    expect(refused).toMatchObject([{ status: 429, failure: { code: 'concurrency_limit_exceeded' } }])
    socket.close()
    await closed(socket)
    await expect
      .poll(() =>
        connect().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
  })

  test('a frame that never ends is no memory without limit', async () => {
    const { connect } = await world(answer, { budget: bodyBudget(() => 100_000) })
    const socket = await connect()
    const told = heard(socket)
    socket.send('x'.repeat(150_000), { fin: false })
    expect(await told).toMatchObject({ status: 503, error: { code: 'server_is_overloaded' } })
    expect(await closed(socket)).toBe(1013)
  })

  test('what was read is given back', async () => {
    let used = 0
    const budget = { take: (bytes: number) => ((used += bytes), true), give: (bytes: number) => void (used -= bytes) }
    const { connect, sockets } = await world(answer, { budget })
    const socket = await connect()
    socket.send(create({ input: 'x'.repeat(100_000) }))
    await heard(socket)
    expect(used).toBe(0)
    socket.send('x'.repeat(50_000), { fin: false })
    await expect.poll(() => used).toBeGreaterThan(40_000)
    socket.terminate()
    await expect.poll(() => sockets.open).toBe(0)
    expect(used).toBe(0)
  })
})

describe('requests', () => {
  test('one that comes when the end was told, but not yet done, waits for it', async () => {
    const done = Promise.withResolvers<void>()
    const inputs: unknown[] = []
    let asked = 0
    const { connect } = await world(async (exchange) => {
      inputs.push(exchange.request.input)
      answer(exchange, `resp_${++asked}`)
      if (asked === 1) await done.promise
    })
    const socket = await connect()
    socket.send(create())
    expect(await heard(socket)).toMatchObject({ type: 'response.completed' })
    socket.send(create({ previous_response_id: 'resp_1', input: 'y' }))
    // A third is one too many.
    socket.send(create())
    expect(await heard(socket)).toMatchObject({ status: 409, error: { code: 'response_in_progress' } })
    done.resolve()
    expect(await heard(socket)).toMatchObject({ response: { id: 'resp_2' } })
    expect(inputs).toHaveLength(2)
    expect(inputs[1]).toHaveLength(2)
  })

  test('a defect of the gateway is an error frame, and the next request is served', async () => {
    let asked = 0
    const { connect } = await world((exchange) => {
      if (asked++ === 0) throw new Error('a defect')
      answer(exchange)
    })
    const socket = await connect()
    socket.send(create())
    expect(await heard(socket)).toMatchObject({
      status: 500,
      error: { message: expect.stringContaining('req_') as unknown },
    })
    socket.send(create())
    expect(await heard(socket)).toMatchObject({ type: 'response.completed' })
  })

  test('what is no event does not reach a reader of JSON', async () => {
    const { connect } = await world(({ response }) => {
      response.writeHead(200, {})
      response.write('data: {"broken":\n\ndata: [DONE]\n\n: hb\n\n')
      response.end('data: {"type":"response.completed",\ndata: "response":{"id":"r"}}\r\n\r\n')
    })
    const socket = await connect()
    socket.send(create())
    expect(await heard(socket)).toEqual({ type: 'response.completed', response: { id: 'r' } })
  })

  test.each<[string, Partial<Failure>, boolean, object]>([
    ['before its first event: with its status', { kind: 'stream_cut' }, false, { type: 'error', status: 502 }],
    ['in the middle: as the response that it is', { kind: 'stream_cut' }, true, { type: 'response.failed' }],
    [
      'in the middle for a limit: with the status that alone is understood',
      { kind: 'quota_exhausted', retryAt: 1_900_000_000_000 },
      true,
      { type: 'error', status: 429, error: { resets_at: 1_900_000_000 } },
    ],
  ])('a stream that fails %s', async (_, failure, told, expected) => {
    const { connect } = await world(({ response, dialect, request }) => {
      const encoder = dialect.serve.streamEncoder({ requestId: 'req_0', model: 'm', createdAt: 0, request })
      response.writeHead(200, {})
      if (told) response.write(encoder.push([{ type: 'response.created', response: { id: 'r', output: [] } }]))
      else response.write(encoder.heartbeat())
      response.end(
        encoder.fail({ scope: 'provider', phase: 'sent', retry: 'never', message: 'no', kind: 'internal', ...failure }),
      )
    })
    const socket = await connect()
    const frames: Record<string, unknown>[] = []
    const last = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        frames.push(JSON.parse(String(data)) as never)
        if (/^(?:error|response\.failed)$/.test(String(frames.at(-1)?.['type']))) resolve()
      }),
    )
    socket.send(create())
    await last
    expect(frames.at(-1)).toMatchObject(expected)
  })

  test('a reader that reads nothing holds the reply, and its own requests', async () => {
    let wrote = 0
    const held = Promise.withResolvers<void>()
    const { connect } = await world(({ response }) => {
      response.writeHead(200, {})
      const chunk = event({ type: 'response.output_text.delta', delta: 'x'.repeat(100_000) } as never)
      while (response.write(chunk)) wrote += 1
      held.resolve()
      return new Promise<void>((resolve) => {
        response.once('drain', () => {
          response.end(event({ type: 'response.completed', response: { id: 'r' } } as never))
          resolve()
        })
      })
    })
    const socket = await connect()
    const completed = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        if (String(data).startsWith('{"type":"response.completed"')) resolve()
      }),
    )
    socket.pause()
    socket.send(create())
    await held.promise
    // The kernels of both sides take some megabytes, and no more.
    expect(wrote).toBeLessThan(300)
    socket.resume()
    await completed
  })
})
