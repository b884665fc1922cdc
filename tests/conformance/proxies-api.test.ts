import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'
import { LOGIN, startConnectProxy, startFaultyProxy, type TestProxy } from '../proxies.js'

interface Proxy {
  id: string
  name: string
  url: string
  state: string
  status: string
  health: { exitIp: string | null; latencyMs: number | null; error: string | null } | null
  checks: unknown[]
  owners: string[]
  hasPassword: boolean
}
interface Answer {
  status: number
  text: string
  body: Record<string, unknown> & { proxy?: Proxy; proxies?: Proxy[]; code?: string; pointer?: string }
}

let house: House
let good: TestProxy
let bad: TestProxy
/** Answers with an address, as the check address does. */
let world: Server
let accounts: string[]

beforeAll(async () => {
  world = createServer((_, res) => res.end('203.0.113.9'))
  await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve))
  good = await startConnectProxy()
  bad = await startFaultyProxy({ status: 502 })
  house = await openHouse({
    accounts: 3,
    config: {
      proxy: { check_url: `http://127.0.0.1:${(world.address() as AddressInfo).port}/`, check_minutes: 0 },
    },
  })
  accounts = house.gateway.accounts.list().map(({ id }) => id)
})
afterAll(async () => {
  await house.close()
  await Promise.all([good.close(), bad.close()])
  world.close()
})
beforeEach(async () => {
  for (const { id } of (await manage('GET', '')).body.proxies ?? []) await manage('DELETE', `/${id}?force=true`)
  for (const id of accounts) await manage('DELETE', `/assign/${id}`)
})

