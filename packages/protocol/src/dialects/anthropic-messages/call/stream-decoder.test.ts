import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { responseReducer, type FunctionCallItem, type PivotEvent, type PivotResponse } from '../../../pivot/index.js'
import { decodeResponse } from './decode-response.js'
import { failureOf } from './read-error.js'
import { streamDecoder } from './stream-decoder.js'

type Json = Record<string, unknown>

const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 5, output_tokens: 1 },
  },
}
const STOP = { type: 'message_stop' }

const begin = (index: number, content_block: Json) => ({ type: 'content_block_start', index, content_block })
const more = (index: number, delta: Json) => ({ type: 'content_block_delta', index, delta })
const stop = (index: number) => ({ type: 'content_block_stop', index })
const ending = (delta: Json, usage: Json = { output_tokens: 7 }) => ({ type: 'message_delta', delta, usage })
const done = (reason = 'end_turn') => [ending({ stop_reason: reason, stop_sequence: null }), STOP]

const wire = (events: readonly Json[]) =>
  events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('')

function eventsOf(events: readonly Json[] | string, options = {}): PivotEvent[] {
  const decoder = streamDecoder(options)
  const text = typeof events === 'string' ? events : wire(events)
  return [...decoder.push(new TextEncoder().encode(text)), ...decoder.end()]
}

function answerOf(events: readonly Json[] | string): PivotResponse {
  const reducer = responseReducer()
  reducer.push(eventsOf(events))
  return reducer.response()
}

