import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ReplyMeta } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import {
  escapeText,
  type CustomToolCallItem,
  type FunctionCallItem,
  type MessageItem,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
} from '../../../pivot/index.js'
import { streamDecoder } from '../call/stream-decoder.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

type Json = Record<string, unknown>

function about(extra?: Json, reply?: Json): ReplyMeta {
  const kept = {
    ...(extra === undefined ? {} : { 'openai-chat': extra }),
    ...(reply === undefined ? {} : { 'openai-chat-reply': reply }),
  }
  return { requestId: 'r1', model: 'gpt "x"', createdAt: 7, request: { model: 'gpt "x"', input: [], extra: kept } }
}
const USAGE = { stream_options: { include_usage: true } }

/** Payloads of a stream; every frame must be well formed. */
function payloads(stream: string): (Json | string)[] {
  expect(stream === '' || stream.endsWith('\n\n')).toBe(true)
  return stream
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => {
      expect(frame.startsWith('data: ')).toBe(true)
      const data = frame.slice(6)
      return data === '[DONE]' ? data : (JSON.parse(data) as Json)
    })
}
function encode(events: PivotEvent[], meta = about()): (Json | string)[] {
  return payloads(streamEncoder(meta).push(events))
}
interface Choice {
  delta: Json
  finish_reason: string | null
}
function choices(list: (Json | string)[]): Choice[] {
  return list.flatMap((one) => (typeof one === 'string' ? [] : ((one['choices'] as Choice[] | undefined) ?? [])))
}
/** What a client puts together from the deltas. */
function heard(list: (Json | string)[]) {
  const out = { content: '', refusal: '', reasoning: '', calls: [] as string[][], finish: '', legacy: ['', ''] }
  for (const { delta, finish_reason } of choices(list)) {
    out.content += String(delta['content'] ?? '')
    out.refusal += String(delta['refusal'] ?? '')
    out.reasoning += String(delta['reasoning_content'] ?? '')
    for (const entry of (delta['tool_calls'] as Json[] | undefined) ?? []) {
      const call = (out.calls[entry['index'] as number] ??= ['', '', ''])
      const inner = (entry['function'] ?? entry['custom']) as Json
      call[0] += String(entry['id'] ?? '')
      call[1] += String(inner['name'] ?? '')
      call[2] += String(inner['arguments'] ?? inner['input'] ?? '')
    }
    const legacy = delta['function_call'] as Json | undefined
    out.legacy[0] += String(legacy?.['name'] ?? '')
    out.legacy[1] += String(legacy?.['arguments'] ?? '')
    out.finish += finish_reason ?? ''
  }
  return out
}

const message = (text: string, id = 'm'): MessageItem => ({
  type: 'message',
  id,
  role: 'assistant',
  content: [{ type: 'output_text', text }],
})
const call = (name: string, args: string, id = name): FunctionCallItem => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: args,
})
const custom = (name: string, input: string): CustomToolCallItem => ({
  type: 'custom_tool_call',
  id: `ctc_${name}`,
  call_id: name,
  name,
  input,
})
const added = (output_index: number, item: PivotItem): PivotEvent => ({
  type: 'response.output_item.added',
  output_index,
  item,
})
const done = (output_index: number, item: PivotItem): PivotEvent => ({
  type: 'response.output_item.done',
  output_index,
  item,
})
const delta = (text: string, output_index = 0): PivotEvent => ({
  type: 'response.output_text.delta',
  item_id: 'm',
  output_index,
  content_index: 0,
  escaped: escapeText(text),
})
const args = (text: string, output_index: number): PivotEvent => ({
  type: 'response.function_call_arguments.delta',
  item_id: 'x',
  output_index,
  escaped: escapeText(text),
})
const completed = (more: Partial<PivotResponse> = {}): PivotEvent => ({
  type: 'response.completed',
  response: { id: 'resp_1', output: [], ...more },
})
const incomplete = (reason: string): PivotEvent => ({
  type: 'response.incomplete',
  response: { id: 'resp_1', status: 'incomplete', incomplete_details: { reason }, output: [] },
})
const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 }
const failure: Failure = {
  kind: 'overloaded',
  scope: 'provider',
  phase: 'committed',
  retry: 'never',
  message: 'too "busy"',
}

