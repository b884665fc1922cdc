import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiKeyView } from '../../packages/gateway/src/server/admin/api-keys-view.js'
import { openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 0 })
})
afterAll(() => house.close())

interface Reply<Body = Record<string, unknown>> {
  status: number
  body: Body & { error?: string; code?: string; pointer?: string }
}

async function ask<Body = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<Reply<Body>> {
  const reply = await fetch(`${house.url}/auth/api-keys${path}`, {
    method,
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: reply.status, body: (await reply.json()) as Reply<Body>['body'] }
}

const baseUrl = () => house.simulator.vendors.openai.baseUrl
const add = async (more: object = {}) => {
  const { key } = house.simulator.addVendorKey({ vendor: 'openai' })
  const reply = await ask<{ outcome: string; key: ApiKeyView }>('POST', '', {
    provider: 'openai',
    wire: 'chat',
    baseUrl: baseUrl(),
    apiKey: key,
    models: ['gpt-4o'],
    ...more,
  })
  return { ...reply, secret: key }
}
const entries = async () => (await ask<{ keys: ApiKeyView[] }>('GET', '')).body.keys

describe('a key', () => {
  test('is added, listed masked, and serves at once', async () => {
    const { status, body, secret } = await add({ label: 'work', weight: 3 })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      outcome: 'added',
      key: {
        provider: 'openai',
        model: 'gpt-4o',
        models: [{ id: 'gpt-4o' }],
        label: 'work',
        weight: 3,
        wire: 'chat',
        status: 'active',
        lastUsedAt: null,
        health: { state: 'ready', rest: null, models: [] },
        apiKey: `${secret.slice(0, 4)}****${secret.slice(-4)}`,
      },
    })
    await house.openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] })
    const [entry] = await entries()
    expect(entry).toMatchObject({ lastUsedAt: expect.any(String) as string, usage: { requests: 1, failed: 0 } })
    expect(JSON.stringify(await entries())).not.toContain(secret)
    expect((await ask('POST', `/${body.key.id}/test`, {})).body).toMatchObject({ ok: true, model: 'gpt-4o' })
  })

  test('is the same one when it is added again', async () => {
    const { key } = house.simulator.addVendorKey({ vendor: 'openai' })
    const said = { provider: 'openai', baseUrl: baseUrl(), apiKey: key, models: 'all' }
    const first = await ask<{ key: ApiKeyView }>('POST', '', said)
    const again = await ask<{ outcome: string; key: ApiKeyView }>('POST', '', { ...said, models: ['gpt-5'] })
    expect(again.body.outcome).toBe('updated')
    expect(again.body.key.id).toBe(first.body.key.id)
  })

  test.each<[string, object, string, string?]>([
    ['a provider that nobody knows', { provider: 'nobody' }, '/provider'],
    ['no key', { apiKey: undefined }, '/apiKey'],
    ['a key with a line end', { apiKey: 'sk-1\nsk-2' }, '/apiKey'],
    ['an address without a scheme', { baseUrl: 'api.example.com/v1' }, '/baseUrl'],
    ['the path of one endpoint', { baseUrl: 'https://api.example.com/v1/chat/completions' }, '/baseUrl'],
    ['an address in the own network', { baseUrl: 'http://10.1.2.3/v1' }, '/baseUrl', 'private_address'],
    ['the address of cloud metadata', { baseUrl: 'http://169.254.169.254/latest' }, '/baseUrl'],
    ['no models', { models: [] }, '/models'],
    ['a model twice', { models: ['a', 'a'] }, '/models'],
    ['a long label', { label: 'x'.repeat(65) }, '/label'],
    ['a name that is taken', { name: 'codex' }, '/name'],
    ['a capability that there is not', { capabilities: ['fly'] }, '/capabilities/0'],
    ['a header that is not theirs', { headers: { host: 'x' } }, '/headers/host'],
  ])('with %s is refused, and the place is named', async (_, wrong, pointer, code) => {
    const before = (await entries()).length
    const { status, body, secret } = await add(wrong)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: expect.any(String) as string,
      pointer,
      ...(code === undefined ? {} : { code }),
    })
    expect(JSON.stringify(body)).not.toContain(secret)
    expect(await entries()).toHaveLength(before)
  })

  test('is changed field by field', async () => {
    const { id } = (await add({ label: 'first' })).body.key
    expect((await ask('PATCH', `/${id}/label`, { label: 'second' })).body).toMatchObject({ key: { label: 'second' } })
    expect((await ask('PATCH', `/${id}/status`, { status: 'disabled' })).body).toMatchObject({
      key: { status: 'disabled', health: { state: 'disabled' } },
    })
    const changed = await ask('PATCH', `/${id}`, {
      models: [{ id: 'fast', upstream: 'gpt-5' }],
      capabilities: ['chat', 'embeddings'],
      headers: { 'X-Team': 'blue' },
      enabled: true,
      label: null,
    })
    expect(changed.body).toMatchObject({
      key: {
        label: null,
        status: 'active',
        models: [{ id: 'fast', upstream: 'gpt-5' }],
        capabilities: ['chat', 'embeddings'],
        headers: ['x-team'],
      },
    })
    expect(JSON.stringify(changed.body)).not.toContain('blue')
    expect((await ask('PATCH', `/${id}`, { weight: 0 })).body).toMatchObject({ pointer: '/weight' })
  })

  test('does not move with its address', async () => {
    const { id, baseUrl: before } = (await add({ label: 'stays' })).body.key
    const stolen = await ask('PATCH', `/${id}`, { baseUrl: 'https://attacker.example/v1' })
    expect(stolen).toMatchObject({ status: 400, body: { error: expect.stringContaining('belongs to') as string } })
    expect((await entries()).find((one) => one.id === id)?.baseUrl).toBe(before)
  })

  test('goes alone or with others', async () => {
    const ids = await Promise.all([add(), add(), add()].map(async (one) => (await one).body.key.id))
    expect((await ask('DELETE', `/${ids[0]}`)).body).toEqual({ success: true })
    expect((await ask('DELETE', `/${ids[0]}`)).status).toBe(404)
    expect((await ask('POST', '/batch-delete', { ids })).body).toEqual({
      success: true,
      deleted: 2,
      missing: [ids[0]],
    })
  })

  test('that the provider refuses says so, and is an error until it answers', async () => {
    const { id } = (
      await ask<{ key: ApiKeyView }>('POST', '', {
        provider: 'openai',
        wire: 'chat',
        baseUrl: baseUrl(),
        apiKey: 'sk-not-a-key-of-anybody',
        models: ['only-here'],
      })
    ).body.key
    expect((await ask('POST', `/${id}/test`, {})).body).toMatchObject({ ok: false, code: 'credential_revoked' })
    await house.openai.chat.completions
      .create({ model: 'only-here', messages: [{ role: 'user', content: 'Hi' }] })
      .catch(() => undefined)
    expect((await entries()).find((one) => one.id === id)).toMatchObject({
      status: 'error',
      health: { state: 'resting', rest: { kind: 'credential_revoked', until: expect.any(String) as string } },
    })
    await ask('DELETE', `/${id}`)
  })

  test('for embeddings alone is tested by its list', async () => {
    const { id } = (await add({ capabilities: ['embeddings'], models: ['text-embedding-3-small'] })).body.key
    expect((await ask('POST', `/${id}/test`, {})).body).toMatchObject({ ok: true, model: null })
  })
})

