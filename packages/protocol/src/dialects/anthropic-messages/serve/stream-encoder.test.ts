import Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Note, ReplyMeta } from '../../../dialect.js'
import {
  escapeText,
  responseReducer,
  type FunctionCallItem,
  type MessageItem,
  type PivotEvent,
  type PivotItem,
  type PivotRequest,
  type PivotResponse,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { ANTHROPIC } from '../wire.js'
import { decodeRequest } from './decode-request.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

const REQUEST: PivotRequest = { model: 'm', input: [] }

function about(fields: Partial<ReplyMeta> = {}): ReplyMeta {
  return { requestId: 'r1', model: 'claude-x', createdAt: 1, request: REQUEST, ...fields }
}

const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
}

/** The events of one item, its text in pieces of `size`. */
function told(output_index: number, item: PivotItem, size = 3): PivotEvent[] {
  const item_id = item.id ?? ''
  const pieces = (text: string) => text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []
  const middle = (): PivotEvent[] => {
    switch (item.type) {
      case 'message':
        return ((item as MessageItem).content as { type: string; text?: string; refusal?: string }[]).flatMap(
          (part, content_index) => [
            ...pieces(part.text ?? part.refusal ?? '').map((piece) => ({
              type:
                part.type === 'refusal' ? ('response.refusal.delta' as const) : ('response.output_text.delta' as const),
              item_id,
              output_index,
              content_index,
              escaped: escapeText(piece),
            })),
            { type: 'response.content_part.done' as const, item_id, output_index, content_index, part },
          ],
        )
      case 'reasoning':
        return (item as ReasoningItem).summary.flatMap(({ text }, summary_index) =>
          pieces(text).map((piece) => ({
            type: 'response.reasoning_summary_text.delta' as const,
            item_id,
            output_index,
            summary_index,
            escaped: escapeText(piece),
          })),
        )
      case 'function_call':
        return pieces((item as FunctionCallItem).arguments).map((piece) => ({
          type: 'response.function_call_arguments.delta' as const,
          item_id,
          output_index,
          escaped: escapeText(piece),
        }))
      default:
        return []
    }
  }
  const bare: PivotItem =
    item.type === 'function_call'
      ? { ...item, arguments: '' }
      : item.type === 'message'
        ? { ...item, content: [] }
        : item
  return [
    { type: 'response.output_item.added', output_index, item: bare },
    ...middle(),
    { type: 'response.output_item.done', output_index, item },
  ]
}

function ended(fields: Partial<PivotResponse> = {}): PivotEvent {
  const type = fields.status === 'incomplete' ? 'response.incomplete' : 'response.completed'
  return { type, response: { id: 'resp', status: 'completed', output: [], usage, ...fields } }
}

const created: PivotEvent = { type: 'response.created', response: { id: 'resp', output: [] } }

function answer(...items: PivotItem[]): PivotEvent[] {
  return [created, ...items.flatMap((item, at) => told(at, item)), ended()]
}

function wire(events: readonly PivotEvent[], meta = about()): string {
  return streamEncoder(meta).push(events)
}

function client(text: string): Anthropic {
  return new Anthropic({
    apiKey: 'k',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } })),
  })
}

async function received(text: string): Promise<Anthropic.Message> {
  return client(text)
    .messages.stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] })
    .finalMessage()
}

interface Frame {
  event: string
  data: Record<string, unknown>
}

function frames(text: string): Frame[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const [event, data, ...rest] = frame.split('\n')
      expect(rest).toEqual([])
      return { event: event!.slice('event: '.length), data: JSON.parse(data!.slice('data: '.length)) as Frame['data'] }
    })
}

const say = (text: string, id = 'msg_1'): MessageItem => ({
  type: 'message',
  id,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
})
const call = (call_id: string, args: string, name = 'ls'): FunctionCallItem => ({
  type: 'function_call',
  id: `fc_${call_id}`,
  call_id,
  name,
  arguments: args,
  status: 'completed',
})
const thought: ReasoningItem = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [
    { type: 'summary_text', text: 'First "this".' },
    { type: 'summary_text', text: 'Then\nthat.' },
  ],
  encrypted_content: 'gAAAA==',
}

