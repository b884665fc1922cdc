import { describe, expect, test } from 'vitest'
import type { UpstreamModel } from '../../../dialect.js'
import type { PivotItem, PivotRequest, PivotTool } from '../../../pivot/index.js'
import { decodeRequest } from '../serve/decode-request.js'
import { encodeRequest } from './encode-request.js'

type Json = Record<string, unknown>

const OPENAI: UpstreamModel = { model: 'up', rules: 'openai' }
const COMPATIBLE: UpstreamModel = { model: 'up', rules: 'compatible' }

function encode(fields: Partial<PivotRequest>, to = COMPATIBLE) {
  const { value, receipt } = encodeRequest({ model: 'asked', input: [], ...fields }, to)
  return { body: value, notes: receipt.map((note) => `${note.what} ${note.pointer}`) }
}
function messages(input: PivotItem[], to = COMPATIBLE): unknown {
  return encode({ input }, to).body['messages']
}
const call = (call_id: string, name = 'f'): PivotItem => ({ type: 'function_call', call_id, name, arguments: '{}' })
const entry = (id: string, name = 'f') => ({ id, type: 'function', function: { name, arguments: '{}' } })
const output = (call_id: string, output: unknown): PivotItem => ({ type: 'function_call_output', call_id, output })
const user = (text: string): PivotItem => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const answer = (text: string): PivotItem => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
})

describe('items become messages', () => {
  test('roles by what the upstream knows', () => {
    const items: PivotItem[] = [{ type: 'message', role: 'developer', content: 'be brief' }, user('hi'), answer('ho')]
    const rest = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'ho' },
    ]
    expect(messages(items)).toEqual([{ role: 'system', content: 'be brief' }, ...rest])
    expect(messages(items, OPENAI)).toEqual([{ role: 'developer', content: 'be brief' }, ...rest])
  })

  test('instructions come first', () => {
    expect(encode({ instructions: 'be brief', input: [user('hi')] }).body['messages']).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'hi' },
    ])
  })

  test('text and the calls after it are one message; outputs follow at once, wherever they stood', () => {
    expect(
      messages([answer('let me look'), call('a'), call('b', 'g'), output('b', 'B'), user('hurry'), output('a', 'A')]),
    ).toEqual([
      { role: 'assistant', content: 'let me look', tool_calls: [entry('a'), entry('b', 'g')] },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      { role: 'user', content: 'hurry' },
    ])
  })

  test('calls made one after the other stay two turns', () => {
    expect(messages([call('a'), output('a', 'A'), call('b'), output('b', 'B')])).toEqual([
      { role: 'assistant', content: null, tool_calls: [entry('a')] },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'assistant', content: null, tool_calls: [entry('b')] },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
    ])
  })

  test('pictures of a result follow as a user message, after all results', () => {
    const image = { type: 'input_image', image_url: 'https://x', detail: 'high' }
    const { body, notes } = encode({
      input: [call('a'), call('b'), output('a', [{ type: 'input_text', text: 'A' }, image]), output('b', 'B')],
    })
    expect(body['messages']).toEqual([
      { role: 'assistant', content: null, tool_calls: [entry('a'), entry('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x', detail: 'high' } }] },
    ])
    expect(notes).toEqual(['approximated /input/2/output'])
  })

  test('a result without its call is told as the user', () => {
    const { body, notes } = encode({ input: [output('gone', 'A')] })
    expect(body['messages']).toEqual([{ role: 'user', content: 'A' }])
    expect(notes).toEqual(['approximated /input/0'])
  })

  test('plain reasoning goes to who reads it; encrypted reasoning to nobody', () => {
    const plain: PivotItem = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] }
    const secret: PivotItem = { type: 'reasoning', summary: [], encrypted_content: 'x' }
    expect(encode({ input: [plain, answer('a')] })).toMatchObject({
      body: { messages: [{ role: 'assistant', reasoning_content: 'hm', content: 'a' }] },
      notes: [],
    })
    expect(encode({ input: [plain, answer('a')] }, OPENAI)).toMatchObject({
      body: { messages: [{ role: 'assistant', content: 'a' }] },
      notes: ['dropped /input/0'],
    })
    expect(encode({ input: [secret, call('a')] })).toMatchObject({
      body: { messages: [{ role: 'assistant', content: null, tool_calls: [entry('a')] }] },
      notes: ['dropped /input/0'],
    })
  })

  test('a custom call is one where it can be, else a function with one parameter', () => {
    const items: PivotItem[] = [
      { type: 'custom_tool_call', call_id: 'a', name: 'sql', input: 'SELECT' },
      { type: 'custom_tool_call_output', call_id: 'a', output: 'rows' },
    ]
    const result = { role: 'tool', tool_call_id: 'a', content: 'rows' }
    expect(messages(items, OPENAI)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'sql', input: 'SELECT' } }],
      },
      result,
    ])
    expect(messages(items)).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'sql', arguments: '{"input":"SELECT"}' } }],
      },
      result,
    ])
  })

  test('what chat has no word for is noted', () => {
    const { body, notes } = encode({
      input: [
        { type: 'web_search_call', id: 'ws' },
        { type: 'compaction', encrypted_content: 'x' },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_image', file_id: 'f' },
            { type: 'input_file', file_url: 'https://x' },
            { type: 'input_file', file_id: 'f' },
          ],
        },
      ],
    })
    expect(notes).toEqual([
      'dropped /input/0',
      'dropped /input/1',
      'dropped /input/2/content/0',
      'dropped /input/2/content/1',
    ])
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }])
  })
})