describe('blocks', () => {
  test('each text block is a message, with what it cites', () => {
    const citation = {
      type: 'web_search_result_location',
      url: 'https://a.example',
      title: 'A',
      cited_text: 'c',
      encrypted_index: 'e',
    }
    const page = { type: 'page_location', document_title: 'Doc', document_index: 0, start_page_number: 1 }
    const { output } = answerOf([
      START,
      begin(0, { type: 'text', text: 'so ' }),
      more(0, { type: 'citations_delta', citation }),
      more(0, { type: 'text_delta', text: 'said "A"' }),
      more(0, { type: 'citations_delta', citation: page }),
      stop(0),
      begin(1, { type: 'text', text: '' }),
      more(1, { type: 'text_delta', text: '.' }),
      stop(1),
      ...done(),
    ])
    expect(output).toMatchObject([
      {
        type: 'message',
        content: [
          {
            text: 'so said "A"',
            annotations: [
              {
                type: 'url_citation',
                url: 'https://a.example',
                title: 'A',
                start_index: 0,
                end_index: 11,
                extra: { 'anthropic-messages': citation },
              },
              { type: 'file_citation', filename: 'Doc', extra: { 'anthropic-messages': page } },
            ],
          },
        ],
      },
      { type: 'message', content: [{ text: '.', annotations: [] }] },
    ])
  })

  test('thoughts keep their signature, hidden ones their data', () => {
    const { output } = answerOf([
      START,
      begin(0, { type: 'thinking', thinking: '', signature: '' }),
      more(0, { type: 'thinking_delta', thinking: 'hm' }),
      more(0, { type: 'signature_delta', signature: 'sig' }),
      stop(0),
      begin(1, { type: 'thinking', thinking: '', signature: '' }),
      more(1, { type: 'signature_delta', signature: 'only' }),
      stop(1),
      begin(2, { type: 'redacted_thinking', data: 'secret' }),
      stop(2),
      ...done(),
    ])
    expect(output).toMatchObject([
      {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'hm' }],
        extra: { 'anthropic-messages': { signature: 'sig' } },
      },
      { type: 'reasoning', summary: [], extra: { 'anthropic-messages': { signature: 'only' } } },
      { type: 'reasoning', summary: [], extra: { 'anthropic-messages': { redacted: 'secret' } } },
    ])
  })

  test('a call ends with its block, not with the answer; no input is an empty one', () => {
    const events = eventsOf([
      START,
      begin(0, { type: 'tool_use', id: 'toolu_1', name: 'ls', input: {}, caller: { type: 'direct' } }),
      more(0, { type: 'input_json_delta', partial_json: '' }),
      more(0, { type: 'input_json_delta', partial_json: '{"a":' }),
      more(0, { type: 'input_json_delta', partial_json: '1}' }),
      stop(0),
      begin(1, { type: 'tool_use', id: 'toolu_2', name: 'pwd', input: {} }),
      stop(1),
      ...done('tool_use'),
    ])
    const ends = events.flatMap((event) =>
      event.type === 'response.output_item.done' || event.type === 'response.output_item.added'
        ? [`${event.type.slice(21)} ${event.output_index}`]
        : [],
    )
    expect(ends).toEqual(['added 0', 'done 0', 'added 1', 'done 1'])
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        output: [
          {
            type: 'function_call',
            call_id: 'toolu_1',
            name: 'ls',
            arguments: '{"a":1}',
            extra: { 'anthropic-messages': { caller: { type: 'direct' } } },
          },
          { type: 'function_call', call_id: 'toolu_2', name: 'pwd', arguments: '{}', status: 'completed' },
        ],
      },
    })
  })

  test('a call that the limit cut is incomplete', () => {
    const { output, status } = answerOf([
      START,
      begin(0, { type: 'tool_use', id: 'toolu_1', name: 'ls', input: {} }),
      more(0, { type: 'input_json_delta', partial_json: '{"a":"' }),
      stop(0),
      ...done('max_tokens'),
    ])
    expect(status).toBe('incomplete')
    expect(output).toMatchObject([{ type: 'function_call', arguments: '{"a":"', status: 'incomplete' }])
  })

  test('a search is one item, with its blocks as they came', () => {
    const use = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }
    const found = { type: 'web_search_result', url: 'https://a.example', title: 'A', encrypted_content: 'x' }
    const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [found] }
    const { output } = answerOf([
      START,
      begin(0, use),
      more(0, { type: 'input_json_delta', partial_json: '{"query":"q"}' }),
      stop(0),
      begin(1, result),
      stop(1),
      ...done(),
    ])
    expect(output).toMatchObject([
      {
        type: 'web_search_call',
        status: 'completed',
        action: { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://a.example', title: 'A' }] },
        extra: { 'anthropic-messages': { use: { ...use, input: { query: 'q' } }, result } },
      },
    ])
  })

  test('a search that the upstream paused goes back as its block', () => {
    const use = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } }
    const { output, incomplete_details } = answerOf([START, begin(0, use), stop(0), ...done('pause_turn')])
    expect(incomplete_details).toEqual({ reason: 'pause_turn' })
    expect(output).toMatchObject([{ type: 'anthropic_block', role: 'assistant', block: use }])
  })

  test('blocks that nobody knows are kept whole', () => {
    const { output } = answerOf([
      START,
      begin(0, { type: 'compaction', content: null }),
      more(0, { type: 'compaction_delta', content: 'so far' }),
      stop(0),
      begin(1, { type: 'from_the_future', x: 1 }),
      more(1, { type: 'future_delta', y: 2 }),
      stop(1),
      ...done(),
    ])
    expect(output).toMatchObject([
      { type: 'anthropic_block', block: { type: 'compaction', content: 'so far' } },
      { type: 'anthropic_block', block: { type: 'from_the_future', x: 1, y: 2 } },
    ])
  })
})

describe('endings', () => {
  test.each([
    ['end_turn', 'completed', undefined],
    ['tool_use', 'completed', undefined],
    ['stop_sequence', 'completed', undefined],
    ['something new', 'completed', undefined],
    ['max_tokens', 'incomplete', 'max_output_tokens'],
    ['refusal', 'incomplete', 'content_filter'],
    ['pause_turn', 'incomplete', 'pause_turn'],
    ['compaction', 'incomplete', 'compaction'],
    ['model_context_window_exceeded', 'incomplete', 'model_context_window_exceeded'],
  ])('%s', (reason, status, word) => {
    const answer = answerOf([START, ...done(reason)])
    expect(answer.status).toBe(status)
    expect(answer.incomplete_details?.reason).toBe(word)
  })

  test('counts are cumulative, and what the pivot has no field for is kept', () => {
    const container = { id: 'c', expires_at: 't' }
    const answer = answerOf([
      START,
      ending({ stop_reason: 'stop_sequence', stop_sequence: 'END', container }, { output_tokens: 3 }),
      {
        ...ending({}, { output_tokens: 9, input_tokens: null, server_tool_use: { web_search_requests: 1 } }),
        context_management: { applied_edits: [] },
      },
      STOP,
    ])
    expect(answer.usage).toEqual({
      input_tokens: 115,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 5 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 124,
    })
    expect(answer.extra?.['anthropic-messages']).toEqual({
      usage: { server_tool_use: { web_search_requests: 1 } },
      stop_sequence: 'END',
      container,
      context_management: { applied_edits: [] },
    })
  })

  test('the prompt is counted from the first event on', () => {
    const [created] = eventsOf([START])
    expect(created).toMatchObject({ type: 'response.created', response: { usage: { input_tokens: 115 } } })
  })

  test('nothing follows the end', () => {
    const events = eventsOf([START, ...done(), START, ...done()])
    expect(events.at(-1)?.type).toBe('response.completed')
    expect(events).toHaveLength(3)
  })
})

