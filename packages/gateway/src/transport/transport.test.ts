import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outgoing, Sink } from './outgoing.js'
import { createTransport, type Transport } from './transport.js'
import { networkFailure } from './network-failure.js'
import type { SimpleRequest } from './simple-request.js'

let server: Server
let origin: string
let transport: Transport
let answer: (res: ServerResponse) => void
let connections = 0
let open: Set<Socket>

beforeEach(async () => {
  connections = 0
  open = new Set()
  server = createServer((req, res) => {
    req.resume()
    answer(res)
  })
  server.on('connection', (socket) => {
    connections++
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  transport = createTransport({
    connectTimeoutMs: 2_000,
    connectionsPerOwner: 8,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
})

afterEach(async () => {
  await transport.close()
  server.closeAllConnections()
  server.close()
})

const ask = (more: Partial<Outgoing> = {}): Outgoing => ({
  origin,
  path: '/x',
  method: 'POST',
  headers: ['content-type', 'text/plain'],
  body: 'hello',
  owner: 'a',
  ...more,
})

/** Collects a whole reply; rejects with what the sink was told. */
function whole(out: Outgoing): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    let status = 0
    let text = ''
    transport.open(out, {
      sent: () => undefined,
      head: (code) => (status = code),
      data: (chunk) => (text += chunk.toString()),
      end: () => resolve({ status, text }),
      error: reject,
    })
  })
}

describe('the door out', () => {
  test('relays a reply and uses its connection again', async () => {
    answer = (res) => res.end('good')
    expect(await whole(ask())).toEqual({ status: 200, text: 'good' })
    // The connection is free in the turn after its reply has ended.
    await new Promise(setImmediate)
    expect(await whole(ask())).toEqual({ status: 200, text: 'good' })
    expect(connections).toBe(1)
  })

  test.each([
    ['ended', (socket: Socket) => void socket.end()],
    ['reset', (socket: Socket) => void socket.resetAndDestroy()],
  ])('a kept connection that its server has %s fails no request', async (_, drop) => {
    answer = (res) => res.end('good')
    for (let round = 0; round < 20; round++) {
      await whole(ask())
      await new Promise(setImmediate)
      // In the same turn: nothing has told us yet.
      for (const socket of open) drop(socket)
      expect(await whole(ask())).toEqual({ status: 200, text: 'good' })
    }
  })

  test('many kept connections that their server has dropped fail no request', async () => {
    answer = (res) => res.end('good')
    await Promise.all(Array.from({ length: 8 }, () => whole(ask())))
    await new Promise(setImmediate)
    for (const socket of open) socket.resetAndDestroy()
    const again = await Promise.all(Array.from({ length: 8 }, () => whole(ask())))
    expect(again.every(({ text }) => text === 'good')).toBe(true)
  })

  test('two owners never share a connection', async () => {
    answer = (res) => res.end('good')
    await whole(ask({ owner: 'a' }))
    await whole(ask({ owner: 'b' }))
    expect(connections).toBe(2)
  })

  test('hands a redirect on instead of following it', async () => {
    answer = (res) => res.writeHead(307, { location: `${origin}/elsewhere` }).end('go')
    expect(await whole(ask())).toEqual({ status: 307, text: 'go' })
  })

  test('abort closes the upstream, before and after its headers', async () => {
    for (const early of [true, false]) {
      let closed: Promise<unknown> = Promise.resolve()
      const asked = new Promise<void>((resolve) => {
        answer = (res) => {
          closed = once(res, 'close')
          if (!early) res.write('begin')
          resolve()
        }
      })
      const heard: string[] = []
      let begun: () => void = () => undefined
      const data = new Promise<void>((resolve) => (begun = resolve))
      const flow = transport.open(ask(), recorder(heard, begun))
      await (early ? asked : data)
      flow.abort()
      await closed
      expect(heard.filter((word) => word !== 'head' && word !== 'data')).toEqual(['sent'])
    }
  })

  test('abort before a connection exists sends nothing', async () => {
    answer = (res) => res.end('never')
    const heard: string[] = []
    transport.open(ask(), recorder(heard)).abort()
    answer = (res) => res.end('next')
    expect((await whole(ask({ owner: 'b' }))).text).toBe('next')
    expect(heard).toEqual([])
  })

  test('a paused flow holds the upstream back and loses nothing', async () => {
    const total = 64 * 1024 * 1024
    let written = 0
    const chunk = Buffer.alloc(64 * 1024, 'x')
    answer = (res) => {
      const more = (): void => {
        while (written < total) {
          written += chunk.length
          if (!res.write(chunk)) {
            res.once('drain', more)
            return
          }
        }
        res.end()
      }
      more()
    }
    let bytes = 0
    let first: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (first = resolve))
    const ended = new Promise<void>((resolve, reject) => {
      const flow = transport.open(ask(), {
        sent: () => undefined,
        head: () => undefined,
        data(piece) {
          if (bytes === 0) {
            flow.pause()
            first()
          }
          bytes += piece.length
        },
        end: resolve,
        error: reject,
      })
      void begun.then(async () => {
        const before = written
        // The server writes until the buffers between us are full, and then stands still.
        let last = -1
        while (last !== written) {
          last = written
          for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
        }
        expect(before).toBeLessThanOrEqual(written)
        expect(written).toBeLessThan(total)
        flow.resume()
      })
    })
    await ended
    expect(bytes).toBe(total)
  })

  test.each([
    ['nobody listens', () => ask({ origin: 'http://127.0.0.1:1' }), 'unreachable', 'unsent'],
    ['the reply is cut', () => ask(), 'stream_cut', 'sent'],
  ])('%s', async (_, out, kind, phase) => {
    answer = (res) => {
      res.writeHead(200)
      res.write('half', () => res.socket?.resetAndDestroy())
    }
    let sent = false
    const error = await new Promise<Error>((resolve, reject) => {
      transport.open(out(), {
        sent: () => (sent = true),
        head: () => undefined,
        data: () => undefined,
        end: () => reject(new Error('ended well')),
        error: resolve,
      })
    })
    expect(networkFailure(error, origin, sent ? 'sent' : 'unsent')).toMatchObject({ kind, phase, scope: 'provider' })
  })
})