describe('chunks', () => {
  test('a text: who speaks, what it says, why it ended, the end', () => {
    const list = encode([
      { type: 'response.created', response: { id: 'r', output: [] } },
      delta('Hel'),
      delta('"lo\n'),
      completed(),
    ])
    const head = { id: 'chatcmpl-r1', object: 'chat.completion.chunk', created: 7, model: 'gpt "x"' }
    const one = (delta: Json, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, finish_reason }],
    })
    expect(list).toEqual([
      one({ role: 'assistant', content: '' }),
      one({ content: 'Hel' }),
      one({ content: '"lo\n' }),
      one({}, 'stop'),
      '[DONE]',
    ])
  })

  test('the handshake alone says nothing yet', () => {
    const encoder = streamEncoder(about())
    const begun: PivotEvent = { type: 'response.created', response: { id: 'r', output: [] } }
    expect(encoder.push([begun, { type: 'other', name: 'codex.rate_limits' }])).toBe('')
    expect(encoder.heartbeat()).toBe(': hb\n\n')
    expect(heard(payloads(encoder.push([delta('x')]))).content).toBe('x')
  })

  test('an answer without words still says who spoke', () => {
    expect(choices(encode([completed()])).map((one) => one.delta)).toEqual([{ role: 'assistant', content: null }, {}])
  })

  test('usage comes last, in a chunk without choices, to who asked for it', () => {
    const list = encode([delta('x'), completed({ usage, service_tier: 'default' })], about(USAGE)) as Json[]
    expect(list.slice(0, 3).map((one) => one['usage'])).toEqual([null, null, null])
    expect(list[3]).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
      service_tier: 'default',
    })
    expect(encode([completed({ usage })]).some((one) => typeof one !== 'string' && 'usage' in one)).toBe(false)
  })

  test('usage that nobody knows is not made up', () => {
    expect(encode([completed()], about(USAGE))).toHaveLength(3)
  })

  test.each<[string, PivotEvent[], string]>([
    ['an answer', [delta('x'), completed()], 'stop'],
    ['a call', [done(0, call('f', '{}')), completed()], 'tool_calls'],
    ['the token limit', [delta('x'), incomplete('max_output_tokens')], 'length'],
    ['the filter', [delta('x'), incomplete('content_filter')], 'content_filter'],
    ['another reason', [delta('x'), incomplete('weather')], 'stop'],
    ['calls cut by the limit', [done(0, call('f', '{')), incomplete('max_output_tokens')], 'length'],
  ])('finish reason of %s', (_, events, expected) => {
    expect(heard(encode(events)).finish).toBe(expected)
  })

  test('reasoning: summaries as paragraphs, raw text as it is', () => {
    const summary = (summary_index: number, text: string): PivotEvent => ({
      type: 'response.reasoning_summary_text.delta',
      item_id: 'rs',
      output_index: 0,
      summary_index,
      escaped: escapeText(text),
    })
    const raw: PivotEvent = {
      type: 'response.reasoning_text.delta',
      item_id: 'rs',
      output_index: 1,
      content_index: 0,
      escaped: 'c',
    }
    const events = [summary(0, 'a'), summary(0, 'a'), summary(1, 'b'), raw, delta('x', 2), completed()]
    const list = encode(events)
    expect(heard(list)).toMatchObject({ reasoning: 'aa\n\nb\n\nc', content: 'x' })
    expect(choices(list)[0]?.delta).toEqual({ role: 'assistant', content: null })
    expect(heard(encode(events, about({}, { hideReasoning: true }))).reasoning).toBe('')
  })

  test('two messages are one content with a blank line between', () => {
    const events = [delta('a', 0), done(0, message('a', 'm1')), delta('b', 1), done(1, message('b', 'm2')), completed()]
    expect(heard(encode(events)).content).toBe('a\n\nb')
  })

  test('citations, counted in the whole content', () => {
    const annotation = { type: 'url_citation', url: 'https://x', start_index: 0, end_index: 1 }
    const cited: MessageItem = {
      ...message('b', 'm2'),
      content: [{ type: 'output_text', text: 'b', annotations: [annotation] }],
    }
    const event: PivotEvent = {
      type: 'response.output_text.annotation.added',
      item_id: 'm2',
      output_index: 1,
      content_index: 0,
      annotation_index: 0,
      annotation,
    }
    const shown = {
      annotations: [
        { type: 'url_citation', url_citation: { url: 'https://x', start_index: 3, end_index: 4 }, index: 0 },
      ],
    }
    for (const events of [[delta('b', 1), event, done(1, cited)], [done(1, cited)]]) {
      const deltas = choices(encode([delta('a', 0), ...events, completed()])).map((one) => one.delta)
      expect(deltas.filter((one) => 'annotations' in one)).toEqual([shown])
    }
  })

  test('a picture, as chat clients show it', () => {
    const item: PivotItem = { type: 'image_generation_call', id: 'ig', result: 'AA', output_format: 'webp' }
    expect(choices(encode([done(0, item), completed()])).map((one) => one.delta)).toContainEqual({
      images: [{ type: 'image_url', image_url: { url: 'data:image/webp;base64,AA' }, index: 0 }],
    })
  })

  test('log probabilities, to who asked for them', () => {
    const logprobs = [{ token: 'x', logprob: -1 }]
    const events = [{ ...delta('x'), logprobs } as PivotEvent, completed()]
    const shown = (meta: ReplyMeta) => choices(encode(events, meta)).map((one) => (one as unknown as Json)['logprobs'])
    expect(shown(about({ logprobs: true }))).toContainEqual({ content: logprobs, refusal: null })
    expect(shown(about({})).every((one) => one === undefined)).toBe(true)
  })
})

