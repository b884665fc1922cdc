import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { ApiError, GoogleGenAI, type Content, type GenerateContentResponse, type Part } from '@google/genai'
import { streamText, tool, jsonSchema, type ModelMessage } from 'ai'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Note, ReplyMeta } from '../../../dialect.js'
import type { Failure } from '../../../failure.js'
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
import { call } from '../call/index.js'
import { REPLY } from '../wire.js'
import { decodeRequest } from './decode-request.js'
import { encodeResponse } from './encode-response.js'
import { streamEncoder } from './stream-encoder.js'

const SHOWN: PivotRequest = { model: 'm', input: [] }
const HIDDEN: PivotRequest = { ...SHOWN, extra: { [REPLY]: { hideThoughts: true } } }
const ARRAY: PivotRequest = { ...SHOWN, extra: { [REPLY]: { array: true } } }

function about(fields: Partial<ReplyMeta> = {}): ReplyMeta {
  return { requestId: 'r1', model: 'gpt-x', createdAt: 1, request: SHOWN, ...fields }
}

const usage = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 5 },
  total_tokens: 120,
}
const COUNTS = {
  promptTokenCount: 100,
  candidatesTokenCount: 15,
  totalTokenCount: 120,
  cachedContentTokenCount: 60,
  thoughtsTokenCount: 5,
}
const FAILURE: Failure = { kind: 'overloaded', scope: 'provider', phase: 'committed', retry: 'never', message: 'busy' }

const thought = (id: string, ...texts: string[]): ReasoningItem => ({
  type: 'reasoning',
  id,
  summary: texts.map((text) => ({ type: 'summary_text', text })),
  encrypted_content: `sealed ${id} ~?>`,
})
const message = (id: string, text: string, annotations: object[] = []): MessageItem => ({
  type: 'message',
  id,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: annotations as never }],
})
const refusal = (id: string, text: string): MessageItem => ({
  type: 'message',
  id,
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'refusal', refusal: text }],
})
const fn = (id: string, name: string, args: unknown): FunctionCallItem => ({
  type: 'function_call',
  id: `fc_${id}`,
  call_id: id,
  name,
  arguments: typeof args === 'string' ? args : JSON.stringify(args),
  status: 'completed',
})

const created: PivotEvent = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } }

/** The events of one item, its text in pieces. */
function told(output_index: number, item: PivotItem, size = 3): PivotEvent[] {
  const item_id = item.id ?? ''
  const place = { item_id, output_index }
  const pieces = (text: string) => (text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []).map((one) => escapeText(one))
  const middle = (): PivotEvent[] => {
    switch (item.type) {
      case 'message':
        return ((item as MessageItem).content as { type: string; text?: string; refusal?: string }[]).flatMap(
          (part, content_index) =>
            pieces(part.text ?? part.refusal ?? '').map((escaped) => ({
              type:
                part.type === 'refusal' ? ('response.refusal.delta' as const) : ('response.output_text.delta' as const),
              ...place,
              content_index,
              escaped,
            })),
        )
      case 'reasoning':
        return (item as ReasoningItem).summary.flatMap(({ text }, summary_index) =>
          pieces(text).map((escaped) => ({
            type: 'response.reasoning_summary_text.delta' as const,
            ...place,
            summary_index,
            escaped,
          })),
        )
      case 'function_call':
        return pieces((item as FunctionCallItem).arguments).map((escaped) => ({
          type: 'response.function_call_arguments.delta' as const,
          ...place,
          escaped,
        }))
      default:
        return []
    }
  }
  const bare =
    item.type === 'function_call'
      ? { ...item, arguments: '', status: 'in_progress' }
      : item.type === 'message'
        ? { ...item, content: [] }
        : item.type === 'reasoning'
          ? { ...item, summary: [], encrypted_content: null }
          : item
  return [
    { type: 'response.output_item.added', output_index, item: bare as PivotItem },
    ...middle(),
    { type: 'response.output_item.done', output_index, item },
  ]
}

const ended = (fields: Partial<PivotResponse> = {}): PivotEvent => ({
  type: fields.status === 'incomplete' ? 'response.incomplete' : 'response.completed',
  response: { id: 'resp_1', status: 'completed', output: [], usage, ...fields },
})

function answer(...items: PivotItem[]): PivotEvent[] {
  return [created, ...items.flatMap((item, at) => told(at, item)), ended()]
}

