import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Note, ReplyMeta } from '../../../dialect.js'
import { samplingOf, type PivotItem, type PivotRequest, type ReasoningItem } from '../../../pivot/index.js'
import { carry } from '../../carried-state.js'
import { ANTHROPIC, anthropicFields, keptFields } from '../wire.js'
import { decodeRequest } from './decode-request.js'
import { encodeResponse } from './encode-response.js'

function decoded(fields: object): { value: PivotRequest; receipt: Note[] } {
  return decodeRequest(
    { model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }], ...fields },
    { headers: {} },
  )
}

function items(...messages: object[]): PivotItem[] {
  return decoded({ messages }).value.input
}

const user = (...content: object[]) => ({ role: 'user', content })
const assistant = (...content: object[]) => ({ role: 'assistant', content })
const own = (fields: object) => ({ extra: { [ANTHROPIC]: fields } })

describe('what a whole request says', () => {
  test('in the words of the pivot', () => {
    const { value, receipt } = decoded({
      stream: true,
      system: 'Be brief.',
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['END'],
      metadata: { user_id: 'u1' },
      service_tier: 'auto',
    })
    expect(value).toEqual({
      model: 'm',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
      instructions: 'Be brief.',
      stream: true,
      max_output_tokens: 10,
      temperature: 0.5,
      top_p: 0.9,
      user: 'u1',
      include: ['reasoning.encrypted_content'],
      extra: {
        sampling: { stop: ['END'], top_k: 40 },
        [ANTHROPIC]: { metadata: { user_id: 'u1' } },
        'anthropic-messages-kept': { thinking: 'none', fields: { service_tier: 'auto' } },
      },
    })
    expect(receipt).toEqual([])
  })

  test('a stop sequence alone and nothing else', () => {
    expect(samplingOf(decoded({ stop_sequences: [] }).value)).toEqual({})
    expect(samplingOf(decoded({ stop_sequences: ['a'] }).value)).toEqual({ stop: ['a'] })
  })

  test.each<[object, unknown, unknown]>([
    [{ speed: 'fast' }, 'priority', undefined],
    [{ service_tier: 'standard_only' }, 'default', undefined],
    [{ service_tier: 'reserved' }, undefined, { service_tier: 'reserved' }],
    [{ context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] } }, undefined, undefined],
    [
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
      undefined,
      { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } },
    ],
    [{ mcp_servers: [] }, undefined, undefined],
    [{ container: 'c1', brand_new: 1 }, undefined, { container: 'c1', brand_new: 1 }],
  ])('%j: tier %s, and for Anthropic alone %j', (fields, tier, kept) => {
    const { value } = decoded(fields)
    expect(value.service_tier).toBe(tier)
    expect(value.extra?.[ANTHROPIC]).toEqual(kept)
    expect({ ...anthropicFields(value), ...keptFields(value).fields }).toEqual(fields)
  })
})

describe('the system prompt', () => {
  const billing = { type: 'text', text: 'x-anthropic-billing-header: cc_version=2; cc_entrypoint=cli;' }
  const marked = { type: 'text', text: 'B', cache_control: { type: 'ephemeral' } }

  test('its blocks are joined; the one with the build is left out everywhere, without a note', () => {
    const { value, receipt } = decoded({ system: [billing, { type: 'text', text: 'A' }, marked] })
    expect(value.instructions).toBe('A\n\nB')
    expect(keptFields(value).system).toEqual([{ type: 'text', text: 'A' }, marked])
    expect(receipt).toEqual([])
    expect(JSON.stringify(value)).not.toContain('billing')
  })

  test.each<[unknown, string | undefined]>([
    ['', undefined],
    [[], undefined],
    [[billing], undefined],
    [`${billing.text}\nA`, 'A'],
    [null, undefined],
  ])('%j is %s', (system, expected) => {
    expect(decoded({ system }).value.instructions).toBe(expected)
  })

  test('in the midst of messages it is a developer message at its place', () => {
    expect(
      items(user({ type: 'text', text: 'a' }), { role: 'system', content: 'S' }, user({ type: 'text', text: 'b' })),
    ).toMatchObject([
      { role: 'user' },
      { role: 'developer', content: [{ type: 'input_text', text: 'S' }], ...own({ role: 'system' }) },
      { role: 'user' },
    ])
  })

  test('that was to be cleared by the next message of the user is kept for Anthropic alone', () => {
    const message = { role: 'system', content: 'S', clear_at: 'next_user_message' }
    expect(items(message, user({ type: 'text', text: 'b' }))[0]).toEqual({
      type: 'anthropic_block',
      role: 'system',
      message,
    })
    expect(items(user({ type: 'text', text: 'b' }), message)[1]).toMatchObject({ type: 'message', role: 'developer' })
  })
})

