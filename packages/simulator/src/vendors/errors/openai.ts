import { apiError, statusReply, type PlainReply } from '../../faults/status-replies.js'
import type { Complaint } from '../refusal.js'
import { worded, type ErrorForm, type Told, type Words } from './error-form.js'

const WORDS: Words = {
  no_key:
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
  unauthorized:
    'Incorrect API key provided: {key}. You can find your API key at https://platform.openai.com/account/api-keys.',
  forbidden: 'You have insufficient permissions for this operation.',
  payment_required: 'Your account is not active, please check your billing details on our website.',
  quota:
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  rate_limited:
    'Rate limit reached for {model} in organization org-simulated on requests per min (RPM): Limit 500, Used 500, Requested 1. Please try again in {seconds}s.',
  model_not_found: 'The model `{model}` does not exist or you do not have access to it.',
  not_found: 'Invalid URL',
  context_too_long:
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 130042 tokens. Please reduce the length of the messages.",
  payload_too_large: 'Request body is too large.',
  invalid_request: 'Invalid request.',
  unprocessable: 'Unprocessable request.',
  internal: 'The server had an error while processing your request. Sorry about that!',
  bad_gateway: '',
  overloaded: 'The server is currently overloaded with other requests. Sorry about that! Please retry your request.',
}

interface Shape {
  status: number
  type: string
  code: string | null
}
const INVALID = 'invalid_request_error'
const SHAPES: Readonly<Record<Complaint, Shape>> = {
  no_key: { status: 401, type: INVALID, code: null },
  unauthorized: { status: 401, type: INVALID, code: 'invalid_api_key' },
  forbidden: { status: 403, type: INVALID, code: 'missing_scope' },
  payment_required: { status: 429, type: 'billing_not_active', code: 'billing_not_active' },
  quota: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' },
  rate_limited: { status: 429, type: 'requests', code: 'rate_limit_exceeded' },
  model_not_found: { status: 404, type: INVALID, code: 'model_not_found' },
  not_found: { status: 404, type: INVALID, code: null },
  context_too_long: { status: 400, type: INVALID, code: 'context_length_exceeded' },
  payload_too_large: { status: 413, type: INVALID, code: null },
  invalid_request: { status: 400, type: INVALID, code: null },
  unprocessable: { status: 422, type: INVALID, code: null },
  internal: { status: 500, type: 'server_error', code: null },
  bad_gateway: { status: 502, type: '', code: null },
  overloaded: { status: 503, type: 'service_unavailable_error', code: 'server_is_overloaded' },
}

/**
 * `{ error: { message, type, param, code } }` with rate-limit headers.
 * Sources: OpenAI, error codes and rate limits; the recorded `openai-error` and `reasoning-model-legacy-parameter-error`.
 */
export const openaiError: ErrorForm = (complaint, told) => {
  if (complaint === 'bad_gateway') return badGateway(told)
  const { status, type, code } = SHAPES[complaint]
  const param = told.param ?? (complaint === 'context_too_long' ? promptField(told) : null)
  const reply = apiError(told.status ?? status, told.code ?? code, worded(complaint, told, WORDS), type, param)
  const limits = complaint === 'rate_limited' ? exhausted(told) : {}
  return { ...reply, headers: { ...reply.headers, 'x-request-id': told.requestId, ...limits } }
}

/** What a reverse proxy says when nobody answers behind it. */
export function badGateway({ now }: Pick<Told, 'now'>): PlainReply {
  return statusReply({ type: 'status', name: 'bad_gateway' }, now)
}

function promptField({ call }: Told): string {
  return call.api === 'responses' ? 'input' : 'messages'
}

function exhausted({ retryAfter }: Told): Record<string, string> {
  return {
    ...rateLimits(0, retryAfter),
    'retry-after': String(Math.ceil(retryAfter)),
    'retry-after-ms': String(Math.round(retryAfter * 1000)),
  }
}

/** The rate-limit headers of every reply. @param resetSeconds until the requests' limit is whole again */
export function rateLimits(remaining: number, resetSeconds: number): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': '500',
    'x-ratelimit-limit-tokens': '200000',
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-remaining-tokens': '199000',
    'x-ratelimit-reset-requests': `${resetSeconds}s`,
    'x-ratelimit-reset-tokens': '300ms',
  }
}
