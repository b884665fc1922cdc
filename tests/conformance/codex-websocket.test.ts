import { isDeepStrictEqual } from 'node:util'
import { startSimulator, type RecordedRequest, type Scene, type Simulator } from '@dragoman/simulator'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hasFixtures, openHouse, recordedRequest, type House, type HouseOptions } from '../house.js'

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

const asked = ({ simulator }: { simulator: Simulator }): RecordedRequest[] =>
  simulator.requests.filter(({ path }) => path.endsWith('/codex/responses'))
/** `GET` is a handshake, `WS` a frame, `POST` a request over HTTP. */
const methods = (house: House) => asked(house).map(({ method }) => method)
const frames = (house: House) => asked(house).filter(({ method }) => method === 'WS')
const bodyOf = (request: RecordedRequest | undefined) => (request?.body ?? {}) as Json & { input: Json[] }

const calls = (callId: string): Scene => [
  { type: 'reasoning', summary: 'hm', sealed: true },
  { type: 'toolCalls', calls: [{ name: 'ls', arguments: { path: '/', deep: [1, true] }, callId }] },
]
const text: Scene = [{ type: 'text', text: 'one file' }]
const schema = { type: 'object', properties: { path: { type: 'string' } } }
const user = (words: string): Json => ({
  type: 'message',
  role: 'user',
  content: [{ type: 'input_text', text: words }],
})
const tools = [{ type: 'function', name: 'ls', parameters: schema }]

/** A client that talks in turns: a question, the result of the call that came back, another question. */
interface Talk {
  ask(words: string): Promise<void>
  result(output: string): Promise<void>
}

const CLIENTS: Readonly<Record<string, (house: House) => Talk>> = {
  responses(house) {
    const input: Json[] = []
    const turn = async (item: Json) => {
      input.push(item)
      const reply = await house.post('/v1/responses', { model: 'gpt-5.5', store: false, tools, input })
      input.push(...((await reply.json()) as { output: Json[] }).output)
    }
    return {
      ask: (words) => turn(user(words)),
      result: (output) =>
        turn({ type: 'function_call_output', call_id: input.findLast((item) => item['call_id'])?.['call_id'], output }),
    }
  },
  chat(house) {
    const messages: Json[] = []
    const turn = async (message: Json) => {
      messages.push(message)
      const reply = await house.post('/v1/chat/completions', {
        model: 'gpt-5.5',
        tools: [{ type: 'function', function: { name: 'ls', parameters: schema } }],
        messages,
      })
      const told = (await reply.json()) as { choices: { message: Json & { tool_calls?: { function: Json }[] } }[] }
      const message_ = told.choices[0]?.message ?? {}
      // A client that keeps the arguments as an object writes them anew.
      for (const call of (message_['tool_calls'] ?? []) as { function: Json }[]) {
        const { path, deep } = JSON.parse(String(call.function['arguments'])) as Json
        call.function['arguments'] = JSON.stringify({ deep, path }, undefined, 1)
      }
      messages.push(message_)
    }
    return {
      ask: (words) => turn({ role: 'user', content: words }),
      result(output) {
        const calls = messages.at(-1)?.['tool_calls'] as { id: string }[]
        return turn({ role: 'tool', tool_call_id: calls[0]?.id, content: output })
      },
    }
  },
  messages(house) {
    const messages: Json[] = []
    const turn = async (content: unknown) => {
      messages.push({ role: 'user', content })
      const reply = await house.post('/v1/messages', {
        model: 'gpt-5.5',
        max_tokens: 4096,
        system: 'be kind',
        thinking: { type: 'enabled', budget_tokens: 1024 },
        tools: [{ name: 'ls', input_schema: schema }],
        messages,
      })
      messages.push({ role: 'assistant', content: ((await reply.json()) as { content: unknown }).content })
    }
    return {
      ask: (words) => turn(words),
      result(output) {
        const content = messages.at(-1)?.['content'] as { type: string; id: string }[]
        const id = content.find(({ type }) => type === 'tool_use')?.id
        return turn([{ type: 'tool_result', tool_use_id: id, content: output }])
      },
    }
  },
  gemini(house) {
    const contents: Json[] = []
    const turn = async (part: Json) => {
      contents.push({ role: 'user', parts: [part] })
      const reply = await house.post('/v1beta/models/gpt-5.5:generateContent', {
        tools: [{ functionDeclarations: [{ name: 'ls', parameters: schema }] }],
        contents,
      })
      contents.push(((await reply.json()) as { candidates: { content: Json }[] }).candidates[0]?.content ?? {})
    }
    return {
      ask: (words) => turn({ text: words }),
      result(output) {
        const parts = contents.at(-1)?.['parts'] as { functionCall?: Json }[]
        const call = parts.find(({ functionCall }) => functionCall !== undefined)?.functionCall
        return turn({ functionResponse: { id: call?.['id'], name: 'ls', response: { output } } })
      },
    }
  },
}

