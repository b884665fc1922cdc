import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Dialect, Failure, PivotEvent, PivotRequest } from '@dragoman/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configSchema } from '../config/index.js'
import type { Candidate, EventSink, Provider, UpstreamCall } from '../providers/index.js'
import { createRequestRecords } from '../telemetry/index.js'
import type { RelayLimits } from './relay-house.js'
import { createRelay, type Relay } from './relay.js'

const response = { id: 'resp_1', output: [] }
const created: PivotEvent = { type: 'response.created', response }
const completed: PivotEvent = { type: 'response.completed', response }
const failed: PivotEvent = {
  type: 'response.failed',
  response: { ...response, error: { code: 'server_is_overloaded' } },
}
const delta = (escaped: string): PivotEvent => ({
  type: 'response.output_text.delta',
  item_id: 'm',
  output_index: 0,
  content_index: 0,
  escaped,
})
const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): Failure => ({
  kind,
  scope: 'account',
  phase: 'sent',
  retry: 'other',
  message: kind,
  ...more,
})

/** A dialect that can be read at a glance: each event is a word. */
const words = {
  id: 'openai-chat',
  serve: {
    streamEncoder: () => ({
      push: (events: readonly PivotEvent[]) =>
        events
          .map((event) => ('escaped' in event ? event.escaped : `<${event.type.replace('response.', '')}>`))
          .join(''),
      heartbeat: () => '<hb>',
      fail: (happened: Failure) => `<failed ${happened.kind}>`,
    }),
    encodeResponse: (whole: unknown) => whole,
    encodeError: (happened: Failure) => ({
      status: 503,
      headers: {},
      body: { kind: happened.kind, message: happened.message },
    }),
  },
  call: {
    failureOf: (event: PivotEvent) =>
      event.type === 'response.failed' ? failure('overloaded', { scope: 'provider' }) : undefined,
  },
} as unknown as Dialect

type Scene = (sink: EventSink, call: UpstreamCall, candidate: Candidate) => void

let scenes: Scene[]
let asked: { candidate: string; call: UpstreamCall }[]
let cancelled: number
let mends: boolean
let cure: Promise<void>
let ids: string[]
let limits: RelayLimits
let relay: Relay
let server: Server
const records = createRequestRecords({ keep: () => 100 })

const provider: Provider = {
  id: 'codex',
  dialect: 'openai-chat',
  candidates: ({ tried }) => ({
    ready: ids.filter((id) => !tried.has(id)).map((id) => ({ id, label: id, why: 'test' })),
    skipped: [],
  }),
  whyNobody: () => failure('quota_exhausted', { message: 'everybody is out' }),
  mend: () => cure.then(() => mends),
  open(candidate, call, sink) {
    asked.push({ candidate: candidate.id, call })
    const scene = scenes.shift()
    let over = false
    setImmediate(() => {
      if (!over) scene?.(sink, call, candidate)
    })
    return {
      pause: () => undefined,
      resume: () => undefined,
      cancel() {
        over = true
        cancelled++
      },
    }
  },
}

