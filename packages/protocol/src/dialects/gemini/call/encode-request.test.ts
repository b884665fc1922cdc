import { describe, expect, test } from 'vitest'
import type { PivotItem, PivotRequest } from '../../../pivot/index.js'
import { call } from './index.js'

type Json = Record<string, unknown>

const HI: PivotItem = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }
const HI_CONTENT = { role: 'user', parts: [{ text: 'hi' }] }

function encode(request: Partial<PivotRequest>, model = 'gemini-3-flash-preview', maxOutputTokens?: number) {
  const { value, receipt } = call.encodeRequest(
    { model: 'm', input: [HI], ...request },
    { model, rules: 'compatible', ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }) },
  )
  return { body: value, notes: receipt.map(({ pointer, what }) => `${what} ${pointer}`) }
}

function contents(input: PivotItem[], model?: string) {
  const { body, notes } = encode({ input }, model)
  return { contents: body['contents'], notes }
}

function user(text: string): PivotItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
}
function assistant(text: string): PivotItem {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
}
function toolCall(call_id: string, name: string, extra: Json = {}): PivotItem {
  return { type: 'function_call', call_id, name, arguments: '{"a":1}', ...extra }
}
function result(call_id: string, output: unknown, extra: Json = {}): PivotItem {
  return { type: 'function_call_output', call_id, output, ...extra }
}
const own = (fields: Json) => ({ extra: { gemini: fields } })
const SIGNED = own({ thoughtSignature: 'c2ln' })
const FILLER = 'skip_thought_signature_validator'

