import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FailureError, type Failure } from '@dragoman/protocol'
import {
  createTransport,
  type ProxyAddress,
  type Transport,
  type Way,
} from '../../packages/gateway/src/transport/index.js'
import { Secret } from '../../packages/gateway/src/telemetry/index.js'
import { DOORS, failureOf, startUpstream, throughStream, type Upstream } from '../doors.js'
import {
  deadPort,
  LOGIN,
  startConnectProxy,
  startFaultyProxy,
  startSocksProxy,
  type ProxyFault,
  type TestProxy,
} from '../proxies.js'
import { trustTestCertificate } from '../test-certificate.js'

const NAMES = { 'upstream.example': '127.0.0.1', 'elsewhere.example': '127.0.0.1' }
const doors = Object.entries(DOORS)

let plain: Upstream
let secure: Upstream
let transport: Transport
let way: Way
let outcomes: [string, 'ok' | Failure][]

beforeAll(async () => {
  trustTestCertificate()
  plain = await startUpstream()
  secure = await startUpstream({ tls: true })
})
afterAll(() => Promise.all([plain.close(), secure.close()]))

beforeEach(() => {
  outcomes = []
  way = 'direct'
  transport = createTransport({
    connectTimeoutMs: 5_000,
    connectionsPerOwner: 500,
    wayFor: () => way,
    allowedPrivateHosts: () => ['127.0.0.1', ...Object.keys(NAMES)],
    lookup: (name) =>
      name in NAMES
        ? Promise.resolve([{ address: '127.0.0.1' }])
        : Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
    onProxyOutcome: (id, outcome) => void outcomes.push([id, outcome]),
  })
})
afterEach(() => transport.close())

const targets = (): [string, string][] => [
  ['http', `http://127.0.0.1:${plain.port}/x`],
  ['https', `https://upstream.example:${secure.port}/x`],
]

