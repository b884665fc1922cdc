import fc from 'fast-check'
import { Ollama, type ChatResponse, type GenerateResponse } from 'ollama'
import { describe, expect, test } from 'vitest'
import type { Note, ReplyMeta } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
import {
  deltaText,
  escapeText,
  responseReducer,
  type PivotEvent,
  type PivotItem,
  type PivotRequest,
  type PivotResponse,
} from '../../../pivot/index.js'
import { streamDecoder } from '../call/stream-decoder.js'
import { encodeError } from '../errors.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

type Json = Record<string, unknown>

function about(extra: PivotRequest['extra'] = {}, notes: Note[] = []): ReplyMeta {
  return {
    requestId: 'r1',
    model: 'm "x"',
    createdAt: 1_800_000_000,
    request: { model: 'm', input: [], extra },
    note: (note) => void notes.push(note),
  }
}
const GENERATE = { 'ollama-reply': { form: 'generate' } }

const text = (said: string, id = 'm'): PivotItem => ({
  type: 'message',
  id,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: said }],
})
const thought = (said: string, id = 'r'): PivotItem => ({
  type: 'reasoning',
  id,
  summary: [{ type: 'summary_text', text: said }],
})
const call = (name: string, args: string, id = name): PivotItem => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: args,
})
const picture = (result: string): PivotItem => ({
  type: 'image_generation_call',
  id: `ig_${result}`,
  status: 'completed',
  result,
})
const done = (output_index: number, item: PivotItem): PivotEvent => ({
  type: 'response.output_item.done',
  output_index,
  item,
})
const added = (output_index: number, item: PivotItem): PivotEvent => ({
  type: 'response.output_item.added',
  output_index,
  item,
})
const said = (delta: string, output_index = 0, content_index = 0): PivotEvent => ({
  type: 'response.output_text.delta',
  item_id: 'm',
  output_index,
  content_index,
  escaped: escapeText(delta),
})
const thinks = (delta: string, output_index = 0): PivotEvent => ({
  type: 'response.reasoning_summary_text.delta',
  item_id: 'r',
  output_index,
  summary_index: 0,
  escaped: escapeText(delta),
})
const asks = (delta: string, output_index = 0): PivotEvent => ({
  type: 'response.function_call_arguments.delta',
  item_id: 'c',
  output_index,
  escaped: escapeText(delta),
})
const USAGE = { input_tokens: 3, output_tokens: 5, total_tokens: 8 }
const completed = (more: Partial<PivotResponse> = {}): PivotEvent => ({
  type: 'response.completed',
  response: { id: 'resp', output: [], usage: USAGE, ...more },
})
const incomplete = (reason: string, output: PivotItem[] = []): PivotEvent => ({
  type: 'response.incomplete',
  response: { id: 'resp', output, incomplete_details: { reason } },
})

/** Lines of a stream; every one must be whole. */
function linesOf(stream: string): Json[] {
  expect(stream === '' || stream.endsWith('\n')).toBe(true)
  return stream
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Json)
}
const encoded = (events: PivotEvent[], meta = about()): Json[] => linesOf(streamEncoder(meta).push(events))

/** What a client puts together. */
function heard(lines: Json[]) {
  const out = { content: '', thinking: '', calls: [] as Json[], images: [] as unknown[], last: {} as Json }
  for (const line of lines) {
    const message = (line['message'] ?? line) as Json
    out.content += String(message['content'] ?? message['response'] ?? '')
    out.thinking += String(message['thinking'] ?? '')
    for (const one of (message['tool_calls'] ?? []) as Json[]) out.calls.push(one)
    out.images.push(...((message['images'] ?? (message['image'] === undefined ? [] : [message['image']])) as unknown[]))
    const { message: _, response: __, thinking: ___, tool_calls: ____, image: _____, ...rest } = line
    out.last = rest
  }
  return out
}