describe('a conversation keeps its connection and sends only what is new', () => {
  test.each(Object.entries(CLIENTS))('%s', async (_, client) => {
    const house = await open()
    const heard: Json[][] = []
    const scenes = [calls('call_1'), text, calls('call_2'), text]
    house.simulator.script({
      scene: (request) => scenes[heard.push(request.input as Json[]) - 1] ?? text,
    })
    const talk = client(house)
    await talk.ask('list')
    await talk.result('a.txt')
    await talk.ask('and now?')
    await talk.result('b.txt')
    expect(methods(house)).toEqual(['GET', 'WS', 'WS', 'WS', 'WS'])
    const sent = frames(house).map((frame) => bodyOf(frame))
    expect(sent.map(({ previous_response_id: previous }) => typeof previous)).toEqual([
      'undefined',
      ...Array<string>(3).fill('string'),
    ])
    expect(sent.map(({ input }) => input.at(-1)?.['type'])).toEqual([
      'message',
      'function_call_output',
      'message',
      'function_call_output',
    ])
    expect(sent.slice(1).map(({ input }) => input.length)).toEqual([1, 1, 1])
    // What the backend heard is what happened.
    expect(heard.at(-1)?.map(({ type }) => type)).toEqual([
      ...['message', 'reasoning', 'function_call', 'function_call_output', 'message'],
      ...['message', 'reasoning', 'function_call', 'function_call_output'],
    ])
  })

  test('sub-agents of the same session have their own', async () => {
    const house = await open()
    house.simulator.script({ scene: text })
    const headers = { 'session-id': 's1' }
    const ask = (more: Json) =>
      house.post('/v1/responses', { model: 'gpt-5.5', input: [user('x')], tools, ...more }, headers)
    await ask({})
    await ask({ instructions: 'you look for mistakes' })
    await ask({ tools: [...tools, { type: 'function', name: 'rm', parameters: schema }] })
    await house.post(
      '/v1/responses',
      { model: 'gpt-5.5', input: [user('x')], tools },
      {
        ...headers,
        'x-openai-subagent': 'review',
      },
    )
    await ask({})
    expect(methods(house)).toEqual(['GET', 'WS', 'GET', 'WS', 'GET', 'WS', 'GET', 'WS', 'WS'])
    const handshake = asked(house).findLast(({ method }) => method === 'GET')
    expect(handshake?.headers['x-openai-subagent']).toBe('review')
  })

  test('two turns at once: the second has a connection for itself, once', async () => {
    const house = await open()
    house.simulator.script({ scene: [{ type: 'gate', name: 'open' }, ...text] })
    const body = { model: 'gpt-5.5', input: [user('x')], tools }
    const both: Promise<Response>[] = []
    for (let n = 0; n < 2; n++) {
      const came = house.simulator.nextRequest(({ method }) => method === 'WS')
      both.push(house.post('/v1/responses', body, { 'session-id': 's1' }))
      await came
    }
    house.simulator.openGate('open')
    for (const reply of await Promise.all(both)) expect(await reply.json()).toMatchObject({ status: 'completed' })
    await house.post('/v1/responses', body, { 'session-id': 's1' })
    expect(methods(house).filter((method) => method === 'GET')).toHaveLength(2)
    expect(house.simulator.openSockets).toBe(1)
  })
})

