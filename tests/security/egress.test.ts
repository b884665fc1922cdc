import { connect } from 'node:net'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTransport, type Transport, type Way } from '../../packages/gateway/src/transport/index.js'
import { DOORS, failureOf, startUpstream, type Upstream } from '../doors.js'
import { startConnectProxy, startSocksProxy, type TestProxy } from '../proxies.js'
import { forbiddenUrls } from './forbidden-urls.js'

const doors = Object.entries(DOORS)
const PUBLIC = '93.184.215.14'

let canary: Upstream
let httpProxy: TestProxy
let socksProxy: TestProxy
let transport: Transport
let way: Way
let allowed: string[]
/** What a name resolves to; the n-th answer for the n-th question, the last for ever. */
let answers: string[][]
let asked: string[]

beforeAll(async () => {
  canary = await startUpstream()
  httpProxy = await startConnectProxy()
  socksProxy = await startSocksProxy()
})
afterAll(() => Promise.all([canary.close(), httpProxy.close(), socksProxy.close()]))

beforeEach(() => {
  way = 'direct'
  allowed = []
  answers = [['127.0.0.1']]
  asked = []
  transport = createTransport({
    connectTimeoutMs: 5_000,
    connectionsPerOwner: 8,
    wayFor: () => way,
    allowedPrivateHosts: () => allowed,
    lookup(name) {
      asked.push(name)
      const now = answers[Math.min(asked.length, answers.length) - 1] ?? []
      return Promise.resolve(now.map((address) => ({ address })))
    },
  })
})
afterEach(() => transport.close())

test('the table is as long as it claims', () => {
  const urls = forbiddenUrls(1)
  expect(urls.length).toBeGreaterThanOrEqual(70)
  expect(new Set(urls.map(({ url }) => url)).size).toBe(urls.length)
})

test('the canary hears who comes', async () => {
  const before = canary.connections
  const socket = connect(canary.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.destroy()
  await expect.poll(() => canary.connections).toBe(before + 1)
})

/** The proxy's own address is loopback, too; only one from the environment may be. */
const ways: [string, () => Way][] = [
  ['direct', () => 'direct'],
  ['through an http proxy', () => httpProxy.address({ id: 'environment' })],
  ['through a SOCKS5 proxy', () => socksProxy.address({ id: 'environment' })],
  ['through a SOCKS5 proxy that resolves', () => socksProxy.address({ id: 'environment', protocol: 'socks5h' })],
]

describe.each(ways)('%s', (_, wayOf) => {
  beforeEach(() => {
    way = wayOf()
  })

  test.each(doors)('%s leads to no forbidden URL', async (_, pass) => {
    const before = [canary.connections, httpProxy.targets.length, socksProxy.targets.length]
    for (const { what, url } of forbiddenUrls(canary.port)) {
      expect(await failureOf(pass(transport, { url })), what).toMatchObject({
        kind: 'unreachable',
        scope: 'provider',
        phase: 'unsent',
        retry: 'other',
        code: 'egress_forbidden',
      })
    }
    expect([canary.connections, httpProxy.targets.length, socksProxy.targets.length]).toEqual(before)
  })
})

describe('a name', () => {
  test.each(doors)('%s: is resolved once, and what was checked is what is dialled', async (_, pass) => {
    answers = [[PUBLIC], ['127.0.0.1']]
    const before = canary.connections
    const world = await startSocksProxy({ names: { [PUBLIC]: '127.0.0.1' } })
    way = world.address({ id: 'environment' })
    // It stands for the world: its "public" address is an upstream that answers.
    expect(await pass(transport, { url: `http://turning.example:${canary.port}/` })).toMatchObject({ text: 'hello' })
    expect(asked).toEqual(['turning.example'])
    expect(world.targets).toEqual([`${PUBLIC}:${canary.port}`])
    // The next connection resolves anew, and the answer is another.
    const failure = await failureOf(pass(transport, { url: `http://turning.example:${canary.port}/`, owner: 'b' }))
    expect(failure).toMatchObject({ code: 'egress_forbidden' })
    expect(failure.message).toContain('turning.example')
    expect(failure.message).toContain('upstream.allowed_private_hosts')
    expect(world.targets).toHaveLength(1)
    expect(canary.connections).toBe(before + 1)
    await world.close()
  })

  test.each([
    ['its only address', ['127.0.0.1']],
    ['the second of its addresses', [PUBLIC, '127.0.0.1']],
    ['the first of its addresses', ['127.0.0.1', PUBLIC]],
    ['an IPv6 address', [PUBLIC, '::1']],
    ['an address with a zone', ['fe80::1%lo']],
    ['a mapped address', ['::ffff:127.0.0.1']],
    ['an address in no known form', ['127.1']],
  ])('of which %s is forbidden is not dialled at all', async (_, addresses) => {
    const before = canary.connections
    answers = [addresses]
    for (const [, pass] of doors) {
      const failure = await failureOf(pass(transport, { url: `http://mixed.example:${canary.port}/` }))
      expect(failure).toMatchObject({ code: 'egress_forbidden' })
    }
    expect(canary.connections).toBe(before)
  })

  test('without addresses is unreachable', async () => {
    answers = [[]]
    const failure = await failureOf(DOORS['a stream']!(transport, { url: 'http://empty.example/' }))
    expect(failure).toMatchObject({ kind: 'unreachable', phase: 'unsent' })
  })
})

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%i comes back as it is and is not followed', async (status) => {
    // Even where the canary could be reached: nothing may follow.
    allowed = ['127.0.0.1']
    const before = canary.connections
    const turning = await startUpstream({
      refuseSockets: true,
      answer: (_, response) => response.writeHead(status, { location: `http://127.0.0.1:${canary.port}/` }).end('go'),
    })
    for (const [door, pass] of doors) {
      expect(await pass(transport, { url: `http://127.0.0.1:${turning.port}/` }), door).toMatchObject({ status })
    }
    expect(canary.connections).toBe(before)
    await turning.close()
  })
})

