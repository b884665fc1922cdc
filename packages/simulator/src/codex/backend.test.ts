import { existsSync, readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex, codexBody, codexHeaders, framesOf } from '../ask.js'
import { LITE_HEADER } from './check-lite.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'

const simulator = await startSimulator()
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount({ email: 'someone@example.com' })
})
afterAll(() => simulator.close())

const user = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] })
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'ls', arguments: '{}' }
const output = { type: 'function_call_output', call_id: 'call_1', output: 'a.txt' }

describe('who may ask', () => {
  test.each([
    ['without a token', {}, 401, 'unauthorized'],
    ['with a token that nobody made', { authorization: 'Bearer nonsense' }, 401, 'unauthorized'],
  ])('%s: refused', async (_, headers, status, header) => {
    const reply = await ask(`${simulator.backendUrl}/codex/responses`, {
      body: JSON.stringify(codexBody()),
      headers: { 'content-type': 'application/json', ...headers },
    })
    expect(reply.status).toBe(status)
    expect(reply.headers['x-openai-authorization-error']).toBe(header)
    expect(JSON.parse(reply.text)).toEqual({ detail: 'Unauthorized' })
  })

  test('a token that the backend has given up is expired, and one of a refreshed login works', async () => {
    expect((await askCodex(simulator, account)).status).toBe(200)
    simulator.expireAccess(account.accountId)
    const reply = await askCodex(simulator, account)
    expect(reply.status).toBe(401)
    expect(JSON.parse(reply.text).error.code).toBe('token_expired')
    expect(JSON.parse(Buffer.from(String(reply.headers['x-error-json']), 'base64').toString())).toEqual({
      error: { code: 'token_expired' },
    })
  })

  test('a token born expired is expired', async () => {
    const late = simulator.addAccount({ accessExpiresInSeconds: -5 })
    expect((await askCodex(simulator, late)).status).toBe(401)
  })

  test('another account id than the token tells is refused', async () => {
    const reply = await askCodex(simulator, { ...account, accountId: 'someone-else' })
    expect(reply.status).toBe(403)
  })

  test('a suspended account is refused', async () => {
    simulator.setSuspended(account.accountId, true)
    const reply = await askCodex(simulator, account)
    expect([reply.status, JSON.parse(reply.text).error.code]).toEqual([403, 'account_deactivated'])
  })
})