beforeEach(async () => {
  scenes = []
  asked = []
  cancelled = 0
  mends = true
  cure = Promise.resolve()
  ids = ['a', 'b', 'c']
  limits = {
    heartbeatMs: 60_000,
    firstEventMs: 60_000,
    idleMs: 60_000,
    wallMs: 60_000,
    writeStallMs: 60_000,
    maxAttempts: 3,
  }
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  relay = createRelay({
    route: (wanted: PivotRequest) =>
      wanted.model === 'none'
        ? failure('not_found', { scope: 'request', retry: 'never' })
        : [{ provider, model: 'up', effort: 'high', why: 'test' }],
    dialects: { 'openai-chat': words },
    told: { keep: () => undefined, resolve: (_, request) => ({ request }) },
    inputTokens: () => undefined,
    conversationOf: () => ({ conversation: 'conv', chain: 'conv.1' }),
    limits: () => limits,
    shaping: () => configSchema.parse({}).model,
    records,
    log: quiet,
  })
  server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://x')
    void relay.run({
      id: 'req_1',
      path: url.pathname,
      dialect: words,
      request: { model: url.searchParams.get('model') ?? 'm', input: [] },
      receipt: [],
      stream: url.pathname === '/stream',
      headers: url.searchParams.has('strict') ? { 'x-dragoman-strict': 'true' } : {},
      key: { id: 'k', name: 'k', ...(url.searchParams.has('only') ? { allowedModels: ['other'] } : {}) },
      response: res,
      replyHeaders: { 'x-request-id': 'req_1' },
      at: Date.now(),
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function get(path: string): Promise<IncomingMessage> {
  const out = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', path })
  out.on('error', () => undefined)
  out.end()
  const [res] = (await once(out, 'response')) as [IncomingMessage]
  return res
}
const read = async (path: string): Promise<{ status: number; body: string }> => {
  const res = await get(path)
  return { status: res.statusCode ?? 0, body: await text(res) }
}

const good: Scene = (sink) => {
  sink.sent()
  sink.events([created])
  sink.events([delta('hel'), delta('lo')])
  sink.events([completed])
  sink.end()
}

describe('a strict request', () => {
  const loss = { pointer: '/stop', what: 'dropped', why: 'no such thing' } as const

  test('that would lose something is refused, and nobody else is asked', async () => {
    scenes = [
      (sink) => {
        sink.notes([loss])
        good(sink, asked[0]!.call, { id: 'a', label: 'a', why: '' })
      },
    ]
    const { status, body } = await read('/stream?strict')
    expect(status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({
      kind: 'invalid_request',
      message: expect.stringContaining('/stop') as unknown,
    })
    expect(asked).toHaveLength(1)
    expect(cancelled).toBe(1)
    expect(records.get('req_1')).toMatchObject({
      failure: { code: 'translation_loss', pointer: '/stop' },
      notes: [loss],
    })
  })

  test('that loses nothing is answered', async () => {
    scenes = [
      (sink, ...rest) => {
        sink.notes([{ ...loss, what: 'emulated' }])
        good(sink, ...rest)
      },
    ]
    expect(await read('/stream?strict')).toEqual({ status: 200, body: '<created>hello<completed>' })
  })

  test('does not go on without the reasoning that the upstream cannot read', async () => {
    scenes = [
      (sink) =>
        sink.fail(failure('invalid_request', { scope: 'request', retry: 'never', code: 'invalid_encrypted_content' })),
      good,
    ]
    const { body } = await read('/stream?strict')
    expect(JSON.parse(body)).toMatchObject({ message: expect.stringContaining('/input dropped') as unknown })
    expect(cancelled).toBe(1)
  })
})

describe('the life of a request', () => {
  test('streams from the handshake to the one end', async () => {
    scenes = [good]
    expect(await read('/stream')).toEqual({ status: 200, body: '<created>hello<completed>' })
    expect(records.get('req_1')).toMatchObject({
      route: 'codex:up',
      attempts: [{ candidate: 'a', outcome: 'ok' }],
      status: 200,
    })
  })

  test('the wishes of the route go upstream, with the name that the upstream knows', async () => {
    scenes = [good]
    await read('/stream')
    expect(asked[0]?.call.request).toMatchObject({ model: 'up', reasoning: { effort: 'high' } })
  })

  test.each<[string, Scene]>([
    ['a refusal by status', (sink) => sink.fail(failure('quota_exhausted'))],
    [
      'a failure inside a 200, after the handshake',
      (sink) => {
        sink.sent()
        sink.events([created])
        sink.events([failed])
      },
    ],
    [
      'a handshake that stays the only word',
      (sink) => {
        sink.events([created])
        sink.end()
      },
    ],
  ])('%s moves on, and the client never knows', async (_, bad) => {
    scenes = [bad, bad, good]
    expect(await read('/stream')).toEqual({ status: 200, body: '<created>hello<completed>' })
    expect(asked).toHaveLength(3)
  })

  test.each<[string, Scene, string]>([
    [
      'closes well but too early',
      (sink) => {
        sink.events([created, delta('hel')])
        sink.end()
      },
      '<created>hel<failed stream_cut>',
    ],
    [
      'breaks',
      (sink) => {
        sink.events([created, delta('hel')])
        sink.fail(failure('stream_cut'))
      },
      '<created>hel<failed stream_cut>',
    ],
    [
      'fails in words that the client understands',
      (sink) => sink.events([created, delta('hel'), failed]),
      '<created>hel<failed>',
    ],
  ])('after the first output an upstream that %s is told, never retried', async (_, bad, body) => {
    scenes = [bad, good]
    expect(await read('/stream')).toEqual({ status: 200, body })
    expect(asked).toHaveLength(1)
  })

  test('a refused credential is mended and asked again', async () => {
    scenes = [(sink) => sink.fail(failure('credential_expired', { retry: 'same' })), good]
    expect((await read('/stream')).status).toBe(200)
    expect(asked.map(({ candidate }) => candidate)).toEqual(['a', 'a'])
  })

  test('one that cannot be mended is left', async () => {
    mends = false
    scenes = [(sink) => sink.fail(failure('credential_expired', { retry: 'same' })), good]
    expect((await read('/stream')).status).toBe(200)
    expect(asked.map(({ candidate }) => candidate)).toEqual(['a', 'b'])
  })

  test('reasoning of another account is left out the second time', async () => {
    scenes = [
      (sink) =>
        sink.fail(failure('invalid_request', { scope: 'request', retry: 'never', code: 'invalid_encrypted_content' })),
      good,
    ]
    expect((await read('/stream')).status).toBe(200)
    expect(asked.map(({ call }) => call.withoutReasoning)).toEqual([false, true])
  })

  test('when everybody is out of quota the pool has the last word', async () => {
    ids = ['a', 'b']
    scenes = [(sink) => sink.fail(failure('quota_exhausted')), (sink) => sink.fail(failure('rate_limited'))]
    const { status, body } = await read('/stream')
    expect(status).toBe(503)
    expect(body).toContain('everybody is out')
  })

  test.each([
    ['an unknown model', '/stream?model=none', 'not_found'],
    ['a model that the key may not use', '/stream?only', 'forbidden'],
  ])('%s asks nobody', async (_, path, kind) => {
    const { body } = await read(path)
    expect(JSON.parse(body)).toMatchObject({ kind })
    expect(asked).toHaveLength(0)
  })
})

describe('time', () => {
  test('silence is filled with heartbeats, and the first one commits', async () => {
    limits.heartbeatMs = 10
    let sink: EventSink | undefined
    scenes = [
      (s) => {
        sink = s
        s.events([created])
      },
    ]
    const res = await get('/stream')
    const [first] = (await once(res, 'data')) as [Buffer]
    expect(first.toString()).toBe('<created>')
    sink?.fail(failure('overloaded'))
    const rest = await text(res)
    expect(rest).toMatch(/^(?:<hb>)*<failed overloaded>$/)
    expect(asked).toHaveLength(1)
  })

  test('a heartbeat during a slow cure commits: the client is told, and nothing begins again', async () => {
    limits.heartbeatMs = 10
    let cured: () => void = () => undefined
    cure = new Promise((resolve) => (cured = resolve))
    scenes = [(sink) => sink.fail(failure('credential_expired', { retry: 'same' })), good]
    const res = await get('/stream')
    res.once('data', () => cured())
    expect(await text(res)).toMatch(/^(?:<hb>)+<failed credential_expired>$/)
    expect(asked).toHaveLength(1)
  })

  test('an upstream that never begins is left for the next', async () => {
    limits.firstEventMs = 10
    scenes = [() => undefined, good]
    expect((await read('/stream')).body).toBe('<created>hello<completed>')
    expect(cancelled).toBeGreaterThan(0)
  })

  test('an upstream that falls silent after output ends in an error', async () => {
    limits.idleMs = 10
    scenes = [(sink) => sink.events([created, delta('hel')])]
    expect((await read('/stream')).body).toBe('<created>hel<failed timeout>')
    expect(cancelled).toBe(1)
  })

  test('a client that leaves takes its upstream with it', async () => {
    const gone = new Promise<void>((resolve) => {
      const before = cancelled
      const look = (): void => (cancelled > before ? resolve() : void setImmediate(look))
      look()
    })
    scenes = [(sink) => sink.events([created, delta('hel')])]
    const res = await get('/stream')
    await once(res, 'data')
    res.destroy()
    await gone
    expect(relay.open === 0 || asked.length === 1).toBe(true)
  })

  test('a stopping gateway ends what runs in its form of failure', async () => {
    scenes = [(sink) => sink.events([created, delta('hel')])]
    const res = await get('/stream')
    res.once('data', () => relay.stop())
    expect(await text(res)).toBe('<created>hel<failed overloaded>')
  })
})

describe('a whole reply', () => {
  test('a failure is a status, even after output was seen', async () => {
    scenes = [
      (sink) => {
        sink.events([created, delta('hel')])
        sink.end()
      },
    ]
    const { status, body } = await read('/whole')
    expect(status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({ kind: 'stream_cut' })
  })
})