describe('content of a user', () => {
  const png = { type: 'base64', media_type: 'image/png', data: 'aGk=' }
  test.each<[string, object, object[]]>([
    [
      'text with a cache mark',
      { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } },
      [{ type: 'input_text', text: 'x', ...own({ cache_control: { type: 'ephemeral' } }) }],
    ],
    ['a picture', { type: 'image', source: png }, [{ type: 'input_image', image_url: 'data:image/png;base64,aGk=' }]],
    [
      'a picture that is a data URL already',
      { type: 'image', source: { type: 'base64', data: 'data:image/gif;base64,aGk=' } },
      [{ type: 'input_image', image_url: 'data:image/gif;base64,aGk=' }],
    ],
    [
      'a picture elsewhere',
      { type: 'image', source: { type: 'url', url: 'https://a/b.png' } },
      [{ type: 'input_image', image_url: 'https://a/b.png' }],
    ],
    [
      'an uploaded picture',
      { type: 'image', source: { type: 'file', file_id: 'f1' } },
      [{ type: 'input_image', file_id: 'f1' }],
    ],
    [
      'a PDF with a title and citations',
      {
        type: 'document',
        title: 'T',
        context: 'C',
        citations: { enabled: true },
        source: { type: 'base64', media_type: 'application/pdf', data: 'aGk=' },
      },
      [
        {
          type: 'input_file',
          filename: 'T',
          file_data: 'data:application/pdf;base64,aGk=',
          ...own({ title: 'T', context: 'C', citations: { enabled: true } }),
        },
      ],
    ],
    [
      'a text document',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'hi ü' } },
      [{ type: 'input_file', filename: 'document.txt', file_data: 'data:text/plain;base64,aGkgw7w=' }],
    ],
    [
      'a PDF elsewhere',
      { type: 'document', source: { type: 'url', url: 'https://a/b.pdf' } },
      [{ type: 'input_file', file_url: 'https://a/b.pdf' }],
    ],
    [
      'an uploaded file',
      { type: 'document', source: { type: 'file', file_id: 'f1' } },
      [{ type: 'input_file', file_id: 'f1' }],
    ],
  ])('%s', (_, block, parts) => {
    expect(items(user(block))).toEqual([{ type: 'message', role: 'user', content: parts }])
  })

  test('a document of blocks stands whole on its first part', () => {
    const block = {
      type: 'document',
      title: 'T',
      source: {
        type: 'content',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', source: png },
        ],
      },
    }
    expect(items(user(block))).toMatchObject([
      {
        content: [
          { type: 'input_text', text: 'T', ...own({ block }) },
          { type: 'input_text', text: 'a', ...own({ within: true }) },
          { type: 'input_image', ...own({ within: true }) },
        ],
      },
    ])
  })

  test('a search result is read by everyone and goes back whole', () => {
    const block = {
      type: 'search_result',
      title: 'T',
      source: 'https://a',
      content: [
        { type: 'text', text: 'x' },
        { type: 'text', text: 'y' },
      ],
      citations: { enabled: true },
    }
    expect(items(user(block))).toMatchObject([
      { content: [{ type: 'input_text', text: 'T\nhttps://a\n\nx\n\ny', ...own({ block }) }] },
    ])
  })

  test('tool results and text keep their order', () => {
    const result = (tool_use_id: string) => ({ type: 'tool_result', tool_use_id, content: tool_use_id })
    expect(
      items(
        user(
          result('a'),
          { type: 'text', text: 'x' },
          result('b'),
          { type: 'text', text: 'y' },
          { type: 'image', source: png },
        ),
      ),
    ).toMatchObject([
      { type: 'function_call_output', call_id: 'a', output: 'a' },
      { type: 'message', content: [{ text: 'x' }] },
      { type: 'function_call_output', call_id: 'b' },
      { type: 'message', content: [{ text: 'y' }, { type: 'input_image' }] },
    ])
  })

  test('a block that nobody else knows is an item of its own', () => {
    const block = { type: 'container_upload', file_id: 'f' }
    expect(items(user({ type: 'text', text: 'x' }, block))[1]).toEqual({ type: 'anthropic_block', role: 'user', block })
  })
})

