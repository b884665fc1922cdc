import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addKey, lastAsked, openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ config: { ollama: { enabled: true, port: 0 } } })
  await addKey(house, { vendor: 'compatible', provider: 'deepseek', models: ['deepseek-chat', 'all/shared'] })
  await addKey(house, { vendor: 'openrouter', models: ['all/shared', 'vendor/model:free'] })
  await addKey(house, { vendor: 'openai', models: ['text-embedding-3-small'], capabilities: ['embeddings'] })
})
afterAll(() => house.close())
afterEach(() => house.configure(OLLAMA))

const OLLAMA = { ollama: { enabled: true, port: 0 } }

/** `vendor model` of the last request that went out, `codex model effort` when an account paid for it. */
async function asked(model: string, more: Record<string, unknown> = {}): Promise<string> {
  const before = house.simulator.requests.length
  const reply = await house.post('/v1/responses', { model, input: 'hello', ...more })
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)])
  const out = house.simulator.requests.slice(before).find(({ vendor, path }) => vendor ?? path.endsWith('/responses'))
  const body = (out?.vendor === undefined ? lastAsked(house)?.body : out.body) as Record<string, unknown>
  const effort = (body['reasoning'] as { effort?: string } | undefined)?.effort ?? body['reasoning_effort']
  return [out?.vendor ?? 'codex', body['model'], effort].filter((word) => word !== undefined).join(' ')
}

describe('a name on its way', () => {
  test.each([
    ['gpt-5.5-high', {}, {}, 'codex gpt-5.5 high'],
    ['gpt-5.5-high', { reasoning: { effort: 'low' } }, {}, 'codex gpt-5.5 low'],
    ['gpt-5.5', {}, { effort: 'xhigh' }, 'codex gpt-5.5 xhigh'],
    ['best', {}, { aliases: { best: 'gpt-5.4-low' } }, 'codex gpt-5.4 low'],
    ['', {}, { default: 'gpt-5.4-high' }, 'codex gpt-5.4 high'],
    ['claude-opus-4-7', {}, { claude_models: { opus: 'gpt-5.4' } }, 'codex gpt-5.4'],
    ['gpt-next', {}, { custom_models: ['gpt-next'] }, 'codex gpt-next'],
    ['deepseek-chat', {}, {}, 'compatible deepseek-chat'],
    ['deepseek:deepseek-chat-high', {}, {}, 'compatible deepseek-chat high'],
    ['vendor/model:free', {}, {}, 'openrouter vendor/model:free'],
    ['openrouter:all/shared', {}, {}, 'openrouter all/shared'],
    ['gpt-5.5', {}, { routes: { 'gpt-5.5': 'deepseek:deepseek-chat' } }, 'compatible deepseek-chat'],
    ['anything-else', {}, { patterns: { 'any*': 'openrouter:all/shared' } }, 'openrouter all/shared'],
  ])('%s with %j and %j', async (name, body, model, expected) => {
    if (name === 'gpt-next') {
      const [first] = house.simulator.models
      house.simulator.setModels([...house.simulator.models, { ...first!, slug: 'gpt-next', visibility: 'hide' }])
    }
    house.configure({ ...OLLAMA, model })
    expect(await asked(name, body)).toBe(expected)
  })

  test('another one is refused with the nearest, in the protocol of the client', async () => {
    const message = /there is no model "deepseek-chatt"; the nearest names are deepseek-chat, .+, .+/
    const messages = [{ role: 'user', content: 'hi' }]
    const chat = await house.post('/v1/chat/completions', { model: 'deepseek-chatt', messages })
    expect([chat.status, await chat.json()]).toMatchObject([
      404,
      { error: { type: 'invalid_request_error', code: 'model_not_found', message: expect.stringMatching(message) } },
    ])
    const anthropic = await house.post('/v1/messages', { model: 'deepseek-chatt', max_tokens: 9, messages })
    expect([anthropic.status, await anthropic.json()]).toMatchObject([
      404,
      { type: 'error', error: { type: 'not_found_error', message: expect.stringMatching(message) } },
    ])
    const contents = [{ role: 'user', parts: [{ text: 'hi' }] }]
    const gemini = await house.post('/v1beta/models/deepseek-chatt:generateContent', { contents })
    expect([gemini.status, await gemini.json()]).toMatchObject([
      404,
      { error: { status: 'NOT_FOUND', message: expect.stringMatching(message) } },
    ])
  })

  test('in a circle is refused with the circle', async () => {
    house.configure({ ...OLLAMA, model: { aliases: { one: 'two-high', two: 'one' } } })
    const reply = await house.post('/v1/responses', { model: 'one', input: 'hi' })
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining('one → two → one')])
  })
})

