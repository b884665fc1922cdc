import { request } from 'node:http'
import { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'
import { scriptEachTest, thrown } from '../scripting.js'
import { surface } from './surface.js'

let house: House
const script = scriptEachTest(() => house)
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

describe('compaction', () => {
  const input = [{ role: 'user' as const, content: 'hello' }]
  const compacted = () => house.simulator.requests.findLast(({ path }) => path.endsWith('/compact'))

  surface({ sdk: 'openai', call: 'responses.compact', level: 'exact' }, async () => {
    const made = await house.openai.responses.compact({ model: 'gpt-5.5', input, instructions: 'be brief' })
    expect(made).toMatchObject({
      id: expect.stringMatching(/^resp_/),
      object: 'response.compaction',
      created_at: expect.any(Number),
      output: [{ type: 'compaction', encrypted_content: expect.any(String) }],
    })
    expect(made.usage).toMatchObject({ total_tokens: expect.any(Number) })
    expect(compacted()?.headers).toMatchObject({ accept: 'application/json' })
    expect(Object.keys(compacted()?.body as object).sort()).toEqual([
      'input',
      'instructions',
      'model',
      'prompt_cache_key',
    ])
    expect(house.gateway.records.list(1)[0]).toMatchObject({ path: '/v1/responses/compact', status: 200 })
  })

  test('what the upstream says passes as it is, and what the endpoint takes goes there', async () => {
    const document = {
      id: 'cmp_resp',
      output: [
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }], odd: 1 },
        { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' },
      ],
      usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
      more: { of: 'it' },
    }
    script({ at: 'compact', fault: { type: 'reply', status: 200, body: document } })
    const tools = [{ type: 'function', name: 'f', parameters: { type: 'object' } }]
    const reply = await house.post('/responses/compact', {
      model: 'gpt-5.5',
      input,
      tools,
      parallel_tool_calls: true,
      reasoning: { effort: 'high', summary: 'auto' },
      text: { verbosity: 'low' },
      service_tier: 'priority',
      include: ['reasoning.encrypted_content'],
      store: false,
    })
    expect(await reply.json()).toEqual({
      ...document,
      object: 'response.compaction',
      created_at: expect.any(Number),
    })
    expect(compacted()?.body).toMatchObject({
      tools,
      parallel_tool_calls: true,
      reasoning: { effort: 'high', summary: 'auto' },
      text: { verbosity: 'low' },
      service_tier: 'priority',
    })
    expect(compacted()?.body).not.toHaveProperty('include')
  })

  test('by the demo', async () => {
    const made = await house.openai.responses.compact({ model: 'demo', input: 'hello' })
    expect(made).toMatchObject({ object: 'response.compaction', output: [{ type: 'compaction' }] })
    expect(made).not.toHaveProperty('tools')
  })

  test('another account is asked, nobody is benched, and the upstream’s words are told', async () => {
    const two = await openHouse({ accounts: 2 })
    try {
      const limit = { type: 'status', name: 'usage_limit_reached' } as const
      two.simulator.script({ at: 'compact', times: 1, fault: limit })
      const made = await two.post('/v1/responses/compact', { model: 'gpt-5.5', input })
      expect([made.status, made.headers.get('x-dragoman-attempts')]).toEqual([200, '2'])
      two.simulator.script({ at: 'compact', fault: limit })
      const refused = await two.post('/v1/responses/compact', { model: 'gpt-5.5', input })
      expect(refused.status).toBe(429)
      expect(await refused.json()).toMatchObject({ error: { code: 'usage_limit_reached' } })
      expect(two.gateway.accounts.list().map(({ status }) => status)).toEqual(['active', 'active'])
    } finally {
      await two.close()
    }
  })

  test('a token that was refused is renewed', async () => {
    const one = await openHouse()
    try {
      one.simulator.expireAccess(one.accounts[0]?.accountId ?? '')
      const reply = await one.post('/v1/responses/compact', { model: 'gpt-5.5', input })
      expect([reply.status, one.simulator.counters.refreshes]).toEqual([200, 1])
    } finally {
      await one.close()
    }
  })

  test.each([
    ['no JSON', '<html>', 'no JSON'],
    ['no output', { id: 'x' }, 'no output'],
    ['items without a type', { output: [{}] }, 'no output'],
  ])('a document with %s is a failure', async (_, body, said) => {
    script({ at: 'compact', fault: { type: 'reply', status: 200, body } })
    const reply = await house.post('/v1/responses/compact', { model: 'gpt-5.5', input })
    expect(reply.status).toBe(502)
    expect(await reply.text()).toContain(said)
  })

  test.each([
    ['no input', { model: 'gpt-5.5' }, 400, 'input'],
    ['an earlier response', { model: 'gpt-5.5', input, previous_response_id: 'resp_1' }, 400, 'previous_response_id'],
    ['an unknown model', { model: 'gpt-0', input }, 404, 'model'],
    [
      'what the upstream refuses',
      { model: 'gpt-5.5', input: [{ type: 'message', role: 'user', content: [{ type: 'x' }] }] },
      400,
      null,
    ],
  ])('refuses %s', async (_, body, status, param) => {
    const reply = await house.post('/v1/responses/compact', body)
    expect(reply.status).toBe(status)
    const { error } = (await reply.json()) as { error: { param: string | null } }
    if (param !== null) expect(error.param).toBe(param)
  })

  test('a client that leaves takes it with it', async () => {
    script({ at: 'compact', delivery: { headersAfter: 'never' } })
    const asked = house.simulator.nextRequest(({ path }) => path.endsWith('/compact'))
    const out = request(`${house.url}/v1/responses/compact`, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
    })
    out.on('error', () => undefined)
    out.end(JSON.stringify({ model: 'gpt-5.5', input }))
    const upstreamRequest = await asked
    out.destroy()
    await upstreamRequest.closedByClient
    expect(upstreamRequest.aborted).toBe(true)
  })
})