describe('tools', () => {
  const grammar: PivotTool = {
    type: 'custom',
    name: 'patch',
    description: 'd',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: X' },
  }
  const parameters = { type: 'object', properties: {} }

  test('nested, and strict only where it was said', () => {
    const tools: PivotTool[] = [
      { type: 'function', name: 'f', description: 'd', parameters, strict: true },
      { type: 'function', name: 'g', parameters, strict: false },
    ]
    expect(encode({ tools }).body['tools']).toEqual([
      { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
      { type: 'function', function: { name: 'g', parameters } },
    ])
  })

  test('a grammar', () => {
    expect(encode({ tools: [grammar] }, OPENAI)).toMatchObject({
      body: {
        tools: [
          {
            type: 'custom',
            custom: {
              name: 'patch',
              description: 'd',
              format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: X' } },
            },
          },
        ],
      },
      notes: [],
    })
    const emulated = encode({ tools: [grammar] })
    expect(emulated.notes).toEqual(['emulated /tools/0'])
    expect(emulated.body['tools']).toMatchObject([
      {
        type: 'function',
        function: {
          name: 'patch',
          description: expect.stringContaining('start: X') as unknown,
          parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
        },
      },
    ])
  })

  test('a namespace becomes functions that carry its name', () => {
    const tools: PivotTool[] = [{ type: 'namespace', name: 'ns', tools: [{ type: 'function', name: 'f', parameters }] }]
    const { body, notes } = encode({
      tools,
      input: [{ type: 'function_call', call_id: 'a', namespace: 'ns', name: 'f', arguments: '{}' }],
    })
    expect(body['tools']).toMatchObject([{ function: { name: 'ns__f' } }])
    expect(body['messages']).toMatchObject([{ tool_calls: [{ function: { name: 'ns__f' } }] }])
    expect(notes).toEqual(['emulated /tools/0'])
  })

  test('hosted tools are noted; without tools no choice is sent', () => {
    const { body, notes } = encode({ tools: [{ type: 'web_search' }], tool_choice: 'auto', parallel_tool_calls: true })
    expect(notes).toEqual(['dropped /tools/0'])
    expect(Object.keys(body)).not.toContain('tool_choice')
    expect(Object.keys(body)).not.toContain('parallel_tool_calls')
  })

  test.each<[PivotRequest['tool_choice'], UpstreamModel, unknown]>([
    ['required', COMPATIBLE, 'required'],
    [{ type: 'function', name: 'f' }, COMPATIBLE, { type: 'function', function: { name: 'f' } }],
    [{ type: 'custom', name: 'f' }, OPENAI, { type: 'custom', custom: { name: 'f' } }],
    [{ type: 'custom', name: 'f' }, COMPATIBLE, { type: 'function', function: { name: 'f' } }],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
      OPENAI,
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
    ],
    [{ type: 'allowed_tools', mode: 'required', tools: [] }, COMPATIBLE, 'required'],
    [{ type: 'web_search' }, COMPATIBLE, undefined],
  ])('choice %j', (choice, to, expected) => {
    const tools: PivotTool[] = [{ type: 'function', name: 'f', parameters }]
    expect(encode({ tools, ...(choice === undefined ? {} : { tool_choice: choice }) }, to).body['tool_choice']).toEqual(
      expected,
    )
  })
})

