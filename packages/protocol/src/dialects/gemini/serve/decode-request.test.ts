import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Note } from '../../../dialect.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { decodeCountTokens } from './decode-count-tokens.js'
import { decodeRequest } from './decode-request.js'

const META = { headers: {}, path: { model: 'models/gpt-5.5', stream: true, alt: 'sse' } }
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
const HI = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }

const decode = (body: object) => decodeRequest({ contents, ...body }, META)
const value = (body: object): PivotRequest => decode(body).value
const notes = (body: object): [string, Note['what']][] =>
  decode(body).receipt.map(({ pointer, what }) => [pointer, what])

describe('the request as a whole', () => {
  test('model, stream and the form of the reply come from the path', () => {
    expect(decode({})).toEqual({
      value: {
        model: 'gpt-5.5',
        input: [HI],
        stream: true,
        include: ['reasoning.encrypted_content'],
        extra: { 'gemini-reply': { hideThoughts: true } },
      },
      receipt: [],
    })
    const whole = decodeRequest({ contents, model: 'models/x' }, { headers: {} }).value
    expect([whole.model, whole.stream]).toEqual(['x', false])
    const array = decodeRequest({ contents }, { headers: {}, path: { model: 'm', stream: true } }).value
    expect(array.extra).toMatchObject({ 'gemini-reply': { array: true } })
  })

  test.each<[string, unknown]>([
    ['a text', 'be kind'],
    ['a content', { role: 'user', parts: [{ text: 'be' }, { text: 'kind' }] }],
    ['parts', [{ text: 'be' }, { text: 'kind' }]],
    ['a part', { text: 'be kind' }],
    ['one part in place of a list', { parts: { text: 'be kind' } }],
  ])('%s instructs', (_, systemInstruction) => {
    expect(value({ systemInstruction }).instructions).toMatch(/^be(?: |\n\n)kind$/)
  })

  test('instructions that are no text are noted', () => {
    const systemInstruction = { parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }, { text: 'x' }] }
    expect(value({ systemInstruction }).instructions).toBe('x')
    expect(notes({ systemInstruction })).toEqual([['/systemInstruction/parts/0', 'dropped']])
  })

  test('what only Gemini knows is kept for it under its own names', () => {
    const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_LOW_AND_ABOVE' }]
    const { value: request, receipt } = decode({
      safety_settings: safetySettings,
      labels: { team_name: 'a' },
      service_tier: 'SERVICE_TIER_FLEX',
      'brand/new~field': 1,
      generationConfig: { response_logprobs: true, speechConfig: { a: 1 }, mediaResolution: 'MEDIA_RESOLUTION_LOW' },
      toolConfig: { retrievalConfig: { languageCode: 'de' }, include_server_side_tool_invocations: true },
      tools: [{ codeExecution: {}, url_context: {} }, { googleMaps: { enableWidget: true } }],
    })
    expect(receipt).toEqual([])
    expect(request.metadata).toEqual({ team_name: 'a' })
    expect(request.service_tier).toBe('flex')
    expect(request.extra?.['gemini']).toEqual({
      safetySettings,
      'brand/new~field': 1,
      generationConfig: { responseLogprobs: true, speechConfig: { a: 1 }, mediaResolution: 'MEDIA_RESOLUTION_LOW' },
      toolConfig: { retrievalConfig: { languageCode: 'de' }, includeServerSideToolInvocations: true },
      tools: [{ codeExecution: {}, urlContext: {} }, { googleMaps: { enableWidget: true } }],
    })
  })

  test('filters that are off ask nothing of anybody', () => {
    const safetySettings = [
      { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' },
      { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'OFF' },
    ]
    expect(value({ safetySettings }).extra).toEqual({
      'gemini-kept': { safetySettings },
      'gemini-reply': { hideThoughts: true },
    })
  })

  test.each(['SERVICE_TIER_STANDARD', 'unspecified', null, ''])('the tier %j is none', (serviceTier) => {
    expect(value({ serviceTier })).not.toHaveProperty('service_tier')
  })

  test('a count decodes as its request', () => {
    const request = { contents, systemInstruction: 'x', tools: [{ googleSearch: {} }], model: 'models/inner' }
    const counted = decodeCountTokens({ generateContentRequest: request }, META)
    expect(counted).toEqual(decodeRequest(request, META).value)
    expect(decodeCountTokens({ contents }, META)).toEqual(decodeRequest({ contents }, META).value)
    expect(decodeCountTokens({ generate_content_request: request }, { headers: {} }).model).toBe('inner')
  })
})

