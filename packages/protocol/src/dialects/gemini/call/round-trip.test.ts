import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../../dialect.js'
import { anthropicMessages } from '../../anthropic-messages/index.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { openaiChat, restoreCalls } from '../../openai-chat/index.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { gemini } from '../index.js'
import { asSse, decode, reduced } from './read-stream.test-kit.js'

type Json = Record<string, unknown>
interface Part extends Json {
  text?: string
  functionCall?: Json
}
interface Content {
  role: string
  parts: Part[]
}

const recorded = new URL('../../../../../../../shared/fixtures/clients/', import.meta.url)
const here = existsSync(recorded)

function there(body: Json, model = 'gemini-3-pro-preview') {
  const decoded = gemini.serve.decodeRequest(body, { headers: {}, path: { model, stream: true, alt: 'sse' } })
  const encoded = gemini.call.encodeRequest(decoded.value, { model, rules: 'compatible' })
  return {
    wire: encoded.value,
    notes: [...decoded.receipt, ...encoded.receipt].map(({ pointer, what }) => `${what} ${pointer}`),
  }
}

/** Spellings that mean the same to Gemini. */
function meant(body: Json): Json {
  const contents = (body['contents'] as Content[]).map(({ role, parts }) => ({ role, parts }))
  const system = body['systemInstruction'] as { parts: Part[] } | undefined
  return {
    ...body,
    contents,
    // Its role is ignored.
    ...(system === undefined ? {} : { systemInstruction: { parts: system.parts } }),
  }
}

describe.skipIf(!here)('recorded requests of Gemini clients come out as they went in', () => {
  test.each([
    // Its filler for a missing signature says nothing to older models, and is written for those that want one.
    ['gemini-cli-tool-followup', 'gemini-3-pro-preview'],
    ['opencode-google', 'gemini-2.5-pro'],
  ])('%s', (name, model) => {
    const { body } = JSON.parse(readFileSync(new URL(`${name}.json`, recorded), 'utf8')) as { body: Json }
    const { wire, notes } = there(body, model)
    expect(wire).toEqual(meant(body))
    expect(notes).toEqual([])
  })
})

