import OpenAI, { toFile } from 'openai'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { afterAll, describe, expect, test } from 'vitest'
import { ask } from '../ask.js'
import type { Scene } from '../scene/index.js'
import { startSimulator } from '../simulator.js'

const simulator = await startSimulator()
afterAll(() => simulator.close())
const openai = new OpenAI({
  baseURL: simulator.vendors.openai.baseUrl,
  apiKey: simulator.addVendorKey({ vendor: 'openai' }).key,
  maxRetries: 0,
})
const anthropic = new Anthropic({
  baseURL: simulator.vendors.anthropic.baseUrl.replace(/\/v1$/, ''),
  apiKey: simulator.addVendorKey({ vendor: 'anthropic' }).key,
  maxRetries: 0,
})
const google = new GoogleGenAI({
  apiKey: simulator.addVendorKey({ vendor: 'gemini' }).key,
  httpOptions: { baseUrl: simulator.vendors.gemini.baseUrl.replace(/\/v1beta$/, '') },
})

async function listed<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of pages) all.push(one)
  return all
}

describe('lists of models', () => {
  test('are walked page by page', async () => {
    const ids = Array.from({ length: 7 }, (_, n) => `claude-test-${n}`)
    simulator.vendors.anthropic.setModels(ids, { pageSize: 3 })
    expect((await listed(anthropic.models.list())).map(({ id }) => id)).toEqual(ids)
    const asked = simulator.requests.filter(({ path }) => path.endsWith('/models'))
    expect(asked.map(({ query }) => query.get('after_id'))).toEqual([null, 'claude-test-2', 'claude-test-5'])
    expect((await anthropic.models.retrieve('claude-test-4')).display_name).toBe('claude-test-4')

    const names = Array.from({ length: 5 }, (_, n) => `gemini-test-${n}`)
    simulator.vendors.gemini.setModels(names, { pageSize: 2 })
    const models = await listed(await google.models.list())
    expect(models.map(({ name }) => name)).toEqual(names.map((name) => `models/${name}`))
    expect(models[0]).toMatchObject({ inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 })
  })

  test('have the shape of their vendor', async () => {
    expect((await openai.models.list()).data).toContainEqual(expect.objectContaining({ id: 'gpt-4o', object: 'model' }))
    expect((await openai.models.retrieve('gpt-5')).owned_by).toBe('system')
    await expect(openai.models.retrieve('gpt-0')).rejects.toMatchObject({ status: 404 })
    const { key } = simulator.addVendorKey({ vendor: 'openrouter' })
    const headers = { authorization: `Bearer ${key}` }
    const { data } = JSON.parse((await ask(`${simulator.vendors.openrouter.baseUrl}/models`, { headers })).text) as {
      data: object[]
    }
    expect(data[0]).toMatchObject({
      context_length: 1_000_000,
      pricing: { prompt: '0.000003' },
      supported_parameters: expect.any(Array) as unknown[],
    })
    simulator.vendors.compatible.setModels(['a', 'b'], { bare: true })
    const bare = JSON.parse((await ask(`${simulator.vendors.compatible.baseUrl}/models`)).text) as unknown
    expect(bare).toMatchObject([{ id: 'a' }, { id: 'b' }])
  })

  test('that were set are all there is', async () => {
    const unknown = { model: 'c', messages: [{ role: 'user', content: 'Hello' }] }
    const url = `${simulator.vendors.compatible.baseUrl}/chat/completions`
    const reply = await ask(url, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(unknown) })
    expect(reply.status).toBe(404)
  })
})

describe('what is no conversation', () => {
  test('embeddings, as numbers and in base64', async () => {
    const asked = { model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 8 }
    const floats = await openai.embeddings.create({ ...asked, encoding_format: 'float' })
    const packed = await openai.embeddings.create(asked)
    expect(packed.data.map(({ embedding }) => embedding)).toEqual(floats.data.map(({ embedding }) => embedding))
    expect(floats.data.map(({ embedding }) => embedding.length)).toEqual([8, 8])
    expect(floats.data[0]?.embedding).not.toEqual(floats.data[1]?.embedding)
    const vector = await google.models.embedContent({ model: 'gemini-test-0', contents: 'one' })
    expect(vector.embeddings?.[0]?.values).toHaveLength(16)
  })

  test('transcriptions, whole and streamed', async () => {
    const file = await toFile(Buffer.from([0, 255, 254, 1]), 'note.wav')
    const whole = await openai.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file })
    expect(whole.text).toBe('This is what note.wav says in 4 bytes.')
    expect(simulator.requests.at(-1)).toMatchObject({ vendor: 'openai', model: 'gpt-4o-transcribe' })
    const events = await listed(
      await openai.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file, stream: true }),
    )
    const deltas = events.flatMap((event) => (event.type === 'transcript.text.delta' ? [event.delta] : []))
    expect([deltas.join(''), events.at(-1)]).toEqual([
      whole.text,
      expect.objectContaining({ type: 'transcript.text.done', text: whole.text }),
    ])
    const srt = await openai.audio.transcriptions.create({ model: 'whisper-1', file, response_format: 'srt' })
    expect(srt).toContain('00:00:01,500')
  })

  test('pictures', async () => {
    const pictures = await openai.images.generate({ model: 'gpt-image-1', prompt: 'A cat', n: 2 })
    expect(pictures.data?.map(({ b64_json }) => b64_json?.startsWith('iVBOR'))).toEqual([true, true])
    await expect(
      openai.images.generate({ model: 'gpt-image-1', prompt: 'A cat', response_format: 'b64_json' }),
    ).rejects.toMatchObject({ status: 400 })
  })

  test('counts, the same that an answer then tells', async () => {
    simulator.vendors.anthropic.setModels(['claude-haiku-4-5'])
    const asked = {
      model: 'claude-haiku-4-5',
      messages: [{ role: 'user' as const, content: 'How many tokens is this?' }],
    }
    const { input_tokens: counted } = await anthropic.messages.countTokens(asked)
    const stream = await listed(await anthropic.messages.create({ ...asked, max_tokens: 50, stream: true }))
    const told = stream.flatMap((event) =>
      event.type === 'message_start'
        ? [event.message.usage.input_tokens]
        : event.type === 'message_delta'
          ? [event.usage.input_tokens]
          : [],
    )
    expect([counted > 0, told]).toEqual([true, [counted, counted]])
    const { totalTokens } = await google.models.countTokens({ model: 'gemini-test-0', contents: 'Hello' })
    expect(totalTokens).toBeGreaterThan(0)
    expect((await openai.responses.inputTokens.count({ model: 'gpt-5', input: 'Hello' })).input_tokens).toBeGreaterThan(
      0,
    )
  })
})

