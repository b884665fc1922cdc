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

/** Everything that is known when nobody is left to be asked. */
export interface Nobody {
  model: string
  /** How many accounts there are. */
  known: number
  refusals: readonly Refusal[]
  /** Accounts that may serve, and were asked in vain. */
  ready: number
}

/** Why no account can serve, with what to do about it. Accounts that heal by waiting outweigh those that do not. */
export function whyNobody({ model, known, refusals, ready }: Nobody): Failure {
  if (known === 0) {
    return failure(
      'unauthenticated',
      'no ChatGPT account is signed in: run "dragoman login", or import one',
      'no_account',
    )
  }
  // What belongs to others neither helps nor is told.
  const near = refusals.filter(({ never }) => never !== 'bound')
  const total = near.length + ready
  const census = `${total} account${total === 1 ? '' : 's'}: ${count(near, ready)}`
  const waiting = near.filter(({ heals }) => heals !== undefined)
  if (waiting.length > 0) {
    const kind = waiting.every(({ heals }) => heals === 'quota') ? 'quota_exhausted' : 'rate_limited'
    const retryAt = Math.min(...waiting.map(({ until }) => until ?? Infinity))
    const message = `no account can serve ${model} now (${census}); the first one is free again at ${new Date(retryAt).toISOString()}`
    return { ...failure(kind, message), retryAt }
  }
  if (ready > 0) return failure('overloaded', `no account could serve ${model} (${census}): try again in a moment`)
  if (near.length === 0) return failure('forbidden', 'this client key is bound to accounts of which none is here')
  if (near.every(({ never }) => never === 'plan')) {
    const message = `no account's plan has ${model}; dragoman models shows who has it`
    return { ...failure('model_unavailable', message), scope: 'model' }
  }
  const active = near.filter(({ account }) => account.status === 'active')
  if (active.length > 0) {
    const why = [...new Set(active.map(({ reason }) => reason))].slice(0, 3)
    return failure('overloaded', `no account could serve ${model} (${census}): ${why.join(' ')}`)
  }
  const has = (status: Account['status']): boolean => near.some(({ account }) => account.status === status)
  if (has('expired')) {
    return failure('credential_expired', `no account can serve (${census}): sign in again with "dragoman login"`)
  }
  if (has('suspended')) {
    return failure(
      'forbidden',
      `no account can serve (${census}): check it in ChatGPT, then enable it or sign in again`,
    )
  }
  return failure('forbidden', `no account can serve (${census}): enable one with "dragoman accounts enable"`)
}

function count(refusals: readonly Refusal[], ready: number): string {
  const counts = new Map<string, number>()
  for (const { account } of refusals) counts.set(account.status, (counts.get(account.status) ?? 0) + 1)
  if (ready > 0) counts.set('tried', ready)
  return [...counts].map(([status, n]) => `${n} ${status}`).join(', ')
}

function failure(kind: Failure['kind'], message: string, code?: string): Failure {
  return { kind, scope: 'account', phase: 'unsent', retry: 'never', message, ...(code === undefined ? {} : { code }) }
}
