import { Agent, request, type IncomingMessage } from 'node:http'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex, framesOf } from '../ask.js'
import type { Scene } from '../scene/index.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'
import { STATUS_FAULTS, type CutFault, type StatusFaultName } from './fault.js'

const simulator = await startSimulator()
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount()
})
afterAll(() => simulator.close())

const scene: Scene = [{ type: 'text', text: 'one two three' }]
const LADDER = 11

describe('a status in place of an answer', () => {
  const expected: Record<StatusFaultName, [number, RegExp, Record<string, RegExp>?]> = {
    token_expired: [401, /"code":"token_expired"/, { 'x-openai-authorization-error': /token_expired/ }],
    token_invalidated: [401, /"code":"token_invalidated"/, { 'x-error-json': /./ }],
    unauthorized: [401, /"detail":"Unauthorized"/, { 'x-openai-authorization-error': /unauthorized/ }],
    payment_required: [402, /"detail"/],
    forbidden_region: [403, /unsupported_country_region_territory/, { 'content-type': /json/ }],
    account_deactivated: [403, /account_deactivated/, { 'content-type': /json/ }],
    challenge: [403, /Just a moment/, { 'cf-mitigated': /challenge/, 'content-type': /html/ }],
    path_blocked: [404, /^$/],
    model_not_found: [404, /"code":"model_not_found"/],
    payload_too_large: [413, /too large/],
    context_length_exceeded: [400, /"code":"context_length_exceeded"/],
    usage_limit_reached: [
      429,
      /"resets_at":\d{10}/,
      { 'x-codex-primary-used-percent': /^100$/, 'x-codex-plan-type': /plus/ },
    ],
    usage_not_included: [429, /"type":"usage_not_included"/],
    insufficient_quota: [429, /"code":"insufficient_quota"/],
    rate_limited: [429, /try again in 2s/, { 'retry-after': /^2$/ }],
    internal: [500, /server_error/],
    bad_gateway: [502, /502 Bad Gateway/, { 'content-type': /html/ }],
    overloaded: [503, /"code":"server_is_overloaded"/],
    slow_down: [503, /"code":"slow_down"/],
    quota: [429, /"code":"insufficient_quota"/],
    forbidden: [403, /account_deactivated/],
    context_too_long: [400, /"code":"context_length_exceeded"/],
  }
  test.each(STATUS_FAULTS)('%s', async (name) => {
    const rule = simulator.script({ times: 1, fault: { type: 'status', name } })
    const reply = await askCodex(simulator, account)
    const [status, body, headers = {}] = expected[name]
    expect([reply.status, reply.text]).toEqual([status, expect.stringMatching(body)])
    for (const [header, value] of Object.entries(headers)) expect(reply.headers[header], header).toMatch(value)
    expect(reply.headers['x-request-id']).toBeTruthy()
    expect(rule.uses).toBe(1)
    expect((await askCodex(simulator, account)).status).toBe(200)
  })

  test('a redirect, any other reply, no reply, and a reset', async () => {
    simulator.script({ times: 1, fault: { type: 'redirect', to: 'https://elsewhere.example/' } })
    simulator.script({ times: 1, fault: { type: 'reply', status: 418, body: { detail: 'tea' } } })
    simulator.script({ times: 1, fault: { type: 'reset' } })
    simulator.script({ times: 1, fault: { type: 'hang' } })
    const redirect = await askCodex(simulator, account)
    expect([redirect.status, redirect.headers['location']]).toEqual([307, 'https://elsewhere.example/'])
    expect(await askCodex(simulator, account)).toMatchObject({ status: 418, text: '{"detail":"tea"}' })
    await expect(askCodex(simulator, account)).rejects.toThrow(/ECONNRESET|socket hang up/)
    const leaving = new AbortController()
    const seen = simulator.nextRequest()
    const asking = askCodex(simulator, account, {}, { signal: leaving.signal })
    const held = await seen
    leaving.abort()
    await expect(asking).rejects.toThrow()
    await expect(held.closed).resolves.toBe('client-left')
  })
})