test('a review is an answer that the upstream knows as one', async () => {
  script({ scene: [{ type: 'text', text: 'Looks good.' }] })
  const reply = await house.post(
    '/v1/responses/review',
    { model: 'gpt-5.5', input: 'diff', stream: true },
    {
      'x-openai-subagent': 'something else',
    },
  )
  expect(await reply.text()).toContain('Looks good.')
  const asked = house.simulator.requests.findLast(({ path }) => path.endsWith('/codex/responses'))
  expect(asked?.headers['x-openai-subagent']).toBe('review')
})

describe('what ChatGPT accounts cannot do', () => {
  test('embeddings: 404 that says which providers make them', async () => {
    const error = await thrown(house.openai.embeddings.create({ model: 'text-embedding-3-small', input: 'hello' }))
    expect([error.status, error.code, error.param]).toEqual([404, 'model_not_found', 'model'])
    expect(error.message).toMatch(/text-embedding-3-small.*API-key provider/)
    expect(house.gateway.records.list(1)[0]).toMatchObject({ dialect: 'openai-embeddings', status: 404 })
  })

  test('transcriptions: 404 that says which providers do it', async () => {
    const file = await toFile(Buffer.from('RIFF'), 'a.wav')
    const error = await thrown(house.openai.audio.transcriptions.create({ model: 'whisper-1', file }))
    expect([error.status, error.code]).toEqual([404, 'model_not_found'])
    expect(error.message).toContain('whisper-1')
    expect(house.gateway.records.list(1)[0]).toMatchObject({ dialect: 'openai-audio', status: 404 })
  })

  const model = 'text-embedding-3-small'
  test.each<[string, object, string, string]>([
    ['no model', { input: 'x' }, 'model', 'not empty'],
    ['no input', { model }, 'input', 'a text, a list of texts'],
    ['an empty text', { model, input: '' }, 'input', 'not empty'],
    ['an empty list', { model, input: [] }, 'input', 'not empty'],
    ['a text among tokens', { model, input: [1, 'x'] }, 'input[1]', 'a token'],
    ['a token among texts', { model, input: ['x', 1] }, 'input[1]', 'expected a string'],
    ['an empty text among texts', { model, input: ['x', ''] }, 'input[1]', 'not empty'],
    ['half a token', { model, input: [[1], [1.5]] }, 'input[1][0]', 'a token'],
    ['a list that is too long', { model, input: Array(2049).fill('x') }, 'input', 'at most 2048'],
    ['an unknown encoding', { model, input: 'x', encoding_format: 'hex' }, 'encoding_format', 'float or base64'],
    ['no dimension', { model, input: 'x', dimensions: 0 }, 'dimensions', 'from 1'],
    ['a user that is no text', { model, input: 'x', user: 4 }, 'user', 'expected a string'],
  ])('embeddings with %s are refused', async (_, body, param, said) => {
    const reply = await house.post('/v1/embeddings', body)
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: { param, message: expect.stringContaining(said) } })
  })

  const audio = (fields: Record<string, string | File>): FormData => {
    const form = new FormData()
    for (const [name, value] of Object.entries({ model: 'whisper-1', file: new File(['RIFF'], 'a.wav'), ...fields })) {
      form.set(name, value)
    }
    return form
  }
  test.each<[string, FormData, string]>([
    ['an empty file', audio({ file: new File([], 'a.wav') }), 'file'],
    ['a text for a file', audio({ file: 'RIFF' }), 'file'],
    ['no model', audio({ model: '' }), 'model'],
    ['an unknown format', audio({ response_format: 'pdf' }), 'response_format'],
    ['too much warmth', audio({ temperature: '2' }), 'temperature'],
    ['an unknown grain', audio({ 'timestamp_granularities[]': 'letter' }), 'timestamp_granularities'],
    ['a file as language', audio({ language: new File(['x'], 'x') }), 'language'],
    ['a stream that is no boolean', audio({ stream: 'yes' }), 'stream'],
  ])('a transcription with %s is refused', async (_, body, param) => {
    const reply = await house.fetch('/v1/audio/transcriptions', { method: 'POST', body })
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: { param, type: 'invalid_request_error' } })
  })

  test('a transcription in JSON is refused', async () => {
    const reply = await house.post('/v1/audio/transcriptions', { model: 'whisper-1' })
    expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining('multipart/form-data')])
  })
})

