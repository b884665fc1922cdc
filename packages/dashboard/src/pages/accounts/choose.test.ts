import { describe, expect, test } from 'vitest'
import { chosen, figuresOf, selectedAfter, type Account, type Wish } from './choose.js'

function account(id: string, more: Partial<Account> = {}): Account {
  return {
    id,
    email: `${id}@example.com`,
    accountId: `chatgpt-${id}`,
    userId: null,
    label: null,
    codexFingerprintMode: 'off',
    planType: 'plus',
    status: 'active',
    state: 'active',
    reason: null,
    reasonCode: null,
    heals: null,
    until: null,
    attention: null,
    attentionCode: null,
    note: null,
    groups: [],
    weight: 1,
    maxConcurrent: null,
    open: 0,
    linkedTo: null,
    hasCookies: false,
    usage: {
      request_count: 0,
      failed_count: 0,
      input_tokens: 0,
      output_tokens: 0,
      cached_tokens: 0,
      reasoning_tokens: 0,
      estimated_cost_usd: 0,
      image_input_tokens: 0,
      image_output_tokens: 0,
      image_request_count: 0,
      image_request_failed_count: 0,
      last_used: null,
    },
    addedAt: null,
    expiresAt: null,
    proxyId: 'global',
    proxyName: 'global',
    ...more,
  }
}

const ALL: Wish = { search: '', state: null, plan: null, group: null, sort: 'name', descending: false }
const ids = (accounts: readonly Account[]): string[] => accounts.map(({ id }) => id)
const used = (last_used: string | null) => ({ ...account('x').usage, last_used })

const POOL = [
  account('cid', { planType: 'pro', groups: ['night'], usage: used('2026-01-02T00:00:00Z') }),
  account('ann', { label: 'Work', state: 'expired', note: 'the first one' }),
  account('bob', { attention: 'Sign in again', groups: ['night', 'day'], usage: used('2026-01-03T00:00:00Z') }),
]

describe('which accounts are seen', () => {
  test.each<[string, Partial<Wish>, string[]]>([
    ['all, by name', {}, ['bob', 'cid', 'ann']],
    ['by every word of a search', { search: 'WORK first' }, ['ann']],
    ['none for a word that none has', { search: 'work nobody' }, []],
    ['of a state', { state: 'active' }, ['bob', 'cid']],
    ['that need their owner', { state: 'attention' }, ['bob', 'ann']],
    ['of a plan', { plan: 'pro' }, ['cid']],
    ['of a group', { group: 'night' }, ['bob', 'cid']],
    ['the latest used first, those never used last', { sort: 'used', descending: true }, ['bob', 'cid', 'ann']],
    ['the earliest used first, those never used last', { sort: 'used' }, ['cid', 'bob', 'ann']],
  ])('%s', (_, wish, expected) => {
    expect(ids(chosen(POOL, { ...ALL, ...wish }))).toEqual(expected)
  })

  test('are counted', () => {
    expect(figuresOf(POOL)).toEqual({
      states: { active: 2, cooling: 0, exhausted: 0, expired: 1, suspended: 0, disabled: 0 },
      attention: 2,
      plans: ['plus', 'pro'],
      groups: ['day', 'night'],
    })
  })
})

describe('a click selects', () => {
  const order = ['a', 'b', 'c', 'd']
  test.each<[string, string[], { id: string; last?: string; shift?: boolean }, string[]]>([
    ['one', [], { id: 'b' }, ['b']],
    ['one less', ['a', 'b'], { id: 'b' }, ['a']],
    ['all between, with shift', ['a'], { id: 'c', last: 'a', shift: true }, ['a', 'b', 'c']],
    ['all between, upwards', ['d'], { id: 'b', last: 'd', shift: true }, ['b', 'c', 'd']],
    ['all between less', ['a', 'b', 'c'], { id: 'c', last: 'b', shift: true }, ['a']],
    ['one, when the last is not seen any more', ['x'], { id: 'b', last: 'x', shift: true }, ['x', 'b']],
  ])('%s', (_, before, { id, last, shift = false }, after) => {
    expect([...selectedAfter(new Set(before), { id, last, shift, order })].toSorted()).toEqual(after.toSorted())
  })
})
