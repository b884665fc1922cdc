import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { ResponsesWS } from 'openai/resources/responses/ws'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import { faults } from '@dragoman/simulator'
import { FIXTURES, lastAsked, openHouse, type House } from '../house.js'
import { scriptEachTest } from '../scripting.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 1 })
})
afterAll(() => house.close())
const script = scriptEachTest(() => house)

type Frame = { type: string; [field: string]: unknown }
const TERMINAL = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error'])

interface Client {
  socket: WebSocket
  headers: IncomingMessage['headers']
  frames: Frame[]
  closed: Promise<number>
  send(frame: unknown): void
  /** Settles with the frame that ends the answer under way. */
  end(): Promise<Frame>
  /** Settles when a frame of this type comes from now on. */
  frame(type: string): Promise<Frame>
  turn(changes?: object): Promise<Frame[]>
}

const sockets: WebSocket[] = []
afterEach(() => sockets.splice(0).forEach((socket) => socket.terminate()))

async function open(at = house, options: ClientOptions & { key?: string; path?: string } = {}): Promise<Client> {
  const { key = at.key, path = '/v1/responses', headers, ...rest } = options
  const socket = new WebSocket(at.url.replace('http', 'ws') + path, {
    ...rest,
    headers: {
      authorization: `Bearer ${key}`,
      'openai-beta': 'responses_websockets=2026-02-06',
      ...(headers as Record<string, string>),
    },
  })
  sockets.push(socket)
  const frames: Frame[] = []
  const waiting = new Set<{ fits(frame: Frame): boolean; resolve(frame: Frame): void }>()
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame
    frames.push(frame)
    for (const one of waiting) {
      if (!one.fits(frame)) continue
      waiting.delete(one)
      one.resolve(frame)
    }
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  let upgraded: IncomingMessage | undefined
  socket.on('upgrade', (response) => void (upgraded = response))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
    socket.on('unexpected-response', (_, response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('end', () => reject(Object.assign(new Error(text), { status: response.statusCode })))
    })
  })
  const wait = (fits: (frame: Frame) => boolean) => new Promise<Frame>((resolve) => void waiting.add({ fits, resolve }))
  const send = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    socket,
    headers: upgraded!.headers,
    frames,
    closed,
    send,
    end: () => wait(({ type }) => TERMINAL.has(type)),
    frame: (wanted) => wait(({ type }) => type === wanted),
    async turn(changes = {}) {
      const from = frames.length
      const ended = wait(({ type }) => TERMINAL.has(type))
      send(create(changes))
      await ended
      return frames.slice(from)
    },
  }
}

const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const create = (changes: object = {}) => ({
  type: 'response.create',
  model: 'gpt-5.5',
  store: false,
  input: [user('Good morning')],
  ...changes,
})
const idOf = (frames: readonly Frame[]) => (frames.at(-1)!['response'] as { id: string }).id
const asked = () => lastAsked(house)!.body as { input: { type: string }[]; [field: string]: unknown }
const errorOf = (frame: Frame | undefined) => {
  expect(frame?.type).toBe('error')
  return [frame?.['status'], (frame?.['error'] as { code: unknown }).code]
}

describe('the handshake', () => {
  test.each<[string, Parameters<typeof open>[1], number]>([
    ['without a key', { headers: { authorization: '' } }, 401],
    ['with a wrong key', { key: 'dgm-wrong' }, 401],
    ['of another version of the protocol', { headers: { 'openai-beta': 'responses_websockets=2030-01-01' } }, 426],
    ['on another path', { path: '/v1/chat/completions' }, 426],
    ['from a web page', { headers: { origin: 'https://evil.example' } }, 403],
    ['by another name', { headers: { host: 'evil.example' } }, 403],
  ])('%s: refused', async (_, options, status) => {
    await expect(open(house, options)).rejects.toMatchObject({ status })
  })

  test('a refusal for the key tells what to do, as JSON', async () => {
    const refused = await open(house, { key: 'dgm-wrong' }).catch((error: Error) => error.message)
    expect(JSON.parse(String(refused))).toMatchObject({ error: { code: 'invalid_api_key' } })
  })

  test.each<[string, Parameters<typeof open>[1]]>([
    ['on the short path', { path: '/responses' }],
    [
      'with the key in x-api-key',
      {
        headers: {
          authorization: '',
          get 'x-api-key'() {
            return house.key
          },
        },
      },
    ],
    ['without naming a version', { headers: { 'openai-beta': '' } }],
  ])('%s: taken', async (_, options) => {
    const { headers } = await open(house, options)
    expect(headers['sec-websocket-extensions']).toBeUndefined()
    expect(headers['x-request-id']).toMatch(/^req_/)
  })
})