describe('a stream as the official client reads it', () => {
  test('text, with the usage that the upstream told', async () => {
    const message = await received(wire(answer(say('Hello "you"\n🦊'))))
    expect(message).toMatchObject({
      id: 'msg_r1',
      model: 'claude-x',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hello "you"\n🦊' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 30,
        cache_read_input_tokens: 60,
        cache_creation_input_tokens: 10,
        output_tokens: 20,
        output_tokens_details: { thinking_tokens: 5 },
      },
    })
  })

  test('the whole ladder, name by name', () => {
    expect(
      frames(wire(answer(say('abcd')))).map(({ event, data }) => [event, data['index'], data['type'] === event]),
    ).toEqual([
      ['message_start', undefined, true],
      ['content_block_start', 0, true],
      ['content_block_delta', 0, true],
      ['content_block_delta', 0, true],
      ['content_block_stop', 0, true],
      ['message_delta', undefined, true],
      ['message_stop', undefined, true],
    ])
  })

  test('thinking, text and parallel calls', async () => {
    const message = await received(wire(answer(thought, say('so'), call('call_1', '{"a":1}'), call('call_2', ''))))
    expect(message.content).toMatchObject([
      {
        type: 'thinking',
        thinking: 'First "this".\n\nThen\nthat.',
        signature: expect.stringMatching(/^dgm1\./) as string,
      },
      { type: 'text', text: 'so' },
      { type: 'tool_use', id: 'call_1', name: 'ls', input: { a: 1 } },
      { type: 'tool_use', id: 'call_2', name: 'ls', input: {} },
    ])
    expect(message.stop_reason).toBe('tool_use')
  })

  test('ids of calls that Anthropic does not allow', async () => {
    const message = await received(wire(answer(call('functions.ls:0', '{}'))))
    expect(message.content[0]).toMatchObject({ id: expect.stringMatching(/^[a-zA-Z0-9_-]+$/) as string })
  })

  test('a call whose name comes late', async () => {
    const whole = call('call_1', '{"a":[1,2]}')
    const events = told(0, whole)
    events[0] = { type: 'response.output_item.added', output_index: 0, item: { ...whole, name: '', call_id: '' } }
    const message = await received(wire([...events, ended()]))
    expect(message.content).toMatchObject([{ type: 'tool_use', id: 'call_1', name: 'ls', input: { a: [1, 2] } }])
  })

  test('a custom tool call, whose free text stands in a field', async () => {
    const item: PivotItem = { type: 'custom_tool_call', id: 'c', call_id: 'call_1', name: 'patch', input: 'a "b"\n\\c' }
    const notes: Note[] = []
    const events: PivotEvent[] = [
      { type: 'response.output_item.added', output_index: 0, item: { ...item, input: '' } },
      { type: 'response.custom_tool_call_input.delta', item_id: 'c', output_index: 0, escaped: escapeText('a "b"') },
      { type: 'response.custom_tool_call_input.delta', item_id: 'c', output_index: 0, escaped: escapeText('\n\\c') },
      { type: 'response.output_item.done', output_index: 0, item },
      ended(),
    ]
    const message = await received(wire(events, about({ note: (note) => void notes.push(note) })))
    expect(message.content).toMatchObject([{ type: 'tool_use', name: 'patch', input: { input: 'a "b"\n\\c' } }])
    expect(notes).toMatchObject([{ what: 'emulated', pointer: '/output/0' }])
  })

  test('an empty answer', async () => {
    const message = await received(wire([created, ended()]))
    expect(message).toMatchObject({ content: [], stop_reason: 'end_turn' })
  })

  test('a refusal, as text with its own stop reason', async () => {
    const item: MessageItem = { ...say(''), content: [{ type: 'refusal', refusal: 'I will not.' }] }
    const message = await received(wire(answer(item)))
    expect(message).toMatchObject({ content: [{ type: 'text', text: 'I will not.' }], stop_reason: 'refusal' })
  })

  test.each([
    ['max_output_tokens', 'max_tokens'],
    ['content_filter', 'refusal'],
    ['pause_turn', 'pause_turn'],
    ['model_context_window_exceeded', 'model_context_window_exceeded'],
    ['interrupted', 'max_tokens'],
  ])('an answer cut by %s ends with %s', async (reason, expected) => {
    const end = ended({ status: 'incomplete', incomplete_details: { reason } })
    const message = await received(wire([created, ...told(0, say('half')).slice(0, -1), end]))
    expect(message).toMatchObject({ content: [{ type: 'text', text: 'half' }], stop_reason: expected })
  })

  test('a call that was cut', async () => {
    const end = ended({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    const message = await received(wire([...told(0, call('call_1', '{"a":"bcdef"}')).slice(0, 4), end]))
    expect(message).toMatchObject({ content: [{ type: 'tool_use', id: 'call_1' }], stop_reason: 'max_tokens' })
  })

  test('a stop sequence', async () => {
    const end = ended({ extra: { [ANTHROPIC]: { stop_sequence: 'END' } } })
    const message = await received(wire([...told(0, say('x')), end]))
    expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' })
  })

  test('a web search that found pages, and a citation', async () => {
    const page = { url: 'https://example.com/a', title: 'A' }
    const search: PivotItem = {
      type: 'web_search_call',
      id: 'ws_1',
      status: 'completed',
      action: { type: 'search', query: 'foxes', sources: [{ type: 'url', ...page }] },
    }
    const annotation = { type: 'url_citation', start_index: 0, end_index: 5, ...page }
    const text: MessageItem = {
      ...say(''),
      content: [{ type: 'output_text', text: 'Foxes run.', annotations: [annotation] }],
    }
    const message = await received(wire(answer(search, text)))
    expect(message.content).toMatchObject([
      { type: 'server_tool_use', id: 'srvtoolu_dgm_ws_1', name: 'web_search', input: { query: 'foxes' } },
      {
        type: 'web_search_tool_result',
        tool_use_id: 'srvtoolu_dgm_ws_1',
        content: [{ type: 'web_search_result', ...page }],
      },
      {
        type: 'text',
        text: 'Foxes run.',
        citations: [{ type: 'web_search_result_location', cited_text: 'Foxes', ...page }],
      },
    ])
    expect(message.usage.server_tool_use).toMatchObject({ web_search_requests: 1 })
    expect(message.stop_reason).toBe('end_turn')
  })

  test('a web search that does not say what it found is answered with what the answer cites', async () => {
    const search = (id: string): PivotItem => ({
      type: 'web_search_call',
      id,
      status: 'completed',
      action: { type: 'search', query: id },
    })
    const page = { url: 'https://example.com/a', title: 'A' }
    const annotation = { type: 'url_citation', start_index: 0, end_index: 1, ...page }
    const text: MessageItem = { ...say(''), content: [{ type: 'output_text', text: 'x', annotations: [annotation] }] }
    const message = await received(wire(answer(search('ws_1'), search('ws_2'), text)))
    expect(message.content.map(({ type }) => type)).toEqual([
      'server_tool_use',
      'web_search_tool_result',
      'server_tool_use',
      'text',
      'web_search_tool_result',
    ])
    expect(message.content[1]).toMatchObject({ tool_use_id: 'srvtoolu_dgm_ws_1', content: [] })
    expect(message.content[4]).toMatchObject({ tool_use_id: 'srvtoolu_dgm_ws_2', content: [page] })
  })

  test('a picture, as Markdown', async () => {
    const notes: Note[] = []
    const item: PivotItem = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'aGk=' }
    const message = await received(wire(answer(item), about({ note: (note) => void notes.push(note) })))
    expect(message.content).toMatchObject([
      { type: 'text', text: '![generated image](data:image/png;base64,aGk= "ig_1")' },
    ])
    expect(notes).toMatchObject([{ what: 'emulated' }])
  })

  test('an item that no message knows is left out, with a note', async () => {
    const notes: Note[] = []
    const message = await received(
      wire(answer({ type: 'mcp_call', id: 'x' }, say('y')), about({ note: (note) => void notes.push(note) })),
    )
    expect(message.content).toMatchObject([{ type: 'text', text: 'y' }])
    expect(notes).toMatchObject([{ what: 'dropped', pointer: '/output/0' }])
  })
})

