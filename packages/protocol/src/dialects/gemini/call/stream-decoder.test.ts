import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTerminal, type PivotEvent } from '../../../pivot/index.js'
import { decodeResponse } from './decode-response.js'
import { asArray, asSse, decode, decodeCut, plain, reduced, toldByDeltas } from './read-stream.test-kit.js'

type Json = Record<string, unknown>

const HEAD = { modelVersion: 'gemini-3-pro-preview', responseId: 'abc-DEF_1' }
const USAGE = { promptTokenCount: 9, candidatesTokenCount: 23, totalTokenCount: 34, thoughtsTokenCount: 2 }

function parts(...list: Json[]): Json {
  return { candidates: [{ content: { parts: list, role: 'model' }, index: 0 }], ...HEAD }
}

function end(fields: Json = {}, rest: Json = { usageMetadata: USAGE }): Json {
  return { candidates: [{ finishReason: 'STOP', index: 0, ...fields }], ...HEAD, ...rest }
}

function output(...chunks: Json[]) {
  return plain(reduced(decode(asSse([...chunks, end()]))).output)
}

describe('parts of an answer', () => {
  test.each<[string, Json[], unknown[]]>([
    [
      'text in pieces is one message',
      [parts({ text: 'Hello ' }), parts({ text: '"wörld"\n😀' })],
      [
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Hello "wörld"\n😀', annotations: [] }],
        },
      ],
    ],
    [
      'thoughts are summaries, before the text',
      [parts({ text: '**Plan**\n', thought: true }), parts({ text: 'more', thought: true }), parts({ text: 'x' })],
      [
        { type: 'reasoning', summary: [{ type: 'summary_text', text: '**Plan**\nmore' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'x', annotations: [] }] },
      ],
    ],
    [
      'a signature ends the thought that it stands on',
      [parts({ text: 'a', thought: true, thoughtSignature: 'c2ln' }), parts({ text: 'b', thought: true })],
      [
        {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'a' }],
          extra: { gemini: { thoughtSignature: 'c2ln', on: 'thought' } },
        },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'b' }] },
      ],
    ],
    [
      'the signature of a text stands before it',
      [parts({ text: 'a', thoughtSignature: 'c2ln' }), parts({ text: 'b' })],
      [
        { type: 'reasoning', summary: [], extra: { gemini: { thoughtSignature: 'c2ln', on: 'text' } } },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ab', annotations: [] }] },
      ],
    ],
    [
      'a signature after the text stands after it',
      [parts({ text: 'a' }), parts({ text: '', thoughtSignature: 'c2ln' })],
      [
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a', annotations: [] }] },
        { type: 'reasoning', summary: [], extra: { gemini: { thoughtSignature: 'c2ln', on: 'text' } } },
      ],
    ],
    [
      'a signature on nothing at all',
      [parts({ thoughtSignature: 'c2ln' })],
      [{ type: 'reasoning', summary: [], extra: { gemini: { thoughtSignature: 'c2ln', on: 'text' } } }],
    ],
    [
      'whole calls, with and without ids; the same id twice becomes two',
      [
        parts(
          { functionCall: { id: 'c1', name: 'ls', args: { path: '.' } }, thoughtSignature: 'c2ln' },
          { functionCall: { id: 'c1', name: 'ls', args: {} } },
          { functionCall: { name: 'pwd' } },
        ),
      ],
      [
        {
          type: 'function_call',
          call_id: 'c1',
          name: 'ls',
          arguments: '{"path":"."}',
          extra: { gemini: { thoughtSignature: 'c2ln' } },
        },
        { type: 'function_call', call_id: 'c1_2', name: 'ls', arguments: '{}' },
        {
          type: 'function_call',
          call_id: 'call_abcDEF1_2',
          name: 'pwd',
          arguments: '{}',
          extra: { gemini: { unnamed: true } },
        },
      ],
    ],
    [
      'the thought before a signed call carries its signature too, for clients that keep none on calls',
      [
        parts({ text: 'hm', thought: true }),
        parts({ functionCall: { id: 'c', name: 'ls', args: {} }, thoughtSignature: 'c2ln' }),
        parts({ functionCall: { id: 'd', name: 'ls', args: {} } }),
      ],
      [
        {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'hm' }],
          extra: { gemini: { callSignature: 'c2ln' } },
        },
        {
          type: 'function_call',
          call_id: 'c',
          name: 'ls',
          arguments: '{}',
          extra: { gemini: { thoughtSignature: 'c2ln' } },
        },
        { type: 'function_call', call_id: 'd', name: 'ls', arguments: '{}' },
      ],
    ],
    [
      'a call in pieces, its end left out',
      [
        parts({ functionCall: { name: 'f', willContinue: true }, thoughtSignature: 'c2ln' }),
        parts({
          functionCall: {
            partialArgs: [{ jsonPath: '$.a[0].b', stringValue: 'x', willContinue: true }],
            willContinue: true,
          },
        }),
        parts({
          functionCall: {
            partialArgs: [
              { jsonPath: '$.a[0].b', stringValue: 'y' },
              { jsonPath: "$['k k']", numberValue: 2 },
            ],
            willContinue: true,
          },
        }),
      ],
      [
        {
          type: 'function_call',
          call_id: 'call_abcDEF1_0',
          name: 'f',
          arguments: '{"a":[{"b":"xy"}],"k k":2}',
          extra: { gemini: { unnamed: true, thoughtSignature: 'c2ln' } },
        },
      ],
    ],
    [
      'a piece of a call may bring the signature late, and belongs by its id',
      [
        parts({ functionCall: { id: 'c', name: 'f', willContinue: true } }),
        parts({
          functionCall: { id: 'c', name: 'f', partialArgs: [{ jsonPath: '$.a', boolValue: true }] },
          thoughtSignature: 'bGF0ZQ==',
        }),
      ],
      [
        {
          type: 'function_call',
          call_id: 'c',
          name: 'f',
          arguments: '{"a":true}',
          extra: { gemini: { thoughtSignature: 'bGF0ZQ==' } },
        },
      ],
    ],
    [
      'pictures between texts keep their places and signatures',
      [
        parts(
          { text: 'see' },
          { inlineData: { mimeType: 'image/png', data: 'aGk=' }, thoughtSignature: 'c2ln' },
          { text: 'that' },
        ),
      ],
      [
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'see', annotations: [] }] },
        {
          type: 'image_generation_call',
          result: 'aGk=',
          output_format: 'png',
          extra: { gemini: { thoughtSignature: 'c2ln' } },
        },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'that', annotations: [] }] },
      ],
    ],
    [
      'what only Gemini knows stays whole',
      [
        parts(
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
          { inlineData: { mimeType: 'audio/L16;rate=24000', data: 'aGk=' } },
          { thought: true, inlineData: { mimeType: 'image/png', data: 'aGk=' } },
          { somethingNew: { of: ['2027'] }, thoughtSignature: 'c2ln' },
        ),
      ],
      [
        { type: 'gemini_part', role: 'model', part: { executableCode: { language: 'PYTHON', code: 'print(1)' } } },
        { type: 'gemini_part', role: 'model', part: { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } } },
        {
          type: 'gemini_part',
          role: 'model',
          part: { inlineData: { mimeType: 'audio/L16;rate=24000', data: 'aGk=' } },
        },
        {
          type: 'gemini_part',
          role: 'model',
          part: { thought: true, inlineData: { mimeType: 'image/png', data: 'aGk=' } },
        },
        { type: 'gemini_part', role: 'model', part: { somethingNew: { of: ['2027'] }, thoughtSignature: 'c2ln' } },
      ],
    ],
    [
      'pieces of calls that nobody began, parts that are none, other candidates',
      [
        parts({ functionCall: {} }, { text: '' }),
        { candidates: [{ content: { parts: ['x', null, 7] } }], ...HEAD },
        { candidates: [{ index: 1, content: { parts: [{ text: 'no' }] } }], ...HEAD },
        { candidates: 'none' },
      ],
      [],
    ],
  ])('%s', (_, chunks, expected) => {
    expect(output(...chunks)).toEqual(expected)
    // One reply with all of the parts says the same.
    expect(plain(reduced(decodeResponse([...chunks, end()])).output)).toEqual(expected)
  })

  test('arguments that are called __proto__ stay arguments', () => {
    const piece = {
      functionCall: {
        name: 'f',
        args: JSON.parse('{"__proto__":{"a":1}}') as Json,
        partialArgs: [{ jsonPath: '$.__proto__.b', numberValue: 1 }],
      },
    }
    const item = reduced(decode(asSse([parts(piece), end()]))).output[0] as { arguments: string }
    expect(item.arguments).toBe('{"__proto__":{"b":1}}')
    expect(({} as Json)['b']).toBeUndefined()
  })
})

