import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { faults, type Fault, type RecordedRequest, type Scene } from '@dragoman/simulator'
import { afterEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type HouseOptions } from '../house.js'

type Json = Record<string, unknown>

const houses: House[] = []
async function open(options: HouseOptions = {}): Promise<House> {
  const house = await openHouse({
    ...options,
    config: { ...options.config, codex: { websocket: true, ...options.config?.codex } },
  })
  houses.push(house)
  return house
}
afterEach(() => Promise.all(houses.splice(0).map((house) => house.close())))

const asked = ({ simulator }: House): RecordedRequest[] =>
  simulator.requests.filter(({ path }) => path.endsWith('/codex/responses'))
/** `GET` is a handshake, `WS` a frame, `POST` a request over HTTP. */
const methods = (house: House) => asked(house).map(({ method }) => method)
const previous = (request: RecordedRequest | undefined) => (request?.body as Json)['previous_response_id']

const text: Scene = [{ type: 'text', text: 'all is well' }]
const user = (words: string): Json => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text: words }],
})
const tools = [{ type: 'function', name: 'ls', parameters: { type: 'object', properties: {} } }]
const body = { model: 'gpt-5.5', tools, input: [user('x')] }
const session = { 'session-id': 's1' }

/** A client in the middle of a conversation. */
function talk(house: House) {
  const input: Json[] = []
  return async (words = 'go on'): Promise<{ status: number; text: string; headers: Headers }> => {
    input.push(user(words))
    const reply = await house.post('/v1/responses', { ...body, input }, session)
    const told = await reply.text()
    if (reply.status === 200) input.push(...((JSON.parse(told) as { output?: Json[] }).output ?? []))
    else input.pop()
    return { status: reply.status, text: told, headers: reply.headers }
  }
}
const status = (house: House) => house.gateway.accounts.list()[0]?.status

describe('a handshake that fails', () => {
  test.each<[string, Fault]>([
    ['426', { type: 'reply', status: 426 }],
    ['403', faults.forbidden403],
    ['a challenge', faults.challenge403Html],
    ['404', faults.notFound404Empty],
    ['429', faults.rateLimit429()],
    ['500', faults.error500],
    ['503', faults.overloaded503],
    ['a redirect', faults.redirect307('https://elsewhere.example.com')],
    ['a cut', faults.connectionReset],
  ])('with %s: the same attempt goes on over HTTP, and nobody is benched', async (_, fault) => {
    const house = await open()
    house.simulator.script({ at: 'upgrade', fault })
    house.simulator.script({ scene: text })
    const reply = await talk(house)()
    expect(reply).toMatchObject({ status: 200, text: expect.stringContaining('all is well') as unknown })
    expect(reply.headers.get('x-dragoman-attempts')).toBe(null)
    expect(methods(house)).toEqual(['GET', 'POST'])
    expect(status(house)).toBe('active')
  })

  test('with 401: the tokens are renewed, as over HTTP', async () => {
    const house = await open()
    house.simulator.script({ scene: text })
    house.simulator.expireAccess(house.accounts[0]!.accountId)
    expect((await talk(house)()).status).toBe(200)
    expect(methods(house)).toEqual(['GET', 'GET', 'WS'])
    expect(house.simulator.counters.refreshes).toBe(1)
  })

  test('with 426: HTTP from then on, without a word', async () => {
    const house = await open({ simulator: { websocket: false } })
    house.simulator.script({ scene: text })
    const go = talk(house)
    await go()
    await go()
    expect(methods(house)).toEqual(['GET', 'POST', 'POST'])
    expect(house.log.filter((line) => line.includes('WebSocket'))).toEqual([])
  })

  test('three times in a row: HTTP from then on, said once', async () => {
    const house = await open()
    house.simulator.script({ at: 'upgrade', fault: faults.overloaded503 })
    house.simulator.script({ scene: text })
    const go = talk(house)
    for (let n = 0; n < 5; n++) expect((await go()).status).toBe(200)
    expect(methods(house)).toEqual(['GET', 'POST', 'GET', 'POST', 'GET', 'POST', 'POST', 'POST'])
    expect(house.log.filter((line) => line.includes('WebSockets'))).toHaveLength(1)
  })

  test('twice: the third is tried, and its success is remembered', async () => {
    const house = await open()
    house.simulator.script({ at: 'upgrade', times: 2, fault: faults.overloaded503 })
    house.simulator.script({ scene: text })
    const go = talk(house)
    for (let n = 0; n < 4; n++) await go()
    expect(methods(house)).toEqual(['GET', 'POST', 'GET', 'POST', 'GET', 'WS', 'WS'])
  })
})

