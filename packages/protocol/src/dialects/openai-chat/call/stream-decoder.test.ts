import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deltaText, isTerminal, responseReducer, type PivotEvent, type PivotResponse } from '../../../pivot/index.js'
import { decodeResponse } from './decode-response.js'
import { streamDecoder, type ChatStreamOptions } from './stream-decoder.js'

type Json = Record<string, unknown>

const DONE = '[DONE]'

/** A stream of these payloads, as bytes. */
function sse(...payloads: unknown[]): Uint8Array {
  const text = payloads.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('')
  return new TextEncoder().encode(text)
}

function chunk(delta: Json, more: Json = {}, beside: Json = {}): Json {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 7,
    model: 'up',
    choices: [{ index: 0, delta, finish_reason: null, ...more }],
    ...beside,
  }
}
const finish = (reason: string, beside: Json = {}) => chunk({}, { finish_reason: reason }, beside)
const part = (index: number | undefined, fields: Json) =>
  chunk({ tool_calls: [{ ...(index === undefined ? {} : { index }), ...fields }] })

function decode(bytes: Uint8Array, options?: ChatStreamOptions): PivotEvent[] {
  const decoder = streamDecoder(options)
  return [...decoder.push(bytes), ...decoder.end()]
}
function told(...payloads: unknown[]): PivotEvent[] {
  return decode(sse(...payloads))
}
function response(events: readonly PivotEvent[]): PivotResponse {
  const reducer = responseReducer()
  reducer.push(events)
  return reducer.response()
}
/** Items without what is counted up. */
function output(events: readonly PivotEvent[]): Json[] {
  return response(events).output.map((item) =>
    Object.fromEntries(Object.entries(item).filter(([field]) => field !== 'id')),
  )
}
function calls(events: readonly PivotEvent[]): unknown[] {
  return output(events)
    .filter((item) => item['type'] === 'function_call')
    .map((item) => [item['call_id'], item['name'], item['arguments']])
}
const text = (content: string) => chunk({ content })

describe('the ladder', () => {
  test('a text stream tells every rung once, in order', () => {
    const events = told(chunk({ role: 'assistant', content: '' }), text('Hel'), text('lo'), finish('stop'), DONE)
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(events.at(-1)).toMatchObject({
      response: {
        id: 'chatcmpl-1',
        model: 'up',
        created_at: 7,
        status: 'completed',
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello' }] }],
      },
    })
  })

  test('reasoning ends where text begins, text where a call begins', () => {
    const events = told(
      chunk({ reasoning_content: 'hm' }),
      text('so'),
      part(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }),
      finish('tool_calls'),
      DONE,
    )
    expect(
      events
        .filter((event) => event.type.startsWith('response.output_item'))
        .map((event) => [event.type, 'output_index' in event && event.output_index]),
    ).toEqual([
      ['response.output_item.added', 0],
      ['response.output_item.done', 0],
      ['response.output_item.added', 1],
      ['response.output_item.done', 1],
      ['response.output_item.added', 2],
      ['response.output_item.done', 2],
    ])
  })

  test('thinking again in the middle of a text leaves the text one', () => {
    const events = told(text('a'), chunk({ reasoning: 'hm' }), text('b'), finish('stop'), DONE)
    expect(output(events)).toMatchObject([{ content: [{ text: 'ab' }] }, { content: [{ text: 'hm' }] }])
  })

  test('a refusal, citations, log probabilities, pictures', () => {
    const logprobs = [{ token: 'x', logprob: -1, bytes: null, top_logprobs: [] }]
    const events = told(
      chunk({ content: 'x' }, { logprobs: { content: logprobs, refusal: null } }),
      chunk({
        annotations: [{ type: 'url_citation', url_citation: { url: 'https://x', start_index: 0, end_index: 1 } }],
      }),
      chunk({ refusal: 'no' }),
      chunk({ images: [{ type: 'image_url', image_url: { url: 'data:image/webp;base64,AA' } }] }),
      finish('stop'),
      DONE,
    )
    expect(output(events)).toMatchObject([
      {
        content: [
          {
            text: 'x',
            logprobs,
            annotations: [{ type: 'url_citation', url: 'https://x', start_index: 0, end_index: 1 }],
          },
          { type: 'refusal', refusal: 'no' },
        ],
      },
      { type: 'image_generation_call', result: 'AA', output_format: 'webp' },
    ])
  })
})

