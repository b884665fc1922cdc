import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { Ollama } from 'ollama'
import OpenAI, { toFile } from 'openai'
import { WebSocket } from 'ws'
import { addKey, openHouse, type House } from '../house.js'
import { thrown } from '../scripting.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ config: { ollama: { enabled: true, port: 0, require_key: true } } })
  await addKey(house, {
    vendor: 'openai',
    models: ['text-embedding-3-small'],
    capabilities: ['embeddings'],
    label: 'vectors',
  })
  await addKey(house, { vendor: 'openai', models: ['gpt-4o-transcribe'], capabilities: ['transcription'] })
  await addKey(house, { vendor: 'openai', models: ['gpt-image-1'], capabilities: ['images'] })
})
afterAll(() => house.close())

const keyWith = async (limits?: object, name = 'guest') =>
  house.gateway.store.clientKeys.create({ name, ...(limits === undefined ? {} : { limits: limits as never }) })
const clients = (key: string) => ({
  openai: new OpenAI({ baseURL: `${house.url}/v1`, apiKey: key, maxRetries: 3, logLevel: 'off' }),
  anthropic: new Anthropic({ baseURL: house.url, apiKey: key, maxRetries: 3, logLevel: 'off' }),
  google: new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: house.url } }),
  ollama: new Ollama({ host: house.ollamaUrl, headers: { authorization: `Bearer ${key}` } }),
})
type Clients = ReturnType<typeof clients>
const say = [{ role: 'user' as const, content: 'hello' }]
const admin = async (path: string) => {
  const reply = await fetch(`${house.url}/admin/usage-stats/${path}`, {
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
  })
  return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() }
}
const told = async (path: string) => JSON.parse((await admin(path)).text) as Record<string, never>

const ROADS: [name: string, ask: (by: Clients) => Promise<unknown>][] = [
  ['chat', ({ openai }) => openai.chat.completions.create({ model: 'gpt-5.5', messages: say })],
  ['a chat stream', ({ openai }) => openai.chat.completions.create({ model: 'gpt-5.5', messages: say, stream: true })],
  ['responses', ({ openai }) => openai.responses.create({ model: 'gpt-5.5', input: 'hello' })],
  ['compaction', ({ openai }) => openai.responses.compact({ model: 'gpt-5.5', input: say })],
  ['messages', ({ anthropic }) => anthropic.messages.create({ model: 'gpt-5.5', max_tokens: 50, messages: say })],
  ['generateContent', ({ google }) => google.models.generateContent({ model: 'gpt-5.5', contents: 'hello' })],
  ['Ollama', ({ ollama }) => ollama.chat({ model: 'gpt-5.5', messages: say })],
  ['pictures', ({ openai }) => openai.images.generate({ model: 'gpt-image-2', prompt: 'a cat' })],
  ['pictures by a key', ({ openai }) => openai.images.generate({ model: 'gpt-image-1', prompt: 'a cat' })],
  ['embeddings', ({ openai }) => openai.embeddings.create({ model: 'text-embedding-3-small', input: 'a' })],
  [
    'transcription',
    async ({ openai }) =>
      openai.audio.transcriptions.create({
        model: 'gpt-4o-transcribe',
        file: await toFile(Buffer.from('RIFF0000WAVEfmt '), 'voice.wav', { type: 'audio/wav' }),
      }),
  ],
]

