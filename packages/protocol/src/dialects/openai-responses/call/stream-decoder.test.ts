import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError } from '../../../failure.js'
import { deltaText, responseReducer, type PivotEvent } from '../../../pivot/index.js'
import { deltaShapes } from './delta-shapes.js'
import { frameDecoder, streamDecoder, type ResponsesStreamOptions } from './stream-decoder.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Events up to the failure that ended them, if one did. */
function decode(text: string, options: ResponsesStreamOptions = {}, step = Infinity) {
  const decoder = streamDecoder(options)
  const all = bytes(text)
  const events: PivotEvent[] = []
  let failed: unknown
  try {
    for (let at = 0; at < all.length; at += step) events.push(...decoder.push(all.slice(at, at + step)))
    events.push(...decoder.end())
  } catch (error) {
    expect(error).toBeInstanceOf(FailureError)
    failed = (error as FailureError).failure
  }
  return { events, failed }
}
const frames = (list: readonly string[]): string => list.map((data) => `data: ${data}\n\n`).join('')
const one = (data: unknown): PivotEvent | undefined => decode(frames([JSON.stringify(data)])).events[0]
/** Two spellings of one text are the same text. */
const plain = (events: readonly PivotEvent[]) =>
  events.map((event) => ('escaped' in event ? { ...event, escaped: deltaText(event) } : event))

describe('what an event of the wire is in the pivot', () => {
  const place = { item_id: 'm', output_index: 2, content_index: 1 }
  test.each<[string, unknown, unknown]>([
    [
      'text',
      { type: 'response.output_text.delta', ...place, delta: 'a "b"', logprobs: [] },
      { type: 'response.output_text.delta', ...place, escaped: 'a \\"b\\"' },
    ],
    [
      'text with log probabilities',
      { type: 'response.output_text.delta', ...place, delta: 'a', logprobs: [{ token: 'a' }] },
      { type: 'response.output_text.delta', ...place, escaped: 'a', logprobs: [{ token: 'a' }] },
    ],
    [
      'reasoning in the spelling of Open Responses',
      { type: 'response.reasoning.delta', ...place, delta: 'a' },
      { type: 'response.reasoning_text.delta', ...place, escaped: 'a' },
    ],
    [
      'and its end',
      { type: 'response.reasoning.done', ...place, text: 'a' },
      { type: 'response.reasoning_text.done', ...place, text: 'a' },
    ],
    [
      'a summary',
      { type: 'response.reasoning_summary_text.delta', item_id: 'r', output_index: 0, summary_index: 3, delta: 'a' },
      { type: 'response.reasoning_summary_text.delta', item_id: 'r', output_index: 0, summary_index: 3, escaped: 'a' },
    ],
    [
      'arguments',
      { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 0, delta: '{"a":' },
      { type: 'response.function_call_arguments.delta', item_id: 'f', output_index: 0, escaped: '{\\"a\\":' },
    ],
    [
      'the input of a custom tool',
      { type: 'response.custom_tool_call_input.delta', item_id: 'c', output_index: 0, delta: 'x\n' },
      { type: 'response.custom_tool_call_input.delta', item_id: 'c', output_index: 0, escaped: 'x\\n' },
    ],
    [
      'an end that tells only its id',
      { type: 'response.completed', response: { id: 'r' } },
      { type: 'response.completed', response: { id: 'r', output: [] } },
    ],
    [
      'the older name of the end',
      { type: 'response.done', response: { id: 'r' } },
      { type: 'response.completed', response: { id: 'r', output: [] } },
    ],
    [
      'a flat error',
      { type: 'error', code: 'server_error', message: 'm', param: null },
      { type: 'error', code: 'server_error', message: 'm', param: null },
    ],
    [
      'a nested error with its status',
      { type: 'error', status: 429, error: { type: 'usage_limit_reached', message: 'm', resets_at: 7 } },
      {
        type: 'error',
        code: null,
        message: 'm',
        param: null,
        status: 429,
        errorType: 'usage_limit_reached',
        resetsAt: 7,
      },
    ],
    [
      'rate limits',
      { type: 'codex.rate_limits', rate_limits: { a: 1 } },
      { type: 'other', name: 'codex.rate_limits', data: { type: 'codex.rate_limits', rate_limits: { a: 1 } } },
    ],
    [
      'an unknown event',
      { type: 'brand.new', x: 1 },
      { type: 'other', name: 'brand.new', data: { type: 'brand.new', x: 1 } },
    ],
    [
      'an item without a type',
      { type: 'response.output_item.done', output_index: 0, item: {} },
      {
        type: 'other',
        name: 'response.output_item.done',
        data: { type: 'response.output_item.done', output_index: 0, item: {} },
      },
    ],
  ])('%s', (_, data, event) => {
    expect(one(data)).toEqual(event)
  })

  test('the type in the data decides, the event line may be missing or wrong', () => {
    expect(decode('event: nonsense\ndata: {"type":"keepalive"}\n\n').events).toMatchObject([{ name: 'keepalive' }])
  })

  test('comments and [DONE] are no events, but frames', () => {
    const text = ': hb\n\ndata: {"type":"ping"}\n\ndata: [DONE]\n\n'
    expect(decode(text).events).toMatchObject([{ type: 'other', name: 'ping' }])
    expect(decode(text, { keepFrames: true }).events.map(({ frame }) => frame)).toEqual([
      ': hb\n\n',
      'data: {"type":"ping"}\n\n',
      'data: [DONE]\n\n',
    ])
  })
})