describe('what a Gemini client says reaches a Gemini upstream', () => {
  const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]

  test('everything at once', () => {
    const body: Json = {
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'look' },
            { inlineData: { mimeType: 'image/png', data: 'aGk=' } },
            { fileData: { fileUri: 'https://youtu.be/x', mimeType: 'video/mp4' }, videoMetadata: { fps: 1 } },
          ],
        },
        {
          role: 'model',
          parts: [
            { text: 'hm', thought: true },
            { functionCall: { id: 'c1', name: 'f', args: { a: [1, null] } }, thoughtSignature: 'c2ln' },
            { functionCall: { id: 'c2', name: 'f', args: {} } },
          ],
        },
        {
          role: 'user',
          parts: [
            { functionResponse: { id: 'c1', name: 'f', response: { content: { deep: true } } } },
            {
              functionResponse: {
                id: 'c2',
                name: 'f',
                response: { error: 'no' },
                parts: [{ inlineData: { mimeType: 'image/png', data: 'aGk=' } }],
              },
            },
          ],
        },
        {
          role: 'model',
          parts: [
            { executableCode: { language: 'PYTHON', code: '1' } },
            { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
            { text: 'so', thoughtSignature: 'dGV4dA==' },
            { inlineData: { mimeType: 'image/png', data: 'aGk=' }, thoughtSignature: 'cGlj' },
            { text: '', thoughtSignature: 'ZW5k' },
          ],
        },
        { role: 'user', parts: [{ text: 'and?' }] },
      ],
      tools: [
        {
          functionDeclarations: [
            {
              name: 'f',
              description: 'd',
              parameters: { type: 'OBJECT', properties: { a: { type: 'STRING', nullable: true } } },
              behavior: 'BLOCKING',
            },
          ],
        },
        { googleSearch: { timeRangeFilter: {} } },
        { codeExecution: {} },
        { urlContext: {} },
      ],
      toolConfig: {
        functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] },
        retrievalConfig: { languageCode: 'de' },
        includeServerSideToolInvocations: true,
      },
      generationConfig: {
        temperature: 0.1,
        topP: 0.2,
        topK: 3,
        seed: 4,
        maxOutputTokens: 5,
        stopSequences: ['x'],
        presencePenalty: 0.6,
        frequencyPenalty: 0.7,
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object', properties: { a: { type: 'string' } } },
        thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true },
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
        responseLogprobs: true,
        logprobs: 2,
        speechConfig: { languageCode: 'de' },
      },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }],
      labels: { team: 'a' },
      serviceTier: 'flex',
      somethingNew: { of: ['2027'] },
    }
    const { wire, notes } = there(body)
    expect(wire).toEqual(body)
    expect(notes).toEqual([])
  })

  test.each<[string, Json, Json]>([
    [
      'filters switched off',
      { safetySettings: [{ category: 'X', threshold: 'OFF' }] },
      { safetySettings: [{ category: 'X', threshold: 'OFF' }] },
    ],
    [
      'a budget for thoughts, exactly',
      { generationConfig: { thinkingConfig: { thinkingBudget: -1 } } },
      { generationConfig: { thinkingConfig: { thinkingBudget: -1 } } },
    ],
    [
      'fields in snake case',
      { generation_config: { max_output_tokens: 3 } },
      { generationConfig: { maxOutputTokens: 3 } },
    ],
    ['one answer, which needs no word', { generationConfig: { candidateCount: 1 } }, {}],
    ...[
      { responseMimeType: 'application/json' },
      { responseMimeType: 'text/plain' },
      {
        responseMimeType: 'application/json',
        responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING' } }, propertyOrdering: ['a'] },
      },
      { responseMimeType: 'application/json', _responseJsonSchema: { type: 'object', not: {} } },
      { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a', 'b'] } },
      { responseFormat: [{ text: { mimeType: 'APPLICATION_JSON', schema: { type: 'object' } } }] },
    ].map((generationConfig): [string, Json, Json] => [
      `the form of the answer, ${JSON.stringify(generationConfig)}`,
      { systemInstruction: { parts: [{ text: 'Be kind.' }] }, generationConfig },
      { systemInstruction: { parts: [{ text: 'Be kind.' }] }, generationConfig },
    ]),
    [
      'calls that are sure to be valid',
      {
        tools: [{ functionDeclarations: [{ name: 'f' }] }],
        toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
      },
      {
        tools: [{ functionDeclarations: [{ name: 'f' }] }],
        toolConfig: { functionCallingConfig: { mode: 'VALIDATED' } },
      },
    ],
    ['the default of a tool choice', { toolConfig: { functionCallingConfig: { mode: 'AUTO' } } }, {}],
  ])('%s', (_, fields, expected) => {
    expect(there({ contents, ...fields }).wire).toEqual({ contents, ...expected })
  })

  test('more than one answer is noted', () => {
    expect(there({ contents, generationConfig: { candidateCount: 2 } }).notes).toEqual(['dropped /n'])
  })

  test('any conversation', () => {
    const words = fc.string({ minLength: 1, maxLength: 5 })
    // JSON writes -0 as 0.
    const value = fc.jsonValue().map((one) => JSON.parse(JSON.stringify(one)) as unknown)
    const signature = fc.option(fc.constantFrom('YQ==', 'Yg=='), { nil: undefined })
    const signed = (part: Json, of: string | undefined): Part =>
      of === undefined ? part : { ...part, thoughtSignature: of }
    const step = fc.record({
      asked: fc.array(
        words.map((text) => ({ text })),
        { minLength: 1, maxLength: 2 },
      ),
      thought: fc.option(words, { nil: undefined }),
      said: fc.option(fc.tuple(words, signature), { nil: undefined }),
      calls: fc.array(
        fc.tuple(
          fc.boolean(),
          fc.constantFrom('f', 'g'),
          signature,
          fc.dictionary(words, value),
          fc.dictionary(words, value),
        ),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const body: Content[] = []
        steps.forEach(({ asked, thought, said, calls }, turn) => {
          body.push({ role: 'user', parts: asked })
          const model: Part[] = []
          const results: Part[] = []
          if (thought !== undefined) model.push({ text: thought, thought: true })
          if (said !== undefined) model.push(signed({ text: said[0] }, said[1]))
          calls.forEach(([named, name, of, args, response], at) => {
            const id = named ? { id: `c${turn}_${at}` } : {}
            model.push(signed({ functionCall: { ...id, name, args } }, of))
            results.push({ functionResponse: { ...id, name, response } })
          })
          if (model.length > 0) body.push({ role: 'model', parts: model })
          if (results.length > 0) body.push({ role: 'user', parts: results })
        })
        expect(joined(there({ contents: body }, 'gemini-2.5-pro').wire['contents'] as Content[])).toEqual(joined(body))
      }),
      { numRuns: 100 },
    )
  })
})

/** Neighbours of one side: Gemini reads them as one, and results among them too. */
function joined(contents: readonly Content[]): Content[] {
  const out: Content[] = []
  for (const { role, parts } of contents) {
    const last = out.at(-1)
    if (last?.role === role) last.parts = [...last.parts, ...parts]
    else out.push({ role, parts: [...parts] })
  }
  return out
}