describe('a rule', () => {
  test('chooses by model, account, content and number; the first made wins', async () => {
    const other = simulator.addAccount()
    const status = async (who = account, changes = {}) => (await askCodex(simulator, who, changes)).status
    simulator.script({ model: 'gpt-5.4', fault: { type: 'reply', status: 501 } })
    simulator.script({ accountId: other.accountId, fault: { type: 'reply', status: 502 } })
    simulator.script({
      when: ({ body }) => JSON.stringify(body).includes('odd'),
      fault: { type: 'reply', status: 503 },
    })
    simulator.script({ nth: 4, fault: { type: 'reply', status: 504 } })
    expect(await status(account, { model: 'gpt-5.4' })).toBe(501)
    expect(await status(other)).toBe(502)
    expect(await status(other)).toBe(502)
    expect(await status(account, { instructions: 'odd' })).toBe(503) // although it is the fourth of all
    simulator.script({ nth: 2, fault: { type: 'reply', status: 505 } })
    expect([await status(), await status(), await status()]).toEqual([200, 505, 200])
  })

  test('is not used up by a request that the backend would refuse anyway', async () => {
    const rule = simulator.script({ times: 1, scene: [{ type: 'text', text: 'scripted' }] })
    expect((await askCodex(simulator, account, { store: true })).status).toBe(400)
    expect(rule.uses).toBe(0)
    expect((await askCodex(simulator, account)).text).toContain('scripted')
  })

  test('stands at other doors too, and can be taken away', async () => {
    const rule = simulator.script({ at: 'models', fault: { type: 'status', name: 'internal' } })
    const url = `${simulator.backendUrl}/codex/models?client_version=1.0.0`
    const headers = { authorization: `Bearer ${account.accessToken}`, 'chatgpt-account-id': account.accountId }
    expect((await ask(url, { headers })).status).toBe(500)
    rule.remove()
    expect((await ask(url, { headers })).status).toBe(200)
  })

  test('may skip the checks', async () => {
    simulator.script({ unchecked: true, scene })
    const reply = await ask(`${simulator.backendUrl}/codex/responses`, {
      body: '{"model":"any"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(framesOf(reply.text).at(-1)).toMatchObject({ type: 'response.completed', response: { model: 'any' } })
  })
})

describe('a stream that breaks off', () => {
  const ways: CutFault['how'][] = ['fin', 'unfinished', 'rst', 'inside-fin', 'inside-unfinished', 'inside-rst']
  test.each(ways)('%s, after every number of events', async (how) => {
    for (let at = 0; ; at += 1) {
      simulator.reset()
      account = simulator.addAccount()
      simulator.script({ scene, fault: { type: 'cut', at, how } })
      const reply = await askCodex(simulator, account)
      const record = simulator.requests[0]!
      const frames = framesOf(reply.text)
      if (at === LADDER) {
        expect([frames.length, reply.whole, await record.closed]).toEqual([LADDER, true, 'complete'])
        return
      }
      expect(frames.length, `cut at ${at}`).toBe(at)
      expect(reply.whole).toBe(how.endsWith('-fin') || how === 'fin')
      expect(/\n\n$|^$/.test(reply.text)).toBe(!how.startsWith('inside-'))
      expect(await record.closed).toBe('broken-off')
    }
  })

  test('before its terminal event, wherever that is', async () => {
    simulator.script({ fault: { type: 'cut', at: 'terminal', how: 'fin' } })
    const frames = framesOf((await askCodex(simulator, account)).text)
    expect(frames.at(-1)!.type).toBe('response.output_item.done')
  })

  test.each(['stall', 'inside-stall'] as const)('%s: says no more until the client leaves', async (how) => {
    simulator.script({ scene, fault: { type: 'cut', at: 5, how } })
    const leaving = new AbortController()
    let text = ''
    const asking = askCodex(
      simulator,
      account,
      {},
      {
        signal: leaving.signal,
        onChunk(chunk) {
          text += chunk.toString()
          const whole = framesOf(text).length === 5
          if (whole && (how === 'stall' || !text.endsWith('\n\n'))) leaving.abort()
        },
      },
    )
    await asking.catch(() => undefined)
    const record = simulator.requests[0]!
    await record.closedByClient
    expect([record.aborted, await record.closed]).toEqual([true, 'client-left'])
    await simulator.streamsClosed()
    expect(simulator.openStreams).toBe(0)
  })
})

describe('an error inside a stream', () => {
  test.each([
    ['before anything', 0, ['response.created', 'response.in_progress', 'response.failed']],
    ['before output', 2, ['response.created', 'response.in_progress', 'response.failed']],
  ])('%s', async (_, at, types) => {
    simulator.script({ scene, fault: { type: 'fail', at, form: 'response.failed', code: 'server_is_overloaded' } })
    const reply = await askCodex(simulator, account)
    const frames = framesOf(reply.text)
    expect(frames.map(({ type }) => type)).toEqual(types)
    expect(frames.at(-1)).toMatchObject({ response: { status: 'failed', error: { code: 'server_is_overloaded' } } })
    expect(reply.whole).toBe(true)
  })

  test('after output, in the response that has begun', async () => {
    simulator.script({
      scene,
      fault: { type: 'fail', at: 6, form: 'response.failed', code: 'rate_limit_exceeded', more: { resets_at: 7 } },
    })
    const frames = framesOf((await askCodex(simulator, account)).text) as { type: string; response?: { id: string } }[]
    expect(frames.length).toBe(7)
    expect(frames[6]).toMatchObject({
      sequence_number: 6,
      response: { id: frames[0]!.response!.id, error: { code: 'rate_limit_exceeded', resets_at: 7 } },
    })
  })

  test.each([
    ['error-flat', { type: 'error', code: 'server_error', message: 'Bad luck' }],
    ['error-nested', { type: 'error', error: { type: 'server_error', code: 'server_error', message: 'Bad luck' } }],
  ] as const)('as an %s event', async (form, told) => {
    simulator.script({ scene, fault: { type: 'fail', at: 5, form, code: 'server_error', message: 'Bad luck' } })
    const frames = framesOf((await askCodex(simulator, account)).text)
    expect(frames.length).toBe(6)
    expect(frames.at(-1)).toMatchObject(told)
  })
})

describe('the wire', () => {
  const plain = async (delivery: object) => {
    simulator.script({ scene, delivery })
    return askCodex(simulator, account)
  }
  test('in single bytes carries the same', async () => {
    let reads = 0
    simulator.script({ scene, delivery: { writeBytes: 1 } })
    const { text } = await askCodex(simulator, account, {}, { onChunk: () => (reads += 1) })
    expect(framesOf(text).length).toBe(LADDER)
    expect(reads).toBeGreaterThan(100)
  })

  test('with CR LF', async () => {
    const { text } = await plain({ crlf: true })
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    expect(framesOf(text.replaceAll('\r\n', '\n')).length).toBe(LADDER)
  })

  test('without event lines, with [DONE] and obfuscation', async () => {
    const { text } = await plain({ noEventLines: true, doneLine: true, obfuscation: true })
    expect(text).not.toContain('event:')
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
    for (const frame of framesOf(text)) expect('obfuscation' in frame).toBe(frame.type.endsWith('.delta'))
  })

  test('lean: the items and the end', async () => {
    const types = framesOf((await plain({ lean: true })).text).map(({ type }) => type)
    expect(types).toEqual(['response.output_item.done', 'response.completed'])
  })

  test('with garbage, comments and huge events in between', async () => {
    const { text } = await plain({
      insert: [
        { at: 1, what: 'garbage' },
        { at: 2, what: 'comment' },
        { at: 2, what: { hugeBytes: 3_000_000 } },
        { at: 3, what: { raw: 'data: what?\n\n' } },
      ],
    })
    expect(text).toContain('"delta":\n\n')
    expect(text).toContain('\n: keep-alive\n\n')
    expect(text).toContain('data: what?\n\n')
    expect(text.length).toBeGreaterThan(3_000_000)
    expect(text).toContain('"type":"response.completed"')
  })

  test('with other headers', async () => {
    const { headers } = await plain({
      headers: { 'set-cookie': ['a=1', 'b=2'], 'x-codex-turn-state': '' },
      closeConnection: true,
    })
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(headers['x-codex-turn-state']).toBeUndefined()
    expect(headers['connection']).toBe('close')
  })

  test('waits at gates, before headers, body, output and end', async () => {
    simulator.script({
      scene: [
        { type: 'text', text: 'now' },
        { type: 'gate', name: 'middle' },
        { type: 'text', text: 'later' },
      ],
      delivery: { headersAfter: 'headers', firstByteAfter: 'body', terminalAfter: 'end' },
    })
    let text = ''
    let told = Promise.withResolvers<void>()
    const seen = simulator.nextRequest()
    const asking = askCodex(
      simulator,
      account,
      {},
      {
        onChunk(chunk) {
          text += chunk.toString()
          told.resolve()
        },
      },
    )
    const record = await seen
    expect(record.status).toBeUndefined()
    simulator.openGate('headers')
    simulator.openGate('body')
    await told.promise
    expect(framesOf(text).at(-1)).toMatchObject({ type: 'response.output_item.done' })
    told = Promise.withResolvers<void>()
    simulator.openGate('middle')
    await told.promise
    expect([text.includes('later'), text.includes('response.completed')]).toEqual([true, false])
    simulator.openGate('end')
    expect((await asking).text).toContain('response.completed')
  })

  test('waits the milliseconds that a scene asks for', async () => {
    simulator.script({ scene: [{ type: 'pace', deltaMs: 1, firstByteMs: 1 }, { type: 'pause', ms: 1 }, ...scene] })
    let reads = 0
    const { text } = await askCodex(simulator, account, {}, { onChunk: () => (reads += 1) })
    expect(framesOf(text).length).toBe(LADDER)
    expect(reads).toBeGreaterThan(1)
  })

  test('carries recordings and raw bytes as they are', async () => {
    const lines = [
      '{"type":"response.created","response":{"id":"r"}}',
      '{"type":"response.completed","response":{"id":"r"}, "odd" : 1}',
    ]
    simulator.script({ times: 1, scene: [{ type: 'replay', lines }] })
    simulator.script({
      times: 1,
      scene: [
        { type: 'raw', bytes: 'data: half' },
        { type: 'raw', bytes: new Uint8Array([0xc3]) },
      ],
    })
    expect((await askCodex(simulator, account)).text).toBe(
      lines.map((line) => `event: ${(JSON.parse(line) as { type: string }).type}\ndata: ${line}\n\n`).join(''),
    )
    expect((await askCodex(simulator, account)).text).toBe('data: half\ufffd')
  })

  test('holds a long scene for a reader who does not read', async () => {
    let played = 0
    simulator.script({
      scene: () => {
        const text = 'x'.repeat(20_000_000)
        return [
          { type: 'text', text, chunkSize: 50_000 },
          {
            type: 'pause',
            get ms() {
              played += 1
              return 0
            },
          },
        ]
      },
    })
    const { accessToken, accountId } = account
    const asking = request(`${simulator.backendUrl}/codex/responses`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'chatgpt-account-id': accountId,
        'content-type': 'application/json',
      },
    })
    const answered = Promise.withResolvers<IncomingMessage>()
    asking.on('response', answered.resolve).on('error', () => undefined)
    asking.end('{"model":"gpt-5.5","stream":true,"store":false,"input":[]}')
    const response = await answered.promise
    expect([simulator.openStreams, played]).toEqual([1, 0])
    response.destroy()
    await simulator.streamsClosed()
    expect(await simulator.requests[0]!.closed).toBe('client-left')
  })
})

describe('connections', () => {
  test('are told apart, kept alive, and closed when idle', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const url = `${simulator.url}/codex/device`
    await ask(url, { agent })
    await ask(url, { agent })
    await ask(url)
    const [first, second, third] = simulator.requests.map(({ connectionId }) => connectionId)
    expect(first).toBe(second)
    expect(third).not.toBe(first)
    const [idle] = Object.values(agent.freeSockets).flat()
    const gone = new Promise<void>((resolve) => idle!.once('close', () => resolve()))
    simulator.closeIdleConnections()
    await gone
    agent.destroy()
  })

  test('are all gone after close', async () => {
    const other = await startSimulator()
    const asking = askCodex(
      other,
      other.addAccount(),
      {},
      { body: '{"model":"gpt-5.5","stream":true,"store":false,"input":[]}' },
    )
    other.script({ fault: { type: 'cut', at: 1, how: 'stall' } })
    await other.nextRequest()
    await other.close()
    expect((await asking.catch(() => ({ whole: false }))).whole).toBe(false)
    expect(other.openConnections).toBe(0)
    await expect(ask(other.url)).rejects.toThrow(/ECONNREFUSED/)
  })
})
