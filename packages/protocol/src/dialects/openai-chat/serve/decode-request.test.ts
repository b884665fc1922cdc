import { describe, expect, test } from 'vitest'
import type { Note } from '../../../dialect.js'
import type { PivotItem, PivotRequest } from '../../../pivot/index.js'
import { decodeRequest } from './decode-request.js'

const NOBODY = { headers: {} }
const hello = { role: 'user', content: 'hi' }

function decode(body: Record<string, unknown>): { value: PivotRequest; receipt: Note[] } {
  return decodeRequest(body, NOBODY)
}
function value(fields: Record<string, unknown>): PivotRequest {
  return decode({ model: 'm', messages: [hello], ...fields }).value
}
function notes(fields: Record<string, unknown>): string[] {
  return decode({ model: 'm', messages: [hello], ...fields }).receipt.map((note) => `${note.what} ${note.pointer}`)
}
function items(...messages: unknown[]): PivotItem[] {
  return decode({ model: 'm', messages }).value.input
}
function parts(content: unknown): unknown {
  return (items({ role: 'user', content })[0] as { content: unknown }).content
}
function call(id: string, name: string, args = '{}') {
  return { id, type: 'function', function: { name, arguments: args } }
}

describe('messages become items at their place', () => {
  test('system and developer are developer messages, the user stays the user', () => {
    expect(
      items({ role: 'system', content: 'a' }, { role: 'user', content: 'b' }, { role: 'developer', content: 'c' }),
    ).toEqual([
      {
        type: 'message',
        role: 'developer',
        content: [{ type: 'input_text', text: 'a' }],
        extra: { 'openai-chat': { role: 'system' } },
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'b' }] },
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'c' }] },
    ])
  })

  test.each<[string, unknown, unknown]>([
    ['text', { type: 'text', text: 'x' }, { type: 'input_text', text: 'x' }],
    ['a part that only has text', { text: 'x' }, { type: 'input_text', text: 'x' }],
    ['a bare string', 'x', { type: 'input_text', text: 'x' }],
    ['input_text of the Responses API', { type: 'input_text', text: 'x' }, { type: 'input_text', text: 'x' }],
    ['output_text of the Responses API', { type: 'output_text', text: 'x' }, { type: 'input_text', text: 'x' }],
    [
      'a picture with its detail',
      { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'original' } },
      { type: 'input_image', image_url: 'https://x/y.png', detail: 'original' },
    ],
    [
      'a picture by a bare URL',
      { type: 'image_url', image_url: 'data:image/png;base64,AA' },
      { type: 'input_image', image_url: 'data:image/png;base64,AA' },
    ],
    [
      'input_image of the Responses API',
      { type: 'input_image', image_url: 'https://x', detail: 'low' },
      { type: 'input_image', image_url: 'https://x', detail: 'low' },
    ],
    ['input_image by file', { type: 'input_image', file_id: 'file_1' }, { type: 'input_image', file_id: 'file_1' }],
    [
      'a base64 picture in the Anthropic form',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
      { type: 'input_image', image_url: 'data:image/png;base64,AA' },
    ],
    [
      'a picture by URL in the Anthropic form',
      { type: 'image', source: { type: 'url', url: 'https://x' } },
      { type: 'input_image', image_url: 'https://x' },
    ],
    [
      'audio',
      { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
      { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
    ],
    [
      'a file by its data',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' } },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA' },
    ],
    ['a file by its id', { type: 'file', file: { file_id: 'f' } }, { type: 'input_file', file_id: 'f' }],
    [
      'a cache mark on a text',
      { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } },
      { type: 'input_text', text: 'x', extra: { 'openai-chat': { cache_control: { type: 'ephemeral' } } } },
    ],
  ])('%s', (_, part, expected) => {
    expect(parts([part])).toEqual([expected])
  })

  test('a part that nothing understands is noted, and kept for chat upstreams', () => {
    const { value, receipt } = decode({
      messages: [{ role: 'user', content: [{ type: 'video_url', video_url: 'x' }] }],
    })
    expect(receipt).toMatchObject([{ pointer: '/messages/0/content/0', what: 'dropped' }])
    expect(value.input[0]).toMatchObject({
      content: [],
      extra: { 'openai-chat': { content: [{ type: 'video_url', video_url: 'x' }] } },
    })
  })

  test('an assistant turn: reasoning, text, then calls', () => {
    expect(
      items(hello, {
        role: 'assistant',
        content: 'let me look',
        reasoning_content: 'hm',
        tool_calls: [call('call_1', 'ls'), { id: 'call_2', type: 'custom', custom: { name: 'sql', input: 'SELECT' } }],
      }).slice(1),
    ).toEqual([
      {
        type: 'reasoning',
        summary: [],
        content: [{ type: 'reasoning_text', text: 'hm' }],
        extra: { 'openai-chat': { reasoning_content: 'hm' } },
      },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'let me look' }] },
      { type: 'function_call', call_id: 'call_1', name: 'ls', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'sql', input: 'SELECT' },
    ])
  })

  test.each<[string, Record<string, unknown>, unknown]>([
    ['a refusal', { content: null, refusal: 'no' }, [{ type: 'refusal', refusal: 'no' }]],
    ['a refusal part', { content: [{ type: 'refusal', refusal: 'no' }] }, [{ type: 'refusal', refusal: 'no' }]],
    ['text parts', { content: [{ type: 'text', text: 'a' }] }, [{ type: 'output_text', text: 'a' }]],
    ['nothing at all', { content: null }, [{ type: 'output_text', text: '' }]],
  ])('an assistant message of %s', (_, message, content) => {
    expect(items(hello, { role: 'assistant', ...message })[1]).toEqual({ type: 'message', role: 'assistant', content })
  })

  test('plain reasoning is an item of words, with the names that the client used', () => {
    const details = [{ type: 'reasoning.text', text: 'hm', signature: 'x' }]
    const { value, receipt } = decode({
      messages: [
        hello,
        { role: 'assistant', content: '', reasoning: 'hm', reasoning_details: details, tool_calls: [call('a', 'f')] },
        { role: 'assistant', content: 'b', reasoning_details: details },
        { role: 'assistant', content: 'c', reasoning_content: '', reasoning: null, reasoning_details: [] },
      ],
    })
    const words = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] }
    expect(receipt).toEqual([])
    expect(value.input.slice(1)).toEqual([
      { ...words, extra: { 'openai-chat': { reasoning: 'hm', reasoning_details: details } } },
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
      { ...words, extra: { 'openai-chat': { reasoning_details: details } } },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'b' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'c' }] },
    ])
  })

  test('thinking among the parts goes back to chat upstreams with the whole content', () => {
    const thinking = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
      { type: 'text', text: 'a' },
    ]
    const { value, receipt } = decode({ messages: [hello, { role: 'assistant', content: thinking }] })
    expect(receipt.map((note) => note.pointer)).toEqual(['/messages/1/content/0'])
    expect(value.input[1]).toEqual({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'a' }],
      extra: { 'openai-chat': { content: thinking } },
    })
  })

  test('empty text beside calls is no message; missing and object arguments become JSON text', () => {
    expect(
      items({
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'a', function: { name: 'x' } },
          { id: 'b', function: { name: 'y', arguments: { k: 1 } } },
          { id: 'c', type: 'function', name: 'flat', arguments: '{"z":2}' },
        ],
      }),
    ).toEqual([
      { type: 'function_call', call_id: 'a', name: 'x', arguments: '{}' },
      { type: 'function_call', call_id: 'b', name: 'y', arguments: '{"k":1}' },
      { type: 'function_call', call_id: 'c', name: 'flat', arguments: '{"z":2}' },
    ])
  })

  test('outputs follow the kind of their call, and keep their pictures', () => {
    const custom = { id: 'c', type: 'custom', custom: { name: 'sql', input: '' } }
    expect(
      items(
        { role: 'assistant', content: null, tool_calls: [call('f', 'ls'), custom] },
        { role: 'tool', tool_call_id: 'c', content: 'rows' },
        {
          role: 'tool',
          tool_call_id: 'f',
          content: [
            { type: 'text', text: 'see' },
            { type: 'image_url', image_url: { url: 'https://x' } },
          ],
        },
      ).slice(2),
    ).toEqual([
      { type: 'custom_tool_call_output', call_id: 'c', output: 'rows' },
      {
        type: 'function_call_output',
        call_id: 'f',
        output: [
          { type: 'input_text', text: 'see' },
          { type: 'input_image', image_url: 'https://x' },
        ],
      },
    ])
  })

  test('legacy functions: history and choice', () => {
    const body = {
      messages: [
        hello,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
        { role: 'function', name: 'f', content: '42' },
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: '43' },
      ],
      functions: [{ name: 'f', parameters: { type: 'object', properties: {} } }],
      function_call: { name: 'f' },
    }
    const { value, receipt } = decode(body)
    const [, first, answer, second, other] = value.input as { call_id: string; output?: string }[]
    expect(answer).toMatchObject({ type: 'function_call_output', call_id: first?.call_id, output: '42' })
    expect(other).toMatchObject({ type: 'function_call_output', call_id: second?.call_id, output: '43' })
    expect(first?.call_id).not.toBe(second?.call_id)
    expect(value).toMatchObject({
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
    })
    expect(receipt).toEqual([])
  })
})

