import { isTerminal, responseReducer, type ReplyMeta } from '@dragoman/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasFixtures } from '../../house.js'
import { openClients, type Clients, type Written } from './clients.js'
import { DIALECTS_READ, eventsOf } from './events-of.js'
import { neutralOf, type Neutral } from './neutral.js'
import { recordedReplies } from './recorded-upstreams.js'
import { differenceOf } from './unequal.js'

const about: ReplyMeta = {
  requestId: 'req_1',
  model: 'm',
  createdAt: 1_800_000_000,
  request: {
    model: 'm',
    input: [],
    stream: true,
    extra: { 'openai-chat': { stream_options: { include_usage: true } } },
  },
}

const all = recordedReplies().map((reply) => ({ ...reply, events: eventsOf(reply) }))
const good = all.filter(({ events }) => {
  const end = events.find(isTerminal)
  return end?.type === 'response.completed' || end?.type === 'response.incomplete'
})

describe.skipIf(!hasFixtures)('whatever an upstream says, every client hears the same', () => {
  let clients: Clients
  beforeAll(async () => {
    clients = await openClients()
  })
  afterAll(() => clients.close())

  test('all recordings are judged', () => {
    const left = all.filter((reply) => !good.includes(reply)).map(({ name }) => name)
    // Answers of upstreams that end in an error, or have no end.
    expect(left).toEqual([
      'openai-chat/reasoning-model-legacy-parameter-error.json',
      'openai-responses/openai-error.1.chunks.txt',
      'openai-responses/openai-error.1.json',
    ])
    expect(good.length).toBeGreaterThan(90)
  })

  test.each(good)('$name', async ({ events, dialect: upstream, name }) => {
    const reducer = responseReducer()
    reducer.push(events)
    const response = reducer.response()
    const truth = neutralOf(response)
    const unequal: string[] = []
    for (const { id, serve } of DIALECTS_READ) {
      const encoder = serve.streamEncoder(about)
      const streamed: Written = {
        contentType: encoder.contentType ?? 'text/event-stream',
        body: encoder.push(events),
      }
      const whole: Written = {
        contentType: 'application/json',
        body: JSON.stringify(serve.encodeResponse(response, about)),
      }
      const told: [string, Neutral][] = [
        ['streamed', await clients.read(id, 'stream', streamed)],
        ['whole', await clients.read(id, 'whole', whole)],
      ]
      for (const [form, heard] of told) {
        for (const field of Object.keys(truth) as (keyof Neutral)[]) {
          const difference = differenceOf(field, truth, heard, { client: id, upstream, name })
          if (difference !== undefined) unequal.push(`${id}, ${form}: ${difference}`)
        }
      }
    }
    expect(unequal).toEqual([])
  })
})