describe('the end of an answer', () => {
  test.each<[string, unknown, unknown]>([
    ['STOP', 'completed', null],
    ['MAX_TOKENS', 'incomplete', { reason: 'max_output_tokens' }],
    ['SAFETY', 'incomplete', { reason: 'content_filter' }],
    ['RECITATION', 'incomplete', { reason: 'content_filter' }],
    ['BLOCKLIST', 'incomplete', { reason: 'content_filter' }],
    ['PROHIBITED_CONTENT', 'incomplete', { reason: 'content_filter' }],
    ['SPII', 'incomplete', { reason: 'content_filter' }],
    ['IMAGE_SAFETY', 'incomplete', { reason: 'content_filter' }],
    ['IMAGE_PROHIBITED_CONTENT', 'incomplete', { reason: 'content_filter' }],
    ['LANGUAGE', 'incomplete', { reason: 'language' }],
    ['OTHER', 'incomplete', { reason: 'other' }],
    ['MALFORMED_FUNCTION_CALL', 'incomplete', { reason: 'malformed_function_call' }],
    ['UNEXPECTED_TOOL_CALL', 'incomplete', { reason: 'unexpected_tool_call' }],
    ['TOO_MANY_TOOL_CALLS', 'incomplete', { reason: 'too_many_tool_calls' }],
    ['NO_IMAGE', 'incomplete', { reason: 'no_image' }],
    ['WHAT_IS_NEW', 'incomplete', { reason: 'what_is_new' }],
  ])('%s', (finishReason, status, incomplete_details) => {
    const response = reduced(decode(asSse([parts({ text: 'x' }), end({ finishReason, finishMessage: 'so it is' })])))
    expect(response).toMatchObject({
      id: 'abc-DEF_1',
      model: 'gemini-3-pro-preview',
      status,
      incomplete_details,
      extra: { gemini: { finishReason, finishMessage: 'so it is' } },
      usage: {
        input_tokens: 9,
        output_tokens: 25,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 34,
      },
    })
  })

  test('comes when the upstream closes, with counts that came after the reason', () => {
    const first = [parts({ text: 'x' }), end({}, {})]
    const late = {
      usageMetadata: {
        ...USAGE,
        cachedContentTokenCount: 4,
        toolUsePromptTokenCount: 5,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
      },
      ...HEAD,
    }
    const response = reduced(decode(asSse([...first, late])))
    expect(response.usage).toEqual({
      input_tokens: 14,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 25,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 34,
    })
    expect(response.extra?.['gemini']?.['usage']).toEqual({
      toolUsePromptTokenCount: 5,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
    })
  })

  test.each<[string, Json[]]>([
    ['no finish reason', [parts({ text: 'x' })]],
    ['an unspecified one', [parts({ text: 'x' }), end({ finishReason: 'FINISH_REASON_UNSPECIFIED' })]],
    ['nothing', []],
  ])('%s: the stream was cut, and no event says that it ended', (_, chunks) => {
    expect(decode(asSse(chunks)).filter(isTerminal)).toEqual([])
    expect(decode(asArray(chunks)).filter(isTerminal)).toEqual([])
  })

  test('a prompt that was refused', () => {
    const feedback = { blockReason: 'PROHIBITED_CONTENT', safetyRatings: [] }
    const response = reduced(
      decode(
        asSse([{ promptFeedback: feedback, usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 }, ...HEAD }]),
      ),
    )
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: [],
      usage: { input_tokens: 4, output_tokens: 0, total_tokens: 4 },
      extra: { gemini: { promptFeedback: feedback } },
    })
  })

  test('a finish reason in every chunk, as the first models told it', () => {
    const chunks = [parts({ text: 'a' }), parts({ text: 'b' })].map((chunk) => ({
      ...chunk,
      candidates: (chunk['candidates'] as Json[]).map((one) => ({ ...one, finishReason: 'STOP' })),
    }))
    const events = decode(asSse(chunks))
    expect(events.filter(isTerminal)).toHaveLength(1)
    expect(toldByDeltas(events).get(0)).toBe('ab')
  })

  test('an error in the stream ends it', () => {
    const error = { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' }
    for (const bytes of [asSse([parts({ text: 'x' }), { error }, parts({ text: 'y' }), end()]), asArray([{ error }])]) {
      const events = decode(bytes)
      expect(events.filter(isTerminal)).toEqual([
        {
          type: 'error',
          message: 'The model is overloaded.',
          code: 'UNAVAILABLE',
          status: 503,
          param: null,
          errorType: null,
        },
      ])
      expect(events.at(-1)?.type).toBe('error')
    }
  })

  test.each<[string, string]>([
    ['no JSON', 'data: {"candidates"\n\n'],
    ['no object', 'data: "hello"\n\n'],
  ])('an event that is %s', (_, text) => {
    const events = decode(new TextEncoder().encode(text))
    expect(events.map(({ type }) => type)).toEqual(['error'])
  })

  test('a lone object without an array is read, [DONE] and comments are not', () => {
    const lone = new TextEncoder().encode(
      JSON.stringify({ ...parts({ text: 'x' }), ...end({ content: { parts: [{ text: 'x' }] } }) }),
    )
    expect(toldByDeltas(decode(lone)).get(0)).toBe('x')
    const text = `: hello\n\ndata: ${JSON.stringify(end({ content: { parts: [{ text: 'x' }] } }))}\n\ndata: [DONE]\n\n`
    expect(decode(new TextEncoder().encode(text)).filter(isTerminal)).toHaveLength(1)
  })
})