describe('tool-call ids never cross wires', () => {
  const turn = (...ids: string[]) => ({
    role: 'assistant',
    content: null,
    tool_calls: ids.map((id, index) => call(id, `f${index}`)),
  })
  const answer = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content })
  /** Every output with the name of the call it went to. */
  function wires(...messages: unknown[]): string[] {
    const all = items(...messages) as { type: string; call_id: string; name?: string; output?: string }[]
    const calls = all.filter((item) => item.type === 'function_call')
    expect(new Set(calls.map((item) => item.call_id)).size).toBe(calls.length)
    return all
      .filter((item) => item.type === 'function_call_output')
      .map((item) => `${item.output}→${calls.findIndex((one) => one.call_id === item.call_id)}`)
  }

  test.each<[string, unknown[], string[]]>([
    ['the same id in every turn', [turn('0'), answer('0', 'a'), turn('0'), answer('0', 'b')], ['a→0', 'b→1']],
    ['an earlier call of that id unanswered', [turn('0'), turn('0'), answer('0', 'b')], ['b→1']],
    ['one id for parallel calls', [turn('x', 'x'), answer('x', 'a'), answer('x', 'b')], ['a→0', 'b→1']],
    ['outputs in another order', [turn('x', 'y'), answer('y', 'b'), answer('x', 'a')], ['b→1', 'a→0']],
    ['empty ids', [turn('', ''), answer('', 'a'), answer('', 'b')], ['a→0', 'b→1']],
    [
      'an id that looks like a made-up one',
      [turn('x', 'x', 'x_2'), answer('x_2', 'c'), answer('x', 'a')],
      ['c→2', 'a→0'],
    ],
    ['ids named like prototype keys', [turn('__proto__', 'constructor'), answer('constructor', 'b')], ['b→1']],
    ['an output without a call', [answer('gone', 'a')], ['a→-1']],
  ])('%s', (_, messages, expected) => {
    expect(wires(...messages)).toEqual(expected)
  })
})

