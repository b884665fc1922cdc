import { describe, expect, test } from 'vitest'
import type { PivotRequest, ToolChoice } from '../../../pivot/index.js'
import { restoreCalls } from '../../openai-chat/index.js'
import { decodeResponse } from './decode-response.js'
import { encodeRequest } from './encode-request.js'

type Json = Record<string, unknown>

const HI = { type: 'message', role: 'user', content: 'hi' } as const
const OLD = 'claude-sonnet-4-5'

function encoded(fields: Partial<PivotRequest>, to: { model?: string; maxOutputTokens?: number } = {}) {
  const request: PivotRequest = { model: 'x', input: [HI], ...fields }
  const { value, receipt } = encodeRequest(request, { model: OLD, rules: 'compatible', ...to })
  return {
    body: value,
    messages: value['messages'] as { role: string; content: Json[] }[],
    notes: receipt.map(({ pointer, what }) => `${what} ${pointer}`),
  }
}

/** Blocks without the marks of the cache. */
const bare = (messages: readonly { role: string; content: Json[] }[]) =>
  messages.map(({ role, content }) => ({
    role,
    content: content.map(({ cache_control, ...block }) => (void cache_control, block)),
  }))
const said = (text: string) => ({ type: 'text', text })
const call = (call_id: string, args = '{}') =>
  ({ type: 'function_call', call_id, name: 'ls', arguments: args }) as const
const output = (call_id: string, out: string) => ({ type: 'function_call_output', call_id, output: out }) as const
const used = (id: string, input: Json = {}) => ({ type: 'tool_use', id, name: 'ls', input })
const result = (tool_use_id: string, content: unknown) => ({ type: 'tool_result', tool_use_id, content })

describe('instructions', () => {
  test('those at the begin stand in system, later ones where they are said', () => {
    const { body, messages, notes } = encoded({
      instructions: 'one',
      input: [
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'two' }] },
        HI,
        { type: 'message', role: 'system', content: 'three' },
        { type: 'message', role: 'developer', content: 'four' },
      ],
    })
    expect((body['system'] as Json[]).map((block) => block['text'])).toEqual(['one', 'two'])
    const reminder = (text: string) => said(`<system-reminder>\n${text}\n</system-reminder>`)
    expect(bare(messages)).toEqual([{ role: 'user', content: [said('hi'), reminder('three'), reminder('four')] }])
    expect(notes).toEqual(['approximated /input/2'])
  })

  test('blank ones are none', () => {
    expect(encoded({ instructions: ' ' }).body).not.toHaveProperty('system')
  })

  test('a conversation begins with the user', () => {
    const { messages, notes } = encoded({ input: [{ type: 'message', role: 'assistant', content: 'hello \n' }] })
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(messages[1]?.content).toEqual([said('hello')])
    expect(notes).toEqual(['approximated /input'])
  })

  test('and ends with it, where the model demands that', () => {
    const input: PivotRequest['input'] = [HI, { type: 'message', role: 'assistant', content: 'hello' }]
    expect(encoded({ input }).messages).toHaveLength(2)
    const { messages, notes } = encoded({ input }, { model: 'claude-sonnet-4-6' })
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    expect(notes).toEqual(['approximated /input'])
  })
})

