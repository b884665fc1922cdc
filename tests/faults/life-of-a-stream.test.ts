import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { lastAsked, openHouse, type House, type HouseOptions } from '../house.js'

let houses: House[] = []
const open = async (options?: HouseOptions): Promise<House> => {
  const house = await openHouse(options)
  houses.push(house)
  return house
}
afterEach(async () => {
  await Promise.all(houses.map((house) => house.close()))
  houses = []
})

const model = 'gpt-5.5'
const chat = { model, stream: true, messages: [{ role: 'user', content: 'hi' }] }

/** A raw request whose socket the test holds. */
async function ask(house: House, body: object = chat): Promise<IncomingMessage> {
  const out = request(`${house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
  })
  out.on('error', () => undefined)
  out.end(JSON.stringify(body))
  const [reply] = (await once(out, 'response')) as [IncomingMessage]
  return reply
}

describe('a client that leaves', () => {
  test.each([
    ['before the headers', { headersAfter: 'open' }],
    ['before the first byte', { firstByteAfter: 'open' }],
    ['before the end', { terminalAfter: 'open' }],
  ])('%s takes its upstream with it', async (_, delivery) => {
    const house = await open()
    house.simulator.script({ scene: [{ type: 'text', text: 'hello' }], delivery: delivery as never })
    const asked = house.simulator.nextRequest(({ path }) => path.endsWith('/codex/responses'))
    const out = request(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
    })
    out.on('error', () => undefined)
    out.end(JSON.stringify(chat))
    const upstream = await asked
    if ('terminalAfter' in delivery) await once(out, 'response')
    out.destroy()
    await upstream.closedByClient
    expect(upstream.aborted).toBe(true)
    expect(house.gateway.accounts.list()[0]?.status).toBe('active')
  })

  test('two hundred of them leave nothing open', async () => {
    const house = await open()
    house.simulator.script({
      scene: [
        { type: 'text', text: 'hello' },
        { type: 'gate', name: 'never' },
        { type: 'text', text: 'end' },
      ],
    })
    const replies = await Promise.all(Array.from({ length: 200 }, () => ask(house)))
    expect(house.simulator.openStreams).toBe(200)
    for (const reply of replies) reply.destroy()
    await house.simulator.streamsClosed()
    expect(house.simulator.openStreams).toBe(0)
  })
})

describe('fail-over before the first output', () => {
  test.each([
    ['usage_limit_reached', 'exhausted'],
    ['rate_limited', 'cooling'],
    ['challenge', 'cooling'],
  ] as const)('%s: another account answers, and the client never knows', async (name, status) => {
    const house = await open({ accounts: 2 })
    house.simulator.script({ times: 1, fault: { type: 'status', name } })
    const reply = await house.post('/v1/chat/completions', { ...chat, stream: false })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-dragoman-attempts')).toBe('2')
    const used = house.simulator.requests
      .filter(({ path }) => path.endsWith('/responses'))
      .map(({ accountId }) => accountId)
    expect(new Set(used).size).toBe(2)
    expect(house.gateway.accounts.list().filter((account) => account.status === status)).toHaveLength(1)
  })

  test('an error inside a 200, before output', async () => {
    const house = await open({ accounts: 2 })
    house.simulator.script({
      times: 1,
      scene: [{ type: 'text', text: 'x' }],
      fault: { type: 'fail', at: 2, form: 'response.failed', code: 'server_is_overloaded' },
    })
    const reply = await house.post('/v1/responses', { model, input: 'hi', stream: true })
    const text = await reply.text()
    expect(text).toContain('response.completed')
    expect(text.match(/event: response\.created/g)).toHaveLength(1)
  })

  test('a token refused once is refreshed, once for all who asked', async () => {
    const house = await open()
    house.simulator.expireAccess(house.accounts[0]?.accountId ?? '')
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => house.post('/v1/chat/completions', { ...chat, stream: false })),
    )
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
    expect(house.simulator.counters).toMatchObject({ refreshes: 1, reuses: 0 })
  })

  test('a dead pooled connection is no failure', async () => {
    const house = await open()
    for (let round = 0; round < 5; round++) {
      expect((await house.post('/v1/chat/completions', { ...chat, stream: false })).status).toBe(200)
      house.simulator.closeIdleConnections()
    }
  })

  test('everybody out of quota: 429 with the earliest time', async () => {
    const house = await open({ accounts: 2 })
    const soon = Math.floor(Date.now() / 1000) + 600
    house.simulator.script({ times: 1, fault: { type: 'status', name: 'usage_limit_reached', resetsAt: soon + 3000 } })
    house.simulator.script({ times: 1, fault: { type: 'status', name: 'usage_limit_reached', resetsAt: soon } })
    const first = await house.post('/v1/chat/completions', chat)
    expect(first.status).toBe(429)
    expect(Date.parse(first.headers.get('x-retry-at') ?? '')).toBe(soon * 1000)
    const asked = answersAsked(house)
    const second = await house.post('/v1/chat/completions', chat)
    expect(second.status).toBe(429)
    expect(answersAsked(house)).toBe(asked)
  })

  test('nobody signed in: 401 that says what to do', async () => {
    const house = await open({ accounts: 0 })
    const reply = await house.post('/v1/chat/completions', chat)
    expect(reply.status).toBe(401)
    expect(await reply.text()).toContain('dragoman login')
  })

  test('an upstream in ruins is not hammered', async () => {
    const house = await open({ accounts: 3 })
    house.simulator.script({ fault: { type: 'status', name: 'overloaded' } })
    const before = house.simulator.requests.length
    for (let n = 0; n < 50; n++) expect((await house.post('/v1/chat/completions', chat)).status).toBe(503)
    const asked = house.simulator.requests.slice(before).filter(({ path }) => path.endsWith('/responses')).length
    expect(asked).toBeLessThanOrEqual(50 * 1.2 + 3)
  })

  test('a redirect is an error, and carries no credential away', async () => {
    const house = await open()
    const canary = await open({ accounts: 0 })
    house.simulator.script({ fault: { type: 'redirect', to: `${canary.simulator.url}/stolen` } })
    const reply = await house.post('/v1/chat/completions', chat)
    expect(reply.status).toBe(502)
    expect(canary.simulator.requests).toHaveLength(0)
  })
})

describe('slow and silent ones', () => {
  test('silence becomes heartbeats that no SDK minds', async () => {
    const house = await open({ config: { server: { heartbeat_seconds: 0.05 } } })
    house.simulator.script({
      scene: [{ type: 'text', text: 'hello there' }],
      delivery: { firstByteAfter: 'later' },
    })
    const stream = await house.openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    })
    setTimeout(() => house.simulator.openGate('later'), 700)
    let text = ''
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    expect(text).toBe('hello there')
  })

  test('a reader that does not read holds its upstream back', async () => {
    const house = await open()
    house.simulator.script({ scene: [{ type: 'text', text: 'x'.repeat(40 * 1024 * 1024), chunkSize: 64 * 1024 }] })
    const before = process.memoryUsage().arrayBuffers
    const reply = await ask(house)
    reply.pause()
    const upstream = lastAsked(house)
    // The upstream has said all it could say into full buffers and stands still.
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
    expect(house.simulator.openStreams).toBe(1)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(24 * 1024 * 1024)
    reply.destroy()
    await upstream?.closedByClient
  })

  test('bytes in any order of arrival give the same answer', async () => {
    const house = await open()
    const text = 'Grüße 早上好 🙂 "x" \\ \n'.repeat(20)
    for (const delivery of [
      { writeBytes: 1 },
      { crlf: true },
      { noEventLines: true },
      { lean: true },
      { doneLine: true },
      { insert: [{ at: 5, what: 'comment' as const }] },
    ]) {
      const rule = house.simulator.script({ scene: [{ type: 'text', text }], delivery })
      const answer = await house.openai.chat.completions
        .stream({ model, messages: [{ role: 'user', content: 'hi' }] })
        .finalChatCompletion()
      expect(answer.choices[0]?.message.content, JSON.stringify(delivery)).toBe(text)
      rule.remove()
    }
  })

  test('garbage in the stream is told as a failure', async () => {
    const house = await open({ config: { upstream: { max_attempts: 1 } } })
    for (const at of [0, 3, 7]) {
      const rule = house.simulator.script({
        scene: [
          { type: 'text', text: 'one two three' },
          { type: 'pace', deltaMs: 1 },
          { type: 'text', text: 'four five' },
        ],
        delivery: { insert: [{ at, what: 'garbage' }], writeBytes: 200 },
      })
      const reply = await house.post('/v1/chat/completions', chat)
      const text = await reply.text()
      if (reply.status === 200) expect(text.trimEnd()).toMatch(/data: \{"error":\{.*\}\}\n\ndata: \[DONE\]$/)
      else expect(JSON.parse(text)).toMatchObject({ error: { code: 'stream_disconnected' } })
      expect(text).not.toContain('"finish_reason":"stop"')
      rule.remove()
    }
  })
})

describe('the end of the gateway', () => {
  test('lets running streams finish', async () => {
    const house = await open()
    house.simulator.script({
      scene: [
        { type: 'text', text: 'one' },
        { type: 'gate', name: 'later' },
        { type: 'text', text: 'two' },
      ],
    })
    const reply = await house.post('/v1/responses', { model, input: 'hi', stream: true })
    const closing = house.gateway.close(30_000)
    await expect(house.fetch('/health')).rejects.toThrow()
    house.simulator.openGate('later')
    expect(await reply.text()).toContain('response.completed')
    await closing
  })

  test('tells those that do not finish in time', async () => {
    const house = await open()
    house.simulator.script({
      scene: [
        { type: 'text', text: 'one' },
        { type: 'gate', name: 'never' },
      ],
    })
    const reply = await house.post('/v1/chat/completions', chat)
    const closing = house.gateway.close(50)
    const text = await reply.text()
    expect(text).toContain('"error"')
    expect(text.trimEnd()).toMatch(/\[DONE\]$/)
    await closing
  })
})

function answersAsked(house: House): number {
  return house.simulator.requests.filter(({ path }) => path.endsWith('/codex/responses')).length
}