describe('tools', () => {
  test.each<[string, unknown, unknown]>([
    [
      'a function is never strict by silence',
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } } },
      { type: 'function', name: 'f', description: 'd', parameters: { type: 'object', properties: {} }, strict: false },
    ],
    [
      'a strict function',
      { type: 'function', function: { name: 'f', strict: true, parameters: { type: 'object', properties: {} } } },
      { type: 'function', name: 'f', strict: true, parameters: { type: 'object', properties: {} } },
    ],
    [
      'strict null, no parameters',
      { type: 'function', function: { name: 'f', strict: null } },
      { type: 'function', name: 'f', strict: false, parameters: { type: 'object', properties: {} } },
    ],
    [
      'a schema without properties',
      { type: 'function', function: { name: 'f', parameters: { type: 'object' } } },
      { type: 'function', name: 'f', strict: false, parameters: { type: 'object', properties: {} } },
    ],
    [
      'flat, as Cursor sends it',
      { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } },
      { type: 'function', name: 'f', strict: false, parameters: { type: 'object', properties: {} } },
    ],
    [
      'without a type',
      { name: 'f', input_schema: { type: 'object', properties: {} } },
      { type: 'function', name: 'f', strict: false, parameters: { type: 'object', properties: {} } },
    ],
    [
      'a grammar',
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: X' } } },
      },
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'start: X' } },
    ],
    [
      'a flat grammar',
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'regex', definition: '.*' } },
      { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'regex', definition: '.*' } },
    ],
    [
      'a hosted tool',
      { type: 'web_search_preview', search_context_size: 'low' },
      { type: 'web_search_preview', search_context_size: 'low' },
    ],
  ])('%s', (_, tool, expected) => {
    expect(value({ tools: [tool] }).tools).toEqual([expected])
  })

  test.each<[unknown, unknown]>([
    ['auto', 'auto'],
    ['none', 'none'],
    ['required', 'required'],
    ['any', 'required'],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'function', name: 'f' },
    ],
    [
      { type: 'function', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [
      { type: 'custom', custom: { name: 'c' } },
      { type: 'custom', name: 'c' },
    ],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', name: 'f' },
    ],
    [{ type: 'auto' }, 'auto'],
    [{ type: 'web_search' }, { type: 'web_search' }],
    [
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
    ],
  ])('choice %j', (choice, expected) => {
    expect(value({ tool_choice: choice }).tool_choice).toEqual(expected)
  })

  test('web_search_options is the web search tool', () => {
    const options = {
      search_context_size: 'high',
      user_location: { type: 'approximate', approximate: { country: 'DE', city: 'Berlin' } },
    }
    expect(value({ web_search_options: options }).tools).toEqual([
      {
        type: 'web_search',
        search_context_size: 'high',
        user_location: { type: 'approximate', country: 'DE', city: 'Berlin' },
      },
    ])
  })
})

