import type { PivotRequest } from '@dragoman/protocol'
import { describe, expect, test } from 'vitest'
import { conversationKey } from './conversation-key.js'

const user = (content: string) => ({ type: 'message' as const, role: 'user' as const, content })
const base: PivotRequest = { model: 'm', instructions: 'be kind', input: [user('hello')] }

describe('the key of a conversation', () => {
  test.each(['thread-id', 'session-id', 'session_id', 'x-claude-code-session-id', 'x-session-affinity'])(
    'is what the client says in %s',
    (name) => {
      const one = conversationKey('k', { [name]: 'a' }, base)
      expect(conversationKey('k', { [name]: 'a' }, { ...base, input: [user('else')] })).toBe(one)
      expect(conversationKey('k', { [name]: 'b' }, base)).not.toBe(one)
    },
  )

  test('else the prompt cache key', () => {
    const key = conversationKey('k', {}, { ...base, prompt_cache_key: 'p' })
    expect(conversationKey('k', {}, { model: 'm', input: [], prompt_cache_key: 'p' })).toBe(key)
  })

  test.each([
    ['{"device_id":"d","session_id":"s1"}', '{"session_id":"s1","account_uuid":""}'],
    ['user_a_account__session_1234-5678', 'user_b_account__session_1234-5678'],
  ])('else the session inside the user id: %s', (user, same) => {
    const key = conversationKey('k', {}, { ...base, user })
    expect(conversationKey('k', {}, { model: 'm', input: [], user: same })).toBe(key)
    for (const other of ['someone', '{"session_id":7}', '{broken', '{"session_id":"s2"}']) {
      expect(conversationKey('k', {}, { ...base, user: other })).not.toBe(key)
    }
  })

  test('else how it begins, which stays while it grows', () => {
    const first = conversationKey('k', {}, base)
    const answer = { type: 'message' as const, role: 'assistant' as const, content: 'hi' }
    expect(conversationKey('k', {}, { ...base, input: [user('hello'), answer, user('more')] })).toBe(first)
    expect(conversationKey('k', {}, { ...base, input: [user('good day')] })).not.toBe(first)
    expect(conversationKey('k', {}, { ...base, instructions: 'be brief' })).not.toBe(first)
  })

  test('is never shared between two client keys', () => {
    expect(conversationKey('k1', { 'session-id': 'a' }, base)).not.toBe(
      conversationKey('k2', { 'session-id': 'a' }, base),
    )
  })
})