function wire(events: readonly PivotEvent[], meta = about()): string {
  return streamEncoder(meta).push(events)
}

/** The whole reply to the same events. */
function whole(events: readonly PivotEvent[], meta = about()): GenerateContentResponse {
  const reducer = responseReducer()
  reducer.push(events)
  return encodeResponse(reducer.response(), meta) as GenerateContentResponse
}

/** A network that answers with one text after the other. */
function network(...texts: (string | (() => string))[]) {
  const asked: Record<string, unknown>[] = []
  const fetch = (_url: unknown, init?: { body?: unknown }): Promise<Response> => {
    asked.push(JSON.parse(String(init?.body)) as Record<string, unknown>)
    const next = texts.length > 1 ? texts.shift() : texts[0]
    const text = typeof next === 'function' ? next() : (next ?? '')
    const type = text.startsWith('{') || text.startsWith('[') ? 'application/json' : 'text/event-stream'
    return Promise.resolve(new Response(text, { headers: { 'content-type': type } }))
  }
  return { fetch: fetch as typeof globalThis.fetch, asked }
}

function genai(fetch: typeof globalThis.fetch): GoogleGenAI {
  return new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: 'http://127.0.0.1:9', fetch } })
}

async function collected(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

async function received(text: string): Promise<GenerateContentResponse[]> {
  const { fetch } = network(text)
  return collected(await genai(fetch).models.generateContentStream({ model: 'm', contents: 'x' }))
}

const partsOf = (chunks: readonly GenerateContentResponse[]): Part[] =>
  chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? [])

/** Parts of a stream as those of one reply: pieces of text joined, the empty text of the end gone. */
function joined(chunks: readonly GenerateContentResponse[]): Part[] {
  const out: Part[] = []
  for (const part of partsOf(chunks)) {
    const last = out.at(-1)
    if (part.text === '' && part.thoughtSignature === undefined) continue
    const same =
      last?.text !== undefined &&
      part.text !== undefined &&
      last.thought === part.thought &&
      (part.thoughtSignature === undefined || last.thought === true)
    if (same) last.text = `${last.text}${part.text}`
    else out.push({ ...part })
  }
  return out
}