describe.each<[string, () => Promise<TestProxy>, Partial<ProxyAddress>]>([
  ['an http proxy', () => startConnectProxy('http', { names: NAMES }), {}],
  ['an https proxy', () => startConnectProxy('https', { names: NAMES }), {}],
  ['a SOCKS5 proxy', () => startSocksProxy({ names: NAMES }), {}],
  ['a SOCKS5 proxy that resolves', () => startSocksProxy({ names: NAMES }), { protocol: 'socks5h' }],
])('%s', (name, start, change) => {
  let proxy: TestProxy
  beforeEach(async () => {
    proxy = await start()
    way = proxy.address(change)
  })
  afterEach(() => proxy.close())

  test.each(doors)('%s goes through it, plain and encrypted', async (_, pass) => {
    for (const [scheme, url] of targets()) {
      const before = plain.connections + secure.connections
      expect(await pass(transport, { url }), scheme).toMatchObject({ text: 'hello' })
      expect(plain.connections + secure.connections).toBe(before + 1)
    }
    expect(proxy.connections).toBe(2)
    expect(outcomes).toEqual([
      ['proxy_1', 'ok'],
      ['proxy_1', 'ok'],
    ])
  })

  test('resolves the name itself unless it is socks5', async () => {
    await throughStream(transport, { url: `https://upstream.example:${secure.port}/` })
    const local = (way as ProxyAddress).protocol === 'socks5'
    expect(proxy.targets).toEqual([`${local ? '127.0.0.1' : 'upstream.example'}:${secure.port}`])
  })

  test('keeps its connection for the next request of the same owner', async () => {
    const url = `https://upstream.example:${secure.port}/`
    await throughStream(transport, { url })
    await new Promise(setImmediate)
    await throughStream(transport, { url })
    expect(proxy.connections).toBe(1)
    await throughStream(transport, { url, owner: 'b' })
    expect(proxy.connections).toBe(2)
  })

  test.each(doors)('%s with a wrong password: the proxy is to blame, nothing goes direct', async (_, pass) => {
    const password = 'canary-wrong-password'
    way = proxy.address({ ...change, password: new Secret(password) })
    const before = plain.connections
    const failure = await failureOf(pass(transport, { url: `http://127.0.0.1:${plain.port}/` }))
    expect(failure).toMatchObject({
      kind: 'unreachable',
      scope: 'proxy',
      phase: 'unsent',
      retry: 'other',
      code: 'proxy_auth_failed',
    })
    expect(failure.message).toContain('Berlin')
    expect(JSON.stringify([failure, outcomes])).not.toMatch(/canary/)
    expect(plain.connections).toBe(before)
    expect(outcomes).toEqual([['proxy_1', failure]])
  })

  test('that asks for a login and gets none', async () => {
    const { username: _name, password: _password, ...bare } = proxy.address(change)
    way = bare
    expect(await failureOf(throughStream(transport, { url: `http://127.0.0.1:${plain.port}/` }))).toMatchObject({
      scope: 'proxy',
      code: 'proxy_auth_failed',
    })
  })

  // The HTTP proxy of these tests hangs up then and says nothing of why; SOCKS tells whose fault it is.
  const says = name.includes('http') ? 'proxy' : 'provider'

  test(`a dead target is the fault of the ${says}, as far as it says`, async () => {
    const failure = await failureOf(throughStream(transport, { url: `http://127.0.0.1:${await deadPort()}/` }))
    expect(failure).toMatchObject({ kind: 'unreachable', scope: says, phase: 'unsent', retry: 'other' })
    expect(outcomes).toHaveLength(says === 'proxy' ? 1 : 0)
  })

  test(`a name that does not exist is the fault of the ${says}, as far as it says`, async () => {
    const failure = await failureOf(throughStream(transport, { url: 'https://nowhere.example/' }))
    expect(failure).toMatchObject({ kind: 'unreachable', scope: says, phase: 'unsent' })
    expect(outcomes).toHaveLength(says === 'proxy' ? 1 : 0)
  })

  test.each(doors)('%s to a target with a certificate for another name is not its fault', async (_, pass) => {
    const failure = await failureOf(pass(transport, { url: `https://elsewhere.example:${secure.port}/` }))
    expect(failure).toMatchObject({ kind: 'unreachable', scope: 'provider', phase: 'unsent' })
    expect(failure.message).toContain('ERR_TLS_CERT_ALTNAME_INVALID')
    expect(outcomes).toEqual([])
  })

  test('a connection through it that is cut fails the streams on it, and the next makes a new one', async () => {
    const holding = await startUpstream({ answer: (_, response) => void response.write('begin') })
    let begun: () => void = () => undefined
    const first = new Promise<void>((resolve) => (begun = resolve))
    const broken = new Promise<Error>((resolve, reject) => {
      transport.open(
        { origin: `http://127.0.0.1:${holding.port}`, path: '/', method: 'GET', headers: [], owner: 'a' },
        {
          sent: () => undefined,
          head: () => undefined,
          data: () => begun(),
          end: () => reject(new Error('ended well')),
          error: resolve,
        },
      )
    })
    await first
    proxy.cut()
    expect(await broken).toBeInstanceOf(Error)
    expect(await throughStream(transport, { url: `http://127.0.0.1:${plain.port}/` })).toMatchObject({ status: 200 })
    await holding.close()
  })

  test('200 streams through it wait for none of each other', async () => {
    await expectNoWaiting()
  })
})