describe('what a client sees of reasoning', () => {
  const asked = (thinking: unknown, tools: object[] = []): ReplyMeta => {
    const body = { max_tokens: 1, messages: [{ role: 'user', content: 'x' }], thinking, tools }
    return about({ request: decodeRequest(body, { headers: {} }).value })
  }
  const tool = { name: 'ls', input_schema: {} }

  test.each<[string, ReplyMeta, object[]]>([
    [
      'all of it, when it asked for thinking',
      asked({ type: 'adaptive' }),
      [{ type: 'thinking', thinking: 'First "this".\n\nThen\nthat.' }, {}],
    ],
    [
      'an empty signed block, when it asked not to be shown',
      asked({ type: 'adaptive', display: 'omitted' }),
      [{ type: 'thinking', thinking: '' }, {}],
    ],
    ['nothing, when it asked for none and has no tools', asked(undefined), [{}]],
    ['nothing, when it forbade it and has no tools', asked({ type: 'disabled' }), [{}]],
    ['an empty signed block, when it has tools', asked(undefined, [tool]), [{ type: 'thinking', thinking: '' }, {}]],
  ])('%s', async (_, meta, blocks) => {
    const events = answer(thought, say('so'))
    const message = await received(wire(events, meta))
    expect(message.content).toMatchObject(blocks)
    expect(message.content).toHaveLength(blocks.length)
    const reducer = responseReducer()
    reducer.push(events)
    expect(encodeResponse(reducer.response(), meta).content).toMatchObject(blocks)
  })

  test('a thought of Anthropic keeps its signature, a withheld one its data', async () => {
    const own: ReasoningItem = {
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'hm' }],
      extra: { [ANTHROPIC]: { signature: 'SIG' } },
    }
    const withheld: ReasoningItem = { type: 'reasoning', summary: [], extra: { [ANTHROPIC]: { redacted: 'DATA' } } }
    const message = await received(wire(answer(own, withheld)))
    expect(message.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 'SIG' },
      { type: 'redacted_thinking', data: 'DATA' },
    ])
  })

  test('a thought without text and state is no block', () => {
    const empty: ReasoningItem = { type: 'reasoning', id: 'rs', summary: [] }
    expect(frames(wire(answer(empty))).map(({ event }) => event)).toEqual([
      'message_start',
      'message_delta',
      'message_stop',
    ])
  })
})