describe('the official SDK reads', () => {
  test('a text', async () => {
    const chunks = await received(wire(answer(message('m1', 'One "two"\n— 四 🙂'))))
    expect(chunks.map(({ text }) => text ?? '').join('')).toBe('One "two"\n— 四 🙂')
    expect(chunks.length).toBeGreaterThan(3)
    expect(chunks.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP', index: 0, content: { role: 'model' } }],
      usageMetadata: COUNTS,
    })
    for (const chunk of chunks) expect(chunk).toMatchObject({ modelVersion: 'gpt-x', responseId: 'resp_1' })
    expect(chunks.filter(({ candidates }) => candidates?.[0]?.finishReason !== undefined)).toHaveLength(1)
  })

  test('thoughts, of several parts and items', async () => {
    const chunks = await received(
      wire(answer(thought('rs1', 'First part', 'second'), thought('rs2', 'third'), message('m1', 'done'))),
    )
    const parts = partsOf(chunks)
    const thoughts = parts.filter((part) => part.thought).map(({ text }) => text)
    expect(thoughts.join('')).toBe('First part\n\nsecondthird')
    expect(parts.filter(({ thoughtSignature }) => thoughtSignature !== undefined)).toHaveLength(1)
    expect(parts.find(({ text, thought }) => text !== '' && thought !== true)?.thoughtSignature).toBeDefined()
  })

  test('no thoughts when none were asked for, but their state', async () => {
    const chunks = await received(wire(answer(thought('rs1', 'x'), message('m1', 'done')), about({ request: HIDDEN })))
    expect(partsOf(chunks).some((part) => part.thought)).toBe(false)
    expect(partsOf(chunks)[0]?.thoughtSignature).toBeDefined()
  })

  test('parallel calls, interleaved, in the order in which they began', async () => {
    const [a, b, c] = [fn('c1', 'a', { x: 'é"' }), fn('c2', 'b', {}), fn('c3', 'c', '')].map((item, at) =>
      told(at, item, 2),
    )
    const events = [created, ...a!.slice(0, 2), ...b!, ...c!, ...a!.slice(2), ended()]
    const chunks = await received(wire(events))
    expect(chunks.flatMap(({ functionCalls }) => functionCalls ?? [])).toEqual([
      { id: 'c1', name: 'a', args: { x: 'é"' } },
      { id: 'c2', name: 'b', args: {} },
      { id: 'c3', name: 'c', args: {} },
    ])
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP')
  })

  test('thoughts between interleaved calls, each on the call after it', async () => {
    const items = [thought('rs1', 'x'), fn('c1', 'a', {}), thought('rs2'), fn('c2', 'b', {}), thought('rs3')]
    const [first, a, second, b, last] = items.map((item, at) => told(at, item))
    const events = [created, ...first!, ...a!.slice(0, 1), ...second!, ...b!, ...last!, ...a!.slice(1), ended()]
    const signed = (chunks: readonly GenerateContentResponse[]) =>
      partsOf(chunks)
        .filter(({ thoughtSignature }) => thoughtSignature !== undefined)
        .map(({ functionCall, thoughtSignature }) => [functionCall?.id, thoughtSignature])
    const chunks = signed(await received(wire(events)))
    expect(chunks.map(([id]) => id)).toEqual(['c1', 'c2', undefined])
    expect(chunks).toEqual(signed([whole(answer(...items))]))
  })

  test('the signature of parallel calls on the first of them', () => {
    const parts = joined([whole(answer(thought('rs1'), fn('c1', 'a', {}), fn('c2', 'b', {})))])
    expect(parts.map(({ thoughtSignature }) => thoughtSignature !== undefined)).toEqual([true, false])
  })

  test('pictures', async () => {
    const picture = {
      type: 'image_generation_call',
      id: 'ig',
      status: 'completed',
      result: 'AAEC',
      output_format: 'webp',
    }
    const chunks = await received(wire(answer(message('m1', 'see'), picture)))
    expect(partsOf(chunks)).toContainEqual({ inlineData: { mimeType: 'image/webp', data: 'AAEC' } })
  })

  test('searches and what they found, in bytes', async () => {
    const text = 'Es regnet — 雨 🌧 in Oslo.'
    const cite = (words: string, url: string, title: string) => ({
      type: 'url_citation',
      url,
      title,
      start_index: text.indexOf(words),
      end_index: text.indexOf(words) + words.length,
    })
    const search = { type: 'web_search_call', id: 'ws', status: 'completed', action: { type: 'search', query: 'Oslo' } }
    const items = [
      search,
      message('m0', 'Né: '),
      message('m1', text, [
        cite('雨 🌧', 'https://a', 'A'),
        cite('Oslo', 'https://b', 'B'),
        cite('in', 'https://a', 'A'),
      ]),
    ]
    const chunks = await received(wire(answer(...items)))
    const grounding = chunks.at(-1)?.candidates?.[0]?.groundingMetadata
    expect(grounding).toMatchObject({
      webSearchQueries: ['Oslo'],
      groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }, { web: { uri: 'https://b', title: 'B' } }],
    })
    const bytes = new TextEncoder().encode(chunks.map((chunk) => chunk.text ?? '').join(''))
    const cited = grounding?.groundingSupports?.map(({ segment, groundingChunkIndices }) => [
      new TextDecoder().decode(bytes.slice(segment?.startIndex ?? 0, segment?.endIndex)),
      segment?.text,
      groundingChunkIndices,
    ])
    expect(cited).toEqual([
      ['雨 🌧', '雨 🌧', [0]],
      ['Oslo', 'Oslo', [1]],
      ['in', 'in', [0]],
    ])
    expect(whole(answer(...items)).candidates?.[0]?.groundingMetadata).toEqual(grounding)
  })

  test.each<[string, PivotItem, Partial<PivotResponse>, string]>([
    ['a refusal', refusal('m1', 'I cannot'), {}, 'SAFETY'],
    [
      'the end of the tokens',
      message('m1', 'I cannot'),
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      'MAX_TOKENS',
    ],
    [
      'a filter',
      message('m1', 'I cannot'),
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      'SAFETY',
    ],
    [
      'what nobody knows',
      message('m1', 'I cannot'),
      { status: 'incomplete', incomplete_details: { reason: 'odd' } },
      'OTHER',
    ],
    [
      "an upstream's own word",
      message('m1', 'I cannot'),
      { extra: { gemini: { finishReason: 'RECITATION', finishMessage: 'known' } } },
      'RECITATION',
    ],
  ])('%s', async (_, item, fields, reason) => {
    const events = [created, ...told(0, item), ended(fields)]
    const chunks = await received(wire(events))
    expect(chunks.map(({ text }) => text ?? '').join('')).toBe('I cannot')
    const last = chunks.at(-1)?.candidates?.[0]
    expect(last?.finishReason).toBe(reason)
    expect(whole(events).candidates?.[0]).toMatchObject({
      finishReason: reason,
      ...(last?.finishMessage === undefined ? {} : { finishMessage: 'known' }),
    })
  })

  test('an answer of nothing', async () => {
    const events = [created, ended()]
    const chunks = await received(wire(events))
    expect(chunks).toHaveLength(1)
    expect(chunks[0]?.text).toBe('')
    expect(whole(events).candidates?.[0]).toMatchObject({ content: { parts: [{ text: '' }] }, finishReason: 'STOP' })
  })

  test('an answer between heartbeats', async () => {
    const encoder = streamEncoder(about())
    let text = encoder.heartbeat()
    for (const event of answer(message('m1', 'hello'))) text += encoder.push([event]) + encoder.heartbeat()
    expect((await received(text)).map((chunk) => chunk.text ?? '').join('')).toBe('hello')
  })
})