describe('turns', () => {
  test('roles are merged, results open the message after their calls', () => {
    const { messages, notes } = encoded({
      input: [
        HI,
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'look' }] },
        call('a', '{"x":1}'),
        call('b'),
        { type: 'message', role: 'user', content: 'wait' },
        output('b', 'B'),
        output('a', 'A'),
        call('c'),
        output('c', 'C'),
      ],
    })
    expect(bare(messages)).toEqual([
      { role: 'user', content: [said('hi')] },
      { role: 'assistant', content: [said('look'), used('a', { x: 1 }), used('b')] },
      { role: 'user', content: [result('b', 'B'), result('a', 'A'), said('wait')] },
      { role: 'assistant', content: [used('c')] },
      { role: 'user', content: [result('c', 'C')] },
    ])
    expect(notes).toEqual([])
  })

  test('a call without a result gets one, a result without a call is told', () => {
    const { messages, notes } = encoded({ input: [HI, call('a'), HI, output('z', 'Z'), call('last')] })
    expect(bare(messages)).toEqual([
      { role: 'user', content: [said('hi')] },
      { role: 'assistant', content: [used('a')] },
      {
        role: 'user',
        content: [{ ...result('a', expect.stringContaining('no result')), is_error: true }, said('hi'), said('Z')],
      },
      { role: 'assistant', content: [used('last')] },
    ])
    expect(notes).toEqual(['approximated /input', 'approximated /input/3'])
  })

  test('ids and arguments that Anthropic would refuse', () => {
    const { messages, notes } = encoded({ input: [HI, call('functions.ls:0', '{"x"'), output('functions.ls:0', '1')] })
    const id = messages[1]?.content[0]?.['id']
    expect(id).toMatch(/^[\w-]+$/)
    expect(messages[1]?.content[0]?.['input']).toEqual({ arguments: '{"x"' })
    expect(messages[2]?.content[0]?.['tool_use_id']).toBe(id)
    expect(notes).toEqual(['approximated /input/1/arguments'])
  })

  test('only thoughts of its own', () => {
    const own = { signature: 'sig' }
    const { messages, notes } = encoded({
      input: [
        HI,
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'theirs' }], encrypted_content: 'x' },
        { type: 'reasoning', summary: [], extra: { gemini: { thoughtSignature: 'x' } } },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], extra: { 'anthropic-messages': own } },
        call('a'),
        output('a', ''),
      ],
    })
    expect(messages[1]?.content[0]).toEqual({ type: 'thinking', thinking: 'hm', signature: 'sig' })
    expect(notes).toEqual(['dropped /input/1'])
  })

  test('what no block can tell is noted', () => {
    const { messages, notes } = encoded({
      input: [
        HI,
        { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } },
        { type: 'image_generation_call', result: 'AAAA' },
        { type: 'compaction', encrypted_content: 'x' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: ' ' }] },
      ],
    })
    expect(messages).toHaveLength(1)
    expect(notes).toEqual(['dropped /input/1', 'dropped /input/2', 'dropped /input/3'])
  })

  test('parts', () => {
    const b64 = (text: string) => Buffer.from(text).toString('base64')
    const { messages, notes } = encoded({
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'auto' },
            { type: 'input_image', image_url: 'https://a.example/x', detail: 'low' },
            { type: 'input_image', file_id: 'file-openai' },
            { type: 'input_file', filename: 'x.pdf', file_data: 'data:application/pdf;base64,AAAA' },
            { type: 'input_file', filename: 'x.json', file_data: `data:application/json;base64,${b64('{"ü":1}')}` },
            { type: 'input_file', filename: 'x.zip', file_data: 'data:application/zip;base64,AAAA' },
            { type: 'input_file', file_url: 'https://a.example/x.pdf' },
            { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          ],
        },
      ],
    })
    expect(bare(messages)[0]?.content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/x' } },
      { type: 'document', title: 'x.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
      { type: 'document', title: 'x.json', source: { type: 'text', media_type: 'text/plain', data: '{"ü":1}' } },
      { type: 'document', source: { type: 'url', url: 'https://a.example/x.pdf' } },
    ])
    expect(notes).toEqual([
      'dropped /input/0/content/1/detail',
      'dropped /input/0/content/2',
      'dropped /input/0/content/5',
      'dropped /input/0/content/7',
    ])
  })

  test('pictures in results', () => {
    const { messages } = encoded({
      input: [
        HI,
        call('a'),
        {
          type: 'function_call_output',
          call_id: 'a',
          output: [
            { type: 'input_text', text: 't' },
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
          ],
        },
      ],
    })
    expect(bare(messages)[2]?.content[0]?.['content']).toEqual([
      said('t'),
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
    ])
  })
})