describe('items that are told at the same time', () => {
  test('a message goes on after a thought that came in between', async () => {
    const [a0, a1, a2, ...a] = told(0, say('abcdef'))
    const message = await received(wire([a0!, a1!, ...told(1, thought), a2!, ...a, ended()]))
    expect(message.content).toMatchObject([{ text: 'abc' }, { type: 'thinking' }, { text: 'def' }])
  })

  test('any interleaving gives the same message', async () => {
    const items: PivotItem[] = [
      call('c1', '{"a":"xyz"}'),
      call('c2', '{}'),
      call('c3', ''),
      call('c4', '{"b":[1,2,3]}'),
    ]
    const queues = items.map((item, at) => told(at, item, 2))
    const added = queues.map((queue) => queue[0]!)
    const expected = encodeResponse({ id: 'resp', status: 'completed', output: items, usage }, about())
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), async (picks) => {
        const rest = queues.map((queue) => queue.slice(1))
        const mixed: PivotEvent[] = []
        for (const pick of picks) {
          const event = rest[pick]!.shift()
          if (event !== undefined) mixed.push(event)
        }
        const text = wire([created, ...added, ...mixed, ...rest.flat(), ended()])
        let open: unknown
        for (const { event, data } of frames(text)) {
          if (event === 'content_block_start') expect(open).toBe(undefined)
          if (event === 'content_block_start') open = data['index']
          if (event === 'content_block_delta' || event === 'content_block_stop') expect(data['index']).toBe(open)
          if (event === 'content_block_stop') open = undefined
        }
        const message = await received(text)
        expect(message.content).toEqual(expected.content)
        expect(message.stop_reason).toBe('tool_use')
      }),
      { numRuns: 60 },
    )
  })

  test('any cut of the batches gives the same text', () => {
    const events = answer(thought, say('Hello'), call('c1', '{"a":1}'))
    const whole = wire(events)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: events.length })), (cuts) => {
        const encoder = streamEncoder(about())
        const at = [0, ...cuts.sort((a, b) => a - b), events.length]
        const parts = at.slice(1).map((end, index) => encoder.push(events.slice(at[index], end)))
        expect(parts.join('')).toBe(whole)
      }),
    )
  })

  test('a stream and a whole response tell the same', async () => {
    const items = [thought, say('Hello "x"'), call('c1', '{"a":{"b":[]}}'), call('k:2', '')]
    const message = await received(wire(answer(...items)))
    const whole = encodeResponse({ id: 'resp', status: 'completed', output: items, usage }, about())
    const texts = whole.content.map((block) => (block.type === 'text' ? { type: 'text', text: block['text'] } : block))
    expect(message.content).toEqual(texts)
    expect(message.usage).toMatchObject(whole.usage)
  })
})

