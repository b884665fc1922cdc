import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import {
  openaiResponses,
  type DialectId,
  type PivotEvent,
  type PivotRequest,
  type PivotResponse,
} from '@dragoman/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTransport, type Transport } from '../../transport/index.js'
import type { UpstreamCall } from '../types.js'
import {
  ANSWERS,
  answerOf,
  apiKey,
  call,
  DIALECTS,
  fakeKeys,
  open,
  providerOf,
  startUpstream,
  WHOLE_AFTER,
  WIRES,
  type Seen,
} from './key-provider.test-kit.js'

let transport: Transport
let upstream: Awaited<ReturnType<typeof startUpstream>>
let answer: (res: ServerResponse, seen: Seen) => void

beforeEach(async () => {
  upstream = await startUpstream((res, seen) => answer(res, seen))
  transport = createTransport({
    connectTimeoutMs: 2_000,
    connectionsPerOwner: 8,
    allowedPrivateHosts: () => ['127.0.0.1'],
  })
})
afterEach(async () => {
  await transport.close()
  await upstream.close()
})

const SSE = { 'content-type': 'text/event-stream' }
const streams =
  (dialect: DialectId) =>
  (res: ServerResponse): void => {
    res.writeHead(200, SSE)
    res.end(ANSWERS[dialect as keyof typeof ANSWERS].join(''))
  }

function house(kind: (typeof WIRES)[number][0], wire: (typeof WIRES)[number][1]) {
  const { choice, lessons } = fakeKeys([apiKey({ kind, wire, baseUrl: upstream.url })])
  const provider = providerOf(choice, transport)
  return { lessons, ask: (more: Partial<UpstreamCall> = {}) => open(provider, call(more)) }
}

/** What a client of each dialect sends, with a field that nobody knows. */
const BODIES: Readonly<Partial<Record<DialectId, Record<string, unknown>>>> = {
  'openai-chat': { x_new: [1], model: 'alias', messages: [{ role: 'user', content: 'Hi', name: 'me' }], stream: true },
  'openai-responses': { x_new: [1], model: 'alias', input: 'Hi', stream: true, store: false },
  'anthropic-messages': {
    x_new: [1],
    model: 'alias',
    max_tokens: 9,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] }],
    stream: true,
  },
  gemini: { xNew: [1], contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
}
const native = (dialect: DialectId, whole = false): Partial<UpstreamCall> => {
  const { stream: _, ...document } = BODIES[dialect] ?? {}
  const body = whole ? document : BODIES[dialect]
  return {
    original: body ?? {},
    keepFrames: !whole,
    whole,
    request: {
      ...DIALECTS[dialect].serve.decodeRequest(body, { headers: {}, path: { model: 'alias', stream: !whole } }).value,
      model: 'm',
    },
  }
}

function completed(events: readonly PivotEvent[]): PivotResponse {
  for (const event of events) if (event.type === 'response.completed') return event.response
  throw new Error('the answer has no good end')
}