describe('tools', () => {
  const ls = { type: 'function', name: 'ls', parameters: { properties: {} }, strict: false } as const
  const patch = {
    type: 'custom',
    name: 'patch',
    description: 'd',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
  } as const

  test('functions, custom tools, namespaces and a search', () => {
    const { body, notes } = encoded({
      tools: [
        ls,
        patch,
        { type: 'namespace', name: 'mcp', tools: [{ ...ls, strict: true }] },
        {
          type: 'web_search',
          search_context_size: 'high',
          filters: { allowed_domains: ['a.example'] },
          user_location: { type: 'approximate', city: 'X', region: null },
        },
        { type: 'image_generation' },
      ],
    })
    expect(body['tools']).toEqual([
      { name: 'ls', input_schema: { type: 'object', properties: {} } },
      {
        name: 'patch',
        description: expect.stringContaining('start: "x"') as string,
        input_schema: expect.objectContaining({ required: ['input'] }) as Json,
      },
      {
        name: 'mcp__ls',
        input_schema: { type: 'object', properties: {}, additionalProperties: false },
        strict: true,
      },
      {
        type: 'web_search_20250305',
        name: 'web_search',
        allowed_domains: ['a.example'],
        user_location: { type: 'approximate', city: 'X' },
        cache_control: { type: 'ephemeral' },
      },
    ])
    expect(notes).toEqual([
      'emulated /tools/1',
      'emulated /tools/2',
      'dropped /tools/3/search_context_size',
      'dropped /tools/4',
    ])
  })

  test('calls of custom tools and of namespaces come back as such', () => {
    const request: PivotRequest = {
      model: 'x',
      input: [HI],
      tools: [patch, { type: 'namespace', name: 'mcp', tools: [ls] }],
    }
    const events = decodeResponse({
      type: 'message',
      id: 'msg_1',
      content: [
        { type: 'tool_use', id: 'a', name: 'patch', input: { input: 'x\n' } },
        { type: 'tool_use', id: 'b', name: 'mcp__ls', input: {} },
      ],
      stop_reason: 'tool_use',
    })
    expect(restoreCalls(request, 'compatible')?.(events).at(-1)).toMatchObject({
      response: {
        output: [
          { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: 'x\n' },
          { type: 'function_call', call_id: 'b', name: 'ls', namespace: 'mcp' },
        ],
      },
    })
  })

  test('calls of custom tools that were made', () => {
    const { messages, notes } = encoded({
      input: [
        HI,
        { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: 'x' },
        { type: 'custom_tool_call_output', call_id: 'a', output: 'done' },
      ],
    })
    expect(messages[1]?.content).toEqual([{ type: 'tool_use', id: 'a', name: 'patch', input: { input: 'x' } }])
    expect(notes).toEqual(['emulated /input/1'])
  })

  test.each<[ToolChoice, Json | undefined, string[]]>([
    ['auto', { type: 'auto' }, []],
    ['none', { type: 'none' }, []],
    ['required', { type: 'any' }, []],
    [{ type: 'function', name: 'ls' }, { type: 'tool', name: 'ls' }, []],
    [{ type: 'custom', name: 'patch' }, { type: 'tool', name: 'patch' }, []],
    [{ type: 'web_search' }, { type: 'tool', name: 'web_search' }, []],
    [{ type: 'function', name: 'gone' }, undefined, ['dropped /tool_choice']],
    [{ type: 'mcp', server_label: 'x' }, undefined, ['dropped /tool_choice']],
  ])('the choice %j', (tool_choice, expected, notes) => {
    const told = encoded({ tools: [ls, patch, { type: 'web_search' }], tool_choice })
    expect(told.body['tool_choice']).toEqual(expected)
    expect(told.notes.slice(1)).toEqual(notes)
  })

  test('the choice among some', () => {
    const { body, notes } = encoded({
      tools: [ls, { ...ls, name: 'rm' }],
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'rm' }] },
    })
    expect(body).toMatchObject({ tools: [{ name: 'rm' }], tool_choice: { type: 'any' } })
    expect(notes).toEqual(['emulated /tool_choice'])
  })

  test.each<[ToolChoice | undefined, Json]>([
    [undefined, { type: 'auto', disable_parallel_tool_use: true }],
    ['required', { type: 'any', disable_parallel_tool_use: true }],
    ['none', { type: 'none' }],
  ])('one call at a time, with the choice %j', (tool_choice, expected) => {
    const fields = tool_choice === undefined ? {} : { tool_choice }
    expect(encoded({ tools: [ls], parallel_tool_calls: false, ...fields }).body['tool_choice']).toEqual(expected)
  })

  test('without tools there is no choice', () => {
    expect(encoded({ tool_choice: 'auto', parallel_tool_calls: false }).body).not.toHaveProperty('tool_choice')
  })
})

