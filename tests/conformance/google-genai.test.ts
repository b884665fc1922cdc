import {
  ApiError,
  FunctionCallingConfigMode,
  GoogleGenAI,
  ThinkingLevel,
  Type,
  type Content,
  type FunctionDeclaration,
  type GenerateContentResponse,
} from '@google/genai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasFixtures, lastAsked, openHouse, recordedRequest, type House } from '../house.js'
import { scriptEachTest } from '../scripting.js'
import { surface } from './surface.js'

const sdk = '@google/genai'
const model = 'gpt-5.5'
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const declaration = (name: string): FunctionDeclaration => ({
  name,
  description: 'Tells it',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
})

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
const script = scriptEachTest(() => house)
interface Sent {
  model: string
  instructions?: string
  input: (Record<string, unknown> & { type: string })[]
  tools?: Record<string, unknown>[]
  tool_choice?: unknown
  reasoning?: { effort?: string; summary?: string }
  text?: unknown
}
const sent = () => lastAsked(house)?.body as Sent
const collect = async (stream: AsyncIterable<GenerateContentResponse>) => {
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}
const partsOf = (chunks: readonly GenerateContentResponse[]) =>
  chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])

describe('the official Gemini SDK', () => {
  surface({ sdk, call: 'models.generateContent', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'Good morning.' },
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5, reasoningTokens: 2 },
      ],
    })
    const answer = await house.google.models.generateContent({
      model,
      contents: 'hi',
      config: { systemInstruction: 'be kind' },
    })
    expect(answer.text).toBe('Good morning.')
    expect(answer.candidates?.[0]).toMatchObject({ finishReason: 'STOP', index: 0, content: { role: 'model' } })
    expect(answer.usageMetadata).toMatchObject({
      promptTokenCount: 20,
      cachedContentTokenCount: 8,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 2,
      totalTokenCount: 25,
    })
    expect(answer.modelVersion).toBe(model)
    expect(sent()).toMatchObject({ model: 'gpt-5.5', instructions: 'be kind' })
  })

  surface({ sdk, call: 'models.generateContentStream', level: 'exact' }, async () => {
    script({ scene: [{ type: 'text', text: 'One two three — 四 🙂.', chunkSize: 3 }] })
    const chunks = await collect(await house.google.models.generateContentStream({ model, contents: 'hi' }))
    expect(chunks.map(({ text }) => text ?? '').join('')).toBe('One two three — 四 🙂.')
    expect(chunks.length).toBeGreaterThan(3)
    expect(chunks.filter(({ candidates }) => candidates?.[0]?.finishReason !== undefined)).toHaveLength(1)
  })

  surface({ sdk, call: 'apiVersion v1, and a base URL ending in /gemini', level: 'exact' }, async () => {
    for (const httpOptions of [
      { baseUrl: house.url, apiVersion: 'v1' },
      { baseUrl: `${house.url}/gemini` },
      { baseUrl: `${house.url}/gemini`, apiVersion: 'v1' },
    ]) {
      const google = new GoogleGenAI({ apiKey: house.key, httpOptions })
      expect((await google.models.generateContent({ model: 'demo', contents: 'hi' })).text).toContain('demo')
      const chunks = await collect(await google.models.generateContentStream({ model: 'demo', contents: 'hi' }))
      expect(chunks.map(({ text }) => text ?? '').join('')).toContain('demo')
      const page = await google.models.list()
      expect(page.page.map(({ name }) => name)).toContain('models/gpt-5.5')
    }
  })

  surface({ sdk, call: 'models.generateContent, tool loop with parallel calls', level: 'exact' }, async () => {
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'call get_weather and get_time' }] }]
    const config = { tools: [{ functionDeclarations: [declaration('get_weather'), declaration('get_time')] }] }
    const first = await house.google.models.generateContent({ model, contents, config })
    expect(first.functionCalls?.map(({ name }) => name)).toEqual(['get_weather', 'get_time'])
    expect(new Set(first.functionCalls?.map(({ id }) => id)).size).toBe(2)
    const told = first.candidates?.[0]?.content
    if (told === undefined) throw new Error('no content')
    contents.push(told, {
      role: 'user',
      parts: (first.functionCalls ?? []).map(({ id, name }) => ({
        functionResponse: {
          ...(id === undefined ? {} : { id }),
          name: name ?? '',
          response: { output: `${name} is fine` },
        },
      })),
    })
    const second = await house.google.models.generateContent({ model, contents, config })
    expect(second.text).toContain('get_weather is fine')
    expect(second.text).toContain('get_time is fine')
    const calls = sent().input.filter(({ type }) => type === 'function_call')
    const outputs = sent().input.filter(({ type }) => type === 'function_call_output')
    expect(outputs.map((item) => item['call_id'])).toEqual(calls.map((item) => item['call_id']))
  })

  surface({ sdk, call: 'models.generateContentStream, interleaved calls', level: 'exact' }, async () => {
    script({
      scene: [
        {
          type: 'toolCalls',
          interleaved: true,
          chunkSize: 3,
          calls: [
            { name: 'a', arguments: { city: 'Oslo' } },
            { name: 'b', arguments: { city: 'Rom' } },
          ],
        },
      ],
    })
    const chunks = await collect(await house.google.models.generateContentStream({ model, contents: 'x' }))
    expect(partsOf(chunks).flatMap(({ functionCall }) => (functionCall ? [functionCall] : []))).toMatchObject([
      { name: 'a', args: { city: 'Oslo' } },
      { name: 'b', args: { city: 'Rom' } },
    ])
  })

  surface({ sdk, call: 'functionCallingConfig', level: 'exact' }, async () => {
    const tools = [{ functionDeclarations: [declaration('a'), declaration('b')] }]
    const ask = (mode: FunctionCallingConfigMode, allowedFunctionNames?: string[]) =>
      house.google.models.generateContent({
        model,
        contents: 'x',
        config: {
          tools,
          toolConfig: { functionCallingConfig: { mode, ...(allowedFunctionNames ? { allowedFunctionNames } : {}) } },
        },
      })
    await ask(FunctionCallingConfigMode.AUTO)
    expect(sent()).toMatchObject({ tool_choice: 'auto' })
    await ask(FunctionCallingConfigMode.NONE)
    expect(sent()).toMatchObject({ tool_choice: 'none' })
    await ask(FunctionCallingConfigMode.ANY)
    expect(sent()).toMatchObject({ tool_choice: 'required' })
    await ask(FunctionCallingConfigMode.ANY, ['b'])
    expect(sent()).toMatchObject({ tool_choice: { type: 'function', name: 'b' } })
    await ask(FunctionCallingConfigMode.ANY, ['a', 'b'])
    expect(sent()).toMatchObject({ tool_choice: { type: 'allowed_tools', mode: 'required' } })
  })

  surface({ sdk, call: 'parameters with Gemini types', level: 'exact' }, async () => {
    await house.google.models.generateContent({
      model,
      contents: 'x',
      config: {
        tools: [
          {
            functionDeclarations: [
              {
                name: 'f',
                parameters: {
                  type: Type.OBJECT,
                  properties: { n: { type: Type.INTEGER }, tags: { type: Type.ARRAY, items: { type: Type.STRING } } },
                  required: ['n'],
                },
              },
            ],
          },
        ],
      },
    })
    expect(sent().tools).toMatchObject([
      {
        type: 'function',
        name: 'f',
        parameters: {
          type: 'object',
          properties: { n: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
        },
      },
    ])
  })

  surface({ sdk, call: 'inlineData, fileData', level: 'exact' }, async () => {
    await house.google.models.generateContent({
      model,
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'look' },
            { inlineData: { mimeType: 'image/png', data: PIXEL } },
            { inlineData: { mimeType: 'application/pdf', data: 'JVBERi0=' } },
            { fileData: { mimeType: 'image/png', fileUri: 'https://example.com/a.png' } },
          ],
        },
      ],
    })
    const parts = sent().input[0]?.['content'] as { type: string; image_url?: string; file_data?: string }[]
    expect(parts.map(({ type }) => type)).toEqual(['input_text', 'input_image', 'input_file', 'input_image'])
    expect(parts[1]?.image_url).toBe(`data:image/png;base64,${PIXEL}`)
    expect(parts[2]?.file_data).toBe('data:application/pdf;base64,JVBERi0=')
    expect(parts[3]?.image_url).toBe('https://example.com/a.png')
  })

  surface({ sdk, call: 'responseSchema, responseJsonSchema', level: 'exact' }, async () => {
    script({ scene: [{ type: 'text', text: '{"name":"Ada"}' }] })
    for (const schema of [
      { responseSchema: { type: Type.OBJECT, properties: { name: { type: Type.STRING } }, required: ['name'] } },
      { responseJsonSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
    ]) {
      const answer = await house.google.models.generateContent({
        model,
        contents: 'x',
        config: { responseMimeType: 'application/json', ...schema },
      })
      expect(JSON.parse(answer.text ?? '')).toEqual({ name: 'Ada' })
      expect(sent().text).toMatchObject({
        format: { type: 'json_schema', schema: { type: 'object', properties: { name: { type: 'string' } } } },
      })
    }
  })

  surface(
    {
      sdk,
      call: 'thinkingConfig',
      level: 'approximated',
      remark: {
        en: 'a budget becomes an effort, which is what the Codex backend takes; `thinkingLevel` is exact',
        zh: '预算会换算成推理强度（Codex 后端只接受强度）；`thinkingLevel` 则完全一致',
      },
    },
    async () => {
      const ask = (thinkingConfig: object) =>
        house.google.models.generateContent({ model, contents: 'x', config: { thinkingConfig } })
      await ask({ thinkingLevel: ThinkingLevel.HIGH, includeThoughts: true })
      expect(sent().reasoning).toMatchObject({ effort: 'high', summary: 'auto' })
      await ask({ thinkingBudget: 1_000 })
      expect(sent().reasoning).toMatchObject({ effort: 'low' })
      await ask({ thinkingBudget: 0 })
      expect(sent().reasoning).toMatchObject({ effort: 'none' })
      await ask({ thinkingBudget: -1 })
      expect(sent().reasoning?.effort).toBeUndefined()
    },
  )

  surface({ sdk, call: 'chats, thoughts and signatures over three turns', level: 'exact' }, async () => {
    const chat = house.google.chats.create({
      model,
      config: {
        thinkingConfig: { thinkingLevel: ThinkingLevel.HIGH, includeThoughts: true },
        tools: [{ functionDeclarations: [declaration('get_weather')] }],
      },
    })
    let known: unknown[] = []
    for (let turn = 0; turn < 3; turn++) {
      const called = await chat.sendMessage({ message: `think and call get_weather, turn ${turn}` })
      const call = called.functionCalls?.[0]
      expect(call?.name).toBe('get_weather')
      expect(partsOf([called]).some(({ thought }) => thought === true)).toBe(true)
      const answer = await chat.sendMessage({
        message: {
          functionResponse: {
            ...(call?.id === undefined ? {} : { id: call.id }),
            name: 'get_weather',
            response: { output: 'sunny' },
          },
        },
      })
      expect(answer.text).toContain('sunny')
      const carried = sent().input.filter(({ type }) => type === 'reasoning')
      const seals = carried.map((item) => item['encrypted_content'])
      expect(seals.slice(0, known.length)).toEqual(known)
      expect(seals.length).toBeGreaterThan(known.length)
      expect(new Set(seals).size).toBe(seals.length)
      for (const seal of seals) expect(house.simulator.readSeal(String(seal))).toMatchObject({ kind: 'reasoning' })
      known = seals
    }
  })

  surface({ sdk, call: 'googleSearch with groundingMetadata', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'webSearch', query: 'weather Oslo', citations: [{ url: 'https://example.com/a', title: 'A' }] },
        { type: 'text', text: 'Es regnet — 雨' },
      ],
    })
    const answer = await house.google.models.generateContent({
      model,
      contents: 'search',
      config: { tools: [{ googleSearch: {} }] },
    })
    expect(sent().tools).toMatchObject([{ type: 'web_search' }])
    const grounding = answer.candidates?.[0]?.groundingMetadata
    expect(grounding).toMatchObject({
      webSearchQueries: ['weather Oslo'],
      groundingChunks: [{ web: { uri: 'https://example.com/a', title: 'A' } }],
    })
    const support = grounding?.groundingSupports?.[0]
    const bytes = new TextEncoder().encode(answer.text)
    const cited = new TextDecoder().decode(bytes.slice(support?.segment?.startIndex ?? 0, support?.segment?.endIndex))
    expect(support?.groundingChunkIndices).toEqual([0])
    expect(cited).toBe(support?.segment?.text)
  })

  surface({ sdk, call: 'every finishReason', level: 'exact' }, async () => {
    const cases: [Parameters<typeof script>[0], string][] = [
      [
        {
          scene: [
            { type: 'text', text: 'a' },
            { type: 'incomplete', reason: 'max_output_tokens' },
          ],
        },
        'MAX_TOKENS',
      ],
      [
        {
          scene: [
            { type: 'text', text: 'a' },
            { type: 'incomplete', reason: 'content_filter' },
          ],
        },
        'SAFETY',
      ],
      [{ scene: [{ type: 'toolCalls', calls: [{ name: 'f', arguments: {} }] }] }, 'STOP'],
    ]
    for (const [rule, reason] of cases) {
      const made = script(rule)
      const whole = await house.google.models.generateContent({ model, contents: 'x' })
      const streamed = await collect(await house.google.models.generateContentStream({ model, contents: 'x' }))
      made.remove()
      expect(whole.candidates?.[0]?.finishReason).toBe(reason)
      expect(streamed.at(-1)?.candidates?.[0]?.finishReason).toBe(reason)
    }
  })

  surface({ sdk, call: 'models.countTokens', level: 'exact' }, async () => {
    expect((await house.google.models.countTokens({ model, contents: 'hello world' })).totalTokens).toBe(9)
    const more = await house.google.models.countTokens({
      model,
      contents: [{ role: 'user', parts: [{ text: 'hello' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }] }],
    })
    expect(more.totalTokens).toBeGreaterThan(200)
  })

  surface({ sdk, call: 'models.list, models.get', level: 'exact' }, async () => {
    const names: string[] = []
    for await (const { name } of await house.google.models.list({ config: { pageSize: 4 } })) names.push(name ?? '')
    expect(names).toContain('models/gpt-5.5')
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(8)
    expect(await house.google.models.get({ model: 'gpt-5.5' })).toMatchObject({
      name: 'models/gpt-5.5',
      displayName: expect.any(String),
      inputTokenLimit: expect.any(Number),
    })
  })

  surface({ sdk, call: 'ApiError', level: 'exact' }, async () => {
    const cases: [Parameters<typeof script>[0], number, string][] = [
      [{ fault: { type: 'status', name: 'rate_limited' } }, 429, 'RESOURCE_EXHAUSTED'],
      [{ fault: { type: 'status', name: 'overloaded' } }, 503, 'UNAVAILABLE'],
      [{ fault: { type: 'status', name: 'context_length_exceeded' } }, 400, 'INVALID_ARGUMENT'],
    ]
    for (const [rule, status, word] of cases) {
      // A limit cools the account, so each case has a house of its own.
      const other = await openHouse()
      other.simulator.script(rule)
      const error: unknown = await other.google.models
        .generateContent({ model, contents: 'x' })
        .catch((e: unknown) => e)
      await other.close()
      expect(error).toBeInstanceOf(ApiError)
      expect((error as ApiError).status).toBe(status)
      expect((error as ApiError).message).toContain(word)
    }
    const missing: unknown = await house.google.models
      .generateContent({ model: 'gpt-55', contents: 'x' })
      .catch((e: unknown) => e)
    expect((missing as ApiError).status).toBe(404)
    expect((missing as ApiError).message).toContain('NOT_FOUND')
    const stranger = new GoogleGenAI({ apiKey: 'dgm-wrong', httpOptions: { baseUrl: house.url } })
    const denied: unknown = await stranger.models.generateContent({ model, contents: 'x' }).catch((e: unknown) => e)
    expect((denied as ApiError).status).toBe(401)
    expect((denied as ApiError).message).toContain('UNAUTHENTICATED')
  })

  surface({ sdk, call: 'generateContentStream, failure in the middle', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'begin', unfinished: true },
        { type: 'failed', code: 'server_is_overloaded', message: 'busy' },
      ],
    })
    const error: unknown = await house.google.models
      .generateContentStream({ model, contents: 'x' })
      .then(collect)
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).status).toBe(503)
  })

  surface({ sdk, call: 'abortSignal', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'begin' },
        { type: 'gate', name: 'never' },
        { type: 'text', text: 'end' },
      ],
    })
    const stop = new AbortController()
    const stream = await house.google.models.generateContentStream({
      model,
      contents: 'x',
      config: { abortSignal: stop.signal },
    })
    for await (const chunk of stream) {
      expect(chunk.text).toBe('begin')
      stop.abort()
      break
    }
    await house.simulator.streamsClosed()
  })
})

