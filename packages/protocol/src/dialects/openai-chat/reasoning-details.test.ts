import { describe, expect, test } from 'vitest'
import type { ReplyMeta } from '../../dialect.js'
import type { PivotEvent, PivotItem, PivotResponse } from '../../pivot/index.js'
import { openaiResponses } from '../openai-responses/index.js'
import { openaiChat } from './index.js'

type Json = Record<string, unknown>

const about: ReplyMeta = { requestId: 'q', model: 'm', createdAt: 1, request: { model: 'm', input: [] } }
const codex = (id: string, ...summary: string[]): PivotItem => ({
  type: 'reasoning',
  id,
  summary: summary.map((text) => ({ type: 'summary_text', text })),
  encrypted_content: `secret-${id}`,
})
const said: PivotItem = {
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'let me look', annotations: [] }],
}
const call = (call_id: string, extra?: Json): PivotItem =>
  ({
    type: 'function_call',
    call_id,
    name: 'f',
    arguments: '{}',
    ...(extra === undefined ? {} : { extra }),
  }) as PivotItem

/** The assistant's message of a whole answer, and of a streamed one as clients put it together. */
function answers(output: readonly PivotItem[]): Json[] {
  const response: PivotResponse = { id: 'r', status: 'completed', output: [...output] }
  const events: PivotEvent[] = [
    ...output.map((item, output_index): PivotEvent => ({ type: 'response.output_item.done', output_index, item })),
    { type: 'response.completed', response },
  ]
  const message: Json = { role: 'assistant', content: '' }
  const details: unknown[] = []
  const calls: Json[] = []
  for (const line of openaiChat.serve.streamEncoder(about).push(events).split('\n\n')) {
    if (!line.startsWith('data: {')) continue
    const { delta } = (JSON.parse(line.slice(6)) as { choices: { delta: Json }[] }).choices[0] ?? { delta: {} }
    details.push(...((delta['reasoning_details'] as unknown[] | undefined) ?? []))
    if (typeof delta['content'] === 'string') message['content'] = String(message['content']) + delta['content']
    for (const { index, ...piece } of (delta['tool_calls'] as { index: number; id?: string }[] | undefined) ?? []) {
      if (piece.id !== undefined) calls[index] = { ...piece, function: { name: 'f', arguments: '{}' } }
    }
  }
  const whole = openaiChat.serve.encodeResponse(response, about) as { choices: { message: Json }[] }
  return [
    whole.choices[0]?.message ?? {},
    {
      ...message,
      ...(details.length > 0 ? { reasoning_details: details } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ]
}

function decoded(message: Json): PivotItem[] {
  const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }, message] }
  return openaiChat.serve.decodeRequest(body, { headers: {} }).value.input.slice(1)
}