describe('a failure', () => {
  const events = answer(thought('rs1', 'hm'), message('m1', 'one'), fn('c1', 'a', { x: 1 }))

  test.each(events.slice(0, -1).map((_, at) => at))('after event %i throws', async (at) => {
    for (const form of ['told', 'event', 'failed'] as const) {
      const encoder = streamEncoder(about())
      const begun = encoder.push(events.slice(0, at + 1))
      const error = { code: 'server_is_overloaded', message: 'busy' }
      const end =
        form === 'told'
          ? encoder.fail(FAILURE)
          : form === 'event'
            ? encoder.push([{ type: 'error', status: 503, ...error }])
            : encoder.push([{ type: 'response.failed', response: { id: 'r', output: [], error } }])
      expect(end).toMatch(/^data: \{"error":\{.*\}\}\n\n$/)
      const caught: unknown = await received(begun + end).catch((thrown: unknown) => thrown)
      expect(caught).toBeInstanceOf(ApiError)
      expect((caught as ApiError).status).toBe(503)
      expect((caught as ApiError).message).toContain('UNAVAILABLE')
      expect(encoder.fail(FAILURE) + encoder.push(events)).toBe('')
    }
  })

  test('is an error to the AI SDK', async () => {
    const encoder = streamEncoder(about())
    const { fetch } = network(encoder.push(events.slice(0, 8)) + encoder.fail(FAILURE))
    const errors: unknown[] = []
    const result = streamText({
      model: createGoogleGenerativeAI({ apiKey: 'k', fetch })('m'),
      prompt: 'x',
      maxRetries: 0,
      onError: ({ error }) => void errors.push(error),
    })
    for await (const part of result.fullStream) if (part.type === 'error') errors.push(part.error)
    expect(errors).not.toEqual([])
  })

  test('in an array is its last element, and the SDK throws it too', async () => {
    const encoder = streamEncoder(about({ request: ARRAY }))
    const text = encoder.push(events.slice(0, 6)) + encoder.fail(FAILURE)
    const list = JSON.parse(text) as unknown[]
    expect(list.length).toBeGreaterThan(1)
    expect(list.at(-1)).toEqual({ error: { code: 503, message: 'busy', status: 'UNAVAILABLE' } })
    expect(JSON.parse(streamEncoder(about({ request: ARRAY })).fail(FAILURE))).toEqual([list.at(-1)])
    await expect(received(text)).rejects.toThrow()
  })
})

describe('the form of an array', () => {
  test('is one JSON value, with white space for heartbeats, and says what the events say', () => {
    const events = answer(thought('rs1', 'hm'), message('m1', 'one'), fn('c1', 'a', { x: 1 }))
    const encoder = streamEncoder(about({ request: ARRAY }))
    expect(encoder.contentType).toBe('application/json; charset=utf-8')
    let text = encoder.heartbeat()
    for (const event of events) text += encoder.push([event]) + encoder.heartbeat()
    const list = JSON.parse(text) as unknown[]
    const lines = wire(events).split('\n\n').slice(0, -1)
    expect(list).toEqual(lines.map((line) => JSON.parse(line.slice('data: '.length)) as unknown))
    expect(streamEncoder(about()).contentType).toBeUndefined()
    expect(wire(events)).not.toMatch(/event:|\[DONE\]/)
  })
})