describe('sources', () => {
  const text = '日本の首都は東京です。🎌 Population: 14 million.'
  const bytes = (until: number) => new TextEncoder().encode(text.slice(0, until)).length
  const grounding = {
    webSearchQueries: ['capital of japan', 'tokyo population'],
    searchEntryPoint: { renderedContent: '<div/>' },
    groundingChunks: [
      { web: { uri: 'https://a.example/1', title: 'A' } },
      { web: { uri: 'https://b.example/2', title: 'B' } },
    ],
    groundingSupports: [
      { segment: { endIndex: bytes(11), text: '日本の首都は東京です。' }, groundingChunkIndices: [0] },
      {
        segment: { startIndex: bytes(14), endIndex: bytes(text.length), text: 'Population: 14 million.' },
        groundingChunkIndices: [0, 1],
      },
      { segment: { startIndex: 0, endIndex: 5, text: '東京' }, groundingChunkIndices: [1, 9] },
      { segment: { startIndex: 0, endIndex: 5, text: 'not there' }, groundingChunkIndices: [1] },
    ],
  }

  test.each<[string, Json[]]>([
    [
      'at the end',
      [parts({ text: text.slice(0, 4) }), parts({ text: text.slice(4) }), end({ groundingMetadata: grounding })],
    ],
    [
      'before the end, with a signature between',
      [
        parts({ text }),
        {
          ...parts({ text: '', thoughtSignature: 'c2ln' }),
          ...{
            candidates: [
              { content: { parts: [{ text: '', thoughtSignature: 'c2ln' }] }, groundingMetadata: grounding },
            ],
          },
        },
        end(),
      ],
    ],
    [
      'in pieces',
      [
        { candidates: [{ content: { parts: [{ text }] }, groundingMetadata: { webSearchQueries: ['x'] } }], ...HEAD },
        end({ groundingMetadata: grounding }),
      ],
    ],
  ])('%s: places in the text are counted in UTF-16', (_, chunks) => {
    const events = decode(asSse(chunks))
    const response = reduced(events)
    const message = response.output.find(({ type }) => type === 'message') as unknown as {
      content: { text: string; annotations: { start_index: number; end_index: number; url: string }[] }[]
    }
    const [part] = message.content
    expect(
      part?.annotations.map(({ url, start_index, end_index }) => [url, part.text.slice(start_index, end_index)]),
    ).toEqual([
      ['https://a.example/1', '日本の首都は東京です。'],
      ['https://a.example/1', 'Population: 14 million.'],
      ['https://b.example/2', 'Population: 14 million.'],
      ['https://b.example/2', '東京'],
    ])
    expect(events.filter(({ type }) => type === 'response.output_text.annotation.added')).toHaveLength(4)
    expect(response.output.find(({ type }) => type === 'web_search_call')).toMatchObject({
      status: 'completed',
      action: {
        type: 'search',
        query: 'capital of japan',
        queries: ['capital of japan', 'tokyo population'],
        sources: [
          { type: 'url', url: 'https://a.example/1', title: 'A' },
          { type: 'url', url: 'https://b.example/2', title: 'B' },
        ],
      },
    })
    expect(response.extra?.['gemini']?.['groundingMetadata']).toEqual(grounding)
  })

  test('a message that a call ends has its own places; the rest of the metadata is kept', () => {
    const first = {
      webSearchQueries: ['q'],
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
      groundingSupports: [{ segment: { endIndex: 3, text: 'one' }, groundingChunkIndices: [0] }],
    }
    const second = {
      ...first,
      groundingSupports: [
        ...first.groundingSupports,
        { segment: { startIndex: 3, endIndex: 6, text: 'two' }, groundingChunkIndices: [0] },
      ],
    }
    const citationMetadata = { citations: [{ startIndex: 0, endIndex: 3, uri: 'https://c.example', license: 'MIT' }] }
    const urlContextMetadata = {
      urlMetadata: [{ retrievedUrl: 'https://d.example', urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }],
    }
    const response = reduced(
      decode(
        asSse([
          { candidates: [{ content: { parts: [{ text: 'one' }] }, groundingMetadata: first }], ...HEAD },
          parts({ executableCode: { code: '1' } }),
          parts({ text: 'two' }),
          end({
            groundingMetadata: second,
            citationMetadata,
            urlContextMetadata,
            safetyRatings: [{ category: 'X' }],
            avgLogprobs: -0.1,
          }),
        ]),
      ),
    )
    const cited = response.output.flatMap((item) =>
      item.type === 'message' ? (item as unknown as { content: { text: string; annotations: Json[] }[] }).content : [],
    )
    expect(
      cited.map(({ text: said, annotations }) => [
        said,
        annotations.map((one) => [one['start_index'], one['end_index']]),
      ]),
    ).toEqual([
      ['one', [[0, 3]]],
      ['two', [[0, 3]]],
    ])
    expect(response.extra?.['gemini']).toMatchObject({
      groundingMetadata: second,
      citationMetadata,
      urlContextMetadata,
      safetyRatings: [{ category: 'X' }],
      avgLogprobs: -0.1,
    })
  })
})

