import { ResponsesWS } from 'openai/resources/responses/ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addKey, openHouse, type House } from '../house.js'

let house: House
beforeAll(async () => {
  house = await openHouse({ config: { codex: { websocket: true, routing_discovery: true } } })
  await addKey(house, { vendor: 'anthropic', models: ['claude-large'] })
})
afterAll(() => house.close())

const tools = [{ type: 'function' as const, name: 'look', parameters: { type: 'object' }, strict: false }]

/** Some turns over one WebSocket of the official SDK, each continued by only what is new. */
async function converse(model: string, words: readonly string[]): Promise<string[]> {
  const ws = new ResponsesWS(house.openai)
  const heard: string[] = []
  let previous: string | undefined
  try {
    for (const word of words) {
      const done = new Promise<string>((resolve, reject) => {
        ws.on('event', (event) => {
          if (event.type === 'response.completed') resolve(event.response.id)
          else if (event.type === 'response.output_text.done') heard.push(event.text)
        })
        ws.on('error', reject)
      })
      ws.send({
        type: 'response.create',
        model,
        store: false,
        tools,
        input: [{ role: 'user', content: word }],
        ...(previous === undefined ? {} : { previous_response_id: previous }),
      } as never)
      previous = await done
    }
  } finally {
    ws.close()
  }
  return heard
}

test('a conversation that comes over a WebSocket goes on over one, and only what is new goes upstream', async () => {
  const heard = await converse('gpt-5.5', ['one', 'two', 'three'])
  expect(heard.length).toBeGreaterThanOrEqual(3)
  const frames = house.simulator.requests.filter(({ method }) => method === 'WS')
  expect(frames).toHaveLength(3)
  expect(new Set(frames.map(({ connectionId }) => connectionId)).size).toBe(1)
  const bodies = frames.map(({ body }) => body as { input: unknown[]; previous_response_id?: string })
  expect(bodies.map(({ input }) => input.length)).toEqual([1, 1, 1])
  expect(bodies.map(({ previous_response_id }) => previous_response_id !== undefined)).toEqual([false, true, true])
})

test('with another provider behind it the whole conversation goes upstream, over HTTP', async () => {
  await converse('claude-large', ['one', 'two'])
  const asked = house.simulator.requests.filter(({ vendor }) => vendor === 'anthropic')
  expect(asked.map(({ body }) => (body as { messages: unknown[] }).messages.length)).toEqual([1, 3])
})