describe('a connection that is lost', () => {
  const HOW = ['fin', 'unfinished', 'rst', 'inside-fin', 'inside-unfinished', 'inside-rst'] as const

  test.each(HOW.flatMap((how) => [0, 1, 2].map((at) => [how, at] as const)))(
    '%s after %i events, before any output: everything is asked again on a new one',
    async (how, at) => {
      const house = await open()
      house.simulator.script({ times: 1, scene: text, fault: faults.cut(at, how) })
      house.simulator.script({ scene: text })
      const reply = await house.post('/v1/responses', { ...body, stream: true })
      const told = await reply.text()
      expect(told.match(/event: response\.created/g)).toHaveLength(1)
      expect(told).toContain('event: response.completed')
      expect(methods(house)).toEqual(['GET', 'WS', 'GET', 'WS'])
      expect(reply.headers.get('x-dragoman-attempts')).toBe(null)
    },
  )

  test('in a continued turn: the whole conversation is told to the new one', async () => {
    const house = await open()
    let heard = 0
    const go = talk(house)
    house.simulator.script({ times: 1, scene: text })
    house.simulator.script({ times: 1, scene: text, fault: faults.cut(0) })
    house.simulator.script({
      scene: ({ input }) => {
        heard = input.length
        return text
      },
    })
    await go()
    expect((await go()).status).toBe(200)
    expect(
      asked(house)
        .filter(({ method }) => method === 'WS')
        .map((frame) => typeof previous(frame)),
    ).toEqual(['undefined', 'string', 'undefined'])
    expect(heard).toBe(3)
  })

  test('and the new one, too: HTTP has the last word', async () => {
    const house = await open()
    house.simulator.script({ times: 2, scene: text, fault: faults.cut(1) })
    house.simulator.script({ scene: text })
    const reply = await talk(house)()
    expect(reply.text).toContain('all is well')
    expect(methods(house)).toEqual(['GET', 'WS', 'GET', 'WS', 'POST'])
  })

  test.each(HOW)('%s in the middle of an answer: the client is told, and nothing is asked again', async (how) => {
    const house = await open()
    house.simulator.script({ scene: text, fault: faults.cut('terminal', how) })
    const told = await (await house.post('/v1/responses', { ...body, stream: true })).text()
    expect(told).toContain('response.output_text.delta')
    expect(told).toContain('event: response.failed')
    expect(told).not.toContain('event: response.completed')
    expect(methods(house)).toEqual(['GET', 'WS'])
    expect(status(house)).toBe('active')
  })

  test('because the request was too large for a frame: HTTP takes it, and the rest of the conversation', async () => {
    const house = await open()
    const came = house.simulator.nextRequest(({ method }) => method === 'WS')
    house.simulator.script({ times: 1, fault: faults.noAnswer })
    house.simulator.script({ scene: text })
    const go = talk(house)
    const reply = go()
    await came
    house.simulator.closeSockets(1009)
    expect((await reply).text).toContain('all is well')
    await go()
    expect(methods(house)).toEqual(['GET', 'WS', 'POST', 'POST'])
    await (await house.post('/v1/responses', body, { 'session-id': 's2' })).text()
    expect(methods(house).slice(4)).toEqual(['GET', 'WS'])
  })

  test.each([1000, 1001, 1012])('between two turns, with %i: the next turn opens another', async (code) => {
    const house = await open()
    house.simulator.script({ scene: text })
    const go = talk(house)
    await go()
    house.simulator.closeSockets(code)
    await house.simulator.socketsClosed()
    expect((await go()).status).toBe(200)
    expect(methods(house)).toEqual(['GET', 'WS', 'GET', 'WS'])
    expect(previous(asked(house).at(-1))).toBe(undefined)
  })

  test('without a word between two turns: likewise', async () => {
    const house = await open()
    house.simulator.script({ scene: text, delivery: { closeConnection: true } })
    const go = talk(house)
    for (let n = 0; n < 3; n++) expect((await go()).text).toContain('all is well')
    expect(methods(house)).not.toContain('POST')
  })

  test('because it has grown old, whether or not something runs on it', async () => {
    let now = Date.now()
    const house = await open({ simulator: { socketMaxAgeMs: 3_000_000, now: () => now } })
    house.simulator.script({ scene: text })
    const go = talk(house)
    await go()
    now += 3_000_000
    expect((await go()).text).toContain('all is well')
    expect(methods(house)).toEqual(['GET', 'WS', 'WS', 'GET', 'WS'])

    const brief = await open({ simulator: { socketMaxAgeMs: 20 } })
    brief.simulator.script({ scene: text })
    const goOn = talk(brief)
    await goOn()
    await brief.simulator.socketsClosed()
    expect((await goOn()).status).toBe(200)
  })
})

