import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTerminal, responseReducer, type PivotEvent } from '../../../pivot/index.js'
import { decodeError } from '../errors.js'
import { ollama } from '../index.js'
import { decodeResponse } from './decode-response.js'
import { streamDecoder } from './stream-decoder.js'

const AT = '2026-11-21T09:00:00.123456789Z'
const line = (message: object, more: object = {}) => ({
  model: 'm',
  created_at: AT,
  message: { role: 'assistant', content: '', ...message },
  done: false,
  ...more,
})
const END = {
  done: true,
  done_reason: 'stop',
  total_duration: 9,
  load_duration: 1,
  prompt_eval_count: 3,
  prompt_eval_duration: 2,
  eval_count: 5,
  eval_duration: 4,
}
const ANSWER = [
  line({ thinking: 'h' }),
  line({ thinking: 'm' }),
  line({ content: 'a "b"\n' }),
  line({ content: '🙂c' }),
  line({
    tool_calls: [
      { id: 'call_a', function: { index: 0, name: 'f', arguments: { x: [1] } } },
      { function: { name: 'g', arguments: {} } },
    ],
  }),
  line({ images: ['aGk='] }),
  line({}, END),
]
const wire = (lines: unknown[]): Uint8Array =>
  new TextEncoder().encode(lines.map((one) => `${JSON.stringify(one)}\n`).join(''))

function decode(bytes: Uint8Array, cuts: number[] = [], keepFrames = false): PivotEvent[] {
  const decoder = streamDecoder({ keepFrames })
  const events: PivotEvent[] = []
  let from = 0
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    events.push(...decoder.push(bytes.subarray(from, cut)))
    from = Math.max(from, cut)
  }
  return [...events, ...decoder.push(bytes.subarray(from)), ...decoder.end()]
}
function reduced(events: PivotEvent[]) {
  const reducer = responseReducer()
  reducer.push(events)
  return reducer.response()
}

