import { zstdCompressSync, gzipSync, brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lastAsked, hasFixtures, openHouse, recordedRequest, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const RECORDED = [
  'codex-01-http-responses-custom-provider.json',
  'codex-02-http-responses-chatgpt-zstd-tool-followup.json',
  'codex-03-http-responses-lite-gpt6.json',
  'codex-04-http-responses-options-fast-schema-image.json',
  'codex-05-http-compaction-trigger.json',
  'codex-chatgpt-http.json',
]

describe.skipIf(!hasFixtures)('recorded requests of the Codex CLI', () => {
  test.each(RECORDED)('%s reaches the backend with nothing lost', async (name) => {
    const file = (await recordedRequest(name)) as {
      headers: [string, string][] | Record<string, string>
      body: Record<string, unknown>
    }
    const headers = Object.fromEntries(
      Array.isArray(file.headers) ? file.headers : Object.entries(file.headers),
    ) as Record<string, string>
    // The texts are cut and so is what the backend once sealed; this simulator would know its own seals only.
    house.simulator.script({ times: 1, unchecked: true })
    const wire = zstdCompressSync(JSON.stringify(file.body))
    const reply = await fetch(`${house.url}/v1/responses`, {
      method: 'POST',
      headers: {
        ...Object.fromEntries(
          Object.entries(headers).filter(([header]) =>
            /^(?:x-|session|thread|originator|user-agent|accept$)/i.test(header),
          ),
        ),
        'content-type': 'application/json',
        'content-encoding': 'zstd',
        authorization: `Bearer ${house.key}`,
      },
      body: wire,
    })
    const text = await reply.text()
    expect(reply.status, text).toBe(200)
    expect(text).toContain('response.completed')

    const sent = lastAsked(house)
    expect(sent?.body).toEqual(file.body)
    for (const header of [
      'x-codex-beta-features',
      'x-codex-turn-metadata',
      'x-codex-turn-state',
      'x-codex-window-id',
      'x-openai-internal-codex-responses-lite',
    ]) {
      const value = headers[header]
      if (value !== undefined) expect(sent?.headers[header]).toBe(value)
    }
    expect(sent?.headers['authorization']).not.toContain(house.key)
    expect(sent?.headers['chatgpt-account-id']).toBe(house.accounts[0]?.accountId)
    expect(reply.headers.get('x-dragoman-translation')).toBe('exact')
  })
})

describe('compressed bodies', () => {
  const body = JSON.stringify({ model: 'gpt-5.5', input: 'hi', padding: 'x'.repeat(5000) })
  test.each([
    ['zstd', zstdCompressSync(body)],
    ['gzip', gzipSync(body)],
    ['br', brotliCompressSync(body)],
    ['identity', Buffer.from(body)],
  ])('%s', async (encoding, wire) => {
    const reply = await fetch(`${house.url}/v1/responses`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${house.key}`,
        'content-type': 'application/json',
        'content-encoding': encoding,
      },
      body: wire,
    })
    expect(reply.status).toBe(200)
  })
})

describe('what the backend sees', () => {
  const ask = (headers: Record<string, string> = {}, input = 'hi') =>
    house.post('/v1/responses', { model: 'gpt-5.5', input }, headers).then((reply) => reply.text())
  const last = () => lastAsked(house)

  test('says who it is, in the order of the official client', async () => {
    await ask()
    const sent = last()
    expect(sent?.headers['originator']).toBe('dragoman')
    expect(sent?.headers['user-agent']).toMatch(/^dragoman\//)
    const names = (sent?.rawHeaders ?? []).filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    const order = [
      'x-codex-window-id',
      'session-id',
      'thread-id',
      'accept',
      'content-type',
      'authorization',
      'chatgpt-account-id',
      'originator',
      'user-agent',
    ]
    expect(names.filter((name) => order.includes(name))).toEqual(order)
  })

  test('one conversation keeps its ids, another has others', async () => {
    await ask({ 'session-id': 'a' }, 'one')
    const first = last()?.headers['session-id']
    await ask({ 'session-id': 'a' }, 'two')
    expect(last()?.headers['session-id']).toBe(first)
    expect((last()?.body as { prompt_cache_key: string }).prompt_cache_key).toBe(first)
    await ask({ 'session-id': 'b' }, 'one')
    expect(last()?.headers['session-id']).not.toBe(first)
  })

  test('a growing conversation hits the prompt cache', async () => {
    const input: object[] = [{ role: 'developer', content: 'rules '.repeat(4000) }]
    const cached: number[] = []
    for (let turn = 0; turn < 3; turn++) {
      input.push({ role: 'user', content: `question ${turn}` })
      const reply = (await (await house.post('/v1/responses', { model: 'gpt-5.5', input })).json()) as {
        output: object[]
        usage: { input_tokens_details: { cached_tokens: number } }
      }
      input.push(...reply.output)
      cached.push(reply.usage.input_tokens_details.cached_tokens)
    }
    expect(cached[0]).toBe(0)
    expect(cached[1]).toBeGreaterThan(1000)
    expect(cached[2]).toBeGreaterThanOrEqual(cached[1] ?? 0)
  })

  test("nothing of the client's own goes up that is not named", async () => {
    await ask({
      cookie: 'a=b',
      'x-forwarded-for': '1.2.3.4',
      'x-api-key': house.key,
      'openai-organization': 'org',
      'x-secret': 'y',
    })
    const sent = last()
    for (const name of ['cookie', 'x-forwarded-for', 'x-api-key', 'openai-organization', 'x-secret']) {
      expect(sent?.headers[name]).toBe(undefined)
    }
    expect(JSON.stringify(sent?.headers)).not.toContain(house.key)
  })

  test('large bodies go up compressed, and arrive whole', async () => {
    await ask({}, 'long '.repeat(20_000))
    expect(last()?.headers['content-encoding']).toBe('zstd')
    expect(last()?.wireBytes).toBeLessThan(10_000)
    expect(JSON.stringify(last()?.body)).toContain('long long long')
  })

  test('the model list in the shape that Codex adopts', async () => {
    const reply = await house.fetch('/v1/models?client_version=0.169.0')
    const { models } = (await reply.json()) as { models: Record<string, unknown>[] }
    expect(models.length).toBeGreaterThan(5)
    for (const model of models) {
      for (const key of [
        'slug',
        'display_name',
        'supported_reasoning_levels',
        'shell_type',
        'visibility',
        'supported_in_api',
        'priority',
        'support_verbosity',
        'truncation_policy',
        'experimental_supported_tools',
        'base_instructions',
      ]) {
        expect(model, key).toHaveProperty(key)
      }
    }
  })

  test.each([
    [{ 'anthropic-version': '2023-06-01' }, 'data.0.type', 'model'],
    [{ 'x-goog-api-key': 'x' }, 'models.0.supportedGenerationMethods', undefined],
    [{}, 'object', 'list'],
  ])('the model list by the headers %j', async (headers, path, value) => {
    const body = (await (await house.fetch('/v1/models', { headers })).json()) as object
    const at = path.split('.').reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], body)
    if (value === undefined) expect(at).toBeDefined()
    else expect(at).toBe(value)
  })

  test('the bare paths work for clients whose base URL lacks /v1', async () => {
    expect((await house.post('/responses', { model: 'gpt-5.5', input: 'hi' })).status).toBe(200)
    expect(
      (await house.post('/chat/completions', { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hi' }] })).status,
    ).toBe(200)
    expect((await house.fetch('/models')).status).toBe(200)
  })
})
