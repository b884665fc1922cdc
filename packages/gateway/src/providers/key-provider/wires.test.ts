import { describe, expect, test } from 'vitest'
import type { ProviderKind, Wire } from '../keys/index.js'
import { requestHeaders, WIRE_FORMS, type Asker } from './wires.js'

const KEY = 'the-key-itself'
/** What a client may send besides the protocol: none of it may reach the upstream. */
const CANARIES = {
  authorization: 'Bearer canary',
  'x-api-key': 'canary',
  'x-goog-api-key': 'canary',
  'api-key': 'canary',
  'proxy-authorization': 'Basic canary',
  cookie: 'canary=1',
  'x-forwarded-for': '10.9.8.7 canary',
  'x-real-ip': 'canary',
  forwarded: 'for=canary',
  'chatgpt-account-id': 'canary',
  'openai-organization': 'canary',
  'openai-project': 'canary',
  'user-agent': 'canary/1.0',
  referer: 'https://canary.example',
  origin: 'https://canary.example',
  host: 'canary',
  'x-dragoman-strict': 'canary',
  'http-referer': 'canary',
}
const ALL: readonly (readonly [Wire, ProviderKind])[] = [
  ['chat', 'openai'],
  ['chat', 'openrouter'],
  ['chat', 'compatible'],
  ['responses', 'openai'],
  ['codex-responses', 'compatible'],
  ['anthropic', 'anthropic'],
  ['gemini', 'gemini'],
]

function headersOf(
  wire: Wire,
  kind: ProviderKind,
  asker: Partial<Asker> = {},
  own: Record<string, string> = {},
): Record<string, string> {
  const flat = requestHeaders(
    { wire, kind },
    { apiKey: KEY, userAgent: 'dragoman/1.2.3', session: 'uuid-1', clientHeaders: CANARIES, stream: true, ...asker },
    own,
  )
  const out: Record<string, string> = {}
  for (let at = 0; at < flat.length; at += 2) {
    expect(out).not.toHaveProperty([flat[at] ?? ''])
    out[flat[at] ?? ''] = flat[at + 1] ?? ''
  }
  return out
}

describe('what a request says of who asks', () => {
  test.each(ALL)('%s of %s: the key and nothing of the client', (wire, kind) => {
    const headers = headersOf(wire, kind)
    expect(JSON.stringify(headers)).not.toContain('canary')
    expect(JSON.stringify(headers)).toContain(KEY)
    expect(headers).toMatchObject({
      'user-agent': 'dragoman/1.2.3',
      accept: 'text/event-stream',
      'content-type': 'application/json',
    })
    expect(headersOf(wire, kind, { stream: false })['accept']).toBe('application/json')
  })

  test.each(ALL)('%s of %s: no key where there is none', (wire, kind) => {
    expect(JSON.stringify(headersOf(wire, kind, { apiKey: undefined }))).not.toMatch(/undefined|Bearer|api-key/)
  })

  test.each<[Wire, ProviderKind, Record<string, string>]>([
    ['chat', 'openai', { authorization: `Bearer ${KEY}` }],
    ['responses', 'openai', { authorization: `Bearer ${KEY}` }],
    ['chat', 'openrouter', { authorization: `Bearer ${KEY}`, 'x-title': 'Dragoman' }],
    ['anthropic', 'anthropic', { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' }],
    ['gemini', 'gemini', { 'x-goog-api-key': KEY }],
    [
      'codex-responses',
      'compatible',
      { authorization: `Bearer ${KEY}`, 'session-id': 'uuid-1', session_id: 'uuid-1', 'thread-id': 'uuid-1' },
    ],
  ])('%s of %s', (wire, kind, expected) => {
    expect(headersOf(wire, kind)).toMatchObject(expected)
  })

  test('a key has one place', () => {
    expect(headersOf('anthropic', 'anthropic')).not.toHaveProperty('authorization')
    expect(headersOf('gemini', 'gemini')).not.toHaveProperty('authorization')
  })
})

describe('what the client says of its protocol', () => {
  test.each<[Wire, ProviderKind, Record<string, string>, Record<string, string | undefined>]>([
    [
      'anthropic',
      'anthropic',
      { 'anthropic-version': '2024-01-01', 'anthropic-beta': 'a-1,b-2' },
      { 'anthropic-version': '2024-01-01', 'anthropic-beta': 'a-1,b-2' },
    ],
    ['anthropic', 'anthropic', { 'anthropic-beta': 'oauth-2025-04-20, a-1' }, { 'anthropic-beta': ' a-1' }],
    ['anthropic', 'anthropic', { 'anthropic-beta': 'oauth-2025-04-20' }, { 'anthropic-beta': undefined }],
    ['anthropic', 'anthropic', { 'anthropic-beta': 'a\r\nx: 1' }, { 'anthropic-beta': undefined }],
    ['anthropic', 'anthropic', { 'anthropic-version': 'a b' }, { 'anthropic-version': '2023-06-01' }],
    ['responses', 'openai', { 'openai-beta': 'x=v1' }, { 'openai-beta': 'x=v1' }],
    ['codex-responses', 'compatible', { 'x-codex-turn-state': 's' }, { 'x-codex-turn-state': 's' }],
    ['responses', 'openai', { 'x-codex-turn-state': 's', 'anthropic-beta': 'a' }, { 'x-codex-turn-state': undefined }],
    ['chat', 'openai', { 'anthropic-beta': 'a', 'openai-beta': 'x' }, { 'anthropic-beta': undefined }],
  ])('%s of %s: %j', (wire, kind, said, expected) => {
    const headers = headersOf(wire, kind, { clientHeaders: said })
    for (const [name, value] of Object.entries(expected)) expect(headers[name]).toBe(value)
  })
})

test("a key's own headers win and come last", () => {
  const own = { 'openai-organization': 'org-1', 'User-Agent': 'mine', Authorization: 'Basic x' }
  const headers = headersOf('chat', 'openai', {}, own)
  expect(headers).toMatchObject(own)
  expect(headers).not.toHaveProperty('user-agent')
  expect(headers).not.toHaveProperty('authorization')
  expect(Object.keys(headers).slice(-3)).toEqual(Object.keys(own))
})

describe('where a request goes', () => {
  test.each<[Wire, string, boolean, string]>([
    ['chat', 'm', true, '/chat/completions'],
    ['responses', 'm', false, '/responses'],
    ['codex-responses', 'm', true, '/responses'],
    ['anthropic', 'm', true, '/messages'],
    ['gemini', 'gemini-2.5-pro', true, '/models/gemini-2.5-pro:streamGenerateContent?alt=sse'],
    ['gemini', 'models/gemini-2.5-pro', false, '/models/gemini-2.5-pro:generateContent'],
    ['gemini', '../admin?key=1#x', false, '/models/..%2Fadmin%3Fkey%3D1%23x:generateContent'],
  ])('%s, %s', (wire, model, stream, path) => {
    expect(WIRE_FORMS[wire].path(model, stream)).toBe(path)
  })
})