describe('what the backend does not take', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['max_output_tokens', { max_output_tokens: 5 }, 'Unsupported parameter: max_output_tokens'],
    ['temperature', { temperature: 0 }, 'Unsupported parameter: temperature'],
    ['metadata', { metadata: {} }, 'Unsupported parameter: metadata'],
    ['plain stream options', { stream_options: { include_usage: true } }, 'Unsupported parameter: stream_options'],
    [
      'a previous response over HTTP',
      { previous_response_id: 'resp_1' },
      'Unsupported parameter: previous_response_id',
    ],
    ['another service tier', { service_tier: 'auto' }, 'Unsupported service_tier: auto'],
    ['no stream', { stream: false }, 'Stream must be set to true'],
    ['storing', { store: true }, 'Store must be set to false'],
    ['silence about storing', { store: undefined }, 'Store must be set to false'],
    ['a text as input', { input: 'hello' }, 'Input must be a list'],
    [
      'an unknown model',
      { model: 'gpt-4' },
      "The 'gpt-4' model is not supported when using Codex with a ChatGPT account.",
    ],
    ['system messages', { input: [{ ...user('x'), role: 'system' }] }, 'System messages are not allowed'],
    [
      'cache marks in parts',
      { input: [{ role: 'user', content: [{ type: 'input_text', text: 'x', prompt_cache_breakpoint: {} }] }] },
      'Unsupported parameter: prompt_cache_breakpoint',
    ],
  ])('%s', async (_, changes, told) => {
    const reply = await askCodex(simulator, account, changes)
    expect([reply.status, JSON.parse(reply.text)]).toEqual([400, { detail: told }])
  })

  test.each<[string, Record<string, unknown>, string, string | null]>([
    [
      'input parts from the assistant',
      { input: [{ type: 'message', role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }] },
      "Invalid value: 'input_text'. Supported values are: 'output_text', 'refusal'.",
      'input[0].content[0]',
    ],
    [
      'output parts from the user',
      { input: [{ role: 'user', content: [{ type: 'output_text', text: 'x' }] }] },
      "Invalid value: 'output_text'.",
      'input[0].content[0]',
    ],
    [
      'an output without its call',
      { input: [output] },
      'No tool call found for function call output with call_id call_1.',
      'input',
    ],
    [
      'a call without its output',
      { input: [user('x'), call] },
      'No tool output found for function call call_1.',
      'input',
    ],
    [
      'an output of another kind than the call',
      { input: [call, { ...output, type: 'custom_tool_call_output' }] },
      'No tool call found for custom tool call output with call_id call_1.',
      'input',
    ],
    [
      'tools in the shape of chat',
      { tools: [{ type: 'function', function: { name: 'x' } }] },
      "'tools[0].name'",
      'tools[0].name',
    ],
    [
      'a choice of a tool that is not there',
      { tool_choice: { type: 'function', name: 'x' } },
      "not found in 'tools'",
      'tool_choice',
    ],
    [
      'a choice of the image tool without it',
      { tool_choice: { type: 'image_generation' } },
      "not found in 'tools'",
      'tool_choice',
    ],
    [
      'several pictures of the hosted tool',
      { tools: [{ type: 'image_generation', n: 2 }] },
      "Unknown parameter: 'tools[0].n'",
      'tools[0].n',
    ],
    ['an effort that does not exist', { reasoning: { effort: 'huge' } }, "Invalid value: 'huge'", 'reasoning.effort'],
    [
      'a schema without a name',
      { text: { format: { type: 'json_schema', schema: {} } } },
      "'text.format.name'",
      'text.format.name',
    ],
    ['ids of another kind', { input: [{ ...call, id: 'call_9' }, output] }, "begins with 'fc'", 'input[0].id'],
    [
      'a picture that is no picture',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'aGk=' }] }] },
      'valid URL',
      'input[0].content[0].image_url',
    ],
  ])('%s', async (_, changes, told, param) => {
    const reply = await askCodex(simulator, account, changes)
    const { error } = JSON.parse(reply.text)
    expect([reply.status, error.param, error.type]).toEqual([400, param, 'invalid_request_error'])
    expect(error.message).toContain(told)
  })

  test('a broken body', async () => {
    const broken = await askCodex(simulator, account, {}, { body: '{"model":' })
    const garbled = await askCodex(simulator, account, {}, { headers: { 'content-encoding': 'zstd' } })
    expect([broken.status, garbled.status]).toEqual([400, 415])
  })

  test('reasoning that another account, or nobody here, has made', async () => {
    const other = simulator.addAccount()
    const ask = { include: ['reasoning.encrypted_content'], reasoning: { effort: 'high' } }
    const [item] = itemsOf((await askCodex(simulator, account, ask)).text)
    expect(simulator.readSeal(String(item!['encrypted_content']))).toMatchObject({
      accountId: account.accountId,
      kind: 'reasoning',
    })

    const again = { input: [user('x'), item, user('y')] }
    expect((await askCodex(simulator, account, again)).status).toBe(200)
    const refused = await askCodex(simulator, other, again)
    expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([400, 'invalid_encrypted_content'])
    const foreign = {
      input: [{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA-foreign' }, user('y')],
    }
    expect(JSON.parse((await askCodex(simulator, account, foreign)).text).error.code).toBe('invalid_encrypted_content')
  })
})