describe('a frame that is no JSON object', () => {
  test.each(['{"type":"response.output_text.delta","delta":', 'nonsense', '[]', '"text"', '7', 'null'])(
    '%s cuts the stream, after what was told before it',
    (data) => {
      const text = frames(['{"type":"ping"}', data, '{"type":"ping"}'])
      const whole = decode(text)
      expect(whole.events).toHaveLength(1)
      expect(whole.failed).toMatchObject({ kind: 'stream_cut', scope: 'provider' })
      for (const step of [1, 7, 40]) expect(decode(text, {}, step)).toEqual(whole)
    },
  )
})

describe('frames that are compared instead of parsed', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 })
  const fields = ['item_id', 'output_index', 'content_index', 'summary_index', 'delta', 'logprobs', 'obfuscation']
  /** The frames of one text: one order of the fields, and texts and numbers that go on. */
  const stream = fc
    .record({
      type: fc.constantFrom(
        'response.output_text.delta',
        'response.refusal.delta',
        'response.reasoning_text.delta',
        'response.reasoning.delta',
        'response.reasoning_summary_text.delta',
        'response.function_call_arguments.delta',
        'response.custom_tool_call_input.delta',
      ),
      order: fc.shuffledSubarray(['type', 'sequence_number', ...fields], { minLength: 5 }),
      item_id: fc.oneof(fc.constant('msg_1'), text),
      index: fc.nat(3),
      deltas: fc.array(text, { minLength: 1, maxLength: 6 }),
      logprobs: fc.constantFrom<unknown>([], [], null, [{ token: '"delta":"x"' }]),
      extra: fc.constantFrom<unknown>(undefined, undefined, { delta: 'x' }, [{ delta: 'y' }]),
    })
    .map(({ type, order, item_id, index, deltas, logprobs, extra }) =>
      deltas.map((delta, at) => {
        const all: Record<string, unknown> = {
          type,
          sequence_number: at * 7,
          item_id,
          output_index: index,
          content_index: index,
          summary_index: index,
          delta,
          logprobs,
          obfuscation: 'a'.repeat(at),
        }
        const data: Record<string, unknown> = extra === undefined ? {} : { extra }
        for (const field of order) data[field] = all[field]
        data['type'] = type
        return JSON.stringify(data)
      }),
    )

  function expectSame(list: readonly string[]): void {
    const fast = decode(frames(list))
    const slow = decode(frames(list), { compareShapes: false })
    expect(plain(fast.events)).toEqual(plain(slow.events))
    expect(fast.failed).toEqual(slow.failed)
  }

  test('say the same as when they are parsed, whatever order and text they have', () => {
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 3 }), (streams) => {
        expectSame(streams.flat())
        // Texts that stream side by side.
        const longest = Math.max(...streams.map((list) => list.length))
        expectSame(Array.from({ length: longest }).flatMap((_, at) => streams.flatMap((list) => list[at] ?? [])))
      }),
      { numRuns: 400 },
    )
  })

  test('say the same, or fail the same, when they are damaged', () => {
    const sign = fc.constantFrom('"', '\\', '\t', '{', '}', 'u', 'x', ',', ':', ' ', '0', '7', '[', '\u0001', '')
    fc.assert(
      fc.property(stream, fc.nat(), fc.nat(), sign, fc.nat(1), ([first = '{}', ...rest], which, where, put, cut) => {
        const list = [first, ...rest, first, first]
        const at = 1 + (which % (list.length - 1))
        const data = list[at] ?? ''
        const place = where % (data.length + 1)
        list[at] = data.slice(0, place) + put + data.slice(place + cut)
        expectSame(list)
      }),
      { numRuns: 1500 },
    )
  })

  test.each([
    [
      'as OpenAI writes them',
      '{"type":"response.output_text.delta","sequence_number":N,"item_id":"m","output_index":0,"content_index":0,"delta":"T","logprobs":[],"obfuscation":"aN"}',
    ],
    [
      'in another order',
      '{"delta":"T","output_index":12,"item_id":"m","content_index":3,"sequence_number":N,"type":"response.output_text.delta"}',
    ],
    ['without numbers', '{"type":"response.function_call_arguments.delta","item_id":"f","output_index":1,"delta":"T"}'],
    [
      'with spaces',
      '{"type": "response.output_text.delta", "sequence_number": 3, "item_id": "m", "output_index": 0, "content_index": 0,"delta":"T"}',
    ],
  ])('the usual is recognised: %s', (_, pattern) => {
    const frame = (n: number, text: string) => pattern.replaceAll('N', String(n)).replace('T', text)
    const shapes = deltaShapes()
    const [first] = decode(frames([frame(1, 'a')])).events
    if (first === undefined || !('escaped' in first)) throw new Error('no delta')
    expect(shapes.read(frame(1, 'a'))).toBe(undefined)
    shapes.learn(frame(1, 'a'), first)
    for (const text of ['b', '', 'say \\"x\\" \\u00e9 \\\\', '🙂']) {
      expect(shapes.read(frame(2, text))).toEqual({ ...first, escaped: text })
    }
    expect(shapes.read(frame(2, 'bad \\x'))).toBe(undefined)
    expect(shapes.read(frame(2, 'tab \t'))).toBe(undefined)
    if (pattern.includes('"sequence_number":N'))
      expect(shapes.read(frame(2, 'a').replace('number":2', 'number":02'))).toBe(undefined)
  })
})

