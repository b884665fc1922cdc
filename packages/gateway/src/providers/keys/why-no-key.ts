import { safeText, type Failure, type FailureKind } from '@dragoman/protocol'
import { askedAgainAt, type Rest } from './key-health.js'
import type { KeyCapability } from './types.js'

interface Asked {
  model: string
  within?: string
  capability: KeyCapability
}

/** No enabled key lists the model. */
export function nobodyServes({ model, within, capability }: Asked): Failure {
  const where = within === undefined ? '' : ` of ${within}`
  const what = capability === 'chat' ? model : `${model} for ${capability}`
  return {
    ...failure(
      'not_found',
      'request',
      `no enabled API key${where} serves ${what}; "dragoman providers list" shows them`,
    ),
    code: 'model_not_found',
    pointer: '/model',
  }
}

/**
 * How a client is to understand what keeps the keys from serving. The key of the gateway's owner is not the client's login: were it told as
 * one, clients would throw their own key away.
 */
const AS_TOLD: Partial<Record<FailureKind, FailureKind>> = {
  unauthenticated: 'forbidden',
  credential_expired: 'forbidden',
  credential_revoked: 'forbidden',
  account_suspended: 'forbidden',
  challenged: 'overloaded',
  not_found: 'model_unavailable',
}

/** What waiting heals comes first; whatever is not named stands at the end. */
const MILDEST: readonly FailureKind[] = [
  'overloaded',
  'rate_limited',
  'quota_exhausted',
  'payment_required',
  'model_unavailable',
  'forbidden',
]

/**
 * All keys that list the model rest, or were asked in this very request. Tells the mildest cause and the earliest time.
 * @param rests of those who rest
 * @param keys how many there are
 */
export function everybodyRests({ model }: Asked, rests: readonly Rest[], keys: number): Failure {
  const milder = (a: Rest, b: Rest): number => place(a) - place(b) || askedAgainAt(a) - askedAgainAt(b)
  const [mildest] = [...rests].sort(milder)
  if (mildest === undefined || rests.length < keys) {
    return failure('overloaded', 'provider', `no API key could serve ${model}: try again in a moment`)
  }
  const at = askedAgainAt(mildest)
  const many = keys === 1 ? 'its only API key rests' : `all ${keys} API keys that serve it rest`
  const refused = kindOf(mildest) === 'forbidden' || mildest.kind === 'payment_required'
  const way = refused ? `; "dragoman explain --model ${model}" says more` : ''
  return {
    ...failure(
      kindOf(mildest),
      'account',
      `${model} cannot be served now: ${many} (${mildest.reason}), asked again at ${new Date(at).toISOString()}${way}`,
    ),
    retryAt: at,
  }
}

const kindOf = ({ kind }: Rest): FailureKind => AS_TOLD[kind] ?? kind

function place(rest: Rest): number {
  const at = MILDEST.indexOf(kindOf(rest))
  return at < 0 ? MILDEST.length : at
}

function failure(kind: FailureKind, scope: Failure['scope'], message: string): Failure {
  return { kind, scope, phase: 'unsent', retry: 'never', message: safeText(message) }
}