describe('lean upstreams', () => {
  test('an item that is told only at the end', async () => {
    const message = await received(wire([created, ended({ output: [say('late')] })]))
    expect(message.content).toMatchObject([{ type: 'text', text: 'late' }])
  })

  test('an item that is begun in deltas and ended by the response', async () => {
    const message = await received(
      wire([...told(0, say('half of it')).slice(0, 3), ended({ output: [say('half of it')] })]),
    )
    expect(message.content).toMatchObject([{ type: 'text', text: 'half of it' }])
  })

  test('items that the response numbers differently are told once', async () => {
    const end = ended({ output: [say('a'), call('c1', '{}')] })
    const message = await received(wire([...told(1, say('a')), ...told(2, call('c1', '{}')), end]))
    expect(message.content.map(({ type }) => type)).toEqual(['text', 'tool_use'])
  })

  test('items whose ids change on the way are told once', async () => {
    const end = ended({ output: [say('a', 'msg_other'), say('b', 'msg_another')] })
    const message = await received(wire([...told(0, say('a', 'msg_1')), ...told(1, say('b', 'msg_2')), end]))
    expect(message.content).toMatchObject([{ text: 'a' }, { text: 'b' }])
  })

  test('input tokens are counted here when the upstream has not told them', () => {
    let counted = 0
    const [start] = frames(wire(answer(say('x')), about({ inputTokens: () => ++counted && 42 })))
    expect(start!.data['message']).toMatchObject({ usage: { input_tokens: 42 } })
    expect(counted).toBe(1)
  })

  test('and not when it has', () => {
    const early: PivotEvent = { type: 'response.in_progress', response: { id: 'resp', output: [], usage } }
    const [start] = frames(wire([early, ...answer(say('x'))], about({ inputTokens: () => 42 })))
    expect(start!.data['message']).toMatchObject({ usage: { input_tokens: 30 } })
  })
})

describe('a stream that fails', () => {
  const failure = {
    kind: 'overloaded',
    scope: 'provider',
    phase: 'committed',
    retry: 'never',
    message: 'no room',
  } as const

  test('is told in the one form that clients report', () => {
    expect(streamEncoder(about()).fail(failure)).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"no room"},"request_id":"r1"}\n\n',
    )
  })

  test('throws in the client, whatever was told before', async () => {
    const events = answer(thought, say('Hello'), call('c1', '{"a":1}'))
    for (let at = 0; at < events.length; at++) {
      const encoder = streamEncoder(about())
      const text = encoder.push(events.slice(0, at)) + encoder.fail(failure)
      await expect(received(text)).rejects.toThrow('no room')
      const stream = await client(text).messages.create({ model: 'm', max_tokens: 1, messages: [], stream: true })
      await expect(
        (async () => {
          for await (const _ of stream) void _
        })(),
      ).rejects.toThrow('no room')
      expect(encoder.push(events.slice(at)) + encoder.heartbeat() + encoder.fail(failure)).toBe('')
    }
  })

  test.each<[string, PivotEvent]>([
    [
      'response.failed',
      {
        type: 'response.failed',
        response: { id: 'r', output: [], error: { code: 'server_is_overloaded', message: 'no room' } },
      },
    ],
    ['error', { type: 'error', code: 'server_is_overloaded', message: 'no room' }],
  ])('by %s of the upstream, too', async (_, event) => {
    const text = wire([created, ...told(0, say('Hel')), event])
    expect(frames(text).at(-1)).toMatchObject({ event: 'error', data: { error: { type: 'overloaded_error' } } })
    await expect(received(text)).rejects.toThrow('no room')
  })

  test('a failure after the end says nothing', () => {
    const encoder = streamEncoder(about())
    encoder.push(answer(say('x')))
    expect(encoder.fail(failure)).toBe('')
    expect(encoder.heartbeat()).toBe('')
  })
})

test('heartbeats are pings, also before the message', async () => {
  const encoder = streamEncoder(about())
  const events = answer(thought, say('Hello'))
  let text = encoder.heartbeat()
  for (const event of events.slice(0, -1)) text += encoder.push([event]) + encoder.heartbeat()
  text += encoder.push(events.slice(-1))
  expect(text.startsWith('event: ping\ndata: {"type":"ping"}\n\n')).toBe(true)
  expect((await received(text)).content).toMatchObject([{ type: 'thinking' }, { type: 'text', text: 'Hello' }])
})

test('frames of an Anthropic upstream are written as they came', () => {
  const text = wire(answer(say('Hello')))
  const raw = text
    .split('\n\n')
    .filter(Boolean)
    .map((frame) => `${frame}\n\n`)
  const events: PivotEvent[] = raw.map((frame, at) =>
    at === raw.length - 2 ? { ...ended(), frame } : { type: 'other', name: 'x', frame },
  )
  expect(wire(events)).toBe(text)
  const encoder = streamEncoder(about())
  const failed = encoder.push([
    events[0]!,
    { type: 'error', message: 'no room', status: 529, frame: 'event: error\ndata: {}\n\n' },
  ])
  expect(frames(failed).at(-1)?.data).toMatchObject({ type: 'error', request_id: 'r1', error: { message: 'no room' } })
})
