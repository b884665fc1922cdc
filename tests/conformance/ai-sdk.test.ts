import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import {
  APICallError,
  generateObject,
  generateText,
  jsonSchema,
  stepCountIs,
  streamObject,
  streamText,
  tool,
  type LanguageModel,
  type ModelMessage,
} from 'ai'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { lastAsked, openHouse, type House } from '../house.js'
import { scriptEachTest } from '../scripting.js'
import { surface } from './surface.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const script = scriptEachTest(() => house)

interface Provider {
  /** The row's name: package, and the kind of model where it has two. */
  sdk: string
  model(): LanguageModel
  /** What switches thinking on. */
  thinking: Record<string, Record<string, never>>
}

const options = (path: string) => ({ baseURL: `${house.url}${path}`, apiKey: house.key })
const PROVIDERS: readonly Provider[] = [
  {
    sdk: '@ai-sdk/openai (responses)',
    model: () => createOpenAI(options('/v1')).responses('gpt-5.5'),
    thinking: {
      openai: {
        reasoningEffort: 'high',
        reasoningSummary: 'auto',
        store: false,
        include: ['reasoning.encrypted_content'],
      } as never,
    },
  },
  {
    sdk: '@ai-sdk/openai (chat)',
    model: () => createOpenAI(options('/v1')).chat('gpt-5.5'),
    thinking: { openai: { reasoningEffort: 'high' } as never },
  },
  {
    sdk: '@ai-sdk/openai-compatible',
    model: () =>
      createOpenAICompatible({
        ...options('/v1'),
        name: 'dragoman',
        includeUsage: true,
        supportsStructuredOutputs: true,
      })('gpt-5.5'),
    thinking: { dragoman: { reasoningEffort: 'high' } as never },
  },
  {
    sdk: '@ai-sdk/anthropic',
    model: () => createAnthropic(options('/v1'))('claude-opus-4-7'),
    thinking: { anthropic: { thinking: { type: 'enabled', budgetTokens: 10_000 } } as never },
  },
  {
    sdk: '@ai-sdk/google',
    model: () => createGoogleGenerativeAI(options('/v1beta'))('gpt-5.5'),
    thinking: { google: { thinkingConfig: { includeThoughts: true, thinkingLevel: 'high' } } as never },
  },
]