describe('any split of the bytes', () => {
  const chunks = [
    parts({ text: 'plän "a" \\ {[', thought: true }),
    parts({ text: '日本🎌 ]}' }, { functionCall: { name: 'f', args: { 'a"]}': ['\\"', { b: [] }] } } }),
    parts({ functionCall: { name: 'g', willContinue: true } }),
    parts({ functionCall: { partialArgs: [{ jsonPath: '$.x', stringValue: 'ü' }] } }),
    end({ finishMessage: 'end' }),
  ]

  test.each([
    ['server-sent events', asSse(chunks)],
    ['a JSON array', asArray(chunks)],
    [
      'objects one after the other',
      new TextEncoder().encode(`\ufeff\n${chunks.map((one) => JSON.stringify(one)).join('\n')}\n`),
    ],
  ])('%s: the same events, and all frames are the stream', (_, bytes) => {
    const whole = decode(bytes, true)
    expect(whole.map((event) => event.frame ?? '').join('')).toBe(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
    )
    expect(whole.filter(isTerminal)).toHaveLength(1)
    expect(decode(bytes)).toEqual(whole.filter(({ type }) => type !== 'other').map(withoutFrame))
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        expect(decodeCut(bytes, cuts, true)).toEqual(whole)
      }),
      { numRuns: 60 },
    )
    expect(decodeCut(bytes, [...bytes.keys()], true)).toEqual(whole)
  })

  test('lines that end as Google ends them: a cut between the two signs moves only the second one', () => {
    const bytes = asSse(chunks, '\r\n')
    const whole = decode(bytes)
    for (let at = 0; at <= bytes.length; at++) {
      const events = decodeCut(bytes, [at], true)
      expect(events.map((event) => event.frame ?? '').join('')).toBe(new TextDecoder().decode(bytes))
      expect(events.filter(({ type }) => type !== 'other').map(withoutFrame)).toEqual(whole)
    }
  })

  test('both forms tell the same', () => {
    expect(decode(asArray(chunks))).toEqual(decode(asSse(chunks)))
    expect(reduced(decodeResponse(chunks))).toEqual(reduced(decode(asSse(chunks))))
  })

  test('an array cut anywhere before its finish reason has no end, and nothing breaks', () => {
    const bytes = asArray(chunks)
    const last = new TextDecoder().decode(bytes).lastIndexOf('"finishReason"')
    for (let at = 0; at < last; at += 7) expect(decode(bytes.subarray(0, at), true).filter(isTerminal)).toEqual([])
  })

  test('the deltas tell what the finished items say', () => {
    const events = decode(asSse(chunks))
    const told = toldByDeltas(events)
    reduced(events).output.forEach((item, at) => {
      const {
        summary,
        content,
        arguments: args,
      } = item as { summary?: { text: string }[]; content?: { text: string }[]; arguments?: string }
      expect(told.get(at)).toBe(args ?? summary?.[0]?.text ?? content?.[0]?.text)
    })
  })

  test('any JSON is read without breaking', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), (values) => {
        const wrapped = values.map((part) => ({
          candidates: [{ content: { parts: [part] }, groundingMetadata: part }],
          usageMetadata: part,
          promptFeedback: part,
        }))
        expect(decode(asSse(wrapped)).filter(isTerminal).length).toBeLessThanOrEqual(1)
        expect(decode(asSse(values)).filter(isTerminal).length).toBeLessThanOrEqual(1)
      }),
      { numRuns: 200 },
    )
  })
})

function withoutFrame(event: PivotEvent): PivotEvent {
  const { frame: _, ...rest } = event
  return rest as PivotEvent
}
