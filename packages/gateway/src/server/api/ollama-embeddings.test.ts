import { FailureError, ollama, type Dialect, type DialectId } from '@dragoman/protocol'
import { Ollama } from 'ollama'
import { afterEach, expect, test } from 'vitest'
import { createRequestRecords } from '../../telemetry/index.js'
import { keySlots } from '../key-slots.js'
import { bodyBudget } from '../read-body.js'
import type { ClientKey } from '../route-table.js'
import { createServer, type GatewayServer } from '../server.js'
import type { Capability, CapabilityHouse } from './capability.js'
import { ollamaEmbeddings } from './ollama-embeddings.js'

let server: GatewayServer
afterEach(async () => {
  server.destroy()
  await server.close()
})

const usage = { inputTokens: 7, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 }

/**
 * The two routes over one provider that makes embeddings with the model `m`.
 * @param reply what it answers: a body, its bytes in pieces, or a failure to throw
 */
async function serve(reply: unknown, key: Partial<ClientKey> = {}) {
  const asked: unknown[] = []
  const records = createRequestRecords({ keep: () => 10 })
  const ask: Capability['ask'] = async (body) => {
    asked.push(body)
    if (reply instanceof Error) throw reply
    const pieces = Symbol.asyncIterator in Object(reply) ? (reply as AsyncIterable<Uint8Array>) : undefined
    const bytes = Buffer.from(typeof reply === 'string' ? reply : JSON.stringify(reply))
    return { contentType: 'application/json', body: pieces ?? bytes, usage }
  }
  const house: CapabilityHouse = {
    findCapability: (model) => (model === 'm' ? { route: 'fake:m', ask } : undefined),
    records,
    budget: bodyBudget(() => 1e9),
    limits: () => ({ wireBytes: 1e6, decodedBytes: 1e6, depth: 64, nodes: 1e5 }),
  }
  const noop = (): void => undefined
  server = createServer(
    {
      dialects: { ollama } as unknown as Readonly<Record<DialectId, Dialect>>,
      findKey: () => undefined,
      slots: keySlots(),
      settings: () => ({
        allowedHosts: [],
        corsOrigins: [],
        exchangesPerKey: 10,
        headersTimeoutMs: 10_000,
        requestTimeoutMs: 10_000,
        keepAliveMs: 1000,
        maxConnections: 100,
      }),
      log: { debug: noop, info: noop, warn: noop, error: noop },
    },
    (['embed', 'embeddings'] as const).map((form) => ({
      methods: ['POST'],
      paths: [`/api/${form}`],
      access: 'client key' as const,
      dialect: 'ollama' as const,
      answer: ollamaEmbeddings(house, form),
    })),
    { keyless: () => ({ id: 'k', name: 'k', ...key }) },
  )
  const { port } = await server.listen('127.0.0.1', 0)
  const url = `http://127.0.0.1:${port}`
  return { client: new Ollama({ host: url }), url, asked, records }
}

const VECTORS = {
  data: [
    { index: 1, embedding: [0.3, 0.4] },
    { index: 0, embedding: [0.1, 0.2] },
  ],
}

test('texts become vectors, in their order', async () => {
  const { client, asked } = await serve(VECTORS)
  expect(await client.embed({ model: 'm:latest', input: ['a', 'b'], dimensions: 2 })).toEqual({
    model: 'm:latest',
    embeddings: [
      [0.1, 0.2],
      [0.3, 0.4],
    ],
    total_duration: 0,
    load_duration: 0,
    prompt_eval_count: 7,
  })
  expect(asked).toEqual([{ model: 'm', input: ['a', 'b'], encoding_format: 'float', dimensions: 2 }])
})

test('a request leaves a record with its tokens', async () => {
  const { client, records } = await serve(VECTORS)
  await client.embed({ model: 'm', input: 'a' })
  await client.embed({ model: 'x', input: 'a' }).catch(() => undefined)
  expect(records.list()).toMatchObject([
    { dialect: 'ollama', path: '/api/embed', model: 'x', status: 404 },
    { dialect: 'ollama', path: '/api/embed', model: 'm', route: 'fake:m', keyId: 'k', status: 200, usage },
  ])
})

test('an answer that comes in pieces is read whole', async () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"data":[{"emb')
    yield Buffer.from('edding":[2.5e-7]}]}')
  }
  const { client } = await serve(pieces())
  expect(await client.embed({ model: 'm', input: 'a' })).toMatchObject({ embeddings: [[2.5e-7]] })
})

test('an upstream that refuses is heard in its own words', async () => {
  const { client } = await serve(
    new FailureError({
      kind: 'rate_limited',
      scope: 'provider',
      phase: 'sent',
      retry: 'never',
      upstream: { status: 429 },
      message: 'slow down',
    }),
  )
  await expect(client.embed({ model: 'm', input: 'a' })).rejects.toMatchObject({ status_code: 429, error: 'slow down' })
})

test('a key that is bound to other models may not', async () => {
  const { client, asked } = await serve(VECTORS, { allowedModels: ['n'] })
  await expect(client.embed({ model: 'm', input: 'a' })).rejects.toMatchObject({ status_code: 403 })
  expect(asked).toEqual([])
})

test('the older request has one', async () => {
  const { client, asked } = await serve({ data: [{ embedding: [1] }] })
  expect(await client.embeddings({ model: 'm', prompt: 'a' })).toEqual({ embedding: [1] })
  expect(asked).toEqual([{ model: 'm', input: 'a', encoding_format: 'float' }])
})

test.each([{}, { data: [{}] }, 'no JSON', null])('an upstream that answers %j is told as a failure', async (reply) => {
  const { client } = await serve(reply)
  await expect(client.embed({ model: 'm', input: 'a' })).rejects.toMatchObject({
    status_code: 500,
    error: 'the upstream answered without embeddings',
  })
})

test.each([
  ['embed', { model: 'm' }, 'expected a text or a list of texts (at /input)'],
  ['embed', { model: 'm', input: [] }, 'expected a text or a list of texts (at /input)'],
  ['embed', { model: 'm', input: ['a', 7] }, 'expected a string that is not empty (at /input/1)'],
  ['embed', { input: 'a' }, 'expected a string that is not empty (at /model)'],
  ['embed', { model: 'm', input: 'a', dimensions: 'x' }, 'expected a number (at /dimensions)'],
  ['embeddings', { model: 'm', prompt: 7 }, 'expected a string (at /prompt)'],
])('%s %j is refused', async (form, body, error) => {
  const { url } = await serve(VECTORS)
  const reply = await fetch(`${url}/api/${form}`, { method: 'POST', body: JSON.stringify(body) })
  expect([reply.status, await reply.json()]).toEqual([400, { error }])
})