describe('framing', () => {
  const text = [
    ': comment\r\n\r\n',
    'event: ping\ndata: {"type": "ping"}\n\n',
    `data: ${JSON.stringify(START)}\n\n`,
    wire([begin(0, { type: 'text', text: '' }), more(0, { type: 'text_delta', text: 'é😀' })]),
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"plain"}  }\n\n',
    wire([more(0, { type: 'text_delta', text: '"\n' }), stop(0), ...call(1, '{"a":"ü"}'), ...done('tool_use')]),
    'data: [DONE]\n\n',
  ].join('')
  const bytes = new TextEncoder().encode(text)

  test('frames joined are the stream', () => {
    const frames = eventsOf(text, { keepFrames: true }).map(({ frame }) => frame ?? '')
    expect(frames.join('')).toBe(text)
  })

  test('any split gives the same events, and so does parsing everything', () => {
    const whole = eventsOf(text)
    expect(eventsOf(text, { readPlain: false })).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        const decoder = streamDecoder()
        const out: PivotEvent[] = []
        let from = 0
        for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
          out.push(...decoder.push(bytes.subarray(from, cut)))
          from = cut
        }
        expect([...out, ...decoder.end()]).toEqual(whole)
      }),
    )
  })

  test('an answer without its last event has no end', () => {
    const cut = eventsOf([START, begin(0, { type: 'text', text: 'x' }), stop(0), ending({ stop_reason: 'end_turn' })])
    expect(cut.map(({ type }) => type)).not.toContain('response.completed')
  })
})

describe('what goes wrong', () => {
  test.each([
    ['overloaded_error', 'overloaded', 'other'],
    ['rate_limit_error', 'rate_limited', 'other'],
    ['authentication_error', 'credential_revoked', 'other'],
    ['api_error', 'overloaded', 'other'],
    ['timeout_error', 'timeout', 'other'],
    ['invalid_request_error', 'invalid_request', 'never'],
    ['of_the_future', 'overloaded', 'other'],
  ])('an %s ends the stream', (type, kind, retry) => {
    const events = eventsOf([START, { type: 'error', error: { type, message: 'Alas' } }, ...done()])
    const last = events.at(-1)
    expect(last).toMatchObject({ type: 'error', message: 'Alas', errorType: type })
    expect(last === undefined ? undefined : failureOf(last)).toMatchObject({ kind, retry, phase: 'sent' })
  })

  test.each([
    ['no JSON', 'data: {"type":\n\n'],
    ['no object', 'data: 7\n\n'],
    ['a call that is told differently the second time', twice('{"a":1', '{"b":2}')],
    ['a call that is told shorter the second time', twice('{"a":1', '{"a"')],
    ['another answer after a call was told', wire([START, ...call(0, '{}'), START, ...call(0, '{}'), ...done()])],
  ])('%s is an error', (_, text) => {
    expect(eventsOf(text).at(-1)?.type).toBe('error')
  })

  test('an answer that is begun anew in the midst of a text goes on', () => {
    const { output, status } = answerOf([
      START,
      begin(0, { type: 'text', text: '' }),
      more(0, { type: 'text_delta', text: 'He' }),
      START,
      begin(0, { type: 'text', text: '' }),
      more(0, { type: 'text_delta', text: 'Hello' }),
      stop(0),
      ...done(),
    ])
    expect(status).toBe('completed')
    expect(output).toHaveLength(2)
  })

  test.each<[string, Json]>([
    ['an event', { type: 'message_note', note: 1 }],
    ['a delta', more(0, { type: 'note_delta', note: 1 })],
    ['a delta without a block', more(7, { type: 'note_delta', note: 1 })],
    ['an event without its fields', { type: 'content_block_delta' }],
    ['a block without a type', begin(0, {})],
    ['the end of a block that never began', stop(9)],
  ])('%s that nobody knows changes nothing', (_, event) => {
    const text = [begin(1, { type: 'text', text: 'hi' }), stop(1), ...done()]
    const { status, output } = answerOf([START, event, ...text])
    expect(status).toBe('completed')
    expect(output.filter(({ type }) => type === 'message')).toHaveLength(1)
  })

  test('servers that leave out begins and ends are understood', () => {
    const { output, status } = answerOf([
      more(0, { type: 'thinking_delta', thinking: 'hm' }),
      more(1, { type: 'text_delta', text: 'hi' }),
      begin(2, { type: 'tool_use', id: 't', name: 'ls', input: { a: 1 } }),
      STOP,
    ])
    expect(status).toBe('completed')
    expect(output).toMatchObject([
      { type: 'reasoning', summary: [{ text: 'hm' }] },
      { type: 'message', content: [{ text: 'hi' }] },
      { type: 'function_call', arguments: '{"a":1}' },
    ])
  })

  test.each([7, null, [], 'x'])('a whole reply that is %j is an error', (body) => {
    expect(decodeResponse(body).at(-1)?.type).toBe('error')
  })

  test('an error body where a message was expected', () => {
    const [event] = decodeResponse({ type: 'error', error: { type: 'api_error', message: 'no' } })
    expect(event).toMatchObject({ type: 'error', message: 'no', status: 500 })
  })
})