describe('results of tools', () => {
  const result = (fields: object) => items(user({ type: 'tool_result', tool_use_id: 't', ...fields }))[0]
  const text = (told: string) => ({ type: 'text', text: told })

  test.each<[string, object, unknown, object | undefined]>([
    [
      'a text',
      { content: 'x', is_error: false, cache_control: { type: 'ephemeral' } },
      'x',
      { is_error: false, cache_control: { type: 'ephemeral' } },
    ],
    ['nothing', {}, '', undefined],
    ['no blocks', { content: [] }, '', { content: [] }],
    ['one text block', { content: [text('x')] }, 'x', { content: [text('x')] }],
    [
      'several',
      { content: [text('x'), text('y')] },
      [
        { type: 'input_text', text: 'x' },
        { type: 'input_text', text: 'y' },
      ],
      { content: [text('x'), text('y')] },
    ],
    [
      'an error, which other models can see',
      { content: 'boom', is_error: true },
      'Error: boom',
      { content: 'boom', is_error: true },
    ],
    [
      'an error that says so itself',
      { content: '<tool_use_error>no</tool_use_error>', is_error: true },
      '<tool_use_error>no</tool_use_error>',
      { content: '<tool_use_error>no</tool_use_error>', is_error: true },
    ],
    ['an error without words', { is_error: true }, 'Error: ', { content: '', is_error: true }],
  ])('%s', (_, fields, output, kept) => {
    const { extra, ...item } = result(fields) as Record<string, unknown>
    expect(item).toEqual({ type: 'function_call_output', call_id: 't', output })
    expect(extra).toEqual(kept === undefined ? undefined : { [ANTHROPIC]: kept })
  })

  test('a picture with an error', () => {
    const content = [{ type: 'image', source: { type: 'url', url: 'https://a' } }]
    expect(result({ content, is_error: true })).toMatchObject({
      output: [
        { type: 'input_text', text: 'Error:' },
        { type: 'input_image', image_url: 'https://a' },
      ],
      ...own({ is_error: true, content }),
    })
  })
})

describe('what the assistant said before', () => {
  test('text, calls and thoughts, each at its place', () => {
    expect(
      items(
        assistant(
          { type: 'thinking', thinking: 'hm', signature: 'SIG' },
          { type: 'redacted_thinking', data: 'DATA' },
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
          { type: 'tool_use', id: 't1', name: 'ls', input: { a: [1] }, cache_control: { type: 'ephemeral' } },
        ),
        user({ type: 'text', text: 'x' }),
      ).slice(0, -1),
    ).toEqual([
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], ...own({ signature: 'SIG' }) },
      { type: 'reasoning', summary: [], ...own({ redacted: 'DATA' }) },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'a' },
          { type: 'output_text', text: 'b' },
        ],
      },
      {
        type: 'function_call',
        call_id: 't1',
        name: 'ls',
        arguments: '{"a":[1]}',
        ...own({ cache_control: { type: 'ephemeral' } }),
      },
    ])
  })

  test('a search of Anthropic is a search, with its blocks beside it', () => {
    const use = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } }
    const found = { type: 'web_search_result', url: 'https://a', title: 'A', encrypted_content: 'E', page_age: null }
    const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [found] }
    expect(items(assistant(use, result, { type: 'text', text: 'x' }))[0]).toEqual({
      type: 'web_search_call',
      status: 'completed',
      action: { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://a', title: 'A' }] },
      ...own({ use, result }),
    })
  })

  test('other tools of the server are kept whole', () => {
    const use = { type: 'server_tool_use', id: 's', name: 'code_execution', input: {} }
    expect(items(assistant(use))).toEqual([{ type: 'anthropic_block', role: 'assistant', block: use }])
  })

  test('a compaction is what it sums up', () => {
    const block = { type: 'compaction', content: 'So far: x.', encrypted_content: 'E' }
    expect(items(assistant(block), user({ type: 'text', text: 'go on' }))[0]).toMatchObject({
      content: [{ type: 'output_text', text: 'So far: x.', ...own({ block }) }],
    })
  })

  test('a text that is to be gone on with is noted', () => {
    expect(
      decoded({ messages: [user({ type: 'text', text: 'x' }), assistant({ type: 'text', text: '{' })] }).receipt,
    ).toMatchObject([{ pointer: '/messages/1', what: 'approximated' }])
  })
})