describe('the stream of an Ollama server', () => {
  test('thoughts, text, calls, pictures, counts', () => {
    const response = reduced(decode(wire(ANSWER)))
    expect(response).toMatchObject({
      status: 'completed',
      model: 'm',
      created_at: 1_795_251_600,
      output: [
        { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
        { type: 'message', content: [{ type: 'output_text', text: 'a "b"\n🙂c' }] },
        { type: 'function_call', call_id: 'call_a', name: 'f', arguments: '{"x":[1]}' },
        { type: 'function_call', name: 'g', arguments: '{}' },
        { type: 'image_generation_call', result: 'aGk=' },
      ],
      usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 },
      extra: { ollama: { done_reason: 'stop', total_duration: 9, eval_duration: 4 } },
    })
    const ids = response.output.flatMap((item) => ('call_id' in item ? [item['call_id']] : []))
    expect(new Set(ids).size).toBe(2)
  })

  test('any split of the bytes gives the same events', () => {
    const bytes = wire(ANSWER)
    const whole = decode(bytes)
    fc.assert(
      fc.property(
        fc.array(fc.nat(bytes.length), { maxLength: 20 }),
        (cuts) => void expect(decode(bytes, cuts)).toEqual(whole),
      ),
    )
    expect(decode(bytes, [...bytes.keys()])).toEqual(whole)
  })

  test('frames joined are the stream', () => {
    const bytes = wire([...ANSWER, line({ content: 'after the end' })])
    const events = decode(bytes, [100, 101, 500], true)
    expect(events.map((event) => event.frame ?? '').join('')).toBe(new TextDecoder().decode(bytes))
  })

  test('a stream without its end has no terminal event', () => {
    const bytes = wire(ANSWER)
    const last = bytes.lastIndexOf(10, -2)
    for (let cut = 0; cut < bytes.length - 1; cut += cut > last ? 1 : 97) {
      expect([cut, decode(bytes.subarray(0, cut)).some(isTerminal)]).toEqual([cut, false])
    }
    // The last line may come without its line feed.
    expect(decode(bytes.subarray(0, -1)).filter(isTerminal)).toHaveLength(1)
  })

  test.each<[unknown, object]>([
    [{ error: 'out of memory' }, { message: 'out of memory' }],
    [{ error: { message: 'busy', code: 503 } }, { message: 'busy', status: 503 }],
    [[1], { message: 'the upstream sent a line that is no object' }],
  ])('%j ends the answer', (told, expected) => {
    const events = decode(wire([ANSWER[0], told, ANSWER.at(-1)]))
    expect(events.at(-1)).toMatchObject({ type: 'error', ...expected })
    expect(events.filter(isTerminal)).toHaveLength(1)
    expect(ollama.call.failureOf(events.at(-1) as PivotEvent)?.message).toBe((expected as { message: string }).message)
  })

  test('a line that is no JSON ends the answer', () => {
    const events = decode(new TextEncoder().encode('<html>\n{"done":true}\n'))
    expect(events).toMatchObject([{ type: 'error', message: 'the upstream sent a line that is no JSON' }])
  })

  test.each([
    ['stop', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['content_filter', 'incomplete', { reason: 'content_filter' }],
    ['load', 'completed', null],
    [undefined, 'completed', null],
  ])('done_reason %s', (done_reason, status, incomplete_details) => {
    expect(reduced(decode(wire([line({}, { done: true, done_reason })])))).toMatchObject({
      status,
      incomplete_details,
      usage: null,
    })
  })

  test('log probabilities and lines of generate', () => {
    const logprobs = [{ token: 'a', logprob: -1 }]
    const events = decode(
      wire([
        { model: 'm', created_at: AT, thinking: 'hm', response: 'a', logprobs, done: false },
        { model: 'm', response: '', ...END },
      ]),
    )
    expect(reduced(events).output).toMatchObject([{ type: 'reasoning' }, { content: [{ text: 'a', logprobs }] }])
  })

  test('a whole answer is what its stream would have told', () => {
    const events = decodeResponse(
      line({ thinking: 'hm', content: 'a', tool_calls: [{ function: { name: 'f', arguments: '{"x":1}' } }] }, END),
    )
    expect(reduced(events)).toMatchObject({
      status: 'completed',
      output: [{ type: 'reasoning' }, { type: 'message' }, { type: 'function_call', arguments: '{"x":1}' }],
    })
    expect(events.filter(isTerminal)).toHaveLength(1)
    for (const odd of [null, 7, [], 'x', {}, { error: 'no' }, { message: 7, done: true }])
      expect(decodeResponse(odd).filter(isTerminal)).toHaveLength(1)
  })

  test('any lines make events, one end at most, and nothing is thrown', () => {
    const some = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          message: fc.record(
            { content: fc.jsonValue(), thinking: fc.jsonValue(), tool_calls: fc.jsonValue(), images: fc.jsonValue() },
            { requiredKeys: [] },
          ),
          done: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(
        fc.array(some),
        (lines) => void expect(decode(wire(lines)).filter(isTerminal).length).toBeLessThanOrEqual(1),
      ),
    )
  })
})

describe('an Ollama server that refuses', () => {
  test.each<[number, string, object]>([
    [
      404,
      '{"error":"model \\"x\\" not found, try pulling it first"}',
      { kind: 'model_unavailable', scope: 'model', retry: 'other' },
    ],
    [404, '{"error":"no such page"}', { kind: 'not_found' }],
    [400, '{"error":"input length exceeds the context length"}', { kind: 'context_too_long', scope: 'request' }],
    [
      400,
      '{"error":"\\"x\\" does not support tools"}',
      { kind: 'invalid_request', message: '"x" does not support tools' },
    ],
    [503, '{"error":"server busy, please try again"}', { kind: 'overloaded', retry: 'other' }],
    [500, 'plain', { kind: 'overloaded' }],
    [401, '{"error":"unauthorized"}', { kind: 'credential_expired' }],
  ])('%i %s', (status, body, expected) => {
    expect(decodeError(status, {}, new TextEncoder().encode(body))).toMatchObject({
      phase: 'sent',
      upstream: { status },
      ...expected,
    })
  })
})