describe('Gemini on the wire', () => {
  test('a stream without alt=sse is one JSON array', async () => {
    script({ scene: [{ type: 'text', text: 'one two three' }] })
    const reply = await house.post(`/v1beta/models/${model}:streamGenerateContent`, {
      contents: [{ role: 'user', parts: [{ text: 'x' }] }],
    })
    expect(reply.headers.get('content-type')).toContain('application/json')
    const chunks = (await reply.json()) as GenerateContentResponse[]
    expect(chunks.length).toBeGreaterThan(1)
    expect(
      partsOf(chunks)
        .map(({ text }) => text ?? '')
        .join(''),
    ).toBe('one two three')
  })

  test('an unknown method is named', async () => {
    const reply = await house.post(`/v1beta/models/${model}:embedContent`, {})
    expect(reply.status).toBe(404)
    expect(await reply.json()).toMatchObject({
      error: { code: 404, status: 'NOT_FOUND', message: expect.stringContaining('embedContent') },
    })
  })

  test.skipIf(!hasFixtures).each(['gemini-cli-tool-followup.json', 'opencode-google.json'])(
    '%s is answered, its tool result told',
    async (name) => {
      const { body, path } = (await recordedRequest(name)) as { body: unknown; path: string }
      const reply = await house.post(path, body)
      const text = await reply.text()
      expect(reply.status, text).toBe(200)
      expect(text).toContain('hello-from-tool')
      expect(text).toContain('"finishReason":"STOP"')
      expect(sent().input.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['function_call', 'function_call_output']),
      )
      const call = sent().input.find(({ type }) => type === 'function_call')
      const output = sent().input.find(({ type }) => type === 'function_call_output')
      expect(output?.['call_id']).toBe(call?.['call_id'])
    },
  )
})
