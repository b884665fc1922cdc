import { expect, test } from 'vitest'
import type { RequestRecord } from '../telemetry/index.js'
import { newsOfRequest } from './request-news.js'

const record: RequestRecord = {
  id: 'req_1',
  at: 0,
  dialect: 'openai-chat',
  path: '/',
  model: 'm',
  keyId: 'key_1',
  stream: false,
  attempts: [],
  notes: [],
}
const usage = { inputTokens: 900, cachedTokens: 7, outputTokens: 1, reasoningTokens: 0 }
const moved = { from: 'acc_1', to: 'acc_2', why: 'acc_1 is exhausted' }
const steps = ['codex:gpt-5.5 -> openai:gpt-5.5 (quota)', 'openai:gpt-5.5 -> demo:demo (overloaded)']
const failure = { kind: 'overloaded', scope: 'provider', phase: 'sent', retry: 'never', message: 'busy' } as const

test('a request that went its way tells nothing', () => {
  expect(newsOfRequest({ ...record, usage })).toEqual([])
})

test('the fallback that answered is told, not those that were asked before it', () => {
  expect(newsOfRequest({ ...record, fallbacks: steps })).toEqual([
    {
      type: 'fallback_used',
      clientKeyId: 'key_1',
      data: { from: 'openai:gpt-5.5', to: 'demo:demo', why: 'overloaded', requestId: 'req_1' },
    },
  ])
})

test('a move is told with what the new account had in its cache', () => {
  expect(newsOfRequest({ ...record, move: moved, usage })).toEqual([
    {
      type: 'conversation_moved',
      accountId: 'acc_2',
      clientKeyId: 'key_1',
      data: { ...moved, cachedTokensAfter: 7 },
    },
  ])
})

test('what failed in the end answered nobody', () => {
  expect(newsOfRequest({ ...record, fallbacks: steps, move: moved, failure })).toEqual([])
})
