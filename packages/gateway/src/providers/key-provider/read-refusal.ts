import { safeText, type Dialect, type Failure } from '@dragoman/protocol'
import { nameOf, type ApiKey } from '../keys/index.js'

/** A reply that is no answer. */
export interface Refusal {
  dialect: Dialect
  key: ApiKey
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: Uint8Array
  /** Unix ms. */
  now: number
}

/** What a refusal means for the request and for the key that made it. */
export function readRefusal({ dialect, key, status, headers, body, now }: Refusal): Failure {
  // Spans of time count from our own clock, with which their ends are compared later.
  const dated = { ...headers, date: new Date(now).toUTCString() }
  return ofItsKey(dialect.call.decodeError(status, dated, body), key)
}

/** A key cannot be renewed: what makes a login old makes a key useless. Whose key it is must be told, for the client has one of its own. */
export function ofItsKey(failure: Failure, key: ApiKey): Failure {
  if (!KEY_REFUSED.has(failure.kind) || failure.scope === 'request') return failure
  return {
    ...failure,
    kind: 'credential_revoked',
    scope: 'account',
    retry: 'other',
    code: 'provider_key_refused',
    message: safeText(`${nameOf(key)} refuses the API key that is kept for it: ${failure.message}`),
  }
}

const KEY_REFUSED: ReadonlySet<Failure['kind']> = new Set([
  'unauthenticated',
  'credential_expired',
  'credential_revoked',
])
