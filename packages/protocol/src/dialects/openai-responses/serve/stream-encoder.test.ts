import { describe, expect, test } from 'vitest'
import type { ReplyMeta } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import type { PivotEvent } from '../../../pivot/index.js'
import { streamDecoder } from '../call/stream-decoder.js'
import { failedCode } from './encode-error.js'
import { isWhole, wholeResponse } from './response-resource.js'
import { streamEncoder } from './stream-encoder.js'

const about: ReplyMeta = {
  requestId: 'req_1',
  model: 'gpt-5.5',
  createdAt: 1_700_000_000,
  request: { model: 'gpt-5.5', input: [], temperature: 0.5, metadata: { a: 'b' } },
}
type Json = Record<string, unknown>
const told = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as Json)
const types = (text: string) => told(text).map(({ type }) => type)
const relay = (text: string): PivotEvent[] => {
  const decoder = streamDecoder({ keepFrames: true })
  return [...decoder.push(new TextEncoder().encode(text)), ...decoder.end()]
}
const overloaded: Failure = {
  kind: 'overloaded',
  scope: 'provider',
  phase: 'committed',
  retry: 'never',
  message: 'sorry',
}
const whole = wholeResponse({ id: 'resp_9', output: [], status: 'in_progress' }, about)
const item = { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] }

describe('frames of a Responses upstream', () => {
  test('are relayed byte for byte, comments and odd spacing too', () => {
    const text = [
      ': hello\n\n',
      `event: response.created\r\ndata: ${JSON.stringify({ response: whole, type: 'response.created' })}\r\n\r\n`,
      'data: {"type": "response.output_text.delta", "delta": "\\u00e9"}\n\n',
      'id: 7\ndata: {"type":"brand.new"}\n\n',
      `data: ${JSON.stringify({ type: 'response.completed', response: { ...whole, status: 'completed', output: [item] } })}\n\n`,
      'data: [DONE]\n\n',
    ].join('')
    expect(streamEncoder(about).push(relay(text))).toBe(text)
  })

  test('a lean stream stays lean; only its end is filled', () => {
    const text = `data: ${JSON.stringify({ type: 'response.output_item.done', output_index: 0, item })}\n\ndata: {"type":"response.completed","response":{"id":"resp_9","end_turn":true}}\n\n`
    const out = streamEncoder(about).push(relay(text))
    expect(types(out)).toEqual(['response.output_item.done', 'response.completed'])
    const response = told(out)[1]?.['response'] as Json
    expect(response).toMatchObject({
      id: 'resp_9',
      end_turn: true,
      status: 'completed',
      output: [item],
      temperature: 0.5,
    })
    expect(isWhole(response as never)).toBe(true)
  })

  test('places may have gaps and ids may change: an empty end is filled with the finished items in order', () => {
    const done = (output_index: number, id: string) =>
      `data: ${JSON.stringify({ type: 'response.output_item.done', output_index, item: { ...item, id } })}\n\n`
    const out = streamEncoder(about).push(
      relay(`${done(5, 'b')}${done(2, 'a')}data: {"type":"response.completed","response":{"id":"r","output":[]}}\n\n`),
    )
    expect(told(out).at(-1)).toMatchObject({ response: { output: [{ id: 'a' }, { id: 'b' }] } })
  })

  test('the older name of the end becomes the one that clients know', () => {
    const response = { ...whole, status: 'completed', output: [item] }
    const out = streamEncoder(about).push(
      relay(`data: ${JSON.stringify({ type: 'response.done', sequence_number: 3, response })}\n\n`),
    )
    expect(told(out)).toEqual([
      {
        type: 'response.completed',
        sequence_number: 3,
        response: expect.objectContaining({ id: 'resp_9' }) as unknown,
      },
    ])
  })

  test.each([
    ['numbered', (n: number) => `"sequence_number":${n + 10},`, 13],
    ['not numbered', () => '', 3],
  ])('a failure goes on where events are %s', (_, number, next) => {
    const encoder = streamEncoder(about)
    encoder.push(relay(`data: {"type":"response.created",${number(0)}"response":{"id":"resp_9"}}\n\n: hb\n\n`))
    encoder.push(
      relay(
        `data: {"type":"response.output_item.done",${number(1)}"output_index":0,"item":${JSON.stringify(item)}}\n\n`,
      ),
    )
    encoder.push(relay(`data: {"type":"brand.new",${number(2)}"x":1}\n\n`))
    expect(told(encoder.fail(overloaded))).toEqual([
      {
        type: 'response.failed',
        sequence_number: next,
        response: expect.objectContaining({
          id: 'resp_9',
          status: 'failed',
          error: { code: 'server_is_overloaded', message: 'sorry' },
          output: [expect.objectContaining({ id: 'm' })],
        }) as unknown,
      },
    ])
  })

  test('a failure never runs into a frame that was cut', () => {
    const encoder = streamEncoder(about)
    const out = encoder.push(relay('data: {"type":"brand.new"}\n')) + encoder.fail(overloaded)
    expect(out.split('\n\n').filter((frame) => frame.trim() !== '')).toHaveLength(2)
  })
})

