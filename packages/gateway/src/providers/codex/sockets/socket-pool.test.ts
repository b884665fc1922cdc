import { afterEach, describe, expect, test, vi } from 'vitest'
import type { SocketRequest, SocketSink } from '../../../transport/index.js'
import type { Bound, Connection, Gone } from './connection.js'
import { createSocketPool } from './socket-pool.js'

interface FakeSocket {
  request: SocketRequest
  sink: SocketSink
  sent: string[]
  pings: number
  paused: boolean
  closed?: 'gently' | 'now'
}

const MINUTE = 60_000

function world(settings = { perAccount: 2, maxAgeMs: 55 * MINUTE }) {
  const sockets: FakeSocket[] = []
  const time = { now: 0 }
  const pool = createSocketPool({
    transport: {
      openSocket(request, sink) {
        const socket: FakeSocket = { request, sink, sent: [], pings: 0, paused: false }
        sockets.push(socket)
        return {
          send: (text) => void socket.sent.push(text),
          ping: () => void (socket.pings += 1),
          pause: () => void (socket.paused = true),
          resume: () => void (socket.paused = false),
          close: (now) => void (socket.closed = now === true ? 'now' : 'gently'),
        }
      },
    },
    settings: () => settings,
    now: () => time.now,
  })
  /** A request on the connection of a key, which stays open. */
  function ask(key: string, more: Partial<Bound> = {}): { connection: Connection; socket: FakeSocket; gone: Gone[] } {
    const before = sockets.length
    const bound: Bound = { accountId: 'a', key, url: 'wss://x/responses', generation: 1, ...more }
    const connection = pool.take(bound, () => ['h', key])
    const gone: Gone[] = []
    connection.ask(`ask ${key}`, { open() {}, refused() {}, frame() {}, gone: (how) => void gone.push(how) })
    const socket =
      sockets[before] ?? sockets.find(({ sent, closed }) => closed === undefined && sent.includes(`ask ${key}`))
    if (socket === undefined) throw new Error('no socket')
    if (before < sockets.length) socket.sink.open({})
    return { connection, socket, gone }
  }
  /** A whole turn. */
  function turn(key: string, more: Partial<Bound> = {}): FakeSocket {
    const { connection, socket } = ask(key, more)
    pool.give(connection, undefined)
    return socket
  }
  return { sockets, time, pool, ask, turn, settings }
}

