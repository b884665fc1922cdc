import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openHouse, type House } from '../house.js'

interface Key {
  id: string
  name: string
  prefix: string
  status: string
  key?: string
  request_count: number
  budgets: Record<'day' | 'month' | 'total', { max_budget_usd: number | null; used_tokens: number }>
  [field: string]: unknown
}

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

async function manage(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${house.url}/admin/client-keys${path}`, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Key & { error?: string; code?: string } }
}
async function make(body: object = {}): Promise<Key & { key: string }> {
  const { status, body: made } = await manage('POST', '', { name: 'laptop', ...body })
  expect(status).toBe(201)
  return made as Key & { key: string }
}
const list = async () => (await manage('GET', '')).body as unknown as { keys: Key[]; total: number; active: number }
const ask = (key: string, path = '/v1/models') =>
  fetch(house.url + path, { headers: { authorization: `Bearer ${key}` } })
async function refusal(key: string): Promise<[number, string]> {
  const answer = await ask(key)
  const { error } = (await answer.json()) as { error?: { code: string } }
  return [answer.status, error?.code ?? '']
}

describe('client keys of the admin API', () => {
  test('a new one is told once, with everything that may be said of it', async () => {
    const made = await make({
      expires_at: '2099-01-31T00:00:00Z',
      max_budget_usd: 5,
      budgets: { day: { max_budget_usd: 1.5 }, month: { max_tokens: 1_000_000 } },
      requests_per_minute: 30,
      max_concurrency: 4,
      allowed_models: ['gpt-5.5', 'demo', 'demo'],
      default_tools: ['web_search'],
      strict: true,
      accounts: ['work'],
    })
    expect(made.key).toMatch(/^dgm-[0-9A-Za-z]{43}$/)
    expect(made).toMatchObject({
      status: 'active',
      enabled: true,
      expires_at: '2099-01-31T00:00:00.000Z',
      max_budget_usd: 5,
      budgets: {
        day: { max_budget_usd: 1.5, max_tokens: null, used_tokens: 0 },
        month: { max_budget_usd: null, max_tokens: 1_000_000 },
        total: { max_budget_usd: 5, resets_at: null },
      },
      requests_per_minute: 30,
      max_concurrency: 4,
      allowed_models: ['gpt-5.5', 'demo'],
      default_tools: ['web_search'],
      strict: true,
      accounts: ['work'],
      last_used_at: null,
    })
    expect((await ask(made.key)).status).toBe(200)
    const all = JSON.stringify(await list())
    expect(all).toContain(made.id)
    expect(all).not.toContain(made.key)
    expect(all).not.toContain('hash')
  })

  test('a change says only what is to be another, and null takes it away', async () => {
    const { id } = await make({ budgets: { day: { max_budget_usd: 1, max_tokens: 100 } }, max_concurrency: 2 })
    const { body: first } = await manage('PUT', `/${id}`, { name: 'desk', budgets: { day: { max_tokens: null } } })
    expect(first).toMatchObject({ name: 'desk', max_concurrency: 2 })
    expect(first.budgets.day).toMatchObject({ max_budget_usd: 1, max_tokens: null })
    const { body: none } = await manage('PUT', `/${id}`, {
      max_concurrency: null,
      budgets: { day: { max_budget_usd: null } },
    })
    expect(none).toMatchObject({ max_concurrency: null, allowed_models: null, strict: false })
    expect(house.gateway.store.clientKeys.findById(id)?.limits).toBeUndefined()
  })

  test('switched off it opens nothing, and keeps its limits for when it is switched on', async () => {
    const { id, key } = await make({ requests_per_minute: 30 })
    expect((await manage('POST', `/${id}/toggle`)).body).toMatchObject({ status: 'disabled', requests_per_minute: 30 })
    expect(await refusal(key)).toEqual([401, 'key_disabled'])
    await manage('PUT', `/${id}`, { name: 'still off' })
    expect((await manage('POST', `/${id}/toggle`, { enabled: false })).body.status).toBe('disabled')
    expect((await manage('POST', `/${id}/toggle`)).body).toMatchObject({ status: 'active', requests_per_minute: 30 })
    expect((await ask(key)).status).toBe(200)
  })

  test('switching off and revoking close its WebSockets', async () => {
    for (const end of ['toggle', 'revoke'] as const) {
      const { id, key } = await make()
      const socket = new WebSocket(`${house.url.replace('http', 'ws')}/v1/responses`, {
        headers: { authorization: `Bearer ${key}` },
      })
      await once(socket, 'open')
      const closed = once(socket, 'close')
      await (end === 'toggle' ? manage('POST', `/${id}/toggle`) : manage('DELETE', `/${id}`))
      await closed
      expect((await list()).keys.some((one) => one.id === id)).toBe(end === 'toggle')
      expect(await refusal(key)).toEqual([401, end === 'toggle' ? 'key_disabled' : 'invalid_api_key'])
    }
  })

  test('what it has used is told at once, and can begin at zero', async () => {
    const { id, key } = await make()
    await fetch(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hi' }] }),
    }).then((answer) => answer.text())
    const used = async () => (await list()).keys.find((one) => one.id === id)
    const before = await used()
    expect(before?.request_count).toBe(1)
    expect(before?.budgets.day.used_tokens).toBeGreaterThan(0)
    expect(before?.['last_used_at']).not.toBe(null)
    const { body: reset } = await manage('POST', `/${id}/reset-usage`)
    expect(reset.request_count).toBe(0)
    expect((await used())?.budgets.total.used_tokens).toBe(0)
  })

  test('one of your own is taken when nobody can guess it and nobody has it', async () => {
    const own = `sk-proxy-${randomBytes(16).toString('hex')}`
    expect((await make({ key: own })).key).toBe(own)
    expect((await ask(own)).status).toBe(200)
    expect(await manage('POST', '', { name: 'again', key: own })).toMatchObject({
      status: 409,
      body: { code: 'key_taken' },
    })
    expect(await manage('POST', '', { name: 'weak', key: 'sk-proxy-1234567890' })).toMatchObject({
      status: 400,
      body: { code: 'weak_key', pointer: '/key' },
    })
  })

  test.each([
    [{ name: ' ' }, '/name'],
    [{ name: 'a', max_budget_usd: -1 }, '/max_budget_usd'],
    [{ name: 'a', budgets: { day: { max_tokens: 1.5 } } }, '/budgets/day/max_tokens'],
    [{ name: 'a', expires_at: 'tomorrow' }, '/expires_at'],
    [{ name: 'a', expires_at: '2001-01-01' }, '/expires_at'],
    [{ name: 'a', allowed_models: [] }, '/allowed_models'],
    [{ name: 'a', default_tools: ['hammer'] }, '/default_tools/0'],
  ])('says which part of %j is wrong', async (body, pointer) => {
    const answer = await manage('POST', '', body)
    expect([answer.status, answer.body['pointer']]).toEqual([400, pointer])
  })

  test('a key that is not there is 404', async () => {
    for (const [method, path] of [
      ['PUT', '/key_x'],
      ['POST', '/key_x/toggle'],
      ['POST', '/key_x/reset-usage'],
      ['DELETE', '/key_x'],
    ] as const) {
      expect((await manage(method, path, method === 'DELETE' ? undefined : {})).status).toBe(404)
    }
  })
})
