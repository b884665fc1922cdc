import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasFixtures, openHouse, recordings, type House, type Recording } from '../house.js'

/** A stream of each kind, short enough to be cut at every event: text, reasoning with a call, interleaved calls. */
const own: Recording[] = [{ name: 'own', lines: ownStream() }]
const recorded = hasFixtures
  ? recordings('openai-responses', 'open-responses-responses')
      .filter(({ lines }) => lines.length < 60 && lines.some((line) => line.includes('"response.completed"')))
      .filter(({ name }) => /custom-tool|lmstudio-tool-call\.2|reasoning-encrypted.*#[24]/.test(name))
  : []

const WAYS = ['fin', 'rst', 'stall', 'inside-rst', 'inside-fin', 'unfinished'] as const
const model = 'gpt-5.5'
const max_tokens = 100
const messages = [{ role: 'user' as const, content: 'x' }]

/** `DRAGOMAN_FULL=1` cuts in every way at every event. */
const STEP = process.env['DRAGOMAN_FULL'] === '1' ? 1 : 3

/** What an SDK's user can do with a stream; each must fail when the stream was cut. */
const SURFACES: Record<string, (house: House) => Promise<unknown>> = {
  async 'chat, iterated'({ openai }) {
    for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) void chunk
  },
  'chat, helper': ({ openai }) => openai.chat.completions.stream({ model, messages }).finalChatCompletion(),
  'chat, whole': ({ openai }) => openai.chat.completions.create({ model, messages }),
  async 'responses, iterated'({ openai }) {
    let last = ''
    for await (const event of await openai.responses.create({ model, input: 'x', stream: true })) last = event.type
    // The SDK hands failures of this protocol on as events; a user sees them as the last one.
    if (last !== 'response.failed') return last
    throw new Error('response.failed')
  },
  async 'responses, helper'({ openai }) {
    const response = await openai.responses.stream({ model, input: 'x' }).finalResponse()
    if (response.status === 'failed') throw new Error('failed')
  },
  'responses, whole': ({ openai }) => openai.responses.create({ model, input: 'x' }),
  async 'messages, iterated'({ anthropic }) {
    for await (const event of await anthropic.messages.create({ model, max_tokens, messages, stream: true })) void event
  },
  'messages, helper': ({ anthropic }) => anthropic.messages.stream({ model, max_tokens, messages }).finalMessage(),
  'messages, whole': ({ anthropic }) => anthropic.messages.create({ model, max_tokens, messages }),
  async 'gemini, iterated'({ google }) {
    for await (const chunk of await google.models.generateContentStream({ model, contents: 'x' })) void chunk
  },
  'gemini, whole': ({ google }) => google.models.generateContent({ model, contents: 'x' }),
  async 'gemini, JSON array'(house) {
    const reply = await house.post(`/v1beta/models/${model}:streamGenerateContent`, {
      contents: [{ role: 'user', parts: [{ text: 'x' }] }],
    })
    const chunks = (await reply.json()) as { error?: unknown }[]
    if (!reply.ok || chunks.some(({ error }) => error !== undefined)) throw new Error('told')
  },
  async 'ollama, iterated'({ ollama }) {
    for await (const chunk of await ollama.chat({ model, messages, stream: true })) void chunk
  },
  'ollama, whole': ({ ollama }) => ollama.chat({ model, messages }),
}