describe('thinking and the limit', () => {
  test.each<[string, Partial<PivotRequest>, { model?: string; maxOutputTokens?: number }, Json, string[]]>([
    ['nobody names a limit', {}, {}, { max_tokens: 8_192 }, []],
    ["the model's limit", {}, { maxOutputTokens: 64_000 }, { max_tokens: 64_000 }, []],
    ["the client's limit", { max_output_tokens: 10 }, { maxOutputTokens: 64_000 }, { max_tokens: 10 }, []],
    [
      'a budget raises the limit',
      { reasoning: { effort: 'high' } },
      {},
      { max_tokens: 24_192, thinking: { type: 'enabled', budget_tokens: 16_000 } },
      ['approximated /reasoning/effort'],
    ],
    [
      "but not above the model's",
      { reasoning: { effort: 'xhigh' } },
      { maxOutputTokens: 8_192 },
      { max_tokens: 8_192, thinking: { type: 'enabled', budget_tokens: 7_168 } },
      ['approximated /reasoning/effort'],
    ],
    [
      "the client's limit shrinks the budget",
      { reasoning: { effort: 'medium' }, max_output_tokens: 4_000 },
      {},
      { max_tokens: 4_000, thinking: { type: 'enabled', budget_tokens: 3_000 } },
      ['approximated /reasoning/effort'],
    ],
    [
      'to the least that there is',
      { reasoning: { effort: 'low' }, max_output_tokens: 1_100 },
      {},
      { max_tokens: 1_100, thinking: { type: 'enabled', budget_tokens: 1_024 } },
      ['approximated /reasoning/effort'],
    ],
    [
      'and then away',
      { reasoning: { effort: 'low' }, max_output_tokens: 1_024 },
      {},
      { max_tokens: 1_024, thinking: undefined },
      ['dropped /reasoning'],
    ],
    ...['claude-3-5-haiku-20241022', 'claude-3-opus-20240229', 'claude-2.1'].map(
      (model): [string, Partial<PivotRequest>, { model: string }, Json, string[]] => [
        `${model} cannot`,
        { reasoning: { effort: 'high' } },
        { model },
        { max_tokens: 8_192, thinking: undefined },
        ['dropped /reasoning'],
      ],
    ),
    ...['claude-3-7-sonnet-20250219', 'claude-sonnet-4-20250514', 'glm-4.7'].map(
      (model): [string, Partial<PivotRequest>, { model: string }, Json, string[]] => [
        `${model} can`,
        { reasoning: { effort: 'low' } },
        { model },
        { thinking: { type: 'enabled', budget_tokens: 1_024 } },
        ['approximated /reasoning/effort'],
      ],
    ),
    ['no thinking', { reasoning: { effort: 'none' } }, {}, { max_tokens: 8_192, thinking: undefined }, []],
    [
      'no thinking, where it is the default',
      { reasoning: { effort: 'none' } },
      { model: 'claude-opus-5' },
      { thinking: { type: 'disabled' } },
      [],
    ],
    [
      'newer models decide themselves',
      { reasoning: { effort: 'xhigh', summary: 'auto' } },
      { model: 'claude-opus-4-7', maxOutputTokens: 64_000 },
      {
        max_tokens: 64_000,
        thinking: { type: 'adaptive', display: 'summarized' },
        output_config: { effort: 'xhigh' },
      },
      [],
    ],
    [
      'the highest effort of a model',
      { reasoning: { effort: 'xhigh' } },
      { model: 'claude-sonnet-4-6' },
      { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
      ['approximated /reasoning/effort'],
    ],
    [
      'words that Anthropic does not know',
      { reasoning: { effort: 'minimal' } },
      { model: 'claude-opus-5' },
      { output_config: { effort: 'low' } },
      ['approximated /reasoning/effort'],
    ],
    [
      'a call that must be made',
      { reasoning: { effort: 'low' }, tools: [{ type: 'function', name: 'ls' }], tool_choice: 'required' },
      {},
      { thinking: undefined },
      ['dropped /reasoning'],
    ],
    [
      'a turn that began without',
      { reasoning: { effort: 'low' }, input: [HI, call('a'), output('a', '1')] },
      {},
      { thinking: undefined },
      ['dropped /reasoning'],
    ],
  ])('%s', (_, fields, to, expected, notes) => {
    const told = encoded(fields, to)
    expect(told.body).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
    for (const [field, value] of Object.entries(expected)) {
      if (value === undefined) expect(told.body).not.toHaveProperty(field)
    }
    expect(told.notes).toEqual(notes)
  })

  test.each<[string, Partial<PivotRequest>, string, Json, string[]]>([
    ['as asked', { temperature: 0.2 }, OLD, { temperature: 0.2 }, []],
    ['too warm', { temperature: 1.5 }, OLD, { temperature: 1 }, ['approximated /temperature']],
    ['both', { temperature: 0.2, top_p: 0.5 }, OLD, { temperature: 0.2 }, ['dropped /top_p']],
    [
      'thinking',
      { temperature: 0.2, top_p: 0.96, reasoning: { effort: 'low' } },
      OLD,
      { top_p: 0.96 },
      ['approximated /reasoning/effort', 'dropped /temperature'],
    ],
    ['the usual', { temperature: 1, top_p: 1 }, 'claude-opus-5', {}, []],
    ['newest', { temperature: 0, top_p: 0.5 }, 'claude-opus-4-8', {}, ['dropped /temperature', 'dropped /top_p']],
    [
      'the rest',
      { extra: { sampling: { stop: ['x', '\n'], top_k: 4, seed: 1, n: 1 } } },
      OLD,
      { stop_sequences: ['x'], top_k: 4 },
      ['dropped /stop', 'dropped /seed'],
    ],
  ])('sampling: %s', (_, fields, model, expected, notes) => {
    const { body, notes: told } = encoded(fields, { model })
    const { temperature, top_p, top_k, stop_sequences } = body
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k, stop_sequences }))).toEqual(expected)
    expect(told).toEqual(notes)
  })
})