describe('calls', () => {
  test('parallel and interleaved, by order of first appearance', () => {
    const events = [
      added(3, call('g', '')),
      added(1, call('f', '')),
      args('{"a"', 1),
      args('{"b"', 3),
      args(':1}', 1),
      args(':2}', 3),
      done(1, call('f', '{"a":1}')),
      done(3, call('g', '{"b":2}')),
      completed(),
    ]
    expect(heard(encode(events)).calls).toEqual([
      ['g', 'g', '{"b":2}'],
      ['f', 'f', '{"a":1}'],
    ])
  })

  test('the first entry names the call, the others only continue it', () => {
    const list = choices(encode([added(0, call('f', '')), args('{}', 0), done(0, call('f', '{}'))]))
    expect(list.map((one) => one.delta)).toEqual([
      { role: 'assistant', content: null },
      { tool_calls: [{ index: 0, id: 'f', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
    ])
  })

  test('a custom call; as a function for who reads no other', () => {
    const events: PivotEvent[] = [
      added(0, custom('sql', '')),
      { type: 'response.custom_tool_call_input.delta', item_id: 'x', output_index: 0, escaped: 'SEL' },
      done(0, custom('sql', 'SELECT')),
      completed(),
    ]
    const entries = (meta?: ReplyMeta) => choices(encode(events, meta)).flatMap((one) => one.delta['tool_calls'] ?? [])
    expect(entries()).toEqual([
      { index: 0, id: 'sql', type: 'custom', custom: { name: 'sql', input: '' } },
      { index: 0, custom: { input: 'SEL' } },
      { index: 0, custom: { input: 'ECT' } },
    ])
    expect(entries(about({}, { customAsFunctions: true }))).toEqual([
      { index: 0, id: 'sql', type: 'function', function: { name: 'sql', arguments: '' } },
      { index: 0, function: { arguments: 'SEL' } },
      { index: 0, function: { arguments: 'ECT' } },
    ])
  })

  test('function_call for clients of the first models', () => {
    const events = [added(0, call('f', '')), args('{"a":1}', 0), done(0, call('f', '{"a":1}')), completed()]
    const list = encode(events, about({}, { legacyFunctions: true }))
    expect(heard(list)).toMatchObject({ legacy: ['f', '{"a":1}'], calls: [], finish: 'function_call' })
  })

  test('no arguments are an empty object', () => {
    expect(heard(encode([done(0, call('f', '')), completed()])).calls).toEqual([['f', 'f', '{}']])
  })
})

describe('a lean upstream is heard once', () => {
  const reasoning: PivotItem = { type: 'reasoning', id: 'rs', summary: [{ type: 'summary_text', text: 'hm' }] }
  const refusal: PivotItem = { ...message(''), content: [{ type: 'refusal', refusal: 'no' }] }

  test.each<[string, PivotEvent[]]>([
    [
      'only finished items',
      [done(0, reasoning), done(1, message('Hello')), done(2, call('f', '{"a":1}')), completed()],
    ],
    ['only the last event', [completed({ output: [reasoning, message('Hello'), call('f', '{"a":1}')] })]],
    [
      'both',
      [
        done(0, reasoning),
        done(1, message('Hello')),
        done(2, call('f', '{"a":1}')),
        completed({ output: [reasoning, message('Hello'), call('f', '{"a":1}')] }),
      ],
    ],
    [
      'the last event counts otherwise',
      [
        done(0, reasoning),
        done(1, message('Hello')),
        done(2, call('f', '{"a":1}')),
        completed({ output: [message('Hello'), call('f', '{"a":1}')] }),
      ],
    ],
    [
      'deltas of a beginning',
      [
        done(0, reasoning),
        delta('He', 1),
        done(1, message('Hello')),
        added(2, call('f', '')),
        args('{"a', 2),
        done(2, call('f', '{"a":1}')),
        completed(),
      ],
    ],
    [
      'a beginning, and the rest in the last event',
      [
        done(0, reasoning),
        delta('He', 1),
        done(2, call('f', '{"a":1}')),
        completed({ output: [reasoning, message('Hello'), call('f', '{"a":1}')] }),
      ],
    ],
    [
      'the whole in every done event',
      [
        done(0, reasoning),
        { type: 'response.output_text.done', item_id: 'm', output_index: 1, content_index: 0, text: 'Hello' },
        done(1, message('Hello')),
        added(2, call('f', '')),
        { type: 'response.function_call_arguments.done', item_id: 'f', output_index: 2, arguments: '{"a":1}' },
        done(2, call('f', '{"a":1}')),
        completed(),
      ],
    ],
    [
      'arguments before the call has a name',
      [done(0, reasoning), delta('Hello', 1), args('{"a"', 2), done(2, call('f', '{"a":1}')), completed()],
    ],
  ])('%s', (_, events) => {
    expect(heard(encode(events))).toMatchObject({
      reasoning: 'hm',
      content: 'Hello',
      calls: [['f', 'f', '{"a":1}']],
      finish: 'tool_calls',
    })
  })

  test('a refusal', () => {
    expect(heard(encode([done(0, refusal), completed()])).refusal).toBe('no')
  })

  test('an end that contradicts the deltas adds nothing', () => {
    expect(heard(encode([delta('abc'), done(0, message('xyz and more')), completed()])).content).toBe('abc')
  })

  test('whatever part came in deltas, the text comes out whole and once', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.array(fc.nat(20), { maxLength: 4 }), (text, cuts) => {
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b)]
        const pieces = at.slice(1).map((to, index) => text.slice(at[index], to))
        const events = [...pieces.map((piece) => delta(piece)), done(0, message(text)), completed()]
        expect(heard(encode(events)).content).toBe(text)
      }),
    )
  })
})

