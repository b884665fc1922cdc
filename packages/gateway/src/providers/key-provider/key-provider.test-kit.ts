import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  anthropicMessages,
  gemini,
  isTerminal,
  ollama,
  openaiChat,
  openaiResponses,
  type Dialect,
  type DialectId,
  type Failure,
  type Note,
  type PivotEvent,
} from '@dragoman/protocol'
import { Secret } from '../../telemetry/index.js'
import type { Transport } from '../../transport/index.js'
import type { ApiKey, KeyChoice, KeyModel, ProviderKind, Wire } from '../keys/index.js'
import type { EventSink, Provider, Stream, UpstreamCall } from '../types.js'
import { createKeyProvider } from './key-provider.js'

export const DIALECTS: Readonly<Record<DialectId, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  ollama,
}

/** Every wire with a kind that has it, and the dialect in which it answers. */
export const WIRES: readonly (readonly [kind: ProviderKind, wire: Wire, dialect: DialectId])[] = [
  ['openai', 'chat', 'openai-chat'],
  ['openai', 'responses', 'openai-responses'],
  ['compatible', 'codex-responses', 'openai-responses'],
  ['anthropic', 'anthropic', 'anthropic-messages'],
  ['gemini', 'gemini', 'gemini'],
]

export function apiKey(more: Partial<ApiKey> & Pick<ApiKey, 'baseUrl'>): ApiKey {
  return {
    id: 'k1',
    provider: 'maker',
    kind: 'openai',
    wire: 'chat',
    models: 'all',
    capabilities: ['chat'],
    enabled: true,
    weight: 1,
    createdAt: 1,
    updatedAt: 1,
    ...more,
  }
}

export interface Lesson {
  id: string
  model: string
  failure?: Failure
}

/** A pool of the given keys that takes them in order and remembers what it was taught. */
export function fakeKeys(keys: readonly ApiKey[], secret = 'sk-the-secret-itself', model: Partial<KeyModel> = {}) {
  const lessons: Lesson[] = []
  const choice: KeyChoice & { providers(): readonly string[] } = {
    providers: () => [...new Set(keys.map(({ provider }) => provider))],
    candidates: ({ model: id, tried, capability }) => ({
      ready: keys
        .filter((key) => !tried.has(key.id) && key.capabilities.includes(capability))
        .map((key) => ({ key, model: { ...model, id }, why: 'a test' })),
      skipped: [],
    }),
    whyNobody: () => ({ kind: 'overloaded', scope: 'provider', phase: 'unsent', retry: 'never', message: 'nobody' }),
    credential: (id) => ({ apiKey: new Secret(`${secret}-${id}`), headers: {} }),
    learn: (id, { model, failure }) => void lessons.push({ id, model, ...(failure === undefined ? {} : { failure }) }),
  }
  return { choice, lessons }
}

