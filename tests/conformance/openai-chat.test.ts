import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import OpenAI, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai'
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions'
import { lastAsked, openHouse, type House } from '../house.js'
import { scriptEachTest } from '../scripting.js'
import { surface } from './surface.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const script = scriptEachTest(() => house)
const user = (content: string): ChatCompletionMessageParam[] => [{ role: 'user', content }]
const weather: ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
}

describe('the official OpenAI SDK, chat completions', () => {
  surface({ sdk: 'openai', call: 'chat.completions.create', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'Good morning.' },
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5, reasoningTokens: 2 },
      ],
    })
    const answer = await house.openai.chat.completions.create({ model: 'gpt-5.5', messages: user('hi') })
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'gpt-5.5',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Good morning.' } }],
    })
    expect(answer.usage).toMatchObject({
      prompt_tokens: expect.any(Number),
      completion_tokens: expect.any(Number),
      total_tokens: expect.any(Number),
    })
  })

  surface({ sdk: 'openai', call: 'chat.completions.create({ stream: true })', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5, reasoningTokens: 2 },
        { type: 'text', text: 'Good "morning",\n\\ 早上好 🙂.' },
      ],
    })
    for (const include_usage of [false, true]) {
      const stream = await house.openai.chat.completions.create({
        model: 'gpt-5.5',
        messages: user('hi'),
        stream: true,
        ...(include_usage ? { stream_options: { include_usage } } : {}),
      })
      let text = ''
      const finishes: string[] = []
      const usages: unknown[] = []
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? ''
        if (chunk.choices[0]?.finish_reason) finishes.push(chunk.choices[0].finish_reason)
        if (chunk.usage) usages.push(chunk.usage)
      }
      expect(text).toBe('Good "morning",\n\\ 早上好 🙂.')
      expect(finishes).toEqual(['stop'])
      expect(usages).toHaveLength(include_usage ? 1 : 0)
      if (include_usage) {
        expect(usages[0]).toMatchObject({
          prompt_tokens: 20,
          completion_tokens: 5,
          total_tokens: 25,
          prompt_tokens_details: { cached_tokens: 8 },
          completion_tokens_details: { reasoning_tokens: 2 },
        })
      }
    }
  })

  surface({ sdk: 'openai', call: 'chat.completions.stream', level: 'exact' }, async () => {
    script({ scene: [{ type: 'text', text: 'Hello there.' }] })
    const stream = house.openai.chat.completions.stream({ model: 'gpt-5.5', messages: user('hi') })
    const pieces: string[] = []
    stream.on('content', (delta) => pieces.push(delta))
    const final = await stream.finalChatCompletion()
    expect(pieces.join('')).toBe('Hello there.')
    expect(final.choices[0]?.message.content).toBe('Hello there.')
  })

  surface({ sdk: 'openai', call: 'chat.completions.create, parallel tool calls', level: 'exact' }, async () => {
    script({
      scene: [
        {
          type: 'toolCalls',
          interleaved: true,
          chunkSize: 3,
          calls: [
            { name: 'get_weather', arguments: { city: 'Wien' }, callId: 'call_a' },
            { name: 'get_weather', arguments: { city: '東京' }, callId: 'call_b' },
          ],
        },
      ],
    })
    const body = { model: 'gpt-5.5', messages: user('weather?'), tools: [weather] }
    const expected = [
      { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Wien"}' } },
      { id: 'call_b', type: 'function', function: { name: 'get_weather', arguments: '{"city":"東京"}' } },
    ]
    const whole = await house.openai.chat.completions.create(body)
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: expected },
    })
    const streamed = await house.openai.chat.completions.stream(body).finalChatCompletion()
    expect(streamed.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { tool_calls: expected } })
  })

  surface({ sdk: 'openai', call: 'chat.completions.runTools', level: 'exact' }, async () => {
    const asked: unknown[] = []
    const runner = house.openai.chat.completions.runTools({
      model: 'gpt-5.5',
      messages: user('Please use get_weather for me.'),
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather of a city',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
            parse: JSON.parse,
            function: (args: unknown) => {
              asked.push(args)
              return 'sunny, 21 degrees'
            },
          },
        },
      ],
    })
    expect(await runner.finalContent()).toContain('sunny, 21 degrees')
    expect(asked).toEqual([{ city: expect.any(String) }])
  })

  surface({ sdk: 'openai', call: 'chat.completions.parse', level: 'exact' }, async () => {
    const completion = await house.openai.chat.completions.parse({
      model: 'gpt-5.5',
      messages: user('A person.'),
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'person',
          strict: true,
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, age: { type: 'integer' } },
            required: ['name', 'age'],
            additionalProperties: false,
          },
        },
      },
    })
    expect(completion.choices[0]?.message.parsed).toEqual({ name: expect.any(String), age: expect.any(Number) })
    expect(lastAsked(house)?.body).toMatchObject({
      text: { format: { type: 'json_schema', name: 'person', strict: true } },
    })
  })

  surface({ sdk: 'openai', call: 'chat.completions.create, images', level: 'exact' }, async () => {
    const image = 'data:image/png;base64,iVBORw0KGgo='
    await house.openai.chat.completions.create({
      model: 'gpt-5.5',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: image, detail: 'high' } },
          ],
        },
      ],
    })
    expect(lastAsked(house)?.body).toMatchObject({
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: image, detail: 'high' },
          ],
        },
      ],
    })
  })

  surface({ sdk: 'openai', call: 'chat.completions.create, reasoning_effort', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'reasoning', summary: ['First this.', 'Then that.'] },
        { type: 'text', text: 'Done.' },
      ],
    })
    const answer = await house.openai.chat.completions.create({
      model: 'gpt-5.5',
      messages: user('think'),
      reasoning_effort: 'high',
    })
    expect(answer.choices[0]?.message).toMatchObject({
      content: 'Done.',
      reasoning_content: expect.stringContaining('First this.'),
    })
    expect(lastAsked(house)?.body).toMatchObject({ reasoning: { effort: 'high' } })
  })

  test('an effort that the model refuses is replaced by the nearest one', async () => {
    script({
      times: 1,
      fault: {
        type: 'reply',
        status: 400,
        body: {
          error: {
            message:
              "Unsupported value: 'none' is not supported with the 'gpt-5.5' model. Supported values are: 'low', 'medium', 'high', and 'xhigh'.",
            type: 'invalid_request_error',
            param: 'reasoning.effort',
            code: 'unsupported_value',
          },
        },
      },
    })
    const reply = await house.post('/v1/chat/completions', {
      model: 'gpt-5.5',
      reasoning_effort: 'none',
      messages: user('hi'),
    })
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-dragoman-translation')).toBe('notes=1')
    expect(lastAsked(house)?.body).toMatchObject({ reasoning: { effort: 'low' } })
    expect(house.gateway.records.list(1)[0]?.notes).toMatchObject([
      { pointer: '/reasoning_effort', what: 'approximated' },
    ])
  })

  surface({ sdk: 'openai', call: 'chat.completions.create, refusals', level: 'exact' }, async () => {
    script({ scene: [{ type: 'refusal', text: 'I will not.' }] })
    const answer = await house.openai.chat.completions.create({ model: 'gpt-5.5', messages: user('do it') })
    expect(answer.choices[0]?.message).toMatchObject({ refusal: 'I will not.', content: null })
  })

  test.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content_filter'],
  ])('an answer cut by %s ends with %s', async (reason, finish) => {
    script({
      scene: [
        { type: 'text', text: 'so far' },
        { type: 'incomplete', reason },
      ],
    })
    const answer = await house.openai.chat.completions.create({ model: 'gpt-5.5', messages: user('hi') })
    expect(answer.choices[0]).toMatchObject({ finish_reason: finish, message: { content: 'so far' } })
  })

  surface({ sdk: 'openai', call: 'chat.completions.create, several turns', level: 'exact' }, async () => {
    await house.openai.chat.completions.create({
      model: 'gpt-5.5',
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'one' },
        {
          role: 'assistant',
          content: 'two',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'three' },
        { role: 'user', content: 'four' },
      ],
    })
    const { instructions, input } = lastAsked(house)?.body as {
      instructions: string
      input: { type: string; role?: string }[]
    }
    expect(instructions).toBe('be brief')
    expect(input.map(({ type, role }) => role ?? type)).toEqual([
      'user',
      'assistant',
      'function_call',
      'function_call_output',
      'user',
    ])
  })

  surface(
    {
      sdk: 'openai',
      call: 'chat.completions.create, temperature, stop, max_tokens',
      level: 'not possible',
      remark: {
        en: 'the Codex backend takes none of them; the receipt names them, `x-dragoman-strict` refuses them',
        zh: 'Codex 后端不接受这些参数；回执会列出，`x-dragoman-strict` 会拒绝',
      },
    },
    async () => {
      const { response } = await house.openai.chat.completions
        .create({ model: 'gpt-5.5', messages: user('hi'), temperature: 0.2, stop: ['x'], max_tokens: 5 })
        .withResponse()
      expect(response.headers.get('x-dragoman-translation')).toMatch(/^notes=\d+$/)
      const record = house.gateway.records.get(response.headers.get('x-request-id') ?? '')
      expect(record?.notes.map(({ pointer }) => pointer).join(' ')).toMatch(/temperature.*|stop.*/)
    },
  )

  surface({ sdk: 'openai', call: 'stream.controller.abort', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'pace', deltaMs: 20 },
        { type: 'text', text: 'word '.repeat(500) },
      ],
    })
    const stream = await house.openai.chat.completions.create({ model: 'gpt-5.5', messages: user('hi'), stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    stream.controller.abort()
    await house.simulator.streamsClosed()
    expect(await lastAsked(house)?.closed).toBe('client-left')
  })
})

