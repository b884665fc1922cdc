import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

const COOKIE = 'hunter2-do-not-tell'

let house: House
let [ann, bob] = ['', '']
beforeAll(async () => {
  house = await openHouse({ accounts: 2 })
  ;[ann = '', bob = ''] = house.gateway.accounts.list().map(({ id }) => id)
  await house.gateway.accounts.change(ann, { cookies: { cf_clearance: COOKIE } })
})
afterAll(() => house.close())

/** Every route of accounts, with something that it would take. Those that do something lasting come last. */
const ROUTES: [method: string, path: string, body: object | undefined][] = [
  ['GET', '/auth/status', undefined],
  ['GET', '/auth/accounts', undefined],
  ['GET', '/auth/accounts/:id', undefined],
  ['GET', '/auth/accounts/:id/quota', undefined],
  ['GET', '/auth/accounts/:id/reset-credits', undefined],
  ['GET', '/auth/accounts/:id/cookies', undefined],
  ['PATCH', '/auth/accounts/:id', { weight: 2 }],
  ['PATCH', '/auth/accounts/:id/label', { label: 'work' }],
  ['PATCH', '/auth/accounts/:id/codex-fingerprint', { mode: 'off' }],
  ['POST', '/auth/accounts/:id/refresh', undefined],
  ['POST', '/auth/accounts/:id/quota-back', undefined],
  ['POST', '/auth/accounts/:id/reset-usage', undefined],
  ['POST', '/auth/accounts/:id/reset-credits/consume', {}],
  ['POST', '/auth/accounts/health-check', { ids: [] }],
  ['POST', '/auth/accounts/batch-settings', { ids: [], weight: 2 }],
  ['POST', '/auth/accounts/batch-refresh', { ids: [] }],
  ['POST', '/auth/accounts/batch-quota', { ids: [] }],
  ['POST', '/auth/accounts/batch-status', { ids: [], status: 'active' }],
  ['POST', '/auth/accounts/batch-delete', { ids: [] }],
  ['POST', '/auth/accounts/:id/cookies', { cookies: `cf_clearance=${COOKIE}` }],
  ['DELETE', '/auth/accounts/:id/cookies', undefined],
  ['DELETE', '/auth/accounts/:id', undefined],
]

function ask(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  return fetch(house.url + path.replace(':id', ann), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

/** `fetch` writes its own Host. */
function askAs(host: string, method: string, path: string): Promise<number> {
  const { hostname, port } = new URL(house.url)
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method,
        path: path.replace(':id', ann),
        headers: { host, authorization: `Bearer ${house.gateway.controlKey}`, 'content-length': 0 },
      },
      (reply) => {
        reply.resume()
        resolve(reply.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

const control = (): Record<string, string> => ({ authorization: `Bearer ${house.gateway.controlKey}` })

test('every route that changes or shows accounts is tried here, and for management alone', () => {
  // Tried where accounts come in and go out.
  const elsewhere = ['/auth/accounts/export', '/auth/accounts/import', '/auth/accounts/login']
  const found = house.gateway.routes.flatMap(({ methods, paths, access }) =>
    paths
      .filter((path) => /^\/auth\/(?:accounts|status)/.test(path) && !elsewhere.includes(path))
      .map((path) => `${methods[0]} ${path} ${access}`),
  )
  const added = 'POST /auth/accounts admin'
  expect(found.filter((one) => one !== added).toSorted()).toEqual(
    ROUTES.map(([method, path]) => `${method} ${path} admin`).toSorted(),
  )
})

describe.each(ROUTES)('%s %s', (method, path, body) => {
  test.each<[string, () => Record<string, string>, number]>([
    ['no credential', () => ({}), 401],
    ['a wrong one', () => ({ authorization: 'Bearer dgc-wrong' }), 401],
    ['a client key', () => ({ authorization: `Bearer ${house.key}` }), 403],
    ['a client key in its other places', () => ({ 'x-api-key': house.key }), 403],
    ['the key of the demo', () => ({ authorization: `Bearer ${house.gateway.demoKey}` }), 403],
    ['a foreign Origin', () => ({ ...control(), origin: 'https://evil.example' }), 403],
  ])('refuses %s and tells nothing', async (_, headers, status) => {
    const answer = await ask(method, path, headers(), body)
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toMatch(/person0|acc_|cf_clearance/)
  })

  test('refuses a foreign Host', async () => {
    expect(await askAs('evil.example', method, path)).toBe(421)
  })
})

test('what was refused changed nothing', async () => {
  expect(house.gateway.accounts.list().map(({ id, label, weight }) => ({ id, label, weight }))).toEqual([
    { id: ann, label: undefined, weight: 1 },
    { id: bob, label: undefined, weight: 1 },
  ])
  expect(await house.gateway.store.accounts.cookies(ann)).toEqual({ cf_clearance: COOKIE })
  expect(house.simulator.requests.filter(({ path }) => /token|consume/.test(path))).toEqual([])
})

describe('no answer holds a token or the value of a cookie', () => {
  test.each(ROUTES)('%s %s', async (method, path, body) => {
    house.simulator.grantResetCredits(house.accounts[0]!.accountId)
    const answer = await ask(method, path, control(), body)
    const text = await answer.text()
    expect(`${answer.status} ${text}`).toMatch(/^200 \{/)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(text).not.toContain(COOKIE)
    expect(text).not.toMatch(/eyJ[\w-]{10,}\.|\brt[._-][\w-]{10,}|dgm-|dgc-/)
    for (const { accessToken, refreshToken, idToken } of house.accounts) {
      for (const secret of [accessToken, refreshToken, idToken]) expect(text).not.toContain(secret)
    }
  })

  test('nor does the log', () => {
    expect(house.log.join('\n')).not.toContain(COOKIE)
  })
})
