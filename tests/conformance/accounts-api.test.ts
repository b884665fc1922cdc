import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
let [ann, bob] = ['', '']
beforeAll(async () => {
  house = await openHouse({ accounts: 2, config: { quota: { refresh_minutes: 0 } } })
  ;[ann = '', bob = ''] = house.gateway.accounts.list().map(({ id }) => id)
})
afterAll(() => house.close())
beforeEach(async () => {
  for (const id of [ann, bob]) {
    await house.gateway.accounts.setEnabled(id, false)
    await house.gateway.accounts.setEnabled(id, true)
  }
})

// Whatever the route tells; each test says what it expects of it.
type Body = Record<string, unknown> & { error: string; pointer?: string }

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const answer = await fetch(house.url + path, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Body }
}

async function over(path: string, body: object): Promise<Body> {
  const { status, body: answer } = await ask('POST', `${path}?background=true`, body)
  expect(status).toBe(202)
  const { id } = answer['task'] as { id: string }
  let task = (await ask('GET', `/admin/tasks/${id}`)).body
  await expect
    .poll(async () => {
      task = (await ask('GET', `/admin/tasks/${id}`)).body
      return task['state']
    })
    .not.toBe('running')
  return task
}

describe('why an account does not serve, for programs', () => {
  const view = async () => (await ask('GET', `/auth/accounts/${ann}`)).body['account']

  test('nothing, for one that serves', async () => {
    expect(await view()).toMatchObject({ state: 'active', reasonCode: null, heals: null, attentionCode: null })
  })

  test('by its owner', async () => {
    await house.gateway.accounts.setEnabled(ann, false)
    expect(await view()).toMatchObject({ reasonCode: 'switched_off', heals: { how: 'owner' } })
  })

  test.each([
    ['challenged', 'challenged', 'probe'],
    ['forbidden', 'refused', 'probe'],
    ['rate_limited', 'rate_limited', 'probe'],
    ['credential_revoked', 'login_revoked', 'sign_in'],
  ] as const)('after %s', async (kind, reasonCode, how) => {
    house.gateway.accounts.learn(ann, {
      model: 'gpt-5.5',
      failure: { kind, scope: 'account', phase: 'unsent', retry: 'other', message: 'no' },
    })
    expect(await view()).toMatchObject({ reasonCode, heals: { how } })
  })

  test('by its quota, with the time', async () => {
    const resetAt = Date.now() + 3_600_000
    house.gateway.accounts.learn(ann, {
      model: 'gpt-5.5',
      failure: {
        kind: 'quota_exhausted',
        scope: 'account',
        phase: 'unsent',
        retry: 'other',
        message: 'no',
        retryAt: resetAt,
      },
    })
    expect(await view()).toMatchObject({
      reasonCode: 'quota_reached',
      heals: { how: 'time', at: new Date(resetAt).toISOString() },
    })
    house.gateway.accounts.quotaIsBack(ann)
  })
})

describe('the list', () => {
  test('tells when each last answered, how the store is, and only those that are asked for', async () => {
    await house.openai.responses.create({ model: 'gpt-5.5', input: 'hello' })
    await expect
      .poll(async () => JSON.stringify((await ask('GET', '/auth/accounts')).body['accounts']))
      .toMatch(/"last_used":"\d{4}-/)
    const { body } = await ask('GET', `/auth/accounts?ids=${bob},acc_gone`)
    expect(body).toMatchObject({ accounts: [{ id: bob }], persistence_health: { status: 'ok', setAsideTo: null } })
    expect(body['accounts']).toHaveLength(1)
  })
})

describe('many at a time, in the background', () => {
  const ids = () => [ann, bob, 'acc_gone']

  test('are switched off and on', async () => {
    expect(await over('/auth/accounts/batch-status', { ids: ids(), status: 'disabled' })).toMatchObject({
      kind: 'batch-disable',
      state: 'done',
      done: 3,
      total: 3,
      result: { updated: 2, notFound: ['acc_gone'] },
    })
    expect(house.gateway.accounts.list().map(({ status }) => status)).toEqual(['disabled', 'disabled'])
  })

  test('are renewed; each that cannot be is named', async () => {
    house.simulator.endRefresh(house.accounts[1]!.accountId, 'expired')
    const task = await over('/auth/accounts/batch-refresh', { ids: [ann, bob] })
    expect(task).toMatchObject({
      done: 2,
      failed: 1,
      result: { updated: 1, failed: [{ id: bob, error: expect.stringMatching(/\w/) as string }] },
    })
  })

  test('are asked for their quota', async () => {
    await over('/auth/accounts/batch-quota', { ids: [bob] })
    expect((await ask('GET', `/auth/accounts/${bob}`)).body).toMatchObject({
      account: { quota: { windows: [{ source: 'usage' }, {}] } },
    })
  })

  test('are checked', async () => {
    expect(await over('/auth/accounts/health-check', { ids: [ann], stagger_ms: 500 })).toMatchObject({
      kind: 'health-check',
      result: { summary: { total: 1 } },
    })
  })

  test('are set, all or none', async () => {
    const refused = await ask('POST', '/auth/accounts/batch-settings', { ids: [ann, bob], weight: -1 })
    expect(refused).toMatchObject({ status: 400, body: { pointer: '/weight' } })
    expect((await ask('POST', '/auth/accounts/batch-settings', { ids: [ann] })).status).toBe(400)
    const { body } = await ask('POST', '/auth/accounts/batch-settings', {
      ids: [ann, bob],
      weight: 3,
      groups: ['night'],
      proxyId: 'direct',
    })
    expect(body).toEqual({ updated: 2, notFound: [] })
    const { body: list } = await ask('GET', '/auth/accounts')
    expect(list['accounts']).toMatchObject([
      { weight: 3, groups: ['night'], proxyId: 'direct' },
      { weight: 3, groups: ['night'], proxyId: 'direct' },
    ])
    const unknown = await ask('PATCH', `/auth/accounts/${ann}`, { proxyId: 'no such proxy' })
    expect(unknown).toMatchObject({ status: 400, body: { pointer: '/proxyId' } })
  })
})

describe('a path means one route', () => {
  test.each(['accounts/%62atch-delete', 'accounts/x/../y', 'accounts/export/'])('/auth/%s is none', async (path) => {
    const { hostname, port } = new URL(house.url)
    // `fetch` would take the dots out by itself.
    const { request } = await import('node:http')
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          hostname,
          port,
          path: `/auth/${path}`,
          headers: { authorization: `Bearer ${house.gateway.controlKey}` },
        },
        (reply) => {
          reply.resume()
          resolve(reply.statusCode ?? 0)
        },
      )
      sent.on('error', reject)
      sent.end()
    })
    expect(status).toBe(404)
  })
})