describe('the least that a Codex client needs', () => {
  test('one finished item and an end with an id are a response', () => {
    const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] }
    const reducer = responseReducer()
    reducer.push(
      decode(
        frames([
          JSON.stringify({ type: 'response.output_item.done', item }),
          '{"type":"response.completed","response":{"id":"resp_1"}}',
        ]),
      ).events,
    )
    expect(reducer.response()).toMatchObject({ id: 'resp_1', status: 'completed', output: [item] })
  })
})

describe('frames of a WebSocket', () => {
  const list = [
    '{"type":"response.created","response":{"id":"r"}}',
    '{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"a"}',
    '{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"\\"b\\n"}',
    '{"type":"response.done","response":{"id":"r"}}',
    '{"x":1,"type":"brand.new"}',
  ]

  test('are the events that a stream would tell', () => {
    const read = frameDecoder()
    expect(list.map((data) => read(data))).toEqual(decode(frames(list)).events)
  })

  test('carry the server-sent event that would have told them', () => {
    const read = frameDecoder({ keepFrames: true })
    const kept = list.map((data) => read(` ${data}\n`)?.frame)
    expect(kept.map((frame) => frame?.split('\n')[0])).toEqual([
      'event: response.created',
      'event: response.output_text.delta',
      'event: response.output_text.delta',
      'event: response.done',
      'event: brand.new',
    ])
    expect(decode(kept.join('')).events).toEqual(decode(frames(list)).events)
  })

  test('may be written over several lines', () => {
    const data = JSON.stringify({ type: 'response.completed', response: { id: 'r' } }, undefined, 2)
    expect(decode(frameDecoder({ keepFrames: true })(data)?.frame ?? '').events).toEqual(
      decode(frames([list[3]!])).events,
    )
  })

  test('without an event say nothing, and one that is no JSON ends it', () => {
    const read = frameDecoder()
    expect([read(''), read('[DONE]')]).toEqual([undefined, undefined])
    expect(() => read('{"type":')).toThrow(FailureError)
  })
})