describe('what the administrator allows', () => {
  test.each<[string[], string, boolean]>([
    [['127.0.0.1'], '127.0.0.1', true],
    [['127.0.0.1:PORT'], '127.0.0.1', true],
    [['127.0.0.1:1'], '127.0.0.1', false],
    [['127.0.0.2'], '127.0.0.1', false],
    [['127.0.0.*'], '127.0.0.1', false],
    [['*'], '127.0.0.1', false],
    [['127.0.0.0/8'], '127.0.0.1', false],
    [[''], '127.0.0.1', false],
    [['0x7f.1'], '127.0.0.1', true],
    [['nas.example'], 'nas.example', true],
    [['NAS.Example'], 'nas.example.', true],
    [['nas.example:PORT'], 'NAS.example', true],
    [['example'], 'nas.example', false],
    [['127.0.0.1'], 'nas.example', false],
    [['nas.example'], '127.0.0.1', false],
    [['nas.example'], 'other.example', false],
  ])('%j: %s is allowed: %s', async (entries, host, expected) => {
    allowed = entries.map((entry) => entry.replace('PORT', String(canary.port)))
    for (const [, pass] of doors) {
      const passing = pass(transport, { url: `http://${host}:${canary.port}/` })
      if (expected) expect(await passing).toMatchObject({ text: 'hello' })
      else expect(await failureOf(passing)).toMatchObject({ code: 'egress_forbidden' })
    }
  })

  test('holds from the next connection on', async () => {
    const url = `http://127.0.0.1:${canary.port}/`
    const pass = DOORS['a WebSocket']!
    expect(await failureOf(pass(transport, { url }))).toMatchObject({ code: 'egress_forbidden' })
    allowed = ['127.0.0.1']
    expect(await pass(transport, { url })).toMatchObject({ text: 'hello' })
    allowed = []
    expect(await failureOf(pass(transport, { url }))).toMatchObject({ code: 'egress_forbidden' })
  })
})

describe('the address of a proxy', () => {
  test.each(doors)('%s: is forbidden as any other, and the proxy is to blame', async (_, pass) => {
    answers = [[PUBLIC]]
    for (const [proxy, protocol] of [
      [httpProxy, 'http'],
      [httpProxy, 'https'],
      [socksProxy, 'socks5'],
      [socksProxy, 'socks5h'],
    ] as const) {
      const before = proxy.connections
      for (const host of ['127.0.0.1', '0x7f.1', '[::ffff:127.0.0.1]', '127.0.0.1.', '10.0.0.1', 'no host']) {
        way = proxy.address({ protocol, host })
        expect(await failureOf(pass(transport, { url: 'https://upstream.example/' })), host).toMatchObject({
          kind: 'unreachable',
          scope: 'proxy',
          phase: 'unsent',
          code: 'egress_forbidden',
        })
      }
      expect(proxy.connections).toBe(before)
    }
  })

  test('may be allowed', async () => {
    allowed = [`127.0.0.1:${socksProxy.port}`, `127.0.0.1:${canary.port}`]
    way = socksProxy.address()
    expect(await DOORS['a stream']!(transport, { url: `http://127.0.0.1:${canary.port}/` })).toMatchObject({
      text: 'hello',
    })
  })
})
