import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startUpstream, type Upstream } from '../doors.js'
import { openHouse, type House } from '../house.js'
import { Secret } from '../../packages/gateway/src/telemetry/index.js'
import { forbiddenUrls } from './forbidden-urls.js'

/** Whatever is asked here is a failure. */
let canary: Upstream
let house: House
beforeAll(async () => {
  canary = await startUpstream()
  // Nothing is allowed but what the configuration itself names: the simulator as the Codex backend.
  house = await openHouse({ config: { upstream: { allowed_private_hosts: [] }, codex: { routing_discovery: true } } })
})
afterAll(() => Promise.all([house.close(), canary.close()]))

const urls = () => forbiddenUrls(canary.port)
/** What is no URL at all can be configured nowhere. */
const readable = () => urls().filter(({ url }) => URL.canParse(url))

async function quiet(work: () => Promise<void>): Promise<void> {
  const before = canary.connections
  await work()
  expect(canary.connections).toBe(before)
}

describe('a base URL of an API key that leads into this network', () => {
  test.each([
    ['chat', '/v1/chat/completions', { messages: [{ role: 'user', content: 'x' }] }],
    ['anthropic', '/v1/messages', { max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }],
    ['responses', '/v1/responses', { input: 'x' }],
    ['gemini', '/v1/chat/completions', { messages: [{ role: 'user', content: 'x' }] }],
    ['chat', '/v1/embeddings', { input: 'x' }],
    ['chat', '/v1/images/generations', { prompt: 'x' }],
  ])('is not asked over %s by %s', async (wire, path, body) => {
    await quiet(async () => {
      for (const { what, url } of urls()) {
        const { record } = await house.gateway.store.apiKeys.add({
          provider: 'inside',
          kind: 'compatible',
          wire,
          baseUrl: url.replace(/\/+$/, ''),
          models: [{ id: 'inner' }],
          capabilities: ['chat', 'embeddings', 'images'],
          apiKey: new Secret('sk-canary'),
        })
        const answer = await house.post(path, { model: 'inner', ...body })
        const told = await answer.text()
        // A key whose URL cannot be read is no key; a name may not even resolve here.
        expect([what, [502, 404]]).toEqual([what, expect.arrayContaining([answer.status]) as unknown])
        expect(told).not.toContain('sk-canary')
        await house.gateway.store.apiKeys.remove(record.id)
      }
    })
  })
})

describe('the workspace that the backend names for an account', () => {
  test('is not asked when it leads into this network', { timeout: 60_000 }, async () => {
    await quiet(async () => {
      for (const { url } of readable()) {
        const one = await openHouse({
          config: { upstream: { allowed_private_hosts: [] }, codex: { routing_discovery: true } },
        })
        try {
          one.simulator.setRouting(one.accounts[0]?.accountId ?? '', { origin: new URL(url).origin })
          const answer = await one.post('/v1/responses', { model: 'gpt-5.5', input: 'x' })
          await answer.text()
        } finally {
          await one.close()
        }
      }
    })
  })
})

describe('a proxy in this network', () => {
  test('is not asked unless it is allowed', async () => {
    const [account] = house.gateway.accounts.list()
    await quiet(async () => {
      for (const { what, url } of readable()) {
        const { hostname, port } = new URL(url)
        const [added] = await house.gateway.store.proxies.add([
          { name: what, protocol: 'http', host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) || 80 },
        ])
        await house.gateway.store.proxies.pin(new Map([[account?.id ?? '', added?.record.id]]))
        const answer = await house.post('/v1/responses', { model: 'gpt-5.5', input: 'x' })
        await answer.text()
        expect([what, answer.status]).toEqual([what, 502])
      }
      await house.gateway.store.proxies.pin(new Map([[account?.id ?? '', undefined]]))
    })
  })
})

test('a picture that a client names is passed on, never fetched', async () => {
  await quiet(async () => {
    for (const { url } of urls()) {
      const answer = await house.post('/v1/responses', {
        model: 'gpt-5.5',
        input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
      })
      await answer.text()
    }
  })
})