export interface Seen {
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** An upstream on loopback that answers as it is told to. */
export async function startUpstream(answer: (res: ServerResponse, seen: Seen, req: IncomingMessage) => void) {
  const seen: Seen[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const one = { url: req.url ?? '', headers: req.headers, body: Buffer.concat(chunks).toString() }
      seen.push(one)
      answer(res, one, req)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

export function call(more: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    exchangeId: 'x1',
    request: { model: 'm', input: [{ type: 'message', role: 'user', content: 'Hi' }], stream: true },
    model: 'm',
    conversation: 'c',
    clientHeaders: {},
    keepFrames: false,
    whole: false,
    withoutReasoning: false,
    ...more,
  }
}

/** What one attempt told, in its order. */
export interface Told {
  calls: string[]
  events: PivotEvent[]
  notes: readonly Note[]
  verbatim: boolean | undefined
  headers: Readonly<Record<string, string>>
  document?: string
  failure?: Failure
}

export interface Attempt {
  told: Told
  stream: Stream
  /** Ended well, or failed. */
  ended: Promise<Told>
  /** The next batch of events was told. */
  next(): Promise<void>
}

export function open(provider: Provider, asked: UpstreamCall, onNotes?: (stream: Stream) => void): Attempt {
  const told: Told = { calls: [], events: [], notes: [], verbatim: undefined, headers: {} }
  const ended = Promise.withResolvers<Told>()
  let wake: () => void = () => undefined
  const sink: EventSink = {
    sent: () => void told.calls.push('sent'),
    head(headers) {
      told.calls.push('head')
      told.headers = headers
    },
    notes(notes, verbatim) {
      told.calls.push('notes')
      Object.assign(told, { notes, verbatim })
      onNotes?.(stream)
    },
    events(batch) {
      told.calls.push('events')
      told.events.push(...batch)
      wake()
    },
    whole(body) {
      told.calls.push('whole')
      told.document = body
    },
    end() {
      told.calls.push('end')
      ended.resolve(told)
    },
    fail(failure) {
      told.calls.push('fail')
      told.failure = failure
      ended.resolve(told)
    },
  }
  const [candidate] = provider.candidates({
    model: asked.model,
    conversation: asked.conversation,
    tried: new Set(),
  }).ready
  if (candidate === undefined) throw new Error('nobody may serve')
  const stream = provider.open(candidate, asked, sink)
  return { told, stream, ended: ended.promise, next: () => new Promise((resolve) => (wake = resolve)) }
}

export function providerOf(keys: KeyChoice, transport: Pick<Transport, 'open'>, now?: () => number): Provider {
  return createKeyProvider({
    keys,
    transport,
    dialects: DIALECTS,
    userAgent: 'dragoman/1.2.3',
    sessionOf: (conversation, keyId) => `session of ${conversation} and ${keyId}`,
    ...(now === undefined ? {} : { now }),
  })
}

/** The words of an answer, and how it ended. */
export function answerOf({ events }: Told): { text: string; end: string | undefined } {
  const end = events.find(isTerminal)
  const output = end !== undefined && 'response' in end ? end.response.output : []
  const text = output
    .flatMap((item) => (item.type === 'message' && Array.isArray(item.content) ? item.content : []))
    .map((part) => (typeof part === 'object' && 'text' in part ? String(part.text) : ''))
    .join('')
  return { text, end: end?.type }
}

/** One short answer in each dialect, as the frames of its stream. */
export const ANSWERS: Readonly<Record<Exclude<DialectId, 'ollama'>, readonly string[]>> = {
  'openai-chat': [
    'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"},"finish_reason":null}]}\n\n',
    ': a comment\n\n',
    'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}\n\n',
    'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    'data: [DONE]\n\n',
  ],
  'openai-responses': [
    'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"r1","object":"response","status":"in_progress","output":[]}}\n\n',
    'event: response.output_item.added\ndata: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"message","id":"i1","role":"assistant","status":"in_progress","content":[]}}\n\n',
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":2,"item_id":"i1","output_index":0,"content_index":0,"delta":"Hello"}\n\n',
    'event: response.completed\ndata: {"type":"response.completed","sequence_number":3,"response":{"id":"r1","object":"response","status":"completed","output":[{"type":"message","id":"i1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[]}]}],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}}\n\n',
  ],
  'anthropic-messages': [
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n',
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
    'event: ping\ndata: {"type":"ping"}\n\n',
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}\n\n',
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n',
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":2}}\n\n',
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  ],
  gemini: [
    'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hel"}]},"index":0}],"modelVersion":"m","responseId":"g1"}\n\n',
    'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"lo"}]},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2},"modelVersion":"m","responseId":"g1"}\n\n',
  ],
}

/** Behind this many frames nothing is missing any more. */
export const WHOLE_AFTER: Readonly<Record<keyof typeof ANSWERS, number>> = {
  'openai-chat': 4,
  'openai-responses': 4,
  'anthropic-messages': 7,
  gemini: 2,
}
