import { describe, expect, test } from 'vitest'
import { Secret } from '../../telemetry/index.js'
import type { SimpleRequest, SimpleResponse } from '../../transport/index.js'
import { fetchKeyModels, type UsableKey } from './fetch-models.js'
import { createKeyModelLists } from './model-lists.js'
import { modelOf } from './listed-model.js'
import type { Wire } from './types.js'

const usable = (wire: Wire = 'chat'): UsableKey => ({
  key: { id: 'ak_1', provider: 'mine', wire, baseUrl: 'https://llm.example/v1' },
  apiKey: new Secret('sk-1'),
  headers: { 'x-team': 'blue' },
})
/** Answers in order, the last for ever. */
function asking(...replies: (unknown | Partial<SimpleResponse>)[]) {
  const asked: SimpleRequest[] = []
  const ask = (out: SimpleRequest): Promise<SimpleResponse> => {
    asked.push(out)
    const reply = replies[Math.min(asked.length, replies.length) - 1]
    const whole = typeof reply === 'object' && reply !== null && 'status' in reply
    return Promise.resolve({
      status: 200,
      headers: {},
      body: whole ? '' : typeof reply === 'string' ? reply : JSON.stringify(reply),
      ...(whole ? (reply as Partial<SimpleResponse>) : {}),
    })
  }
  return { ask, asked }
}
const ids = async (wire: Wire, ...replies: unknown[]) =>
  (await fetchKeyModels(usable(wire), asking(...replies).ask)).models.map(({ id }) => id)

describe('a model list', () => {
  test.each<[string, unknown]>([
    ["OpenAI's", { object: 'list', data: [{ id: 'a' }, { id: 'b' }] }],
    ['a bare array', [{ id: 'a' }, { id: 'b' }]],
    ['names alone', ['a', 'b']],
    ['under models', { models: [{ name: 'a' }, { model: 'b' }] }],
    [
      'with what is no model',
      {
        data: [
          { id: 'a' },
          null,
          7,
          {},
          { id: '' },
          { id: 'x\u0007' },
          { id: 'y'.repeat(201) },
          { id: 'b' },
          { id: 'a' },
        ],
      },
    ],
  ])('%s is read', async (_, body) => {
    expect(await ids('chat', body)).toEqual(['a', 'b'])
  })

  test('of Anthropic is read page by page', async () => {
    const { ask, asked } = asking(
      { data: [{ id: 'a', display_name: 'A' }], has_more: true, last_id: 'a' },
      { data: [{ id: 'b' }], has_more: false, last_id: 'b' },
    )
    expect((await fetchKeyModels(usable('anthropic'), ask)).models).toMatchObject([
      { id: 'a', displayName: 'A' },
      { id: 'b' },
    ])
    expect(asked.map(({ url }) => url)).toEqual([
      'https://llm.example/v1/models?limit=1000',
      'https://llm.example/v1/models?limit=1000&after_id=a',
    ])
    expect(asked[0]).toMatchObject({ owner: 'ak_1', headers: { 'x-api-key': 'sk-1', 'x-team': 'blue' } })
  })

  test('of Gemini is read page by page, with the key in a header', async () => {
    const page = (name: string, nextPageToken?: string) => ({
      models: [
        {
          name: `models/${name}`,
          inputTokenLimit: 1000,
          outputTokenLimit: 10,
          supportedGenerationMethods: ['generateContent'],
        },
      ],
      nextPageToken,
    })
    const { ask, asked } = asking(page('a', 't/1'), page('b'))
    expect((await fetchKeyModels(usable('gemini'), ask)).models).toEqual(
      ['a', 'b'].map((id) => ({ id, contextWindow: 1000, maxOutputTokens: 10, capabilities: ['chat'] })),
    )
    expect(asked[1]?.url).toBe('https://llm.example/v1/models?pageSize=1000&pageToken=t%2F1')
    expect(asked[1]?.headers).toMatchObject({ 'x-goog-api-key': 'sk-1' })
  })

  test('without end is ended', async () => {
    const endless = asking({ models: [{ name: 'a' }], nextPageToken: 'same' })
    expect((await fetchKeyModels(usable('gemini'), endless.ask)).models).toHaveLength(1)
    expect(endless.asked).toHaveLength(2)
    let n = 0
    const ask = (): Promise<SimpleResponse> =>
      Promise.resolve({
        status: 200,
        headers: {},
        body: JSON.stringify({ models: [{ name: `m${n++}` }], nextPageToken: String(n) }),
      })
    expect((await fetchKeyModels(usable('gemini'), ask)).models).toHaveLength(50)
    const many = Array.from({ length: 6_000 }, (_, at) => ({ id: `m${at}` }))
    expect(await ids('chat', { data: many })).toHaveLength(5_000)
  })

  test.each<[string, Partial<SimpleResponse> | string, RegExp]>([
    ['is not there', { status: 404, body: 'not found' }, /^mine has no model list at this base URL/],
    ['is refused', { status: 401, body: '{"error":{"message":"bad key"}}' }, /^mine refuses the key \(401\): bad key$/],
    [
      'cannot be told now',
      { status: 503, body: '{"error":"busy"}' },
      /^the model list of mine cannot be read \(503\): busy$/,
    ],
    ['is a redirect', { status: 302, body: '' }, /cannot be read \(302\)/],
    ['is a web page', '<html>hello</html>', /answered with something that is no model list/],
    ['is another document', '{"hello":1}', /answered with something that is no model list/],
  ])('that %s is told in one line', async (_, reply, why) => {
    await expect(fetchKeyModels(usable(), asking(reply).ask)).rejects.toThrow(why)
  })
})

