import { describe, expect, test } from 'vitest'
import { RECIPES, type ClientId } from './clients/index.js'
import { fit, readRecord, type LiveRecord } from './records.js'

const recipe = (id: ClientId) => RECIPES.find((one) => one.id === id) ?? RECIPES[0]!
const record = (about: Partial<LiveRecord>): LiveRecord => ({
  id: 'req_1',
  path: '/v1/chat/completions',
  model: 'demo',
  keyId: 'key_1',
  ...about,
})

describe('whose request is it', () => {
  test.each<[string, ClientId, Partial<LiveRecord>, string | undefined, string]>([
    ['it says its name', 'codex', { client: 'codex', path: '/v1/responses' }, undefined, 'sure'],
    ['it shows the key that was made for it', 'cursor', { keyId: 'key_9' }, 'key_9', 'sure'],
    ['another program', 'codex', { client: 'opencode', path: '/v1/responses' }, undefined, 'no'],
    ['a client that names itself is not one without a name', 'codex', { path: '/v1/responses' }, undefined, 'no'],
    ['a client that does not, on its path', 'cursor', {}, undefined, 'likely'],
    ['built with an SDK', 'cline', { client: 'node' }, undefined, 'likely'],
    ['another path', 'cursor', { path: '/v1/messages' }, undefined, 'no'],
    ['a path below', 'pi', { path: '/v1beta/models/gpt-5.5:generateContent' }, undefined, 'likely'],
    ['the bridge', 'ollama', { path: '/api/chat' }, undefined, 'likely'],
    ['the playground is nobody’s client', 'cursor', { keyId: 'playground' }, undefined, 'no'],
  ])('%s', (_, id, about, keyId, expected) => {
    expect(fit(record(about), recipe(id), keyId)).toBe(expected)
  })
})

test('a request is read once it is over, and nothing else is one', () => {
  const entry = {
    id: 'log_1',
    requestId: 'req_1',
    path: '/v1/responses',
    model: 'gpt-5.5',
    client: null,
    key: { id: 'key_1', name: 'laptop' },
    ttftMs: 5,
    costUsd: null,
    usage: { inputTokens: 1, outputTokens: 2 },
    error: null,
  }
  expect(readRecord({ phase: 'finished', entry })).toEqual({
    id: 'req_1',
    logId: 'log_1',
    path: '/v1/responses',
    model: 'gpt-5.5',
    keyId: 'key_1',
    ttftMs: 5,
    inputTokens: 1,
    outputTokens: 2,
  })
  expect(readRecord({ phase: 'started', entry })).toBeUndefined()
  for (const other of [null, {}, 'x', { phase: 'finished' }]) expect(readRecord(other)).toBeUndefined()
})