describe('options', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['effort', { reasoning_effort: 'xhigh' }, { reasoning: { effort: 'xhigh', summary: 'auto' } }],
    ['effort nobody knows yet', { reasoning_effort: 'ultra' }, { reasoning: { effort: 'ultra' } }],
    [
      'reasoning object',
      { reasoning: { effort: 'low', summary: 'auto' } },
      { reasoning: { effort: 'low', summary: 'auto' } },
    ],
    ['reasoning switched off', { reasoning: { enabled: false } }, { reasoning: { effort: 'none' } }],
    ['reasoning to be hidden', { reasoning: { effort: 'low', exclude: true } }, { reasoning: { effort: 'low' } }],
    ['reasoning budget', { reasoning: { max_tokens: 8000 } }, { reasoning: { effort: 'high' } }],
    ['verbosity', { verbosity: 'low' }, { text: { verbosity: 'low' } }],
    ['a Responses text object', { text: { verbosity: 'high' } }, { text: { verbosity: 'high' } }],
    ['json_object', { response_format: { type: 'json_object' } }, { text: { format: { type: 'json_object' } } }],
    [
      'json_schema',
      {
        response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema: { type: 'object' } } },
      },
      { text: { format: { type: 'json_schema', name: 'n', strict: true, schema: { type: 'object' } } } },
    ],
    ['max_tokens', { max_tokens: 10 }, { max_output_tokens: 10 }],
    ['the newer limit wins', { max_tokens: 10, max_completion_tokens: 20 }, { max_output_tokens: 20 }],
    ['any service tier', { service_tier: 'auto' }, { service_tier: 'auto' }],
    ['metadata of other types', { metadata: { a: 'x', b: 1 } }, { metadata: { a: 'x', b: '1' } }],
    [
      'what both APIs know',
      { user: 'u', store: false, temperature: 0.5, top_p: 1, prompt_cache_key: 'k', safety_identifier: 's' },
      { user: 'u', store: false, temperature: 0.5, top_p: 1, prompt_cache_key: 'k', safety_identifier: 's' },
    ],
    [
      'nulls say nothing',
      { temperature: null, tools: null, stop: null, n: null, response_format: null },
      { extra: { 'openai-chat': {} } },
    ],
  ])('%s', (_, fields, expected) => {
    expect(value(fields)).toMatchObject(expected)
  })

  test.each<[string, Record<string, unknown>, string[]]>([
    ['neutral values', { n: 1, logprobs: false, presence_penalty: 0, stop: [], logit_bias: {} }, []],
    ['sampling, which upstreams may know', { stop: ['x'], seed: 0, n: 2, top_k: 4, presence_penalty: 1 }, []],
    ['what chat upstreams know', { logprobs: true, audio: { voice: 'x' }, 'a/b': 1 }, []],
    ['a limit that is none', { max_tokens: -1 }, ['dropped /max_tokens']],
    ['a token budget', { reasoning: { max_tokens: 1000 } }, ['approximated /reasoning/max_tokens']],
    ['stream options', { stream: true, stream_options: { include_usage: true } }, []],
  ])('notes for %s', (_, fields, expected) => {
    expect(notes(fields)).toEqual(expected)
  })

  test.each<[string, Record<string, unknown>, unknown]>([
    ['stop, as a list', { stop: 'x' }, { stop: ['x'] }],
    ['stop', { stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
    ['numbers', { seed: 0, top_k: 4, min_p: 0.1 }, { seed: 0, top_k: 4, min_p: 0.1 }],
    [
      'penalties',
      { presence_penalty: 1, frequency_penalty: -1, repetition_penalty: 1.1 },
      { presence_penalty: 1, frequency_penalty: -1, repeat_penalty: 1.1 },
    ],
    ["llama.cpp's spelling", { repeat_penalty: 1.1 }, { repeat_penalty: 1.1 }],
    ['answers', { n: 2 }, { n: 2 }],
    ['one answer, which says nothing', { n: 1 }, undefined],
    ['bias', { logit_bias: { 50256: -100 } }, { logit_bias: { 50256: -100 } }],
    ['nulls', { stop: null, seed: null, n: null }, undefined],
  ])('sampling: %s', (_, fields, expected) => {
    expect(value(fields).extra?.['sampling']).toEqual(expected)
    expect(value(fields).extra?.['openai-chat']).toEqual({})
  })

  test('what only chat knows is kept', () => {
    const fields = { logprobs: true, provider: { order: ['x'] }, 'a/b': 1 }
    expect(value(fields).extra?.['openai-chat']).toEqual(fields)
  })

  test('prototype keys stay data', () => {
    const body = JSON.parse(
      '{"messages":[{"role":"user","content":"x","__proto__":{"polluted":1}}],"__proto__":{"polluted":1},"metadata":{"__proto__":"x"}}',
    ) as Record<string, unknown>
    const { value } = decode(body)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect((value.extra?.['openai-chat'] as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.keys(value.metadata ?? {})).toEqual(['__proto__'])
  })
})

describe('a Responses body on the chat path', () => {
  test('is read as such, in either spelling', () => {
    const { value } = decode({
      model: 'm',
      input: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
      reasoning: { effort: 'high' },
      max_tokens: 5,
      tools: [
        { type: 'function', name: 'flat', parameters: { type: 'object', properties: {} } },
        { type: 'function', function: { name: 'nested' } },
      ],
    })
    expect(value).toMatchObject({
      model: 'm',
      stream: true,
      max_output_tokens: 5,
      reasoning: { effort: 'high' },
      tools: [{ name: 'flat' }, { name: 'nested' }],
      extra: { 'openai-chat': { stream_options: { include_usage: true } } },
    })
    expect(value.input).toMatchObject([{ type: 'message', role: 'user' }])
  })

  test('does not stream unless it is asked to', () => {
    expect(decode({ model: 'm', input: 'hi' }).value.stream).toBe(false)
  })
})