const HEAD = { model: 'm "x"', created_at: '2027-01-15T08:00:00.000Z' }
const END = {
  done: true,
  done_reason: 'stop',
  total_duration: 0,
  load_duration: 0,
  prompt_eval_count: 3,
  prompt_eval_duration: 0,
  eval_count: 5,
  eval_duration: 0,
}

describe('lines of a chat', () => {
  test('thoughts, text, a call; the end repeats nothing', () => {
    expect(
      encoded([
        thinks('hm'),
        done(0, thought('hm')),
        said('a "quote"\n', 1),
        done(1, text('a "quote"\n')),
        added(2, call('ls', '')),
        asks('{"path":', 2),
        asks('"."}', 2),
        done(2, call('ls', '{"path":"."}')),
        completed(),
      ]),
    ).toEqual([
      { ...HEAD, message: { role: 'assistant', content: '', thinking: 'hm' }, done: false },
      { ...HEAD, message: { role: 'assistant', content: 'a "quote"\n' }, done: false },
      {
        ...HEAD,
        message: {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'ls', function: { index: 0, name: 'ls', arguments: { path: '.' } } }],
        },
        done: false,
      },
      { ...HEAD, message: { role: 'assistant', content: '' }, ...END },
    ])
  })

  test('generate has other names for the same', () => {
    expect(
      encoded(
        [thinks('hm'), said('a', 1), done(2, picture('aGk=')), done(3, call('f', '{}')), completed()],
        about(GENERATE),
      ),
    ).toEqual([
      { ...HEAD, response: '', thinking: 'hm', done: false },
      { ...HEAD, response: 'a', done: false },
      { ...HEAD, response: '', image: 'aGk=', done: false },
      {
        ...HEAD,
        response: '',
        tool_calls: [{ id: 'f', function: { index: 0, name: 'f', arguments: {} } }],
        done: false,
      },
      { ...HEAD, response: '', ...END },
    ])
  })

  test('a picture is one of the message', () => {
    expect(encoded([done(0, picture('aGk=')), completed()])[0]).toEqual({
      ...HEAD,
      message: { role: 'assistant', content: '', images: ['aGk='] },
      done: false,
    })
  })

  test.each([
    ['max_output_tokens', 'length'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['content_filter', 'content_filter'],
  ])('an answer cut by %s is done for %s', (reason, done_reason) => {
    expect(encoded([said('so'), incomplete(reason)]).at(-1)).toMatchObject({
      done: true,
      done_reason,
      prompt_eval_count: 0,
    })
  })

  test('durations that an Ollama upstream measured are told', () => {
    const extra = { ollama: { total_duration: 9, eval_duration: 4, done_reason: 'load' } }
    expect(encoded([completed({ extra })]).at(-1)).toMatchObject({
      total_duration: 9,
      load_duration: 0,
      eval_duration: 4,
      done_reason: 'load',
    })
  })

  test('a heartbeat is a line without words, before and within, not after', () => {
    const encoder = streamEncoder(about())
    const beat = linesOf(encoder.heartbeat())
    expect(beat).toEqual([{ ...HEAD, message: { role: 'assistant', content: '' }, done: false }])
    encoder.push([said('a'), completed()])
    expect(encoder.heartbeat()).toBe('')
    expect(linesOf(streamEncoder(about(GENERATE)).heartbeat())).toEqual([{ ...HEAD, response: '', done: false }])
  })

  test('think: false hides what the upstream thinks', () => {
    const meta = about({ ollama: { think: false } })
    const events = [
      thinks('hm'),
      done(0, thought('hm')),
      said('a', 1),
      completed({ output: [thought('hm'), text('a')] }),
    ]
    expect(heard(encoded(events, meta))).toMatchObject({ thinking: '', content: 'a' })
    expect(encodeResponse({ id: 'r', output: [thought('hm'), text('a')] }, meta)).toMatchObject({
      message: { role: 'assistant', content: 'a' },
    })
    expect(JSON.stringify(encodeResponse({ id: 'r', output: [thought('hm')] }, meta))).not.toContain('hm')
  })

  test('log probabilities are told to who asked', () => {
    const logprobs = [{ token: 'a', logprob: -1, top_logprobs: [] }]
    const event = { ...said('a'), logprobs } as PivotEvent
    expect(encoded([event], about({ ollama: { logprobs: true } }))).toEqual([
      { ...HEAD, message: { role: 'assistant', content: 'a' }, logprobs, done: false },
    ])
    expect(encoded([event])[0]).not.toHaveProperty('logprobs')
    const item: PivotItem = {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'a', logprobs }],
    }
    expect(encodeResponse({ id: 'r', output: [item] }, about({ ollama: { logprobs: true } }))).toMatchObject({
      logprobs,
    })
    expect(encodeResponse({ id: 'r', output: [item] }, about())).not.toHaveProperty('logprobs')
  })

  test('numbers of a call stay as the model wrote them, on one line', () => {
    const stream = streamEncoder(about()).push([
      done(0, call('f', '{\n  "id": 12345678901234567890,\r\n  "s": "a\\nb"\n}')),
    ])
    expect(stream).toContain('12345678901234567890')
    expect(linesOf(stream)).toHaveLength(1)
  })

  test('an upstream that tells its items at the end alone is heard', () => {
    expect(heard(encoded([completed({ output: [thought('hm'), text('a'), call('f', '{}')] })]))).toMatchObject({
      content: 'a',
      thinking: 'hm',
      calls: [{ id: 'f' }],
    })
  })

  test('items whose ids change on the way are told once', () => {
    const events = [
      said('a'),
      done(0, text('a', 'one')),
      done(1, call('f', '{}', 'x')),
      completed({ output: [text('a', 'two'), call('f', '{}', 'x')] }),
    ]
    expect(heard(encoded(events))).toMatchObject({ content: 'a', calls: [{ id: 'x' }] })
  })

  test('a call that nobody finished is told with what there is; a cut one is not', () => {
    const notes: Note[] = []
    const open = [added(0, call('f', '')), asks('{"a":1}')]
    expect(heard(encoded([...open, completed()])).calls).toEqual([
      { id: 'f', function: { index: 0, name: 'f', arguments: { a: 1 } } },
    ])
    expect(
      heard(encoded([added(0, call('f', '')), asks('{"a":'), incomplete('max_output_tokens')], about({}, notes))).calls,
    ).toEqual([])
    expect(notes).toEqual([
      { pointer: '/output/0', what: 'dropped', why: 'the call was cut before its arguments were whole' },
    ])
  })
})

