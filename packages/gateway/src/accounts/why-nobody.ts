import type { Failure } from '@dragoman/protocol'
import type { Account } from './types.js'

/** Why no account can serve, with what to do about it. Accounts that heal by waiting outweigh those that do not. */
export function whyNobody(accounts: readonly Account[], model: string): Failure {
  if (accounts.length === 0) {
    return failure(
      'unauthenticated',
      'no ChatGPT account is signed in: run "dragoman login", or import one',
      'no_account',
    )
  }
  const waiting = accounts.filter((account) => account.status === 'cooling' || account.status === 'exhausted')
  const census = `${accounts.length} account${accounts.length === 1 ? '' : 's'}: ${count(accounts)}`
  if (waiting.length > 0) {
    const kind = waiting.every((account) => account.status === 'exhausted') ? 'quota_exhausted' : 'rate_limited'
    const retryAt = waiting.reduce<number | undefined>(
      (earliest, { until }) => (until === undefined ? earliest : Math.min(earliest ?? until, until)),
      undefined,
    )
    const when = retryAt === undefined ? '' : `; the first one is free again at ${new Date(retryAt).toISOString()}`
    const message = `no account can serve ${model} now (${census})${when}`
    return { ...failure(kind, message), ...(retryAt === undefined ? {} : { retryAt }) }
  }
  if (accounts.some((account) => account.status === 'active')) {
    return failure('overloaded', `no account could serve ${model} (${census}): try again in a moment`)
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
  return failure('unauthenticated', `no account can serve (${census}): enable one with "dragoman accounts enable"`)
}

function count(accounts: readonly Account[]): string {
  const counts = new Map<string, number>()
  for (const { status } of accounts) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, n]) => `${n} ${status}`).join(', ')
}

function failure(kind: Failure['kind'], message: string, code?: string): Failure {
  return { kind, scope: 'account', phase: 'unsent', retry: 'never', message, ...(code === undefined ? {} : { code }) }
}