describe('tool calls, by the habits of providers', () => {
  test.each<[string, unknown[], unknown[]]>([
    [
      'pieces by index',
      [
        part(0, { id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
        part(0, { function: { arguments: '{"x"' } }),
        part(0, { function: { arguments: ':1}' } }),
      ],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'name and id in every piece',
      [
        part(0, { id: 'a', function: { name: 'f', arguments: '{' } }),
        part(0, { id: 'a', function: { name: 'f', arguments: '}' } }),
      ],
      [['a', 'f', '{}']],
    ],
    [
      'an empty name later (Mistral)',
      [
        part(0, { id: 'a', function: { name: 'f', arguments: '' } }),
        part(0, { function: { name: '', arguments: '{}' } }),
      ],
      [['a', 'f', '{}']],
    ],
    ['counted from one', [part(1, { id: 'a', function: { name: 'f', arguments: '{}' } })], [['a', 'f', '{}']]],
    [
      'no index, pieces by id',
      [
        part(undefined, { id: 'a', function: { name: 'f', arguments: '[' } }),
        part(undefined, { id: 'b', function: { name: 'g', arguments: '(' } }),
        part(undefined, { id: 'a', function: { arguments: ']' } }),
        part(undefined, { id: 'b', function: { arguments: ')' } }),
      ],
      [
        ['a', 'f', '[]'],
        ['b', 'g', '()'],
      ],
    ],
    [
      'no index, no id: a name begins a call, the rest belongs to the latest',
      [
        part(undefined, { function: { name: 'f', arguments: '{' } }),
        part(undefined, { function: { arguments: '}' } }),
        part(undefined, { function: { name: 'g', arguments: '{}' } }),
      ],
      [
        [expect.stringMatching(/^call_/), 'f', '{}'],
        [expect.stringMatching(/^call_/), 'g', '{}'],
      ],
    ],
    [
      'one index for all, told apart by id',
      [
        part(0, { id: 'a', function: { name: 'f', arguments: '{}' } }),
        part(0, { id: 'b', function: { name: 'g', arguments: '{' } }),
        part(0, { function: { arguments: '}' } }),
      ],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'the name comes late',
      [part(0, { id: 'a', function: { arguments: '{' } }), part(0, { function: { name: 'f', arguments: '}' } })],
      [['a', 'f', '{}']],
    ],
    ['no arguments at all', [part(0, { id: 'a', function: { name: 'f' } })], [['a', 'f', '{}']]],
    [
      'arguments as an object',
      [part(0, { id: 'a', function: { name: 'f', arguments: { x: 1 } } })],
      [['a', 'f', '{"x":1}']],
    ],
    [
      'several in one chunk',
      [
        chunk({
          tool_calls: [
            { id: 'a', function: { name: 'f', arguments: '{}' } },
            { id: 'b', function: { name: 'g', arguments: '{}' } },
          ],
        }),
      ],
      [
        ['a', 'f', '{}'],
        ['b', 'g', '{}'],
      ],
    ],
    [
      'function_call of the first models',
      [chunk({ function_call: { name: 'f', arguments: '' } }), chunk({ function_call: { arguments: '{}' } })],
      [[expect.stringMatching(/^call_/), 'f', '{}']],
    ],
  ])('%s', (_, chunks, expected) => {
    expect(calls(told(...chunks, finish('tool_calls'), DONE))).toEqual(expected)
  })

  test('a custom call', () => {
    const events = told(
      part(0, { id: 'a', type: 'custom', custom: { name: 'sql', input: '' } }),
      part(0, { custom: { input: 'SELECT "x"' } }),
      finish('tool_calls'),
      DONE,
    )
    expect(output(events)).toMatchObject([{ type: 'custom_tool_call', call_id: 'a', name: 'sql', input: 'SELECT "x"' }])
  })

  test('what a provider says beside a call is kept', () => {
    const events = told(
      part(0, { id: 'a', function: { name: 'f', arguments: '{}' }, extra_content: { google: 1 } }),
      DONE,
    )
    expect(output(events)[0]).toMatchObject({ extra: { 'openai-chat': { extra_content: { google: 1 } } } })
  })

  test('interleaved pieces of parallel calls find their calls', () => {
    const call = fc.array(fc.string({ maxLength: 8 }), { maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(call, { minLength: 1, maxLength: 5 }),
        fc.infiniteStream(fc.nat()),
        fc.boolean(),
        (wanted, dice, byIndex) => {
          const queues = wanted.map((pieces, index) => [
            part(byIndex ? index : undefined, {
              id: `id${index}`,
              type: 'function',
              function: { name: `f${index}`, arguments: '' },
            }),
            ...pieces.map((piece) =>
              part(byIndex ? index : undefined, {
                ...(byIndex ? {} : { id: `id${index}` }),
                function: { arguments: piece },
              }),
            ),
          ])
          const stream: unknown[] = []
          for (;;) {
            const open = queues.filter((queue) => queue.length > 0)
            if (open.length === 0) break
            const next = open[(dice.next().value as number) % open.length]
            stream.push(next?.shift())
          }
          const found = new Map(
            calls(told(...stream, finish('tool_calls'), DONE)).map((one) => [
              (one as string[])[1],
              (one as string[])[2],
            ]),
          )
          expect(found).toEqual(new Map(wanted.map((pieces, index) => [`f${index}`, pieces.join('') || '{}'])))
        },
      ),
    )
  })
})

describe('the end', () => {
  test.each<[string, unknown[], string | undefined]>([
    ['finish reason, then [DONE]', [text('x'), finish('stop'), DONE], 'response.completed'],
    ['[DONE] without a finish reason', [text('x'), DONE], 'response.completed'],
    ['a finish reason without [DONE]', [text('x'), finish('stop')], 'response.completed'],
    ['neither: it was cut', [text('x')], undefined],
    ['nothing at all', [], undefined],
    ['cut by the token limit', [text('x'), finish('length'), DONE], 'response.incomplete'],
    ['held back by the filter', [text('x'), finish('content_filter'), DONE], 'response.incomplete'],
    ['an error', [text('x'), { error: { message: 'busy' } }, DONE], 'error'],
    ['garbage', [text('x'), '{"id":', DONE], 'error'],
  ])('%s', (_, payloads, expected) => {
    const ends = told(...payloads).filter(isTerminal)
    expect(ends.map((event) => event.type)).toEqual(expected === undefined ? [] : [expected])
  })

  test.each<[string, unknown, Json]>([
    [
      'OpenAI',
      { error: { message: 'm', type: 'server_error', code: 'x', param: 'p' } },
      { message: 'm', errorType: 'server_error', code: 'x', param: 'p' },
    ],
    [
      'OpenRouter: a numeric code, choices beside it',
      { id: 'g', choices: [{ index: 0, delta: {}, finish_reason: 'error' }], error: { code: 502, message: 'm' } },
      { message: 'm', code: '502', status: 502 },
    ],
    [
      'a broker of another provider',
      { error: { code: 502, message: 'm', metadata: { provider_name: 'P', raw: '{"error":{"message":"full"}}' } } },
      { message: 'm (P: full)', status: 502 },
    ],
    ['a bare text', { error: 'm' }, { message: 'm' }],
    ['vLLM', { object: 'error', message: 'm', type: 'BadRequestError', code: 400 }, { message: 'm', status: 400 }],
    ['only a finish reason', finish('error'), { message: expect.any(String) as unknown }],
  ])('an error as %s tells it', (_, payload, expected) => {
    const events = told(text('x'), payload, text('never'), DONE)
    expect(events.at(-1)).toMatchObject({ type: 'error', ...expected })
  })

  test('an event named error', () => {
    const bytes = new TextEncoder().encode('event: error\ndata: {"message":"m","code":429}\n\n')
    expect(decode(bytes)).toMatchObject([{ type: 'error', message: 'm', status: 429 }])
  })

  test.each<[string, unknown[], Json]>([
    [
      'in a last chunk without choices',
      [
        finish('stop'),
        { ...finish('stop'), choices: [], usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 } },
      ],
      { input_tokens: 5, output_tokens: 3, total_tokens: 8 },
    ],
    [
      'in every chunk: the last holds',
      [
        chunk({ content: 'x' }, {}, { usage: { prompt_tokens: 5, completion_tokens: 1 } }),
        finish('stop', { usage: { prompt_tokens: 5, completion_tokens: 2 } }),
      ],
      { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
    ],
    ['Groq', [finish('stop', { x_groq: { usage: { prompt_tokens: 1, completion_tokens: 1 } } })], { total_tokens: 2 }],
    [
      'Moonshot, in the choice',
      [chunk({}, { finish_reason: 'stop', usage: { prompt_tokens: 4, completion_tokens: 1, cached_tokens: 3 } })],
      { input_tokens: 4, input_tokens_details: { cached_tokens: 3 } },
    ],
    [
      'DeepSeek cache hits',
      [finish('stop', { usage: { prompt_tokens: 4, completion_tokens: 1, prompt_cache_hit_tokens: 2 } })],
      { input_tokens_details: { cached_tokens: 2 } },
    ],
  ])('usage %s', (_, payloads, expected) => {
    expect(response(told(text('x'), ...payloads, DONE)).usage).toMatchObject(expected)
  })

  test('usage that nobody told is null', () => {
    expect(response(told(text('x'), finish('stop'), DONE)).usage).toBeNull()
  })
})

describe('two roads, one meaning', () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.constantFrom('"', '\\', '\n', '\u0000', 'é', '💡', '","x":"', '"},"finish_reason":"stop"}]}', '{}'),
  )
  const delta = fc.oneof(
    { weight: 6, arbitrary: fc.record({ content: word }) },
    { weight: 2, arbitrary: fc.record({ content: fc.constant(null), reasoning_content: word }) },
    { weight: 1, arbitrary: fc.record({ reasoning: word }) },
    { weight: 1, arbitrary: fc.record({ content: word, refusal: word }) },
    { weight: 1, arbitrary: fc.record({ content: word, reasoning_content: word }) },
  )
  const beside = fc.oneof(
    fc.constant({}),
    fc.constant({ usage: null }),
    fc.record({ obfuscation: fc.stringMatching(/^[A-Za-z0-9]{0,8}$/) }),
    fc.constant({ usage: { prompt_tokens: 1, completion_tokens: 1 } }),
  )
  const more = fc.constantFrom<Json>({}, { logprobs: null }, { index: 1 }, { finish_reason: 'length' })
  const stream = fc.array(fc.tuple(delta, more, beside), { maxLength: 20 })

  test('comparing shapes tells what parsing tells', () => {
    fc.assert(
      fc.property(stream, fc.boolean(), (chunks, uniform) => {
        const payloads = chunks.map(([said, choice, around]) => (uniform ? chunk(said) : chunk(said, choice, around)))
        const bytes = sse(...payloads, finish('stop'), DONE)
        const fast = decode(bytes).map(plain)
        expect(fast).toEqual(decode(bytes, { compareShapes: false }).map(plain))
      }),
    )
  })

  test('a raw control character is refused, however usual the chunk looks', () => {
    const usual = JSON.stringify(text('aaa'))
    const bytes = sse(usual, usual, usual.replace('aaa', 'a\u0001a'), DONE)
    expect(decode(bytes).at(-1)).toMatchObject({ type: 'error' })
  })

  test('any split of the bytes gives the same events and frames', () => {
    const bytes = new TextEncoder().encode(
      `: OPENROUTER PROCESSING\n\n${new TextDecoder().decode(
        sse(
          chunk({ role: 'assistant', content: '' }),
          text('Hé"l'),
          text('lo 💡'),
          part(0, { id: 'a', function: { name: 'f', arguments: '{}' } }),
          finish('stop'),
          DONE,
        ),
      )}`,
    )
    const whole = decode(bytes, { keepFrames: true })
    for (let at = 0; at <= bytes.length; at++) {
      const decoder = streamDecoder({ keepFrames: true })
      const events = [...decoder.push(bytes.subarray(0, at)), ...decoder.push(bytes.subarray(at)), ...decoder.end()]
      expect(events).toEqual(whole)
    }
    expect(whole.map((event) => event.frame ?? '').join('')).toBe(new TextDecoder().decode(bytes))
    expect(whole.findIndex(isTerminal)).toBe(whole.length - 1)
  })
})

/** Deltas by their plain text: `\u00e9` and `é` are one. */
function plain(event: PivotEvent): unknown {
  return 'escaped' in event ? { ...event, escaped: deltaText(event) } : event
}

describe('a whole reply', () => {
  test('tells what its stream would have told', () => {
    const message = {
      role: 'assistant',
      content: 'Hello',
      reasoning_content: 'hm',
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
    }
    const whole = decodeResponse({
      id: 'chatcmpl-1',
      created: 7,
      model: 'up',
      choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
    })
    const streamed = told(
      chunk({ reasoning_content: 'hm' }),
      text('Hello'),
      part(0, { id: 'a', function: { name: 'f', arguments: '{}' } }),
      finish('tool_calls'),
      DONE,
    )
    expect(whole.map(plain)).toEqual(streamed.map(plain))
  })

  test.each([[{ error: { message: 'm' } }], ['text'], [null]])('an error body: %j', (body) => {
    expect(decodeResponse(body)).toMatchObject([{ type: 'error' }])
  })
})
