import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../simulator.js'
import { refusal, user, type Refused } from './refused.test-kit.js'

const simulator = await startSimulator()
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

describe('OpenAI refuses in chat', () => {
  const good = { model: 'gpt-4o', messages: [user('Hello')] }
  const call = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{}' } }
  const tool = { role: 'tool', tool_call_id: 'call_1', content: 'rain' }
  const loose = { type: 'object', properties: { a: { type: 'string' } } }
  const cases: readonly Refused[] = [
    ['max_tokens of a reasoning model', { model: 'gpt-5', max_tokens: 5 }, /Use 'max_completion_tokens' instead/],
    [
      'a temperature of a reasoning model',
      { model: 'o4-mini', temperature: 0.2 },
      /'temperature' does not support 0.2/,
    ],
    ['top_p of a reasoning model', { model: 'gpt-5', top_p: 0.5 }, /'top_p' is not supported with this model/],
    [
      'an effort of another model',
      { reasoning_effort: 'low' },
      /Unrecognized request argument supplied: reasoning_effort/,
    ],
    ['an unknown field', { thinking: {} }, /Unknown parameter: 'thinking'/],
    [
      'an unknown field of a message',
      { messages: [user('a'), { role: 'assistant', content: 'b', reasoning_content: 'c' }] },
      /Unknown parameter: 'messages\[1\].reasoning_content'/,
    ],
    [
      'a flat tool',
      { tools: [{ type: 'function', name: 'a', parameters: loose }] },
      /Missing required parameter: 'tools\[0\].function'/,
    ],
    ['no tools in the list', { tools: [] }, /empty array/],
    [
      'a tool that is not strict',
      { tools: [{ type: 'function', function: { name: 'a', strict: true, parameters: loose } }] },
      /'additionalProperties' is required/,
    ],
    [
      'a choice of no tool',
      {
        tools: [{ type: 'function', function: { name: 'a' } }],
        tool_choice: { type: 'function', function: { name: 'b' } },
      },
      /no function named 'b'/,
    ],
    [
      'a flat choice',
      { tools: [{ type: 'function', function: { name: 'a' } }], tool_choice: { type: 'function', name: 'a' } },
      /tool_choice.function/,
    ],
    [
      'the format of Responses',
      { response_format: { type: 'json_schema', name: 'a', schema: loose } },
      /response_format.json_schema/,
    ],
    [
      'a format that is not strict',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', strict: true, schema: { ...loose, additionalProperties: false } },
        },
      },
      /Missing 'a'/,
    ],
    ['a tool message of no call', { messages: [user('a'), tool] }, /must be a response to a preceeding message/],
    [
      'a call without answer',
      { messages: [user('a'), { role: 'assistant', tool_calls: [call] }, user('b')] },
      /did not have response messages: call_1/,
    ],
    [
      'a long id',
      { messages: [user('a'), { role: 'assistant', tool_calls: [{ ...call, id: 'c'.repeat(41) }] }] },
      /maximum length 40/,
    ],
    ['a part of Responses', { messages: [user([{ type: 'input_text', text: 'a' }])] }, /Invalid value: 'input_text'/],
    [
      'a plain image URL',
      { messages: [user([{ type: 'image_url', image_url: 'https://example.com/a.png' }])] },
      /expected an object/,
    ],
    ['options of no stream', { stream_options: { include_usage: true } }, /only allowed when 'stream' is enabled/],
    ['an unknown role', { messages: [{ role: 'model', content: 'a' }] }, /Invalid value: 'model'/],
    ['nothing to say', { messages: [user(null)] }, /expected a string, got null/],
    ['an unknown model', { model: 'claude-opus-5' }, /model_not_found/],
  ]
  test.each(cases)('%s', async (_, changes, why) => {
    const [status, text] = await refusal(simulator, 'openai', '/chat/completions', { ...good, ...changes })
    expect([status >= 400, JSON.parse(text)]).toEqual([true, { error: expect.any(Object) as object }])
    expect((JSON.parse(text) as { error: { message: string } }).error.message + text).toMatch(why)
  })
})

describe('makers of compatible APIs refuse', () => {
  const call = (id: string) => ({ id, type: 'function', function: { name: 'weather', arguments: '{}' } })
  const turn = (id: string, more: object = {}) => [
    user('a'),
    { role: 'assistant', content: '', tool_calls: [call(id)], ...more },
    { role: 'tool', tool_call_id: id, content: 'rain' },
  ]
  const cases: readonly (readonly [model: string, body: object, status: number, why: RegExp])[] = [
    [
      'deepseek-reasoner',
      { messages: turn('call_1') },
      400,
      /Missing `reasoning_content` field in the assistant message at message index 1/,
    ],
    ['deepseek-reasoner', { messages: turn('call_1', { reasoning_content: '' }) }, 200, /^$/],
    ['deepseek-chat', { messages: turn('call_1') }, 200, /^$/],
    [
      'mistral-small-latest',
      { messages: [user('a')], max_completion_tokens: 5 },
      422,
      /"loc":\["body","max_completion_tokens"\]/,
    ],
    [
      'mistral-small-latest',
      { messages: [user('a'), { role: 'assistant', content: 'b', reasoning_content: 'c' }, user('d')] },
      422,
      /"loc":\["body","messages",1,"assistant","reasoning_content"\]/,
    ],
    [
      'mistral-small-latest',
      { messages: turn('call_1') },
      400,
      /must be a-z, A-Z, 0-9, with a length of 9.*"type":"invalid_function_call".*"code":"3280"/,
    ],
    ['mistral-small-latest', { messages: turn('abcdEF123') }, 200, /^$/],
    [
      'openai/gpt-oss-120b',
      { messages: [user('a'), { role: 'assistant', content: 'b', reasoning_content: 'c' }] },
      400,
      /property 'reasoning_content' is unsupported/,
    ],
    ['openai/gpt-oss-120b', { messages: [user('a')], reasoning_format: 'loud' }, 400, /reasoning_format/],
    [
      'openai/gpt-oss-120b',
      { messages: [user('a')], reasoning_format: 'parsed', include_reasoning: true },
      400,
      /cannot specify both/,
    ],
    ['grok-4', { messages: [user('a')], stop: ['b'] }, 400, /Argument not supported on this model: stop/],
    ['grok-4', { messages: [user('a')], reasoning_effort: 'low' }, 400, /reasoning_effort/],
    ['grok-3-mini', { messages: [user('a')], reasoning_effort: 'low' }, 200, /^$/],
    ['anything-else', { messages: [user('a')], whatever: true }, 200, /^$/],
  ]
  test.each(cases)('%s %#', async (model, body, status, why) => {
    expect(await refusal(simulator, 'compatible', '/chat/completions', { model, ...body })).toEqual([
      status,
      expect.stringMatching(why),
    ])
  })
})