describe('options', () => {
  test.each<[string, Partial<PivotRequest>, UpstreamModel, Json]>([
    ['the limit for OpenAI', { max_output_tokens: 5 }, OPENAI, { max_completion_tokens: 5 }],
    ['the limit for others', { max_output_tokens: 5 }, COMPATIBLE, { max_tokens: 5 }],
    ['effort', { reasoning: { effort: 'high', summary: 'auto' } }, COMPATIBLE, { reasoning_effort: 'high' }],
    ['sampling', { temperature: 0, top_p: 0.5 }, COMPATIBLE, { temperature: 0, top_p: 0.5 }],
    [
      'a stream tells its usage',
      { stream: true },
      COMPATIBLE,
      { stream: true, stream_options: { include_usage: true } },
    ],
    [
      'a schema',
      { text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } } },
      COMPATIBLE,
      {
        response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
      },
    ],
    ['verbosity for OpenAI', { text: { verbosity: 'low' } }, OPENAI, { verbosity: 'low' }],
    [
      'account fields for OpenAI',
      { service_tier: 'flex', prompt_cache_key: 'k' },
      OPENAI,
      { service_tier: 'flex', prompt_cache_key: 'k' },
    ],
  ])('%s', (_, fields, to, expected) => {
    expect(encode(fields, to)).toEqual({ body: { model: 'up', messages: [], ...expected }, notes: [] })
  })

  test('what this wire or this upstream cannot say is noted', () => {
    const { body, notes } = encode({
      previous_response_id: 'r',
      include: ['reasoning.encrypted_content'],
      truncation: 'auto',
      text: { verbosity: 'low' },
      service_tier: 'flex',
      store: false,
      reasoning: { summary: 'detailed' },
    })
    expect(body).toEqual({ model: 'up', messages: [] })
    expect(new Set(notes)).toEqual(
      new Set([
        'dropped /previous_response_id',
        'dropped /include',
        'dropped /truncation',
        'dropped /text/verbosity',
        'dropped /service_tier',
        'dropped /reasoning/summary',
      ]),
    )
  })
})

describe('from chat to chat nothing changes', () => {
  const body: Json = {
    model: 'asked',
    messages: [
      { role: 'system', content: 'be brief', name: 'boss' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look', cache_control: { type: 'ephemeral' } },
          { type: 'image_url', image_url: { url: 'https://x', detail: 'original' } },
          { type: 'input_audio', input_audio: { data: 'AA', format: 'mp3' } },
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } },
        ],
      },
      {
        role: 'assistant',
        content: 'one',
        reasoning_content: 'hm',
        tool_calls: [{ ...entry('a'), extra_content: { google: { thought_signature: 's' } } }, entry('b', 'g')],
      },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'two' },
        ],
      },
      { role: 'user', content: [{ type: 'video_url', video_url: { url: 'https://x' } }] },
      { role: 'assistant', content: null, refusal: 'no' },
      { role: 'user', content: 'go on' },
    ],
    tools: [
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } }, cache_control: {} },
      { type: 'builtin_function', function: { name: '$web_search' } },
    ],
    tool_choice: { type: 'function', function: { name: 'f' } },
    parallel_tool_calls: false,
    response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
    reasoning: { effort: 'high', exclude: true },
    verbosity: 'low',
    service_tier: 'auto',
    max_tokens: 9,
    temperature: 0.3,
    top_p: 0.9,
    stop: ['x'],
    seed: 1,
    presence_penalty: 0.5,
    frequency_penalty: 0.5,
    logit_bias: { 1: 2 },
    logprobs: true,
    top_logprobs: 2,
    user: 'u',
    metadata: { a: 'b' },
    store: false,
    prediction: { type: 'content', content: 'x' },
    web_search_options: { search_context_size: 'low' },
    prompt_cache_key: 'k',
    prompt_cache_retention: '24h',
    safety_identifier: 's',
    top_k: 3,
    provider: { order: ['x'] },
    stream: true,
    stream_options: { include_usage: true },
  }

  test('for a compatible upstream', () => {
    const { value } = encodeRequest(decodeRequest(body, { headers: {} }).value, { model: 'asked', rules: 'compatible' })
    expect(value).toEqual(body)
  })

  test('for OpenAI: effort by its own name, no foreign fields in messages', () => {
    const { value } = encodeRequest(decodeRequest(body, { headers: {} }).value, { model: 'asked', rules: 'openai' })
    expect(value).toMatchObject({ reasoning_effort: 'high', max_completion_tokens: 9 })
    expect(value).not.toHaveProperty('reasoning')
    expect(JSON.stringify(value['messages'])).not.toContain('reasoning_content')
  })

  test('one answer of text is asked for, whatever the client said', () => {
    const wish = {
      messages: [{ role: 'user', content: 'x' }],
      n: 3,
      modalities: ['text', 'audio'],
      audio: { voice: 'x' },
    }
    const { value } = encodeRequest(decodeRequest(wish, { headers: {} }).value, COMPATIBLE)
    expect(Object.keys(value).sort()).toEqual(['messages', 'model'])
  })
})
