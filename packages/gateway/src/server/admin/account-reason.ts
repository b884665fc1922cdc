import type { Account } from '../../accounts/index.js'
import type { Heals, ReasonCode } from './account-schemas.js'

/**
 * The sentences that the pool says of an account, by how they begin. They are made for people, in English; a page in another language
 * says the same by the code. Bound to the pool's own sentences by the test beside this file.
 */
const BY_SENTENCE: readonly (readonly [begins: string, code: ReasonCode])[] = [
  ['It was asked too often', 'rate_limited'],
  ['The backend asked for a proof of being human', 'challenged'],
  ['The backend refused it: it rests', 'refused'],
  ['The backend refused a fresh token', 'fresh_token_refused'],
  ['The backend refuses even fresh tokens', 'login_refused'],
  ['The backend refused it ', 'refused_often'],
  ['Its plan or credit is used up', 'credit_used_up'],
  ['Its usage limit', 'quota_reached'],
  ['Its limit for', 'quota_reached'],
  ['Its login was revoked', 'login_revoked'],
  ['Switched off by its owner', 'switched_off'],
  ['Sign in again: a crash', 'login_lost'],
  ['Sign in again: the answer to a refresh was lost', 'login_lost'],
  ['Sign in again: its login was used elsewhere', 'login_used_elsewhere'],
  ['Sign in again: its login has expired', 'login_expired'],
  ['Sign in again: its login was revoked', 'login_revoked'],
  ['Sign in again: its login has ended', 'login_ended'],
  ['Sign in again: the login server refused', 'login_refused'],
  ['The account was deactivated', 'deactivated'],
]

export function reasonCodeOf(reason: string | undefined, linked = false): ReasonCode | null {
  if (reason === undefined) return null
  return BY_SENTENCE.find(([begins]) => reason.startsWith(begins))?.[1] ?? (linked ? 'linked_file' : 'other')
}

/** What brings it back, and when. Null for one that serves. */
export function healsOf({ status, until }: Pick<Account, 'status' | 'until'>): Heals | null {
  const at = until === undefined ? {} : { at: new Date(until).toISOString() }
  switch (status) {
    case 'active':
      return null
    case 'cooling':
      return { how: 'probe', ...at }
    case 'exhausted':
      return { how: 'time', ...at }
    case 'expired':
      return { how: 'sign_in' }
    case 'suspended':
      return until === undefined ? { how: 'owner' } : { how: 'probe', ...at }
    case 'disabled':
      return { how: 'owner' }
    default:
      return status satisfies never
  }
}