describe('generationConfig', () => {
  test('numbers, also as texts', () => {
    const { value: request, receipt } = decode({
      generationConfig: {
        maxOutputTokens: '100',
        temperature: 0,
        top_p: '0.5',
        topK: 40,
        stopSequences: ['a', 'b'],
        seed: '-3',
        presencePenalty: -1,
        frequency_penalty: 1,
        candidateCount: 2,
      },
    })
    expect(receipt).toEqual([])
    expect(request).toMatchObject({ max_output_tokens: 100, temperature: 0, top_p: 0.5 })
    expect(request.extra?.['sampling']).toEqual({
      stop: ['a', 'b'],
      seed: -3,
      top_k: 40,
      presence_penalty: -1,
      frequency_penalty: 1,
      n: 2,
    })
    expect(value({ generationConfig: { candidateCount: 1, stopSequences: [], topK: null } }).extra).not.toHaveProperty(
      'sampling',
    )
  })

  test.each<[string, object, unknown, unknown[]]>([
    ['a level', { thinkingLevel: 'HIGH' }, { effort: 'high' }, []],
    ['a level in small letters', { thinking_level: 'minimal' }, { effort: 'minimal' }, []],
    ['a level by number', { thinkingLevel: 2 }, { effort: 'medium' }, []],
    ['no level in particular', { thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' }, undefined, []],
    ['no thinking', { thinkingBudget: 0 }, { effort: 'none' }, []],
    ["the model's choice", { thinkingBudget: -1 }, undefined, []],
    ['little', { thinkingBudget: 1_999 }, { effort: 'low' }, ['thinkingBudget']],
    ['some', { thinkingBudget: '2000' }, { effort: 'medium' }, ['thinkingBudget']],
    ['more', { thinking_budget: 8_000 }, { effort: 'high' }, ['thinkingBudget']],
    ['much', { thinkingBudget: 20_000 }, { effort: 'xhigh' }, ['thinkingBudget']],
    ['shown thoughts', { includeThoughts: true }, { summary: 'auto' }, []],
    ['a level and a budget', { thinkingLevel: 'LOW', thinkingBudget: 9 }, { effort: 'low' }, ['thinkingBudget']],
  ])('%s', (_, thinkingConfig, reasoning, noted) => {
    const { value: request, receipt } = decode({ generationConfig: { thinkingConfig } })
    expect(request.reasoning).toEqual(reasoning)
    expect(receipt.map(({ pointer }) => pointer)).toEqual(
      noted.map((field) => `/generationConfig/thinkingConfig/${String(field)}`),
    )
  })

  test('thoughts are hidden unless they are asked for', () => {
    const style = (thinkingConfig: object) =>
      value({ generationConfig: { thinkingConfig } }).extra?.['gemini-reply']?.['hideThoughts']
    expect([style({}), style({ includeThoughts: false }), style({ include_thoughts: true })]).toEqual([
      true,
      true,
      undefined,
    ])
  })

  const schema = { type: 'object', properties: { a: { type: 'string' } } }
  test.each<[string, object, unknown, string | undefined]>([
    ['no form', { responseMimeType: 'text/plain' }, undefined, undefined],
    ['JSON', { responseMimeType: 'application/json' }, { type: 'json_object' }, 'Answer in JSON.'],
    [
      "a schema of Gemini's",
      {
        response_mime_type: 'application/json',
        response_schema: { type: 'OBJECT', title: 'My answer!', properties: { a: { type: 'STRING' } } },
      },
      { type: 'json_schema', name: 'My_answer_', schema: { ...schema, title: 'My answer!' }, strict: true },
      undefined,
    ],
    [
      'a JSON Schema',
      { responseMimeType: 'application/json', responseJsonSchema: schema },
      { type: 'json_schema', name: 'response', schema, strict: true },
      undefined,
    ],
    [
      'a JSON Schema under its first name',
      { responseMimeType: 'application/json', _responseJsonSchema: schema },
      { type: 'json_schema', name: 'response', schema, strict: true },
      undefined,
    ],
    [
      'a list of formats',
      { responseFormat: [{ text: { mimeType: 'APPLICATION_JSON', schema } }] },
      { type: 'json_schema', name: 'response', schema, strict: true },
      undefined,
    ],
    [
      'words to choose from',
      { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a', 'b'] } },
      undefined,
      'Answer with exactly one of these words and nothing else: a, b',
    ],
  ])('%s', (_, generationConfig, format, instructions) => {
    const request = value({ generationConfig })
    expect(request.text?.format).toEqual(format)
    expect(request.instructions).toBe(instructions)
    expect(request.extra?.['gemini']).toBeUndefined()
  })

  test('a schema without its type is noted', () => {
    expect(notes({ generationConfig: { responseSchema: { type: 'STRING' } } })).toEqual([
      ['/generationConfig/responseSchema', 'dropped'],
    ])
    expect(notes({ generationConfig: { responseJsonSchema: {} } })).toEqual([
      ['/generationConfig/responseJsonSchema', 'dropped'],
    ])
  })

  test('pictures are made by a tool, sound is left to Gemini', () => {
    expect(value({ generationConfig: { responseModalities: ['TEXT', 'Image'] } })).toMatchObject({
      tools: [{ type: 'image_generation' }],
    })
    expect(notes({ generationConfig: { responseModalities: ['IMAGE'] } })).toEqual([
      ['/generationConfig/responseModalities', 'emulated'],
    ])
    expect(value({ generationConfig: { responseModalities: ['AUDIO'] } }).extra?.['gemini']).toEqual({
      generationConfig: { responseModalities: ['AUDIO'] },
    })
    expect(value({ generationConfig: { responseModalities: ['TEXT'] } }).extra).not.toHaveProperty('gemini')
  })
})

describe('tools', () => {
  const declare = (...functionDeclarations: object[]) => value({ tools: [{ functionDeclarations }] }).tools

  test('a declaration is a function, and is kept as it came', () => {
    const declaration = {
      name: 'f',
      description: 'd',
      behavior: 'NON_BLOCKING',
      parameters: { type: 'OBJECT', properties: { n: { type: 'INTEGER', nullable: true } }, required: ['n'] },
      response: { type: 'STRING' },
    }
    expect(declare(declaration)).toEqual([
      {
        type: 'function',
        name: 'f',
        description: 'd',
        parameters: { type: 'object', properties: { n: { type: ['integer', 'null'] } }, required: ['n'] },
        strict: false,
        extra: { gemini: { declaration } },
      },
    ])
  })

  test('a JSON Schema goes as it is', () => {
    const parametersJsonSchema = { $schema: 'x', type: 'object', properties: { snake_case: { type: 'string' } } }
    expect(declare({ name: 'f', parametersJsonSchema })).toMatchObject([{ parameters: parametersJsonSchema }])
    expect(declare({ name: 'f', parameters_json_schema: parametersJsonSchema })).toMatchObject([
      { parameters: parametersJsonSchema },
    ])
    expect(declare({ name: 'f' })).toMatchObject([{ parameters: { type: 'object', properties: {} } }])
  })

  test.each<[string, object, object]>([
    ['googleSearch', { googleSearch: {} }, { type: 'web_search', extra: { gemini: { googleSearch: {} } } }],
    [
      'google_search with domains',
      { google_search: { exclude_domains: ['a.com'] } },
      {
        type: 'web_search',
        filters: { blocked_domains: ['a.com'] },
        extra: { gemini: { googleSearch: { exclude_domains: ['a.com'] } } },
      },
    ],
    [
      'googleSearchRetrieval',
      { googleSearchRetrieval: { dynamicRetrievalConfig: { mode: 'MODE_DYNAMIC' } } },
      {
        type: 'web_search',
        extra: { gemini: { googleSearchRetrieval: { dynamicRetrievalConfig: { mode: 'MODE_DYNAMIC' } } } },
      },
    ],
  ])('%s is a web search', (_, tool, expected) => {
    expect(value({ tools: [tool] }).tools).toEqual([expected])
    expect(value({ tools: tool }).tools).toEqual([expected])
  })

  test.each<[object, unknown]>([
    [{ mode: 'AUTO' }, 'auto'],
    [{ mode: 'any' }, 'required'],
    [{ mode: 'NONE' }, 'none'],
    [{ mode: 2 }, 'required'],
    [{}, undefined],
    [{ mode: 'MODE_UNSPECIFIED' }, undefined],
    [
      { mode: 'ANY', allowedFunctionNames: ['f'] },
      { type: 'function', name: 'f' },
    ],
    [
      { mode: 'ANY', allowed_function_names: ['f', 'g'] },
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'function', name: 'g' },
        ],
      },
    ],
    [
      { mode: 'AUTO', allowedFunctionNames: ['f'] },
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    ],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'f' }] },
    ],
  ])('%j', (functionCallingConfig, choice) => {
    const body = { toolConfig: { functionCallingConfig } }
    expect(value(body).tool_choice).toEqual(choice)
    expect(value({ tool_config: { function_calling_config: functionCallingConfig } }).tool_choice).toEqual(choice)
    expect(notes(body)).toEqual([])
    const tools = [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }]
    expect(value({ ...body, tools }).tools?.map((tool) => tool['strict' as keyof typeof tool])).toEqual([
      'mode' in functionCallingConfig && functionCallingConfig.mode === 'VALIDATED',
      undefined,
    ])
  })
})

