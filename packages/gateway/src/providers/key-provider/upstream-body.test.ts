import type { PivotItem } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import type { ApiKey, KeyModel } from '../keys/index.js'
import type { UpstreamCall } from '../types.js'
import { apiKey, call, DIALECTS } from './key-provider.test-kit.js'
import { upstreamBody } from './upstream-body.js'
import { WIRE_FORMS } from './wires.js'

function written(
  key: Partial<ApiKey>,
  asked: Partial<UpstreamCall>,
  { stream = true, ...model }: Partial<KeyModel> & { stream?: boolean } = {},
) {
  const whole = apiKey({ baseUrl: 'https://llm.example.com/v1', ...key })
  const candidate = { key: whole, model: { id: 'm', ...model }, why: 'a test' }
  return upstreamBody(DIALECTS[WIRE_FORMS[whole.wire].dialect], candidate, call(asked), stream)
}

describe("a client's own body", () => {
  test.each<[string, Partial<ApiKey>, Record<string, unknown>, Record<string, unknown>]>([
    ['chat', { wire: 'chat' }, { model: 'a', x: 1 }, { model: 'up', x: 1 }],
    [
      'a chat stream is asked for its usage, which nothing else tells',
      { wire: 'chat' },
      { model: 'a', stream: true, stream_options: { include_obfuscation: false } },
      { model: 'up', stream: true, stream_options: { include_obfuscation: false, include_usage: true } },
    ],
    [
      'Responses',
      { wire: 'responses' },
      { input: 'x', model: 'a', store: true },
      { input: 'x', model: 'up', store: true },
    ],
    ['Messages', { wire: 'anthropic', kind: 'anthropic' }, { model: 'a', x: { y: 1 } }, { model: 'up', x: { y: 1 } }],
    ['Gemini, whose model stands in the URL', { wire: 'gemini', kind: 'gemini' }, { contents: [] }, { contents: [] }],
  ])('%s', (_, key, original, expected) => {
    const before = structuredClone(original)
    const out = written(key, { original }, { upstream: 'up' })
    expect(out).toMatchObject({ notes: [], verbatim: true, own: true })
    expect(Object.entries(out.body)).toEqual(Object.entries(expected))
    expect(original).toEqual(before)
  })

  test('is fitted to a maker who would refuse it; then it is not verbatim', () => {
    const key = { baseUrl: 'https://api.mistral.ai/v1', kind: 'compatible' as const }
    const out = written(key, { original: { model: 'a', messages: [], user: 'me' } })
    expect(out).toMatchObject({ verbatim: false, own: true, notes: [{ pointer: '/user', what: 'dropped' }] })
  })

  test('is written anew when reasoning must stay out', () => {
    expect(written({}, { original: { model: 'a', x: 1 }, withoutReasoning: true }).body).not.toHaveProperty('x')
  })

  test('asks for no answer that would have to be fetched later', () => {
    const original = { model: 'a', input: 'x', background: true }
    const out = written({ wire: 'responses' }, { original })
    expect(out).toMatchObject({
      body: { model: 'm', input: 'x' },
      verbatim: false,
      notes: [{ pointer: '/background' }],
    })
    expect(out.body).not.toHaveProperty('background')
    const anew = written({ wire: 'responses' }, { request: { ...call().request, background: true } as never })
    expect(anew.body).not.toHaveProperty('background')
  })
})

describe('a request of another dialect', () => {
  test.each<[string, Partial<ApiKey>, object]>([
    [
      'chat',
      { kind: 'compatible' },
      { model: 'up', max_tokens: 5, stream: true, stream_options: { include_usage: true } },
    ],
    ['chat of OpenAI', { kind: 'openai' }, { model: 'up', max_completion_tokens: 5 }],
    ['Responses', { wire: 'responses' }, { model: 'up', max_output_tokens: 5, stream: true }],
    ['Messages', { kind: 'anthropic', wire: 'anthropic' }, { model: 'up', max_tokens: 5, stream: true }],
    ['Gemini', { kind: 'gemini', wire: 'gemini' }, { generationConfig: { maxOutputTokens: 5 } }],
  ])('%s', (_, key, expected) => {
    const out = written(key, { request: { ...call().request, max_output_tokens: 5 } }, { upstream: 'up' })
    expect(out.body).toMatchObject(expected)
    expect(out).toMatchObject({ own: false, verbatim: false })
  })

  test("the model's own limit is asked for where the wire demands one", () => {
    const out = written({ kind: 'anthropic', wire: 'anthropic' }, {}, { maxOutputTokens: 1234 })
    expect(out.body['max_tokens']).toBe(1234)
  })

  test.each(['low', 'medium', 'high', 'xhigh'])(
    'the effort %s leaves room for an answer beside its budget',
    (effort) => {
      for (const max_output_tokens of [undefined, 100, 1025, 2000, 5000, 64_000]) {
        const request = {
          ...call().request,
          reasoning: { effort },
          ...(max_output_tokens === undefined ? {} : { max_output_tokens }),
        }
        const { body } = written(
          { kind: 'anthropic', wire: 'anthropic' },
          { request, model: 'm' },
          { upstream: 'claude-sonnet-4-5' },
        )
        const budget = (body['thinking'] as { budget_tokens?: number } | undefined)?.budget_tokens
        if (budget === undefined) continue
        expect(budget).toBeGreaterThanOrEqual(1024)
        expect(body['max_tokens']).toBeGreaterThan(budget)
      }
    },
  )
})

describe('without the reasoning that the upstream cannot decrypt', () => {
  const own = { type: 'reasoning', id: 'r1', summary: [], encrypted_content: 'sealed' } as const
  const signed = { type: 'reasoning', summary: [], extra: { 'anthropic-messages': { signature: 'theirs' } } } as const
  const words = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'plain' }] } as const
  const spoken: PivotItem = {
    type: 'message',
    role: 'user',
    content: 'Hi',
    extra: { 'anthropic-messages': { keep: 1 } },
  }
  const signedCall: PivotItem = {
    type: 'function_call',
    call_id: 'c1',
    name: 'f',
    arguments: '{}',
    extra: { gemini: { thoughtSignature: 'theirs', id: 'f1' } },
  }
  const input: PivotItem[] = [own, signed, words, spoken, signedCall]
  const asked = (key: Partial<ApiKey>): readonly PivotItem[] =>
    written(key, { request: { ...call().request, input }, withoutReasoning: true }).request.input

  test('Responses: sealed items go, all others stay', () => {
    expect(asked({ wire: 'responses' })).toEqual([signed, words, spoken, signedCall])
  })
  test('Messages: the signature goes, words and cache marks stay', () => {
    expect(asked({ kind: 'anthropic', wire: 'anthropic' })).toEqual([
      own,
      { ...signed, extra: {} },
      words,
      spoken,
      signedCall,
    ])
  })
  test('Gemini: signatures of calls go, too', () => {
    const call = { ...signedCall, extra: { gemini: { id: 'f1' } } }
    expect(asked({ kind: 'gemini', wire: 'gemini' })).toEqual([own, signed, words, spoken, call])
  })
})