describe('events of another dialect', () => {
  const delta = (escaped: string): PivotEvent => ({
    type: 'response.output_text.delta',
    item_id: '',
    output_index: 0,
    content_index: 0,
    escaped,
  })
  const LADDER = [
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    'response.output_text.delta',
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]

  test('a delta alone gets everything around it', () => {
    const out = streamEncoder(about).push([
      delta('h\\u00e9'),
      { type: 'response.completed', response: { id: '', output: [] } },
    ])
    expect(types(out)).toEqual(LADDER)
    const events = told(out)
    expect(new Set(events.map((event) => event['item_id'] ?? (event['item'] as Json | undefined)?.['id']))).toEqual(
      new Set([undefined, 'msg_req_1_0']),
    )
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at))
    expect(events.at(-1)).toMatchObject({
      response: { id: 'resp_req_1', status: 'completed', output: [{ status: 'completed', content: [{ text: 'hé' }] }] },
    })
  })

  test('a finished item alone does too, and its text comes as a delta', () => {
    const out = streamEncoder(about).push([
      { type: 'response.output_item.done', output_index: 0, item: item as never },
      { type: 'response.completed', response: { id: 'r', output: [] } },
    ])
    expect(types(out)).toEqual(LADDER)
  })

  test('an item that only the end knows is told, once', () => {
    const end: PivotEvent = { type: 'response.completed', response: { id: 'r', output: [item as never] } }
    expect(types(streamEncoder(about).push([end]))).toEqual(LADDER)
    const out = streamEncoder(about).push([delta('h'), end])
    expect(types(out)).toEqual(LADDER)
    expect(told(out).at(-2)).toMatchObject({ item: { content: [{ text: 'hi' }] } })
  })

  test('nothing of an item is told after its end', () => {
    const encoder = streamEncoder(about)
    const end: PivotEvent = { type: 'response.output_item.done', output_index: 0, item: item as never }
    expect(types(encoder.push([delta('h'), end]))).toEqual(LADDER.slice(0, -1))
    expect(encoder.push([delta('i'), end, delta('!')])).toBe('')
  })

  test('deltas are spliced as they came', () => {
    const encoder = streamEncoder(about)
    encoder.push([delta('a')])
    expect(encoder.push([delta('\\ud83d'), delta('"'.replace('"', '\\"'))])).toBe(
      ['\\ud83d', '\\"']
        .map(
          (text, at) =>
            `event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":${at + 5},"item_id":"msg_req_1_0","output_index":0,"content_index":0,"delta":"${text}","logprobs":[]}\n\n`,
        )
        .join(''),
    )
  })

  test('a failure keeps the id of the response and ends what was begun', () => {
    const encoder = streamEncoder(about)
    const first = encoder.push([{ type: 'response.created', response: { id: 'r_up', output: [] } }, delta('a')])
    const last = encoder.fail(overloaded)
    expect(types(first + last).slice(-2)).toEqual(['response.output_item.done', 'response.failed'])
    expect(told(last).at(-1)).toMatchObject({
      response: { id: 'r_up', status: 'failed', output: [{ status: 'incomplete', content: [{ text: 'a' }] }] },
    })
    expect([encoder.fail(overloaded), encoder.heartbeat()]).toEqual(['', ''])
  })

  test('a failure before anything is begun tells the beginning first', () => {
    expect(types(streamEncoder(about).fail(overloaded))).toEqual([
      'response.created',
      'response.in_progress',
      'response.failed',
    ])
  })

  test('types that are names of every object are nothing special', () => {
    const out = streamEncoder(about).push([
      { type: 'response.output_item.done', output_index: 0, item: { type: 'constructor' } },
      { type: 'response.completed', response: { id: 'r', output: [] } },
    ])
    expect(told(out).at(-1)).toMatchObject({ response: { output: [{ id: 'item_req_1_0', type: 'constructor' }] } })
  })
})

describe('the code that tells Codex whether to try again', () => {
  test.each<[Partial<Failure>, string]>([
    [{ kind: 'context_too_long' }, 'context_length_exceeded'],
    [{ kind: 'quota_exhausted', code: 'usage_limit_reached' }, 'insufficient_quota'],
    [{ kind: 'payment_required', code: 'usage_not_included' }, 'usage_not_included'],
    [{ kind: 'payment_required', code: 'deactivated_workspace' }, 'insufficient_quota'],
    [{ kind: 'refused', code: 'cyber_policy' }, 'cyber_policy'],
    [{ kind: 'refused', code: 'content_policy_violation' }, 'invalid_prompt'],
    [{ kind: 'invalid_request', code: 'invalid_encrypted_content' }, 'invalid_prompt'],
    [{ kind: 'rate_limited' }, 'rate_limit_exceeded'],
    [{ kind: 'overloaded' }, 'server_is_overloaded'],
    [{ kind: 'overloaded', scope: 'gateway' }, 'server_error'],
    [{ kind: 'model_unavailable' }, 'model_not_found'],
    [{ kind: 'stream_cut' }, 'server_error'],
    [{ kind: 'timeout' }, 'server_error'],
  ])('%j: %s', (fields, code) => {
    expect(failedCode({ ...overloaded, ...fields })).toBe(code)
  })
})