describe('turns', () => {
  test('an answer is its events, a frame each, with the limits before and the turn state after the first', async () => {
    const client = await open()
    script({ times: 1, scene: [{ type: 'text', text: 'hello there' }] })
    const frames = await client.turn()
    expect(frames.slice(0, 3).map(({ type }) => type)).toEqual([
      'codex.rate_limits',
      'response.created',
      'response.metadata',
    ])
    expect(frames[0]).toMatchObject({
      plan_type: 'plus',
      rate_limits: { allowed: true, primary: { used_percent: 12, window_minutes: 300 } },
    })
    expect(frames[2]).toMatchObject({
      headers: { 'x-codex-turn-state': expect.stringMatching(/^ts_/) as unknown, 'openai-model': 'gpt-5.5' },
    })
    const text = frames.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta)
    expect(text.join('')).toBe('hello there')
    expect(asked()).not.toHaveProperty('type')
    expect(asked()['stream']).toBe(true)
  })

  test('metadata counts as the headers of the same names', async () => {
    const client = await open(house, { headers: { 'session-id': 's1', originator: 'codex_exec' } })
    await client.turn({
      client_metadata: {
        'x-codex-turn-state': 'ts_mine',
        'x-codex-window-id': 'w:3',
        'x-codex-installation-id': 'i1',
        ws_request_header_x_openai_internal_codex_responses_lite: 'true',
        ws_request_header_authorization: 'Bearer stolen',
        thread_id: 't1',
      },
    })
    const { headers, body } = lastAsked(house)!
    expect(headers).toMatchObject({
      'x-codex-turn-state': 'ts_mine',
      'x-codex-window-id': 'w:3',
      'x-openai-internal-codex-responses-lite': 'true',
    })
    expect(headers['authorization']).not.toContain('stolen')
    const { client_metadata: metadata } = body as { client_metadata?: Record<string, unknown> }
    expect(metadata).not.toHaveProperty('x-codex-turn-state')
  })

  test('each response may be continued by only what is new', async () => {
    const client = await open()
    const warmed = await client.turn({ generate: false, input: [] })
    expect(warmed.map(({ type }) => type)).toContain('response.completed')
    const before = house.simulator.requests.length
    script({ times: 1, scene: [{ type: 'toolCalls', calls: [{ name: 'ls', arguments: {}, callId: 'c1' }] }] })
    const tools = [{ type: 'function', name: 'ls', parameters: { type: 'object', properties: {} } }]
    const called = await client.turn({ tools, previous_response_id: idOf(warmed), input: 'list' })
    // The prewarm went nowhere.
    expect(house.simulator.requests.slice(before).filter(({ path }) => path.endsWith('/responses'))).toHaveLength(1)
    const output = { type: 'function_call_output', call_id: 'c1', output: 'a.txt' }
    const told = await client.turn({ tools, previous_response_id: idOf(called), input: [output] })
    expect(told.at(-1)?.type).toBe('response.completed')
    expect(asked().input.map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call_output'])
    expect(asked()).not.toHaveProperty('previous_response_id')
  })

  test('what is not the newest response of this connection is not found, before anybody is asked', async () => {
    const client = await open()
    const first = idOf(await client.turn())
    const second = idOf(await client.turn())
    const before = house.simulator.requests.length
    expect(errorOf((await client.turn({ previous_response_id: first })).at(-1))).toEqual([
      400,
      'previous_response_not_found',
    ])
    const other = await open()
    expect(errorOf((await other.turn({ previous_response_id: second })).at(-1))).toEqual([
      400,
      'previous_response_not_found',
    ])
    expect(house.simulator.requests).toHaveLength(before)
    // The mistake has cost nothing.
    expect((await client.turn({ previous_response_id: second })).at(-1)?.type).toBe('response.completed')
  })

  test('a thought that travels sealed comes back with the conversation', async () => {
    const client = await open()
    script({
      times: 1,
      scene: [
        { type: 'reasoning', summary: 'hm', sealed: true },
        { type: 'text', text: 'yes' },
      ],
    })
    const include = ['reasoning.encrypted_content']
    const first = await client.turn({ include })
    const next = await client.turn({ include, previous_response_id: idOf(first), input: [user('more')] })
    expect(next.at(-1)?.type).toBe('response.completed')
    expect(asked().input.map(({ type }) => type)).toEqual(['message', 'reasoning', 'message', 'message'])
  })

  test('another upstream than Codex answers, too', async () => {
    const client = await open(house, { key: house.gateway.demoKey })
    const first = await client.turn({ model: 'demo' })
    expect(first.at(-1)?.type).toBe('response.completed')
    const next = await client.turn({ model: 'demo', previous_response_id: idOf(first), input: [user('again')] })
    expect(next.at(-1)?.type).toBe('response.completed')
  })
})