describe.each(WIRES)('a key of %s over %s', (kind, wire, dialect) => {
  test('answers, and is praised once', async () => {
    answer = streams(dialect)
    const { ask, lessons } = house(kind, wire)
    const told = await ask().ended
    expect(answerOf(told)).toEqual({ text: 'Hello', end: 'response.completed' })
    expect(told.calls.filter((one) => one !== 'events')).toEqual(['notes', 'sent', 'head', 'end'])
    expect(lessons).toEqual([{ id: 'k1', model: 'm' }])
  })

  test('hides itself: it stands in one header, not in the URL, the body or the notes', async () => {
    answer = streams(dialect)
    const { ask } = house(kind, wire)
    const canaries = {
      authorization: 'Bearer canary',
      cookie: 'canary',
      'x-forwarded-for': 'canary',
      'x-api-key': 'canary',
    }
    const told = await ask({ clientHeaders: canaries }).ended
    const [seen] = upstream.seen
    const secret = 'sk-the-secret-itself-k1'
    expect(Object.values(seen?.headers ?? {}).filter((value) => String(value).includes(secret))).toHaveLength(1)
    expect(JSON.stringify([seen?.url, seen?.body, told])).not.toContain(secret)
    expect(JSON.stringify(seen)).not.toContain('canary')
  })

  test("sends a client's own body as it is, and its frames come back byte for byte", async () => {
    answer = streams(dialect)
    const { ask } = house(kind, wire)
    const told = await ask(native(dialect)).ended
    const {
      model,
      stream_options: options,
      ...rest
    } = JSON.parse(upstream.seen[0]?.body ?? '') as Record<string, unknown>
    const { model: _, ...own } = BODIES[dialect] ?? {}
    expect(rest).toEqual(own)
    expect([model, options]).toEqual([
      dialect === 'gemini' ? undefined : 'm',
      dialect === 'openai-chat' ? { include_usage: true } : undefined,
    ])
    expect(told.verbatim).toBe(true)
    expect(told.events.map((event) => event.frame ?? '').join('')).toBe(
      ANSWERS[dialect as keyof typeof ANSWERS].join(''),
    )
  })

  test('is asked for a document by who wants one, which comes back as it is', async () => {
    const events = DIALECTS[dialect].call.streamDecoder()
    const told = ANSWERS[dialect as keyof typeof ANSWERS].join('')
    const response = completed([...events.push(Buffer.from(told)), ...events.end()])
    const about = {
      requestId: 'x',
      model: 'm',
      createdAt: 1,
      request: call().request,
    }
    const body = JSON.stringify(DIALECTS[dialect].serve.encodeResponse(response, about), null, 1)
    answer = (res) => res.writeHead(200, { 'content-type': 'application/json' }).end(body)
    const { ask, lessons } = house(kind, wire)
    const read = await ask(native(dialect, true)).ended
    expect(read.document).toBe(body)
    expect(read.calls).toEqual(['notes', 'sent', 'head', 'whole', 'events', 'end'])
    expect(upstream.seen[0]?.headers.accept).toBe('application/json')
    expect(lessons).toEqual([{ id: 'k1', model: 'm' }])
  })

  test('is neither praised nor blamed for an answer that breaks off, wherever', async () => {
    const frames = ANSWERS[dialect as keyof typeof ANSWERS]
    const whole = WHOLE_AFTER[dialect as keyof typeof ANSWERS]
    for (let at = 0; at < whole; at++) {
      answer = (res) => {
        res.writeHead(200, SSE)
        res.end(frames.slice(0, at).join('') + (frames[at] ?? '').slice(0, 20))
      }
      const { ask, lessons } = house(kind, wire)
      const told = await ask().ended
      expect([at, answerOf(told).end]).toEqual([at, undefined])
      expect(lessons).toMatchObject([{ failure: { kind: 'stream_cut', scope: 'provider' } }])
    }
  })

  test.each([
    ['a web page', { 'content-type': 'text/html' }, '<!doctype html><title>Welcome</title>'],
    ['no JSON', { 'content-type': 'application/json' }, '{"id": "x", '],
  ])('%s in the place of a document is no answer', async (_, headers, body) => {
    answer = (res) => res.writeHead(200, headers).end(body)
    const told = await house(kind, wire).ask(native(dialect, true)).ended
    expect(told.failure).toMatchObject({ kind: 'unreachable', scope: 'provider', retry: 'other' })
    expect(told.document).toBe(undefined)
  })

  test('an error inside a 200 is a failure and no document', async () => {
    answer = (res) =>
      res.writeHead(200, { 'content-type': 'application/json' }).end('{"error":{"message":"No.","code":429}}')
    for (const how of [native(dialect, true), {}]) {
      const { ask, lessons } = house(kind, wire)
      const told = await ask(how).ended
      expect(told.failure).toMatchObject({ kind: 'rate_limited', retry: 'other' })
      expect([told.document, lessons.length]).toEqual([undefined, 1])
    }
  })

  test('leaves the upstream when it is cancelled in the middle, and tells nothing more', async () => {
    let left: Promise<unknown> | undefined
    answer = (res) => {
      res.writeHead(200, SSE)
      res.write(ANSWERS[dialect as keyof typeof ANSWERS].slice(0, 1).join(''))
      left = once(res, 'close')
    }
    const { ask, lessons } = house(kind, wire)
    const { told, stream, next } = ask()
    await next()
    stream.cancel()
    const before = told.calls.length
    await left
    expect([told.calls.length, lessons]).toEqual([before, []])
  })
})

test('who cancels when the notes are told has sent nothing', async () => {
  answer = (res) => res.end()
  const { choice } = fakeKeys([apiKey({ baseUrl: upstream.url })])
  const { told } = open(providerOf(choice, transport), call(), (stream) => stream.cancel())
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect([told.calls, upstream.seen]).toEqual([['notes'], []])
})