/** Field names in snake case, but not inside of what is the client's own data. */
function snaked(one: unknown): unknown {
  if (Array.isArray(one)) return one.map(snaked)
  if (typeof one !== 'object' || one === null) return one
  return Object.fromEntries(
    Object.entries(one).map(([name, inner]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      ['args', 'response', 'labels', 'parametersJsonSchema', 'declaration', 'responseJsonSchema'].includes(name)
        ? inner
        : snaked(inner),
    ]),
  )
}

describe('either spelling', () => {
  const media = fc.record({
    mimeType: fc.constantFrom('image/png', 'audio/wav', 'text/plain'),
    data: fc.base64String(),
  })
  const part = fc.oneof(
    fc.record({ text: fc.string({ minLength: 1 }) }),
    fc.record({ text: fc.string(), thought: fc.constant(true), thoughtSignature: fc.base64String() }),
    fc.record({ inlineData: media, videoMetadata: fc.record({ startOffset: fc.constant('1s') }) }),
    fc.record({ fileData: fc.record({ fileUri: fc.webUrl(), mimeType: fc.constant('image/png') }) }),
    fc.record({
      functionCall: fc.record({ name: fc.constantFrom('f', 'g'), args: fc.dictionary(fc.string(), fc.jsonValue()) }),
    }),
    fc.record({
      functionResponse: fc.record({
        name: fc.constantFrom('f', 'g'),
        response: fc.dictionary(fc.string(), fc.jsonValue()),
        parts: fc.array(fc.record({ inlineData: media }), { maxLength: 2 }),
      }),
    }),
  )
  const request = fc.record(
    {
      contents: fc
        .array(fc.record({ role: fc.constantFrom('user', 'model'), parts: fc.array(part, { maxLength: 4 }) }), {
          maxLength: 5,
        })
        .map((list) => [...contents, ...list]),
      systemInstruction: fc.record({ parts: fc.array(fc.record({ text: fc.string() })) }),
      safetySettings: fc.constant([{ category: 'x', threshold: 'BLOCK_NONE' }]),
      serviceTier: fc.constantFrom('flex', 'standard'),
      toolConfig: fc.constant({
        functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] },
        includeServerSideToolInvocations: true,
      }),
      generationConfig: fc.record(
        {
          maxOutputTokens: fc.integer({ min: 1 }),
          topP: fc.float({ min: 0, max: 1, noNaN: true }),
          topK: fc.nat(),
          stopSequences: fc.array(fc.string()),
          responseMimeType: fc.constantFrom('text/plain', 'application/json'),
          responseJsonSchema: fc.constant({ type: 'object', properties: { aB_c: { type: 'string' } } }),
          thinkingConfig: fc.record(
            { thinkingBudget: fc.integer({ min: -1, max: 30_000 }), includeThoughts: fc.boolean() },
            { requiredKeys: [] },
          ),
          responseModalities: fc.constantFrom(['TEXT'], ['AUDIO'], ['IMAGE']),
          mediaResolution: fc.constant('MEDIA_RESOLUTION_LOW'),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['contents'] },
  )

  test('gives the same request and the same notes', () => {
    /** What is kept as it came keeps its spelling inside. */
    const even = (one: unknown) => snaked(JSON.parse(JSON.stringify(one)) as unknown)
    fc.assert(
      fc.property(request, (body) => {
        expect(even(decodeRequest(snaked(body), META))).toEqual(even(decodeRequest(body, META)))
      }),
      { numRuns: 200 },
    )
  })
})