describe('the conversation', () => {
  test('instructions and what stands before everything else are one system instruction; the model is not in the body', () => {
    const { body, notes } = encode({
      instructions: 'Be kind.',
      input: [
        { type: 'message', role: 'system', content: 'One.' },
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Two.' }] },
        HI,
      ],
    })
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'Be kind.\n\nOne.\n\nTwo.' }] },
      contents: [HI_CONTENT],
    })
    expect(notes).toEqual([])
  })

  test('later instructions are words of the user; nothing but instructions leaves the last one to answer', () => {
    expect(contents([HI, { type: 'message', role: 'developer', content: 'Now in French.' }])).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'hi' }, { text: 'Now in French.' }] }],
      notes: ['approximated /input/1'],
    })
    const { body } = encode({
      input: [
        { type: 'message', role: 'system', content: 'a' },
        { type: 'message', role: 'system', content: 'b' },
      ],
    })
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'a' }] },
      contents: [{ role: 'user', parts: [{ text: 'b' }] }],
    })
  })

  test.each<[string, PivotItem[], unknown, string[]]>([
    [
      'what one side says in a row is one content',
      [
        user('a'),
        user('b'),
        assistant('c'),
        { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'd' }] },
        user(''),
      ],
      [
        { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
        { role: 'model', parts: [{ text: 'c' }, { text: 'd' }] },
      ],
      [],
    ],
    [
      'results follow their calls, in the order of the calls, wherever they stood',
      [
        HI,
        toolCall('c1', 'f', SIGNED),
        toolCall('c2', 'g'),
        user('wait'),
        result('c2', 'two'),
        result('c1', [{ type: 'input_text', text: 'one' }]),
      ],
      [
        HI_CONTENT,
        {
          role: 'model',
          parts: [
            { functionCall: { id: 'c1', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' },
            { functionCall: { id: 'c2', name: 'g', args: { a: 1 } } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'c1', name: 'f', response: { output: 'one' } } },
            { functionResponse: { id: 'c2', name: 'g', response: { output: 'two' } } },
          ],
        },
        { role: 'user', parts: [{ text: 'wait' }] },
      ],
      [],
    ],
    [
      'the same id in two turns: each call has its own result',
      [HI, toolCall('c', 'f', SIGNED), result('c', '1'), toolCall('c', 'f', SIGNED), result('c', '2')],
      [
        HI_CONTENT,
        { role: 'model', parts: [{ functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
        { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'f', response: { output: '1' } } }] },
        { role: 'model', parts: [{ functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
        { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'f', response: { output: '2' } } }] },
      ],
      [],
    ],
    [
      "a call that Gemini gave no id goes back without one, and so does its result; the client's own object is kept",
      [
        HI,
        toolCall('made_1', 'f', own({ thoughtSignature: 'c2ln', unnamed: true })),
        result('made_1', '{"x":1}', own({ response: { x: 1 }, name: 'f', unnamed: true, scheduling: 'SILENT' })),
      ],
      [
        HI_CONTENT,
        { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { x: 1 }, scheduling: 'SILENT' } }] },
      ],
      [],
    ],
    [
      'a result that failed',
      [
        HI,
        toolCall('c', 'f', SIGNED),
        result('c', 'Error: no', { extra: { 'anthropic-messages': { is_error: true } } }),
      ],
      [
        HI_CONTENT,
        { role: 'model', parts: [{ functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
        { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'f', response: { error: 'Error: no' } } }] },
      ],
      [],
    ],
    [
      'a call whose result is missing gets one that says so; calls at the end wait',
      [HI, toolCall('c1', 'f', SIGNED), user('go on'), toolCall('c2', 'g', SIGNED)],
      [
        HI_CONTENT,
        { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
        {
          role: 'user',
          parts: [{ functionResponse: { id: 'c1', name: 'f', response: { error: 'there is no result' } } }],
        },
        { role: 'user', parts: [{ text: 'go on' }] },
        { role: 'model', parts: [{ functionCall: { id: 'c2', name: 'g', args: { a: 1 } }, thoughtSignature: 'c2ln' }] },
      ],
      ['approximated /input/1'],
    ],
    [
      'a result without a call is words of the user',
      [HI, result('gone', 'it is 7')],
      [{ role: 'user', parts: [{ text: 'hi' }, { text: 'it is 7' }] }],
      ['approximated /input/1'],
    ],
    [
      'custom tools and namespaces: a function with one text, a name with its namespace',
      [
        HI,
        { type: 'custom_tool_call', call_id: 'c', name: 'patch', input: '*** Begin' },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'ok' },
        toolCall('d', 'ls', { namespace: 'fs' }),
      ],
      [
        HI_CONTENT,
        {
          role: 'model',
          parts: [{ functionCall: { id: 'c', name: 'patch', args: { input: '*** Begin' } }, thoughtSignature: FILLER }],
        },
        { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'patch', response: { output: 'ok' } } }] },
        {
          role: 'model',
          parts: [{ functionCall: { id: 'd', name: 'fs__ls', args: { a: 1 } }, thoughtSignature: FILLER }],
        },
      ],
      ['emulated /input/1'],
    ],
    [
      'parts of Gemini, pictures with their signatures, items of others',
      [
        HI,
        { type: 'gemini_part', role: 'model', part: { executableCode: { code: '1' } } },
        { type: 'image_generation_call', result: 'aGk=', output_format: 'webp', ...SIGNED },
        { type: 'web_search_call', action: { type: 'search', query: 'x' } },
        { type: 'web_search_call', action: { type: 'search', query: 'y' } },
        { type: 'local_shell_call', call_id: 'x' },
        assistant('done'),
      ],
      [
        HI_CONTENT,
        {
          role: 'model',
          parts: [
            { executableCode: { code: '1' } },
            { inlineData: { mimeType: 'image/webp', data: 'aGk=' }, thoughtSignature: 'c2ln' },
            { text: 'done' },
          ],
        },
      ],
      ['dropped /input/3', 'dropped /input/5'],
    ],
  ])('%s', (_, input, expected, notes) => {
    expect(contents(input)).toEqual({ contents: expected, notes })
  })
})