describe('a key whose budget is used up asks no upstream', () => {
  let spent: Clients
  let key: string
  beforeAll(async () => {
    key = (await keyWith({ tokens: { day: 1 } })).plaintext
    spent = clients(key)
    await spent.openai.chat.completions.create({ model: 'gpt-5.5', messages: say })
  })

  test.each(ROADS)('%s', async (_, ask) => {
    const before = house.simulator.requests.length
    const error = (await thrown(ask(spent))) as unknown as Record<string, unknown>
    expect(error['status'] ?? error['status_code']).toBe(429)
    expect(String(error['message'])).toMatch(
      /used up its budget of this day, 1 tokens; it begins anew at \d{4}-.*T00:00:00/,
    )
    if (error['headers'] instanceof Headers) {
      expect(error['headers'].get('x-should-retry')).toBe('false')
      expect(error['headers'].get('x-retry-at')).toMatch(/T00:00:00\.000Z$/)
      expect(error['headers'].get('retry-after')).toBeNull()
    }
    expect(house.simulator.requests.slice(before).filter(({ path }) => !path.includes('models'))).toEqual([])
  })

  test('the code is the one that clients know', async () => {
    const { openai, anthropic } = spent
    const error = await thrown(openai.responses.create({ model: 'gpt-5.5', input: 'x' }))
    expect(error.code).toBe('insufficient_quota')
    const other = await thrown(anthropic.messages.create({ model: 'gpt-5.5', max_tokens: 5, messages: say }))
    expect(other.error).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } })
  })

  test('a turn on a WebSocket', async () => {
    const socket = new WebSocket(`${house.url.replace('http', 'ws')}/v1/responses`, {
      headers: { authorization: `Bearer ${key}`, 'openai-beta': 'responses_websockets=2026-02-06' },
    })
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'response.create', model: 'gpt-5.5', input: 'hello' }))
    const [data] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(String(data))).toMatchObject({
      type: 'error',
      status: 429,
      error: { code: 'insufficient_quota', resets_at: expect.any(Number) as unknown },
      headers: { 'x-should-retry': 'false' },
    })
    socket.terminate()
  })

  test('what is answered here is not refused', async () => {
    const { anthropic, google, openai } = spent
    const { input_tokens: tokens } = await anthropic.messages.countTokens({ model: 'gpt-5.5', messages: say })
    expect(tokens).toBeGreaterThan(0)
    expect((await google.models.countTokens({ model: 'gpt-5.5', contents: 'hello' })).totalTokens).toBeGreaterThan(0)
    expect((await openai.models.list()).data.length).toBeGreaterThan(0)
  })

  test('it may know why', async () => {
    const reply = await fetch(`${house.url}/v1/sub-key/info`, { headers: { authorization: `Bearer ${key}` } })
    expect(await reply.json()).toMatchObject({ max_tokens: 1, remaining_tokens: 0, request_count: 1 })
  })
})

test('a raised budget is in force at the next request', async () => {
  const { record, plaintext } = await keyWith({ tokens: { total: 1 } })
  const { openai } = clients(plaintext)
  const ask = () => openai.chat.completions.create({ model: 'demo', messages: say })
  await ask()
  expect(await thrown(ask())).toMatchObject({ status: 429, code: 'insufficient_quota' })
  await house.gateway.store.clientKeys.change(record.id, { limits: { tokens: { total: 1_000_000 } } })
  await ask()
  await house.gateway.store.clientKeys.change(record.id, { limits: null })
  await ask()
})

test('a rate is told with a true retry-after', async () => {
  const { openai } = clients((await keyWith({ requestsPerMinute: 1 })).plaintext)
  const ask = () => openai.chat.completions.create({ model: 'demo', messages: say }, { maxRetries: 0 })
  await ask()
  const error = await thrown(ask())
  expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
  const after = Number(error.headers?.get('retry-after'))
  expect(after).toBeGreaterThan(50)
  expect(after).toBeLessThanOrEqual(60)
})