const city = jsonSchema<{ city: string }>({
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
})
const tools = {
  get_weather: tool({ description: 'Weather', inputSchema: city, execute: async () => 'sunny, 21 degrees' }),
  get_time: tool({ description: 'Time', inputSchema: city, execute: async () => ({ hour: 7 }) }),
}
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe.each(PROVIDERS)('$sdk', ({ sdk, model, thinking }) => {
  /** Chat upstreams have no thoughts in the official provider. */
  const showsThoughts = sdk !== '@ai-sdk/openai (chat)'

  surface({ sdk, call: 'generateText', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'Good morning.' },
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5, reasoningTokens: 2 },
      ],
    })
    const answer = await generateText({ model: model(), prompt: 'hi', maxRetries: 0 })
    expect(answer.text).toBe('Good morning.')
    expect(answer.finishReason).toBe('stop')
    expect(answer.usage).toMatchObject({ inputTokens: 20, outputTokens: 5 })
    expect(answer.usage.inputTokenDetails.cacheReadTokens ?? 0).toBe(8)
  })

  surface({ sdk, call: 'streamText', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'One two three — 四 🙂.', chunkSize: 3 },
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5 },
      ],
    })
    const stream = streamText({ model: model(), prompt: 'hi', maxRetries: 0 })
    const pieces: string[] = []
    for await (const piece of stream.textStream) pieces.push(piece)
    expect(pieces.join('')).toBe('One two three — 四 🙂.')
    expect(pieces.length).toBeGreaterThan(3)
    expect(await stream.finishReason).toBe('stop')
    expect(await stream.usage).toMatchObject({ inputTokens: 20, outputTokens: 5 })
  })

  surface({ sdk, call: 'generateText, tool loop with parallel calls', level: 'exact' }, async () => {
    const answer = await generateText({
      model: model(),
      tools,
      stopWhen: stepCountIs(4),
      prompt: 'call get_weather and get_time',
      maxRetries: 0,
    })
    expect(answer.steps).toHaveLength(2)
    expect(answer.steps[0]?.finishReason).toBe('tool-calls')
    expect(answer.steps[0]?.toolCalls.map(({ toolName }) => toolName)).toEqual(['get_weather', 'get_time'])
    expect(answer.text).toContain('sunny, 21 degrees')
    expect(answer.text).toContain('7')
  })

  surface({ sdk, call: 'streamText, tool loop with parallel calls', level: 'exact' }, async () => {
    const stream = streamText({
      model: model(),
      tools,
      stopWhen: stepCountIs(4),
      prompt: 'call get_weather and get_time',
      maxRetries: 0,
    })
    expect(await stream.text).toContain('sunny, 21 degrees')
    const steps = await stream.steps
    expect(steps[0]?.toolCalls.map(({ toolName, input }) => [toolName, Object.keys(input as object)])).toEqual([
      ['get_weather', ['city']],
      ['get_time', ['city']],
    ])
  })

  surface({ sdk, call: 'generateText, images and documents', level: 'exact' }, async () => {
    await generateText({
      model: model(),
      maxRetries: 0,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image', image: PIXEL, mediaType: 'image/png' },
            { type: 'file', data: 'JVBERi0xLjQK', mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
        },
      ],
    })
    const { input } = lastAsked(house)?.body as { input: { content: Record<string, unknown>[] }[] }
    const parts = input.flatMap(({ content }) => content)
    expect(parts.map(({ type }) => type)).toEqual(['input_text', 'input_image', 'input_file'])
    expect(parts[1]?.['image_url']).toBe(`data:image/png;base64,${PIXEL}`)
    expect(parts[2]?.['file_data']).toBe('data:application/pdf;base64,JVBERi0xLjQK')
  })

  surface({ sdk, call: 'generateObject, streamObject', level: 'exact' }, async () => {
    const schema = jsonSchema<{ name: string; tags: string[] }>({
      type: 'object',
      properties: { name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
      required: ['name', 'tags'],
      additionalProperties: false,
    })
    const scene = [{ type: 'text' as const, text: '{"name":"Ada","tags":["a","b"]}', chunkSize: 4 }]
    script({ scene })
    const whole = await generateObject({ model: model(), schema, prompt: 'make one', maxRetries: 0 })
    expect(whole.object).toEqual({ name: 'Ada', tags: ['a', 'b'] })
    const streamed = streamObject({ model: model(), schema, prompt: 'make one', maxRetries: 0 })
    for await (const partial of streamed.partialObjectStream) expect(partial).toBeTypeOf('object')
    expect(await streamed.object).toEqual({ name: 'Ada', tags: ['a', 'b'] })
    expect(lastAsked(house)?.body).toMatchObject({ text: { format: { type: 'json_schema' } } })
  })

  surface({ sdk, call: 'generateText, thinking on and off', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'reasoning', summary: 'Let me see.', sealed: true },
        { type: 'text', text: 'Seen.' },
      ],
    })
    const on = await generateText({ model: model(), prompt: 'think', providerOptions: thinking, maxRetries: 0 })
    expect(lastAsked(house)?.body).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' } })
    expect(on.text).toBe('Seen.')
    if (showsThoughts) expect(on.reasoningText).toBe('Let me see.')
    await generateText({ model: model(), prompt: 'do not think', maxRetries: 0 })
    expect((lastAsked(house)?.body as { reasoning?: { effort?: string } }).reasoning?.effort).toBeUndefined()
  })

  const carries = sdk !== '@ai-sdk/openai (chat)' && sdk !== '@ai-sdk/openai-compatible'
  surface(
    {
      sdk,
      call: 'generateText, reasoning carried over three turns',
      ...(carries
        ? { level: 'exact' as const }
        : {
            level: 'not possible' as const,
            remark: {
              en: 'this SDK sends no reasoning state back; the conversation goes on without it',
              zh: '该 SDK 不会把推理状态发回；对话照常继续，但不含推理状态',
            },
          }),
    },
    async () => {
      const messages: ModelMessage[] = []
      const seals: string[] = []
      for (let turn = 0; turn < 3; turn++) {
        messages.push({ role: 'user', content: `think and call get_weather, turn ${turn}` })
        const answer = await generateText({
          model: model(),
          tools,
          stopWhen: stepCountIs(3),
          messages,
          providerOptions: thinking,
          maxRetries: 0,
        })
        messages.push(...answer.response.messages)
        const { input } = lastAsked(house)?.body as { input: { type: string; encrypted_content?: string }[] }
        const carried = input.flatMap((item) => (item.type === 'reasoning' ? [item.encrypted_content ?? ''] : []))
        if (carries) {
          expect(carried.slice(0, seals.length)).toEqual(seals)
          expect(carried.length).toBeGreaterThan(seals.length)
          for (const seal of carried) expect(house.simulator.readSeal(seal)).toMatchObject({ kind: 'reasoning' })
          seals.splice(0, seals.length, ...carried)
        } else expect(carried).toEqual([])
      }
    },
  )

  if (sdk === '@ai-sdk/openai (responses)') {
    surface({ sdk, call: 'generateText, item references (store left on)', level: 'exact' }, async () => {
      const answer = await generateText({
        model: model(),
        tools,
        stopWhen: stepCountIs(4),
        prompt: 'call get_weather and get_time',
        maxRetries: 0,
      })
      expect(answer.steps).toHaveLength(2)
      const { input } = lastAsked(house)?.body as { input: { type: string; call_id?: string }[] }
      expect(input.map(({ type }) => type)).toEqual([
        'message',
        'function_call',
        'function_call',
        'function_call_output',
        'function_call_output',
      ])
      expect(input[3]?.call_id).toBe(input[1]?.call_id)
    })
  }

  surface({ sdk, call: 'APICallError', level: 'exact' }, async () => {
    const cases: [Parameters<typeof script>[0], number][] = [
      [{ times: 1, fault: { type: 'status', name: 'context_length_exceeded' } }, 400],
      [{ times: 3, fault: { type: 'status', name: 'overloaded' } }, 503],
    ]
    for (const [rule, status] of cases) {
      const made = script(rule)
      const error: unknown = await generateText({ model: model(), prompt: 'hi', maxRetries: 0 }).catch(
        (e: unknown) => e,
      )
      made.remove()
      expect(APICallError.isInstance(error), String(error)).toBe(true)
      const { statusCode, message } = error as APICallError
      // Anthropic has a status of its own for an overloaded server.
      expect(statusCode).toBe(status === 503 && sdk === '@ai-sdk/anthropic' ? 529 : status)
      expect(message.length).toBeGreaterThan(5)
    }
  })

  surface({ sdk, call: 'streamText, abort', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'begin' },
        { type: 'gate', name: 'never' },
        { type: 'text', text: 'end' },
      ],
    })
    const stop = new AbortController()
    const stream = streamText({ model: model(), prompt: 'hi', maxRetries: 0, abortSignal: stop.signal, onError() {} })
    for await (const piece of stream.textStream) {
      expect(piece).toBe('begin')
      stop.abort()
      break
    }
    await house.simulator.streamsClosed()
  })

  surface({ sdk, call: 'streamText, failure in the middle', level: 'exact' }, async () => {
    script({
      scene: [{ type: 'text', text: 'begin', unfinished: true }],
      fault: { type: 'cut', at: 4, how: 'rst' },
    })
    const errors: unknown[] = []
    const stream = streamText({
      model: model(),
      prompt: 'hi',
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    })
    for await (const part of stream.fullStream) if (part.type === 'finish') expect(part.finishReason).toBe('error')
    expect(errors.length).toBeGreaterThan(0)
  })
})