const FIXTURES = new URL('../../../../../../../shared/fixtures/clients/', import.meta.url)
const recorded = (name: string) =>
  (JSON.parse(readFileSync(new URL(name, FIXTURES), 'utf8')) as { body: Record<string, unknown> }).body

describe.skipIf(!existsSync(FIXTURES))('recorded clients', () => {
  test('Gemini CLI 0.61', () => {
    const body = recorded('gemini-cli-tool-followup.json')
    const { value: request, receipt } = decodeRequest(body, META)
    expect(receipt).toEqual([])
    const id = 'run_shell_command_1795227747657_0'
    const output =
      '<untrusted_context>\nOutput: hello-from-tool-7148ed57\nProcess Group PGID: 3133\n</untrusted_context>'
    expect(request.input).toEqual([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: '<484 characters>' }, expect.anything()] },
      {
        type: 'function_call',
        call_id: id,
        name: 'run_shell_command',
        arguments: '{"command":"cat /home/user/project/files/secret.txt"}',
      },
      {
        type: 'function_call_output',
        call_id: id,
        output,
        extra: { gemini: { response: { output }, name: 'run_shell_command' } },
      },
    ])
    expect(request).toMatchObject({
      model: 'gpt-5.5',
      instructions: '<30320 characters>',
      temperature: 1,
      top_p: 0.95,
      reasoning: { summary: 'auto' },
      extra: { sampling: { top_k: 64 } },
    })
    expect(request.extra).not.toHaveProperty('gemini')
    expect(request.tools).toHaveLength(15)
    for (const tool of request.tools ?? []) {
      expect(tool).toMatchObject({ type: 'function', parameters: { type: 'object' }, strict: false })
    }
  })

  test('opencode 1.18', () => {
    const { value: request, receipt } = decodeRequest(recorded('opencode-google.json'), META)
    expect(receipt).toEqual([])
    const response = { name: 'bash', content: 'hello-from-tool-f83cbd13\n' }
    expect(request.input.slice(1)).toEqual([
      {
        type: 'function_call',
        call_id: 'call_1_0',
        name: 'bash',
        arguments: '{"command":"cat /home/user/project/files/secret.txt"}',
        extra: { gemini: { unnamed: true } },
      },
      {
        type: 'function_call_output',
        call_id: 'call_1_0',
        output: JSON.stringify(response),
        extra: { gemini: { response, name: 'bash', unnamed: true } },
      },
    ])
    expect(request).toMatchObject({
      max_output_tokens: 32_000,
      reasoning: { effort: 'high', summary: 'auto' },
      tool_choice: 'auto',
    })
    expect(request.tools).toHaveLength(9)
  })
})