describe('the end', () => {
  test('a failure: one error chunk without choices, then [DONE], then nothing', () => {
    const encoder = streamEncoder(about())
    encoder.push([delta('x')])
    const list = payloads(encoder.fail(failure))
    expect(list).toEqual([
      { error: { message: 'too "busy"', type: 'server_error', param: null, code: 'server_is_overloaded' } },
      '[DONE]',
    ])
    expect(encoder.push([delta('y'), completed()]) + encoder.fail(failure) + encoder.heartbeat()).toBe('')
  })

  test.each<[string, PivotEvent]>([
    ['an error event', { type: 'error', message: 'boom', code: 'server_error' }],
    [
      'a failed response',
      {
        type: 'response.failed',
        response: { id: 'r', status: 'failed', output: [], error: { code: 'server_error', message: 'boom' } },
      },
    ],
  ])('%s is told as a failure', (_, event) => {
    const list = encode([delta('x'), event, completed()])
    expect(list.at(-1)).toBe('[DONE]')
    expect(list.at(-2)).toMatchObject({ error: { message: 'boom' } })
    expect(heard(list).finish).toBe('')
  })

  test('nothing follows the end', () => {
    const encoder = streamEncoder(about())
    encoder.push([delta('x'), completed()])
    expect(encoder.push([delta('y'), completed()])).toBe('')
  })
})