describe('calls that are no JSON or no object', () => {
  test.each<[string, unknown]>([
    ['{"a":', { arguments: '{"a":' }],
    ['[1]', { value: [1] }],
    ['"x"', { value: 'x' }],
    ['null', { value: null }],
  ])('%s', (args, expected) => {
    const notes: Note[] = []
    const note = (one: Note) => void notes.push(one)
    const parts = whole(answer(fn('c1', 'f', args)), about({ note })).candidates?.[0]?.content?.parts
    expect(parts).toEqual([{ functionCall: { id: 'c1', name: 'f', args: expected } }])
    expect(notes).toMatchObject([{ pointer: '/output', what: 'approximated' }])
  })

  test('a call that was cut is not told', () => {
    const notes: Note[] = []
    const note = (one: Note) => void notes.push(one)
    const cut = told(1, fn('c1', 'rm', { path: 'a' })).slice(0, -1)
    const end = ended({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    const text = wire([created, ...told(0, message('m1', 'x')), ...cut, end], about({ note }))
    expect(text).not.toContain('functionCall')
    expect(notes).toMatchObject([{ pointer: '/output', what: 'dropped' }])
    const item: PivotItem = { ...fn('c1', 'rm', '{"pa'), status: 'incomplete' }
    expect(JSON.stringify(whole([created, ...told(0, item), end]))).not.toContain('functionCall')
    // The later calls do not wait for it.
    expect(wire([created, ...told(0, item), ...told(1, fn('c2', 'ls', {})), end])).toContain('"c2"')
  })

  test('a call whose arguments were told to their end is told, though nobody ended it', () => {
    const item = fn('c1', 'f', { a: 1 })
    const events: PivotEvent[] = [
      created,
      ...told(0, item).slice(0, -1),
      { type: 'response.function_call_arguments.done', item_id: 'fc_c1', output_index: 0, arguments: item.arguments },
      ended(),
    ]
    expect(wire(events)).toContain('{"functionCall":{"id":"c1","name":"f","args":{"a":1}}}')
  })

  test("a custom tool's text is its one argument", () => {
    const custom: PivotItem = {
      type: 'custom_tool_call',
      id: 'x',
      call_id: 'c1',
      name: 'patch',
      input: '*** "a"',
      status: 'completed',
    }
    expect(wire(answer(custom))).toContain('{"functionCall":{"id":"c1","name":"patch","args":{"input":"*** \\"a\\""}}}')
  })
})

describe('whatever the events are', () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
  const item = fc.oneof(
    fc.record({ kind: fc.constant('thought' as const), text, state: fc.boolean() }),
    fc.record({ kind: fc.constant('message' as const), text, state: fc.boolean() }),
    fc.record({ kind: fc.constant('call' as const), text, state: fc.boolean() }),
  )
  const items = fc.array(item, { maxLength: 6 }).map((list) =>
    list.map(({ kind, text: words, state }, at): PivotItem => {
      if (kind === 'message') return message(`m${at}`, words)
      if (kind === 'call') return fn(`c${at}`, 'f', { words })
      const made = thought(`rs${at}`, words)
      return state ? made : { ...made, encrypted_content: null }
    }),
  )

  test('a stream says what the whole reply says, however it is cut', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 5 }), fc.boolean(), (list, size, hidden) => {
        const meta = about({ request: hidden ? HIDDEN : SHOWN })
        const events = [created, ...list.flatMap((one, at) => told(at, one, size)), ended()]
        const encoder = streamEncoder(meta)
        const chunks = events
          .map((event) => encoder.push([event]))
          .join('')
          .split('\n\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line.slice('data: '.length)) as GenerateContentResponse)
        const reply = whole(events, meta)
        expect(joined(chunks)).toEqual(joined([reply]))
        const { candidates: _a, ...last } = chunks.at(-1)!
        const { candidates: _b, ...rest } = reply
        expect(last).toEqual(rest)
        expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe(reply.candidates?.[0]?.finishReason)
      }),
    )
  })

  test('items come in any interleaving', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
        (args, picks) => {
          const queues = args.map((one, at) => told(at, fn(`c${at}`, 'f', one), 4))
          // They begin in their order, as upstreams number them.
          const events = queues.map((queue) => queue.shift()!)
          while (queues.some((queue) => queue.length > 0)) {
            const open = queues.filter((queue) => queue.length > 0)
            events.push(open[picks.next().value! % open.length]!.shift()!)
          }
          const text = wire([created, ...events, ended()])
          const calls = text
            .split('\n\n')
            .slice(0, -1)
            .flatMap((line) => partsOf([JSON.parse(line.slice(6)) as GenerateContentResponse]))
            .flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall]))
          expect(calls).toEqual(
            args.map((one, at) => ({ id: `c${at}`, name: 'f', args: JSON.parse(JSON.stringify(one)) as unknown })),
          )
        },
      ),
    )
  })
})

