import {
  anthropicMessages,
  gemini,
  openaiChat,
  openaiResponses,
  responseReducer,
  type Dialect,
  type PivotItem,
  type PivotRequest,
} from '@dragoman/protocol'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask } from '../ask.js'
import type { Scene } from '../scene/index.js'
import { startSimulator } from '../simulator.js'
import type { Vendor } from './vendor.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

interface Upstream {
  vendor: Vendor
  path: string
  dialect: Dialect
  model: string
  /** The model has no thoughts, or its maker takes none back. */
  plain?: boolean
}
const chat = (vendor: Vendor, model: string, plain = false): Upstream => ({
  vendor,
  path: '/chat/completions',
  dialect: openaiChat,
  model,
  plain,
})
const UPSTREAMS: readonly Upstream[] = [
  chat('openai', 'gpt-4o', true),
  chat('openai', 'gpt-5'),
  { vendor: 'openai', path: '/responses', dialect: openaiResponses, model: 'gpt-5' },
  { vendor: 'anthropic', path: '/messages', dialect: anthropicMessages, model: 'claude-sonnet-4-5' },
  { vendor: 'anthropic', path: '/messages', dialect: anthropicMessages, model: 'claude-opus-5' },
  { vendor: 'gemini', path: '/models/gemini-2.5-pro', dialect: gemini, model: 'gemini-2.5-pro' },
  { vendor: 'gemini', path: '/models/gemini-3-pro-preview', dialect: gemini, model: 'gemini-3-pro-preview' },
  chat('openrouter', 'anthropic/claude-sonnet-4.5'),
  { vendor: 'openrouter', path: '/messages', dialect: anthropicMessages, model: 'anthropic/claude-sonnet-4.5' },
  chat('compatible', 'deepseek-reasoner'),
  chat('compatible', 'openai/gpt-oss-120b', true),
  chat('compatible', 'mistral-large-latest', true),
  chat('compatible', 'grok-3-mini'),
  chat('compatible', 'kimi-k2-thinking'),
  chat('compatible', 'qwen-plus'),
  chat('compatible', 'local-model'),
  { vendor: 'compatible', path: '/responses', dialect: openaiResponses, model: 'grok-4' },
]
const named = UPSTREAMS.map((one) => [`${one.vendor} ${one.dialect.id} ${one.model}`, one] as const)

/** One turn through a dialect's two halves, as a gateway makes it. */
async function turn(upstream: Upstream, asked: PivotRequest, stream: boolean, key: string) {
  const { vendor, path, dialect, model, plain } = upstream
  const request = plain === true ? { ...asked, reasoning: null } : asked
  const rules = vendor === 'openai' ? 'openai' : 'compatible'
  const body = dialect.call.encodeRequest({ ...request, model, stream }, { model, rules }).value
  const action = vendor !== 'gemini' ? '' : stream ? ':streamGenerateContent?alt=sse' : ':generateContent'
  const reply = await ask(`${simulator.vendors[vendor].baseUrl}${path}${action}`, {
    headers: {
      'content-type': 'application/json',
      'anthropic-version': '2023-06-01',
      ...(vendor === 'gemini' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(body),
  })
  expect([reply.status, reply.status === 200 ? '' : reply.text]).toEqual([200, ''])
  const reducer = responseReducer()
  if (stream) {
    const decoder = dialect.call.streamDecoder()
    reducer.push(decoder.push(Buffer.from(reply.text)))
    reducer.push(decoder.end())
  } else reducer.push(dialect.call.decodeResponse(JSON.parse(reply.text)))
  expect(reducer.ended).toBe(true)
  return reducer.response()
}

const weather = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}
const question: PivotRequest = {
  model: '',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Weather in Oslo and Rome?' }] }],
  instructions: 'Be brief.',
  tools: [{ type: 'function', name: 'weather', parameters: weather, strict: true }],
  reasoning: { effort: 'medium', summary: 'auto' },
  max_output_tokens: 9000,
  include: ['reasoning.encrypted_content'],
  store: false,
}
const calls: Scene = [
  { type: 'reasoning', summary: 'Two cities.', sealed: true },
  {
    type: 'toolCalls',
    calls: [
      { name: 'weather', arguments: { city: 'Oslo' } },
      { name: 'weather', arguments: { city: 'Rome' } },
    ],
  },
]

describe.each([true, false])('a conversation with tools, streamed: %s', (stream) => {
  test.each(named)('with %s', async (_, upstream) => {
    const { key } = simulator.addVendorKey({ vendor: upstream.vendor })
    simulator.script({ at: 'vendors', times: 1, scene: upstream.plain === true ? calls.slice(1) : calls })
    const first = await turn(upstream, question, stream, key)
    const made = first.output.filter((item): item is PivotItem & { call_id: string } => item.type === 'function_call')
    expect(made).toMatchObject([{ arguments: '{"city":"Oslo"}' }, { arguments: '{"city":"Rome"}' }])
    expect(first.usage).toMatchObject({ input_tokens: expect.any(Number) as number })
    const outputs = made.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'sleet' }))
    const second = await turn(
      upstream,
      { ...question, input: [...question.input, ...first.output, ...outputs] },
      stream,
      key,
    )
    expect(JSON.stringify(second.output)).toContain('sleet')
    const input = [...question.input, ...first.output, ...outputs, ...second.output]
    const more: PivotItem = { type: 'message', role: 'user', content: 'And tomorrow?' }
    const third = await turn(upstream, { ...question, tools: [], input: [...input, more] }, stream, key)
    expect(JSON.stringify(third.output)).toContain('tomorrow')
  })
})