describe('a reply', () => {
  test.each([
    ['zstd', zstdCompressSync],
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['identity', (body: Buffer) => body],
  ])('comes to a body in %s, which is recorded decoded', async (encoding, compress) => {
    const wire = compress(Buffer.from(JSON.stringify(codexBody())))
    const reply = await askCodex(simulator, account, {}, { body: wire, headers: { 'content-encoding': encoding } })
    expect(reply.status).toBe(200)
    const [recorded] = simulator.requests
    expect(recorded).toMatchObject({
      method: 'POST',
      path: '/backend-api/codex/responses',
      body: codexBody(),
      wireBytes: wire.length,
      accountId: account.accountId,
      status: 200,
      aborted: false,
    })
    await expect(recorded!.closed).resolves.toBe('complete')
  })

  test('is a numbered ladder of named events that ends in usage, without output, as the real one', async () => {
    const { text, headers } = await askCodex(simulator, account)
    const frames = framesOf(text)
    expect(frames.map(({ sequence_number }) => sequence_number)).toEqual(frames.map((_, index) => index))
    expect([...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual(frames.map(({ type }) => type))
    expect(frames.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed', output: [] } })
    expect(itemsOf(text)).toMatchObject([
      { type: 'message', content: [{ text: expect.stringContaining('Good morning') }] },
    ])
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-codex-primary-used-percent': '12',
      'x-codex-primary-window-minutes': '300',
      'x-codex-plan-type': 'plus',
      'openai-model': 'gpt-5.5',
    })
    for (const name of ['x-request-id', 'x-models-etag', 'x-codex-turn-state', 'x-codex-secondary-reset-at']) {
      expect(headers[name], name).toBeTruthy()
    }
  })

  test('keeps the turn state that the client echoes', async () => {
    const { headers } = await askCodex(simulator, account, {}, { headers: { 'x-codex-turn-state': 'ts_1' } })
    expect(headers['x-codex-turn-state']).toBe('ts_1')
  })

  test('is refused with 429 while the limit is reached', async () => {
    simulator.setQuota(account.accountId, {
      limitReached: true,
      primary: { usedPercent: 100, windowMinutes: 300, resetAt: 2_000_000_000 },
    })
    const { status, text, headers } = await askCodex(simulator, account)
    expect([status, JSON.parse(text).error]).toMatchObject([
      429,
      { type: 'usage_limit_reached', resets_at: 2_000_000_000 },
    ])
    expect(headers['x-codex-primary-reset-at']).toBe('2000000000')
  })

  test('compacts when that is asked last', async () => {
    const { text } = await askCodex(simulator, account, { input: [user('x'), { type: 'compaction_trigger' }] })
    expect(itemsOf(text)).toMatchObject([{ type: 'compaction', id: expect.stringMatching(/^cmp_/) }])
  })
})

describe('the endpoint that compacts', () => {
  const body = { model: 'gpt-5.5', instructions: '', input: [user('x')] }
  const compact = (changes: object = {}) =>
    ask(`${simulator.backendUrl}/codex/responses/compact`, {
      body: JSON.stringify({ ...body, ...changes }),
      headers: codexHeaders(account),
    })

  test('answers with one document', async () => {
    const { status, text } = await compact()
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ output: [{ type: 'compaction', encrypted_content: expect.any(String) }] })
  })

  test.each([
    ['a wish to stream', { stream: true }, 'Unsupported parameter: stream'],
    ['a wish to store', { store: false }, 'Unsupported parameter: store'],
    ['a model that is not there', { model: 'gpt-1' }, "The 'gpt-1' model is not supported"],
    ['no input', { input: null }, 'Input must be a list'],
  ])('refuses %s', async (_, changes, said) => {
    const { status, text } = await compact(changes)
    expect([status, JSON.parse(text).detail]).toEqual([400, expect.stringContaining(said)])
  })

  test('knows the limit of the account', async () => {
    simulator.setQuota(account.accountId, { limitReached: true })
    expect((await compact()).status).toBe(429)
  })
})

describe('the prompt cache', () => {
  const long = (length: number) => user('word '.repeat(length / 5))
  async function cached(input: unknown[], session = 'session-1', who = account, key = 'k'): Promise<number> {
    const reply = await askCodex(
      simulator,
      who,
      { input, prompt_cache_key: key },
      { headers: { 'session-id': session } },
    )
    const { response } = framesOf(reply.text).at(-1) as unknown as {
      response: { usage: { input_tokens_details: { cached_tokens: number } } }
    }
    return response.usage.input_tokens_details.cached_tokens
  }

  test('knows the shared beginning, in steps of 128 from 1,024 on', async () => {
    const first = await cached([long(8000)])
    const second = await cached([
      long(8000),
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] },
      user('more'),
    ])
    expect(first).toBe(0)
    expect(second).toBeGreaterThanOrEqual(1920)
    expect(second % 128).toBe(0)
    expect(await cached([user('elsewhere')])).toBe(0)
  })

  test('knows nothing of short prompts, other sessions, keys and accounts', async () => {
    const other = simulator.addAccount()
    await cached([long(8000)])
    expect(await cached([long(8000)], 'session-2')).toBe(0)
    expect(await cached([long(8000)], 'session-1', account, 'k2')).toBe(0)
    expect(await cached([long(8000)], 'session-1', other)).toBe(0)
    await cached([long(1000)], 'session-3')
    expect(await cached([long(1000)], 'session-3')).toBe(0)
  })
})

