import type { Failure } from '@dragoman/protocol'
import type { Account } from './types.js'

/** Why one account cannot serve. */
export interface Refusal {
  account: Account
  reason: string
  /** Unix ms when it may serve again, where that is known. */
  until?: number
  /** What it waits for until then. */
  heals?: 'rest' | 'quota'
  /** No waiting helps: the client key is bound to others, or its plan has no such model. */
  never?: 'bound' | 'plan'
}

/**
 * Why no account can serve, with what to do about it. Accounts that heal by waiting outweigh those that do not.
 * @param known how many accounts there are, those that were not asked for among them
 */
export function whyNobody(refusals: readonly Refusal[], model: string, known: number): Failure {
  if (known === 0) {
    return failure(
      'unauthenticated',
      'no ChatGPT account is signed in: run "dragoman login", or import one',
      'no_account',
    )
  }
  const near = refusals.filter(({ never }) => never !== 'bound')
  if (refusals.length > 0 && near.length === 0) {
    return failure('forbidden', `this client key is bound to accounts of which none is here (${known} others are)`)
  }
  if (near.length > 0 && near.every(({ never }) => never === 'plan')) {
    return {
      ...failure('model_unavailable', `no account's plan has ${model}; dragoman models shows who has it`),
      scope: 'model',
    }
  }
  const accounts = near.map(({ account }) => account)
  const waiting = refusals.filter(({ heals }) => heals !== undefined)
  const census = `${known} account${known === 1 ? '' : 's'}: ${count(refusals)}`
  if (waiting.length > 0) {
    const kind = waiting.every(({ heals }) => heals === 'quota') ? 'quota_exhausted' : 'rate_limited'
    const retryAt = Math.min(...waiting.map(({ until }) => until ?? Infinity))
    const message = `no account can serve ${model} now (${census}); the first one is free again at ${new Date(retryAt).toISOString()}`
    return { ...failure(kind, message), retryAt }
  }
  if (accounts.some((account) => account.status === 'active')) {
    const why = [...new Set(refusals.filter(({ account }) => account.status === 'active').map(({ reason }) => reason))]
    return failure('overloaded', `no account could serve ${model} (${census}): ${why.slice(0, 3).join(' ')}`)
  }
  if (accounts.some((account) => account.status === 'expired')) {
    return failure('credential_expired', `no account can serve (${census}): sign in again with "dragoman login"`)
  }
  if (accounts.some((account) => account.status === 'suspended')) {
    return failure(
      'forbidden',
      `no account can serve (${census}): check it in ChatGPT, then enable it or sign in again`,
    )
  }
  if (accounts.length === 0) {
    return failure('overloaded', `no account could serve ${model} (${census}): try again in a moment`)
  }
  return failure('forbidden', `no account can serve (${census}): enable one with "dragoman accounts enable"`)
}

function count(refusals: readonly Refusal[]): string {
  const counts = new Map<string, number>()
  for (const { account } of refusals) counts.set(account.status, (counts.get(account.status) ?? 0) + 1)
  return counts.size === 0 ? 'all tried' : [...counts].map(([status, n]) => `${n} ${status}`).join(', ')
}

function failure(kind: Failure['kind'], message: string, code?: string): Failure {
  return { kind, scope: 'account', phase: 'unsent', retry: 'never', message, ...(code === undefined ? {} : { code }) }
}
