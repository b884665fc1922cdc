import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 0, config: { server: { public_url: 'https://ai.example.com/' } } })
})
afterAll(() => house.close())

interface Connect {
  addresses: { url: string; kind: string }[]
  default_model: string
  models: { id: string }[]
  keys: { name: string }[]
  is_new: boolean
  accounts: number
}

describe('what clients need', () => {
  test('names the public address first, and the demo while nothing else answers', async () => {
    const connect = await admin<Connect>('GET', '/admin/connect')
    expect(connect.addresses.map(({ url }) => url)).toEqual(
      expect.arrayContaining(['https://ai.example.com', house.url]),
    )
    expect(connect.addresses[0]).toEqual({ url: 'https://ai.example.com', kind: 'public' })
    expect(connect.default_model).toBe('demo')
    expect(connect.models.map(({ id }) => id)).toContain('demo')
    expect(connect).toMatchObject({ is_new: true, accounts: 0 })
    expect(connect.keys.map(({ name }) => name)).toEqual(['first key'])
    expect(JSON.stringify(connect)).not.toContain(house.key)
  })

  test('is not that of a new gateway once something was asked', async () => {
    const reply = await house.post('/v1/chat/completions', {
      model: 'demo',
      messages: [{ role: 'user', content: 'Hello' }],
    })
    await reply.text()
    expect((await admin<Connect>('GET', '/admin/connect')).is_new).toBe(false)
  })

  test('a client key opens neither of it', async () => {
    expect((await house.fetch('/admin/connect')).status).toBe(403)
    expect((await house.fetch('/admin/playground/key', { method: 'POST' })).status).toBe(403)
  })
})

describe('the playground’s key', () => {
  test('opens models, is known by its name, and opens no management', async () => {
    const { key } = await admin<{ key: string }>('POST', '/admin/playground/key')
    const reply = await fetch(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello' }] }),
    })
    expect(reply.status).toBe(200)
    await reply.text()
    expect(house.gateway.records.list(1)[0]?.keyId).toBe('playground')
    expect((await fetch(`${house.url}/admin/connect`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(
      403,
    )
    expect((await house.gateway.store.clientKeys.list()).map(({ name }) => name)).toEqual(['first key'])
  })

  test('ends with the session that asked for it', async () => {
    const { sessions } = house.gateway
    const json = { 'content-type': 'application/json' }
    const opened = await fetch(`${house.url}/auth/dashboard-link`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ token: sessions.makeLink().token }),
    })
    const { session } = (await opened.json()) as { session: string }
    const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const lent = await fetch(`${house.url}/admin/playground/key`, {
      method: 'POST',
      headers: { cookie, 'x-dragoman-session': session },
    })
    const { key } = (await lent.json()) as { key: string }
    const ask = async (): Promise<number> =>
      (await fetch(`${house.url}/v1/models`, { headers: { 'x-api-key': key } })).status
    expect(await ask()).toBe(200)
    for (const { id } of sessions.list()) await sessions.end(id)
    expect(await ask()).toBe(401)
  })
})

async function admin<Body>(method: string, path: string): Promise<Body> {
  const reply = await fetch(house.url + path, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
  })
  expect(reply.status).toBe(200)
  return (await reply.json()) as Body
}