describe('thoughts', () => {
  const thought = (text: string, extra: Json = {}): PivotItem => ({
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    ...extra,
  })

  test.each<[string, PivotItem[], unknown[], string[]]>([
    [
      'with their signature',
      [thought('hm', own({ thoughtSignature: 'c2ln', on: 'thought' })), assistant('a')],
      [{ text: 'hm', thought: true, thoughtSignature: 'c2ln' }, { text: 'a' }],
      [],
    ],
    [
      'of a text: on the text after it',
      [thought('', own({ thoughtSignature: 'c2ln', on: 'text' })), assistant('a')],
      [{ text: 'a', thoughtSignature: 'c2ln' }],
      [],
    ],
    [
      'of a text before it: on a text of its own',
      [assistant('a'), thought('', own({ thoughtSignature: 'c2ln', on: 'text' }))],
      [{ text: 'a' }, { text: '', thoughtSignature: 'c2ln' }],
      [],
    ],
    [
      'of a text that a call follows',
      [
        thought('', own({ thoughtSignature: 'c2ln', on: 'text' })),
        toolCall('c', 'f', own({ thoughtSignature: 'b3du' })),
      ],
      [
        { text: '', thoughtSignature: 'c2ln' },
        { functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'b3du' },
      ],
      [],
    ],
    [
      'two signatures in a row',
      [
        thought('', own({ thoughtSignature: 'YQ==', on: 'text' })),
        thought('', own({ thoughtSignature: 'Yg==', on: 'text' })),
        assistant('a'),
      ],
      [
        { text: '', thoughtSignature: 'YQ==' },
        { text: 'a', thoughtSignature: 'Yg==' },
      ],
      [],
    ],
    ['without any state', [thought('hm'), assistant('a')], [{ text: 'hm', thought: true }, { text: 'a' }], []],
    [
      'of other models, said once',
      [
        thought('x', { encrypted_content: 'enc' }),
        thought('y', { extra: { 'anthropic-messages': { signature: 's' } } }),
        assistant('a'),
      ],
      [{ text: 'a' }],
      ['dropped /input/1'],
    ],
  ])('%s', (_, items, parts, notes) => {
    expect(contents([HI, ...items])).toEqual({ contents: [HI_CONTENT, { role: 'model', parts }], notes })
  })

  test('the signature of a call that only the thought before it still has', () => {
    const items = [
      HI,
      thought('hm', own({ callSignature: 'c2ln' })),
      assistant('so'),
      toolCall('a', 'f'),
      toolCall('b', 'f'),
      result('a', '1'),
      result('b', '2'),
      toolCall('c', 'f'),
    ]
    const parts = (contents(items).contents as { parts: Json[] }[]).flatMap((content) => content.parts)
    expect(parts[1]).toEqual({ text: 'hm', thought: true })
    const calls = parts.filter((part) => part['functionCall'] !== undefined)
    expect(calls.map((part) => part['thoughtSignature'])).toEqual(['c2ln', undefined, FILLER])
  })

  test('only Gemini 3 wants a signature, and only on the first call of a turn', () => {
    const items = [HI, toolCall('a', 'f'), toolCall('b', 'f'), result('a', '1'), result('b', '2')]
    const signatures = (model: string) =>
      (contents(items, model).contents as { parts: Json[] }[]).flatMap(({ parts }) =>
        parts.map((part) => part['thoughtSignature']),
      )
    expect(signatures('gemini-3-pro-preview')).toEqual([undefined, FILLER, undefined, undefined, undefined])
    expect(signatures('gemini-flash-latest')).toEqual([undefined, FILLER, undefined, undefined, undefined])
    expect(signatures('gemini-2.5-pro')).toEqual([undefined, undefined, undefined, undefined, undefined])
  })
})