describe('what goes over which transport', () => {
  const one = { model: 'gpt-5.5', input: [user('x')] }
  test.each<[string, string, Json, string[]]>([
    ['a single question', '/v1/responses', one, ['POST']],
    ['a picture', '/v1/responses', { ...one, tools: [{ type: 'image_generation' }] }, ['POST']],
    ['a web search', '/v1/responses', { ...one, tools: [{ type: 'web_search' }] }, ['POST']],
    ['a question with tools that will come back', '/v1/responses', { ...one, tools }, ['GET', 'WS']],
    [
      'a question in a conversation',
      '/v1/chat/completions',
      {
        model: 'gpt-5.5',
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
      },
      ['GET', 'WS'],
    ],
  ])('%s', async (_, path, body, expected) => {
    const house = await open()
    expect((await house.post(path, body)).status).toBe(200)
    expect(methods(house)).toEqual(expected)
  })

  test('a compaction', async () => {
    const house = await open()
    await house.post('/v1/responses/compact', { ...one, input: [user('x'), { role: 'assistant', content: 'y' }] })
    const compact = house.simulator.requests.find(({ path }) => path.endsWith('/compact'))
    expect([compact?.method, compact?.headers['x-openai-subagent']]).toEqual(['POST', 'compact'])
    expect(methods(house)).toEqual([])
  })

  test('as configured, from the next request on', async () => {
    const house = await open({ config: { codex: { websocket: false } } })
    const ask = () => house.post('/v1/responses', { ...one, tools })
    await ask()
    house.configure({ codex: { websocket: true } })
    await ask()
    house.configure({ codex: { websocket: false } })
    await ask()
    expect(methods(house)).toEqual(['POST', 'GET', 'WS', 'POST'])
  })
})