describe('what an answer cannot say is noted once', () => {
  const cited: PivotItem = {
    type: 'message',
    role: 'assistant',
    content: [
      {
        type: 'output_text',
        text: 'a',
        annotations: [
          { type: 'url_citation', url: 'u' },
          { type: 'url_citation', url: 'v' },
        ],
      },
    ],
  }
  test.each<[string, PivotItem, Note['what'], Json]>([
    ['citations', cited, 'dropped', { content: 'a' }],
    [
      'a refusal',
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
      'approximated',
      { content: 'no' },
    ],
    [
      'a custom call',
      { type: 'custom_tool_call', call_id: 'c', name: 'sh', input: 'ls' },
      'emulated',
      { calls: [{ id: 'c', function: { index: 0, name: 'sh', arguments: { input: 'ls' } } }] },
    ],
    [
      'arguments that are no object',
      call('f', '[1]'),
      'approximated',
      { calls: [{ id: 'f', function: { index: 0, name: 'f', arguments: { arguments: '[1]' } } }] },
    ],
    ['a search', { type: 'web_search_call', id: 'ws', action: {} }, 'dropped', { content: '' }],
    ['an unknown item', { type: 'compaction', id: 'x' }, 'dropped', { content: '' }],
  ])('%s', (_, item, what, expected) => {
    for (const notes of [[], []] as Note[][]) {
      const meta = about({}, notes)
      const streamed = encoded([done(0, item), done(1, { ...item, id: 'again' }), completed()], about({}, notes))
      expect(heard(streamed)).toMatchObject(
        expected['content'] === undefined
          ? {}
          : {
              content:
                expected['content'] === '' ? '' : `${String(expected['content'])}\n\n${String(expected['content'])}`,
            },
      )
      expect(notes.map((note) => note.what)).toEqual([what])
      notes.length = 0
      const whole = encodeResponse({ id: 'r', status: 'completed', output: [item, { ...item, id: 'again' }] }, meta)
      expect(notes.map((note) => note.what)).toEqual([what])
      expect(heard([whole as never])).toMatchObject({
        ...expected,
        ...('content' in expected
          ? { content: expect.stringContaining(String(expected['content'])) as never }
          : { calls: [(expected['calls'] as Json[])[0], expect.anything()] }),
      })
    }
  })

  test('generate has room for one picture', () => {
    const notes: Note[] = []
    expect(
      heard(encoded([done(0, picture('YQ==')), done(1, picture('Yg==')), completed()], about(GENERATE, notes))).images,
    ).toEqual(['YQ=='])
    expect(encodeResponse({ id: 'r', output: [picture('YQ=='), picture('Yg==')] }, about(GENERATE))).toMatchObject({
      image: 'YQ==',
    })
    expect(notes).toMatchObject([{ what: 'dropped' }])
  })
})