describe('frames of a chat upstream', () => {
  const frames = [
    ': hello\n\n',
    'data: {"id":"up","choices":[{"index":0,"delta":{"role":"assistant","content":"Hé"}}]}\n\n',
    'data: {"id":"up","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    'data: {"id":"up","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\n',
    'data: [DONE]\n\n',
  ]
  function relayed(list: string[], meta: ReplyMeta): string {
    const decoder = streamDecoder({ keepFrames: true })
    const encoder = streamEncoder(meta)
    const batches = [...list.map((frame) => decoder.push(new TextEncoder().encode(frame))), decoder.end()]
    return batches.map((batch) => encoder.push(batch)).join('')
  }

  test('go out as they came', () => {
    expect(relayed(frames, about(USAGE))).toBe(frames.join(''))
  })

  test('without the usage chunk when the client did not ask: it has no choices to read', () => {
    expect(relayed(frames, about())).toBe(frames.filter((frame) => !frame.includes('usage')).join(''))
  })

  test('with the end that an upstream forgot', () => {
    expect(relayed(frames.slice(0, 3), about())).toBe(`${frames.slice(0, 3).join('')}data: [DONE]\n\n`)
  })
})

describe('stream and whole reply agree', () => {
  const text = fc.string({ maxLength: 12 })
  const item: fc.Arbitrary<PivotItem> = fc.oneof(
    fc.array(text, { minLength: 1, maxLength: 3 }).map((texts) => ({
      type: 'message' as const,
      role: 'assistant' as const,
      content: texts.map((one) => ({ type: 'output_text' as const, text: one })),
    })),
    text.map((refusal) => ({
      type: 'message' as const,
      role: 'assistant' as const,
      content: [{ type: 'refusal' as const, refusal }],
    })),
    fc.array(text, { maxLength: 3 }).map((texts) => ({
      type: 'reasoning' as const,
      summary: texts.map((one) => ({ type: 'summary_text' as const, text: one })),
    })),
    fc.tuple(fc.nat(9), text).map(([name, input]) => call(`f${name}`, input)),
    fc.tuple(fc.nat(9), text).map(([name, input]) => custom(`c${name}`, input)),
  )

  test('for any output', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), fc.boolean(), (plain, deltas) => {
        const items = plain.map((one, index) => ({
          ...one,
          id: `i${index}`,
          ...('call_id' in one ? { call_id: `c${index}` } : {}),
        })) as PivotItem[]
        const events = items.flatMap((one, index) => [
          ...(deltas
            ? [
                added(
                  index,
                  'arguments' in one ? { ...one, arguments: '' } : 'input' in one ? { ...one, input: '' } : one,
                ),
              ]
            : []),
          ...(deltas ? deltasOf(one, index) : []),
          done(index, one),
        ])
        const streamed = heard(encode([...events, completed()]))
        const { message: whole, finish_reason } = encodeResponse(
          { id: 'r', status: 'completed', output: items },
          about(),
        ).choices[0]
        expect(streamed).toMatchObject({
          content: whole.content ?? '',
          refusal: whole.refusal ?? '',
          reasoning: whole.reasoning_content ?? '',
          finish: finish_reason,
          calls: (whole.tool_calls ?? []).map((one) =>
            one.type === 'function'
              ? [one.id, one.function.name, one.function.arguments]
              : [one.id, one.custom.name, one.custom.input],
          ),
        })
      }),
    )
  })

  function deltasOf(one: PivotItem, index: number): PivotEvent[] {
    if (one.type === 'function_call') return [args(String(one['arguments']), index)]
    if (one.type !== 'message') return []
    return (one['content'] as { type: string; text: string }[]).flatMap((part, content_index) =>
      part.type === 'output_text' ? [{ ...delta(part.text, index), content_index } as PivotEvent] : [],
    )
  }
})