describe('what comes back with the next turn', () => {
  /** The turns of a conversation, as an upstream with sealed thoughts tells them. */
  const TURNS: PivotItem[][] = [
    [
      thought('rs1', 'Plan', 'more'),
      thought('rs2', 'then'),
      message('m1', 'I look. '),
      fn('c1', 'ls', { a: [1] }),
      fn('c2', 'ls', {}),
    ],
    [thought('rs3', 'Look'), message('m2', 'Found — 雨')],
    [message('m3', 'No thought'), thought('rs4'), fn('c3', 'cat', {})],
    [thought('rs5', 'last'), message('m4', 'End'), thought('rs6', 'after')],
  ]
  const bare = (items: readonly PivotItem[]) =>
    items.map((one) => {
      const {
        type,
        id,
        summary,
        encrypted_content,
        content,
        call_id,
        name,
        arguments: args,
      } = one as Record<string, unknown> & PivotItem
      if (type === 'reasoning') return { type, id, summary, encrypted_content }
      if (type === 'message') return { type, text: (content as { text: string }[]).map((part) => part.text).join('') }
      return { type, call_id, name, arguments: args }
    })
  const results = (items: readonly PivotItem[]) =>
    items.filter((one): one is FunctionCallItem => one.type === 'function_call')
  const decoded = (body: unknown) =>
    decodeRequest(body, { headers: {}, path: { model: 'm', stream: true, alt: 'sse' } }).value
  const ofModel = (request: PivotRequest) =>
    bare(
      request.input.filter((one) => one.type !== 'function_call_output' && (one as { role?: string }).role !== 'user'),
    )

  test.each<[string, PivotRequest, boolean]>([
    ['streams with thoughts', SHOWN, true],
    ['streams without', HIDDEN, true],
    ['whole replies with thoughts', SHOWN, false],
    ['whole replies without', HIDDEN, false],
  ])("the SDK's chats, %s", async (_, request, streamed) => {
    const replies = TURNS.map(
      (items) => () =>
        streamed
          ? wire(answer(...items), about({ request }))
          : JSON.stringify(whole(answer(...items), about({ request }))),
    )
    const { fetch, asked } = network(...replies)
    const chat = genai(fetch).chats.create({ model: 'm' })
    let next: Part[] = [{ text: 'go' }]
    for (const items of TURNS) {
      if (streamed) await collected(await chat.sendMessageStream({ message: next }))
      else await chat.sendMessage({ message: next })
      const calls = results(items)
      next = calls.map(({ call_id: id, name }) => ({ functionResponse: { id, name, response: { output: id } } }))
      if (calls.length === 0) next = [{ text: 'go on' }]
    }
    await chat.sendMessage({ message: next }).catch(() => undefined)
    const before: PivotItem[] = []
    TURNS.forEach((items, at) => {
      expect(ofModel(decoded(asked[at]))).toEqual(bare(before))
      before.push(...items)
    })
    expect(ofModel(decoded(asked.at(-1)))).toEqual(bare(before))
  })

  test('the AI SDK, over steps of a stream', async () => {
    const turns = TURNS.slice(0, 2)
    const { fetch, asked } = network(...turns.map((items) => () => wire(answer(...items))))
    const messages: ModelMessage[] = [{ role: 'user', content: 'go' }]
    const ls = tool({ inputSchema: jsonSchema({ type: 'object' }), execute: () => Promise.resolve('fine') })
    const model = createGoogleGenerativeAI({ apiKey: 'k', fetch })('m')
    const result = streamText({ model, messages, tools: { ls, cat: ls }, stopWhen: ({ steps }) => steps.length >= 2 })
    await result.consumeStream()
    messages.push(...(await result.response).messages, { role: 'user', content: 'more' })
    await streamText({ model, messages }).consumeStream()
    const calls = (request: PivotRequest) =>
      request.input.filter((one) => one.type === 'function_call' || one.type === 'function_call_output')
    const [, second, third] = asked.map(decoded)
    // This SDK leaves out ids; results find their calls nevertheless.
    const ids = calls(third!).map((one) => (one as { call_id?: string }).call_id)
    expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1]])
    const withoutIds = (items: ReturnType<typeof bare>) => items.map((one) => ({ ...one, call_id: 'c' }))
    expect(withoutIds(ofModel(second!))).toEqual(withoutIds(bare(turns[0]!)))
    expect(withoutIds(ofModel(third!))).toEqual(withoutIds(bare(turns.flat())))
  })

  test('a client that keeps only signatures loses no thought', () => {
    const reply = whole(answer(...TURNS[0]!))
    const parts = (reply.candidates?.[0]?.content?.parts ?? []).filter((part) => part.thought !== true)
    const contents: Content[] = [
      { role: 'user', parts: [{ text: 'go' }] },
      { role: 'model', parts },
    ]
    expect(ofModel(decoded({ contents }))).toEqual(bare(TURNS[0]!))
  })
})