describe('which connection a request gets', () => {
  test('a conversation keeps its own', () => {
    const { turn, sockets } = world()
    expect(turn('x')).toBe(turn('x'))
    expect(turn('y')).not.toBe(sockets[0])
    expect(sockets[0]?.sent).toEqual(['ask x', 'ask x'])
    expect(sockets[0]?.request).toEqual({
      url: 'wss://x/responses',
      owner: 'a',
      headers: ['h', 'x'],
      openTimeoutMs: 15_000,
    })
  })

  test('one that is in use is not shared: the second request gets its own for this time', () => {
    const { ask, pool, sockets } = world()
    const first = ask('x')
    const second = ask('x')
    expect(second.socket).not.toBe(first.socket)
    pool.give(second.connection, undefined)
    expect(second.socket.closed).toBe('gently')
    pool.give(first.connection, undefined)
    expect(first.socket.closed).toBe(undefined)
    expect(sockets).toHaveLength(2)
  })

  test('a full account makes room by the one that was not used for longest', () => {
    const { turn, time, sockets } = world()
    turn('x')
    time.now = 1
    turn('y')
    time.now = 2
    turn('x')
    time.now = 3
    turn('z')
    expect(sockets.map(({ closed }) => closed)).toEqual([undefined, 'gently', undefined])
    // Another account has its own room.
    turn('x', { accountId: 'b' })
    expect(sockets[0]?.closed).toBe(undefined)
  })

  test('an account of which all are in use lends one for this time', () => {
    const { ask, pool, sockets } = world({ perAccount: 1, maxAgeMs: MINUTE })
    const first = ask('x')
    const second = ask('y')
    pool.give(second.connection, undefined)
    expect(sockets.map(({ closed }) => closed)).toEqual([undefined, 'gently'])
    pool.give(first.connection, undefined)
    expect(ask('y').socket).toBe(sockets[2])
    expect(sockets.map(({ closed }) => closed)).toEqual(['gently', 'gently', undefined])
  })

  test.each<[string, Partial<Bound>]>([
    ['other tokens', { generation: 2 }],
    ['another address', { url: 'wss://y/responses' }],
  ])('%s want another', (_, more) => {
    const { turn, sockets } = world()
    turn('x')
    turn('x', more)
    expect(sockets.map(({ closed }) => closed)).toEqual(['gently', undefined])
  })

  test('one that is too old is replaced, and one that grows old in use is closed after it', () => {
    const { turn, ask, pool, time, sockets, settings } = world()
    turn('x')
    time.now = 55 * MINUTE
    const { connection } = ask('x')
    expect(sockets.map(({ closed }) => closed)).toEqual(['gently', undefined])
    settings.maxAgeMs = 1
    time.now += 1
    pool.give(connection, undefined)
    expect(sockets[1]?.closed).toBe('gently')
  })

  test('one that the server closed is gone without a word', () => {
    const { turn, sockets, pool } = world()
    turn('x')
    sockets[0]?.sink.close(1000, '')
    expect(pool.has({ accountId: 'a', key: 'x', url: 'wss://x/responses', generation: 1 })).toBe(false)
    turn('x')
    expect(sockets).toHaveLength(2)
  })

  test('an error while nothing runs announces the end; other late frames do not', () => {
    const { turn, sockets } = world()
    turn('x')
    sockets[0]?.sink.message('{"type":"codex.rate_limits"}')
    expect(sockets[0]?.closed).toBe(undefined)
    sockets[0]?.sink.message('{"type":"error","status":400}')
    expect(sockets[0]?.closed).toBe('gently')
  })
})

describe('an account that changes', () => {
  test('loses what rests now and what runs when it has ended', () => {
    const { turn, ask, pool, sockets } = world()
    turn('x')
    const { connection, gone } = ask('y')
    turn('x', { accountId: 'b' })
    pool.closeAccount('a')
    expect(sockets.map(({ closed }) => closed)).toEqual(['gently', undefined, undefined])
    pool.give(connection, undefined)
    expect(sockets.map(({ closed }) => closed)).toEqual(['gently', 'gently', undefined])
    expect(gone).toEqual([])
  })

  test('the end of the gateway closes all', () => {
    const { turn, ask, pool, sockets } = world()
    turn('x')
    ask('y')
    pool.close()
    expect(sockets.map(({ closed }) => closed)).toEqual(['now', 'now'])
  })
})

describe('signs of life', () => {
  afterEach(() => void vi.useRealTimers())
  /** Lets the pool's clock strike; its own time is the test's. */
  function pass(time: { now: number }, ms: number): void {
    for (let passed = 0; passed < ms; passed += 12_500) {
      time.now += 12_500
      vi.advanceTimersByTime(12_500)
    }
  }
  const start = () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    return world()
  }

  test('a ping every 25 s, and who answers lives, until it has rested for a quarter of an hour', () => {
    const { turn, time, sockets } = start()
    const socket = turn('x')
    for (let n = 1; n <= 35; n++) {
      pass(time, 25_000)
      expect(socket.pings).toBe(n)
      socket.sink.alive?.()
    }
    expect(socket.closed).toBe(undefined)
    pass(time, 25_000)
    expect(sockets[0]?.closed).toBe('gently')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('62.5 s of silence are the end, and a request hears of it', () => {
    const { ask, time } = start()
    const { socket, gone } = ask('x')
    pass(time, 50_000)
    expect(socket.closed).toBe(undefined)
    pass(time, 12_500)
    expect([socket.closed, gone]).toEqual(['now', [{ opened: true, silent: true }]])
  })

  test('who is not read is not silent', () => {
    const { ask, time } = start()
    const { socket, connection, gone } = ask('x')
    connection.pause()
    pass(time, 300_000)
    connection.resume()
    pass(time, 50_000)
    expect([socket.closed, socket.paused, gone]).toEqual([undefined, false, []])
  })
})
