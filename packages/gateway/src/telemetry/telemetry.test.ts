import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createLog, createRequestRecords, requestIds, scrub, Secret, type RequestRecord } from './index.js'

const CANARIES = [
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
  'dgm-9aZcanarycanarycanarycanary',
  'dgw-9aZcanarycanarycanarycanary',
  'sk-proj-canarycanarycanary',
  'rt_canarycanarycanary',
  'rt.1.canarycanarycanary',
  'sk-ant-api03-canarycanary-canary_canary',
  'AIzaSycanarycanarycanarycanary',
  // An encrypted token has five parts.
  'eyJhbGciOiJkaXIifQ..canarycanary.canarycanarycanary.canary'.replace('..', '.canarycanary.'),
]

describe('no secret reaches the log', () => {
  test.each(CANARIES)('%s', (canary) => {
    const lines: string[] = []
    for (const pretty of [true, false]) {
      const take = (line: string) => lines.push(line)
      const log = createLog({ level: () => 'debug', write: take, pretty, alsoJson: take })
      log.info({ token: canary }, 'a field')
      log.warn({ deep: { list: [{ header: `Bearer ${canary}` }] } }, 'a deep field')
      log.error({ err: new Error(`refused ${canary}`, { cause: new Error(canary) }) }, 'an error')
      log.debug({}, `in the sentence ${canary}`)
      log.info({ body: JSON.stringify({ refresh_token: canary }) }, 'a body')
      log.info({ url: `http://localhost/cb?code=${canary}&state=x` }, 'an address')
      log.info({ secret: new Secret(canary) }, 'a typed secret')
    }
    expect(lines).toHaveLength(28)
    for (const line of lines) expect(line.trimEnd()).not.toContain('\n')
    expect(lines.join('')).not.toContain(canary)
    expect(lines.join('')).not.toMatch(/canarycanary|Y2FuYXJ5|canary/i)
  })

  test.each([
    ['a form', 'grant_type=refresh_token&refresh_token=OPAQUE&client_id=app'],
    ['a form that begins with it', 'refresh_token=OPAQUE&x=1'],
    ['JSON', JSON.stringify({ refresh_token: 'OPAQUE', accessToken: 'OPAQUE', password: 'a"OPAQUE' })],
    ['JSON in JSON in JSON', JSON.stringify(JSON.stringify({ refresh_token: 'OPAQUE', token: 'OPA"QUE OPAQUE' }))],
    ['headers as they stand on the wire', 'POST / HTTP/1.1\r\nCookie: a=OPAQUE; b=OPAQUE\r\nX-Api-Key: OPAQUE\r\n\r\n'],
    ['headers in an object', { cookie: 'cf=OPAQUE; x=OPAQUE', 'set-cookie': ['a=OPAQUE', 'b=OPAQUE'] }],
    ['an API key in an object', { 'x-api-key': 'OPAQUE', openai_api_key: 'OPAQUE', authorization: 'OPAQUE' }],
    ['an address with a name', 'http://OPAQUE:OPAQUE@proxy.example:3128/ and socks5://OPAQUE@proxy.example'],
    ['an address with a name that has an @', 'http://me:OPA@OPAQUE@proxy.example:3128/'],
    ['an address with a key', 'GET /v1beta/models?alt=sse&key=OPAQUE HTTP/1.1'],
    ['a callback', 'http://localhost:1455/auth/callback?code=OPAQUE&state=OPAQUE'],
    ['Basic', 'Proxy refused Basic OPAQUE='],
    ['an error with fields of its own', Object.assign(new Error('x'), { headers: { cookie: 'OPAQUE' } })],
  ])('%s', (_, value) => {
    const lines: string[] = []
    for (const pretty of [true, false]) {
      const take = (line: string) => lines.push(line)
      const log = createLog({ level: () => 'debug', write: take, pretty, alsoJson: take })
      log.info({ value, deep: [{ value }] }, 'a field')
      if (typeof value === 'string') log.info({}, value)
      if (value instanceof Error) log.info({ err: value }, 'an error')
      else if (typeof value === 'object') log.info(value, 'fields')
    }
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.join('')).not.toContain('OPAQUE')
  })

  test('the fields around a secret can still be read', () => {
    const lines: string[] = []
    const log = createLog({ level: () => 'info', write: (line) => lines.push(line), pretty: false })
    log.info({ before: 1, body: '{"refresh_token":"OPAQUE","grant":"x"}', cookie: ['a', 'b'], tokens: 7 }, 'kept')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      before: 1,
      body: '{"refresh_token":"[redacted]","grant":"x"}',
      cookie: '[redacted]',
      tokens: 7,
      msg: 'kept',
    })
  })

  test('a line end in a sentence or a field cannot forge a line', () => {
    const lines: string[] = []
    const log = createLog({ level: () => 'info', write: (line) => lines.push(line), pretty: true })
    log.info({ name: 'a\n12:00:00 error forged' }, 'b\r\n12:00:00 error forged')
    expect(lines.join('').split('\n')).toHaveLength(2)
  })

  test.each([
    'a task-force of tokens: 12 of 15',
    'the basic information is here; a bearer of news',
    'https://chatgpt.com/backend-api/codex/responses?client_version=0.169.0',
    '{"code":"invalid_grant","keys":3,"state":"active"}',
  ])('what is no secret stays: %s', (line) => {
    expect(scrub(line)).toBe(line)
  })

  test.each([
    ['http://user:hunter2@proxy.example:3128/', 'hunter2'],
    ['GET /v1beta/models?key=AIzaSyExample HTTP/1.1', 'AIzaSyExample'],
    ['{"cookie":"session=abc"}', 'session=abc'],
    ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ])('%s', (line, secret) => {
    expect(scrub(line)).not.toContain(secret)
  })

  test('control characters cannot forge a line', () => {
    expect(scrub('a\u001b[31mb\rc\u202ed')).toBe('a\\u001b[31mb\\u000dc\\u202ed')
  })
})

test('a typed secret shows itself only when asked', () => {
  const secret = new Secret('canary')
  expect(`${secret} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('canary')
  expect(secret.reveal()).toBe('canary')
})

test('the log keeps to its level, and to a changed one', () => {
  let level: 'info' | 'error' = 'info'
  const lines: string[] = []
  const log = createLog({ level: () => level, write: (line) => lines.push(line), pretty: true })
  log.debug({}, 'one')
  log.info({}, 'two')
  level = 'error'
  log.info({}, 'three')
  log.error({}, 'four')
  expect(lines.map((line) => line.slice(9))).toEqual(['info two\n', 'error four\n'])
})

test('request ids are taken from the client when they are harmless, else made', () => {
  const next = requestIds()
  expect(next('my-id.1')).toBe('my-id.1')
  for (const bad of [undefined, '', 'a b', 'x'.repeat(65), 'a\r\nb', ['a', 'b']]) {
    expect(next(bad)).toMatch(/^req_[0-9a-z]{24}$/)
  }
  expect(new Set(Array.from({ length: 1000 }, () => next(undefined))).size).toBe(1000)
})

test('request records are bounded, the oldest go first', () => {
  const records = createRequestRecords({ keep: () => 2 })
  const record = (id: string): RequestRecord => ({
    id,
    at: 0,
    dialect: 'openai-chat',
    path: '/',
    model: 'm',
    keyId: 'k',
    stream: false,
    attempts: [],
    notes: [],
  })
  for (const id of ['a', 'b', 'c']) records.add(record(id))
  expect(records.list().map(({ id }) => id)).toEqual(['c', 'b'])
  expect(records.get('a')).toBe(undefined)
})