describe('the catalog', () => {
  test('lists what a key may use', async () => {
    const entries = (await (await house.fetch('/v1/models/catalog')).json()) as Record<string, unknown>[]
    expect(entries.find(({ id }) => id === 'gpt-5.5')).toMatchObject({
      displayName: expect.any(String),
      isDefault: true,
      supportedReasoningEfforts: expect.arrayContaining([{ reasoningEffort: 'high', description: expect.any(String) }]),
      defaultReasoningEffort: expect.any(String),
      outputModalities: ['text'],
      contextWindow: 272_000,
    })
    expect(entries.filter(({ isDefault }) => isDefault)).toHaveLength(1)
    const list = (await (await house.fetch('/v1/models')).json()) as { data: { id: string }[] }
    expect(entries.map(({ id }) => id)).toEqual(list.data.map(({ id }) => id))
  })

  test('one entry, with the target of an alias', async () => {
    house.configure({ model: { aliases: { mine: 'gpt-5.4-high' } } })
    const entry = await (await house.fetch('/v1/models/mine/info')).json()
    house.configure({})
    expect(entry).toMatchObject({ id: 'mine', model: 'gpt-5.4', isDefault: false })
    const plain = (await (await house.fetch('/models/gpt-5.4/info')).json()) as object
    expect(plain).toMatchObject({ id: 'gpt-5.4' })
    expect(plain).not.toHaveProperty('model')
  })

  test('an unknown model, and one that the key may not use, are not there', async () => {
    const unknown = await house.fetch('/v1/models/nothing/info')
    expect(unknown.status).toBe(404)
    expect(await unknown.json()).toMatchObject({ error: { code: 'model_not_found' } })
    const asDemo = { headers: { authorization: `Bearer ${house.gateway.demoKey}` } }
    expect((await house.fetch('/v1/models/gpt-5.5/info', asDemo)).status).toBe(404)
    expect(await (await house.fetch('/v1/models/catalog', asDemo)).json()).toMatchObject([{ id: 'demo' }])
  })

  test('needs a key', async () => {
    for (const path of ['/v1/models/catalog', '/v1/models/gpt-5.5/info']) {
      expect((await fetch(house.url + path)).status).toBe(401)
    }
  })
})