const failure: Failure = {
  kind: 'quota_exhausted',
  scope: 'account',
  phase: 'committed',
  retry: 'other',
  retryAt: 1_800_000_000_000,
  message: 'used up',
}

describe('failures', () => {
  test('one line with a text, and nothing after it', () => {
    const encoder = streamEncoder(about())
    encoder.push([said('a')])
    expect(encoder.fail(failure)).toBe('{"error":"used up (again at 2027-01-15T08:00:00.000Z)"}\n')
    expect([encoder.fail(failure), encoder.push([said('b')]), encoder.heartbeat()]).toEqual(['', '', ''])
  })

  test.each<[PivotEvent, string]>([
    [{ type: 'error', message: 'no more' }, 'no more'],
    [
      { type: 'response.failed', response: { id: 'r', output: [], error: { code: 'server_error', message: 'broke' } } },
      'broke',
    ],
  ])('%j is such a line', (event, error) => {
    expect(encoded([said('a'), event, completed()]).at(-1)).toEqual({ error })
  })

  test.each<[Failure['kind'], number]>([
    ['invalid_request', 400],
    ['unauthenticated', 401],
    ['model_unavailable', 404],
    ['quota_exhausted', 429],
    ['overloaded', 503],
    ['internal', 500],
  ])('%s before the stream has the status %i and a text', (kind, status) => {
    const { retryAt: _, ...rest } = failure
    expect(encodeError({ ...rest, kind })).toEqual({ status, headers: {}, body: { error: 'used up' } })
  })
})

/** The official client, fed with this reply. */
function client(reply: string, status = 200): Ollama {
  const type = status !== 200 || !reply.endsWith('\n') ? 'application/json; charset=utf-8' : 'application/x-ndjson'
  return new Ollama({
    fetch: () => Promise.resolve(new Response(reply, { status, headers: { 'content-type': type } })),
  })
}
const messages = [{ role: 'user', content: 'hi' }]
const EVENTS: PivotEvent[] = [
  thinks('h'),
  thinks('m'),
  done(0, thought('hm')),
  said('a ', 1),
  said('b', 1),
  done(1, text('a b')),
  done(2, call('f', '{"x":1}')),
  completed(),
]

