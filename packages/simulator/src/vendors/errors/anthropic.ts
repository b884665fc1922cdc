import { json } from '../../faults/status-replies.js'
import type { Complaint } from '../refusal.js'
import { worded, type ErrorForm, type Words } from './error-form.js'
import { badGateway } from './openai.js'

const WORDS: Words = {
  no_key: 'x-api-key header is required',
  unauthorized: 'invalid x-api-key',
  forbidden: 'Your API key does not have permission to use the specified resource.',
  payment_required: 'There is an issue with your billing or payment information.',
  quota:
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
  rate_limited: 'This request would exceed the rate limit for your organization of 50 requests per minute.',
  model_not_found: 'model: {model}',
  not_found: 'Not Found',
  context_too_long: 'prompt is too long: 210042 tokens > 200000 maximum',
  payload_too_large: 'Request exceeds the maximum size',
  invalid_request: 'Invalid request',
  unprocessable: 'Invalid request',
  internal: 'Internal server error',
  bad_gateway: '',
  overloaded: 'Overloaded',
}

const SHAPES: Readonly<Record<Complaint, readonly [status: number, type: string]>> = {
  no_key: [401, 'authentication_error'],
  unauthorized: [401, 'authentication_error'],
  forbidden: [403, 'permission_error'],
  payment_required: [402, 'billing_error'],
  quota: [400, 'invalid_request_error'],
  rate_limited: [429, 'rate_limit_error'],
  model_not_found: [404, 'not_found_error'],
  not_found: [404, 'not_found_error'],
  context_too_long: [400, 'invalid_request_error'],
  payload_too_large: [413, 'request_too_large'],
  invalid_request: [400, 'invalid_request_error'],
  unprocessable: [400, 'invalid_request_error'],
  internal: [500, 'api_error'],
  bad_gateway: [502, ''],
  overloaded: [529, 'overloaded_error'],
}

/** `{ type: "error", error: { type, message }, request_id }`. Source: Anthropic, errors and rate limits. */
export const anthropicError: ErrorForm = (complaint, told) => {
  if (complaint === 'bad_gateway') return badGateway(told)
  const [status, type] = SHAPES[complaint]
  const message = worded(complaint, told, WORDS)
  const reply = json(told.status ?? status, { type: 'error', error: { type, message }, request_id: told.requestId })
  const limited = complaint === 'rate_limited'
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'request-id': told.requestId,
      'x-should-retry': String(['rate_limited', 'overloaded', 'internal'].includes(complaint)),
      ...(limited ? { ...limits(0, told.now + told.retryAfter * 1000), 'retry-after': String(told.retryAfter) } : {}),
    },
  }
}

/** The headers of every reply. @param resetAt unix ms, when the requests' limit is whole again */
export function limits(remaining: number, resetAt: number): Record<string, string> {
  const reset = new Date(resetAt).toISOString().replace(/\.\d+Z$/, 'Z')
  const of = (what: string, limit: number, left: number) => ({
    [`anthropic-ratelimit-${what}-limit`]: String(limit),
    [`anthropic-ratelimit-${what}-remaining`]: String(left),
    [`anthropic-ratelimit-${what}-reset`]: reset,
  })
  return {
    ...of('requests', 50, remaining),
    ...of('tokens', 38_000, 37_000),
    ...of('input-tokens', 30_000, 29_000),
    ...of('output-tokens', 8_000, 8_000),
  }
}