test('calls of custom tools and namespaces come back as what the client offered', () => {
  const request: PivotRequest = {
    model: 'm',
    input: [{ type: 'message', role: 'user', content: 'go' }],
    tools: [
      { type: 'custom', name: 'patch' },
      { type: 'namespace', name: 'fs', tools: [{ type: 'function', name: 'ls' }] },
    ],
  }
  const names = (
    gemini.call.encodeRequest(request, { model: 'gemini-3-pro-preview', rules: 'compatible' }).value['tools'] as {
      functionDeclarations: { name: string }[]
    }[]
  ).flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name))
  expect(names).toEqual(['patch', 'fs__ls'])
  const parts = [
    { functionCall: { id: 'a', name: names[0], args: { input: '*** Begin' } } },
    { functionCall: { id: 'b', name: names[1], args: {} } },
  ]
  const events = decode(asSse([{ candidates: [{ content: { parts }, finishReason: 'STOP' }], responseId: 'x' }]))
  const restore = restoreCalls(request, 'compatible')
  const { output } = reduced(restore?.(events) ?? [])
  expect(output).toMatchObject([
    { type: 'custom_tool_call', call_id: 'a', name: 'patch', input: '*** Begin' },
    { type: 'function_call', call_id: 'b', name: 'ls', namespace: 'fs', arguments: '{}' },
  ])
})

const SIGNATURE = 'EpAICo0IAb4+9vuku3oDHR5EQSMfPm5I'

describe('what Gemini signed comes back to it, whatever its client speaks', () => {
  const head = { modelVersion: 'gemini-3-pro-preview', responseId: 'abc' }
  const upstream = [
    { candidates: [{ content: { role: 'model', parts: [{ text: 'Hm. ', thought: true }] } }], ...head },
    { candidates: [{ content: { role: 'model', parts: [{ text: 'Looking.' }] } }], ...head },
    {
      candidates: [
        {
          content: {
            role: 'model',
            parts: [{ functionCall: { id: 'c1', name: 'ls', args: { path: '.' } }, thoughtSignature: SIGNATURE }],
          },
        },
      ],
      ...head,
    },
    {
      candidates: [
        {
          content: { role: 'model', parts: [{ functionCall: { id: 'c2', name: 'ls', args: {} } }] },
          finishReason: 'STOP',
        },
      ],
      ...head,
    },
  ]
  const response = reduced(decode(asSse(upstream)))

  function reply(dialect: Dialect, body: Json): unknown {
    const { value } = dialect.serve.decodeRequest(body, { headers: {}, path: { model: 'm' } })
    return dialect.serve.encodeResponse(response, { requestId: 'r', model: 'm', createdAt: 1, request: value })
  }
  function next(dialect: Dialect, body: Json): Content[] {
    const { value } = dialect.serve.decodeRequest(body, { headers: {}, path: { model: 'm' } })
    return gemini.call.encodeRequest(value, { model: 'gemini-3-pro-preview', rules: 'compatible' }).value[
      'contents'
    ] as Content[]
  }

  const asked = { role: 'user', content: 'list' }
  test.each<[string, () => Content[]]>([
    [
      'gemini',
      () => {
        const first: Json = { contents: [{ role: 'user', parts: [{ text: 'list' }] }] }
        const { candidates } = reply(gemini, first) as { candidates: [{ content: Json }] }
        const results = ['c1', 'c2'].map((id) => ({
          functionResponse: { id, name: 'ls', response: { output: 'a.txt' } },
        }))
        return next(gemini, {
          contents: [...(first['contents'] as Json[]), candidates[0].content, { role: 'user', parts: results }],
        })
      },
    ],
    [
      'responses',
      () => {
        const { output } = reply(openaiResponses, { model: 'm', input: 'list' }) as { output: Json[] }
        const results = ['c1', 'c2'].map((call_id) => ({ type: 'function_call_output', call_id, output: 'a.txt' }))
        return next(openaiResponses, { model: 'm', input: [asked, ...output, ...results] })
      },
    ],
    [
      'chat',
      () => {
        const { choices } = reply(openaiChat, { model: 'm', messages: [asked] }) as { choices: [{ message: Json }] }
        const results = ['c1', 'c2'].map((tool_call_id) => ({ role: 'tool', tool_call_id, content: 'a.txt' }))
        return next(openaiChat, { model: 'm', messages: [asked, choices[0].message, ...results] })
      },
    ],
    [
      'anthropic',
      () => {
        const thinking = { type: 'enabled', budget_tokens: 2000 }
        const first = { model: 'm', max_tokens: 9000, thinking, messages: [asked] }
        const { content } = reply(anthropicMessages, first) as { content: Json[] }
        const results = ['c1', 'c2'].map((id) => ({ type: 'tool_result', tool_use_id: id, content: 'a.txt' }))
        const messages = [asked, { role: 'assistant', content }, { role: 'user', content: results }]
        return next(anthropicMessages, { ...first, messages })
      },
    ],
  ])('%s', (_, turn) => {
    const contents = turn()
    const calls = contents.flatMap(({ parts }) => parts).filter(({ functionCall }) => functionCall !== undefined)
    expect(calls).toEqual([
      { functionCall: { id: 'c1', name: 'ls', args: { path: '.' } }, thoughtSignature: SIGNATURE },
      { functionCall: { id: 'c2', name: 'ls', args: {} } },
    ])
    expect(contents.at(-1)).toEqual({
      role: 'user',
      parts: ['c1', 'c2'].map((id) => ({ functionResponse: { id, name: 'ls', response: { output: 'a.txt' } } })),
    })
  })
})