describe('the other doors', () => {
  const get = (path: string, headers: Record<string, string> = {}) =>
    ask(`${simulator.backendUrl}${path}`, { headers: { ...codexHeaders(account), ...headers } })

  test('models, each with the eleven keys that the client requires', async () => {
    const { text, headers } = await get('/codex/models?client_version=0.169.0')
    const { models } = JSON.parse(text) as { models: Record<string, unknown>[] }
    expect(models.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['gpt-6-astra', 'gpt-5.5', 'gpt-5.4-mini']))
    const required =
      'slug display_name supported_reasoning_levels shell_type visibility supported_in_api priority support_verbosity truncation_policy experimental_supported_tools base_instructions'
    for (const model of models) expect(Object.keys(model)).toEqual(expect.arrayContaining(required.split(' ')))
    expect(
      (await get('/codex/models?client_version=0.169.0', { 'if-none-match': String(headers['etag']) })).status,
    ).toBe(304)
  })

  test('a model list that is set, its etag on every reply, and models kept from old clients', async () => {
    const before = (await askCodex(simulator, account)).headers['x-models-etag']
    simulator.setModels([{ ...simulator.models[0]!, slug: 'gpt-next', minimal_client_version: '0.200.0' }])
    const { text, headers } = await get('/codex/models?client_version=0.199.9')
    expect(JSON.parse(text)).toEqual({ models: [] })
    const after = (await askCodex(simulator, account, { model: 'gpt-next' })).headers['x-models-etag']
    expect(after).toBe(headers['etag'])
    expect(after).not.toBe(before)
  })

  test('usage', async () => {
    const usage = JSON.parse((await get('/wham/usage')).text)
    expect(usage).toMatchObject({
      plan_type: 'plus',
      email: 'someone@example.com',
      account_id: account.accountId,
      rate_limit: { allowed: true, primary_window: { used_percent: 12, limit_window_seconds: 18_000 } },
    })
  })

  test('the routing of a workspace', async () => {
    const abroad = simulator.addAccount({ routing: { origin: 'https://eu.example.com', override: 'us_cr' } })
    const own = JSON.parse((await get('/wham/accounts/check')).text)
    const theirs = JSON.parse((await get('/wham/accounts/check', codexHeaders(abroad))).text)
    expect(own.accounts).toMatchObject([
      { id: account.accountId, workspace_backend_origin: simulator.url, account_routing_override: 'NO_CONSTRAINT' },
    ])
    expect(theirs.accounts).toMatchObject([
      { workspace_backend_origin: 'https://eu.example.com', account_routing_override: 'us_cr' },
    ])
  })

  test('what is not there is not found', async () => {
    expect((await get('/wham/nothing')).status).toBe(404)
  })
})

const fixtures = new URL('../../../../../shared/fixtures/', import.meta.url)

describe.skipIf(!existsSync(fixtures))('against what was recorded', () => {
  test.each([
    ['classic', 'codex-01-http-responses-custom-provider.json'],
    ['after a tool call', 'codex-02-http-responses-chatgpt-zstd-tool-followup.json'],
    ['lite', 'codex-03-http-responses-lite-gpt6.json'],
    ['with all options and a picture', 'codex-04-http-responses-options-fast-schema-image.json'],
    ['compaction', 'codex-05-http-compaction-trigger.json'],
  ])('the real client’s request is taken: %s', async (_, file) => {
    const recorded = JSON.parse(readFileSync(new URL(`clients/${file}`, fixtures), 'utf8'))
    const { body } = recorded
    const sent = Object.fromEntries(recorded.headers as [string, string][])
    const lite = sent[LITE_HEADER] === undefined ? {} : { [LITE_HEADER]: sent[LITE_HEADER] }
    // Thoughts of another backend are the one thing that cannot be taken over.
    const input = body.input.filter(({ type }: { type: string }) => type !== 'reasoning')
    const { status, text } = await askCodex(simulator, account, { ...body, input }, { headers: lite })
    expect(status, text).toBe(200)
    expect(framesOf(text).at(-1)!.type).toBe('response.completed')
  })

  test('every event is valid by Open Responses', async () => {
    const { components } = JSON.parse(readFileSync(new URL('open-responses.openapi.json', fixtures), 'utf8'))
    const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema({ $id: 'open', components })
    const validators = new Map(
      Object.entries(components.schemas as Record<string, { properties?: { type?: { enum?: string[] } } }>)
        .filter(([name]) => name.endsWith('StreamingEvent'))
        .map(([name, schema]) => [
          schema.properties?.type?.enum?.[0],
          ajv.getSchema(`open#/components/schemas/${name}`)!,
        ]),
    )
    simulator.script({
      scene: [
        { type: 'reasoning', summary: ['One', 'Two'], sealed: true },
        { type: 'text', text: 'Hello “world” \n', citations: [{ url: 'https://example.com/', title: 'Example' }] },
        {
          type: 'toolCalls',
          interleaved: true,
          calls: [
            { name: 'a', arguments: {} },
            { name: 'b', arguments: { x: 1 } },
          ],
        },
        { type: 'refusal', text: 'No.' },
      ],
    })
    const { text } = await askCodex(simulator, account, { tools: [{ type: 'function', name: 'a' }] })
    const frames = framesOf(text)
    expect(frames.length).toBeGreaterThan(20)
    for (const frame of frames) {
      const validate = validators.get(frame.type)
      expect(validate, frame.type).toBeDefined()
      validate!(frame)
      expect(validate!.errors ?? [], JSON.stringify(frame)).toEqual([])
    }
  })
})

function itemsOf(text: string): Record<string, unknown>[] {
  return framesOf(text)
    .filter(({ type }) => type === 'response.output_item.done')
    .map(({ item }) => item as Record<string, unknown>)
}
