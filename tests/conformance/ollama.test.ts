import { createServer } from 'node:net'
import { once } from 'node:events'
import { Ollama, type ChatResponse, type Message, type Tool } from 'ollama'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastAsked, openHouse, type House } from '../house.js'
import { scriptEachTest } from '../scripting.js'
import { surface, type Surface } from './surface.js'

let house: House
let ollama: Ollama
beforeAll(async () => {
  house = await openHouse({ config: { ollama: { enabled: true, port: 0 } } })
  // Without a key, as Ollama's users are used to.
  ollama = new Ollama({ host: house.ollamaUrl })
})
afterAll(() => house.close())

const script = scriptEachTest(() => house)
const user = (content: string): Message[] => [{ role: 'user', content }]
const weather: Tool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
}
const row = (call: string): Surface => ({ sdk: 'ollama', call, level: 'exact' })

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const chunks: T[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}
const said = (chunks: ChatResponse[]): string => chunks.map(({ message }) => message.content).join('')

describe('the official Ollama client', () => {
  surface(row('version'), async () => {
    expect(await ollama.version()).toEqual({ version: '0.18.3' })
  })

  surface(row('list'), async () => {
    const { models } = await ollama.list()
    expect(models.map(({ name }) => name)).toEqual(expect.arrayContaining(['gpt-5.5', 'demo']))
    expect(models.find(({ name }) => name === 'gpt-5.5')).toEqual({
      name: 'gpt-5.5',
      model: 'gpt-5.5',
      modified_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      size: 0,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      details: expect.objectContaining({ family: 'gpt', families: ['gpt'] }),
    })
    expect(new Set(models.map(({ digest }) => digest)).size).toBe(models.length)
  })

  surface(row('show'), async () => {
    for (const model of ['gpt-5.5', 'gpt-5.5:latest']) {
      expect(await ollama.show({ model })).toMatchObject({
        details: { family: 'gpt' },
        capabilities: ['completion', 'tools', 'vision', 'thinking'],
        model_info: { 'general.architecture': 'gpt', 'general.basename': 'gpt-5.5', 'gpt.context_length': 272_000 },
        parameters: 'num_ctx 272000',
      })
    }
    await expect(ollama.show({ model: 'nobody' })).rejects.toMatchObject({
      status_code: 404,
      error: expect.stringMatching(/^model 'nobody' not found/) as string,
    })
  })

  surface(row('ps'), async () => {
    expect(await ollama.ps()).toEqual({ models: [] })
  })

  surface(row('chat'), async () => {
    script({
      scene: [
        { type: 'usage', inputTokens: 20, outputTokens: 5 },
        { type: 'text', text: 'Good morning.' },
      ],
    })
    expect(await ollama.chat({ model: 'gpt-5.5:latest', messages: user('hi') })).toEqual({
      model: 'gpt-5.5:latest',
      created_at: expect.any(String),
      message: { role: 'assistant', content: 'Good morning.' },
      done: true,
      done_reason: 'stop',
      total_duration: 0,
      load_duration: 0,
      prompt_eval_count: 20,
      prompt_eval_duration: 0,
      eval_count: 5,
      eval_duration: 0,
    })
    expect(lastAsked(house)?.body).toMatchObject({ model: 'gpt-5.5' })
  })

  surface(row('chat({ stream: true })'), async () => {
    const text = 'Good "morning",\n\\ 早上好 🙂.'
    script({ scene: [{ type: 'text', text }] })
    const chunks = await all(await ollama.chat({ model: 'gpt-5.5', messages: user('hi'), stream: true }))
    expect(said(chunks)).toBe(text)
    expect(chunks.map(({ done }) => done).filter(Boolean)).toEqual([true])
    expect(chunks.at(-1)).toMatchObject({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'stop',
    })
  })

  surface(row('chat, a loop of tools'), async () => {
    const messages: Message[] = user('Please use get_weather for me.')
    const first = await ollama.chat({ model: 'gpt-5.5', messages, tools: [weather] })
    const [call] = first.message.tool_calls ?? []
    expect(call?.function).toMatchObject({ name: 'get_weather', arguments: { city: expect.any(String) } })
    messages.push(first.message, { role: 'tool', content: 'sunny, 21 degrees', tool_name: 'get_weather' })
    const last = await ollama.chat({ model: 'gpt-5.5', messages, tools: [weather] })
    expect(last.message.content).toContain('sunny, 21 degrees')
    const { input } = lastAsked(house)?.body as { input: { type: string; call_id?: string }[] }
    const pair = input.filter(({ call_id }) => call_id !== undefined)
    expect(pair.map(({ type }) => type)).toEqual(['function_call', 'function_call_output'])
    expect(pair[0]?.call_id).toBe(pair[1]?.call_id)
  })

  surface(row('chat, parallel tool calls'), async () => {
    const calls = [
      { name: 'get_weather', arguments: { city: 'Wien' }, callId: 'call_a' },
      { name: 'get_weather', arguments: { city: '東京' }, callId: 'call_b' },
    ]
    script({ scene: [{ type: 'toolCalls', interleaved: true, chunkSize: 3, calls }] })
    const body = { model: 'gpt-5.5', messages: user('weather?'), tools: [weather] }
    const expected = calls.map(({ name, arguments: args, callId }, index) => ({
      id: callId,
      function: { index, name, arguments: args },
    }))
    expect((await ollama.chat(body)).message.tool_calls).toEqual(expected)
    const chunks = await all(await ollama.chat({ ...body, stream: true }))
    expect(chunks.flatMap(({ message }) => message.tool_calls ?? [])).toEqual(expected)
    // Calls without ids, each in a message of its own, as clients keep what they streamed.
    const asked = expected.map((call) => ({
      role: 'assistant',
      content: '',
      tool_calls: [{ function: call.function }],
    }))
    await ollama.chat({
      ...body,
      messages: [
        ...body.messages,
        ...asked,
        { role: 'tool', content: 'sun', tool_name: 'get_weather' },
        { role: 'tool', content: 'rain', tool_name: 'get_weather' },
      ],
    })
    const { input } = lastAsked(house)?.body as { input: { type: string; call_id?: string; output?: string }[] }
    const ids = input.flatMap((item) => (item.type === 'function_call' ? [item.call_id] : []))
    expect(new Set(ids).size).toBe(2)
    expect(
      input.filter(({ type }) => type === 'function_call_output').map(({ call_id, output }) => [call_id, output]),
    ).toEqual([
      [ids[0], 'sun'],
      [ids[1], 'rain'],
    ])
  })

  surface(row('chat, think'), async () => {
    script({
      scene: [
        { type: 'reasoning', summary: ['First this.', 'Then that.'] },
        { type: 'text', text: 'Done.' },
      ],
    })
    const asked = { model: 'gpt-5.5', messages: user('think') }
    const answer = await ollama.chat({ ...asked, think: true })
    expect(answer.message).toEqual({ role: 'assistant', content: 'Done.', thinking: 'First this.\n\nThen that.' })
    expect(lastAsked(house)?.body).toMatchObject({ reasoning: { summary: 'auto' } })
    const chunks = await all(await ollama.chat({ ...asked, think: 'high', stream: true }))
    expect(chunks.map(({ message }) => message.thinking ?? '').join('')).toBe('First this.\n\nThen that.')
    expect(lastAsked(house)?.body).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' } })
    expect((await ollama.chat({ ...asked, think: false })).message).toEqual({ role: 'assistant', content: 'Done.' })
    expect(lastAsked(house)?.body).toMatchObject({ reasoning: { effort: 'none' } })
  })

  surface(row('chat, format'), async () => {
    const format = {
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name'],
    }
    const answer = await ollama.chat({ model: 'gpt-5.5', messages: user('A person.'), format })
    expect(JSON.parse(answer.message.content)).toMatchObject({ name: expect.any(String) as string })
    expect(lastAsked(house)?.body).toMatchObject({ text: { format: { type: 'json_schema', strict: true } } })
    const loose = await ollama.chat({ model: 'gpt-5.5', messages: user('A person.'), format: 'json' })
    expect(JSON.parse(loose.message.content)).toBeTypeOf('object')
    const { input, text } = lastAsked(house)?.body as { input: unknown[]; text: unknown }
    expect(text).toMatchObject({ format: { type: 'json_object' } })
    expect(JSON.stringify(input)).toContain('JSON')
  })

  surface(row('chat, images'), async () => {
    const png = new Uint8Array(Buffer.from('iVBORw0KGgoAAAANSUhEUg==', 'base64'))
    await ollama.chat({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'What is this?', images: [png] }] })
    expect(lastAsked(house)?.body).toMatchObject({
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==' },
          ],
        },
      ],
    })
    script({ scene: [{ type: 'image', result: 'aGk=' }] })
    expect((await ollama.chat({ model: 'gpt-5.5', messages: user('draw') })).message.images).toEqual(['aGk='])
  })

  surface(row('generate'), async () => {
    script({ scene: [{ type: 'text', text: 'Good morning.' }] })
    expect(await ollama.generate({ model: 'gpt-5.5', prompt: 'hi', system: 'be brief' })).toMatchObject({
      response: 'Good morning.',
      done: true,
      done_reason: 'stop',
    })
    expect(lastAsked(house)?.body).toMatchObject({ instructions: 'be brief', input: [{ role: 'user' }] })
    const chunks = await all(await ollama.generate({ model: 'gpt-5.5', prompt: 'hi', stream: true }))
    expect(chunks.map(({ response }) => response).join('')).toBe('Good morning.')
  })

  surface(row('chat and generate, to load and unload a model'), async () => {
    const before = house.simulator.requests.length
    expect(await ollama.chat({ model: 'gpt-5.5', messages: [] })).toMatchObject({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'load',
    })
    expect(await ollama.generate({ model: 'gpt-5.5:latest', prompt: '', keep_alive: 0 })).toMatchObject({
      response: '',
      done: true,
      done_reason: 'unload',
    })
    expect(await ollama.generate({ model: 'gpt-5.5', prompt: '', keep_alive: '0s' })).toMatchObject({
      done_reason: 'unload',
    })
    expect(
      await all(await ollama.chat({ model: 'gpt-5.5', messages: [], keep_alive: '5m', stream: true })),
    ).toMatchObject([{ done: true, done_reason: 'load' }])
    await expect(ollama.chat({ model: 'nobody', messages: [] })).rejects.toMatchObject({ status_code: 404 })
    expect(house.simulator.requests.slice(before).filter(({ path }) => path.endsWith('/codex/responses'))).toEqual([])
  })

  surface(row('pull'), async () => {
    expect(await ollama.pull({ model: 'gpt-5.5' })).toEqual({ status: 'success' })
    expect(await all(await ollama.pull({ model: 'gpt-5.5', stream: true }))).toEqual([
      { status: 'pulling manifest' },
      { status: 'success' },
    ])
    await expect(ollama.pull({ model: 'llama3.2' })).rejects.toMatchObject({ status_code: 404 })
  })

  surface(row('abort'), async () => {
    script({
      scene: [
        { type: 'pace', deltaMs: 20 },
        { type: 'text', text: 'word '.repeat(500) },
      ],
    })
    const client = new Ollama({ host: house.ollamaUrl })
    const read = async (): Promise<void> => {
      const stream = await client.chat({ model: 'gpt-5.5', messages: user('hi'), stream: true })
      for await (const chunk of stream) if (chunk.message.content !== '') client.abort()
    }
    await expect(read()).rejects.toThrow(/abort/i)
    await house.simulator.streamsClosed()
    expect(await lastAsked(house)?.closed).toBe('client-left')
  })

  test('embeddings without a key that makes them: 404 that says which providers do', async () => {
    await expect(ollama.embed({ model: 'nomic-embed-text', input: ['a'] })).rejects.toMatchObject({
      status_code: 404,
      error: expect.stringContaining('API-key provider') as string,
    })
    await expect(ollama.embeddings({ model: 'nomic-embed-text', prompt: 'a' })).rejects.toMatchObject({
      status_code: 404,
    })
  })

  surface(
    {
      sdk: 'ollama',
      call: 'create, copy, push, delete',
      level: 'not possible',
      remark: {
        en: 'models come from the providers, not from files; the user is told so',
        zh: '模型来自提供方，而不是文件；错误信息会说明',
      },
    },
    async () => {
      const told = { status_code: 501, error: expect.stringContaining('not possible here') as string }
      await expect(ollama.create({ model: 'mine', from: 'gpt-5.5' })).rejects.toMatchObject(told)
      await expect(ollama.copy({ source: 'gpt-5.5', destination: 'mine' })).rejects.toMatchObject(told)
      await expect(ollama.push({ model: 'gpt-5.5' })).rejects.toMatchObject(told)
      await expect(ollama.delete({ model: 'gpt-5.5' })).rejects.toMatchObject(told)
    },
  )

  test.each<[string, Parameters<House['simulator']['script']>[0], number]>([
    ['too long a context', { fault: { type: 'status', name: 'context_length_exceeded' } }, 400],
    ['a model that the account has not', { fault: { type: 'status', name: 'model_not_found' } }, 404],
    ['too large a body', { fault: { type: 'status', name: 'payload_too_large' } }, 413],
    ['a used-up quota', { fault: { type: 'status', name: 'usage_limit_reached' } }, 429],
    ['a limit of requests', { fault: { type: 'status', name: 'rate_limited' } }, 429],
    ['an upstream that broke', { fault: { type: 'status', name: 'internal' } }, 503],
    ['an overloaded upstream', { fault: { type: 'status', name: 'overloaded' } }, 503],
    ['an upstream that hangs up', { fault: { type: 'reset' } }, 502],
  ])('%s is an error with its status', async (_, rule, status_code) => {
    const one = await openHouse({ config: { ollama: { enabled: true, port: 0 } } })
    try {
      one.simulator.script(rule)
      const told = { status_code, error: expect.stringMatching(/.{10}/) as string }
      const client = new Ollama({ host: one.ollamaUrl })
      await expect(client.chat({ model: 'gpt-5.5', messages: user('hi') })).rejects.toMatchObject(told)
      await expect(client.generate({ model: 'gpt-5.5', prompt: 'hi', stream: true })).rejects.toMatchObject(told)
    } finally {
      await one.close()
    }
  })

  test('an error in the middle of a stream is thrown', async () => {
    script({
      scene: [
        { type: 'text', text: 'so far', unfinished: true },
        { type: 'failed', code: 'server_error', message: 'it broke' },
      ],
    })
    await expect(all(await ollama.chat({ model: 'gpt-5.5', messages: user('hi'), stream: true }))).rejects.toThrow(
      'it broke',
    )
  })

  test('an unknown model is missing, with the nearest names', async () => {
    await expect(ollama.chat({ model: 'gpt-5.55', messages: user('hi') })).rejects.toMatchObject({
      status_code: 404,
      error: expect.stringContaining('gpt-5.5') as string,
    })
  })

  test('the model is named with the tag that nobody needs, suffixes and aliases included', async () => {
    for (const model of ['gpt-5.5-high:latest', 'demo:latest', 'claude-opus-4-7:latest']) {
      expect((await ollama.chat({ model, messages: user('hi') })).model).toBe(model)
    }
  })
})

