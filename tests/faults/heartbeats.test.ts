import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DialectId } from '@dragoman/protocol'
import { openClients, type Clients } from '../conformance/matrix/clients.js'
import { openHouse, type House } from '../house.js'

const model = 'gpt-5.5'
const messages = [{ role: 'user' as const, content: 'x' }]

interface Protocol {
  name: string
  path: string
  body: object
  /** What a heartbeat looks like on the wire. */
  beat: string
  dialect: DialectId
}

const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'chat completions',
    dialect: 'openai-chat',
    path: '/v1/chat/completions',
    body: { model, messages, stream: true },
    beat: ': hb\n\n',
  },
  {
    name: 'responses',
    dialect: 'openai-responses',
    path: '/v1/responses',
    body: { model, input: 'x', stream: true },
    beat: ': hb\n\n',
  },
  {
    name: 'messages',
    dialect: 'anthropic-messages',
    path: '/v1/messages',
    body: { model, messages, max_tokens: 9, stream: true },
    beat: 'event: ping\n',
  },
  {
    name: 'gemini',
    dialect: 'gemini',
    path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    body: { contents: [{ role: 'user', parts: [{ text: 'x' }] }] },
    beat: ': hb\n\n',
  },
  {
    name: 'ollama',
    dialect: 'ollama',
    path: '/api/chat',
    body: { model, messages },
    beat: '"content":""},"done":false}\n',
  },
]

describe.each(PROTOCOLS)('heartbeats of $name', ({ name, dialect, path, body, beat }) => {
  let house: House
  beforeAll(async () => {
    house = await openHouse({
      config: { ollama: { enabled: true, port: 0 }, server: { heartbeat_seconds: 0.05 } },
    })
  })
  let clients: Clients
  beforeAll(async () => {
    clients = await openClients()
  })
  afterAll(async () => {
    await clients.close()
    await house.close()
  })
  let rule: { remove(): void } | undefined
  afterEach(() => {
    rule?.remove()
    house.simulator.shutGate('first')
    house.simulator.shutGate('later')
  })

  /** Silence before the first byte and in the midst of the answer, until the client has heard a heartbeat in each. */
  const slow = (): void => {
    rule = house.simulator.script({
      delivery: { headersAfter: 'first' },
      scene: [
        { type: 'text', text: 'one' },
        { type: 'gate', name: 'later' },
        { type: 'text', text: 'two' },
      ],
    })
  }

  test('come before the first word and between two, and the SDK hears only the words', async () => {
    slow()
    const base = name === 'ollama' ? (house.gateway.ollama.url ?? '') : house.url
    const reply = await fetch(base + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${house.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(reply.status).toBe(200)
    let told = ''
    let opened = 0
    for await (const piece of reply.body ?? []) {
      told += Buffer.from(piece).toString('utf8')
      if (opened === 0 && told.includes(beat)) {
        opened = 1
        house.simulator.openGate('first')
      } else if (opened === 1 && told.includes('one') && told.lastIndexOf(beat) > told.indexOf('one')) {
        opened = 2
        house.simulator.openGate('later')
      }
    }
    expect(opened).toBe(2)
    const contentType = reply.headers.get('content-type') ?? ''
    const heard = await clients.read(dialect, 'stream', { contentType, body: told })
    expect(heard).toMatchObject({ text: 'onetwo', calls: [], finish: 'stop' })
  })
})
