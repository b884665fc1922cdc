import { describe, expect, test } from 'vitest'
import type { ApiKey } from '../keys/index.js'
import { fitForMaker } from './makers.js'

type Key = Pick<ApiKey, 'provider' | 'baseUrl' | 'wire'>
const at = (baseUrl: string, provider = 'mine', wire: Key['wire'] = 'chat'): Key => ({ baseUrl, provider, wire })
const MISTRAL = at('https://api.mistral.ai/v1')
const GROQ = at('https://api.groq.com/openai/v1')
const XAI = at('https://api.x.ai/v1')
const OPENAI = at('https://api.openai.com/v1')
const ELSEWHERE = at('https://llm.example.com/v1')

describe('whose rules hold', () => {
  const body = { model: 'm', seed: 1 }
  test.each<[string, Key, boolean]>([
    ['by address', MISTRAL, true],
    ['by the name that its owner gave it', at('http://10.0.0.1/v1', 'mistral-proxy'), true],
    ['not of an address that only ends alike', at('https://notmistral.ai/v1'), false],
    ['nor of one that only begins alike', at('https://api.mistral.ai.example.com/v1'), false],
    ['of nobody known', ELSEWHERE, false],
    ['of no wire but those of OpenAI', at('https://api.mistral.ai/v1', 'mistral', 'anthropic'), false],
  ])('%s', (_, key, known) => {
    const fit = fitForMaker(key, 'm', body)
    expect(fit.changed).toBe(known)
    expect(fit.body).toEqual(known ? { model: 'm', random_seed: 1 } : body)
    expect(body).toEqual({ model: 'm', seed: 1 })
  })

  test('what fits goes through as the very same', () => {
    const messages = [{ role: 'user', content: 'x', anything: 1 }]
    const plain = { model: 'm', messages, anything: [1] }
    expect(fitForMaker(ELSEWHERE, 'm', plain).body).toBe(plain)
  })
})

describe('Mistral', () => {
  test('is sent the fields that it knows, by its names; the rest is noted', () => {
    const fit = fitForMaker(MISTRAL, 'mistral-large-latest', {
      model: 'm',
      max_completion_tokens: 5,
      user: 'me',
      logit_bias: null,
      messages: [
        { role: 'developer', content: 'rules' },
        { role: 'user', content: 'x', name: 'me' },
        { role: 'assistant', content: 'y', refusal: null, audio: { id: 'a' }, reasoning_content: 'hm' },
      ],
    })
    expect(fit.body).toEqual({
      model: 'm',
      max_tokens: 5,
      messages: [
        { role: 'system', content: 'rules' },
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'y' },
      ],
    })
    expect(fit.notes.map(({ pointer, what }) => [pointer, what])).toEqual([
      ['/user', 'dropped'],
      ['/input', 'dropped'],
      ['/messages/1/name', 'dropped'],
      ['/messages/2/audio', 'dropped'],
    ])
  })

  test('gets call ids of nine letters, the same for a call and its result; its own stay', () => {
    const conversation = (id: string) => [
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: id, content: '1' },
    ]
    const idsOf = (id: string) => {
      const { body } = fitForMaker(MISTRAL, 'm', { messages: conversation(id) })
      const [asked, told] = body['messages'] as [{ tool_calls: { id: string }[] }, { tool_call_id: string }]
      return [asked.tool_calls[0]?.id, told.tool_call_id]
    }
    const [made, same] = idsOf('call_0123456789abcdef')
    expect(made).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(same).toBe(made)
    expect(idsOf('call_0123456789abcdef')).toEqual([made, made])
    expect(idsOf('call_0123456789abcdee')[0]).not.toBe(made)
    expect(idsOf('abcDEF123')).toEqual(['abcDEF123', 'abcDEF123'])
  })
})

describe('Groq', () => {
  test('hears no thoughts of earlier turns, and no wish for probabilities', () => {
    const messages = [
      { role: 'assistant', content: 'y', reasoning: 'a', reasoning_content: 'a', reasoning_details: [] },
    ]
    const fit = fitForMaker(GROQ, 'openai/gpt-oss-120b', { messages, logprobs: true, reasoning_format: 'parsed' })
    expect(fit.body).toEqual({ messages: [{ role: 'assistant', content: 'y' }], reasoning_format: 'parsed' })
    expect(fit.notes.map(({ pointer }) => pointer)).toEqual(['/logprobs', '/input'])
  })
})

describe('what one model refuses and another takes', () => {
  test.each<[string, Key, string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'xAI, thinking models',
      XAI,
      'grok-4-fast',
      { stop: ['x'], presence_penalty: 1, temperature: 0.5 },
      { temperature: 0.5 },
      ['/stop', '/presence_penalty'],
    ],
    ['xAI, its others', XAI, 'grok-3', { stop: ['x'] }, { stop: ['x'] }, []],
    ['xAI, an effort it sets itself', XAI, 'grok-4', { reasoning_effort: 'high' }, {}, ['/reasoning/effort']],
    ['xAI, one that it takes', XAI, 'grok-3-mini', { reasoning_effort: 'high' }, { reasoning_effort: 'high' }, []],
    [
      'OpenAI, models that think',
      OPENAI,
      'gpt-5-mini',
      { max_tokens: 5, temperature: 0.2, top_p: 0.9, stop: 'x', reasoning_effort: 'low' },
      { max_completion_tokens: 5, reasoning_effort: 'low' },
      ['/temperature', '/top_p', '/stop'],
    ],
    ['OpenAI, a default that says nothing', OPENAI, 'o3', { temperature: 1, top_p: 1, stop: null }, {}, []],
    [
      'OpenAI, models that do not think',
      OPENAI,
      'gpt-4o',
      { max_tokens: 5, temperature: 0.2, reasoning_effort: 'low' },
      { max_tokens: 5, temperature: 0.2 },
      ['/reasoning/effort'],
    ],
    ['OpenAI, a chat model of 5', OPENAI, 'gpt-5-chat-latest', { temperature: 0.2 }, { temperature: 0.2 }, []],
  ])('%s: %s %s', (_, key, model, body, expected, lost) => {
    const fit = fitForMaker(key, model, body)
    expect(fit.body).toEqual(expected)
    expect(fit.notes.map(({ pointer }) => pointer)).toEqual(lost)
  })
})
