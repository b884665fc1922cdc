import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createLog, createRequestRecords, requestIds, scrub, Secret, type RequestRecord } from './index.js'

const CANARIES = [
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl',
  'dgm-9aZcanarycanarycanarycanary',
  'sk-proj-canarycanarycanary',
  'rt_canarycanarycanary',
]

describe('no secret reaches the log', () => {
  test.each(CANARIES)('%s', (canary) => {
    const lines: string[] = []
    for (const pretty of [true, false]) {
      const log = createLog({ level: () => 'debug', write: (line) => lines.push(line), pretty })
      log.info({ token: canary }, 'a field')
      log.warn({ deep: { list: [{ header: `Bearer ${canary}` }] } }, 'a deep field')
      log.error({ err: new Error(`refused ${canary}`, { cause: new Error(canary) }) }, 'an error')
      log.debug({}, `in the sentence ${canary}`)
      log.info({ body: JSON.stringify({ refresh_token: canary }) }, 'a body')
      log.info({ url: `http://localhost/cb?code=${canary}&state=x` }, 'an address')
      log.info({ secret: new Secret(canary) }, 'a typed secret')
    }
    expect(lines).toHaveLength(14)
    expect(lines.join('')).not.toContain(canary)
    expect(lines.join('')).not.toMatch(/canarycanary|Y2FuYXJ5|canary/i)
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
