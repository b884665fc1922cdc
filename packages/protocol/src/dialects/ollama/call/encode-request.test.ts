import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Note, UpstreamModel } from '../../../dialect.js'
import type { PivotItem, PivotRequest } from '../../../pivot/index.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { decodeRequest } from '../serve/decode-request.js'
import { encodeRequest } from './encode-request.js'

type Json = Record<string, unknown>
const TO: UpstreamModel = { model: 'llama', rules: 'compatible' }

function encoded(request: Partial<PivotRequest>, notes: [string, Note['what']][] = []): Json {
  const { value, receipt } = encodeRequest({ model: 'm', input: [], ...request }, TO)
  expect(receipt.map(({ pointer, what }) => [pointer, what])).toEqual(notes)
  return value
}
const messagesOf = (input: PivotItem[], notes: [string, Note['what']][] = []) =>
  encoded({ input }, notes)['messages'] as Json[]
const call = (name: string, call_id: string, args = '{}'): PivotItem => ({
  type: 'function_call',
  call_id,
  name,
  arguments: args,
})

describe('a request of the same API goes through whole', () => {
  const CHAT = {
    model: 'llama',
    stream: true,
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'what is it?', images: ['iVBORw0KGgoAAA=='] },
      {
        role: 'assistant',
        content: 'let me see',
        thinking: 'hm',
        tool_calls: [
          { id: 'call_a', function: { index: 0, name: 'f', arguments: { x: 1 } } },
          { id: 'call_b', function: { index: 1, name: 'g', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'one', tool_name: 'f', tool_call_id: 'call_a' },
      { role: 'tool', content: 'two', tool_name: 'g', tool_call_id: 'call_b' },
      { role: 'assistant', content: 'a cat', images: ['/9j/4AAQ'] },
      { role: 'user', content: 'thanks', mood: 'good' },
    ],
    tools: [
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object', properties: {} } } },
    ],
    think: 'high',
    format: { type: 'object' },
    keep_alive: '5m',
    truncate: false,
    logprobs: true,
    brand_new: [1],
    options: {
      temperature: 0,
      top_p: 0.5,
      num_predict: 9,
      stop: ['a'],
      seed: 7,
      top_k: 4,
      min_p: 0.1,
      repeat_penalty: 1.1,
      presence_penalty: 1,
      frequency_penalty: 2,
      num_ctx: 8192,
      mirostat: 1,
    },
  }
  test('chat', () => {
    const { value, receipt } = encodeRequest(decodeRequest(CHAT).value, TO)
    expect(receipt).toEqual([])
    expect(value).toEqual(CHAT)
  })

  test.each(['json', { type: 'object' }])('format %j', (format) => {
    const { value } = encodeRequest(decodeRequest({ ...CHAT, format }).value, TO)
    expect(value).toEqual({ ...CHAT, format })
  })

  test('generate is asked as a chat', () => {
    const body = {
      model: 'm',
      prompt: 'hi',
      system: 'be brief',
      images: ['/9j/4AAQ'],
      stream: false,
      think: true,
      raw: true,
      suffix: 's',
      context: [1],
      template: '',
    }
    const { value, receipt } = encodeRequest(decodeRequest(body).value, TO)
    expect(value).toEqual({
      model: 'llama',
      stream: false,
      think: true,
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'hi', images: ['/9j/4AAQ'] },
      ],
    })
    expect(receipt.map(({ pointer, what }) => [pointer, what])).toEqual([
      ['/suffix', 'dropped'],
      ['/context', 'dropped'],
      ['/raw', 'dropped'],
    ])
  })

  test('whatever is asked twice is asked the same', () => {
    const message = fc.oneof(
      fc.record({ role: fc.constantFrom('system', 'user'), content: fc.string() }),
      fc.record({
        role: fc.constant('assistant'),
        content: fc.string(),
        thinking: fc.string(),
        tool_calls: fc.array(
          fc.record({
            id: fc.constantFrom('a', 'b', undefined),
            function: fc.record({
              name: fc.constantFrom('f', 'g'),
              arguments: fc.dictionary(fc.string(), fc.jsonValue()),
            }),
          }),
          { maxLength: 3 },
        ),
      }),
      fc.record({ role: fc.constant('tool'), content: fc.string(), tool_name: fc.constantFrom('f', 'h', undefined) }),
    )
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 8 }), (messages) => {
        const once = encodeRequest(decodeRequest({ model: 'llama', messages }).value, TO).value
        expect(encodeRequest(decodeRequest(once).value, TO).value).toEqual(once)
      }),
    )
  })
})