describe("an upstream's own frames", () => {
  const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\r\n\r\n`
  const parts = (...list: object[]) => ({ candidates: [{ content: { parts: list, role: 'model' } }], brandNew: 1 })
  const stream =
    chunk(parts({ text: 'hm', thought: true })) +
    chunk(parts({ text: 'a', thoughtSignature: 'c2ln' }, { functionCall: { name: 'f', args: {} } })) +
    chunk({
      ...parts({ text: '' }),
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 1, totalTokenCount: 1 },
    })

  function events(keepFrames: boolean): PivotEvent[] {
    const decoder = call.streamDecoder({ keepFrames })
    return [...decoder.push(new TextEncoder().encode(stream)), ...decoder.end()]
  }

  test('go out byte for byte', () => {
    expect(wire(events(true))).toBe(stream)
  })

  test('a signature on a thought stays there', () => {
    const text = chunk(parts({ text: 'hm', thought: true, thoughtSignature: 'c2ln' })) + stream
    const decoder = call.streamDecoder()
    const read = [...decoder.push(new TextEncoder().encode(text)), ...decoder.end()]
    const list = JSON.parse(wire(read, about({ request: ARRAY }))) as GenerateContentResponse[]
    for (const told of [partsOf(list), partsOf([whole(read)])]) {
      expect(told.find(({ thoughtSignature }) => thoughtSignature !== undefined)).toMatchObject({
        thought: true,
        thoughtSignature: 'c2ln',
      })
    }
    const { value } = decodeRequest(
      { contents: list.map(({ candidates }) => candidates?.[0]?.content) },
      { headers: {} },
    )
    expect(value.input[0]).toEqual({
      type: 'reasoning',
      summary: [{ type: 'summary_text', text: 'hm' }],
      extra: { gemini: { thoughtSignature: 'c2ln' } },
    })
  })

  test('an error among them is told anew', async () => {
    const frame = 'data: {"error":{"code":503,"message":"secret","status":"UNAVAILABLE"}}\n\n'
    const text = wire([...events(true).slice(0, 3), { type: 'error', message: 'busy', status: 503, frame }])
    expect(text).not.toContain('secret')
    await expect(received(text)).rejects.toThrow(ApiError)
  })

  test('an array is written anew, and keeps what only Gemini knows', () => {
    const list = JSON.parse(wire(events(true), about({ request: ARRAY }))) as GenerateContentResponse[]
    expect(joined(list)).toEqual([
      { text: 'hm', thought: true },
      { text: 'a', thoughtSignature: 'c2ln' },
      { functionCall: { id: expect.any(String) as string, name: 'f', args: {} } },
    ])
    expect(joined(list)).toEqual(joined([whole(events(false))]))
  })
})
