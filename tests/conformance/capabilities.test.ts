import { afterAll, beforeAll, describe, expect } from 'vitest'
import { toFile } from 'openai'
import { addKey, openHouse, type House } from '../house.js'
import { scriptEachTest, thrown } from '../scripting.js'
import { surface } from './surface.js'

let house: House
const script = scriptEachTest(() => house)
beforeAll(async () => {
  house = await openHouse({ config: { ollama: { enabled: true, port: 0 } } })
  const wish = { vendor: 'openai' as const }
  await addKey(house, { ...wish, models: ['text-embedding-3-small'], capabilities: ['embeddings'], label: 'one' })
  await addKey(house, { ...wish, models: ['text-embedding-3-small'], capabilities: ['embeddings'], label: 'two' })
  await addKey(house, { ...wish, models: ['gpt-4o-transcribe'], capabilities: ['transcription'] })
  await addKey(house, { ...wish, models: ['gpt-image-1'], capabilities: ['images'] })
})
afterAll(() => house.close())

const row = (call: string) => ({ sdk: 'openai', call, level: 'exact' as const })

describe('what API keys do besides conversing', () => {
  surface(row('embeddings.create'), async () => {
    const made = await house.openai.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] })
    expect(made.data.map(({ embedding }) => embedding.length > 0)).toEqual([true, true])
    expect(made.usage.prompt_tokens).toBeGreaterThan(0)
    expect(house.gateway.records.list(1)[0]).toMatchObject({
      route: 'openai:text-embedding-3-small',
      dialect: 'openai-embeddings',
      usage: { inputTokens: made.usage.prompt_tokens },
    })
  })

  surface(
    row('embeddings.create'),
    async () => {
      script({ at: 'vendor-embeddings', times: 1, fault: { type: 'status', name: 'rate_limited', retryAfter: 60 } })
      const made = await house.openai.embeddings.create({ model: 'openai:text-embedding-3-small', input: 'a' })
      expect(made.data).toHaveLength(1)
    },
    'by the other key when the first is asked too often',
  )

  surface(
    row('embeddings.create'),
    async () => {
      const error = await thrown(house.openai.embeddings.create({ model: 'gpt-5.5', input: 'a' }))
      expect([error.status, error.code]).toEqual([404, 'model_not_found'])
    },
    'told who could, when nobody can',
  )

  surface({ sdk: 'ollama', call: 'embed, embeddings', level: 'exact' }, async () => {
    const { embeddings } = await house.ollama.embed({ model: 'text-embedding-3-small', input: ['a', 'b'] })
    expect(embeddings.map((vector) => vector.length > 0)).toEqual([true, true])
    const { embedding } = await house.ollama.embeddings({ model: 'text-embedding-3-small', prompt: 'a' })
    expect(embedding.length).toBeGreaterThan(0)
  })

  const voice = () => toFile(Buffer.from('RIFF0000WAVEfmt '), 'voice.wav', { type: 'audio/wav' })

  surface(row('audio.transcriptions.create'), async () => {
    const told = await house.openai.audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: await voice() })
    expect(told.text).not.toBe('')
    const sent = house.simulator.requests.findLast(({ vendor }) => vendor === 'openai')
    expect(sent?.headers['content-type']).toContain('multipart/form-data')
  })

  surface(row('audio.transcriptions.create({ stream: true })'), async () => {
    const stream = await house.openai.audio.transcriptions.create({
      model: 'gpt-4o-transcribe',
      file: await voice(),
      stream: true,
    })
    const types: string[] = []
    for await (const event of stream) types.push(event.type)
    expect(types.at(0)).toBe('transcript.text.delta')
    expect(types.at(-1)).toBe('transcript.text.done')
  })

  surface(
    row('images.generate'),
    async () => {
      const made = await house.openai.images.generate({ model: 'gpt-image-1', prompt: 'a red square' })
      expect(made.data?.[0]?.b64_json).toBeTruthy()
      expect(house.gateway.records.list(1)[0]?.route).toBe('openai:gpt-image-1')
    },
    'by a key that lists the image model',
  )
})