describe('an error frame', () => {
  test.each([
    ['websocket_connection_limit_reached', 400],
    ['websocket_connection_limit_reached', undefined],
    ['previous_response_not_found', 400],
    ['previous_response_not_found', undefined],
  ])('%s with status %s: everything is asked again on a new connection', async (code, told) => {
    const house = await open()
    house.simulator.script({ times: 1, scene: text })
    house.simulator.script({
      times: 1,
      scene: text,
      fault: faults.socketError(code, told === undefined ? {} : { status: told }),
    })
    house.simulator.script({ scene: text })
    const go = talk(house)
    await go()
    expect((await go()).text).toContain('all is well')
    expect(methods(house)).toEqual(['GET', 'WS', 'WS', 'GET', 'WS'])
    expect(previous(asked(house).at(-1))).toBe(undefined)
    expect(status(house)).toBe('active')
  })

  test('connections are all in use, twice: HTTP takes it', async () => {
    const house = await open()
    house.simulator.script({
      times: 2,
      scene: text,
      fault: faults.socketError('websocket_connection_limit_reached', { status: 400 }),
    })
    house.simulator.script({ scene: text })
    expect((await talk(house)()).text).toContain('all is well')
    expect(methods(house)).toEqual(['GET', 'WS', 'GET', 'WS', 'POST'])
  })

  test('that refuses a continued turn as a mistake: it may be the continuation that is wrong', async () => {
    const house = await open()
    house.simulator.script({ times: 1, scene: text })
    house.simulator.script({
      times: 1,
      fault: { type: 'reply', status: 400, body: { error: { message: 'No tool output found for function call c.' } } },
    })
    house.simulator.script({ scene: text })
    const go = talk(house)
    await go()
    expect((await go()).text).toContain('all is well')
    expect(methods(house)).toEqual(['GET', 'WS', 'WS', 'GET', 'WS'])
  })

  test('that refuses a whole request as a mistake is the answer', async () => {
    const house = await open()
    house.simulator.script({
      fault: { type: 'reply', status: 400, body: { error: { message: 'not so', code: 'odd' } } },
    })
    expect(await talk(house)()).toMatchObject({ status: 400, text: expect.stringContaining('not so') as unknown })
    expect(methods(house)).toEqual(['GET', 'WS'])
  })

  test.each<[string, Fault, string]>([
    ['a used-up limit', faults.usageLimit429(), 'exhausted'],
    ['a used-up limit without status', faults.socketError('usage_limit_reached'), 'exhausted'],
    ['a rate limit', faults.rateLimit429(), 'cooling'],
    ['a rate limit without status', faults.socketError('rate_limit_reached'), 'cooling'],
    ['an unpaid plan', faults.paymentRequired402, 'exhausted'],
    ['an unpaid plan without status', faults.socketError('payment_required'), 'exhausted'],
    ['a ban', faults.socketError('account_banned', { status: 403 }), 'cooling'],
  ])('%s: another account answers', async (_, fault, benched) => {
    const house = await open({ accounts: 2 })
    house.simulator.script({ times: 1, scene: text, fault })
    house.simulator.script({ scene: text })
    const reply = await talk(house)()
    expect(reply.text).toContain('all is well')
    expect(reply.headers.get('x-dragoman-attempts')).toBe('2')
    expect(
      house.gateway.accounts
        .list()
        .map((account) => account.status)
        .sort(),
    ).toEqual(['active', benched])
    expect(new Set(asked(house).map(({ accountId }) => accountId)).size).toBe(2)
  })

  test.each<[string, Fault]>([
    ['with status', faults.tokenExpired401],
    ['without', faults.socketError('token_expired')],
  ])('a token that has ended, %s: it is renewed, and a new connection has the new one', async (_, fault) => {
    const house = await open()
    house.simulator.script({ times: 1, scene: text })
    house.simulator.script({ times: 1, scene: text, fault })
    house.simulator.script({ scene: text })
    const go = talk(house)
    await go()
    expect((await go()).text).toContain('all is well')
    expect(house.simulator.counters.refreshes).toBe(1)
    const handshakes = asked(house).filter(({ method }) => method === 'GET')
    expect(new Set(handshakes.map(({ headers }) => headers['authorization'])).size).toBe(2)
  })

  test.each<[string, Fault]>([
    ['a busy backend', faults.overloaded503],
    ['an error that has no status and no known code', faults.socketError('brand_new')],
  ])('%s: no account is blamed', async (_, fault) => {
    const house = await open()
    house.simulator.script({ scene: text, fault })
    expect((await talk(house)()).status).toBe(503)
    expect(status(house)).toBe('active')
  })

  test('in the middle of an answer: the client is told', async () => {
    const house = await open()
    house.simulator.script({
      scene: text,
      fault: faults.errorEvent({
        after: 'terminal',
        form: 'error-nested',
        code: 'server_error',
        message: 'oh',
        status: 500,
      }),
    })
    const told = await (await house.post('/v1/responses', { ...body, stream: true })).text()
    expect(told).toContain('response.output_text.delta')
    expect(told).toMatch(/event: response\.failed\n.*oh/)
  })

  test('a response that fails leaves a connection that may be used', async () => {
    const house = await open()
    house.simulator.script({ times: 1, scene: text, fault: faults.errorEvent({ after: 0, code: 'invalid_prompt' }) })
    house.simulator.script({ scene: text })
    const go = talk(house)
    expect((await go()).status).toBe(400)
    expect((await go()).text).toContain('all is well')
    expect(methods(house)).toEqual(['GET', 'WS', 'WS'])
    expect(previous(asked(house).at(-1))).toBe(undefined)
  })

  test('a frame that is no JSON ends the stream', async () => {
    const house = await open()
    house.simulator.script({ scene: text, delivery: { insert: [{ at: 4, what: 'garbage' }] } })
    const told = await (await house.post('/v1/responses', { ...body, stream: true })).text()
    expect(told).toContain('event: response.failed')
  })
})