describe('a native client over HTTP', () => {
  const native = {
    originator: 'codex_exec',
    'session-id': 's1',
    'x-codex-turn-state': 'ts_told',
    'x-codex-window-id': 's1:2',
    'x-codex-turn-metadata': '{"turn_id":"t"}',
    'x-codex-beta-features': 'remote_compaction_v2',
  }

  test('is heard and told all that its own connection would carry', async () => {
    const house = await open()
    house.simulator.script({ scene: text })
    const reply = await house.post(
      '/v1/responses',
      { model: 'gpt-5.5', stream: true, input: [user('x')], tools },
      native,
    )
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'x-codex-turn-state': 'ts_told',
      'openai-model': 'gpt-5.5',
      'x-reasoning-included': 'true',
      'x-models-etag': expect.stringMatching(/^W\//) as unknown,
      'x-codex-primary-used-percent': '12',
      'x-codex-primary-window-minutes': '300',
      'x-codex-plan-type': 'plus',
      'x-dragoman-translation': 'exact',
    })
    const events = (await reply.text()).split('\n\n').filter((frame) => frame !== '')
    const named = events.map((frame) => /^event: (.+)\ndata: \{"type":"(.+?)"/.exec(frame)?.slice(1, 3))
    expect(named.every((pair) => pair !== undefined && pair[0] === pair[1])).toBe(true)
    expect(named.map((pair) => pair?.[0])).not.toContain('codex.rate_limits')
    expect(named[0]).toEqual(['response.created', 'response.created'])
    expect(named.at(-1)?.[0]).toBe('response.completed')
    expect(bodyOf(frames(house)[0])['client_metadata']).toEqual({
      'x-codex-turn-state': 'ts_told',
      'x-codex-window-id': 's1:2',
      'x-codex-turn-metadata': '{"turn_id":"t"}',
    })
  })

  test('its second turn has the headers of its own frames', async () => {
    const house = await open()
    house.simulator.script({ scene: text })
    const ask = () => house.post('/v1/responses', { model: 'gpt-5.5', stream: true, input: [user('x')], tools }, native)
    await (await ask()).text()
    house.simulator.setQuota(house.accounts[0]!.accountId, {
      primary: { usedPercent: 34, windowMinutes: 300, resetAt: 2_000_000_000 },
    })
    const second = await ask()
    await second.text()
    expect(second.headers.get('x-codex-primary-used-percent')).toBe('34')
    expect(second.headers.get('x-reasoning-included')).toBe('true')
    expect(second.headers.get('x-models-etag')).toBe(null)
    const id = house.gateway.accounts.list()[0]!.id
    expect(house.gateway.accounts.quota(id)?.windows['codex/primary']?.usedPercent).toBe(34)
  })

  test('the handshake has the order of the official client', async () => {
    const house = await open({ config: { client: { profile: 'codex_cli' } } })
    await house.post('/v1/responses', { model: 'gpt-5.5', input: [user('x')], tools, service_tier: 'priority' }, native)
    const raw = asked(house)[0]?.rawHeaders ?? []
    const names = raw.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    expect(names.filter((name) => !/^(?:host|connection|upgrade|sec-.*)$/.test(name))).toEqual([
      'chatgpt-account-id',
      'authorization',
      'user-agent',
      'originator',
      'openai-beta',
      'version',
      'x-codex-beta-features',
      'x-client-request-id',
      'session-id',
      'thread-id',
      'x-codex-window-id',
      'x-codex-turn-metadata',
      'x-codex-routing-hint',
    ])
    expect(asked(house)[0]?.headers).toMatchObject({
      'openai-beta': 'responses_websockets=2026-02-06',
      'x-codex-routing-hint': 'model=gpt-5.5;tier=priority',
      'x-codex-window-id': 's1:2',
    })
  })
})

describe('models of the lite shape', () => {
  const lite = { model: 'gpt-6-astra', instructions: 'be kind', tools, input: [user('x')] }
  const strict = { simulator: { requireLite: true } }

  test.each([
    ['over HTTP', false],
    ['over WebSocket', true],
  ])('are asked in it %s, whatever the client speaks', async (_, websocket) => {
    const house = await open({ ...strict, config: { codex: { websocket } } })
    house.simulator.script({ scene: text })
    const replies = [
      await house.post('/v1/responses', lite),
      await house.post('/v1/responses', lite, { originator: 'codex_exec', 'x-codex-window-id': 'a:0' }),
      await house.post('/v1/chat/completions', { model: lite.model, messages: [{ role: 'user', content: 'x' }] }),
      await house.post('/v1/messages', {
        model: lite.model,
        max_tokens: 9,
        messages: [{ role: 'user', content: 'x' }],
      }),
    ]
    for (const reply of replies) expect(await reply.text()).toContain('one file')
    const [first] = asked(house).filter(({ method }) => method !== 'GET')
    expect(bodyOf(first)).toMatchObject({
      input: [
        { type: 'additional_tools', role: 'developer', tools },
        { role: 'developer', content: [{ text: 'be kind' }] },
        { role: 'user' },
      ],
      reasoning: { context: 'all_turns' },
      parallel_tool_calls: false,
      ...(websocket ? { client_metadata: { ws_request_header_x_openai_internal_codex_responses_lite: 'true' } } : {}),
    })
    expect(first?.headers['x-openai-internal-codex-responses-lite']).toBe(websocket ? undefined : 'true')
  })

  test('continue their conversation like the others', async () => {
    const house = await open(strict)
    house.simulator.script({ scene: text })
    const input = [user('x')]
    const first = (await (await house.post('/v1/responses', { ...lite, input })).json()) as { output: Json[] }
    await house.post('/v1/responses', { ...lite, input: [...input, ...first.output, user('y')] })
    expect(bodyOf(frames(house)[1]).input).toEqual([user('y')])
  })

  test.skipIf(!hasFixtures)('a request of the official client passes as it came', async () => {
    const house = await open({ simulator: { requireLite: true, unchecked: true } })
    const { body, headers } = (await recordedRequest('codex-03-http-responses-lite-gpt6.json')) as {
      body: Json & { input: Json[] }
      headers: [string, string][]
    }
    house.simulator.script({ scene: text })
    const kept = headers.filter(([name]) => /^(?:x-codex|x-openai|session|thread|originator)/.test(name))
    await house.post('/v1/responses', body, Object.fromEntries(kept))
    const frame = bodyOf(frames(house)[0])
    expect(frame.input).toEqual(body.input)
    expect(frame['tools']).toBe(undefined)
    expect(frame['client_metadata']).toMatchObject({
      ...(body['client_metadata'] as Json),
      ws_request_header_x_openai_internal_codex_responses_lite: 'true',
    })
  })
})