describe('the official client', () => {
  test('chats', async () => {
    const chunks: ChatResponse[] = []
    const encoder = streamEncoder(about())
    const stream = EVENTS.map((event) => encoder.heartbeat() + encoder.push([event])).join('')
    for await (const chunk of await client(stream).chat({ model: 'm', messages, stream: true })) chunks.push(chunk)
    expect(heard(chunks as never)).toMatchObject({
      content: 'a b',
      thinking: 'hm',
      calls: [{ function: { name: 'f', arguments: { x: 1 } } }],
      last: END,
    })
    expect(chunks.at(-1)?.message).toEqual({ role: 'assistant', content: '' })
  })

  test('takes a whole answer', async () => {
    const response: PivotResponse = {
      id: 'r',
      status: 'completed',
      output: [thought('hm'), text('a b'), call('f', '{"x":1}')],
      usage: USAGE,
    }
    const answer = await client(JSON.stringify(encodeResponse(response, about()))).chat({ model: 'm', messages })
    expect(answer).toEqual({
      ...HEAD,
      message: {
        role: 'assistant',
        content: 'a b',
        thinking: 'hm',
        tool_calls: [{ id: 'f', function: { index: 0, name: 'f', arguments: { x: 1 } } }],
      },
      ...END,
    })
    const generated = await client(JSON.stringify(encodeResponse(response, about(GENERATE)))).generate({
      model: 'm',
      prompt: 'hi',
    })
    expect(generated).toMatchObject({ ...HEAD, response: 'a b', thinking: 'hm', ...END })
  })

  test('generates', async () => {
    const chunks: GenerateResponse[] = []
    for await (const chunk of await client(streamEncoder(about(GENERATE)).push(EVENTS)).generate({
      model: 'm',
      prompt: 'hi',
      stream: true,
    }))
      chunks.push(chunk)
    expect(heard(chunks as never)).toMatchObject({ content: 'a b', thinking: 'hm', last: END })
  })

  test.each(EVENTS.slice(0, -1).map((_, at) => at))(
    'throws the error that comes after event %i, and an end that is none',
    async (at) => {
      for (const extra of [{}, GENERATE]) {
        const encoder = streamEncoder(about(extra))
        const told = encoder.push(EVENTS.slice(0, at))
        const read = async (stream: string): Promise<void> => {
          const ollama = client(stream)
          const chunks =
            extra === GENERATE
              ? await ollama.generate({ model: 'm', prompt: 'x', stream: true })
              : await ollama.chat({ model: 'm', messages, stream: true })
          for await (const chunk of chunks) void chunk
        }
        await expect(read(told + encoder.heartbeat())).rejects.toThrow('Did not receive done')
        await expect(read(told + encoder.fail({ ...failure, retryAt: undefined } as never))).rejects.toThrow('used up')
      }
    },
  )

  test('throws an error before the stream', async () => {
    const { status, body } = encodeError({ ...failure, kind: 'model_unavailable' })
    await expect(client(JSON.stringify(body), status).chat({ model: 'm', messages })).rejects.toMatchObject({
      status_code: 404,
      error: 'used up (again at 2027-01-15T08:00:00.000Z)',
    })
  })
})

/** One item, told in some way. */
const itemWays = fc
  .record({
    kind: fc.constantFrom('text', 'thought', 'call', 'picture'),
    words: fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 5 }),
    way: fc.constantFrom('deltas', 'half', 'done', 'end'),
    open: fc.boolean(),
  })
  .map((one) => ({ ...one, words: one.kind === 'call' ? JSON.stringify({ a: one.words }).split(/(?<=,)/) : one.words }))