describe('one model', () => {
  test.each<[unknown, object]>([
    [
      { id: 'gpt-x', object: 'model' },
      { id: 'gpt-x', capabilities: ['chat'] },
    ],
    [
      {
        id: 'a/b',
        name: 'A: B',
        context_length: 8000,
        top_provider: { max_completion_tokens: 400 },
        architecture: { output_modalities: ['image', 'text'] },
      },
      { id: 'a/b', displayName: 'A: B', contextWindow: 8000, maxOutputTokens: 400, capabilities: ['chat'] },
    ],
    [
      { id: 'm', max_model_len: 4096 },
      { id: 'm', contextWindow: 4096, capabilities: ['chat'] },
    ],
    [
      { id: 'm', context_length: '8000', max_tokens: -1 },
      { id: 'm', capabilities: ['chat'] },
    ],
    [
      { name: 'models/e', supportedGenerationMethods: ['embedContent'] },
      { id: 'e', capabilities: ['embeddings'] },
    ],
    [
      { name: 'models/v', supportedGenerationMethods: ['predict'] },
      { id: 'v', capabilities: [] },
    ],
    [
      { id: 'x', type: 'image' },
      { id: 'x', capabilities: ['images'] },
    ],
    ['text-embedding-3-small', { id: 'text-embedding-3-small', capabilities: ['embeddings'] }],
    ['whisper-1', { id: 'whisper-1', capabilities: ['transcription'] }],
    ['gpt-4o-transcribe', { id: 'gpt-4o-transcribe', capabilities: ['transcription'] }],
    ['gpt-image-1', { id: 'gpt-image-1', capabilities: ['images'] }],
    ['tts-1', { id: 'tts-1', capabilities: [] }],
    ['gpt-4o-audio-preview', { id: 'gpt-4o-audio-preview', capabilities: [] }],
  ])('%j', (entry, expected) => {
    expect(modelOf(entry)).toEqual(expected)
  })
})

test('a list is kept with its age, and stays when it cannot be read anew', async () => {
  const kept = new Map<string, { models: readonly unknown[]; fetchedAt: number }>()
  let now = 1_000
  const { ask } = asking(['a'], { status: 500, body: '' })
  const lists = createKeyModelLists({
    rows: {
      get: (source) => Promise.resolve(kept.get(source)),
      put: (source, { models }) => Promise.resolve(void kept.set(source, { models, fetchedAt: now })),
    },
    ask,
    now: () => now,
  })
  expect(await lists.read('ak_1')).toBeUndefined()
  expect(await lists.refresh(usable())).toMatchObject({ models: [{ id: 'a' }], fetchedAt: 1_000, old: false })
  await expect(lists.refresh(usable())).rejects.toThrow(/cannot be read/)
  now += 7 * 24 * 3_600_000
  expect(await lists.read('ak_1')).toMatchObject({ models: [{ id: 'a' }], old: false })
  now += 1
  expect(await lists.read('ak_1')).toMatchObject({ old: true })
  expect([...kept.keys()]).toEqual(['key:ak_1'])
})