describe('the lists', () => {
  const list = async (path: string, headers: Record<string, string> = {}) =>
    (await (await house.fetch(path, { headers })).json()) as Record<string, Record<string, unknown>[]>

  test('of OpenAI name every model and who owns it', async () => {
    house.configure({ ...OLLAMA, model: { aliases: { mine: 'deepseek-chat' }, custom_models: ['gpt-next'] } })
    const { data } = await list('/v1/models')
    const owners = new Map(data?.map(({ id, owned_by }) => [id, owned_by]))
    expect(Object.fromEntries(owners)).toMatchObject({
      'gpt-5.5': 'openai',
      'gpt-next': 'openai',
      'deepseek-chat': 'deepseek',
      'vendor/model:free': 'openrouter',
      'all/shared': 'deepseek',
      'deepseek:all/shared': 'deepseek',
      'openrouter:all/shared': 'openrouter',
      'text-embedding-3-small': 'openai',
      mine: 'dragoman',
      demo: 'dragoman',
    })
    expect(owners.has('deepseek:deepseek-chat')).toBe(false)
    expect(owners.size).toBe(data?.length)
  })

  test('of Anthropic and Gemini name those that answer', async () => {
    const anthropic = await list('/v1/models?limit=1000', { 'anthropic-version': '2023-06-01' })
    expect(anthropic['data']).toContainEqual(expect.objectContaining({ id: 'deepseek-chat', type: 'model' }))
    expect(JSON.stringify(anthropic)).not.toContain('embedding')
    const gemini = await list('/v1beta/models?pageSize=1000')
    expect(gemini['models']).toContainEqual(expect.objectContaining({ name: 'models/deepseek-chat' }))
    expect(JSON.stringify(gemini)).not.toContain('embedding')
  })

  test('of Ollama tell what each can do', async () => {
    expect((await house.ollama.list()).models.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['deepseek-chat', 'openrouter:all/shared', 'gpt-5.5', 'demo']),
    )
    expect(await house.ollama.show({ model: 'text-embedding-3-small' })).toMatchObject({ capabilities: ['embedding'] })
    expect((await house.ollama.show({ model: 'deepseek-chat:latest' })).capabilities).toContain('completion')
  })

  test('of Codex have the required keys for models of API keys, and no aliases', async () => {
    house.configure({ ...OLLAMA, model: { aliases: { mine: 'gpt-5.5' } } })
    const { models } = await list('/v1/models?client_version=0.169.0')
    const slugs = models?.map(({ slug }) => slug)
    expect(slugs).toEqual(expect.arrayContaining(['gpt-5.5', 'deepseek-chat', 'codex-auto-review']))
    expect(slugs).not.toContain('mine')
    expect(slugs).not.toContain('demo')
    expect(models?.find(({ slug }) => slug === 'deepseek-chat')).toMatchObject({
      display_name: 'deepseek-chat',
      supported_reasoning_levels: [],
      shell_type: 'default',
      visibility: 'list',
      supported_in_api: true,
      priority: expect.any(Number),
      support_verbosity: expect.any(Boolean),
      truncation_policy: { mode: 'tokens', limit: expect.any(Number) },
      experimental_supported_tools: [],
      base_instructions: '',
    })
  })

  test('have an entry for one name', async () => {
    const info = (name: string) => house.fetch(`/v1/models/${encodeURIComponent(name)}/info`)
    expect(await (await info('openrouter:all/shared')).json()).toMatchObject({
      id: 'openrouter:all/shared',
      model: 'all/shared',
      provider: 'openrouter',
      capabilities: ['chat'],
      source: 'api key',
    })
    const one = await house.fetch(`/v1/models/${encodeURIComponent('vendor/model:free')}`)
    expect(await one.json()).toMatchObject({ id: 'vendor/model:free', owned_by: 'openrouter' })
    expect((await info('text-embedding-3-small')).status).toBe(200)
    expect((await info('deepseek:nothing')).status).toBe(404)
  })
})

describe('a client key for some models', () => {
  test('sees those alone, and may ask no other', async () => {
    const { plaintext } = await house.gateway.store.clientKeys.create({
      name: 'bound',
      allowedModels: ['gpt-5.4*', 'deepseek:*', 'vendor/model:free'],
    })
    const headers = { authorization: `Bearer ${plaintext}` }
    const { data } = (await (await house.fetch('/v1/models', { headers })).json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id).sort()).toEqual([
      'deepseek-chat',
      'deepseek:all/shared',
      'gpt-5.4',
      'gpt-5.4-mini',
      'vendor/model:free',
    ])
    const codex = await (await house.fetch('/v1/models?client_version=0.169.0', { headers })).text()
    expect(codex).not.toContain('codex-auto-review')
    const status = async (model: string) => (await house.post('/v1/responses', { model, input: 'hi' }, headers)).status
    expect(await status('gpt-5.4-high')).toBe(200)
    expect(await status('deepseek-chat')).toBe(200)
    expect(await status('gpt-5.5')).toBe(403)
    expect(await status('openrouter:all/shared')).toBe(403)
    expect(await status('all/shared')).toBe(403)
    expect((await house.fetch('/v1/models/gpt-5.5', { headers })).status).toBe(404)
  })
})

test('the catalog follows the backend as soon as a reply tells of another list, and is kept', async () => {
  const own = await openHouse()
  const kept = async () => JSON.stringify(await own.gateway.store.modelLists.get('codex:plus'))
  try {
    await expect.poll(kept).toContain('gpt-5.5')
    const [first] = own.simulator.models
    own.simulator.setModels([...own.simulator.models, { ...first!, slug: 'gpt-brand-new' }])
    expect((await own.fetch('/v1/models/gpt-brand-new')).status).toBe(404)
    expect((await own.post('/v1/responses', { model: 'gpt-5.5', input: 'hi' })).status).toBe(200)
    await expect.poll(kept).toContain('gpt-brand-new')
    expect((await own.fetch('/v1/models/gpt-brand-new')).status).toBe(200)
  } finally {
    await own.close()
  }
})
