import Anthropic from '@anthropic-ai/sdk'
import { ApiError } from '@google/genai'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
afterEach(() => house.close())

const HOUR_S = 3600

/** What each client is told. */
async function refusals(): Promise<Record<string, { status: number | undefined; headers?: Headers | undefined }>> {
  const openai = await house.openai.chat.completions
    .create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'x' }] })
    .then(never, (error: InstanceType<typeof OpenAI.APIError>) => error)
  const responses = await house.openai.responses
    .create({ model: 'gpt-5.5', input: 'x', stream: true })
    .then(never, (error: InstanceType<typeof OpenAI.APIError>) => error)
  const anthropic = await house.anthropic.messages
    .create({ model: 'gpt-5.5', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] })
    .then(never, (error: InstanceType<typeof Anthropic.APIError>) => error)
  const google = await house.google.models
    .generateContent({ model: 'gpt-5.5', contents: 'x' })
    .then(never, (error: ApiError) => error)
  expect(openai).toBeInstanceOf(OpenAI.APIError)
  expect(anthropic).toBeInstanceOf(Anthropic.APIError)
  expect(google).toBeInstanceOf(ApiError)
  return {
    openai: { status: openai.status as number, headers: openai.headers },
    responses: { status: responses.status as number, headers: responses.headers },
    anthropic: { status: anthropic.status as number, headers: anthropic.headers },
    google: { status: google.status },
  }
}

const never = (): never => {
  throw new Error('it was answered')
}

describe('when nobody can serve, every client is told so in its own form', () => {
  test('all are used up: 429 with the earliest reset', async () => {
    house = await openHouse({ accounts: 3 })
    const now = Math.floor(Date.now() / 1000)
    for (const [n, { accountId }] of house.accounts.entries()) {
      const resetAt = now + (3 - n) * HOUR_S
      house.simulator.setQuota(accountId, {
        limitReached: true,
        primary: { usedPercent: 100, windowMinutes: 300, resetAt },
      })
    }
    for (const [client, { status, headers }] of Object.entries(await refusals())) {
      expect([client, status]).toEqual([client, 429])
      if (headers === undefined) continue
      // Nobody's client sleeps for an hour: it is told not to try, and when it is worth it.
      expect(headers.get('x-should-retry')).toBe('false')
      expect(headers.get('retry-after')).toBeNull()
      expect(Date.parse(headers.get('x-retry-at') ?? '')).toBe((now + HOUR_S) * 1000)
    }
    const asked = house.simulator.requests.filter(({ path }) => path.endsWith('/codex/responses'))
    expect(asked).toHaveLength(3)
  })

  test('nobody is signed in: 401', async () => {
    house = await openHouse({ accounts: 0 })
    for (const [client, { status }] of Object.entries(await refusals())) expect([client, status]).toEqual([client, 401])
  })

  test('all are busy: it waits in line, and then 429 with a time that is true', async () => {
    house = await openHouse({
      accounts: 1,
      config: { accounts: { max_concurrent_per_account: 1, queue_seconds: 0.2 } },
    })
    house.simulator.script({
      times: 1,
      scene: [
        { type: 'text', text: 'slow' },
        { type: 'gate', name: 'end' },
      ],
    })
    const slow = await house.post('/v1/responses', { model: 'gpt-5.5', input: 'x', stream: true })
    for (const [client, { status, headers }] of Object.entries(await refusals())) {
      expect([client, status]).toEqual([client, 429])
      if (headers !== undefined) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    house.configure({ accounts: { max_concurrent_per_account: 1, queue_seconds: 60 } })
    const waiting = house.openai.responses.create({ model: 'gpt-5.5', input: 'x' })
    await expect.poll(() => house.gateway.accounts.waiting).toBe(1)
    house.simulator.openGate('end')
    await slow.text()
    expect((await waiting).status).toBe('completed')
    expect(house.log.some((line) => line.includes('waits in line') && line.includes('"position":1'))).toBe(true)
  })

  test('many are used up and one is not: that one answers', async () => {
    house = await openHouse({ accounts: 7 })
    for (const { accountId } of house.accounts.slice(0, 6)) house.simulator.setQuota(accountId, { limitReached: true })
    expect((await house.openai.responses.create({ model: 'gpt-5.5', input: 'x' })).status).toBe('completed')
  })
})

describe('settings are live', () => {
  test('a changed strategy holds for the next conversation', async () => {
    house = await openHouse({ accounts: 3, config: { accounts: { strategy: 'sticky' } } })
    const served = async (session: string) => {
      const reply = await house.post('/v1/responses', { model: 'gpt-5.5', input: 'x' }, { 'session-id': session })
      await reply.text()
      return house.gateway.records.get(reply.headers.get('x-request-id')!)?.candidateId
    }
    const sticky = new Set([await served('a'), await served('b'), await served('c')])
    expect(sticky.size).toBe(1)
    house.configure({ accounts: { strategy: 'round_robin' } })
    const round = new Set([await served('d'), await served('e'), await served('f')])
    expect(round.size).toBe(3)
  })

  test('an account whose sessions converge shows one session for all conversations', async () => {
    house = await openHouse({ accounts: 1 })
    const ids = async (session: string) => {
      await (await house.post('/v1/responses', { model: 'gpt-5.5', input: 'x' }, { 'session-id': session })).text()
      const { headers } = house.simulator.requests.findLast(({ path }) => path.endsWith('/codex/responses'))!
      return { session: headers['session-id'], thread: headers['thread-id'] }
    }
    const [a, b] = [await ids('a'), await ids('b')]
    expect(a.session).toBe(a.thread)
    expect(a.session).not.toBe(b.session)
    await house.gateway.accounts.change(house.gateway.accounts.list()[0]!.id, { converge: true })
    const [c, d] = [await ids('a'), await ids('b')]
    expect(c.session).toBe(d.session)
    expect([c.thread, d.thread]).toEqual([a.thread, b.thread])
  })
})
