import Anthropic, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  RateLimitError,
} from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasFixtures, lastAsked, openHouse, recordedRequest, type House } from '../house.js'
import { scriptEachTest } from '../scripting.js'
import { surface } from './surface.js'

const sdk = '@anthropic-ai/sdk'
const model = 'claude-opus-4-7'
const max_tokens = 1000
const user = (content: Anthropic.MessageParam['content']): Anthropic.MessageParam[] => [{ role: 'user', content }]
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const weather = (name: string): Anthropic.Tool => ({
  name,
  description: 'Tells it',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
})

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())
const script = scriptEachTest(() => house)
/** The body that the Codex backend got last. */
interface Sent {
  model: string
  instructions?: string
  input: (Record<string, unknown> & { type: string })[]
  tools?: Record<string, unknown>[]
  tool_choice?: unknown
  reasoning?: { effort?: string; summary?: string }
  text?: unknown
  parallel_tool_calls?: boolean
}
const sent = () => lastAsked(house)?.body as Sent

describe('the official Anthropic SDK', () => {
  surface({ sdk, call: 'messages.create', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'Good morning.' },
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5, reasoningTokens: 2 },
      ],
    })
    const message = await house.anthropic.messages.create({
      model,
      max_tokens,
      system: 'be kind',
      messages: user('hi'),
    })
    expect(message).toMatchObject({
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text: 'Good morning.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 12, cache_read_input_tokens: 8, output_tokens: 5 },
    })
    expect(message.id).toMatch(/^msg_/)
    expect(sent()).toMatchObject({ model: 'gpt-5.5', instructions: 'be kind' })
  })

  surface({ sdk, call: 'messages.create({ stream: true })', level: 'exact' }, async () => {
    script({ scene: [{ type: 'text', text: 'One two three — 四 🙂.', chunkSize: 3 }] })
    const types: string[] = []
    let text = ''
    for await (const event of await house.anthropic.messages.create({
      model,
      max_tokens,
      messages: user('hi'),
      stream: true,
    })) {
      types.push(event.type)
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text
    }
    expect(text).toBe('One two three — 四 🙂.')
    const ladder = types.filter((type) => type !== 'content_block_delta')
    expect(ladder).toEqual([
      'message_start',
      'content_block_start',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
  })

  surface({ sdk, call: 'messages.stream', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'reasoning', summary: ['First.', 'Then.'], sealed: true },
        { type: 'text', text: 'I will look.' },
        {
          type: 'toolCalls',
          interleaved: true,
          chunkSize: 4,
          calls: [
            { name: 'get_weather', arguments: { city: 'Oslo' } },
            { name: 'get_time', arguments: { city: 'Rom' } },
          ],
        },
        { type: 'usage', inputTokens: 20, cachedTokens: 8, outputTokens: 5 },
      ],
    })
    const stream = house.anthropic.messages.stream({
      model,
      max_tokens: 20_000,
      thinking: { type: 'enabled', budget_tokens: 9_000 },
      tools: [weather('get_weather'), weather('get_time')],
      messages: user('look'),
    })
    const message = await stream.finalMessage()
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'First.\n\nThen.', signature: expect.stringMatching(/./) },
      { type: 'text', text: 'I will look.' },
      { type: 'tool_use', name: 'get_weather', input: { city: 'Oslo' } },
      { type: 'tool_use', name: 'get_time', input: { city: 'Rom' } },
    ])
    expect(message.stop_reason).toBe('tool_use')
    expect(message.usage).toMatchObject({ input_tokens: 12, cache_read_input_tokens: 8, output_tokens: 5 })
  })

  surface(
    {
      sdk,
      call: 'message_start usage',
      level: 'approximated',
      remark: {
        en: 'counted here before the upstream has told it; `message_delta` brings the true one',
        zh: '上游告知之前由网关自行计数；`message_delta` 给出真实数值',
      },
    },
    async () => {
      const messages = user('one two three four five six seven eight')
      // The first answer of a gateway may come before its tokenizer is loaded.
      const { input_tokens } = await house.anthropic.messages.countTokens({ model, messages })
      for await (const event of await house.anthropic.messages.create({ model, max_tokens, messages, stream: true })) {
        if (event.type === 'message_start') expect(event.message.usage.input_tokens).toBe(input_tokens)
      }
    },
  )

  surface({ sdk, call: 'beta.messages.toolRunner', level: 'exact' }, async () => {
    const asked: string[] = []
    const tool = (name: string) =>
      betaTool({
        name,
        description: 'Tells it',
        inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        run(input) {
          asked.push(`${name} ${input.city}`)
          return name === 'get_time' ? '7 o’clock' : 'sunny'
        },
      })
    // It begins with a message thread, is told that there are none here, and goes on without.
    const last = await house.anthropic.beta.messages.toolRunner({
      model,
      max_tokens,
      messages: [{ role: 'user', content: 'call get_weather and get_time' }],
      tools: [tool('get_weather'), tool('get_time')],
    })
    expect(asked.map((call) => call.split(' ')[0])).toEqual(['get_weather', 'get_time'])
    const told = last.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    expect(told).toContain('sunny')
    expect(told).toContain('7 o’clock')
  })

  surface({ sdk, call: 'messages.create, tool_choice', level: 'exact' }, async () => {
    const tools = [weather('a'), weather('b')]
    const ask = (tool_choice: Anthropic.ToolChoice) =>
      house.anthropic.messages.create({ model, max_tokens, tools, tool_choice, messages: user('x') })
    await ask({ type: 'auto', disable_parallel_tool_use: true })
    expect(sent()).toMatchObject({ tool_choice: 'auto', parallel_tool_calls: false })
    await ask({ type: 'any' })
    expect(sent()).toMatchObject({ tool_choice: 'required' })
    await ask({ type: 'tool', name: 'b' })
    expect(sent()).toMatchObject({ tool_choice: { type: 'function', name: 'b' } })
    await ask({ type: 'none' })
    expect(sent()).toMatchObject({ tool_choice: 'none' })
  })

  surface({ sdk, call: 'messages.create, images and documents, in tool results too', level: 'exact' }, async () => {
    const source = { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL }
    await house.anthropic.messages.create({
      model,
      max_tokens,
      messages: [
        ...user([
          { type: 'text', text: 'look' },
          { type: 'image', source },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          { type: 'document', title: 'A', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain words' } },
        ]),
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'shot', input: {} }] },
        ...user([
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [
              { type: 'text', text: 'seen' },
              { type: 'image', source },
            ],
          },
        ]),
      ],
    })
    const { input } = sent()
    const parts = (input[0]?.['content'] as { type: string; image_url?: string }[]) ?? []
    expect(parts.map(({ type }) => type)).toEqual([
      'input_text',
      'input_image',
      'input_image',
      'input_file',
      'input_file',
    ])
    expect(parts[1]?.image_url).toBe(`data:image/png;base64,${PIXEL}`)
    expect(parts[2]?.image_url).toBe('https://example.com/a.png')
    const output = input.find(({ type }) => type === 'function_call_output')?.['output'] as { type: string }[]
    expect(output.map(({ type }) => type)).toEqual(['input_text', 'input_image'])
  })

  surface({ sdk, call: 'messages.create, output_config.format', level: 'exact' }, async () => {
    const schema = {
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    }
    script({ scene: [{ type: 'text', text: '{"name":"Ada"}' }] })
    const message = await house.anthropic.messages.create({
      model,
      max_tokens,
      messages: user('make one'),
      output_config: { format: { type: 'json_schema', schema } },
    })
    expect(message.content).toMatchObject([{ type: 'text', text: '{"name":"Ada"}' }])
    expect(sent().text).toMatchObject({ format: { type: 'json_schema', schema } })
  })

  surface(
    {
      sdk,
      call: 'messages.create, thinking and effort',
      level: 'approximated',
      remark: {
        en: 'a token budget becomes an effort, which is what the Codex backend takes; `output_config.effort` is exact',
        zh: '思考的 token 预算会换算成推理强度（Codex 后端只接受强度）；`output_config.effort` 则完全一致',
      },
    },
    async () => {
      const ask = (about: Partial<Anthropic.MessageCreateParamsNonStreaming>) =>
        house.anthropic.messages.stream({ model, max_tokens: 40_000, messages: user('x'), ...about }).finalMessage()
      const efforts: [Partial<Anthropic.MessageCreateParamsNonStreaming>, string | undefined][] = [
        [{}, undefined],
        [{ thinking: { type: 'enabled', budget_tokens: 1_500 } }, 'low'],
        [{ thinking: { type: 'enabled', budget_tokens: 31_999 } }, 'xhigh'],
        [{ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }, 'high'],
        [{ thinking: { type: 'adaptive' } }, undefined],
        [{ thinking: { type: 'disabled' } }, 'none'],
      ]
      for (const [about, effort] of efforts) {
        await ask(about)
        expect(sent().reasoning?.effort, JSON.stringify(about)).toBe(effort)
      }
    },
  )

  surface({ sdk, call: 'messages.create, thinking over three turns', level: 'exact' }, async () => {
    const messages = user('think and call get_weather')
    const seals: unknown[] = []
    for (let turn = 0; turn < 3; turn++) {
      const message = await house.anthropic.messages.create({
        model,
        max_tokens: 20_000,
        thinking: { type: 'enabled', budget_tokens: 9_000 },
        tools: [weather('get_weather')],
        messages,
      })
      expect(message.content[0]).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/./) })
      messages.push({ role: 'assistant', content: message.content })
      const calls = message.content.filter((block) => block.type === 'tool_use')
      messages.push(
        ...user(
          calls.length > 0
            ? calls.map(({ id }) => ({ type: 'tool_result' as const, tool_use_id: id, content: 'sunny' }))
            : 'think again and call get_weather',
        ),
      )
      const carried = sent().input.filter(({ type }) => type === 'reasoning')
      expect(carried.map((item) => item['encrypted_content'])).toEqual(seals)
      for (const item of carried) {
        expect(house.simulator.readSeal(String(item['encrypted_content']))).toMatchObject({ kind: 'reasoning' })
      }
      seals.splice(0, seals.length, ...carried.map((item) => item['encrypted_content']))
      // What this turn thought goes up with the next one.
      await house.anthropic.messages.create({ model, max_tokens, messages })
      const now = sent().input.filter(({ type }) => type === 'reasoning')
      expect(now).toHaveLength(seals.length + 1)
      seals.push(now.at(-1)?.['encrypted_content'])
    }
  })

  surface({ sdk, call: 'messages.create, web_search', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'webSearch', query: 'weather Oslo', citations: [{ url: 'https://example.com/a', title: 'A' }] },
        { type: 'text', text: 'It rains' },
      ],
    })
    const message = await house.anthropic.messages.create({
      model,
      max_tokens,
      messages: user('search'),
      tools: [{ type: 'web_search_20250305', name: 'web_search', allowed_domains: ['example.com'] }],
    })
    expect(sent().tools).toMatchObject([{ type: 'web_search', filters: { allowed_domains: ['example.com'] } }])
    const types = message.content.map(({ type }) => type)
    expect(types.slice(0, 2)).toEqual(['server_tool_use', 'web_search_tool_result'])
    const texts = message.content.filter((block) => block.type === 'text')
    expect(texts.map(({ text }) => text).join('')).toContain('It rains')
    expect(texts.flatMap(({ citations }) => citations ?? [])).toMatchObject([
      { type: 'web_search_result_location', url: 'https://example.com/a', title: 'A' },
    ])
  })

  surface({ sdk, call: 'messages.create, every stop_reason', level: 'exact' }, async () => {
    const cases: [Parameters<typeof script>[0], string][] = [
      [
        {
          scene: [
            { type: 'text', text: 'a' },
            { type: 'incomplete', reason: 'max_output_tokens' },
          ],
        },
        'max_tokens',
      ],
      [{ scene: [{ type: 'refusal', text: 'No.' }] }, 'refusal'],
      [
        {
          scene: [
            { type: 'text', text: 'a' },
            { type: 'incomplete', reason: 'content_filter' },
          ],
        },
        'refusal',
      ],
      [{ scene: [{ type: 'toolCalls', calls: [{ name: 'f', arguments: {} }] }] }, 'tool_use'],
    ]
    for (const [rule, reason] of cases) {
      const made = script(rule)
      const whole = await house.anthropic.messages.create({ model, max_tokens, messages: user('x') })
      const streamed = await house.anthropic.messages.stream({ model, max_tokens, messages: user('x') }).finalMessage()
      made.remove()
      expect([whole.stop_reason, streamed.stop_reason]).toEqual([reason, reason])
    }
  })

  surface(
    {
      sdk,
      call: 'messages.create, max_tokens, temperature, stop_sequences',
      level: 'not possible',
      remark: {
        en: 'the Codex backend takes none of them; the receipt names them, `x-dragoman-strict` refuses them',
        zh: 'Codex 后端不接受这些参数；回执会列出，`x-dragoman-strict` 会拒绝',
      },
    },
    async () => {
      const asked = { model, max_tokens, temperature: 0.5, stop_sequences: ['END'], messages: user('x') }
      const { response } = await house.anthropic.messages.create(asked).withResponse()
      expect(response.headers.get('x-dragoman-translation')).toBe('notes=3')
      const pointers = house.gateway.records.list(1)[0]?.notes.map(({ pointer }) => pointer)
      expect(pointers?.sort()).toEqual(['/max_tokens', '/stop_sequences', '/temperature'])
      const strict = house.anthropic.messages.create(asked, { headers: { 'x-dragoman-strict': 'true' } })
      await expect(strict).rejects.toThrow(/max_tokens.*stop_sequences|stop_sequences.*max_tokens/)
    },
  )

  surface({ sdk, call: 'messages.countTokens', level: 'exact' }, async () => {
    const small = await house.anthropic.messages.countTokens({ model, messages: user('hello world') })
    expect(small.input_tokens).toBe(9)
    const big = await house.anthropic.messages.countTokens({
      model,
      system: 'be kind',
      tools: [weather('get_weather')],
      messages: user([
        { type: 'text', text: 'hello world' },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
      ]),
    })
    expect(big.input_tokens).toBeGreaterThan(230)
    expect(house.simulator.requests.filter(({ path }) => path.includes('count'))).toEqual([])
  })

  surface({ sdk, call: 'models.list, models.retrieve', level: 'exact' }, async () => {
    const names: string[] = []
    for await (const { id, type } of house.anthropic.models.list({ limit: 3 })) {
      expect(type).toBe('model')
      names.push(id)
    }
    expect(names).toContain('gpt-5.5')
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(6)
    expect(await house.anthropic.models.retrieve('gpt-5.5')).toMatchObject({
      id: 'gpt-5.5',
      display_name: expect.any(String),
    })
    await expect(house.anthropic.models.retrieve('nothing')).rejects.toBeInstanceOf(NotFoundError)
  })

  surface({ sdk, call: 'authToken', level: 'exact' }, async () => {
    const bearer = new Anthropic({ baseURL: house.url, authToken: house.key, apiKey: null, maxRetries: 0 })
    const message = await bearer.messages.create({ model: 'demo', max_tokens, messages: user('hi') })
    expect(message.content[0]).toMatchObject({ type: 'text' })
  })

  surface({ sdk, call: 'stream.abort', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'begin' },
        { type: 'gate', name: 'never' },
        { type: 'text', text: 'end' },
      ],
    })
    const stream = house.anthropic.messages.stream({ model, max_tokens, messages: user('x') })
    for await (const event of stream) if (event.type === 'content_block_delta') break
    stream.abort()
    await house.simulator.streamsClosed()
  })

  surface({ sdk, call: 'messages.create({ stream: true }), failure in the middle', level: 'exact' }, async () => {
    script({
      scene: [
        { type: 'text', text: 'begin', unfinished: true },
        { type: 'failed', code: 'server_is_overloaded', message: 'busy' },
      ],
    })
    const error = await house.anthropic.messages
      .stream({ model, max_tokens, messages: user('x') })
      .finalMessage()
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(APIError)
    expect(JSON.stringify((error as APIError).error)).toContain('overloaded_error')
  })
})