describe('other fields', () => {
  test.each<[string, Partial<PivotRequest>, Json, string[]]>([
    [
      'a schema',
      { text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      [],
    ],
    [
      'any JSON',
      { text: { format: { type: 'json_object' } } },
      { system: [{ type: 'text', text: expect.stringContaining('JSON') as string }] },
      ['emulated /text/format'],
    ],
    ['verbosity', { text: { verbosity: 'low' } }, {}, ['dropped /text/verbosity']],
    ['the user', { user: 'u', metadata: { a: 'b' } }, { metadata: { user_id: 'u' } }, ['dropped /metadata/a']],
    ['the usual tier', { service_tier: 'auto' }, {}, []],
    ['the default tier', { service_tier: 'default' }, { service_tier: 'standard_only' }, []],
    ['priority', { service_tier: 'priority' }, { service_tier: 'auto' }, ['approximated /service_tier']],
    ['flex', { service_tier: 'flex' }, {}, ['dropped /service_tier']],
    ['what asks nothing', { store: false, include: ['x'], prompt_cache_key: 'k', truncation: 'disabled' }, {}, []],
    ['what asks something', { store: true, max_tool_calls: 3 }, {}, ['dropped /store', 'dropped /max_tool_calls']],
    ['probabilities', { include: ['x', 'message.output_text.logprobs'] }, {}, ['dropped /include/1']],
    ['what only chat knows', { extra: { 'openai-chat': { logprobs: true } } }, {}, ['dropped /logprobs']],
    ['a stream', { stream: true }, { stream: true }, []],
  ])('%s', (_, fields, expected, notes) => {
    const told = encoded(fields)
    expect(told.body).toMatchObject(expected)
    expect(told.notes).toEqual(notes)
  })

  test('the cache is marked: tools, instructions, and the conversation', () => {
    const { body, messages } = encoded({
      instructions: 'one',
      tools: [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'b' },
      ],
      input: [HI, call('a'), output('a', '1')],
    })
    const marked = JSON.stringify(body).split('"cache_control"').length - 1
    expect(marked).toBe(3)
    expect(messages.at(-1)?.content.at(-1)).toHaveProperty('cache_control', { type: 'ephemeral' })
    expect((body['tools'] as Json[]).at(-1)).toHaveProperty('cache_control')
    expect((body['system'] as Json[]).at(-1)).toHaveProperty('cache_control')
  })

  test('a request is read, not changed', () => {
    const request: PivotRequest = {
      model: 'x',
      instructions: 'i',
      input: [HI, { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }] }],
      tools: [{ type: 'function', name: 'a', parameters: {} }],
    }
    const before = JSON.stringify(request)
    encodeRequest(request, { model: OLD, rules: 'compatible' })
    expect(JSON.stringify(request)).toBe(before)
  })
})
