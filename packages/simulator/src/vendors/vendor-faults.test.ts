import {
  anthropicMessages,
  gemini,
  openaiChat,
  openaiResponses,
  type Dialect,
  type FailureKind,
} from '@dragoman/protocol'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex, type Asked } from '../ask.js'
import type { CutFault, StatusFaultName } from '../faults/fault.js'
import type { Scene } from '../scene/index.js'
import { startSimulator } from '../simulator.js'
import { PERSONAS, VENDORS, type Persona, type Vendor } from './vendor.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

interface Door {
  vendor: Vendor
  path: string
  dialect: Dialect
  model: string
  body: object
  plays?: Persona
}
const messages = [{ role: 'user', content: 'Hello' }]
const chat = (vendor: Vendor, model: string, plays?: Persona): Door => ({
  vendor,
  path: '/chat/completions',
  dialect: openaiChat,
  model,
  body: { model, messages },
  ...(plays === undefined ? {} : { plays }),
})
const OPENAI = chat('openai', 'gpt-4o')
const RESPONSES: Door = {
  ...OPENAI,
  path: '/responses',
  dialect: openaiResponses,
  body: { model: 'gpt-4o', input: 'Hello' },
}
const ANTHROPIC: Door = {
  vendor: 'anthropic',
  path: '/messages',
  dialect: anthropicMessages,
  model: 'claude-haiku-4-5',
  body: { model: 'claude-haiku-4-5', max_tokens: 100, messages },
}
const GEMINI: Door = {
  vendor: 'gemini',
  path: '/models/gemini-2.5-flash',
  dialect: gemini,
  model: 'gemini-2.5-flash',
  body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
}
const OPENROUTER = chat('openrouter', 'openai/gpt-4o')
const DOORS: readonly Door[] = [
  OPENAI,
  RESPONSES,
  ANTHROPIC,
  GEMINI,
  OPENROUTER,
  ...PERSONAS.map((one) => chat('compatible', 'some-model', one)),
]
const named = DOORS.map((door) => [`${door.plays ?? door.vendor} ${door.dialect.id}`, door] as const)

function knock(
  door: Door,
  about: { stream?: boolean; key?: string; query?: string; body?: object } = {},
): Promise<Asked> {
  const { vendor, path, body } = door
  const { stream = false, query = stream ? '?alt=sse' : '' } = about
  const key =
    about.key ?? simulator.addVendorKey({ vendor, ...(door.plays === undefined ? {} : { plays: door.plays }) }).key
  const isGemini = vendor === 'gemini'
  const action = isGemini ? `:${stream ? 'streamGenerateContent' : 'generateContent'}${query}` : ''
  return ask(`${simulator.vendors[vendor].baseUrl}${path}${action}`, {
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(isGemini
        ? { 'x-goog-api-key': key }
        : vendor === 'anthropic'
          ? { 'x-api-key': key }
          : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ ...body, ...(isGemini ? {} : { stream }), ...about.body }),
  })
}
function failureOf(door: Door, reply: Asked) {
  const headers = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]))
  return door.dialect.call.decodeError(reply.status, headers, Buffer.from(reply.text))
}
function eventsOf(door: Door, reply: Asked) {
  const decoder = door.dialect.call.streamDecoder()
  return [...decoder.push(Buffer.from(reply.text)), ...decoder.end()]
}