function told(
  { kind, words, way, open }: { kind: string; words: string[]; way: string; open: boolean },
  at: number,
): { item: PivotItem; events: PivotEvent[] } {
  const whole = words.join('')
  const id = `i${at}`
  const item =
    kind === 'text'
      ? text(whole, id)
      : kind === 'thought'
        ? thought(whole, id)
        : kind === 'call'
          ? call('f', whole, id)
          : picture(`YQ${at}`)
  const opening =
    open || kind === 'call'
      ? [added(at, kind === 'call' ? call('f', '', id) : ({ type: item.type, id } as PivotItem))]
      : []
  const heardOf = kind === 'picture' ? [] : words.slice(0, way === 'half' ? Math.floor(words.length / 2) : undefined)
  const deltas = heardOf.map((word) =>
    kind === 'text' ? said(word, at) : kind === 'thought' ? thinks(word, at) : asks(word, at),
  )
  switch (way) {
    case 'deltas':
    case 'half':
      return { item, events: [...opening, ...deltas, done(at, item)] }
    case 'done':
      return { item, events: [...opening, done(at, item)] }
    default:
      return { item, events: opening }
  }
}

/** The streams of several items, shuffled together; each keeps its own order. */
function interleaved(streams: PivotEvent[][], order: number[]): PivotEvent[] {
  const rest = streams.map((events) => [...events])
  const out: PivotEvent[] = []
  for (const pick of order) {
    const left = rest.filter((events) => events.length > 0)
    const next = left[pick % Math.max(left.length, 1)]?.shift()
    if (next !== undefined) out.push(next)
  }
  return [...out, ...rest.flat()]
}

describe('however an answer is told', () => {
  test('a stream says what the whole answer says', () => {
    fc.assert(
      fc.property(
        fc.array(itemWays, { maxLength: 5 }),
        fc.array(fc.nat(4), { maxLength: 40 }),
        fc.boolean(),
        (ways, order, generate) => {
          const items = ways.map(told)
          const inOrder = items.flatMap(({ events }) => events)
          const end = completed({ output: items.map(({ item }) => item) })
          const meta = about(generate ? GENERATE : {})
          const reducer = responseReducer()
          reducer.push([...inOrder, end])
          const whole = heard([encodeResponse(reducer.response(), meta) as never])
          // Items that only the end tells come last in a stream.
          const late = ways.findIndex(({ way }) => way === 'end')
          const streamed = heard(encoded([...inOrder, end], meta))
          if (late === -1 || late === ways.length - 1) expect(streamed).toEqual(whole)
          const shuffled = heard(
            encoded(
              [
                ...interleaved(
                  items.map(({ events }) => events),
                  order,
                ),
                end,
              ],
              meta,
            ),
          )
          const letters = (text: string): string => [...text.replaceAll('\n', '')].sort().join('')
          for (const one of [streamed, shuffled]) {
            expect([letters(one.content), letters(one.thinking), one.calls.length, one.images.length]).toEqual([
              letters(whole.content),
              letters(whole.thinking),
              whole.calls.length,
              whole.images.length,
            ])
            expect(one.last).toEqual(whole.last)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  test('any text comes through as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const lines = encoded([...pieces.map((piece) => said(piece)), completed()])
        expect(heard(lines).content).toBe(pieces.join(''))
      }),
    )
  })

  test('any object of arguments comes through', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (args, indent) => {
        const [line] = encoded([done(0, call('f', JSON.stringify(args, null, indent)))])
        expect(((line?.['message'] as Json)['tool_calls'] as Json[])[0]).toMatchObject({
          function: { arguments: JSON.parse(JSON.stringify(args)) as Json },
        })
      }),
    )
  })

  test("its own decoder reads what it writes, and an upstream's lines go through as they came", () => {
    const bytes = new TextEncoder().encode(streamEncoder(about()).push(EVENTS))
    const decoder = streamDecoder({ keepFrames: true })
    const events = [...decoder.push(bytes), ...decoder.end()]
    expect(streamEncoder(about()).push(events)).toBe(new TextDecoder().decode(bytes))
    // A client of /api/generate cannot read them, so its lines are made.
    expect(heard(encoded(events, about(GENERATE)))).toMatchObject({
      content: 'a b',
      thinking: 'hm',
      calls: [{ function: { arguments: { x: 1 } } }],
    })
    expect(events.map((event) => ('escaped' in event ? deltaText(event) : '')).join('')).toBe('hma b{"x":1}')
  })
})