describe('how much to think', () => {
  test.each<[object, unknown, number]>([
    [{}, undefined, 0],
    [{ thinking: { type: 'enabled', budget_tokens: 1_024 } }, { effort: 'low', summary: 'auto' }, 1],
    [{ thinking: { type: 'enabled', budget_tokens: 2_000 } }, { effort: 'medium', summary: 'auto' }, 1],
    [{ thinking: { type: 'enabled', budget_tokens: 8_000 } }, { effort: 'high', summary: 'auto' }, 1],
    [{ thinking: { type: 'enabled', budget_tokens: 31_999, display: 'omitted' } }, { effort: 'xhigh' }, 1],
    [
      { thinking: { type: 'enabled', budget_tokens: 31_999 }, output_config: { effort: 'low' } },
      { effort: 'low', summary: 'auto' },
      0,
    ],
    [{ thinking: { type: 'adaptive' } }, { summary: 'auto' }, 0],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, undefined, 0],
    [{ thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'high' } }, { effort: 'high' }, 0],
    [{ thinking: { type: 'disabled' } }, { effort: 'none' }, 0],
    [{ thinking: { type: 'disabled' }, output_config: { effort: 'low' } }, { effort: 'low' }, 0],
    [{ output_config: { effort: 'max' } }, { effort: 'max' }, 0],
    [{ thinking: { type: 'brand_new' } }, undefined, 1],
  ])('%j', (fields, reasoning, notes) => {
    const { value, receipt } = decoded(fields)
    expect(value.reasoning).toEqual(reasoning)
    expect(receipt).toHaveLength(notes)
  })
})

describe('structured output', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
  test.each([
    { output_config: { format: { type: 'json_schema', schema } } },
    { output_format: { type: 'json_schema', schema } },
  ])('%j', (fields) => {
    expect(decoded(fields).value.text).toEqual({
      format: { type: 'json_schema', name: 'response', schema, strict: true },
    })
  })
})