describe('errors the SDK understands', () => {
  const ask = (model = 'gpt-5.5') => house.openai.chat.completions.create({ model, messages: user('hi') })
  const caught = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    )

  const statuses: [
    about: string,
    rule: Parameters<House['simulator']['script']>[0],
    kind: new (...args: never[]) => APIError,
    status: number,
  ][] = [
    [
      'too long a context',
      {
        fault: {
          type: 'reply',
          status: 400,
          body: { error: { code: 'context_length_exceeded', message: 'too long' } },
        },
      },
      BadRequestError,
      400,
    ],
    ['an unknown upstream model', { fault: { type: 'status', name: 'model_not_found' } }, NotFoundError, 404],
    ['a used-up quota', { fault: { type: 'status', name: 'usage_limit_reached' } }, RateLimitError, 429],
    ['an overloaded upstream', { fault: { type: 'status', name: 'overloaded' } }, APIError, 503],
    ['an upstream that fails', { fault: { type: 'status', name: 'internal' } }, InternalServerError, 503],
    ['a request that is too large', { fault: { type: 'status', name: 'payload_too_large' } }, APIError, 413],
  ]
  for (const [about, rule, kind, status] of statuses) {
    const judge = async (): Promise<void> => {
      const lone = await openHouse()
      lone.simulator.script(rule)
      try {
        const error = await caught(lone.openai.chat.completions.create({ model: 'gpt-5.5', messages: user('hi') }))
        expect(error).toBeInstanceOf(kind)
        expect(error).toMatchObject({ status, requestID: expect.stringMatching(/./) })
      } finally {
        await lone.close()
      }
    }
    surface({ sdk: 'openai', call: kind.name, level: 'exact' }, judge, about)
  }

  surface({ sdk: 'openai', call: 'AuthenticationError', level: 'exact' }, async () => {
    const stranger = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: 'dgm-wrong', maxRetries: 0 })
    expect(await caught(stranger.models.list())).toBeInstanceOf(AuthenticationError)
  })

  surface({ sdk: 'openai', call: 'NotFoundError', level: 'exact' }, async () => {
    const error = await caught(ask('gpt-5.55'))
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ code: 'model_not_found', message: expect.stringContaining('gpt-5.5') })
  })

  surface({ sdk: 'openai', call: 'BadRequestError', level: 'exact' }, async () => {
    const error = await caught(
      house.openai.chat.completions.create({ model: 'gpt-5.5', messages: [{ role: 'user', content: 7 as never }] }),
    )
    expect(error).toBeInstanceOf(BadRequestError)
    expect((error as APIError).message).toContain('/messages/0/content')
  })

  surface(
    { sdk: 'openai', call: 'chat.completions.create({ stream: true }), failure in the middle', level: 'exact' },
    async () => {
      script({
        times: 1,
        scene: [{ type: 'text', text: 'one two three four' }],
        fault: { type: 'fail', at: 8, form: 'response.failed', code: 'server_error', message: 'sorry' },
      })
      const read = async () => {
        for await (const chunk of await house.openai.chat.completions.create({
          model: 'gpt-5.5',
          messages: user('hi'),
          stream: true,
        }))
          void chunk
      }
      expect(await caught(read())).toBeInstanceOf(APIError)
    },
  )

  surface({ sdk: 'openai', call: 'APIConnectionError', level: 'exact' }, async () => {
    const nobody = new OpenAI({ baseURL: 'http://127.0.0.1:1/v1', apiKey: 'x', maxRetries: 0 })
    expect(await caught(nobody.models.list())).toBeInstanceOf(APIConnectionError)
  })

  surface({ sdk: 'openai', call: 'models.list, models.retrieve', level: 'exact' }, async () => {
    const names: string[] = []
    for await (const model of house.openai.models.list()) names.push(model.id)
    expect(names).toContain('gpt-5.5')
    expect(names).toContain('demo')
    expect(await house.openai.models.retrieve('gpt-5.5')).toMatchObject({ id: 'gpt-5.5', object: 'model' })
  })
})
