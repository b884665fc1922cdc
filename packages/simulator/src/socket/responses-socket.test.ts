import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { codexHeaders } from '../ask.js'
import { deliveries, faults } from '../faults/presets.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'
import { idOf, openClient, type Frame } from './ask-socket.js'

const simulator = await startSimulator()
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount({ email: 'someone@example.com' })
})
afterAll(() => simulator.close())

const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const answer = (callId: string) => ({ type: 'function_call_output', call_id: callId, output: 'a.txt' })
const tools = [{ type: 'function', name: 'ls', parameters: { type: 'object', properties: {} } }]
const types = (frames: readonly Frame[]) => frames.map(({ type }) => type)
const errorOf = (frames: readonly Frame[]) => {
  const { status, error } = (frames.at(-1) ?? {}) as unknown as { status?: number; error: { code: string | null } }
  return [status, error.code]
}

describe('the handshake', () => {
  test('tells the catalog, the model and the limits', async () => {
    const { headers } = await openClient(simulator, account, { 'x-codex-routing-hint': 'model=gpt-5.5;tier=priority' })
    expect(headers).toMatchObject({
      'openai-model': 'gpt-5.5',
      'x-reasoning-included': 'true',
      'x-models-etag': expect.stringMatching(/^W\//) as unknown,
      'x-codex-primary-used-percent': '12',
    })
    expect(simulator.requests).toMatchObject([
      { method: 'GET', path: '/backend-api/codex/responses', status: 101, accountId: account.accountId },
    ])
    expect(simulator.openSockets).toBe(1)
  })

  test.each<[string, Record<string, string>, string]>([
    ['without a token', { authorization: '' }, '401'],
    ['with another account id', { 'chatgpt-account-id': 'someone-else' }, '403'],
    ['without the beta', { 'openai-beta': '' }, '400'],
    ['with another beta', { 'openai-beta': 'responses_websockets=2020-01-01' }, '400'],
  ])('%s: refused', async (_, headers, status) => {
    await expect(openClient(simulator, account, headers)).rejects.toThrow(status)
    expect(simulator.openSockets).toBe(0)
  })

  test.each([
    ['401', faults.tokenExpired401],
    ['403', faults.forbidden403],
    ['426', { type: 'reply', status: 426 } as const],
    ['500', faults.error500],
    ['503', faults.overloaded503],
  ])('scripted to be refused with %s', async (status, fault) => {
    simulator.script({ at: 'upgrade', times: 1, fault })
    await expect(openClient(simulator, account)).rejects.toThrow(status)
    await openClient(simulator, account)
    expect(simulator.requests.map((request) => request.status)).toEqual([Number(status), 101])
  })

  test('scripted to be reset, or to hang until the client goes', async () => {
    simulator.script({ at: 'upgrade', times: 1, fault: faults.connectionReset })
    await expect(openClient(simulator, account)).rejects.toThrow()
    expect(await simulator.requests[0]?.closed).toBe('broken-off')
    simulator.script({ at: 'upgrade', fault: faults.noAnswer })
    const asked = simulator.nextRequest()
    const opening = openClient(simulator, account)
    opening.catch(() => undefined)
    const { closed } = await asked
    simulator.reset()
    expect(await closed).toBe('client-left')
  })

  test('a workspace bound to a region must be named, by frames and over HTTP alike', async () => {
    simulator.setRouting(account.accountId, { override: 'us' })
    await expect(openClient(simulator, account)).rejects.toThrow('403')
    await openClient(simulator, account, { 'x-openai-account-routing-override': 'us' })
    const over = (headers: Record<string, string>) =>
      fetch(`${simulator.backendUrl}/codex/responses`, { method: 'POST', body: '{}', headers })
    expect((await over(codexHeaders(account))).status).toBe(403)
    expect((await over({ ...codexHeaders(account), 'x-openai-account-routing-override': 'us' })).status).toBe(400)
  })
})

describe('one turn after another', () => {
  test('limits, created, the turn state, output, completed', async () => {
    const client = await openClient(simulator, account)
    simulator.script({ scene: [{ type: 'text', text: 'hi' }] })
    const frames = await client.turn({ client_metadata: { 'x-codex-turn-state': 'ts_mine' } })
    expect(types(frames).slice(0, 3)).toEqual(['codex.rate_limits', 'response.created', 'response.metadata'])
    expect(frames[0]).toMatchObject({ plan_type: 'plus', rate_limits: { primary: { used_percent: 12 } } })
    expect(frames[2]).toEqual({
      type: 'response.metadata',
      headers: { 'x-codex-turn-state': 'ts_mine', 'openai-model': 'gpt-5.5' },
    })
    expect(types(frames)).toContain('response.output_text.delta')
    expect(frames.at(-1)?.type).toBe('response.completed')
    const frame = simulator.requests.at(-1)
    expect(frame).toMatchObject({ method: 'WS', path: '/backend-api/codex/responses', status: 200 })
    expect(frame?.body).toMatchObject({ type: 'response.create', model: 'gpt-5.5' })
    expect(frame?.wireBytes).toBeGreaterThan(50)
    expect(frame?.connectionId).toBe(simulator.requests[0]?.connectionId)
    expect(await frame?.closed).toBe('complete')
  })

  test('a prewarm says nothing and may be continued; so may each response by only what is new', async () => {
    const client = await openClient(simulator, account)
    simulator.script({ times: 1, scene: [{ type: 'toolCalls', calls: [{ name: 'ls', arguments: {}, callId: 'c1' }] }] })
    const warmed = await client.turn({ tools, generate: false, input: [] })
    expect(types(warmed)).not.toContain('response.output_item.added')
    const called = await client.turn({ tools, previous_response_id: idOf(warmed), input: [user('list')] })
    expect(types(called)).toContain('response.function_call_arguments.done')
    const heard: unknown[] = []
    simulator.script({ scene: ({ input }) => (heard.push(...input), [{ type: 'text', text: 'one file' }]) })
    const told = await client.turn({ tools, previous_response_id: idOf(called), input: [answer('c1')] })
    expect(told.at(-1)?.type).toBe('response.completed')
    expect(heard).toMatchObject([{ role: 'user' }, { type: 'function_call', call_id: 'c1' }, { call_id: 'c1' }])
  })

  test('the continued part of a prompt is cached', async () => {
    const client = await openClient(simulator, account)
    const first = await client.turn({ input: [user('word '.repeat(4000))] })
    const last = (await client.turn({ previous_response_id: idOf(first), input: [user('more')] })).at(-1)
    const { usage } = last?.['response'] as { usage: { input_tokens_details: { cached_tokens: number } } }
    expect(usage.input_tokens_details.cached_tokens).toBeGreaterThan(1024)
  })

  test('only the newest response of this very connection can be continued', async () => {
    const client = await openClient(simulator, account)
    const first = idOf(await client.turn())
    const second = idOf(await client.turn())
    expect(errorOf(await client.turn({ previous_response_id: first }))).toEqual([400, 'previous_response_not_found'])
    // A turn that failed leaves nothing.
    expect(errorOf(await client.turn({ previous_response_id: second }))).toEqual([400, 'previous_response_not_found'])
    const third = idOf(await client.turn())
    const other = await openClient(simulator, account)
    expect(errorOf(await other.turn({ previous_response_id: third }))).toEqual([400, 'previous_response_not_found'])
  })

  test.each<[string, Record<string, unknown>]>([
    ['model', { model: 'gpt-5.4' }],
    ['tools', { tools }],
    ['reasoning', { reasoning: { effort: 'high' } }],
    ['text', { text: { verbosity: 'low' } }],
    ['prompt_cache_key', { prompt_cache_key: 'another' }],
  ])('a continuation with another %s is a mistake', async (field, changes) => {
    const client = await openClient(simulator, account)
    const first = idOf(await client.turn())
    const frames = await client.turn({ ...changes, previous_response_id: first, input: [user('x')] })
    expect(frames.at(-1)).toMatchObject({ status: 400, error: { code: 'continuation_mismatch', param: field } })
  })

  test.each<[string, unknown, unknown[]]>([
    ['no JSON', '{', [400, null]],
    ['another type', { type: 'response.cancel' }, [400, 'invalid_value']],
    ['what HTTP refuses, too', { type: 'response.create', model: 'gpt-5.5', store: true }, [400, null]],
  ])('%s: an error frame, and the connection goes on', async (_, frame, told) => {
    const client = await openClient(simulator, account)
    client.send(frame)
    expect(errorOf([await client.next('error')])).toEqual(told)
    expect((await client.turn()).at(-1)?.type).toBe('response.completed')
  })

  test('a second request while one runs is refused, and the first goes on', async () => {
    const client = await openClient(simulator, account)
    simulator.script({
      times: 1,
      scene: [
        { type: 'text', text: 'a' },
        { type: 'gate', name: 'g' },
      ],
    })
    const running = client.turn()
    await client.next('response.created')
    client.send({ type: 'response.create' })
    expect(errorOf(await running)).toEqual([400, 'response_in_progress'])
    simulator.openGate('g')
    await client.next('response.completed')
    expect(simulator.openStreams).toBe(0)
  })

  test('a binary frame ends the connection', async () => {
    const client = await openClient(simulator, account)
    client.socket.send(Buffer.from('{}'))
    expect(await client.closed).toEqual({ code: 1003 })
  })
})

describe('what goes wrong', () => {
  test('a limit that is reached comes with its status, its times and its headers', async () => {
    const client = await openClient(simulator, account)
    simulator.setQuota(account.accountId, { limitReached: true })
    expect((await client.turn()).at(-1)).toMatchObject({
      status: 429,
      error: { type: 'usage_limit_reached', resets_at: expect.any(Number) as unknown },
      headers: { 'x-codex-primary-used-percent': '100' },
    })
  })

  test('a token that expired meanwhile is refused like over HTTP', async () => {
    const client = await openClient(simulator, account)
    simulator.expireAccess(account.accountId)
    expect(errorOf(await client.turn())).toEqual([401, 'token_expired'])
  })

  test.each([
    ['overloaded', faults.overloaded503, [503, 'server_is_overloaded']],
    ['a page of HTML', faults.badGateway502, [502, null]],
    [
      'an end of the connection’s life',
      faults.socketError('websocket_connection_limit_reached'),
      [undefined, 'websocket_connection_limit_reached'],
    ],
    ['with a status', faults.socketError('slow_down', { status: 503 }), [503, 'slow_down']],
    [
      'inside',
      faults.errorEvent({ after: 3, form: 'error-nested', code: 'server_error', status: 500 }),
      [500, 'server_error'],
    ],
  ] as const)('scripted: %s', async (_, fault, told) => {
    const client = await openClient(simulator, account)
    simulator.script({ times: 1, fault })
    expect(errorOf(await client.turn())).toEqual(told)
    expect((await client.turn()).at(-1)?.type).toBe('response.completed')
  })

  test('an error before anything else stands alone', async () => {
    const client = await openClient(simulator, account)
    const headers = { 'retry-after': 3 }
    simulator.script({ fault: faults.socketError('rate_limit_exceeded', { status: 429, headers }) })
    const frames = await client.turn()
    expect(types(frames)).toEqual(['codex.rate_limits', 'error'])
    expect(frames.at(-1)).toMatchObject({ status: 429, headers })
  })

  test.each([
    ['fin', 1000],
    ['unfinished', 1006],
    ['rst', 1006],
    ['inside-fin', 1000],
    ['inside-rst', 1006],
  ] as const)('cut by %s: the connection ends with %i', async (how, code) => {
    const client = await openClient(simulator, account)
    simulator.script({ scene: [{ type: 'text', text: 'a few words here' }], fault: faults.cut(4, how) })
    client.send({ type: 'response.create', model: 'gpt-5.5', stream: true, store: false, input: [user('x')] })
    await client.next('response.created')
    expect(await client.closed).toEqual({ code })
    expect(types(client.frames)).not.toContain('response.completed')
    expect(await simulator.requests.at(-1)?.closed).toBe('broken-off')
  })

  test('a stall ends with the client’s patience', async () => {
    const client = await openClient(simulator, account)
    simulator.script({ fault: faults.cut('terminal', 'stall') })
    void client.turn()
    await client.next('response.output_item.done')
    client.socket.terminate()
    expect(await simulator.requests.at(-1)?.closed).toBe('client-left')
    await simulator.streamsClosed()
    await simulator.socketsClosed()
  })

  test('frames in fragments, and a reader that is slow', async () => {
    const client = await openClient(simulator, account)
    simulator.script({ times: 1, delivery: { writeBytes: 7 } })
    expect((await client.turn()).at(-1)?.type).toBe('response.completed')
    simulator.script({ times: 1, scene: [{ type: 'text', text: 'x'.repeat(8_000_000), chunkSize: 500_000 }] })
    const turn = client.turn()
    await client.next('response.created')
    client.socket.pause()
    setImmediate(() => client.socket.resume())
    expect((await turn).at(-1)?.type).toBe('response.completed')
  })

  test('a delivery that closes the connection', async () => {
    const client = await openClient(simulator, account)
    simulator.script({ delivery: { ...deliveries.lean, closeConnection: true } })
    expect((await client.turn()).at(-1)?.type).toBe('response.completed')
    expect(await client.closed).toEqual({ code: 1000 })
  })

  test('pings, and a close between turns', async () => {
    const client = await openClient(simulator, account)
    const pinged = new Promise((resolve) => client.socket.once('ping', resolve))
    simulator.pingSockets()
    await pinged
    simulator.closeSockets(1012)
    expect(await client.closed).toEqual({ code: 1012 })
    await simulator.socketsClosed()
    expect(simulator.openSockets).toBe(0)
  })
})

test('a connection has its age: by the clock at a frame, by a timer while nothing runs', async () => {
  let now = 1_800_000_000_000
  const aging = await startSimulator({ socketMaxAgeMs: 60_000, now: () => now })
  const client = await openClient(aging, aging.addAccount())
  await client.turn()
  now += 60_000
  expect(errorOf(await client.turn())).toEqual([400, 'websocket_connection_limit_reached'])
  expect(await client.closed).toEqual({ code: 1000 })
  await aging.close()

  const brief = await startSimulator({ socketMaxAgeMs: 1 })
  const idle = await openClient(brief, brief.addAccount())
  expect(errorOf([await idle.next('error')])).toEqual([400, 'websocket_connection_limit_reached'])
  expect(await idle.closed).toEqual({ code: 1000 })
  await brief.close()
})

test('without WebSockets every handshake is answered with 426', async () => {
  const plain = await startSimulator({ websocket: false })
  await expect(openClient(plain, plain.addAccount())).rejects.toThrow('426')
  expect(plain.openSockets).toBe(0)
  await plain.close()
})