describe('tools', () => {
  const tool = (name: string, fields: object = {}) => ({
    name,
    input_schema: { type: 'object', properties: {} },
    ...fields,
  })
  const names = (request: PivotRequest) => (request.tools ?? []).map((one) => one['name'] ?? one.type)

  test('a tool, with what only Anthropic knows of it', () => {
    const { value } = decoded({
      tools: [
        tool('ls', { type: 'custom', description: 'D', cache_control: { type: 'ephemeral' }, input_examples: [{}] }),
      ],
    })
    expect(value.tools).toEqual([
      {
        type: 'function',
        name: 'ls',
        description: 'D',
        parameters: { type: 'object', properties: {} },
        strict: false,
        ...own({ cache_control: { type: 'ephemeral' }, input_examples: [{}] }),
      },
    ])
  })

  test.each(['web_search_20250305', 'web_search_20260318'])('%s', (type) => {
    const { value } = decoded({
      tools: [
        {
          type,
          name: 'web_search',
          max_uses: 3,
          allowed_domains: ['a.com'],
          blocked_domains: [],
          user_location: { type: 'approximate', city: 'X', region: null },
        },
      ],
      tool_choice: { type: 'tool', name: 'web_search' },
    })
    expect(value.tools).toEqual([
      {
        type: 'web_search',
        filters: { allowed_domains: ['a.com'] },
        user_location: { type: 'approximate', city: 'X' },
        ...own({ type, name: 'web_search', max_uses: 3 }),
      },
    ])
    expect(value.tool_choice).toEqual({ type: 'web_search' })
  })

  test('tools of the server are kept for Anthropic', () => {
    const hosted = { type: 'code_execution_20250825', name: 'code_execution' }
    const { value } = decoded({ tools: [tool('a'), hosted], tool_choice: { type: 'tool', name: 'code_execution' } })
    expect(names(value)).toEqual(['a'])
    expect(value.tool_choice).toBe(undefined)
    expect(anthropicFields(value)).toEqual({
      tools: [{ index: 1, tool: hosted }],
      tool_choice: { type: 'tool', name: 'code_execution' },
    })
  })

  test.each([
    ['bash_20250124', 'bash'],
    ['text_editor_20250728', 'str_replace_based_edit_tool'],
    ['memory_20250818', 'memory'],
  ])('%s is written out for others and goes back as it came', (type, toolName) => {
    const { value, receipt } = decoded({
      tools: [{ type, name: toolName }],
      tool_choice: { type: 'tool', name: toolName },
    })
    expect(value.tools).toMatchObject([
      { type: 'function', name: toolName, parameters: { type: 'object' }, ...own({ added: true }) },
    ])
    expect(value.tool_choice).toEqual({ type: 'function', name: toolName })
    expect(keptFields(value).deferred).toEqual([{ index: 0, tool: { type, name: toolName } }])
    expect(anthropicFields(value)).toEqual({})
    expect(receipt).toEqual([])
  })

  test('a demand that only Anthropic can meet goes to Anthropic alone', () => {
    const { value } = decoded({ tools: [{ type: 'code_execution_20250825', name: 'c' }], tool_choice: { type: 'any' } })
    expect(value.tool_choice).toBe(undefined)
    expect(anthropicFields(value)).toMatchObject({ tool_choice: { type: 'any' } })
  })

  test('deferred tools stay out until somebody names them', () => {
    const late = (name: string) => tool(name, { defer_loading: true })
    const tools = [
      tool('a'),
      late('called'),
      late('found'),
      late('searched'),
      late('forced'),
      late('idle'),
      tool('DeferredToolPlaceholder', { defer_loading: true }),
    ]
    const { value, receipt } = decoded({
      tools,
      tool_choice: { type: 'tool', name: 'forced' },
      messages: [
        assistant(
          { type: 'tool_use', id: 't', name: 'called', input: {} },
          {
            type: 'tool_search_tool_result',
            tool_use_id: 's',
            content: {
              type: 'tool_search_tool_search_result',
              tool_references: [{ type: 'tool_reference', tool_name: 'searched' }],
            },
          },
        ),
        user({ type: 'tool_result', tool_use_id: 't', content: [{ type: 'tool_reference', tool_name: 'found' }] }),
      ],
    })
    expect(names(value)).toEqual(['a', 'called', 'found', 'searched', 'forced'])
    expect(keptFields(value).deferred).toEqual([
      { index: 5, tool: tools[5] },
      { index: 6, tool: tools[6] },
    ])
    expect(receipt).toEqual([])
  })

  test('all are there when only Anthropic could search for them', () => {
    const { value } = decoded({
      tools: [{ type: 'tool_search_tool_regex_20251119', name: 's' }, tool('a', { defer_loading: true })],
    })
    expect(names(value)).toEqual(['a'])
  })

  test('tools that come and go in between', () => {
    const change = (type: string, told: object) => ({ role: 'system', content: [{ type, tool: told }] })
    const { value } = decoded({
      tools: [tool('a'), tool('b', { defer_loading: true }), tool('c')],
      messages: [
        user({ type: 'text', text: 'x' }),
        change('tool_addition', { type: 'tool_reference', name: 'b' }),
        change('tool_addition', { type: 'tool_definition', definition: tool('d') }),
        change('tool_removal', { type: 'tool_reference', name: 'a' }),
        user({ type: 'text', text: 'y' }),
      ],
    })
    expect(names(value)).toEqual(['b', 'c', 'd'])
  })

  test.each<[object, unknown, unknown]>([
    [{ type: 'auto' }, 'auto', undefined],
    [{ type: 'any', disable_parallel_tool_use: true }, 'required', false],
    [{ type: 'tool', name: 'a', disable_parallel_tool_use: false }, { type: 'function', name: 'a' }, undefined],
    [{ type: 'none' }, 'none', undefined],
  ])('the choice %j', (tool_choice, expected, parallel) => {
    const { value } = decoded({ tools: [tool('a')], tool_choice })
    expect(value.tool_choice).toEqual(expected)
    expect(value.parallel_tool_calls).toBe(parallel)
  })
})