describe('what other clients say', () => {
  test('turns of the assistant are joined as Ollama makes them', () => {
    expect(
      messagesOf([
        { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
        {
          type: 'message',
          role: 'assistant',
          content: [
            { type: 'output_text', text: 'so' },
            { type: 'refusal', refusal: 'no' },
          ],
        },
        call('f', 'a', '{"x":1}'),
        { type: 'message', role: 'assistant', content: 'and' },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'more' }] },
        {
          type: 'function_call_output',
          call_id: 'a',
          output: [
            { type: 'input_text', text: 'r' },
            { type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
          ],
        },
      ]),
    ).toEqual([
      {
        role: 'assistant',
        content: 'so\nno',
        thinking: 'hm',
        tool_calls: [{ id: 'a', function: { index: 0, name: 'f', arguments: { x: 1 } } }],
      },
      { role: 'assistant', content: 'and' },
      { role: 'assistant', content: '', thinking: 'more' },
      { role: 'tool', content: 'r', images: ['aGk='], tool_name: 'f', tool_call_id: 'a' },
    ])
  })

  test.each<[string, PivotItem, Json | undefined, Note['what']]>([
    [
      'a picture by URL',
      { type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a.png' }] },
      { role: 'user', content: '' },
      'dropped',
    ],
    [
      'a file',
      { type: 'message', role: 'user', content: [{ type: 'input_file', file_id: 'f' }] },
      { role: 'user', content: '' },
      'dropped',
    ],
    [
      'a custom call',
      { type: 'custom_tool_call', call_id: 'c', name: 'sh', input: 'ls' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c', function: { index: 0, name: 'sh', arguments: { input: 'ls' } } }],
      },
      'emulated',
    ],
    [
      'arguments that are no object',
      call('f', 'c', '[1]'),
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c', function: { index: 0, name: 'f', arguments: { arguments: '[1]' } } }],
      },
      'approximated',
    ],
    [
      'encrypted reasoning',
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x' }], encrypted_content: 'e' },
      undefined,
      'dropped',
    ],
    [
      "another provider's reasoning",
      { type: 'reasoning', summary: [], extra: { 'anthropic-messages': { signature: 's' } } },
      undefined,
      'dropped',
    ],
    ['a search', { type: 'web_search_call' }, undefined, 'dropped'],
    ['an unknown item', { type: 'compaction' }, undefined, 'dropped'],
  ])('%s', (_, item, message, what) => {
    const { value, receipt } = encodeRequest({ model: 'm', input: [item] }, TO)
    expect(value['messages']).toEqual(message === undefined ? [] : [message])
    expect(receipt).toHaveLength(1)
    expect(receipt[0]?.what).toBe(what)
    expect(receipt[0]?.pointer).toMatch(/^\/input\/0/)
  })

  const tools = [
    { type: 'function' as const, name: 'f' },
    { type: 'function' as const, name: 'g' },
  ]
  const names = (body: Json) =>
    (body['tools'] as { function: { name: string } }[] | undefined)?.map((tool) => tool.function.name)
  test.each<[PivotRequest['tool_choice'], string[] | undefined, Note['what'] | undefined]>([
    ['auto', ['f', 'g'], undefined],
    ['none', undefined, 'emulated'],
    ['required', ['f', 'g'], 'dropped'],
    [{ type: 'function', name: 'g' }, ['g'], 'approximated'],
    [{ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] }, ['f'], 'emulated'],
    [{ type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] }, ['f'], 'approximated'],
  ])('the choice %j', (tool_choice, expected, what) => {
    expect(
      names(encoded({ tools, tool_choice: tool_choice ?? 'auto' }, what === undefined ? [] : [['/tool_choice', what]])),
    ).toEqual(expected)
  })

  test.each<[string, unknown, Note['what'] | undefined]>([
    ['none', false, undefined],
    ['minimal', 'low', 'approximated'],
    ['low', 'low', undefined],
    ['high', 'high', undefined],
    ['xhigh', 'high', 'approximated'],
  ])('effort %s', (effort, think, what) => {
    expect(encoded({ reasoning: { effort } }, what === undefined ? [] : [['/reasoning/effort', what]])['think']).toBe(
      think,
    )
  })

  test('format, limits, and what Ollama does not know', () => {
    expect(
      encoded(
        {
          text: { format: { type: 'json_object' }, verbosity: 'low' },
          max_output_tokens: 9,
          temperature: 0,
          metadata: { a: 'b' },
          store: true,
          parallel_tool_calls: false,
          tools,
          extra: { sampling: { n: 2, seed: 1 }, 'openai-chat': { logprobs: true, stream_options: {} } },
        },
        [
          ['/parallel_tool_calls', 'dropped'],
          ['/n', 'dropped'],
          ['/metadata', 'dropped'],
          ['/text/verbosity', 'dropped'],
          ['/logprobs', 'dropped'],
        ],
      ),
    ).toMatchObject({ format: 'json', options: { num_predict: 9, temperature: 0, seed: 1 } })
    expect(
      encoded({ text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } } } })['format'],
    ).toEqual({ type: 'object' })
  })
})

describe("what an Ollama client's request costs on the way to Codex", () => {
  const notes = (more: object) =>
    openaiResponses.call
      .encodeRequest(decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...more }).value, {
        model: 'm',
        rules: 'codex',
      })
      .receipt.map(({ pointer, what }) => [pointer, what])

  test('nothing, as clients ask by default', () => {
    expect(
      notes({
        keep_alive: '5m',
        think: false,
        format: 'json',
        truncate: true,
        options: { num_ctx: 8192, num_predict: -1, mirostat: 0, tfs_z: 1, num_gpu: 3 },
      }),
    ).toEqual([])
  })
  test('what it cannot do, each by its name', () => {
    expect(
      notes({ options: { mirostat: 2, mirostat_tau: 5, temperature: 0.2, top_k: 4 }, raw: true, brand_new: 1 }),
    ).toEqual([
      ['/top_k', 'dropped'],
      ['/raw', 'dropped'],
      ['/brand_new', 'dropped'],
      ['/options/mirostat', 'dropped'],
      ['/temperature', 'dropped'],
    ])
  })
})