describe('statistics', () => {
  test('are closed to client keys', async () => {
    const reply = await house.fetch('/admin/usage-stats/summary')
    expect(reply.status).toBe(403)
    await reply.text()
  })

  test('tell what each client was told', async () => {
    const { record, plaintext } = await keyWith(undefined, '=cmd()')
    const { openai } = clients(plaintext)
    const answer = await openai.chat.completions.create({ model: 'gpt-5.5', messages: say })
    const vectors = await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] })
    const { rows } = (await told('client-keys')) as unknown as { rows: Record<string, unknown>[] }
    expect(rows.find(({ group }) => group === record.id)).toMatchObject({
      name: '=cmd()',
      request_count: 2,
      input_tokens: (answer.usage?.prompt_tokens ?? 0) + vectors.usage.prompt_tokens,
      output_tokens: answer.usage?.completion_tokens,
      duration_p50_ms: expect.any(Number) as unknown,
    })
    const { text, type } = await admin('client-keys?format=csv')
    expect(type).toBe('text/csv; charset=utf-8')
    expect(text).toMatch(/^group,name,input_tokens,/)
    expect(text).toContain(`${record.id},'=cmd(),`)
    const { rows: keys } = (await told('api-keys')) as unknown as { rows: Record<string, unknown>[] }
    expect(keys).toContainEqual(
      expect.objectContaining({ name: 'vectors', group: expect.stringMatching(/^ak_/) as unknown }),
    )
    const { rows: models } = (await told('models')) as unknown as { rows: Record<string, unknown>[] }
    expect(models.map(({ group }) => group)).toContain('openai:text-embedding-3-small')
  })

  test('summary and history as the predecessors had them', async () => {
    const summary = await told('summary')
    expect(summary).toMatchObject({ total_accounts: 1, active_accounts: 1 })
    for (const name of [
      ...['input_tokens', 'output_tokens', 'cached_tokens', 'image_input_tokens', 'image_output_tokens'],
      ...['image_request_count', 'image_request_failed_count', 'estimated_cost_usd', 'request_count'],
    ]) {
      expect(summary, name).toHaveProperty(`total_${name}`, expect.any(Number))
    }
    const history = (await told('history')) as unknown as {
      data_points: { request_count: number; timestamp: string }[]
    }
    expect(history).toMatchObject({ granularity: 'hourly', hours: 24 })
    const total = history.data_points.reduce((sum, { request_count: count }) => sum + count, 0)
    expect(total).toBe(summary['total_request_count'])
    for (const granularity of ['raw', 'five_min', 'daily']) {
      const other = (await told(`history?granularity=${granularity}`)) as unknown as typeof history
      expect(other.data_points.reduce((sum, { request_count: count }) => sum + count, 0)).toBe(total)
    }
    expect(await told('history?granularity=daily&hours=all&group_by=provider')).toMatchObject({
      hours: 'all',
      group_by: 'provider',
      data_points: expect.arrayContaining([expect.objectContaining({ group: 'openai' })]) as unknown,
    })
    const series = (await told('series?hours=2&group_by=provider')) as unknown as {
      timestamps: string[]
      series: { request_count: number[] }[]
    }
    expect(series.series.flatMap(({ request_count: counts }) => counts).reduce((sum, one) => sum + one)).toBe(total)
    expect(series.series[0]?.request_count).toHaveLength(series.timestamps.length)
    expect((await told('summary?hours=2'))['total_request_count']).toBe(total)
    expect((await told('summary?from=2020-01-01&to=2020-02-01'))['total_request_count']).toBe(0)
  })

  test.each([
    ['history?granularity=raw&hours=all', /hours/],
    ['history?granularity=weekly', /granularity/],
    ['history?hours=-1', /hours/],
    ['history?hours=', /hours/],
    ['series?granularity=five_min&from=2020-01-01', /granularity/],
    ['models?from=yesterday', /from/],
    ['models?from=2020-02-01&to=2020-01-01', /from/],
    ['summary?format=xml', /format/],
    ['history?group_by=colour', /group_by/],
  ])('%s is a mistake that is named', async (path, what) => {
    const { status, text } = await admin(path)
    expect(status).toBe(400)
    expect(text).toMatch(what)
  })
})

test('budgets outlive a restart of the gateway', async () => {
  const { record, plaintext } = await keyWith({ tokens: { month: 1 } })
  await clients(plaintext).openai.chat.completions.create({ model: 'gpt-5.5', messages: say })
  const { startGateway } = await import('../../packages/gateway/src/main.js')
  const { configSchema } = await import('../../packages/gateway/src/config/index.js')
  // What is not written yet is written within two seconds; asking for statistics writes it now.
  await told('summary')
  const nothing = () => undefined
  const second = await startGateway({
    home: house.gateway.store.home,
    config: () => configSchema.parse({ server: { port: 0, host: '127.0.0.1' } }),
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    version: '0.0.0-test',
  })
  const openai = new OpenAI({ baseURL: `${second.url}/v1`, apiKey: plaintext, maxRetries: 0, logLevel: 'off' })
  const error = await thrown(openai.chat.completions.create({ model: 'demo', messages: say }))
  await second.close(0)
  expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' })
  expect(record.limits).toEqual({ tokens: { month: 1 } })
})