test('a slow reader stops the upstream, and misses nothing', async () => {
  const delta = { content: 'x'.repeat(100_000) }
  const frame = `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta }] })}\n\n`
  const PIECES = 300
  const open: ServerResponse[] = []
  answer = (res, { headers }) => {
    if (headers['x-other'] !== undefined) return void res.end()
    open.push(res)
    res.writeHead(200, SSE)
    for (let at = 0; at < PIECES; at++) res.write(frame)
    res.end('data: [DONE]\n\n')
  }
  const { told, stream, ended, next } = house('openai', 'chat').ask()
  await next()
  stream.pause()
  // What runs freely goes on while others are answered.
  const others = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at++) await fetch(upstream.url, { headers: { 'x-other': '1' } })
  }
  await others(5)
  const before = told.calls.length
  await others(50)
  expect([told.calls.length, open[0]?.writableFinished]).toEqual([before, false])
  stream.resume()
  expect(answerOf(await ended).text).toHaveLength(PIECES * 100_000)
})

test('who was paused before the request left stays paused', async () => {
  const done: string[] = []
  const flow = { pause: () => done.push('pause'), resume: () => done.push('resume'), abort: () => done.push('abort') }
  const { choice } = fakeKeys([apiKey({ baseUrl: upstream.url })])
  const opened = Promise.withResolvers<void>()
  const provider = providerOf(choice, {
    open() {
      done.push('open')
      opened.resolve()
      return flow
    },
  })
  const { stream } = open(provider, call())
  stream.pause()
  await opened.promise
  expect(done).toEqual(['open', 'pause'])
  stream.resume()
  stream.cancel()
  expect(done).toEqual(['open', 'pause', 'resume', 'abort'])
})

test('a document in the place of a stream is read as what it is', async () => {
  answer = (res) =>
    res
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        '\n {"id":"c","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}',
      )
  const told = await house('compatible', 'chat').ask().ended
  expect(answerOf(told)).toEqual({ text: 'Hello', end: 'response.completed' })
  expect(told.document).toBe(undefined)
})

test('a document without end is left', async () => {
  const left = Promise.withResolvers<unknown>()
  answer = (res) => {
    res.writeHead(200, { 'content-type': 'application/json' })
    res.once('close', left.resolve)
    const piece = `{"x":"${'x'.repeat(1 << 20)}`
    const more = (): void => {
      while (!res.destroyed && res.write(piece)) continue
      if (!res.destroyed) res.once('drain', more)
    }
    more()
  }
  const told = await house('openai', 'chat').ask(native('openai-chat', true)).ended
  expect(told.failure).toMatchObject({ kind: 'unreachable', retry: 'other' })
  await left.promise
}, 20_000)

test('nobody there: unreachable, unsent, and no word about the key', async () => {
  const { url } = upstream
  await upstream.close()
  const { choice, lessons } = fakeKeys([apiKey({ baseUrl: url })])
  const told = await open(providerOf(choice, transport), call()).ended
  expect(told.failure).toMatchObject({ kind: 'unreachable', scope: 'provider', phase: 'unsent', retry: 'same' })
  expect(lessons).toMatchObject([{ failure: { scope: 'provider' } }])
  upstream = await startUpstream((res, seen) => answer(res, seen))
})

test('calls of emulated tools come back as the client offered them', async () => {
  const call1 = {
    index: 0,
    id: 'call_1',
    type: 'function',
    function: { name: 'patch', arguments: '{"input":"a\\nb"}' },
  }
  answer = (res) => {
    res.writeHead(200, SSE)
    res.write(`data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { tool_calls: [call1] } }] })}\n\n`)
    res.end('data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\ndata: [DONE]\n\n')
  }
  const request: PivotRequest = { ...call().request, tools: [{ type: 'custom', name: 'patch' }] }
  const told = await house('compatible', 'chat').ask({ request }).ended
  expect(completed(told.events).output).toMatchObject([{ type: 'custom_tool_call', name: 'patch', input: 'a\nb' }])
  expect(told.notes).toMatchObject([{ what: 'emulated', pointer: '/tools/0' }])
})

test("a failed answer of Responses keeps the upstream's words and blames its model's maker", async () => {
  const failed = {
    type: 'response.failed',
    response: { id: 'r', output: [], status: 'failed', error: { code: 'server_is_overloaded', message: 'Full.' } },
  }
  answer = (res) => res.writeHead(200, SSE).end(`event: response.failed\ndata: ${JSON.stringify(failed)}\n\n`)
  const { ask, lessons } = house('openai', 'responses')
  const told = await ask().ended
  expect(told.events.map((event) => openaiResponses.call.failureOf(event)?.kind)).toEqual(['overloaded'])
  expect(lessons).toMatchObject([{ failure: { kind: 'overloaded', message: 'Full.' } }])
})