describe('media', () => {
  const message = (...content: Json[]): PivotItem[] => [
    { type: 'message', role: 'user', content } as unknown as PivotItem,
  ]

  test.each<[string, Json, unknown[], string[]]>([
    [
      'a picture as data',
      { type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
      [{ inlineData: { mimeType: 'image/png', data: 'aGk=' } }],
      [],
    ],
    [
      'a picture by its URL',
      { type: 'input_image', image_url: 'https://a.example/x.webp?y=1', detail: 'auto' },
      [{ fileData: { fileUri: 'https://a.example/x.webp?y=1', mimeType: 'image/webp' } }],
      [],
    ],
    [
      'a picture without an ending',
      { type: 'input_image', image_url: 'https://a.example/x', detail: 'low' },
      [{ fileData: { fileUri: 'https://a.example/x', mimeType: 'image/jpeg' } }],
      ['approximated /input/0/content/0/detail'],
    ],
    ['a picture of an id', { type: 'input_image', file_id: 'file-1' }, [], ['dropped /input/0/content/0']],
    [
      'the very file of a Gemini client',
      {
        type: 'input_file',
        file_url: 'files/x',
        ...own({ fileData: { fileUri: 'files/x', mimeType: 'video/mp4' }, videoMetadata: { fps: 2 } }),
      },
      [{ fileData: { fileUri: 'files/x', mimeType: 'video/mp4' }, videoMetadata: { fps: 2 } }],
      [],
    ],
    [
      'a file as data',
      { type: 'input_file', file_data: 'data:application/pdf;base64,aGk=', filename: 'a.pdf' },
      [{ inlineData: { mimeType: 'application/pdf', data: 'aGk=' } }],
      ['dropped /input/0/content/0/filename'],
    ],
    [
      'a text file in plain signs',
      { type: 'input_file', file_data: 'data:text/plain;charset=utf-8,h%C3%A9' },
      [{ inlineData: { mimeType: 'text/plain', data: 'aMOp' } }],
      [],
    ],
    [
      'a file by its URL',
      { type: 'input_file', file_url: 'https://a.example/x' },
      [{ fileData: { fileUri: 'https://a.example/x', mimeType: 'application/pdf' } }],
      [],
    ],
    [
      'a video',
      { type: 'input_file', file_url: 'https://www.youtube.com/watch?v=1' },
      [{ fileData: { fileUri: 'https://www.youtube.com/watch?v=1', mimeType: 'video/*' } }],
      [],
    ],
    [
      'sound',
      { type: 'input_audio', input_audio: { data: 'aGk=', format: 'wav' } },
      [{ inlineData: { mimeType: 'audio/wav', data: 'aGk=' } }],
      [],
    ],
    ['what nobody knows', { type: 'input_hologram' }, [], ['dropped /input/0/content/0']],
  ])('%s', (_, part, parts, notes) => {
    expect(contents(message(part))).toEqual({ contents: parts.length === 0 ? [] : [{ role: 'user', parts }], notes })
  })

  test('media of a result: inside of it for Gemini 3, beside it before', () => {
    const items = [
      HI,
      toolCall('c', 'shot', SIGNED),
      result('c', [
        { type: 'input_text', text: 'here' },
        { type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
      ]),
    ]
    const blob = { inlineData: { mimeType: 'image/png', data: 'aGk=' } }
    const response = { id: 'c', name: 'shot', response: { output: 'here' } }
    const last = ({ contents: list }: { contents: unknown }) => (list as Json[]).at(-1)
    expect(last(contents(items))).toEqual({
      role: 'user',
      parts: [{ functionResponse: { ...response, parts: [blob] } }],
    })
    const older = contents(items, 'gemini-2.5-flash')
    expect(last(older)).toEqual({ role: 'user', parts: [{ functionResponse: response }, blob] })
    expect(older.notes).toEqual(['approximated /input/2/output'])
  })
})

describe('tools', () => {
  const tool = {
    type: 'function',
    name: 'f',
    description: 'does f',
    parameters: { type: 'object', properties: { a: { type: 'string' } } },
  }

  test('functions, the search, tools of Gemini and a custom tool', () => {
    const { body, notes } = encode({
      tools: [
        tool,
        { type: 'function', name: 'nothing', parameters: { type: 'object', properties: {} } },
        {
          type: 'custom',
          name: 'patch',
          description: 'patches',
          format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
        },
        { type: 'namespace', name: 'fs', tools: [{ type: 'function', name: 'ls' }] },
        { type: 'mcp', server_label: 'x' },
      ],
      extra: { gemini: { tools: [{ codeExecution: {} }] } },
    })
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [
          { name: 'f', description: 'does f', parametersJsonSchema: tool.parameters },
          { name: 'nothing' },
          {
            name: 'patch',
            description: 'patches\n\nThe input must follow this lark grammar:\nstart: x',
            parametersJsonSchema: {
              type: 'object',
              properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
              required: ['input'],
            },
          },
          { name: 'fs__ls' },
        ],
      },
      { codeExecution: {} },
    ])
    expect(notes).toEqual(['emulated /tools/2', 'emulated /tools/3', 'dropped /tools/4'])
  })

  test('search and functions together: Gemini 3 can when it is told so, older models only call', () => {
    const tools = [
      tool,
      { type: 'web_search', filters: { allowed_domains: ['a.example'] }, search_context_size: 'high' },
    ]
    const three = encode({ tools })
    expect(three.body['tools']).toHaveLength(2)
    expect(three.body['toolConfig']).toEqual({ includeServerSideToolInvocations: true })
    expect(three.notes).toEqual(['dropped /tools/1/filters/allowed_domains', 'dropped /tools/1/search_context_size'])
    const two = encode({ tools: [tool, { type: 'web_search' }] }, 'gemini-2.5-pro')
    expect(two.body['tools']).toHaveLength(1)
    expect(two.body['toolConfig']).toBeUndefined()
    expect(two.notes).toEqual(['dropped /tools/1'])
    expect(encode({ tools: [{ type: 'web_search_preview' }] }, 'gemini-2.5-pro').body['tools']).toEqual([
      { googleSearch: {} },
    ])
  })

  test.each<[string, PivotRequest['tool_choice'], unknown, string[]]>([
    ['auto', 'auto', { mode: 'AUTO' }, []],
    ['none', 'none', { mode: 'NONE' }, []],
    ['required', 'required', { mode: 'ANY' }, []],
    ['one', { type: 'function', name: 'f' }, { mode: 'ANY', allowedFunctionNames: ['f'] }, []],
    [
      'one of a namespace',
      { type: 'custom', name: 'g', namespace: 'fs' },
      { mode: 'ANY', allowedFunctionNames: ['fs__g'] },
      [],
    ],
    [
      'some',
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
      { mode: 'ANY', allowedFunctionNames: ['f'] },
      [],
    ],
    [
      'some or none',
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] },
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      ['dropped /tool_choice/tools'],
    ],
    ['a hosted tool', { type: 'web_search' }, undefined, ['dropped /tool_choice']],
  ])('choice: %s', (_, tool_choice, expected, notes) => {
    const told = encode({ tools: [tool], ...(tool_choice === undefined ? {} : { tool_choice }) })
    expect((told.body['toolConfig'] as Json | undefined)?.['functionCallingConfig']).toEqual(expected)
    expect(told.notes).toEqual(notes)
    // Without functions there is nothing to choose, and Gemini would refuse it.
    expect(encode({ tool_choice: 'auto' }).body).not.toHaveProperty('toolConfig')
  })
})

