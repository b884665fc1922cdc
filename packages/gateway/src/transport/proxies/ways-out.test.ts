import { createServer as createHttpServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createSocksServer } from '@pondwader/socks5-server'
import { Server as HttpProxy } from 'proxy-chain'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configSchema, type Config } from '../../config/index.js'
import { openStore, type NewProxy, type Store } from '../../store/index.js'
import { Secret } from '../../telemetry/index.js'
import { handedOver } from '../hand-over.js'
import { createWaysOut, type WaysOut } from './index.js'

let home: string
let store: Store
let config: Config
let env: Record<string, string>
let out: WaysOut
let target: string
/** Requests that came to the target. */
let arrived: number
/** Names of the proxies that carried something. */
let carried: string[]
const closing: (() => Promise<unknown>)[] = []

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return (server.address() as AddressInfo).port
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'dragoman-ways-'))
  store = await openStore({ home })
  arrived = 0
  carried = []
  const web = createHttpServer((_, reply) => {
    arrived += 1
    reply.end('{"ip":"198.51.100.7"}')
  })
  target = `http://127.0.0.1:${await listen(web)}/`
  closing.push(async () => web.closeAllConnections())
  config = configSchema.parse({
    upstream: { allowed_private_hosts: ['127.0.0.1'], system_ca: false },
    proxy: { check_url: target, default: 'direct' },
  })
  env = {}
  out = createWaysOut({
    config: () => config,
    rows: store.proxies,
    env,
    connectionsPerOwner: 4,
    log: { info: () => undefined, warn: () => undefined },
  })
})
afterEach(async () => {
  await out.close()
  for (const close of closing.splice(0).reverse()) await close()
  await store.close()
  await rm(home, { recursive: true })
})

async function httpProxy(name: string): Promise<NewProxy> {
  const proxy = new HttpProxy({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction({ username, password }) {
      if (username !== 'ann' || password !== 'secret') return { requestAuthentication: true }
      carried.push(name)
      return {}
    },
  })
  await proxy.listen()
  closing.push(() => proxy.close(true))
  return {
    name,
    protocol: 'http',
    host: '127.0.0.1',
    port: proxy.port,
    username: 'ann',
    password: new Secret('secret'),
  }
}
async function socksProxy(name: string): Promise<NewProxy> {
  const proxy = createSocksServer({ auth: { username: 'ann', password: 'secret' } })
  proxy.setRulesetValidator(() => {
    carried.push(name)
    return true
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = (Reflect.get(proxy, 'server') as Server).address() as AddressInfo
  closing.push(async () => proxy.close())
  return { name, protocol: 'socks5h', host: '127.0.0.1', port, username: 'ann', password: new Secret('secret') }
}
async function deadProxy(name: string): Promise<NewProxy> {
  const port = await listen(createServer())
  await closing.pop()!()
  return { name, protocol: 'http', host: '127.0.0.1', port }
}

const ask = (owner: string) =>
  out.transport.request({ url: target, method: 'GET', headers: {}, timeoutMs: 10_000, owner })
const refusal = (owner: string) =>
  ask(owner).then(
    () => undefined,
    (error: unknown) => error,
  )

test('every owner goes its own way', async () => {
  await out.proxies.add([await httpProxy('http'), await socksProxy('socks')])
  await out.proxies.pin('acc_http', 'http')
  await out.proxies.pin('acc_socks', 'socks')
  for (const owner of ['acc_http', 'acc_socks', 'acc_direct']) expect((await ask(owner)).status).toBe(200)
  expect(carried).toEqual(['http', 'socks'])
  expect(arrived).toBe(3)
})

test('a change of the pin is in force for the next request, kept connections or not', async () => {
  await out.proxies.add([await httpProxy('one'), await httpProxy('two')])
  await out.proxies.pin('acc_1', 'one')
  await ask('acc_1')
  await ask('acc_1')
  await out.proxies.pin('acc_1', 'two')
  await ask('acc_1')
  expect([...new Set(carried)]).toEqual(['one', 'two'])
  expect(arrived).toBe(3)
})

test.each(['pinned', 'by default'])('nothing arrives when the proxy is dead, %s', async (how) => {
  await out.proxies.add([await deadProxy('dead')])
  if (how === 'pinned') await out.proxies.pin('acc_1', 'dead')
  else config = { ...config, proxy: { ...config.proxy, default: 'dead' } }
  for (let n = 0; n < 5; n += 1) {
    expect(await refusal('acc_1')).toMatchObject({
      failure: { scope: 'proxy', kind: 'unreachable', code: 'proxy_unreachable' },
    })
  }
  expect(arrived).toBe(0)
  expect(out.proxies.list()).toMatchObject([{ state: 'unreachable' }])
})

test('auto leaves a proxy that is found dead, and goes on with another', async () => {
  await out.proxies.add([await deadProxy('dead'), await httpProxy('works')])
  config = { ...config, proxy: { ...config.proxy, default: 'auto' } }
  const owners = ['acc_1', 'acc_2']
  for (let n = 0; n < 3; n += 1) for (const owner of owners) await refusal(owner)
  for (const owner of owners) expect((await ask(owner)).status).toBe(200)
  expect(out.proxies.list().map(({ name, state }) => `${name} ${state}`)).toEqual(['dead unreachable', 'works good'])
})

test('a check goes through the proxy itself, whoever is pinned to what', async () => {
  const works = await httpProxy('works')
  await out.proxies.add([works, { ...works, name: 'wrong', username: 'eve' }, await deadProxy('dead')])
  expect(await out.proxies.checkAll()).toMatchObject([
    { name: 'works', ok: true, exitAddress: '198.51.100.7' },
    { name: 'wrong', ok: false, error: expect.stringContaining('refused the login') },
    { name: 'dead', ok: false },
  ])
  expect(carried).toEqual(['works'])
  expect(out.proxies.list().map(({ state }) => state)).toEqual(['good', 'unreachable', 'unreachable'])
})

test('the environment is asked only when it is to decide, and what is wrong with it is told without its value', async () => {
  env['HTTPS_PROXY'] = 'nonsense://ann:canary@proxy.example'
  expect((await ask('acc_1')).status).toBe(200)
  config = { ...config, proxy: { ...config.proxy, default: 'environment' } }
  const error = await refusal('acc_1')
  expect(error).toMatchObject({
    failure: { scope: 'proxy', message: expect.stringContaining('HTTPS_PROXY is no proxy') },
  })
  expect(JSON.stringify(error)).not.toContain('canary')
  env['HTTPS_PROXY'] = 'http://proxy.example:1'
  // This machine is never asked for through a proxy.
  expect((await ask('acc_1')).status).toBe(200)
})

test('a helper process gets its account’s way out, or none', async () => {
  await out.proxies.add([await httpProxy('one')])
  await out.proxies.pin('acc_1', 'one')
  const given = handedOver(out.egressOf('acc_1'))
  expect(given).toMatchObject({
    way: { name: 'one', username: 'ann' },
    allowedPrivateHosts: expect.arrayContaining(['127.0.0.1']),
    systemCa: false,
  })
  expect(given?.way !== 'direct' && given?.way.password?.reveal()).toBe('secret')
  expect(handedOver(out.egressOf('acc_2'))?.way).toBe('direct')
  await out.proxies.setEnabled('one', false)
  expect(() => out.egressOf('acc_1')).toThrow(/one is disabled/)
})
