import type { DialectId } from '@dragoman/protocol'
import { FailureError, isTerminal, responseReducer } from '@dragoman/protocol'
import type { Vendor } from '@dragoman/simulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey, hasFixtures, openHouse, type House } from '../../house.js'
import { readersAt } from './clients.js'
import { DIALECTS_READ, eventsOf } from './events-of.js'
import { neutralOf, type Neutral } from './neutral.js'
import { recordedReplies, type RecordedReply } from './recorded-upstreams.js'
import { differenceOf } from './unequal.js'

/** Which vendor of the simulator sends recordings of a dialect, over which wire. */
const UPSTREAMS: Readonly<Partial<Record<DialectId, { vendor: Vendor; wire: string }>>> = {
  'openai-chat': { vendor: 'compatible', wire: 'chat' },
  'openai-responses': { vendor: 'openai', wire: 'responses' },
  'anthropic-messages': { vendor: 'anthropic', wire: 'anthropic' },
  gemini: { vendor: 'gemini', wire: 'gemini' },
}

const good = recordedReplies().filter((reply) => {
  try {
    const end = eventsOf(reply).find(isTerminal)
    return end?.type === 'response.completed' || end?.type === 'response.incomplete'
  } catch (error) {
    if (error instanceof FailureError) return false
    throw error
  }
})
const streams = good.filter(({ form }) => form === 'stream')
const wholes = good.filter(({ form }) => form === 'whole')
const textOf = ({ bytes }: RecordedReply): string => new TextDecoder().decode(bytes)

/** How a client of each dialect asks with plain HTTP for a model of the upstream that speaks the same. */
const ASKED: Readonly<Partial<Record<DialectId, (stream: boolean) => [path: string, body: object]>>> = {
  'openai-chat': (stream) => [
    '/v1/chat/completions',
    {
      model: 'openai-chat-model',
      messages: [{ role: 'user', content: 'x' }],
      ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    },
  ],
  'anthropic-messages': (stream) => [
    '/v1/messages',
    {
      model: 'anthropic-messages-model',
      max_tokens: 9,
      messages: [{ role: 'user', content: 'x' }],
      ...(stream ? { stream } : {}),
    },
  ],
  'openai-responses': (stream) => ['/v1/responses', { model: 'openai-responses-model', input: 'x', stream }],
  gemini: (stream) => [
    `/v1beta/models/gemini-model:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    { contents: [{ role: 'user', parts: [{ text: 'x' }] }] },
  ],
}

describe.skipIf(!hasFixtures)('through the gateway, from every upstream to every client', () => {
  let house: House
  beforeAll(async () => {
    house = await openHouse({ config: { ollama: { enabled: true, port: 0 } } })
    for (const [dialect, { vendor, wire }] of Object.entries(UPSTREAMS)) {
      await addKey(house, { vendor, wire, provider: `${vendor}-${wire}`, models: [`${dialect}-model`] })
    }
  })
  afterAll(() => house.close())

  const clients = (model: string) =>
    readersAt({
      openai: `${house.url}/v1`,
      anthropic: house.url,
      google: house.url,
      ollama: house.ollamaUrl,
      key: house.key,
      model,
      thoughts: true,
    })

  test('there are recordings of every dialect', () => {
    expect(new Set(good.map(({ dialect }) => dialect))).toEqual(new Set(Object.keys(UPSTREAMS)))
    expect([streams.length > 40, wholes.length > 30]).toEqual([true, true])
  })

  test.each(streams)('$name', async (reply) => {
    const { dialect: upstream, name } = reply
    const rule = house.simulator.script({ at: 'vendors', recording: { sse: textOf(reply) }, unchecked: true })
    try {
      const reducer = responseReducer()
      reducer.push(eventsOf(reply))
      const truth = neutralOf(reducer.response())
      const read = clients(`${upstream}-model`)
      const unequal: string[] = []
      for (const { id } of DIALECTS_READ) {
        // A client of the same dialect hears the upstream's own words, which the next test holds against the recording.
        if (id === upstream) continue
        const told: [string, Neutral][] = [
          ['streamed', await read[id].stream()],
          ['whole', await read[id].whole()],
        ]
        for (const [form, heard] of told) {
          for (const field of Object.keys(truth) as (keyof Neutral)[]) {
            // What the upstream did not tell is counted here for those who must be told something.
            if (field === 'usage' && truth.usage === undefined) continue
            const difference = differenceOf(field, truth, heard, { client: id, upstream, name })
            if (difference !== undefined) unequal.push(`${id}, ${form}: ${difference}`)
          }
        }
      }
      expect(unequal).toEqual([])
    } finally {
      rule.remove()
    }
  })

  test.each(streams.filter(({ dialect }) => dialect !== 'openai-responses'))(
    '$name reaches a client of its own dialect byte for byte',
    async (reply) => {
      const rule = house.simulator.script({ at: 'vendors', recording: { sse: textOf(reply) }, unchecked: true })
      try {
        const [path, body] = ASKED[reply.dialect]?.(true) ?? ['', {}]
        const answer = await house.post(path, body)
        expect([answer.status, answer.headers.get('x-dragoman-translation')]).toEqual([200, 'exact'])
        expect(await answer.text()).toBe(textOf(reply))
      } finally {
        rule.remove()
      }
    },
  )

  test.each(wholes)('$name reaches a client of its own dialect as the document that it is', async (reply) => {
    const rule = house.simulator.script({ at: 'vendors', recording: { whole: textOf(reply) }, unchecked: true })
    try {
      const [path, body] = ASKED[reply.dialect]?.(false) ?? ['', {}]
      const answer = await house.post(path, body)
      expect([answer.status, answer.headers.get('x-dragoman-translation')]).toEqual([200, 'exact'])
      expect(await answer.text()).toBe(textOf(reply))
    } finally {
      rule.remove()
    }
  })
})