describe('the list of a provider', () => {
  test('is asked for with a key that is not kept, and remembered', async () => {
    const { key: apiKey } = house.simulator.addVendorKey({ vendor: 'anthropic' })
    const said = { provider: 'anthropic', baseUrl: house.simulator.vendors.anthropic.baseUrl, apiKey }
    const first = await ask<{ models: { id: string }[]; cached: boolean }>('POST', '/models', said)
    expect(first.body.models.map(({ id }) => id)).toContain('claude-opus-5')
    expect(first.body.cached).toBe(false)
    expect((await ask('POST', '/models', said)).body).toMatchObject({ cached: true })
    expect((await ask('POST', '/models', { ...said, refresh: true })).body).toMatchObject({ cached: false })
  })

  test('is kept for a key that is', async () => {
    const { id } = (await add()).body.key
    expect((await ask('POST', '/models', { id })).body).toMatchObject({ cached: false })
    expect((await ask('POST', '/models', { id })).body).toMatchObject({ cached: true })
  })

  test('is never asked of an address that was not allowed, and refusals are the provider’s', async () => {
    const inside = { provider: 'custom', baseUrl: 'http://192.168.0.1/v1', apiKey: 'sk-1' }
    expect(await ask('POST', '/models', inside)).toMatchObject({ status: 400, body: { code: 'private_address' } })
    const wrong = await ask('POST', '/models', { provider: 'openai', baseUrl: baseUrl(), apiKey: 'sk-wrong-key-here' })
    expect(wrong).toMatchObject({ status: 502, body: { code: 'credential_expired' } })
    expect(JSON.stringify(wrong.body)).not.toContain('sk-wrong-key-here')
  })

  test('of presets needs no network', async () => {
    const { body } = await ask<{ providers: { id: string; keysAt: string | null }[] }>('GET', '/catalog')
    expect(body.providers.map(({ id }) => id)).toEqual(expect.arrayContaining(['openai', 'deepseek', 'ollama']))
  })
})

