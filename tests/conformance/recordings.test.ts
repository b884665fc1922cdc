import { openaiResponses, responseReducer, type PivotItem, type PivotResponse } from '@dragoman/protocol'
import type { ChatCompletion } from 'openai/resources/chat/completions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasFixtures, openHouse, recordings, type House } from '../house.js'

const all = recordings('openai-responses', 'xai-responses', 'open-responses-responses')
const model = 'gpt-5.5'

/** What the recording itself says, read straight from its events. */
function truth(lines: readonly string[]): PivotResponse {
  const decoder = openaiResponses.call.streamDecoder()
  const reducer = responseReducer()
  reducer.push(decoder.push(new TextEncoder().encode(lines.map((line) => `data: ${line}\n\n`).join(''))))
  return reducer.response()
}

const messages = (output: readonly PivotItem[]) =>
  output.flatMap((item) =>
    item.type === 'message' && Array.isArray(item['content']) ? (item['content'] as { text?: string }[]) : [],
  )
const textOf = (output: readonly PivotItem[]): string[] => messages(output).map(({ text }) => text ?? '')
const callsOf = (output: readonly PivotItem[]) =>
  output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ name: item['name'], told: item['arguments'] }]
      : item.type === 'custom_tool_call'
        ? [{ name: item['name'], told: item['input'] }]
        : [],
  )
const thoughtsOf = (output: readonly PivotItem[]): string[] =>
  output.flatMap((item) =>
    item.type === 'reasoning'
      ? [...((item['summary'] ?? []) as { text: string }[]), ...((item['content'] ?? []) as { text: string }[])].map(
          ({ text }) => text,
        )
      : [],
  )

describe.skipIf(!hasFixtures)('every recorded answer comes out right', () => {
  let house: House
  let rule: { remove(): void } | undefined
  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.close())
  const replay = (lines: readonly string[]): void => {
    rule?.remove()
    rule = house.simulator.script({ scene: [{ type: 'replay', lines }] })
  }
  const good = all.filter(({ lines }) => lines.some((line) => line.includes('"type":"response.completed"')))

  test('there are many', () => {
    expect(good.length).toBeGreaterThan(20)
    expect(all.length - good.length).toBe(1)
  })

  test.each(good)('$name as chat, streamed and whole', async ({ lines }) => {
    const expected = truth(lines)
    replay(lines)
    const body = { model, messages: [{ role: 'user' as const, content: 'x' }] }
    const whole = await house.openai.chat.completions.create(body)
    const streamed = await collectChat(house, body)
    for (const reply of [whole, streamed]) {
      const choice = reply.choices[0]
      const message = choice?.message as ChatCompletion.Choice['message'] & { reasoning_content?: string }
      const calls = callsOf(expected.output)
      expect((message.content ?? '').replaceAll('\n', '')).toBe(textOf(expected.output).join('').replaceAll('\n', ''))
      expect(
        (message.tool_calls ?? []).map((call) =>
          call.type === 'function'
            ? { name: call.function.name, told: call.function.arguments }
            : { name: call.custom.name, told: call.custom.input },
        ),
      ).toEqual(calls)
      const thoughts = thoughtsOf(expected.output).join('')
      expect((message.reasoning_content ?? '').replaceAll('\n', '')).toBe(thoughts.replaceAll('\n', ''))
      expect(choice?.finish_reason).toBe(calls.length > 0 ? 'tool_calls' : 'stop')
      expect(reply.usage).toMatchObject({
        prompt_tokens: expected.usage?.input_tokens,
        completion_tokens: expected.usage?.output_tokens,
      })
    }
  })

  test.each(good)('$name as responses, streamed byte for byte and whole', async ({ lines }) => {
    const expected = truth(lines)
    replay(lines)
    const streamed = await (await house.post('/v1/responses', { model, input: 'x', stream: true })).text()
    const events = streamed
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => line.slice(6))
    expect(events).toHaveLength(lines.length)
    events.forEach((event, at) => {
      if (!event.includes('"response":{')) expect(event).toBe(lines[at])
    })
    const whole = (await (await house.post('/v1/responses', { model, input: 'x' })).json()) as PivotResponse
    const end = JSON.parse(events.at(-1) ?? '{}') as { response: PivotResponse }
    for (const response of [whole, end.response]) {
      expect(textOf(response.output)).toEqual(textOf(expected.output))
      expect(callsOf(response.output)).toEqual(callsOf(expected.output))
      expect(thoughtsOf(response.output)).toEqual(thoughtsOf(expected.output))
      expect(response.output.map(({ type }) => type)).toEqual(expected.output.map(({ type }) => type))
      expect(response.usage).toMatchObject({
        input_tokens: expected.usage?.input_tokens,
        output_tokens: expected.usage?.output_tokens,
      })
      expect(response.status).toBe('completed')
    }
  })

  test.each(all.filter((recording) => !good.includes(recording)))(
    '$name is told as an error, on both',
    async ({ lines }) => {
      replay(lines)
      for (const [path, body] of [
        ['/v1/chat/completions', { model, messages: [{ role: 'user', content: 'x' }] }],
        ['/v1/responses', { model, input: 'x' }],
      ] as const) {
        for (const stream of [true, false]) {
          const reply = await house.post(path, { ...body, stream })
          expect(reply.status).toBeGreaterThanOrEqual(400)
          expect(await reply.json()).toMatchObject({ error: { message: expect.stringMatching(/./) } })
        }
      }
    },
  )
})

async function collectChat(
  house: House,
  body: { model: string; messages: { role: 'user'; content: string }[] },
): Promise<ChatCompletion> {
  const reply = await house.post('/v1/chat/completions', {
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  })
  const message: Record<string, unknown> = { role: 'assistant' }
  const calls: {
    id?: string
    type: string
    function?: { name: string; arguments: string }
    custom?: { name: string; input: string }
  }[] = []
  let finish_reason = ''
  let usage: unknown
  for (const line of (await reply.text()).split('\n')) {
    if (!line.startsWith('data: {')) continue
    const chunk = JSON.parse(line.slice(6)) as {
      choices: {
        delta: Record<string, unknown> & { tool_calls?: ((typeof calls)[number] & { index: number })[] }
        finish_reason: string | null
      }[]
      usage?: unknown
    }
    usage = chunk.usage ?? usage
    const choice = chunk.choices[0]
    if (choice === undefined) continue
    finish_reason = choice.finish_reason ?? finish_reason
    for (const field of ['content', 'reasoning_content', 'refusal']) {
      const piece = choice.delta[field]
      if (typeof piece === 'string') message[field] = String(message[field] ?? '') + piece
    }
    for (const { index, ...call } of choice.delta.tool_calls ?? []) {
      const known = calls[index]
      if (known === undefined) calls[index] = structuredClone(call)
      else if (known.function !== undefined) known.function.arguments += call.function?.arguments ?? ''
      else if (known.custom !== undefined) known.custom.input += call.custom?.input ?? ''
    }
  }
  return {
    choices: [{ message: { ...message, tool_calls: calls }, finish_reason }],
    usage,
  } as unknown as ChatCompletion
}