describe('errors the Anthropic SDK understands', () => {
  const cases: [string, Parameters<typeof script>[0], number, string][] = [
    ['RateLimitError', { fault: { type: 'status', name: 'rate_limited' } }, 429, 'rate_limit_error'],
    ['BadRequestError', { fault: { type: 'status', name: 'context_length_exceeded' } }, 400, 'invalid_request_error'],
    ['InternalServerError', { fault: { type: 'status', name: 'overloaded' } }, 529, 'overloaded_error'],
  ]
  for (const [name, rule, status, type] of cases) {
    surface({ sdk, call: name, level: 'exact' }, async () => {
      // A limit cools the account, so each case has a house of its own.
      const other = await openHouse()
      other.simulator.script(rule)
      const error = (await other.anthropic.messages
        .create({ model, max_tokens, messages: user('x') })
        .catch((e: unknown) => e)) as APIError
      await other.close()
      expect(error).toBeInstanceOf(APIError)
      expect(error.status).toBe(status)
      expect(error.error).toMatchObject({ type: 'error', error: { type } })
      expect(error.requestID).toBeTruthy()
      if (name === 'RateLimitError') expect(error).toBeInstanceOf(RateLimitError)
      if (name === 'BadRequestError') {
        expect(error).toBeInstanceOf(BadRequestError)
        // Claude Code compacts its conversation when it reads these words.
        expect(error.message).toContain('prompt is too long')
      }
    })
  }

  surface({ sdk, call: 'AuthenticationError', level: 'exact' }, async () => {
    const stranger = new Anthropic({ baseURL: house.url, apiKey: 'dgm-wrong', maxRetries: 0 })
    const error = await stranger.messages.create({ model, max_tokens, messages: user('x') }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(AuthenticationError)
    expect((error as APIError).error).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
  })

  surface({ sdk, call: 'NotFoundError', level: 'exact' }, async () => {
    const error = await house.anthropic.messages
      .create({ model: 'gpt-55', max_tokens, messages: user('x') })
      .catch((e: unknown) => e)
    expect(error).toBeInstanceOf(NotFoundError)
    expect(String(error)).toContain('gpt-5.5')
  })

  surface({ sdk, call: 'APIConnectionError', level: 'exact' }, async () => {
    const nobody = new Anthropic({ baseURL: 'http://127.0.0.1:9', apiKey: 'x', maxRetries: 0 })
    const error = await nobody.messages.create({ model, max_tokens, messages: user('x') }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(APIConnectionError)
  })
})

describe('Claude Code beside the SDK', () => {
  test('finds the gateway with HEAD and hello, without a key', async () => {
    for (const [method, path] of [
      ['HEAD', '/'],
      ['HEAD', '/api/hello'],
      ['GET', '/api/hello'],
    ] as const) {
      expect((await fetch(house.url + path, { method })).status, `${method} ${path}`).toBe(200)
    }
  })

  test('takes any beta, and a strange query', async () => {
    const reply = await house.post(
      '/v1/messages?beta=true&x=y',
      { model, max_tokens, messages: user('hi') },
      { 'anthropic-beta': 'made-up-2099-01-01,context-management-2025-06-27', 'anthropic-version': '2023-06-01' },
    )
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-dragoman-translation')).toMatch(/^(exact|notes=\d+)$/)
  })

  test
    .skipIf(!hasFixtures)
    .each([
      'claude-code-opus.json',
      'claude-code-sonnet-bearer.json',
      'claude-code-haiku-budget.json',
      'claude-code-gpt-model-tool-followup.json',
      'opencode-anthropic.json',
    ])('%s is answered, its tool result told', async (name) => {
    const { body, headers } = (await recordedRequest(name)) as {
      body: Anthropic.MessageCreateParams
      headers: Record<string, string>
    }
    const given = Object.entries(headers).filter(([header]) =>
      /^(anthropic|x-claude|x-session|user-agent)/.test(header),
    )
    const reply = await house.post('/v1/messages?beta=true', { ...body, stream: true }, Object.fromEntries(given))
    const text = await reply.text()
    expect(reply.status, text).toBe(200)
    // The brain repeats what the tool told: the follow-up has reached it.
    expect(text).toContain('hello-from-tool')
    expect(text).toContain('event: message_stop')
    const { input, tools, instructions } = sent()
    expect(JSON.stringify(sent())).not.toContain('x-anthropic-billing-header')
    expect(tools?.map((tool) => tool['name'])).not.toContain('DeferredToolPlaceholder')
    expect(instructions?.length ?? 0).toBeGreaterThan(5)
    expect(input.map(({ type }) => type)).toEqual(expect.arrayContaining(['function_call', 'function_call_output']))
  })
})