describe('a small request', () => {
  const small = (more: Partial<SimpleRequest> = {}) =>
    transport.request({ url: `${origin}/x?y=1`, method: 'GET', headers: {}, timeoutMs: 5_000, ...more })

  test('is read whole, its headers joined', async () => {
    answer = (res) => res.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Name': 'value' }).end('grüße')
    expect(await small()).toMatchObject({
      status: 201,
      headers: { 'set-cookie': 'a=1, b=2', 'x-name': 'value' },
      body: 'grüße',
    })
  })

  test('keeps its connection', async () => {
    answer = (res) => res.end('good')
    await small()
    await new Promise(setImmediate)
    await small()
    expect(connections).toBe(1)
  })

  test('ends at 8 MiB', async () => {
    answer = (res) => res.end(Buffer.alloc(8 * 1024 * 1024 + 1))
    await expect(small()).rejects.toThrow(/larger than 8388608 bytes/)
  })

  test('ends in time, and says how far it came', async () => {
    answer = () => undefined
    await expect(small({ timeoutMs: 50 })).rejects.toMatchObject({ failure: { kind: 'timeout', phase: 'sent' } })
  })

  test('ends with its signal', async () => {
    const ending = new AbortController()
    let closed: Promise<unknown> = Promise.resolve()
    answer = (res) => {
      closed = once(res, 'close')
      ending.abort(new Error('enough'))
    }
    await expect(small({ signal: ending.signal })).rejects.toThrow('enough')
    await closed
    await expect(small({ signal: ending.signal })).rejects.toThrow('enough')
  })

  test('says why it could not be sent, with the system error as its cause', async () => {
    await expect(small({ url: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
      failure: { kind: 'unreachable', scope: 'provider', phase: 'unsent' },
      message: 'cannot reach http://127.0.0.1:1: nothing listens there',
      cause: { code: 'ECONNREFUSED' },
    })
  })
})

function recorder(heard: string[], onData: () => void = () => undefined): Sink {
  return {
    sent: () => void heard.push('sent'),
    head: () => void heard.push('head'),
    data: () => {
      heard.push('data')
      onData()
    },
    end: () => void heard.push('end'),
    error: () => void heard.push('error'),
  }
}