async function manage(method: string, path: string, body?: unknown): Promise<Answer> {
  const plain = typeof body === 'string'
  const answer = await fetch(`${house.url}/api/proxies${path}`, {
    method,
    headers: {
      authorization: `Bearer ${house.gateway.controlKey}`,
      'content-type': plain ? 'text/plain' : 'application/json',
    },
    ...(body === undefined ? {} : { body: plain ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true
  return { status: answer.status, text, body: isJson ? (JSON.parse(text) as Answer['body']) : {} }
}
async function add(body: unknown): Promise<Proxy> {
  const answer = await manage('POST', '', body)
  expect([answer.status, answer.text]).toEqual([200, answer.text])
  expect(answer.text).not.toContain(LOGIN.password)
  if (answer.body.proxy === undefined) throw new Error(answer.text)
  return answer.body.proxy
}
const one = async (id: string) => (await manage('GET', '')).body.proxies?.find((proxy) => proxy.id === id)

describe('the pool of proxies', () => {
  test.each([
    ['a URL', () => ({ url: good.url, name: 'Berlin' })],
    ['its pieces', () => ({ protocol: 'http', host: '127.0.0.1', port: good.port, ...LOGIN, name: 'Berlin' })],
    ['host:port:user:password', () => ({ url: `127.0.0.1:${good.port}:${LOGIN.username}:${LOGIN.password}` })],
    ['user:password@host:port', () => `${LOGIN.username}:${LOGIN.password}@127.0.0.1:${good.port}`],
  ])('takes one in by %s, and checks it', async (_, body) => {
    const { id, url, state } = await add(body())
    expect(url).toBe(`http://traveller:***@127.0.0.1:${good.port}`)
    expect(state).toBe('unchecked')
    const { body: found } = await manage('POST', `/${id}/check`)
    expect(found).toMatchObject({ ok: true, exitIp: '203.0.113.9', error: null })
    const after = await one(id)
    expect(after).toMatchObject({ state: 'good', status: 'active', health: { exitIp: '203.0.113.9' } })
    expect(after?.checks).toHaveLength(1)
  })

  test('the same address again is the same proxy, and stays masked', async () => {
    const { id } = await add({ url: good.url })
    const again = await manage('POST', '', { url: good.url })
    expect(again.body).toMatchObject({ outcome: 'unchanged', proxy: { id } })
    expect(again.text).not.toContain(LOGIN.password)
  })

  test('all are checked as a task that tells how far it is', async () => {
    const [one, other] = [await add({ url: good.url }), await add({ url: `http://127.0.0.1:${bad.port}` })]
    const { status, body } = await manage('POST', '/check-all')
    expect(status).toBe(202)
    const task = async () => {
      const answer = await fetch(`${house.url}/admin/tasks/${String(body['id'])}`, {
        headers: { authorization: `Bearer ${house.gateway.controlKey}` },
      })
      return (await answer.json()) as {
        state: string
        done: number
        failed: number
        result: { id: string; ok: boolean }[]
      }
    }
    await expect.poll(async () => (await task()).state).toBe('done')
    expect(await task()).toMatchObject({ done: 2, failed: 1 })
    const found = new Map((await task()).result.map(({ id, ok }) => [id, ok]))
    expect([found.get(one.id), found.get(other.id)]).toEqual([true, false])
  })

  test('can be switched off and on, renamed, and given another password', async () => {
    const { id } = await add({ url: good.url })
    expect((await manage('POST', `/${id}/disable`)).body).toMatchObject({ state: 'disabled', enabled: false })
    expect((await manage('POST', `/${id}/enable`)).body).toMatchObject({ state: 'unchecked', enabled: true })
    await manage('POST', `/${id}/check`)
    expect((await manage('PUT', `/${id}`, { name: 'Berlin 2' })).body).toMatchObject({
      name: 'Berlin 2',
      state: 'good',
    })
    expect((await manage('PUT', `/${id}`, { password: 'another' })).body).toMatchObject({ health: null })
    expect((await manage('POST', `/${id}/check`)).body).toMatchObject({ ok: false })
    expect((await manage('PUT', `/${id}`, { name: 'auto' })).body).toMatchObject({ code: 'bad_name', pointer: '/name' })
  })

  test('its login never goes to another address unless it is given again', async () => {
    const { id } = await add({ url: good.url })
    const moved = await manage('PUT', `/${id}`, { port: bad.port })
    expect([moved.status, moved.body.code, moved.body.pointer]).toEqual([400, 'password_needed', '/password'])
    expect((await manage('PUT', `/${id}`, { port: bad.port, password: 'new' })).body).toMatchObject({
      hasPassword: true,
    })
    const token = await add({ url: `http://token@127.0.0.1:${good.port}` })
    expect((await manage('PUT', `/${token.id}`, { port: 1 })).body.pointer).toBe('/username')
  })

  test('one that somebody goes through is removed only when it is said where they go', async () => {
    const [from, to] = [await add({ url: good.url }), await add({ url: `http://127.0.0.1:${bad.port}` })]
    await manage('POST', '/assign', { accountId: accounts[0], proxyId: from.id })
    expect(await manage('DELETE', `/${from.id}`)).toMatchObject({ status: 409, body: { code: 'pinned' } })
    expect(await manage('DELETE', `/${from.id}?reassign=${from.id}`)).toMatchObject({ status: 400 })
    expect((await manage('DELETE', `/${from.id}?reassign=${to.id}`)).status).toBe(200)
    expect((await one(to.id))?.owners).toEqual([accounts[0]])
    expect((await manage('DELETE', `/${from.id}`)).status).toBe(404)
  })

  test.each([
    [{ url: 'not a proxy' }, 400, 'not_a_proxy'],
    [{ name: 'x' }, 400, 'not_a_proxy'],
    [{ protocol: 'ftp', host: 'a.example', port: 1 }, 400, 'invalid_request'],
    [{ url: 'http://10.0.0.1:8080' }, 409, 'private_host'],
  ])('refuses %j', async (body, status, code) => {
    const answer = await manage('POST', '', body)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })
})

describe('what the configuration says of proxies', () => {
  test('how often they are checked, and what is everybody’s way', async () => {
    const { id } = await add({ url: good.url })
    expect((await manage('PUT', '/settings', { healthCheckIntervalMinutes: 30, default: id })).status).toBe(200)
    expect((await manage('GET', '')).body).toMatchObject({ healthCheckIntervalMinutes: 30, default: id })
    expect(house.configFile.current().config.proxy).toMatchObject({ check_minutes: 30, default: id })
    expect(await manage('DELETE', `/${id}`)).toMatchObject({ status: 409, body: { code: 'is_default' } })
    expect((await manage('PUT', '/settings', { default: 'prx_gone' })).body.code).toBe('unknown_proxy')
    expect((await manage('PUT', '/settings', { healthCheckIntervalMinutes: -1 })).status).toBe(400)
    await manage('PUT', '/settings', { healthCheckIntervalMinutes: 0, default: 'environment' })
  })

  test('one in this network may be used once somebody said so', async () => {
    expect((await manage('POST', '', { url: 'http://10.0.0.1:8080' })).body.code).toBe('private_host')
    await add({ url: 'http://10.0.0.1:8080', allowPrivate: true })
    expect(house.configFile.current().config.upstream.allowed_private_hosts).toEqual(['127.0.0.1', '10.0.0.1:8080'])
  })
})

describe('who goes which way', () => {
  test('one, many, and back', async () => {
    const { id } = await add({ url: good.url, name: 'Berlin' })
    const [a = '', b = '', c = ''] = accounts
    const said = await manage('POST', '/assign', { accountId: a, proxyId: id })
    expect(said.body['assignments']).toEqual([{ accountId: a, proxyId: id, proxyName: 'Berlin' }])
    await manage('POST', '/assign-bulk', {
      assignments: [
        { accountId: b, proxyId: 'auto' },
        { accountId: c, proxyId: 'direct' },
      ],
    })
    const { accounts: ways } = (await manage('GET', '/assignments')).body as unknown as {
      accounts: { id: string; kind: string; proxyId: string }[]
    }
    expect(ways.map(({ id: owner, proxyId }) => [owner, proxyId])).toEqual([
      [a, id],
      [b, 'auto'],
      [c, 'direct'],
      ['login', 'global'],
    ])
    expect((await manage('DELETE', `/assign/${a}`)).status).toBe(200)
    expect((await manage('DELETE', `/assign/${a}`)).status).toBe(404)
  })

  test('all or none: one that is not there leaves everything as it was', async () => {
    const answer = await manage('POST', '/assign-bulk', {
      assignments: [
        { accountId: accounts[0], proxyId: 'auto' },
        { accountId: 'acc_x', proxyId: 'auto' },
      ],
    })
    expect([answer.status, answer.body.pointer]).toEqual([400, '/assignments/1/accountId'])
    const nowhere = await manage('POST', '/assign-bulk', {
      assignments: [
        { accountId: accounts[0], proxyId: 'auto' },
        { accountId: accounts[1], proxyId: 'prx_x' },
      ],
    })
    expect([nowhere.status, nowhere.body.code]).toEqual([404, 'unknown_proxy'])
    expect((await manage('GET', '')).body['assignments']).toEqual([])
  })

  test('by a rule, seen before it is done', async () => {
    const [one, other] = [await add({ url: good.url }), await add({ url: `http://127.0.0.1:${bad.port}` })]
    const rule = { accountIds: accounts, rule: 'round-robin', targetProxyIds: [one.id, other.id] }
    expect((await manage('POST', '/assign-rule', { ...rule, dryRun: true })).body).toMatchObject({ moved: 3 })
    expect((await manage('GET', '')).body['assignments']).toEqual([])
    await manage('POST', '/assign-rule', rule)
    expect((await manage('GET', '')).body.proxies?.map(({ owners }) => owners.length)).toEqual([2, 1])
    expect((await manage('POST', '/assign-rule', { ...rule, rule: 'even' })).body).toMatchObject({ moved: 0 })
  })

  test('goes to another gateway by e-mail address, seen before it is done', async () => {
    const { id } = await add({ url: good.url, name: 'Berlin' })
    await manage('POST', '/assign', { accountId: accounts[0], proxyId: id })
    const { body: list } = await manage('GET', '/assignments/export')
    expect(list['assignments']).toMatchObject([{ email: 'person0@example.com', proxyName: 'Berlin' }])
    await manage('DELETE', `/assign/${accounts[0]}`)
    const preview = await manage('POST', '/assignments/import', list)
    expect(preview.body).toMatchObject({
      changes: [{ accountId: accounts[0], email: 'person0@example.com', from: 'global', to: 'Berlin' }],
      unchanged: 0,
      unknown: [],
    })
    expect((await manage('GET', '')).body['assignments']).toEqual([])
    expect((await manage('POST', '/assignments/apply', list)).status).toBe(200)
    expect((await one(id))?.owners).toEqual([accounts[0]])
    expect(
      (
        await manage('POST', '/assignments/import', {
          assignments: { 'a@b.example': 'auto', 'person0@example.com': 'x' },
        })
      ).body['unknown'],
    ).toEqual([
      { email: 'a@b.example', reason: 'no_account' },
      { email: 'person0@example.com', reason: 'no_proxy' },
    ])
  })
})

describe('lists of proxies', () => {
  const LINES = () =>
    [
      `127.0.0.1:${good.port}:${LOGIN.username}:${LOGIN.password}`,
      '# Berlin',
      'nonsense secret-piece',
      '10.1.2.3:80',
    ].join('\n')

  test('are shown before they are taken', async () => {
    const preview = await manage('POST', '/import', { text: LINES(), dryRun: true })
    expect(preview.body).toMatchObject({
      dryRun: true,
      added: 1,
      proxies: [{ outcome: 'added' }, { outcome: 'private' }],
      problems: [{ line: 3 }],
    })
    expect(preview.text).not.toContain(LOGIN.password)
    expect(preview.text).not.toContain('secret-piece')
    expect((await manage('GET', '')).body.proxies).toEqual([])
  })

  test('are taken as plain text, and come back as YAML', async () => {
    expect((await manage('POST', '/import', LINES())).body).toMatchObject({ dryRun: false, added: 1 })
    const yaml = await manage('GET', '/export')
    expect(yaml.text).toContain('traveller')
    expect(yaml.text).not.toContain(LOGIN.password)
    expect((await manage('POST', '/import', yaml.text)).body).toMatchObject({ added: 0, unchanged: 1 })
    const whole = await manage('POST', '/export')
    expect(whole.text).toContain(LOGIN.password)
    const { id = '' } = (await manage('GET', '')).body.proxies?.[0] ?? {}
    await manage('DELETE', `/${id}`)
    await manage('POST', '/import', whole.text)
    const [back] = (await manage('GET', '')).body.proxies ?? []
    expect((await manage('POST', `/${back?.id}/check`)).body).toMatchObject({ ok: true })
  })

  test('with the passwords only for who has just signed in', () => {
    const route = house.gateway.routes.find(
      ({ paths, methods }) => paths.includes('/api/proxies/export') && methods.includes('POST'),
    )
    expect(route?.fresh).toBe(true)
  })
})