describe('reasoning that a chat client gives back is what it was', () => {
  const plainSaid = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'let me look' }] }
  test.each<[string, PivotItem[], unknown[]]>([
    ['one thought of Codex', [codex('rs_1', 'a', 'b'), said], [codex('rs_1', 'a', 'b'), plainSaid]],
    [
      'thoughts between text and calls',
      [codex('rs_1'), said, codex('rs_2'), call('a'), codex('rs_3'), call('b'), codex('rs_4')],
      [codex('rs_1'), plainSaid, codex('rs_2'), call('a'), codex('rs_3'), call('b'), codex('rs_4')],
    ],
    [
      'thoughts before calls alone',
      [codex('rs_1'), codex('rs_2'), call('a')],
      [codex('rs_1'), codex('rs_2'), call('a')],
    ],
    [
      "Anthropic's signature",
      [
        {
          type: 'reasoning',
          id: 'x',
          summary: [{ type: 'summary_text', text: 'hm' }],
          extra: { 'anthropic-messages': { signature: 's' } },
        },
        said,
      ],
      [
        {
          type: 'reasoning',
          id: 'x',
          summary: [{ type: 'summary_text', text: 'hm' }],
          extra: { 'anthropic-messages': { signature: 's' } },
        },
        plainSaid,
      ],
    ],
    [
      "Gemini's signature of a call",
      [call('a', { gemini: { thoughtSignature: 's' } })],
      [
        call('a', {
          'openai-chat': { extra_content: { google: { thought_signature: 's' } } },
          gemini: { thoughtSignature: 's' },
        }),
      ],
    ],
  ])('%s', (_, output, expected) => {
    for (const message of answers(output)) {
      // The words of a summary come back besides, for chat upstreams.
      const { reasoning_content: __, ...without } = message
      expect(decoded(without)).toEqual(expected)
    }
  })

  test('entries are those of OpenRouter, numbered', () => {
    for (const message of answers([codex('rs_1', 'a'), codex('rs_2'), said])) {
      expect(message['reasoning_details']).toMatchObject([
        { type: 'reasoning.encrypted', id: 'rs_1', format: 'openai-responses-v1', index: 0 },
        { type: 'reasoning.encrypted', id: 'rs_2', format: 'openai-responses-v1', index: 1 },
      ])
    }
  })

  test('what a chat upstream told goes back as it came', () => {
    const details = [{ type: 'reasoning.text', text: 'hm', signature: 'sig', index: 0 }]
    const thought: PivotItem = {
      type: 'reasoning',
      summary: [],
      content: [{ type: 'reasoning_text', text: 'hm' }],
      extra: { 'openai-chat': { reasoning_details: details } },
    }
    for (const message of answers([thought, said])) {
      expect(message['reasoning_details']).toEqual(details)
      const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }, message] }
      const { value } = openaiChat.serve.decodeRequest(request, { headers: {} })
      const sent = openaiChat.call.encodeRequest(value, { model: 'm', rules: 'compatible' }).value
      expect(sent['messages']).toMatchObject([{ role: 'user' }, { role: 'assistant', reasoning_details: details }])
    }
  })

  test('who asked not to be shown it gets none of it', () => {
    const hidden = { ...about, request: { ...about.request, extra: { 'openai-chat-reply': { hideReasoning: true } } } }
    const response: PivotResponse = { id: 'r', status: 'completed', output: [codex('rs_1', 'a'), said] }
    expect(JSON.stringify(openaiChat.serve.encodeResponse(response, hidden))).not.toContain('reasoning')
  })

  test('another provider never sees it; Codex sees its own', () => {
    const [message = {}] = answers([codex('rs_1', 'a'), said])
    const { value } = openaiChat.serve.decodeRequest(
      { model: 'm', messages: [{ role: 'user', content: 'hi' }, message] },
      { headers: {} },
    )
    const chat = openaiChat.call.encodeRequest(value, { model: 'm', rules: 'compatible' }).value
    expect(JSON.stringify(chat)).not.toMatch(/secret|dgm1/)
    const own = openaiResponses.call.encodeRequest(value, { model: 'm', rules: 'codex' }).value
    expect((own['input'] as unknown[])[1]).toEqual(codex('rs_1', 'a'))
  })

  test.each<[string, unknown]>([
    ['no list', 'x'],
    ['entries that are none', [null, 7, 'x', {}]],
    ['data of nobody', [{ type: 'reasoning.encrypted', data: 'AAAA' }]],
    ['data that only looks like ours', [{ type: 'reasoning.encrypted', data: 'dgm1.openai-responses.e30=' }]],
    ['lies about its place', [{ data: openaiData({ calls: 99, text: true, summary: 'x', content: [1], id: 7 }) }]],
  ])('%s breaks nothing', (_, details) => {
    const items = decoded({ role: 'assistant', content: 'x', reasoning_details: details })
    expect(items.filter((item) => item.type === 'message')).toHaveLength(1)
  })
})

function openaiData(state: Json): string {
  return `dgm1.openai-responses.${btoa(JSON.stringify(state))}`
}
