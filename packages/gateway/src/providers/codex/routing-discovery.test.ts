import { FailureError, type Failure } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import type { Credential } from '../../accounts/index.js'
import { Secret } from '../../telemetry/index.js'
import type { SimpleRequest, SimpleResponse } from '../../transport/index.js'
import type { ProfileOptions } from './headers.js'
import { createRoutingDiscovery } from './routing-discovery.js'

const BASE = 'https://chatgpt.com/backend-api'
const profile: ProfileOptions = {
  profile: 'dragoman',
  version: '1',
  originator: '',
  user_agent: '',
  dragomanVersion: '1',
}
const credential: Credential = {
  accountId: 'acc_1',
  accessToken: new Secret('t1'),
  chatgptAccountId: 'ws_1',
  fedramp: false,
  generation: 1,
}
const account = (more: object = {}) => ({
  id: 'ws_1',
  workspace_backend_origin: 'https://eu.example.com',
  account_routing_override: 'NO_CONSTRAINT',
  ...more,
})
const reply = (accounts: unknown, status = 200): SimpleResponse => ({
  status,
  headers: {},
  body: JSON.stringify({ accounts }),
})

function world(answer: (request: SimpleRequest, nth: number) => SimpleResponse | Promise<SimpleResponse>) {
  const asked: SimpleRequest[] = []
  const warned: unknown[] = []
  const time = { now: 0 }
  const recovered: number[] = []
  const discovery = createRoutingDiscovery({
    async request(out) {
      asked.push(out)
      return answer(out, asked.length)
    },
    async recover(_, generation) {
      recovered.push(generation)
      return { ...credential, accessToken: new Secret('t2'), generation: generation + 1 }
    },
    log: { info() {}, warn: (fields) => void warned.push(fields) },
    now: () => time.now,
  })
  const of = (base = BASE, who = credential) => discovery.of(who, base, profile)
  return { discovery, asked, warned, recovered, time, of }
}

const HOUR = 3_600_000

test('is asked once an hour, of many at once too, as the account', async () => {
  const { of, asked, time } = world(() => reply([account({ account_routing_override: 'us_cr' }), { id: 'other' }]))
  const all = await Promise.all([of(), of(), of()])
  expect(all).toEqual(Array(3).fill({ origin: 'https://eu.example.com', override: 'us_cr' }))
  expect(asked).toMatchObject([
    {
      url: `${BASE}/wham/accounts/check`,
      method: 'GET',
      owner: 'acc_1',
      headers: { authorization: 'Bearer t1', 'chatgpt-account-id': 'ws_1' },
    },
  ])
  time.now = HOUR - 1
  await of()
  expect(asked).toHaveLength(1)
})

test('after an hour it is asked again, and nobody waits for it', async () => {
  const { of, asked, time } = world((_, nth) =>
    reply([account({ workspace_backend_origin: `https://n${nth}.example.com` })]),
  )
  expect(await of()).toEqual({ origin: 'https://n1.example.com' })
  time.now = HOUR
  expect(await of()).toEqual({ origin: 'https://n1.example.com' })
  expect(asked).toHaveLength(2)
  expect(await of()).toEqual({ origin: 'https://n2.example.com' })
})

test('another workspace or another base URL is asked anew, and so is an account that changed', async () => {
  const { of, asked, discovery } = world((request) => reply([account({ id: request.headers['chatgpt-account-id'] })]))
  await of()
  await of(BASE, { ...credential, chatgptAccountId: 'ws_2' })
  await of('https://other.example.com/backend-api', { ...credential, chatgptAccountId: 'ws_2' })
  discovery.forget('acc_1')
  await of('https://other.example.com/backend-api', { ...credential, chatgptAccountId: 'ws_2' })
  expect(asked).toHaveLength(4)
})

describe('what cannot be used', () => {
  test.each<[string, unknown]>([
    ['an origin without TLS', [account({ workspace_backend_origin: 'http://eu.example.com' })]],
    ['this machine, when the backend is not on it', [account({ workspace_backend_origin: 'http://127.0.0.1:9' })]],
    ['an origin with a path', [account({ workspace_backend_origin: 'https://eu.example.com/x' })]],
    ['an origin with a query', [account({ workspace_backend_origin: 'https://eu.example.com/?' })]],
    ['an origin with credentials', [account({ workspace_backend_origin: 'https://a:b@eu.example.com' })]],
    ['no URL', [account({ workspace_backend_origin: 'eu.example.com' })]],
    ['no origin', [account({ workspace_backend_origin: null })]],
    ['an override that nobody knows', [account({ account_routing_override: 'mars' })]],
    ['no such account', [account({ id: 'ws_2' })]],
    ['the account twice', [account(), account()]],
    ['no accounts', undefined],
  ])('%s: the configured base URL, for five minutes, said once', async (_, accounts) => {
    const { of, asked, warned, time } = world(() => reply(accounts))
    expect(await of()).toEqual({})
    time.now = 5 * 60_000 - 1
    expect(await of()).toEqual({})
    expect(asked).toHaveLength(1)
    time.now += 1
    await of()
    await of()
    expect(asked).toHaveLength(2)
    expect(warned).toHaveLength(1)
  })

  test('what was known last is still good', async () => {
    const { of, time } = world((_, nth) =>
      nth === 1 ? reply([account({ account_routing_override: 'us' })]) : reply([], 503),
    )
    const good = await of()
    time.now = HOUR
    await of()
    expect(await of()).toEqual(good)
  })

  test('a network that fails', async () => {
    const { of } = world(() => Promise.reject(new Error('ECONNRESET')))
    expect(await of()).toEqual({})
  })
})

test('a backend that is played on this machine may be on this machine', async () => {
  const { of } = world(() => reply([account({ workspace_backend_origin: 'http://127.0.0.1:9' })]))
  expect(await of('http://localhost:8/backend-api')).toEqual({ origin: 'http://127.0.0.1:9' })
})

describe('a refused token', () => {
  test('is renewed, and the question asked again', async () => {
    const { of, asked, recovered } = world(({ headers }) =>
      headers['authorization'] === 'Bearer t2' ? reply([account()]) : reply([], 401),
    )
    expect(await of()).toEqual({ origin: 'https://eu.example.com' })
    expect([asked.length, recovered]).toEqual([2, [1]])
  })

  test('that cannot be renewed is the failure of the request', async () => {
    const failure: Failure = {
      kind: 'credential_revoked',
      scope: 'account',
      phase: 'unsent',
      retry: 'other',
      message: 'm',
    }
    const discovery = createRoutingDiscovery({
      request: async () => reply([], 401),
      recover: () => Promise.reject(new FailureError(failure)),
      log: { info() {}, warn() {} },
    })
    await expect(discovery.of(credential, BASE, profile)).rejects.toThrow('m')
  })
})