describe('what was told to a client comes back as it was', () => {
  function returned(output: PivotItem[], request: object = { thinking: { type: 'adaptive' } }): PivotItem[] {
    const about: ReplyMeta = { requestId: 'r', model: 'm', createdAt: 1, request: decoded(request).value }
    const message = encodeResponse({ id: 'x', status: 'completed', output }, about)
    return items(
      { role: 'assistant', content: JSON.parse(JSON.stringify(message.content)) as unknown },
      user({ type: 'text', text: 'x' }),
    ).slice(0, -1)
  }

  const text = fc.string({ unit: fc.constantFrom('a', '\n', '"', '🦊', ' ', '\\') })
  const thought = fc.record<ReasoningItem>(
    {
      type: fc.constant('reasoning'),
      id: fc.string(),
      summary: fc.array(text.map((one) => ({ type: 'summary_text' as const, text: one }))),
      content: fc.option(fc.array(text.map((one) => ({ type: 'reasoning_text' as const, text: one })))),
      encrypted_content: fc.option(fc.base64String()),
      status: fc.constant('completed'),
    },
    { requiredKeys: ['type', 'id', 'summary', 'encrypted_content'] },
  )

  test.each([{ thinking: { type: 'adaptive' } }, { thinking: { type: 'adaptive', display: 'omitted' } }])(
    'reasoning, with %j',
    (request) => {
      fc.assert(
        fc.property(thought, (item) => {
          fc.pre(typeof item.encrypted_content === 'string')
          expect(returned([item], request)).toEqual([item])
        }),
      )
    },
  )

  test.each<[string, PivotItem]>([
    [
      'reasoning of a Gemini upstream',
      {
        type: 'reasoning',
        id: 'r',
        summary: [{ type: 'summary_text', text: 'x' }],
        extra: { gemini: { thoughtSignature: 'S' } },
      },
    ],
    [
      'reasoning of a chat upstream',
      {
        type: 'reasoning',
        id: 'r',
        summary: [],
        content: [{ type: 'reasoning_text', text: 'x' }],
        extra: { 'openai-chat': { reasoning_details: [{ a: 1 }] } },
      },
    ],
    [
      'a search',
      {
        type: 'web_search_call',
        id: 'ws_1',
        status: 'completed',
        action: { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://a', title: 'A' }] },
      },
    ],
    [
      'a page that was opened',
      { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'open_page', url: 'https://a' } },
    ],
    ['a picture', { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'aGk=' }],
  ])('%s', (_, item) => {
    expect(returned([item])).toEqual([item])
  })

  test.each(['call_1', 'functions.ls:0', 'toolu_dgm_x', 'ü'])(
    'the call id %s, in the call and in its result',
    (call_id) => {
      const about: ReplyMeta = { requestId: 'r', model: 'm', createdAt: 1, request: decoded({}).value }
      const message = encodeResponse(
        { id: 'x', output: [{ type: 'function_call', call_id, name: 'ls', arguments: '{}' }] },
        about,
      )
      const { id } = message.content[0] as { id: string }
      expect(id).toMatch(/^[a-zA-Z0-9_-]+$/)
      expect(
        items({ role: 'assistant', content: message.content }, user({ type: 'tool_result', tool_use_id: id })),
      ).toMatchObject([{ call_id }, { call_id }])
    },
  )

  test('an annotation', () => {
    const annotation = { type: 'url_citation', url: 'https://a', title: 'A', start_index: 1, end_index: 2 }
    const [item] = returned([
      {
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'abc', annotations: [annotation] }],
      },
    ])
    expect(item).toMatchObject({ content: [{ type: 'output_text', text: 'abc', annotations: [annotation] }] })
  })

  test('a signature made up by a client brings in nothing but reasoning', () => {
    const signature = carry('openai-responses', {
      type: 'message',
      role: 'developer',
      encrypted_content: 'E',
      extra: { sampling: { n: 9 } },
      cuts: 'x',
      texts: [1],
    })
    expect(items(assistant({ type: 'thinking', thinking: 'hm', signature }))[0]).toMatchObject({
      type: 'reasoning',
      summary: [],
      encrypted_content: 'E',
    })
    expect(items(assistant({ type: 'thinking', thinking: 'hm', signature }))[0]).not.toHaveProperty('extra')
  })
})

test('a call whose arguments are no object is wrapped, with a note', () => {
  const notes: Note[] = []
  const about: ReplyMeta = {
    requestId: 'r',
    model: 'm',
    createdAt: 1,
    request: decoded({}).value,
    note: (note) => void notes.push(note),
  }
  for (const args of ['{"a":', '[1]', '"x"', 'null']) {
    const message = encodeResponse(
      { id: 'x', output: [{ type: 'function_call', call_id: 'c', name: 'ls', arguments: args }] },
      about,
    )
    expect(message.content).toEqual([{ type: 'tool_use', id: 'c', name: 'ls', input: { arguments: args } }])
  }
  expect(notes).toHaveLength(4)
})