describe('manners of chat', () => {
  const scene: Scene = [
    { type: 'reasoning', summary: 'Hmm.', sealed: true },
    { type: 'text', text: 'Well then', chunkSize: 4 },
    { type: 'usage', inputTokens: 10, outputTokens: 5 },
  ]
  interface Chunk {
    choices: { delta: Record<string, unknown>; finish_reason: string | null }[]
    usage?: Record<string, unknown> | null
  }
  async function told(vendor: 'openai' | 'openrouter' | 'compatible', body: object, delivery: object = {}) {
    const { key } = simulator.addVendorKey({ vendor })
    simulator.vendors.compatible.setModels(['deepseek-chat', 'openai/gpt-oss-20b', 'magistral-small', 'grok-4'])
    const rule = simulator.script({ at: 'vendor-chat', scene, delivery })
    const asked = { messages: [{ role: 'user', content: 'Hello' }], stream: true, ...body }
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const { text } = await ask(`${simulator.vendors[vendor].baseUrl}/chat/completions`, {
      headers,
      body: JSON.stringify(asked),
    })
    rule.remove()
    const frames = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data ?? '')
    const chunks = frames.filter((frame) => frame.startsWith('{')).map((frame) => JSON.parse(frame) as Chunk)
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
    const usages = chunks
      .map(({ usage, choices }) =>
        usage == null ? '' : choices[0]?.finish_reason != null ? 'finish' : choices.length === 0 ? 'own' : 'other',
      )
      .filter((one) => one !== '')
    return { text, done: frames.at(-1) === '[DONE]', deltas, usages, chunks }
  }
  const has = (deltas: readonly Record<string, unknown>[], field: string) =>
    deltas.some((delta) => delta[field] != null)

  test('usage stands where each maker puts it', async () => {
    const usage = { stream_options: { include_usage: true } }
    expect((await told('openai', { model: 'gpt-4o' })).usages).toEqual([])
    expect((await told('openai', { model: 'gpt-4o', ...usage })).usages).toEqual(['own'])
    expect((await told('compatible', { model: 'deepseek-chat' })).usages).toEqual(['finish'])
    expect((await told('compatible', { model: 'grok-4' })).usages).toEqual(['own'])
    const openrouter = await told('openrouter', { model: 'openai/gpt-4o' })
    expect([openrouter.usages, openrouter.chunks.at(-1)?.usage]).toEqual([
      ['own'],
      expect.objectContaining({ cost: 0.00003, total_tokens: 15 }),
    ])
  })

  test('usage and the last line are where a test wants them', async () => {
    const every = await told('openai', { model: 'gpt-4o' }, { usage: 'every-chunk' })
    expect(every.usages.length).toBe(every.chunks.length)
    expect(every.chunks.at(-1)?.usage).toMatchObject({ total_tokens: 15 })
    const absent = await told('compatible', { model: 'deepseek-chat' }, { usage: 'absent', doneLine: false })
    expect([absent.usages, absent.done, absent.text.includes('DONE')]).toEqual([[], false, false])
    expect((await told('compatible', { model: 'deepseek-chat' })).done).toBe(true)
  })

  test('thoughts are told under the name that each maker gives them', async () => {
    expect(has((await told('openai', { model: 'gpt-5' })).deltas, 'reasoning_content')).toBe(false)
    expect(has((await told('compatible', { model: 'deepseek-chat' })).deltas, 'reasoning_content')).toBe(true)
    const groq = { model: 'openai/gpt-oss-20b' }
    const parsed = (await told('compatible', groq)).deltas
    expect([has(parsed, 'reasoning'), has(parsed, 'reasoning_content')]).toEqual([true, false])
    expect(has((await told('compatible', { ...groq, reasoning_format: 'hidden' })).deltas, 'reasoning')).toBe(false)
    const raw = (await told('compatible', { ...groq, reasoning_format: 'raw' })).deltas
    expect(raw.map(({ content }) => content ?? '').join('')).toBe('<think>\nHmm.\n</think>\n\nWell then')
    const parts = (await told('compatible', { model: 'magistral-small' })).deltas
    expect(parts).toContainEqual(
      expect.objectContaining({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] }] }),
    )
    const details = (await told('openrouter', { model: 'anthropic/claude-sonnet-4.5' })).deltas
    expect([has(details, 'reasoning'), has(details, 'reasoning_details')]).toEqual([true, true])
  })
})
