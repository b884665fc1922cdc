import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PoolView } from '../../packages/gateway/src/server/index.js'
import { openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 2, config: { accounts: { strategy: 'round_robin' } } })
})
afterAll(() => house.close())

const view = async (): Promise<PoolView> => {
  const reply = await fetch(`${house.url}/admin/pool`, {
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
  })
  expect(reply.status).toBe(200)
  return (await reply.json()) as PoolView
}

const talk = (session: string, words: string, key = house.key) =>
  fetch(`${house.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'session-id': session },
    body: JSON.stringify({ model: 'gpt-5.5', instructions: 'Say what you do. '.repeat(800), input: words }),
  })

describe('GET /admin/pool', () => {
  test('shows who works, how warm the caches are, and what moves cost', async () => {
    expect((await view()).cache).toEqual({
      requests: 0,
      input_tokens: 0,
      cached_tokens: 0,
      hit_rate: null,
      moves: 0,
      lost_tokens: 0,
    })
    for (const session of ['a', 'a', 'b', 'b']) await (await talk(session, 'go on')).text()
    const warm = await view()
    expect(warm).toMatchObject({ strategy: 'round_robin', waiting: 0, cache: { requests: 4, moves: 0 } })
    expect(warm.cache.hit_rate).toBeGreaterThan(0.4)
    expect(warm.accounts.map(({ cache }) => cache.requests)).toEqual([2, 2])

    const served = house.simulator.requests.findLast(({ path }) => path.endsWith('/codex/responses'))?.accountId ?? ''
    house.simulator.setQuota(served, { limitReached: true })
    await (await talk('b', 'go on')).text()
    const { cache, moves } = await view()
    expect(cache).toMatchObject({ requests: 5, moves: 1 })
    expect(cache.lost_tokens).toBeGreaterThan(1000)
    expect(moves).toMatchObject([{ cached_tokens_after: 0, why: expect.stringContaining('limit') as string }])
    expect(moves[0]?.cached_tokens_before).toBeGreaterThan(1000)
    expect(moves[0]?.lost_tokens).toBe(cache.lost_tokens)
  })

  test('is not for client keys', async () => {
    expect((await house.fetch('/admin/pool')).status).toBe(403)
    expect((await fetch(`${house.url}/admin/pool`)).status).toBe(401)
  })
})

describe('a client key that is bound to accounts', () => {
  test('is served by these alone', async () => {
    const free = house.gateway.accounts.list().find(({ status }) => status === 'active')!
    await house.gateway.accounts.change(free.id, { groups: ['team'] })
    const { plaintext } = await house.gateway.store.clientKeys.create({ name: 'bound', accounts: ['team'] })
    for (const other of house.simulator.requests)
      house.simulator.setQuota(other.accountId ?? free.chatgptAccountId, { limitReached: false })
    for (const { id } of house.gateway.accounts.list()) house.gateway.accounts.quotaIsBack(id)
    for (let n = 0; n < 4; n += 1) {
      const reply = await talk(`bound ${n}`, 'hello', plaintext)
      await reply.text()
      expect(reply.status).toBe(200)
      expect(house.gateway.records.get(reply.headers.get('x-request-id')!)?.candidateId).toBe(free.id)
    }
  })
})