describe('how to answer', () => {
  test('sampling, limits and lists under their names', () => {
    const { body, notes } = encode({
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      extra: {
        sampling: {
          stop: ['x'],
          seed: 7,
          top_k: 40,
          presence_penalty: 0.1,
          frequency_penalty: 0.2,
          n: 3,
          min_p: 0.1,
          logit_bias: { 5: 1 },
        },
      },
    })
    expect(body['generationConfig']).toEqual({
      maxOutputTokens: 100,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      stopSequences: ['x'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
    })
    expect(notes.sort()).toEqual(['dropped /logit_bias', 'dropped /min_p', 'dropped /n'])
  })

  test('a limit beyond what the model gives is refused by Gemini, so it is lowered', () => {
    const { body, notes } = encode({ max_output_tokens: 200_000 }, 'gemini-2.5-pro', 65_536)
    expect(body['generationConfig']).toEqual({ maxOutputTokens: 65_536 })
    expect(notes).toEqual(['approximated /max_output_tokens'])
  })

  test.each<[string, PivotRequest['reasoning'], unknown, string[]]>([
    ['gemini-3-flash-preview', { effort: 'none' }, { thinkingLevel: 'MINIMAL' }, ['approximated /reasoning/effort']],
    ['gemini-3-flash-preview', { effort: 'minimal' }, { thinkingLevel: 'MINIMAL' }, []],
    [
      'gemini-3-flash-preview',
      { effort: 'medium', summary: 'auto' },
      { thinkingLevel: 'MEDIUM', includeThoughts: true },
      [],
    ],
    ['gemini-3-flash-preview', { effort: 'xhigh' }, { thinkingLevel: 'HIGH' }, ['approximated /reasoning/effort']],
    ['gemini-3-pro-preview', { effort: 'minimal' }, { thinkingLevel: 'LOW' }, ['approximated /reasoning/effort']],
    ['gemini-3-pro-preview', { effort: 'medium' }, { thinkingLevel: 'HIGH' }, ['approximated /reasoning/effort']],
    ['gemini-3.1-pro-preview', { effort: 'medium' }, { thinkingLevel: 'MEDIUM' }, []],
    ['gemini-3-pro-preview', { effort: 'odd' }, {}, ['dropped /reasoning/effort']],
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }, []],
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128 }, ['approximated /reasoning/effort']],
    ['gemini-2.5-flash', { effort: 'minimal' }, { thinkingBudget: 512 }, []],
    ['gemini-2.5-flash', { effort: 'low' }, { thinkingBudget: 1024 }, []],
    ['gemini-2.5-flash', { effort: 'medium' }, { thinkingBudget: 8192 }, []],
    ['gemini-2.5-flash', { effort: 'high' }, { thinkingBudget: 24576 }, []],
    ['gemini-2.5-flash', { effort: 'max' }, { thinkingBudget: 24576 }, []],
    ['models/gemini-2.5-pro', { effort: 'xhigh' }, { thinkingBudget: 32768 }, []],
    ['gemini-2.5-flash', { summary: 'detailed' }, { includeThoughts: true }, []],
    ['gemini-2.0-flash', { effort: 'high' }, undefined, ['dropped /reasoning']],
    ['gemma-3-27b-it', { effort: 'none', summary: 'auto' }, undefined, []],
  ])('%s thinks %o', (model, reasoning, expected, notes) => {
    const { body, notes: told } = encode({ ...(reasoning === undefined ? {} : { reasoning }) }, model)
    expect((body['generationConfig'] as Json | undefined)?.['thinkingConfig']).toEqual(expected)
    expect(told).toEqual(notes)
  })

  test("a Gemini client's thinking goes back as it was, unless another effort was chosen on the way", () => {
    const kept = { 'gemini-kept': { thinkingConfig: { thinkingBudget: 1234, includeThoughts: true }, effort: 'low' } }
    const thinking = (effort: string) =>
      (
        encode({ reasoning: { effort, summary: 'auto' }, extra: kept }, 'gemini-2.5-pro').body[
          'generationConfig'
        ] as Json
      )['thinkingConfig']
    expect(thinking('low')).toEqual({ thinkingBudget: 1234, includeThoughts: true })
    expect(thinking('high')).toEqual({ thinkingBudget: 24576, includeThoughts: true })
  })

  test('structured output: by the schema; in words where an older model has functions', () => {
    const format = {
      type: 'json_schema' as const,
      name: 'x',
      schema: { type: 'object', properties: { a: { type: 'string', const: 'b' } }, $schema: 'x' },
      strict: true,
    }
    const schema = { type: 'object', properties: { a: { type: 'string', enum: ['b'] } } }
    expect(encode({ text: { format } }, 'gemini-2.5-pro').body['generationConfig']).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    })
    expect(encode({ text: { format: { type: 'json_object' } } }).body['generationConfig']).toEqual({
      responseMimeType: 'application/json',
    })
    const tools = [{ type: 'function', name: 'f' }]
    const older = encode({ text: { format }, tools }, 'gemini-2.5-pro')
    expect(older.body).not.toHaveProperty('generationConfig')
    expect(JSON.stringify(older.body['systemInstruction'])).toContain('JSON Schema')
    expect(older.notes).toEqual(['approximated /text/format'])
    expect(encode({ text: { format }, tools }).body).toHaveProperty('generationConfig')
  })

  test('pictures: only from a model that draws', () => {
    expect(
      encode({ tools: [{ type: 'image_generation' }] }, 'gemini-3-pro-image-preview').body['generationConfig'],
    ).toEqual({ responseModalities: ['TEXT', 'IMAGE'] })
    expect(encode({ tools: [{ type: 'image_generation' }] }).notes).toEqual(['dropped /tools/0'])
  })
})