describe('a cut stream never looks like a finished one', () => {
  let house: House
  beforeAll(async () => {
    house = await openHouse({
      config: {
        ollama: { enabled: true, port: 0 },
        upstream: { idle_timeout_seconds: 0.1, first_byte_timeout_seconds: 0.1, max_attempts: 1 },
      },
    })
  })
  afterAll(() => house.close())

  test.each([...own, ...recorded].flatMap((recording) => WAYS.map((how) => ({ ...recording, how }))))(
    '$name cut by $how at every event',
    async ({ lines, how }) => {
      const silent: string[] = []
      let judged = 0
      // The ways take turns: together they cut everywhere. In the long form each does.
      const first = WAYS.indexOf(how) % STEP
      for (let at = first; at < lines.length; at += STEP) {
        const rule = house.simulator.script({ scene: [{ type: 'replay', lines }], fault: { type: 'cut', at, how } })
        await Promise.all(
          Object.entries(SURFACES).map(async ([surface, use]) => {
            judged++
            await use(house).then(
              () => silent.push(`${surface} at ${at}`),
              () => undefined,
            )
          }),
        )
        rule.remove()
      }
      expect(silent).toEqual([])
      expect(judged).toBe(Math.ceil((lines.length - first) / STEP) * Object.keys(SURFACES).length)
    },
    120_000,
  )

  test.each(WAYS)('cut by %s a stream still tells its end in the form of its protocol', async (how) => {
    const lines = own[0]?.lines ?? []
    for (const at of [3, 5, 8, 11, 14]) {
      const rule = house.simulator.script({ scene: [{ type: 'replay', lines }], fault: { type: 'cut', at, how } })
      const chat = await house.post('/v1/chat/completions', { model, messages, stream: true })
      const responses = await house.post('/v1/responses', { model, input: 'x', stream: true })
      if (chat.status === 200) {
        const told = dataOf(await chat.text())
        expect(told.at(-1)).toBe('[DONE]')
        const error = JSON.parse(told.at(-2) ?? '') as Record<string, unknown>
        expect(Object.keys(error)).toEqual(['error'])
        told.slice(0, -1).forEach((line) => JSON.parse(line) as unknown)
      }
      if (responses.status === 200) {
        const told = dataOf(await responses.text()).map((line) => JSON.parse(line) as Record<string, unknown>)
        expect(told.at(-1)).toMatchObject({ type: 'response.failed', response: { status: 'failed' } })
        expect(told.map((event) => event['sequence_number'])).toEqual(told.map((_, number) => number))
      }
      expect([200, 502, 504]).toContain(chat.status)
      expect(responses.status).toBe(chat.status)
      rule.remove()
    }
  })

  test('and the same stream uncut is a good answer on every surface', async () => {
    const [recording] = own
    const rule = house.simulator.script({ scene: [{ type: 'replay', lines: recording?.lines ?? [] }] })
    for (const use of Object.values(SURFACES)) await use(house)
    rule.remove()
  })
})

function dataOf(stream: string): string[] {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6))
}

function ownStream(): string[] {
  const response = (status: string, output: object[] = []) => ({
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    model: 'm',
    status,
    output,
  })
  const message = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: 'one two', annotations: [] }],
  }
  const call = {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: 'f',
    arguments: '{"a":1}',
    status: 'completed',
  }
  const events: Record<string, unknown>[] = [
    { type: 'response.created', response: response('in_progress') },
    { type: 'response.in_progress', response: response('in_progress') },
    { type: 'response.output_item.added', output_index: 0, item: { ...message, status: 'in_progress', content: [] } },
    {
      type: 'response.content_part.added',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      part: { type: 'output_text', text: '', annotations: [] },
    },
    {
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: 'one',
      logprobs: [],
    },
    {
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: ' two',
      logprobs: [],
    },
    {
      type: 'response.output_text.done',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      text: 'one two',
      logprobs: [],
    },
    {
      type: 'response.content_part.done',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      part: message.content[0],
    },
    { type: 'response.output_item.done', output_index: 0, item: message },
    { type: 'response.output_item.added', output_index: 1, item: { ...call, status: 'in_progress', arguments: '' } },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 1, delta: '{"a"' },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1', output_index: 1, delta: ':1}' },
    { type: 'response.function_call_arguments.done', item_id: 'fc_1', output_index: 1, arguments: '{"a":1}' },
    { type: 'response.output_item.done', output_index: 1, item: call },
    {
      type: 'response.completed',
      response: {
        ...response('completed', [message, call]),
        usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
      },
    },
  ]
  return events.map((event, sequence_number) => JSON.stringify({ ...event, sequence_number }))
}
