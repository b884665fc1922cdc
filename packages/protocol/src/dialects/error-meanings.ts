import type { Failure } from '../failure.js'
import type { ErrorWords } from './error-words.js'

export type Meaning = Pick<Failure, 'kind' | 'scope' | 'retry'>

const REFUSED: Meaning = { kind: 'refused', scope: 'request', retry: 'never' }
const TOO_LONG: Meaning = { kind: 'context_too_long', scope: 'request', retry: 'never' }
const INVALID: Meaning = { kind: 'invalid_request', scope: 'request', retry: 'never' }
const USED_UP: Meaning = { kind: 'quota_exhausted', scope: 'account', retry: 'other' }
const UNPAID: Meaning = { kind: 'payment_required', scope: 'account', retry: 'other' }
const LIMITED: Meaning = { kind: 'rate_limited', scope: 'account', retry: 'other' }
const NO_MODEL: Meaning = { kind: 'model_unavailable', scope: 'model', retry: 'other' }
const OVERLOADED: Meaning = { kind: 'overloaded', scope: 'provider', retry: 'other' }
const EXPIRED: Meaning = { kind: 'credential_expired', scope: 'account', retry: 'same' }
const REVOKED: Meaning = { kind: 'credential_revoked', scope: 'account', retry: 'other' }
const SUSPENDED: Meaning = { kind: 'account_suspended', scope: 'account', retry: 'other' }

/** Type of the Codex backend's refusal of accounts without the product. */
export const NOT_INCLUDED = 'usage_not_included'

/**
 * What a code or type says, in lower case, wherever it stands: in a status body, in `response.failed`, in an `error` event.
 * Sources: upstream-codex 3.1; the error pages of OpenAI, Groq, Mistral, Moonshot and Alibaba's Model Studio.
 */
const BY_CODE: Readonly<Record<string, Meaning>> = {
  context_length_exceeded: TOO_LONG,
  invalid_prompt: REFUSED,
  content_policy_violation: REFUSED,
  content_filter: REFUSED,
  data_inspection_failed: REFUSED,
  moderation_blocked: REFUSED,
  cyber_policy: REFUSED,
  bio_policy: REFUSED,
  invalid_encrypted_content: INVALID,
  invalid_request_error: INVALID,
  usage_limit_reached: USED_UP,
  insufficient_quota: USED_UP,
  organization_spend_limit_exceeded: UNPAID,
  [NOT_INCLUDED]: UNPAID,
  billing_not_active: UNPAID,
  exceeded_current_quota_error: UNPAID,
  arrearage: UNPAID,
  rate_limit_exceeded: LIMITED,
  rate_limit_error: LIMITED,
  rate_limited: LIMITED,
  rate_limit_reached_error: LIMITED,
  limit_requests: LIMITED,
  service_tier_capacity_exceeded: LIMITED,
  model_not_found: NO_MODEL,
  model_decommissioned: NO_MODEL,
  invalid_model: NO_MODEL,
  server_is_overloaded: OVERLOADED,
  slow_down: OVERLOADED,
  overloaded_error: OVERLOADED,
  engine_overloaded_error: OVERLOADED,
  capacity_exceeded: OVERLOADED,
  server_error: OVERLOADED,
  token_expired: EXPIRED,
  token_invalidated: EXPIRED,
  token_revoked: EXPIRED,
  invalid_api_key: REVOKED,
  account_deactivated: SUSPENDED,
  organization_restricted: SUSPENDED,
}

/**
 * What the message says where status and code are coarse, tried in order. The words are those of the services' replies as their
 * documentation and public bug reports quote them.
 */
const BY_WORDS: readonly (readonly [said: RegExp, meaning: Meaning])[] = [
  [
    /context (?:window|length)|maximum (?:context|prompt length)|range of input length|exceeded model token limit|reduce the length of|prompt .*longer than/i,
    TOO_LONG,
  ],
  // xAI tells this with 400.
  [/(?:incorrect|invalid) api[- ]?key/i, REVOKED],
  [/key limit exceeded/i, USED_UP],
  [
    /insufficient (?:balance|credits?|funds)|(?:does not|doesn't) have any credits|(?:used all available|requires more) credits|monthly spending limit/i,
    UNPAID,
  ],
  [
    /\bmodel\b.*(?:(?:does|did) )?not (?:exist|found)|not found the model|invalid model\b|not a valid model|unknown model|no endpoints found for/i,
    NO_MODEL,
  ],
  [/input was flagged|content exists risk|considered high risk/i, REFUSED],
]

/** The finer name of a failure: its code, or a type that says as much. */
export function codeOf(words: ErrorWords): string {
  return words.code === '' && words.type === NOT_INCLUDED ? words.type : words.code
}

/** The meaning of a code or type, if it has one. */
export function meaningOf(words: ErrorWords): Meaning | undefined {
  const code = words.code.toLowerCase()
  const type = words.type.toLowerCase()
  const byCode = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined
  // A code that says no more than "bad request" leaves it to the type.
  if (byCode !== undefined && code !== 'invalid_request_error') return byCode
  return (Object.hasOwn(BY_CODE, type) ? BY_CODE[type] : undefined) ?? byCode
}

/** What matters is said at the beginning; a whole page of words must not cost time. */
const LOOKED_AT = 2_000

/** The meaning of a message, if its words are known. */
export function meaningInWords({ message }: ErrorWords): Meaning | undefined {
  const begin = message.slice(0, LOOKED_AT)
  return BY_WORDS.find(([said]) => said.test(begin))?.[1]
}