describe('connections go with what they belong to', () => {
  test.each<[string, (house: House, id: string) => Promise<unknown>]>([
    ['renewed tokens', (house, id) => house.gateway.accounts.refresh(id)],
    ['an account that is switched off', (house, id) => house.gateway.accounts.setEnabled(id, false)],
    ['an account that is removed', (house, id) => house.gateway.accounts.remove(id)],
  ])('%s', async (_, change) => {
    const house = await open()
    house.simulator.script({ scene: text })
    await talk(house)()
    expect(house.simulator.openSockets).toBe(1)
    await change(house, house.gateway.accounts.list()[0]!.id)
    await house.simulator.socketsClosed()
    expect(house.simulator.openSockets).toBe(0)
  })

  test('the gateway', async () => {
    const house = await open()
    house.simulator.script({ scene: text })
    await talk(house)()
    await house.gateway.close(0)
    await house.simulator.socketsClosed()
    expect(house.simulator.openSockets).toBe(0)
  })

  test('a full account keeps so many', async () => {
    const house = await open({ config: { codex: { websockets_per_account: 3 } } })
    house.simulator.script({ scene: text })
    for (let n = 0; n < 6; n++) await (await house.post('/v1/responses', body, { 'session-id': `s${n}` })).text()
    expect(house.simulator.openSockets).toBeLessThanOrEqual(4)
    await (await house.post('/v1/responses', body, { 'session-id': 's5' })).text()
    expect(methods(house).filter((method) => method === 'GET')).toHaveLength(6)
  })
})

describe('clients', () => {
  const stream = { ...body, stream: true }
  async function raw(house: House): Promise<IncomingMessage> {
    const out = request(`${house.url}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
    })
    out.on('error', () => undefined)
    out.end(JSON.stringify(stream))
    return ((await once(out, 'response')) as [IncomingMessage])[0]
  }

  test('who leaves takes the connection along', async () => {
    const house = await open()
    house.simulator.script({ scene: [...text, { type: 'gate', name: 'never' }, ...text] })
    const reply = await raw(house)
    await once(reply, 'data')
    const frame = asked(house).at(-1)
    reply.destroy()
    await frame?.closedByClient
    await house.simulator.socketsClosed()
    expect(house.simulator.openSockets).toBe(0)
  })

  test('who leaves during the handshake, too', async () => {
    const house = await open()
    house.simulator.script({ at: 'upgrade', fault: faults.noAnswer })
    const came = house.simulator.nextRequest(({ method }) => method === 'GET')
    const leaving = new AbortController()
    const reply = house.fetch('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(stream),
      signal: leaving.signal,
    })
    const handshake = await came
    leaving.abort()
    await expect(reply).rejects.toThrow()
    await handshake.closedByClient
    expect(methods(house)).toEqual(['GET'])
  })

  test('who reads slowly gets everything', async () => {
    const house = await open()
    const long = 'word '.repeat(400_000)
    house.simulator.script({ scene: [{ type: 'text', text: long, chunkSize: 50_000 }] })
    const reply = await raw(house)
    reply.pause()
    await once(reply, 'readable')
    let told = ''
    for await (const chunk of reply) told += String(chunk)
    expect(told).toContain('event: response.completed')
    const deltas = [...told.matchAll(/^data: (\{"type":"response\.output_text\.delta".*)$/gm)]
    expect(deltas.map(([, data]) => (JSON.parse(data ?? '') as { delta: string }).delta).join('')).toBe(long)
    // The connection was read again after it had been paused, and can be used.
    await (await house.post('/v1/responses', stream)).text()
    expect(methods(house)).toEqual(['GET', 'WS', 'WS'])
  })
})
