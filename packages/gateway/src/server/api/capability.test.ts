import { once } from 'node:events'
import { request } from 'node:http'
import { FailureError, openaiChat, type Dialect, type DialectId } from '@dragoman/protocol'
import { afterEach, expect, test } from 'vitest'
import { createRequestRecords } from '../../telemetry/index.js'
import { bodyBudget } from '../read-body.js'
import type { ClientKey, Route } from '../route-table.js'
import { createServer } from '../server.js'
import { keySlots } from '../key-slots.js'
import type { Capability, CapabilityHouse } from './capability.js'
import { embeddings } from './embeddings.js'
import { transcriptions } from './transcriptions.js'

const closers: (() => Promise<void>)[] = []
afterEach(() => Promise.all(closers.splice(0).map((close) => close())))

const silent = { debug: noop, info: noop, warn: noop, error: noop }
function noop(): void {}

/** A server of the two routes alone, over one provider that can do everything with the model `m`. */
async function serve(ask: Capability['ask'], allowedModels?: string[]) {
  const records = createRequestRecords({ keep: () => 10 })
  const house: CapabilityHouse = {
    findCapability: (model) => (model === 'm' ? { route: 'fake:m', ask } : undefined),
    records,
    budget: bodyBudget(() => 1e9),
    limits: () => ({ wireBytes: 1e6, decodedBytes: 1e6, depth: 64, nodes: 1e5 }),
  }
  const route = (path: string, answer: Route['answer']): Route => ({
    methods: ['POST'],
    paths: [path],
    access: 'client key',
    dialect: 'openai-chat',
    answer,
  })
  const key: ClientKey = { id: 'k', name: 'k', ...(allowedModels === undefined ? {} : { allowedModels }) }
  const server = createServer(
    {
      dialects: { 'openai-chat': openaiChat } as unknown as Readonly<Record<DialectId, Dialect>>,
      findKey: () => key,
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
      log: silent,
    },
    [route('/v1/embeddings', embeddings(house)), route('/v1/audio/transcriptions', transcriptions(house))],
  )
  const { port } = await server.listen('127.0.0.1', 0)
  closers.push(async () => {
    const closed = server.close()
    server.destroy()
    await closed
  })
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    records,
    post: (path: string, body: string | FormData, type?: string) =>
      fetch(url + path, {
        method: 'POST',
        body,
        headers: { authorization: 'Bearer x', ...(type === undefined ? {} : { 'content-type': type }) },
      }),
  }
}

const wish = JSON.stringify({ model: 'm', input: 'hello', truncate: true })
const speech = (): FormData => {
  const form = new FormData()
  form.set('model', 'm')
  form.set('stream', 'true')
  form.set('file', new File(['RIFF'], 'a.wav'))
  form.set('hotwords', 'dragoman')
  return form
}

test('an upstream’s answer passes byte for byte, and its tokens are booked', async () => {
  let heard: unknown
  const bytes = Buffer.from('{"data": [ 1.50 ],  "usage":{}}')
  const usage = { inputTokens: 3, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  const { post, records } = await serve(async (body) => {
    heard = body
    return { contentType: 'application/json', body: bytes, usage }
  })
  const reply = await post('/v1/embeddings', wish)
  expect(reply.headers.get('content-type')).toBe('application/json')
  expect(Buffer.from(await reply.arrayBuffer())).toEqual(bytes)
  expect(heard).toEqual(JSON.parse(wish))
  expect(records.list()).toMatchObject([{ dialect: 'openai-embeddings', route: 'fake:m', status: 200, usage }])
})

test('a form reaches the upstream with its file and its unknown fields; a stream comes back as one', async () => {
  let heard: FormData | undefined
  const { post, records } = await serve(async (body) => {
    heard = body as FormData
    return {
      contentType: 'text/event-stream',
      body: (async function* () {
        yield Buffer.from('data: {"delta":"a"}\n\n')
        yield Buffer.from('data: {"delta":"b"}\n\n')
      })(),
    }
  })
  const reply = await post('/v1/audio/transcriptions', speech())
  expect(await reply.text()).toBe('data: {"delta":"a"}\n\ndata: {"delta":"b"}\n\n')
  expect(await (heard?.get('file') as File).text()).toBe('RIFF')
  expect(heard?.get('hotwords')).toBe('dragoman')
  expect(records.list()).toMatchObject([{ dialect: 'openai-audio', stream: true, status: 200 }])
})

test('an upstream’s failure is told in its words', async () => {
  const { post, records } = await serve(async () => {
    throw new FailureError({
      kind: 'rate_limited',
      scope: 'account',
      phase: 'sent',
      retry: 'other',
      message: 'slow down, please',
    })
  })
  const reply = await post('/v1/embeddings', wish)
  expect(reply.status).toBe(429)
  expect(await reply.json()).toMatchObject({ error: { message: 'slow down, please' } })
  expect(records.list()).toMatchObject([{ status: 429, failure: { kind: 'rate_limited' } }])
})

test('a stream that breaks is broken off, never ended', async () => {
  const heard = Promise.withResolvers<void>()
  const { post, records } = await serve(async () => ({
    contentType: 'text/event-stream',
    body: (async function* () {
      yield Buffer.from('data: {"delta":"a"}\n\n')
      await heard.promise
      throw new Error('the network fell over')
    })(),
  }))
  const reply = await post('/v1/audio/transcriptions', speech())
  heard.resolve()
  await expect(reply.text()).rejects.toThrow()
  expect(records.list()).toMatchObject([{ failure: { kind: 'internal' } }])
})

test('a client that leaves takes the upstream with it', async () => {
  const asked = Promise.withResolvers<AbortSignal>()
  const { url, records } = await serve(async (_, signal) => {
    asked.resolve(signal)
    await once(signal, 'abort')
    throw new Error('aborted')
  })
  const out = request(`${url}/v1/embeddings`, { method: 'POST', headers: { authorization: 'Bearer x' } })
  out.on('error', noop)
  out.end(wish)
  const signal = await asked.promise
  const aborted = once(signal, 'abort')
  out.destroy()
  await aborted
  await new Promise(setImmediate)
  expect(records.list()).toMatchObject([{ status: 499, failure: { kind: 'cancelled' } }])
})

test('a key that is bound to other models is refused', async () => {
  let asked = false
  const { post } = await serve(async () => {
    asked = true
    throw new Error('it was asked')
  }, ['other'])
  const reply = await post('/v1/embeddings', wish)
  expect([reply.status, asked]).toEqual([403, false])
  expect(await reply.json()).toMatchObject({ error: { code: 'model_not_allowed' } })
})