describe('what else Ollama clients ask', () => {
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(house.ollamaUrl + path, init)

  test('is it running?', async () => {
    expect(await (await ask('/')).text()).toBe('Ollama is running')
    expect([
      (await ask('/', { method: 'HEAD' })).status,
      (await ask('/api/version', { method: 'HEAD' })).status,
    ]).toEqual([200, 200])
  })

  test('a stream is newline-delimited JSON, unless nobody asked otherwise', async () => {
    const reply = await ask('/api/chat', {
      method: 'POST',
      body: JSON.stringify({ model: 'demo', messages: user('hi') }),
    })
    expect(reply.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
    const lines = (await reply.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { done: boolean })
    expect(lines.at(-1)?.done).toBe(true)
  })

  test('the path tells the request: what only the other one has decides nothing', async () => {
    const post = async (path: string, body: object): Promise<unknown> =>
      (await ask(path, { method: 'POST', body: JSON.stringify({ model: 'demo', stream: false, ...body }) })).json()
    const both = { messages: user('of chat'), prompt: 'of generate' }
    expect(await post('/api/chat', both)).toMatchObject({
      message: { content: expect.stringContaining('“of chat”') as string },
    })
    expect(await post('/api/generate', both)).toMatchObject({
      response: expect.stringContaining('“of generate”') as string,
    })
    expect(await post('/api/chat', { prompt: 'x' })).toMatchObject({ message: { content: '' }, done_reason: 'load' })
    expect(await post('/api/generate', { messages: user('x') })).toMatchObject({ response: '', done_reason: 'load' })
  })

  test('a misspelt name with a tag is told the names nearest to it without', async () => {
    for (const path of ['/api/chat', '/api/show']) {
      const reply = await ask(path, {
        method: 'POST',
        body: JSON.stringify({ model: 'gpt-55:latest', messages: user('hi') }),
      })
      expect([path, reply.status, await reply.json()]).toEqual([
        path,
        404,
        { error: expect.stringMatching(/the nearest names are gpt-5\.5, /) as string },
      ])
    }
  })

  test.each([
    ['GET', '/api/nothing', 404],
    ['POST', '/api/blobs/sha256:00', 501],
    ['GET', '/api/chat', 405],
    ['POST', '/api/chat', 400],
  ])("%s %s is refused in Ollama's words", async (method, path, status) => {
    const reply = await ask(path, { method, ...(method === 'POST' ? { body: '{' } : {}) })
    expect([reply.status, await reply.json()]).toEqual([status, { error: expect.any(String) as string }])
  })

  test('the other protocols are here too, as Codex --oss wants them', async () => {
    expect(((await (await ask('/v1/models')).json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toContain(
      'gpt-5.5',
    )
    for (const [path, body] of [
      ['/v1/responses', { model: 'demo', input: 'hi' }],
      ['/v1/chat/completions', { model: 'demo', messages: user('hi') }],
      ['/v1/messages', { model: 'demo', max_tokens: 99, messages: user('hi') }],
      ['/v1beta/models/demo:generateContent', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }],
    ] as const) {
      expect([path, (await ask(path, { method: 'POST', body: JSON.stringify(body) })).status]).toEqual([path, 200])
    }
  })

  test('the main address does not speak Ollama', async () => {
    expect((await house.fetch('/api/tags')).status).toBe(404)
  })

  test('foreign web pages and foreign names are turned away', async () => {
    expect((await ask('/api/tags', { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect((await house.fetch('/health')).status).toBe(200)
  })

  test('vision is not told when the settings say so', async () => {
    house.configure({ ollama: { enabled: true, port: 0, disable_vision: true, version: '0.20.0' } })
    expect((await ollama.show({ model: 'gpt-5.5' })).capabilities).toEqual(['completion', 'tools', 'thinking'])
    expect(await ollama.version()).toEqual({ version: '0.20.0' })
    house.configure({ ollama: { enabled: true, port: 0 } })
  })
})

describe('the listener', () => {
  let own: House
  const change = async (settings: Parameters<House['configure']>[0]['ollama']): Promise<House['gateway']['ollama']> => {
    own.configure({ ollama: { port: 0, ...settings } })
    await own.gateway.configChanged()
    const health = (await (await own.fetch('/health')).json()) as { ollama: unknown }
    expect(health.ollama).toEqual(own.gateway.ollama)
    return own.gateway.ollama
  }
  const reached = (url: string): Promise<number> =>
    fetch(`${url}/api/tags`).then(
      ({ status }) => status,
      () => 0,
    )
  beforeAll(async () => {
    own = await openHouse()
  })
  afterAll(() => own.close())

  test('is off by default, and switched on and off while running', async () => {
    expect(own.gateway.ollama).toEqual({ enabled: false, listening: false })
    const on = await change({ enabled: true })
    expect(on).toEqual({ enabled: true, listening: true, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) })
    expect(await reached(on.url ?? '')).toBe(200)
    expect(await change({ enabled: true })).toEqual(on)
    expect(await change({ enabled: false })).toEqual({ enabled: false, listening: false })
    expect(await reached(on.url ?? '')).toBe(0)
  })

  test('a stream that runs when it is switched off is finished', async () => {
    const { url = '' } = await change({ enabled: true })
    const rule = own.simulator.script({
      scene: [
        { type: 'text', text: 'one ' },
        { type: 'gate', name: 'go' },
        { type: 'text', text: 'two' },
      ],
    })
    const heard: string[] = []
    for await (const chunk of await new Ollama({ host: url }).chat({
      model: 'gpt-5.5',
      messages: user('hi'),
      stream: true,
    })) {
      if (chunk.message.content !== '' && heard.length === 0) {
        await change({ enabled: false })
        expect(await reached(url)).toBe(0)
        own.simulator.openGate('go')
      }
      heard.push(chunk.message.content)
    }
    rule.remove()
    expect(heard.join('')).toBe('one \n\ntwo')
  })

  test('it moves', async () => {
    const first = await change({ enabled: true })
    const second = await change({ enabled: true, host: '127.0.0.2' })
    expect(second).toMatchObject({ listening: true, url: expect.stringContaining('127.0.0.2') as string })
    expect([await reached(first.url ?? ''), await reached(second.url ?? '')]).toEqual([0, 200])
  })

  test('a busy port is told, not fatal, and taken when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const busy = {
      enabled: true,
      listening: false,
      error: expect.stringContaining(`port ${port} of 127.0.0.1 is taken`) as string,
    }
    expect(await change({ enabled: true, port })).toEqual(busy)
    expect(await change({ enabled: true, port, version: '0.19.0' })).toEqual(busy)
    expect(own.log.filter((line) => line.includes('is taken'))).toHaveLength(1)
    other.close()
    await once(other, 'close')
    expect(await change({ enabled: true, port })).toEqual({
      enabled: true,
      listening: true,
      url: `http://127.0.0.1:${port}`,
    })
  })

  test('nobody beyond this machine is served without a key', async () => {
    expect(await change({ enabled: true, host: '0.0.0.0' })).toEqual({
      enabled: true,
      listening: false,
      error: expect.stringContaining('ollama.require_key') as string,
    })
  })

  test('with require_key a key is asked for, at once', async () => {
    const { url = '' } = await change({ enabled: true })
    expect(await reached(url)).toBe(200)
    expect(await change({ enabled: true, require_key: true })).toMatchObject({ url })
    expect(await reached(url)).toBe(401)
    const reply = await fetch(`${url}/api/chat`, { method: 'POST', body: '{}' })
    expect([reply.status, await reply.json()]).toEqual([
      401,
      { error: expect.stringContaining('client key') as string },
    ])
    const keyed = new Ollama({ host: url, headers: { authorization: `Bearer ${own.key}` } })
    expect((await keyed.list()).models.length).toBeGreaterThan(0)
    expect(await keyed.version()).toEqual({ version: '0.18.3' })
    // A key for one model sees that one.
    const demo = new Ollama({ host: url, headers: { authorization: `Bearer ${own.gateway.demoKey}` } })
    expect((await demo.list()).models.map(({ name }) => name)).toEqual(['demo'])
    expect((await demo.chat({ model: 'demo:latest', messages: user('hi') })).done).toBe(true)
    await expect(demo.show({ model: 'gpt-5.5' })).rejects.toMatchObject({ status_code: 404 })
    await expect(demo.chat({ model: 'gpt-5.5', messages: user('hi') })).rejects.toMatchObject({ status_code: 403 })
  })

  test('requests without a key are recorded under a name of their own', async () => {
    const { url = '' } = await change({ enabled: true })
    await new Ollama({ host: url }).chat({ model: 'demo', messages: user('hi') })
    expect(own.gateway.records.list(1)[0]).toMatchObject({
      dialect: 'ollama',
      path: '/api/chat',
      keyId: 'ollama',
      model: 'demo',
      status: 200,
    })
  })
})