describe('a workspace that is served elsewhere', () => {
  let elsewhere: Simulator
  beforeAll(async () => void (elsewhere = await startSimulator({ unchecked: true })))
  afterAll(() => elsewhere.close())
  afterEach(() => elsewhere.reset())

  test.each([
    ['HTTP', false, ['POST']],
    ['WebSocket', true, ['GET', 'WS']],
  ])('is asked there over %s, and says so', async (_, websocket, expected) => {
    const house = await open({ config: { codex: { websocket, routing_discovery: true } } })
    elsewhere.setRouting(elsewhere.addAccount().accountId, { override: 'us_cr' })
    house.simulator.setRouting(house.accounts[0]!.accountId, { origin: elsewhere.url, override: 'us_cr' })
    elsewhere.script({ scene: text })
    const reply = await house.post('/v1/responses', { model: 'gpt-5.5', input: [user('x')], tools })
    expect(await reply.text()).toContain('one file')
    expect(asked(house)).toEqual([])
    const there = asked({ simulator: elsewhere })
    expect(there.map(({ method }) => method)).toEqual(expected)
    expect(there[0]?.headers).toMatchObject({
      'x-openai-account-routing-override': 'us_cr',
      authorization: `Bearer ${house.accounts[0]!.accessToken}`,
    })
    await house.post('/v1/responses', { model: 'gpt-5.5', input: [user('x')], tools })
    expect(house.simulator.requests.filter(({ path }) => path.endsWith('/accounts/check'))).toHaveLength(1)
  })

  test('never where the egress policy forbids it', async () => {
    const house = await open({ config: { codex: { routing_discovery: true } } })
    house.simulator.setRouting(house.accounts[0]!.accountId, { origin: 'https://10.0.0.1' })
    const reply = await house.post('/v1/responses', { model: 'gpt-5.5', input: [user('x')], tools })
    expect(reply.status).toBe(502)
    expect(await reply.text()).toContain('10.0.0.1')
    expect(asked(house)).toEqual([])
  })

  test('a token that has ended is renewed on the way', async () => {
    const house = await open({ config: { codex: { routing_discovery: true } } })
    house.simulator.expireAccess(house.accounts[0]!.accountId)
    house.simulator.script({ scene: text })
    const reply = await house.post('/v1/responses', { model: 'gpt-5.5', input: [user('x')], tools })
    expect(await reply.text()).toContain('one file')
    expect(house.simulator.counters.refreshes).toBe(1)
  })
})

/** As the model sees an item: neither names nor states, and arguments as the value that they are. */
function seen(items: readonly Json[]): unknown[] {
  return items
    .filter(({ type }) => type !== 'reasoning')
    .map(({ type, role, content, call_id: callId, name, arguments: args, output }) => ({
      type,
      role,
      words: Array.isArray(content) ? (content as Json[]).map((part) => part['text']) : content,
      callId,
      name,
      args: typeof args === 'string' ? (JSON.parse(args) as unknown) : args,
      output,
    }))
}