describe('files', () => {
  test('hold keys only when a passphrase or "plain" is said, and never by GET', async () => {
    const { secret } = await add({ label: 'exported' })
    expect(await ask('GET', '/export')).toMatchObject({ status: 409, body: { code: 'use_post' } })
    expect(await ask('POST', '/export', {})).toMatchObject({ status: 400, body: { code: 'passphrase_needed' } })
    expect(JSON.stringify((await ask('POST', '/export', { passphrase: 'a long passphrase' })).body)).not.toContain(
      secret,
    )
    expect(JSON.stringify((await ask('POST', '/export', { plain: true })).body)).toContain(secret)
  })

  test('are looked at before they are taken in', async () => {
    const { secret } = await add({ label: 'to and fro' })
    const file = JSON.stringify((await ask('POST', '/export', { passphrase: 'a long passphrase' })).body)
    const { id } = (await entries()).find(({ label }) => label === 'to and fro')!
    await ask('DELETE', `/${id}`)
    expect(await ask('POST', '/import', { file })).toMatchObject({ status: 400, body: { code: 'passphrase_needed' } })
    expect(await ask('POST', '/import', { file, passphrase: 'wrong' })).toMatchObject({ status: 400 })
    const look = await ask('POST', '/import', { file, passphrase: 'a long passphrase', dryRun: true })
    expect(look.body).toMatchObject({ dryRun: true, added: 1, failed: 0 })
    expect(JSON.stringify(look.body)).not.toContain(secret)
    expect((await entries()).some(({ label }) => label === 'to and fro')).toBe(false)
    await ask('POST', '/import', { file, passphrase: 'a long passphrase' })
    expect((await entries()).some(({ label }) => label === 'to and fro')).toBe(true)
  })

  test('of the predecessor are read, and bad entries named', async () => {
    const keys = [
      { provider: 'custom', model: 'a', apiKey: 'sk-from-before-1234', baseUrl: 'https://llm.example.com/v1' },
      { provider: 'custom', model: 'b', apiKey: 'sk-from-before-1234', baseUrl: 'https://llm.example.com/v1' },
      { provider: 'custom', model: 'c', apiKey: 'sk-inside-1234567', baseUrl: 'http://10.0.0.8/v1' },
      { provider: 7 },
    ]
    const { body } = await ask('POST', '/import', { keys })
    expect(body).toMatchObject({
      success: false,
      added: 1,
      failed: 2,
      keys: [
        { outcome: 'added', provider: 'llm.example.com', models: 2 },
        { outcome: 'refused', reason: expect.any(String) as string },
      ],
      problems: [{ at: '/keys/3' }],
    })
    expect(JSON.stringify(body)).not.toContain('sk-from-before-1234')
  })
})