describe('a status in the form of', () => {
  const STATUSES: Readonly<Record<string, Partial<Record<StatusFaultName, number>>>> = {
    openai: {
      rate_limited: 429,
      quota: 429,
      payment_required: 429,
      overloaded: 503,
      internal: 500,
      unauthorized: 401,
      forbidden: 403,
      model_not_found: 404,
      context_too_long: 400,
      bad_gateway: 502,
      payload_too_large: 413,
    },
    anthropic: {
      rate_limited: 429,
      quota: 400,
      payment_required: 402,
      overloaded: 529,
      internal: 500,
      unauthorized: 401,
      forbidden: 403,
      model_not_found: 404,
      context_too_long: 400,
      bad_gateway: 502,
    },
    gemini: {
      rate_limited: 429,
      quota: 429,
      overloaded: 503,
      internal: 500,
      unauthorized: 400,
      forbidden: 403,
      model_not_found: 404,
      context_too_long: 400,
    },
    openrouter: {
      rate_limited: 429,
      quota: 403,
      payment_required: 402,
      overloaded: 503,
      unauthorized: 401,
      bad_gateway: 502,
      context_too_long: 400,
    },
    deepseek: { rate_limited: 429, payment_required: 402, unauthorized: 401, model_not_found: 400, overloaded: 503 },
    groq: { rate_limited: 429, overloaded: 498, unauthorized: 401, model_not_found: 404 },
    mistral: { rate_limited: 429, unauthorized: 401, model_not_found: 400, overloaded: 503 },
    xai: { rate_limited: 429, unauthorized: 400, model_not_found: 404, payment_required: 403 },
    moonshot: { rate_limited: 429, quota: 429, overloaded: 429, unauthorized: 401, model_not_found: 404 },
    qwen: { rate_limited: 429, quota: 429, unauthorized: 401, model_not_found: 404 },
    plain: { rate_limited: 429, internal: 500 },
  }
  test.each(named)('%s', async (_, door) => {
    for (const [name, status] of Object.entries(STATUSES[door.plays ?? door.vendor] ?? {})) {
      simulator.script({ at: 'vendors', times: 1, fault: { type: 'status', name: name as StatusFaultName } })
      const reply = await knock(door)
      expect([name, reply.status]).toEqual([name, status])
      if (name === 'bad_gateway' && door.vendor !== 'openrouter') expect(reply.text).toMatch(/^<html>/)
      else expect(failureOf(door, reply).message).not.toBe('')
    }
  })

  const KINDS: readonly (readonly [Door, StatusFaultName, FailureKind])[] = [OPENAI, ANTHROPIC, GEMINI].flatMap(
    (door) => [
      [door, 'rate_limited', 'rate_limited'] as const,
      [door, 'overloaded', 'overloaded'] as const,
      [door, 'context_too_long', 'context_too_long'] as const,
    ],
  )
  test.each(KINDS)('%# means what it says', async (door, name, kind) => {
    simulator.script({ at: 'vendors', fault: { type: 'status', name } })
    expect(failureOf(door, await knock(door)).kind).toBe(kind)
  })

  test('a limit says how long it lasts, each vendor in its own place', async () => {
    simulator.script({ at: 'vendors', fault: { type: 'status', name: 'rate_limited', retryAfter: 7 } })
    const [openai, anthropic, google, openrouter, groq] = await Promise.all(
      [OPENAI, ANTHROPIC, GEMINI, OPENROUTER, chat('compatible', 'm', 'groq')].map((door) => knock(door)),
    )
    expect(openai?.headers).toMatchObject({
      'retry-after': '7',
      'retry-after-ms': '7000',
      'x-ratelimit-remaining-requests': '0',
    })
    expect(anthropic?.headers).toMatchObject({ 'retry-after': '7', 'anthropic-ratelimit-requests-remaining': '0' })
    const { error } = JSON.parse(google?.text ?? '') as { error: { details: unknown[] } }
    expect(error.details).toContainEqual({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' })
    expect(google?.headers['retry-after']).toBeUndefined()
    expect(openrouter?.headers).toHaveProperty('x-ratelimit-reset')
    expect(groq?.headers).toMatchObject({ 'retry-after': '7', 'x-ratelimit-reset-tokens': '7s' })
  })

  test('Gemini stands in a list where a list would have been streamed', async () => {
    simulator.script({ at: 'vendor-generate', fault: { type: 'status', name: 'overloaded' } })
    const listed = JSON.parse((await knock(GEMINI, { stream: true, query: '' })).text) as unknown
    expect(listed).toMatchObject([{ error: { code: 503, status: 'UNAVAILABLE' } }])
    expect(JSON.parse((await knock(GEMINI, { stream: true })).text)).toMatchObject({ error: { code: 503 } })
  })

  test('any vendor may be replaced by a reply, a redirect, a reset or silence', async () => {
    simulator.script({ at: 'vendor-chat', times: 1, fault: { type: 'reply', status: 418, body: { error: 'tea' } } })
    simulator.script({ at: 'vendor-chat', times: 1, fault: { type: 'redirect', to: 'https://elsewhere.example/' } })
    simulator.script({ at: 'vendor-chat', times: 1, fault: { type: 'reset' } })
    expect(await knock(OPENAI)).toMatchObject({ status: 418, text: '{"error":"tea"}' })
    expect((await knock(OPENAI)).headers['location']).toBe('https://elsewhere.example/')
    await expect(knock(OPENAI)).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect((await knock(OPENAI)).status).toBe(200)
  })
})

describe('who asks', () => {
  test.each(named)('%s refuses an unknown key and one that was taken back', async (_, door) => {
    const known = simulator.addVendorKey({
      vendor: door.vendor,
      ...(door.plays === undefined ? {} : { plays: door.plays }),
    })
    const wrong = await knock(door, { key: 'wrong-key-0123456789' })
    expect(wrong.status).toBeGreaterThanOrEqual(400)
    expect(wrong.text).not.toContain('wrong-key-0123456789')
    known.revoked = true
    expect((await knock(door, { key: known.key })).status).toBeGreaterThanOrEqual(400)
    known.revoked = false
    expect((await knock(door, { key: known.key })).status).toBe(200)
  })

  test('a key for other models finds none', async () => {
    const { key } = simulator.addVendorKey({ vendor: 'openai', models: ['gpt-5'] })
    expect(await knock(OPENAI, { key })).toMatchObject({
      status: 404,
      text: expect.stringContaining('model_not_found') as string,
    })
  })

  test('no key is told apart, and a server without keys wants none', async () => {
    expect((await knock(OPENAI, { key: '' })).text).toContain("You didn't provide an API key")
    expect((await knock(ANTHROPIC, { key: '' })).text).toContain('x-api-key header is required')
    expect((await knock(GEMINI, { key: '' })).status).toBe(403)
    expect((await knock(chat('compatible', 'anything'), { key: '' })).status).toBe(200)
  })

  test('a record tells the vendor, the key and the model', async () => {
    const { key, hint } = simulator.addVendorKey({ vendor: 'gemini' })
    await knock(GEMINI, { key })
    expect(simulator.requests.at(-1)).toMatchObject({
      vendor: 'gemini',
      apiKeyHint: hint,
      model: 'gemini-2.5-flash',
      status: 200,
    })
    expect(key.endsWith(hint.slice(1))).toBe(true)
  })

  test('an unknown path or vendor is not found, a body that is no JSON is refused', async () => {
    const { key } = simulator.addVendorKey({ vendor: 'openai' })
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    expect((await ask(`${simulator.vendors.openai.baseUrl}/nothing`, { headers, body: '{}' })).status).toBe(404)
    expect((await ask(`${simulator.url}/vendors/nobody/v1/models`)).status).toBe(404)
    expect((await ask(`${simulator.vendors.openai.baseUrl}/chat/completions`, { headers, body: '{' })).status).toBe(400)
  })
})

describe('a rule', () => {
  const scene: Scene = [{ type: 'text', text: 'scripted' }]
  test('without a place is for the Codex backend alone', async () => {
    const account = simulator.addAccount()
    const rule = simulator.script({ scene })
    expect((await knock(OPENAI)).text).not.toContain('scripted')
    expect((await knock(RESPONSES)).text).not.toContain('scripted')
    expect((await askCodex(simulator, account)).text).toContain('scripted')
    expect(rule.uses).toBe(1)
  })

  test('for vendors leaves the backend alone, and may name one, a door and a model', async () => {
    const account = simulator.addAccount()
    simulator.script({ at: 'vendors', vendor: 'gemini', model: 'gemini-2.5-flash', scene })
    expect((await askCodex(simulator, account)).text).not.toContain('scripted')
    expect((await knock(OPENAI)).text).not.toContain('scripted')
    expect((await knock(GEMINI)).text).toContain('scripted')
    const other = { ...GEMINI, path: '/models/gemini-2.5-pro' }
    expect((await knock(other)).text).not.toContain('scripted')
  })

  test('is not used up by a request that was refused before', async () => {
    const rule = simulator.script({ at: 'vendor-messages', times: 1, scene })
    expect((await knock(ANTHROPIC, { key: 'wrong' })).status).toBe(401)
    expect((await knock(ANTHROPIC, { body: { max_tokens: 0 } })).status).toBe(400)
    expect(rule.uses).toBe(0)
    expect((await knock(ANTHROPIC)).text).toContain('scripted')
  })

  test('unchecked takes any key and body', async () => {
    simulator.script({ at: 'vendors', unchecked: true, scene })
    expect((await knock(ANTHROPIC, { key: '' })).text).toContain('scripted')
  })
})

describe('a stream', () => {
  const scene: Scene = [{ type: 'text', text: 'one two three' }]
  const WAYS: readonly CutFault['how'][] = ['fin', 'unfinished', 'rst', 'inside-fin', 'inside-unfinished', 'inside-rst']
  const wires = named.filter(([, { plays }]) => plays === undefined)

  test.each(wires)('of %s can be cut before any event, in any way', async (_, door) => {
    const { key } = simulator.addVendorKey({ vendor: door.vendor })
    const rule = simulator.script({ at: 'vendors', scene })
    const whole = (await knock(door, { stream: true, key })).text
    rule.remove()
    const count = whole.split('\n\n').filter((frame) => frame !== '' && !frame.startsWith(':')).length
    for (let at = 0; at < count; at += 1) {
      for (const how of WAYS) {
        const cut = simulator.script({ at: 'vendors', times: 1, scene, fault: { type: 'cut', at, how } })
        const reply = await knock(door, { stream: true, key })
        expect([at, how, reply.status, reply.whole]).toEqual([at, how, 200, how.endsWith('fin')])
        expect(reply.text.length).toBeLessThan(whole.length)
        expect(cut.uses).toBe(1)
        cut.remove()
      }
    }
    const last = simulator.script({ at: 'vendors', scene, fault: { type: 'cut', at: 'terminal', how: 'fin' } })
    const reply = await knock(door, { stream: true, key })
    expect(reply.text).toContain('three')
    expect(eventsOf(door, reply).some(({ type }) => type === 'response.completed')).toBe(false)
    last.remove()
  })

  test.each(named)('of %s can fail in the middle, in the own form', async (_, door) => {
    simulator.script({
      at: 'vendors',
      scene,
      fault: { type: 'fail', at: 'terminal', code: 'overloaded', message: 'Too many.' },
    })
    const reply = await knock(door, { stream: true })
    expect(reply).toMatchObject({ status: 200, whole: true })
    expect(reply.text).toContain('Too many.')
    const events = eventsOf(door, reply)
    const told = events.map((event) => door.dialect.call.failureOf(event)).find((failure) => failure !== undefined)
    expect(told?.message).toContain('Too many.')
    expect(events.some(({ type }) => type === 'response.completed')).toBe(false)
  })

  test('of OpenRouter fails with a chunk that ends', async () => {
    simulator.script({ at: 'vendors', scene, fault: { type: 'fail', at: 2, code: 'overloaded' } })
    const reply = await knock(OPENROUTER, { stream: true })
    const [last] = reply.text.trim().split('\n\n').slice(-1)
    expect(JSON.parse(last?.slice(6) ?? '')).toMatchObject({
      error: { code: 503 },
      choices: [{ finish_reason: 'error' }],
    })
    expect(reply.text).toMatch(/^: OPENROUTER PROCESSING\n\n/)
  })

  test('of Gemini as a list is closed by its error', async () => {
    for (const at of [0, 1, 'terminal' as const]) {
      const rule = simulator.script({ at: 'vendors', scene, fault: { type: 'fail', at, code: 'UNAVAILABLE' } })
      const list = JSON.parse((await knock(GEMINI, { stream: true, query: '' })).text) as object[]
      expect(list.at(-1)).toMatchObject({ error: { status: 'UNAVAILABLE' } })
      rule.remove()
    }
  })

  test('of Responses has three forms of failure', async () => {
    for (const form of ['response.failed', 'error-flat', 'error-nested'] as const) {
      const rule = simulator.script({
        at: 'vendors',
        scene,
        fault: { type: 'fail', at: 4, form, code: 'server_error' },
      })
      const reply = await knock(RESPONSES, { stream: true })
      const last = JSON.parse(/data: (.*)\n\n$/.exec(reply.text)?.[1] ?? '') as Record<string, unknown>
      expect(last).toMatchObject({ type: form === 'response.failed' ? form : 'error', sequence_number: 4 })
      expect('code' in last).toBe(form === 'error-flat')
      rule.remove()
    }
  })

  test('of a scene that fails is told like a scripted failure', async () => {
    const failing: Scene = [...scene, { type: 'failed', code: 'overloaded_error', message: 'Overloaded' }]
    simulator.script({ at: 'vendors', scene: failing })
    const reply = await knock(ANTHROPIC, { stream: true })
    expect(reply.text).toContain(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}',
    )
    const document = await knock(ANTHROPIC)
    expect([document.status, JSON.parse(document.text)]).toEqual([500, expect.objectContaining({ type: 'error' })])
  })

  test.each(wires)('of %s means the same however it is delivered', async (_, door) => {
    const { key } = simulator.addVendorKey({ vendor: door.vendor })
    const meaning = async (delivery: object) => {
      const rule = simulator.script({ at: 'vendors', scene, delivery })
      const reply = await knock(door, { stream: true, key })
      rule.remove()
      const events = eventsOf(door, reply)
      return [reply.whole, events.filter(({ type }) => type !== 'other').map(({ type }) => type)]
    }
    const plain = await meaning({})
    expect(plain[1]).toContain('response.completed')
    for (const delivery of [
      { crlf: true },
      { writeBytes: 1 },
      { noEventLines: true },
      { insert: [{ at: 1, what: 'comment' }] },
    ]) {
      if ('noEventLines' in delivery && door.vendor === 'anthropic') continue
      expect(await meaning(delivery)).toEqual(plain)
    }
  })

  test('waits at gates before its headers and before it ends', async () => {
    simulator.script({ at: 'vendors', scene, delivery: { headersAfter: 'head', terminalAfter: 'end' } })
    const asking = knock(ANTHROPIC, { stream: true })
    const record = await simulator.nextRequest()
    expect(record.status).toBeUndefined()
    simulator.openGate('head')
    simulator.openGate('end')
    expect((await asking).text).toContain('message_stop')
  })

  test('that stalls is left by its client', async () => {
    simulator.script({ at: 'vendors', scene, fault: { type: 'cut', at: 2, how: 'stall' } })
    const leaving = new AbortController()
    const { key } = simulator.addVendorKey({ vendor: 'openai' })
    const asked = ask(`${simulator.vendors.openai.baseUrl}/chat/completions`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...OPENAI.body, stream: true }),
      signal: leaving.signal,
      onChunk: () => leaving.abort(),
    })
    expect((await asked).whole).toBe(false)
    await expect(simulator.requests.at(-1)?.closed).resolves.toBe('client-left')
    await simulator.streamsClosed()
  })
})

describe('a document', () => {
  test.each(named)('of %s can be cut, and can fail', async (_, door) => {
    simulator.script({ at: 'vendors', times: 1, fault: { type: 'cut', at: 3, how: 'inside-unfinished' } })
    const cut = await knock(door)
    expect([cut.status, cut.whole, cut.text.startsWith('{')]).toEqual([200, false, true])
    simulator.script({ at: 'vendors', times: 1, fault: { type: 'fail', at: 0, code: 'rate_limited' } })
    expect((await knock(door)).status).toBe(429)
    expect((await knock(door)).whole).toBe(true)
  })
})

test('every vendor has a base of its own', () => {
  const bases = VENDORS.map((vendor) => simulator.vendors[vendor].baseUrl)
  expect(new Set(bases).size).toBe(VENDORS.length)
  expect(bases.every((base) => base.startsWith(`${simulator.url}/vendors/`))).toBe(true)
})