test('whatever a client makes of its history, the backend hears the whole of it', async () => {
  const house = await open()
  /** What the backend heard of each turn. */
  let heard: Json[] = []
  const word = fc.constantFrom('a', 'b', 'c')
  const step = fc.record({
    scene: fc.constantFrom('text', 'call', 'calls', 'thought'),
    words: word,
    keepsIds: fc.boolean(),
    keepsReasoning: fc.boolean(),
    writesAnew: fc.boolean(),
    /** Ask it again, edit what was said, forget the beginning, or think harder. */
    trick: fc.constantFrom('none', 'none', 'none', 'none', 'again', 'edit', 'forget', 'effort'),
  })
  let talks = 0
  let continued = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
      const session = `talk-${talks++}`
      let input: Json[] = []
      let effort = 'low'
      let made = 0
      for (const { scene, words, keepsIds, keepsReasoning, writesAnew, trick } of steps) {
        const lastCalls = input.filter(({ type, call_id: id }) => type === 'function_call' && !answered(input, id))
        input.push(
          ...lastCalls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: words })),
          ...(lastCalls.length === 0 ? [user(words)] : []),
        )
        if (trick === 'edit') input[0] = user('edited')
        if (trick === 'forget') input = input.filter(({ type }) => type === 'message').slice(-3)
        if (trick === 'effort') effort = effort === 'low' ? 'high' : 'low'
        const call = () => ({ name: 'ls', arguments: `{"x": ${made}, "y": "${words}"}`, callId: `call_${made++}` })
        const played: Scene = [
          { type: 'reasoning', summary: words, sealed: true },
          ...(scene === 'thought' ? [{ type: 'reasoning' as const, summary: 'more', sealed: true }] : []),
          ...(scene === 'text' || scene === 'thought' ? [{ type: 'text' as const, text: words }] : []),
          ...(scene === 'call' || scene === 'calls'
            ? [{ type: 'toolCalls' as const, calls: scene === 'call' ? [call()] : [call(), call()] }]
            : []),
        ]
        const rule = house.simulator.script({
          scene: (request) => {
            heard = request.input as Json[]
            return played
          },
        })
        const ask = () =>
          house.post(
            '/v1/responses',
            { model: 'gpt-5.5', store: false, reasoning: { effort }, tools, input },
            { 'session-id': session },
          )
        if (trick === 'again') await (await ask()).text()
        const reply = await ask()
        rule.remove()
        expect(reply.status).toBe(200)
        expect(seen(heard)).toEqual(seen(input))
        // Reasoning that the client does carry is never lost.
        const carried = input.filter(({ type }) => type === 'reasoning').map((item) => item['encrypted_content'])
        const there = heard.filter(({ type }) => type === 'reasoning').map((item) => item['encrypted_content'])
        expect(carried.every((one) => there.includes(one))).toBe(true)
        const { output } = (await reply.json()) as { output: Json[] }
        for (const item of output) {
          if (item['type'] === 'reasoning' && !keepsReasoning) continue
          const copy = { ...item }
          if (!keepsIds) delete copy['id']
          if (writesAnew && typeof copy['arguments'] === 'string') {
            copy['arguments'] = JSON.stringify(JSON.parse(copy['arguments']), undefined, 2)
          }
          input.push(copy)
        }
        continued += bodyOf(frames(house).at(-1))['previous_response_id'] === undefined ? 0 : 1
      }
    }),
    { numRuns: 25 },
  )
  // Else this test would say nothing.
  expect(continued).toBeGreaterThan(20)
  expect(methods(house)).not.toContain('POST')
})

function answered(input: readonly Json[], callId: unknown): boolean {
  return input.some((item) => item['type'] === 'function_call_output' && isDeepStrictEqual(item['call_id'], callId))
}