function call(index: number, input: string): Json[] {
  return [
    begin(index, { type: 'tool_use', id: 't', name: 'ls', input: {} }),
    more(index, { type: 'input_json_delta', partial_json: input }),
    stop(index),
  ]
}

function twice(first: string, second: string): string {
  return wire([START, ...call(0, first).slice(0, 2), START, ...call(0, second), ...done('tool_use')])
}

describe('servers that imitate this API', () => {
  const use = (id: string) => ({ type: 'tool_use', id, name: 'ls', input: {} })
  const input = (partial_json: string) => ({ type: 'input_json_delta', partial_json })
  const calls = (events: readonly Json[]) =>
    (answerOf(events).output as FunctionCallItem[]).map(({ call_id, arguments: told, status }) => [
      call_id,
      told,
      status,
    ])
  const both = [
    ['a', '{"x":1}', 'completed'],
    ['b', '{"y":2}', 'completed'],
  ]

  test('may tell parallel calls piece by piece', () => {
    const told = [
      START,
      begin(0, use('a')),
      begin(1, use('b')),
      more(0, input('{"x"')),
      more(1, input('{"y"')),
      more(0, input(':1}')),
      stop(0),
      more(1, input(':2}')),
      stop(1),
    ]
    expect(calls([...told, ...done('tool_use')])).toEqual(both)
  })

  test.each<[string, Json[]]>([
    [
      'may leave out where a block ends',
      [begin(0, use('a')), more(0, input('{"x":1}')), begin(1, use('b')), more(1, input('{"y":2}'))],
    ],
    [
      'may number all blocks alike',
      [begin(0, use('a')), more(0, input('{"x":1}')), stop(0), begin(0, use('b')), more(0, input('{"y":2}')), stop(0)],
    ],
    [
      'may number all blocks alike and leave out where they end',
      [begin(0, use('a')), more(0, input('{"x":1}')), begin(0, use('b')), more(0, input('{"y":2}'))],
    ],
  ])('%s', (_, told) => {
    expect(calls([START, ...told, ...done('tool_use')])).toEqual(both)
  })

  test('a begin anew while calls are told ends in an error, for no call can be taken back', () => {
    const told = [START, begin(0, use('a')), begin(1, use('b')), START, ...done('tool_use')]
    expect(eventsOf(told).at(-1)).toMatchObject({ type: 'error' })
  })
})

test('the container that the begin of a message tells is kept', () => {
  const start = { ...START, message: { ...START.message, container: { id: 'c' } } }
  expect(answerOf([start, ...done()]).extra).toMatchObject({ 'anthropic-messages': { container: { id: 'c' } } })
  const later = { stop_reason: 'end_turn', container: { id: 'd' } }
  expect(answerOf([start, ending(later), STOP]).extra).toMatchObject({
    'anthropic-messages': { container: { id: 'd' } },
  })
})
