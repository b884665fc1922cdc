import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { configFile } from '../../packages/gateway/src/config/index.js'
import { startGateway } from '../../packages/gateway/src/main.js'
import { openHouse, type House } from '../house.js'

interface Entry {
  id: string
  requestId: string
  direction: string
  outcome: string
  status: number
  model: string
  hasBodies: boolean
  costUsd: number | null
  usage: { inputTokens: number; outputTokens: number } | null
  account: { id: string; name: string } | null
  error: string | null
}
interface List {
  records: Entry[]
  total: number | null
  next: string | null
  totals: Record<string, number | null> | null
  running: { requestId: string }[]
}
interface Detail extends Entry {
  attempts: { candidate: string; outcome: string; startMs: number; ms: number; message: string | null; why: string }[]
  why: string
  notes: { pointer: string; what: string; why: string }[]
  failure: { kind: string; message: string } | null
  request: { json: unknown; secrets: number; cut: boolean } | null
  upstreamRequests: { json: Record<string, unknown> }[]
  response: { json: Record<string, unknown> } | null
  replayable: boolean
}

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const manage = (
  path: string,
  method = 'GET',
  body?: unknown,
  of: { url: string; controlKey: string } = house.gateway,
) =>
  fetch(of.url + path, {
    method,
    headers: {
      authorization: `Bearer ${of.controlKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const read = async <Answer>(path: string): Promise<Answer> => (await (await manage(path)).json()) as Answer
const list = (query = '') => read<List>(`/admin/logs${query}`)
const ask = async (body: object = {}, headers: Record<string, string> = {}) => {
  const answer = await house.post('/v1/chat/completions', { model: 'gpt-5.5', messages: [HELLO], ...body }, headers)
  await answer.text()
  return answer.headers.get('x-request-id') ?? ''
}
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const HELLO = { role: 'user', content: 'hello' }

describe('GET /admin/logs', () => {
  beforeAll(async () => {
    await manage('/admin/logs/clear', 'POST')
    await ask()
    await ask({ stream: true, temperature: 0.3 }, { 'user-agent': 'opencode/1.0' })
    await ask({ model: 'no-such-model' })
    house.simulator.script({ at: 'responses', fault: { type: 'status', name: 'context_length_exceeded' }, times: 1 })
    await ask()
  })

  test('tells the newest first, with sums over everything that fits, not over the page', async () => {
    const { records, total, next, totals } = await list('?limit=1')
    expect(records).toHaveLength(1)
    expect(total).toBe(4)
    expect(next).toBe(records[0]?.id)
    expect(totals).toMatchObject({ requests: 4, succeeded: 2, failed: 2, cancelled: 0, successRate: 0.5 })
    const all = await list()
    expect(all.records.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'ok', 'ok'])
    const sum = (of: (entry: Entry) => number) => all.records.reduce((so, entry) => so + of(entry), 0)
    expect(totals?.['outputTokens']).toBe(sum(({ usage }) => usage?.outputTokens ?? 0))
    expect(totals?.['outputTokens']).toBeGreaterThan(0)
    expect(totals?.['costUsd']).toBeCloseTo(sum(({ costUsd }) => costUsd ?? 0))
    expect(all.records[3]?.account?.name).toBe('person0@example.com')
  })

  test('in pages, by cursor and by offset', async () => {
    const all = await list()
    const first = await list('?limit=3')
    const rest = await list(`?limit=3&cursor=${first.next}&totals=false`)
    expect([...first.records, ...rest.records].map(({ id }) => id)).toEqual(all.records.map(({ id }) => id))
    expect(rest).toMatchObject({ next: null, totals: null, total: null })
    expect((await list('?offset=3')).records.map(({ id }) => id)).toEqual([all.records[3]?.id])
  })

  test.each([
    ['?status=ok', 2],
    ['?status=failed', 2],
    ['?status=4xx', 2],
    ['?status=404', 1],
    ['?status=2xx', 2],
    ['?model=gpt-5.5', 3],
    ['?provider=codex', 3],
    ['?client=opencode', 1],
    ['?dialect=openai-chat', 4],
    ['?dialect=gemini', 0],
    ['?direction=ingress', 1],
    ['?direction=egress', 3],
    ['?slow=600000', 0],
    ['?bodies=true', 0],
    ['?search=NO-SUCH', 1],
    ['?search=person0%40example', 3],
    ['?search=%2Ftemperature', 1],
    // No wildcards: they mean themselves.
    ['?search=%25', 0],
    ['?search=gpt_5', 0],
    ['?since=2000-01-01', 4],
    ['?until=2000-01-01', 0],
    ['?key=nobody', 0],
  ])('%s finds %i', async (query, count) => {
    const { records, total } = await list(query)
    expect([records.length, total]).toEqual([count, count])
  })

  test.each(['status=9xx', 'limit=201', 'limit=0', 'direction=up', 'since=soon', 'slow=x', 'bodies=1'])(
    'refuses ?%s and names it',
    async (query) => {
      const answer = await manage(`/admin/logs?${query}`)
      expect(answer.status).toBe(400)
      expect(((await answer.json()) as { pointer: string }).pointer).toBe(`/${query.split('=')[0]}`)
    },
  )

  test('one request opens to its attempts, its notes and its failure; by its own id or the request’s', async () => {
    const { records } = await list()
    const [failed, , streamed] = records
    const one = await read<Detail>(`/admin/logs/${streamed?.requestId}`)
    expect(one.id).toBe(streamed?.id)
    expect(one.attempts).toMatchObject([{ candidate: 'person0@example.com', outcome: 'ok' }])
    expect(one.attempts[0]?.startMs).toBeGreaterThanOrEqual(0)
    expect(one.notes).toMatchObject([{ pointer: '/temperature', what: 'dropped' }])
    expect(one.why).not.toBe('')
    const other = await read<Detail>(`/admin/logs/${failed?.id}`)
    expect(other.failure?.message).toBe(other.error)
    expect(other.attempts.at(-1)?.message).not.toBeNull()
    expect((await manage('/admin/logs/log_none')).status).toBe(404)
  })

  test('tells what there is to choose from, by name', async () => {
    const names = await read<{ models: string[]; accounts: { name: string }[]; keys: { name: string }[] }>(
      '/admin/logs/names',
    )
    expect(names.models).toEqual(['gpt-5.5', 'no-such-model'])
    expect(names.accounts.map(({ name }) => name)).toEqual(['person0@example.com'])
    expect(names.keys.map(({ name }) => name)).toEqual(['first key'])
  })
})

describe('what was said', () => {
  test('is not kept unless its owner wishes it, and then without secrets', async () => {
    await ask()
    expect((await list('?limit=1')).records[0]?.hasBodies).toBe(false)
    const answer = await manage('/admin/logs/state', 'POST', { captureBodies: true })
    expect(await answer.json()).toMatchObject({ enabled: true, paused: false, captureBodies: true })
    expect(await readFile(house.configFile.path, 'utf8')).toContain('capture_bodies: true')

    const secret = 'sk-abcdefghijklmnopqrstuvwxyz012345'
    const canary = 'CANARY-of-a-user'
    const messages = [{ role: 'user', content: `hello ${canary} ${secret}` }]
    const id = await ask({ messages, metadata: { api_key: 'plainvalue' }, max_tokens: 77 })
    const one = await read<Detail>(`/admin/logs/${id}`)
    const text = JSON.stringify(one)
    expect(text).toContain(canary)
    expect(text).not.toContain(secret)
    expect(text).not.toContain('plainvalue')
    expect(text).not.toContain(house.key)
    expect(one.request).toMatchObject({ json: { model: 'gpt-5.5', max_tokens: 77 }, secrets: 2, cut: false })
    expect(one.upstreamRequests).toHaveLength(1)
    expect(one.upstreamRequests[0]?.json).toHaveProperty('input')
    expect(one.response?.json).toHaveProperty('choices')

    const cassette = await manage(`/admin/logs/${id}/cassette`)
    expect(cassette.headers.get('content-disposition')).toContain('attachment')
    const file = await cassette.text()
    expect(file).toContain(canary)
    for (const hidden of [secret, 'person0@example.com', house.gateway.accounts.list()[0]?.id ?? '?', house.key]) {
      expect(file).not.toContain(hidden)
    }
  })

  test('lies sealed on the disk', async () => {
    const canary = 'CANARY-on-the-disk'
    const id = await ask({ messages: [{ role: 'user', content: canary }] })
    await read(`/admin/logs/${id}`)
    for (const name of ['dragoman.db', 'dragoman.db-wal']) {
      const bytes = await readFile(join(house.home, name), 'latin1').catch(() => '')
      expect(bytes.includes(canary)).toBe(false)
      expect(bytes.includes(Buffer.from(canary).toString('base64').slice(0, 20))).toBe(false)
    }
  })

  test('a streamed reply is kept in one piece', async () => {
    const id = await ask({ stream: true })
    const one = await read<Detail>(`/admin/logs/${id}`)
    const [choice] = (one.response?.json['choices'] ?? []) as { message: { content: string } }[]
    expect(choice?.message.content).not.toBe('')
  })

  test('is cut where it is too long, and then cannot be asked again', async () => {
    house.configure({ requests: { capture_bodies: true, capture_bytes: 2048 } })
    const id = await ask({ messages: [{ role: 'user', content: 'x'.repeat(50_000) }] })
    const one = await read<Detail>(`/admin/logs/${id}`)
    expect(one.request?.cut).toBe(true)
    expect(JSON.stringify(one.request).length).toBeLessThan(5000)
    expect(one.replayable).toBe(false)
    expect((await manage(`/admin/logs/${id}/replay`, 'POST')).status).toBe(409)
    house.configure({ requests: { capture_bodies: true } })
  })

  test('can be asked again through the real relay', async () => {
    const id = await ask({ messages: [{ role: 'user', content: 'say it again' }] })
    const answer = await manage(`/admin/logs/${id}/replay`, 'POST')
    expect(answer.status).toBe(200)
    const replay = (await answer.json()) as { requestId: string; status: number; body: string; changed: boolean }
    expect(replay).toMatchObject({ status: 200, changed: false })
    expect(JSON.parse(replay.body)).toHaveProperty('choices')
    const made = await read<Detail & { key: { id: string } }>(`/admin/logs/${replay.requestId}`)
    expect(made.key.id).toBe('playground')
    expect(made.request?.json).toMatchObject({ messages: [{ content: 'say it again' }] })
  })

  test('a request without bodies has none to replay', async () => {
    await manage('/admin/logs/state', 'POST', { captureBodies: false })
    const id = await ask()
    for (const [path, method] of [
      ['replay', 'POST'],
      ['cassette', 'GET'],
    ] as const) {
      const answer = await manage(`/admin/logs/${id}/${path}`, method)
      expect(answer.status).toBe(409)
      expect(((await answer.json()) as { code: string }).code).toBe('bodies_not_kept')
    }
  })
})

describe('the log', () => {
  test('pauses and goes on', async () => {
    const before = (await list('?limit=1')).total ?? 0
    await manage('/admin/logs/state', 'POST', { paused: true })
    await ask()
    expect((await list('?limit=1')).total).toBe(before)
    expect(await read('/admin/logs/state')).toMatchObject({ paused: true })
    await manage('/admin/logs/state', 'POST', { paused: false })
    await ask()
    expect((await list('?limit=1')).total).toBe(before + 1)
  })

  test('can be switched off', async () => {
    const before = (await list('?limit=1')).total ?? 0
    expect(await (await manage('/admin/logs/state', 'POST', { enabled: false })).json()).toMatchObject({
      enabled: false,
    })
    await ask()
    expect((await list('?limit=1')).total).toBe(before)
    await manage('/admin/logs/state', 'POST', { enabled: true })
  })

  test('can be emptied, bodies and all', async () => {
    house.configure({ requests: { capture_bodies: true } })
    const id = await ask()
    const { id: own } = await read<Detail>(`/admin/logs/${id}`)
    expect(await (await manage('/admin/logs/clear', 'POST')).json()).toMatchObject({ ok: true })
    expect(await list()).toMatchObject({ records: [], total: 0, next: null })
    expect(await house.gateway.store.requestLog.bodies(own)).toBeUndefined()
  })

  test.each(['/admin/logs', '/admin/logs/state', '/admin/logs/names', '/admin/logs/x', '/admin/error-logs'])(
    '%s is for the owner alone',
    async (path) => {
      expect((await house.fetch(path)).status).toBe(403)
      expect((await fetch(house.url + path)).status).toBe(401)
    },
  )
})

test('pages that listen are told when a request begins and when it is over', async () => {
  const leave = new AbortController()
  const stream = await fetch(`${house.url}/admin/live?topics=requests,errors`, {
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
    signal: leave.signal,
  })
  const id = await ask({ model: 'no-such-model' })
  const told: { event: string; data: { phase?: string; unread?: number; entry?: Entry } }[] = []
  let text = ''
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const frames = text.split('\n\n')
    text = frames.pop() ?? ''
    for (const frame of frames) {
      const [, event = ''] = /^event: (.*)$/m.exec(frame) ?? []
      const [, data = '{}'] = /^data: (.*)$/m.exec(frame) ?? []
      if (event !== 'hello') told.push({ event, data: JSON.parse(data) as (typeof told)[number]['data'] })
    }
    if (told.some(({ event }) => event === 'errors')) break
  }
  leave.abort()
  const of = told.filter(({ data }) => data.entry?.requestId === id)
  expect(of.map(({ data }) => data.phase)).toEqual(['started', 'finished'])
  expect(of[1]?.data.entry).toMatchObject({ outcome: 'failed', status: 404, model: 'no-such-model' })
  expect(told.find(({ event }) => event === 'errors')?.data.unread).toBeGreaterThan(0)
})

test('outlives the process, and keeps no more than it may', async () => {
  const home = await mkdtemp(join(tmpdir(), 'dragoman-log-'))
  const start = (settings: string[]) => {
    const file = configFile({
      home,
      env: {},
      flags: Object.fromEntries(settings.map((one) => one.split('=') as [string, string])),
    })
    return startGateway({ home, config: () => file.current().config, log: SILENT, version: '0' })
  }
  const settings = ['server.port=0', 'server.host=127.0.0.1', 'accounts.queue_seconds=0']
  try {
    const first = await start(settings)
    for (let n = 0; n < 3; n++) {
      const answer = await fetch(`${first.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${first.demoKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'demo', messages: [HELLO] }),
      })
      await answer.text()
    }
    await first.close(0)
    const second = await start([...settings, 'requests.log_keep=2'])
    const kept = (await (await manage('/admin/logs', 'GET', undefined, second)).json()) as List
    expect(kept.records.map(({ model }) => model)).toEqual(['demo', 'demo', 'demo'])
    // The next one that is written takes away what is too much.
    const answer = await fetch(`${second.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${second.demoKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo', messages: [HELLO] }),
    })
    await answer.text()
    const bounded = (await (await manage('/admin/logs', 'GET', undefined, second)).json()) as List
    expect(bounded.total).toBe(2)
    expect(bounded.records[1]?.id).toBe(kept.records[0]?.id)
    await second.close(0)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})