describe('what a client does wrong', () => {
  test.each<[string, unknown, unknown[]]>([
    ['no JSON', '{', [400, 'invalid_json']],
    ['no object', '[]', [400, null]],
    ['nothing', ' ', [400, null]],
    ['another type', { type: 'response.cancel' }, [400, null]],
    ['a broken body', create({ input: 7 }), [400, null]],
    ['an unknown model', create({ model: 'nonsense' }), [404, 'model_not_found']],
    ['several streams', create({ stream_id: 's' }), [400, null]],
    ['too deep', '['.repeat(500) + ']'.repeat(500), [400, 'json_too_deep']],
  ])('%s: an error frame with a status, and the connection goes on', async (_, frame, told) => {
    const client = await open()
    const ended = client.end()
    client.send(frame)
    expect(errorOf(await ended)).toEqual(told)
    expect((await client.turn()).at(-1)?.type).toBe('response.completed')
  })

  test('a client of an older version says that it has read, and is not answered', async () => {
    const client = await open()
    client.send({ type: 'response.processed', response_id: 'resp_1' })
    expect((await client.turn()).map(({ type }) => type)).not.toContain('error')
  })

  test('a second request while one runs is refused, and the first goes on', async () => {
    const client = await open()
    script({
      times: 1,
      scene: [
        { type: 'text', text: 'a' },
        { type: 'gate', name: 'second' },
      ],
    })
    const begun = client.frame('response.output_text.delta')
    const ended = client.end()
    client.send(create())
    await begun
    client.send(create())
    expect(errorOf(await ended)).toEqual([409, 'response_in_progress'])
    const completed = client.frame('response.completed')
    house.simulator.openGate('second')
    await completed
  })

  test('requests one upon another, each sent when the one before it is told', async () => {
    const client = await open()
    for (let n = 0; n < 20; n++) expect((await client.turn()).at(-1)?.type).toBe('response.completed')
  })

  test('a binary frame ends the connection', async () => {
    const client = await open()
    client.socket.send(Buffer.from('{}'))
    expect(await client.closed).toBe(1003)
  })

  test('a flood of pings ends the connection', async () => {
    const client = await open()
    for (let n = 0; n < 300; n++) client.socket.ping()
    expect(await client.closed).toBe(1006)
  })

  test('a frame larger than a body may be, and a conversation that has grown too large', async () => {
    const small = await openHouse({ config: { server: { body_wire_bytes: 8192, body_decoded_bytes: 16384 } } })
    small.simulator.script({ scene: [{ type: 'text', text: 'a' }] })
    const client = await open(small)
    const long = (more: object) => client.turn({ input: [user('x'.repeat(5000))], ...more })
    expect(errorOf((await long({ instructions: 'x'.repeat(4000) })).at(-1))).toEqual([413, 'request_too_large'])
    const first = await long({})
    const next = await long({ previous_response_id: idOf(first) })
    // What is too large is answered, but not remembered.
    expect(errorOf((await long({ previous_response_id: idOf(next) })).at(-1))).toEqual([
      400,
      'previous_response_not_found',
    ])
    client.send('x'.repeat(20_000))
    expect(await client.closed).toBe(1009)
    await small.close()
  })

  test('more connections, or more requests, than a key may have', async () => {
    const narrow = await openHouse({ config: { server: { connections_per_key: 2 } } })
    const [one, two] = [await open(narrow), await open(narrow)]
    await expect(open(narrow)).rejects.toMatchObject({ status: 429 })
    narrow.simulator.script({
      scene: [
        { type: 'gate', name: 'g' },
        { type: 'text', text: 'a' },
      ],
    })
    const ends = [one.end(), two.end()]
    one.send(create())
    two.send(create())
    await narrow.simulator.nextRequest(({ path }) => path.endsWith('/responses'))
    if (narrow.simulator.openStreams < 2) await narrow.simulator.nextRequest(({ path }) => path.endsWith('/responses'))
    const refused = await narrow.post('/v1/responses', { model: 'gpt-5.5', input: 'x' })
    expect(refused.status).toBe(429)
    narrow.simulator.openGate('g')
    await Promise.all(ends)
    one.socket.close()
    await one.closed
    await narrow.close()
  })
})

