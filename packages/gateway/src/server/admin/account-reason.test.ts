import { describe, expect, test } from 'vitest'
import { lockReason } from '../../accounts/quota/index.js'
import { reasonOf, type Refusal } from '../../accounts/roster.js'
import { next, type AccountEvent, type AccountState } from '../../accounts/state.js'
import { healsOf, reasonCodeOf } from './account-reason.js'

const NOW = Date.parse('2026-07-01T00:00:00Z')

function after(...events: AccountEvent[]): AccountState['health'] {
  // Far enough apart for each to be an incident of its own.
  const state = events.reduce<AccountState>((before, event, n) => next(before, event, NOW + n * 600_000), {
    health: { status: 'active' },
  })
  return state.health
}
const failed = (kind: 'rate_limited' | 'challenged' | 'forbidden' | 'credential_revoked'): AccountEvent => ({
  type: 'failed',
  failure: { kind, scope: 'account' },
})
const fresh: AccountEvent = { type: 'refused_when_fresh' }

describe('every sentence of the pool has a code', () => {
  test.each<[string, AccountEvent[]]>([
    ['rate_limited', [failed('rate_limited')]],
    ['challenged', [failed('challenged')]],
    ['refused', [failed('forbidden')]],
    ['refused_often', [failed('forbidden'), failed('forbidden'), failed('forbidden')]],
    ['fresh_token_refused', [fresh]],
    ['login_refused', [fresh, fresh, fresh]],
    ['login_revoked', [failed('credential_revoked')]],
    ['switched_off', [{ type: 'switched_off' }]],
  ])('%s', (code, events) => {
    expect(reasonCodeOf(after(...events).reason)).toBe(code)
  })

  test.each<[Refusal['cause'], string]>([
    ['crashed', 'login_lost'],
    ['lost', 'login_lost'],
    ['reused', 'login_used_elsewhere'],
    ['expired', 'login_expired'],
    ['revoked', 'login_revoked'],
    ['deactivated', 'deactivated'],
    ['other', 'login_refused'],
  ])('a refusal of the login server: %s', (cause, code) => {
    expect(reasonCodeOf(reasonOf({ kind: 'refused', cause, message: 'no' } as Refusal))).toBe(code)
  })

  test.each([
    ['codex', 'quota_reached'],
    ['codex_bengalfox', 'quota_reached'],
    ['payment', 'credit_used_up'],
  ])('a lock of %s', (limit, code) => {
    const window = { limit, slot: 'primary', usedPercent: 100, reached: true, source: 'usage', at: NOW } as const
    expect(reasonCodeOf(lockReason({ window, until: NOW }))).toBe(code)
  })

  test('what is said of a linked file is known as such, and the rest is told as it is', () => {
    expect(reasonCodeOf('the file is gone', true)).toBe('linked_file')
    expect(reasonCodeOf('something else')).toBe('other')
    expect(reasonCodeOf(undefined)).toBeNull()
  })
})

test.each([
  [{ status: 'active' }, null],
  [
    { status: 'cooling', until: NOW },
    { how: 'probe', at: '2026-07-01T00:00:00.000Z' },
  ],
  [
    { status: 'exhausted', until: NOW },
    { how: 'time', at: '2026-07-01T00:00:00.000Z' },
  ],
  [{ status: 'expired' }, { how: 'sign_in' }],
  [{ status: 'suspended' }, { how: 'owner' }],
  [
    { status: 'suspended', until: NOW },
    { how: 'probe', at: '2026-07-01T00:00:00.000Z' },
  ],
  [{ status: 'disabled' }, { how: 'owner' }],
] as const)('what heals %j', (account, heals) => {
  expect(healsOf(account)).toEqual(heals)
})
