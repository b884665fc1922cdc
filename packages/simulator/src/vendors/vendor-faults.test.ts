import type { FailureKind } from '@dragoman/protocol'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../ask.js'
import type { CutFault, StatusFaultName } from '../faults/fault.js'
import type { Scene } from '../scene/index.js'
import { startSimulator } from '../simulator.js'
import {
  ANTHROPIC,
  chat,
  eventsOf,
  failureOf,
  GEMINI,
  knock,
  named,
  OPENAI,
  OPENROUTER,
  RESPONSES,
  type Door,
} from './knock.test-kit.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

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
      const reply = await knock(simulator, door)
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
    expect(failureOf(door, await knock(simulator, door)).kind).toBe(kind)
  })

  test('a limit says how long it lasts, each vendor in its own place', async () => {
    simulator.script({ at: 'vendors', fault: { type: 'status', name: 'rate_limited', retryAfter: 7 } })
    const [openai, anthropic, google, openrouter, groq] = await Promise.all(
      [OPENAI, ANTHROPIC, GEMINI, OPENROUTER, chat('compatible', 'm', 'groq')].map((door) => knock(simulator, door)),
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
    const listed = JSON.parse((await knock(simulator, GEMINI, { stream: true, query: '' })).text) as unknown
    expect(listed).toMatchObject([{ error: { code: 503, status: 'UNAVAILABLE' } }])
    expect(JSON.parse((await knock(simulator, GEMINI, { stream: true })).text)).toMatchObject({ error: { code: 503 } })
  })

  test('any vendor may be replaced by a reply, a redirect, a reset or silence', async () => {
    simulator.script({ at: 'vendor-chat', times: 1, fault: { type: 'reply', status: 418, body: { error: 'tea' } } })
    simulator.script({ at: 'vendor-chat', times: 1, fault: { type: 'redirect', to: 'https://elsewhere.example/' } })
    simulator.script({ at: 'vendor-chat', times: 1, fault: { type: 'reset' } })
    expect(await knock(simulator, OPENAI)).toMatchObject({ status: 418, text: '{"error":"tea"}' })
    expect((await knock(simulator, OPENAI)).headers['location']).toBe('https://elsewhere.example/')
    await expect(knock(simulator, OPENAI)).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect((await knock(simulator, OPENAI)).status).toBe(200)
  })
})

describe('a stream', () => {
  const scene: Scene = [{ type: 'text', text: 'one two three' }]
  const WAYS: readonly CutFault['how'][] = ['fin', 'unfinished', 'rst', 'inside-fin', 'inside-unfinished', 'inside-rst']
  const wires = named.filter(([, { plays }]) => plays === undefined)

  test.each(wires)('of %s can be cut before any event, in any way', async (_, door) => {
    const { key } = simulator.addVendorKey({ vendor: door.vendor })
    const rule = simulator.script({ at: 'vendors', scene })
    const whole = (await knock(simulator, door, { stream: true, key })).text
    rule.remove()
    const count = whole.split('\n\n').filter((frame) => frame !== '' && !frame.startsWith(':')).length
    for (let at = 0; at < count; at += 1) {
      for (const how of WAYS) {
        const cut = simulator.script({ at: 'vendors', times: 1, scene, fault: { type: 'cut', at, how } })
        const reply = await knock(simulator, door, { stream: true, key })
        expect([at, how, reply.status, reply.whole]).toEqual([at, how, 200, how.endsWith('fin')])
        expect(reply.text.length).toBeLessThan(whole.length)
        expect(cut.uses).toBe(1)
        cut.remove()
      }
    }
    const last = simulator.script({ at: 'vendors', scene, fault: { type: 'cut', at: 'terminal', how: 'fin' } })
    const reply = await knock(simulator, door, { stream: true, key })
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
    const reply = await knock(simulator, door, { stream: true })
    expect(reply).toMatchObject({ status: 200, whole: true })
    expect(reply.text).toContain('Too many.')
    const events = eventsOf(door, reply)
    const told = events.map((event) => door.dialect.call.failureOf(event)).find((failure) => failure !== undefined)
    expect(told?.message).toContain('Too many.')
    expect(events.some(({ type }) => type === 'response.completed')).toBe(false)
  })

  test('of OpenRouter fails with a chunk that ends', async () => {
    simulator.script({ at: 'vendors', scene, fault: { type: 'fail', at: 2, code: 'overloaded' } })
    const reply = await knock(simulator, OPENROUTER, { stream: true })
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
      const list = JSON.parse((await knock(simulator, GEMINI, { stream: true, query: '' })).text) as object[]
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
      const reply = await knock(simulator, RESPONSES, { stream: true })
      const last = JSON.parse(/data: (.*)\n\n$/.exec(reply.text)?.[1] ?? '') as Record<string, unknown>
      expect(last).toMatchObject({ type: form === 'response.failed' ? form : 'error', sequence_number: 4 })
      expect('code' in last).toBe(form === 'error-flat')
      rule.remove()
    }
  })

  test('of a scene that fails is told like a scripted failure', async () => {
    const failing: Scene = [...scene, { type: 'failed', code: 'overloaded_error', message: 'Overloaded' }]
    simulator.script({ at: 'vendors', scene: failing })
    const reply = await knock(simulator, ANTHROPIC, { stream: true })
    expect(reply.text).toContain(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}',
    )
    const document = await knock(simulator, ANTHROPIC)
    expect([document.status, JSON.parse(document.text)]).toEqual([500, expect.objectContaining({ type: 'error' })])
  })

  test.each(wires)('of %s means the same however it is delivered', async (_, door) => {
    const { key } = simulator.addVendorKey({ vendor: door.vendor })
    const meaning = async (delivery: object) => {
      const rule = simulator.script({ at: 'vendors', scene, delivery })
      const reply = await knock(simulator, door, { stream: true, key })
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
    const asking = knock(simulator, ANTHROPIC, { stream: true })
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
    const cut = await knock(simulator, door)
    expect([cut.status, cut.whole, cut.text.startsWith('{')]).toEqual([200, false, true])
    simulator.script({ at: 'vendors', times: 1, fault: { type: 'fail', at: 0, code: 'rate_limited' } })
    expect((await knock(simulator, door)).status).toBe(429)
    expect((await knock(simulator, door)).whole).toBe(true)
  })
})