describe('a proxy that does not work', () => {
  test.each<[string, ProxyFault, Partial<Failure>]>([
    ['hangs at CONNECT', 'hangs', { scope: 'proxy', code: 'proxy_timeout' }],
    ['hangs up', 'hangs up', { scope: 'proxy', code: 'proxy_unreachable' }],
    ['speaks no HTTP', 'babbles', { scope: 'proxy', code: 'proxy_unreachable' }],
    ['asks for a login', { status: 407 }, { scope: 'proxy', code: 'proxy_auth_failed' }],
    ['forbids it', { status: 403 }, { scope: 'proxy', code: 'proxy_refused' }],
    ['agrees too early', { status: 100 }, { scope: 'proxy', code: 'proxy_refused' }],
    ['redirects', { status: 302 }, { scope: 'proxy', code: 'proxy_refused' }],
    ['breaks', { status: 500 }, { scope: 'proxy', code: 'proxy_refused' }],
    ['says that the target is bad', { status: 502 }, { scope: 'provider', code: 'proxy_refused' }],
    ['says that the target is slow', { status: 504 }, { scope: 'provider', code: 'proxy_refused' }],
    ['cuts what it agreed to', 'cuts', { scope: 'proxy', code: 'proxy_refused' }],
  ])(
    '%s',
    async (_, fault, expected) => {
      const proxy = await startFaultyProxy(fault)
      const impatient = createTransport({
        connectTimeoutMs: 200,
        connectionsPerOwner: 8,
        wayFor: () => proxy.address(),
        allowedPrivateHosts: () => ['127.0.0.1'],
      })
      const before = secure.connections
      for (const [door, pass] of doors) {
        const passing = pass(impatient, { url: `https://127.0.0.1:${secure.port}/` })
        const failure = await failureOf(passing)
        expect(failure, door).toMatchObject({ kind: 'unreachable', phase: 'unsent', retry: 'other', ...expected })
        expect(failure.message).not.toContain(LOGIN.password)
      }
      expect(secure.connections).toBe(before)
      expect(proxy.targets.every((target) => target === `127.0.0.1:${secure.port}` || target === '')).toBe(true)
      await impatient.close()
      await proxy.close()
    },
    30_000,
  )

  test.each(['http', 'https', 'socks5', 'socks5h'] as const)('a dead %s one: nothing goes direct', async (protocol) => {
    way = { id: 'proxy_9', name: 'Paris', protocol, host: '127.0.0.1', port: await deadPort() }
    const before = plain.connections
    for (const [, pass] of doors) {
      expect(await failureOf(pass(transport, { url: `http://127.0.0.1:${plain.port}/` }))).toEqual({
        kind: 'unreachable',
        scope: 'proxy',
        phase: 'unsent',
        retry: 'other',
        code: 'proxy_unreachable',
        message: 'the proxy Paris cannot be reached: nothing listens there',
      })
    }
    expect(plain.connections).toBe(before)
  })

  test('an owner whose way is pinned to a dead proxy gets just that failure', async () => {
    const failure: Failure = { kind: 'unreachable', scope: 'proxy', phase: 'unsent', retry: 'other', message: 'pinned' }
    const pinned = createTransport({
      connectTimeoutMs: 1_000,
      connectionsPerOwner: 1,
      allowedPrivateHosts: () => ['127.0.0.1'],
      wayFor() {
        throw new FailureError(failure)
      },
    })
    const before = plain.connections
    for (const [, pass] of doors) {
      expect(await failureOf(pass(pinned, { url: `http://127.0.0.1:${plain.port}/` }))).toBe(failure)
    }
    expect(plain.connections).toBe(before)
    await pinned.close()
  })
})

describe('the way of an owner', () => {
  test('that changes is taken by the next request, and idle connections of the old one are closed', async () => {
    const first = await startConnectProxy()
    const second = await startSocksProxy()
    const url = `http://127.0.0.1:${plain.port}/`
    way = first.address()
    await throughStream(transport, { url })
    const [old] = [...plain.open].slice(-1)
    const closed = once(old!, 'close')
    way = second.address({ id: 'proxy_2' })
    await throughStream(transport, { url })
    await closed
    expect([first.connections, second.connections]).toEqual([1, 1])
    way = 'direct'
    await throughStream(transport, { url })
    expect([first.connections, second.connections]).toEqual([1, 1])
    await Promise.all([first.close(), second.close()])
  })

  test('gives way to one that a request brings itself', async () => {
    const proxy = await startConnectProxy()
    const url = `http://127.0.0.1:${plain.port}/`
    for (const [, pass] of doors)
      expect(await pass(transport, { url, via: proxy.address() })).toMatchObject({ text: 'hello' })
    expect(proxy.connections).toBe(doors.length)
    await throughStream(transport, { url })
    expect(proxy.connections).toBe(doors.length)
    await proxy.close()
  })
})

describe('without a proxy', () => {
  test('200 streams to one origin wait for none of each other', async () => {
    await expectNoWaiting()
  })
})

/** No stream ends before the last has begun: had one to wait for another, none would ever end. */
async function expectNoWaiting(): Promise<void> {
  const streams = 200
  const waiting: (() => void)[] = []
  const upstream = await startUpstream({
    answer(_, response) {
      response.write('begin')
      waiting.push(() => response.end(' end'))
      if (waiting.length === streams) for (const end of waiting) end()
    },
  })
  const url = `http://127.0.0.1:${upstream.port}/`
  const all = await Promise.all(Array.from({ length: streams }, () => throughStream(transport, { url })))
  expect(all.every(({ text }) => text === 'begin end')).toBe(true)
  expect(upstream.connections).toBe(streams)
  await upstream.close()
}