describe('ends', () => {
  test('the client that leaves ends the upstream', async () => {
    const client = await open()
    script({
      scene: [
        { type: 'text', text: 'a' },
        { type: 'gate', name: 'never' },
      ],
    })
    const begun = client.frame('response.output_text.delta')
    client.send(create())
    await begun
    const upstream = lastAsked(house)!
    client.socket.terminate()
    expect(await upstream.closed).toBe('client-left')
    await house.simulator.streamsClosed()
  })

  test('a key that is revoked closes its connections at once, and what runs on them', async () => {
    const { record, plaintext } = await house.gateway.store.clientKeys.create({ name: 'short' })
    const [idle, busy, other] = [
      await open(house, { key: plaintext }),
      await open(house, { key: plaintext }),
      await open(),
    ]
    script({
      scene: [
        { type: 'text', text: 'a' },
        { type: 'gate', name: 'never' },
      ],
    })
    const begun = busy.frame('response.output_text.delta')
    busy.send(create())
    await begun
    const upstream = lastAsked(house)!
    await house.gateway.store.clientKeys.revoke(record.id)
    expect(await Promise.all([idle.closed, busy.closed])).toEqual([1008, 1008])
    expect(errorOf(busy.frames.at(-1))).toEqual([401, 'invalid_api_key'])
    expect(await upstream.closed).toBe('client-left')
    expect(other.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('a gateway that stops lets the running answer end and closes', async () => {
    const stopping = await openHouse()
    const [idle, busy] = [await open(stopping), await open(stopping)]
    stopping.simulator.script({
      scene: [
        { type: 'text', text: 'a' },
        { type: 'gate', name: 'g' },
      ],
    })
    const begun = busy.frame('response.output_text.delta')
    const ended = busy.end()
    busy.send(create())
    await begun
    const closed = stopping.gateway.close(60_000)
    expect(await idle.closed).toBe(1001)
    stopping.simulator.openGate('g')
    expect((await ended).type).toBe('response.completed')
    expect(await busy.closed).toBe(1001)
    await closed
    await stopping.simulator.close()
  })
})

describe('what goes wrong upstream', () => {
  test.each([
    ['a limit', faults.usageLimit429(3600), 429, 'usage_limit_reached'],
    ['an overload', faults.overloaded503, 503, 'server_is_overloaded'],
    ['a request that it refuses', { type: 'reply', status: 400, body: { detail: 'no' } } as const, 400, null],
    ['a cut before the answer', faults.cut(0), 502, undefined],
  ])('%s is an error frame with its status', async (_, fault, status, code) => {
    const own = await openHouse()
    own.simulator.script({ fault })
    const client = await open(own)
    const last = (await client.turn()).at(-1)
    const told = errorOf(last)
    expect(told[0]).toBe(status)
    if (code !== undefined) expect(told[1]).toBe(code)
    expect(last?.['headers']).toMatchObject({ 'x-request-id': expect.stringMatching(/^req_/) as unknown })
    expect(client.socket.readyState).toBe(WebSocket.OPEN)
    await own.close()
  })

  test.each(['rst', 'fin', 'inside-rst'] as const)(
    'a cut (%s) in the answer ends it as failed, not the connection',
    async (how) => {
      const client = await open()
      script({ times: 1, scene: [{ type: 'text', text: 'some words here' }], fault: faults.cut('terminal', how) })
      const frames = await client.turn()
      expect(frames.at(-1)).toMatchObject({ type: 'response.failed', response: { error: { code: 'server_error' } } })
      expect((await client.turn()).at(-1)?.type).toBe('response.completed')
    },
  )
})

test('a ping in the silence commits to nothing: what fails after it is still told by its status', async () => {
  const quiet = await openHouse({ config: { server: { heartbeat_seconds: 0.05 } } })
  quiet.simulator.script({
    scene: [{ type: 'gate', name: 'g' }],
    fault: faults.errorEvent({ after: 0, form: 'response.failed', code: 'usage_limit_reached' }),
  })
  const client = await open(quiet)
  const pinged = once(client.socket, 'ping')
  const turn = client.turn()
  await pinged
  quiet.simulator.openGate('g')
  expect((await turn).at(-1)).toMatchObject({ type: 'error', status: 429 })
  await quiet.close()
})

test('a heartbeat is a ping', async () => {
  const quiet = await openHouse({ config: { server: { heartbeat_seconds: 0.05 } } })
  quiet.simulator.script({
    scene: [
      { type: 'text', text: 'a' },
      { type: 'gate', name: 'g' },
    ],
  })
  const client = await open(quiet)
  const pinged = once(client.socket, 'ping')
  const turn = client.turn()
  await pinged
  quiet.simulator.openGate('g')
  expect((await turn).at(-1)?.type).toBe('response.completed')
  await quiet.close()
})

test('a reader that is slow gets everything', async () => {
  const client = await open()
  script({ times: 1, scene: [{ type: 'text', text: 'x'.repeat(4_000_000), chunkSize: 100_000 }] })
  const begun = client.frame('response.created')
  const ended = client.end()
  client.send(create())
  await begun
  client.socket.pause()
  setImmediate(() => client.socket.resume())
  expect((await ended).type).toBe('response.completed')
  const text = client.frames.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta)
  expect(text.join('')).toHaveLength(4_000_000)
})

test('the official SDK talks over its own WebSocket', async () => {
  script({ times: 1, scene: [{ type: 'text', text: 'from the SDK' }] })
  const ws = new ResponsesWS(house.openai)
  const completed = new Promise<{ response: { id: string } }>((resolve, reject) => {
    ws.on('response.completed', resolve)
    ws.on('error', reject)
  })
  let text = ''
  ws.on('response.output_text.delta', ({ delta }) => (text += delta))
  ws.send({ type: 'response.create', model: 'gpt-5.5', input: 'hi' })
  const { response } = await completed
  expect(text).toBe('from the SDK')
  const failed = new Promise<{ error: unknown }>((resolve) => ws.on('error', (error) => resolve(error as never)))
  ws.send({ type: 'response.create', model: 'gpt-5.5', input: 'hi', previous_response_id: 'resp_unknown' })
  expect(await failed).toMatchObject({ error: { status: 400, error: { code: 'previous_response_not_found' } } })
  expect(response.id).toMatch(/^resp_/)
  ws.close()
})

const recording = new URL('clients/codex-06-websocket-session-prewarm-turn-incremental.json', FIXTURES)

test.skipIf(!existsSync(recording))('the recorded session of the Codex client', async () => {
  const [upgrade, ...rest] = JSON.parse(readFileSync(recording, 'utf8')) as {
    transport: string
    headers: [string, string][]
    body: Record<string, unknown>
  }[]
  const own = /^(?:host|connection|upgrade|sec-websocket-.*|authorization)$/i
  const headers = Object.fromEntries(upgrade!.headers.filter(([name]) => !own.test(name)))
  const client = await open(house, { headers })
  script({
    times: 1,
    scene: [{ type: 'toolCalls', calls: [{ name: 'exec_command', arguments: { cmd: 'echo hi' }, callId: 'call_1' }] }],
  })
  let previous: string | undefined
  for (const { body } of rest.filter(({ transport }) => transport === 'ws-frame')) {
    const frames = await client.turn({
      ...body,
      ...(body['previous_response_id'] === undefined ? {} : { previous_response_id: previous }),
    })
    expect(frames.at(-1)).toMatchObject({ type: 'response.completed' })
    previous = idOf(frames)
  }
  expect(asked().input.map(({ type }) => type)).toEqual([
    'message',
    'message',
    'message',
    'message',
    'function_call',
    'function_call_output',
  ])
  expect(lastAsked(house)!.headers).toMatchObject({
    'x-codex-window-id': '01a1fbe6-b47f-7213-858b-87db9112f3f6:0',
  })
  client.socket.terminate()
})