describe('what else a client may ask for', () => {
  test.each<[string, Partial<PivotRequest>, string[]]>([
    [
      'one call at a time',
      { parallel_tool_calls: false, tools: [{ type: 'function', name: 'f' }] },
      ['dropped /parallel_tool_calls'],
    ],
    ['one call at a time of no tools', { parallel_tool_calls: false }, []],
    ['verbosity', { text: { verbosity: 'low' } }, ['dropped /text/verbosity']],
    ['the default verbosity', { text: { verbosity: 'medium' } }, []],
    [
      'to be remembered',
      { store: true, previous_response_id: 'r' },
      ['dropped /store', 'dropped /previous_response_id'],
    ],
    ['metadata', { metadata: { a: 'b' } }, ['dropped /metadata']],
    ['a tier that Gemini has not', { service_tier: 'scale' }, ['dropped /service_tier']],
    ['who asks', { user: 'u', safety_identifier: 's' }, ['dropped /user', 'dropped /safety_identifier']],
    [
      'more beside the answer',
      { include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] },
      ['dropped /include'],
    ],
    ['what is new', { 'some/thing': 1 }, ['dropped /some~1thing']],
    [
      'nothing at all',
      {
        store: false,
        parallel_tool_calls: true,
        truncation: 'disabled',
        include: ['reasoning.encrypted_content'],
        service_tier: 'auto',
        prompt_cache_key: 'k',
        client_metadata: { a: 'b' },
        stream: true,
        metadata: {},
        user: null,
      },
      [],
    ],
  ])('%s', (_, fields, notes) => {
    const told = encode(fields)
    expect(told.notes).toEqual(notes)
    expect(told.body).toEqual(
      fields.tools === undefined
        ? { contents: [HI_CONTENT] }
        : { contents: [HI_CONTENT], tools: [{ functionDeclarations: [{ name: 'f' }] }] },
    )
  })

  test('a tier that Gemini has', () => {
    expect(encode({ service_tier: 'flex' }).body['serviceTier']).toBe('flex')
  })
})
