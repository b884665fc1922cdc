import type { StatusFault, StatusFaultName } from './fault.js'

export interface PlainReply {
  status: number
  headers: Record<string, string>
  body: string
}

type Details = { resetsAt: number; now: number; retryAfter: number; message: string | undefined; plan: string }
type Reply = (details: Details) => PlainReply

const API = 'invalid_request_error'

/**
 * Error replies in the words of the real services. Times in unix seconds.
 * Sources: upstream notes 3.1; public bug reports of openai/codex; Cloudflare's documented `cf-mitigated` header.
 */
const REPLIES: Readonly<Record<StatusFaultName, Reply>> = {
  token_expired: ({ message }) =>
    unauthorized('token_expired', message ?? 'Provided authentication token is expired. Please try signing in again.'),
  token_invalidated: ({ message }) =>
    unauthorized(
      'token_invalidated',
      message ?? 'Your authentication token has been invalidated. Please try signing in again.',
    ),
  unauthorized: () => ({
    ...json(401, { detail: 'Unauthorized' }),
    headers: { ...JSON_HEADERS, 'x-openai-authorization-error': 'unauthorized' },
  }),
  payment_required: () => json(402, { detail: { code: 'deactivated_workspace' } }),
  forbidden_region: () =>
    apiError(
      403,
      'unsupported_country_region_territory',
      'Country, region, or territory not supported',
      'request_forbidden',
    ),
  account_deactivated: () =>
    apiError(
      403,
      'account_deactivated',
      'Your OpenAI account has been deactivated, please check your email for more information.',
    ),
  challenge: () => ({
    status: 403,
    headers: {
      'content-type': 'text/html; charset=UTF-8',
      'cf-mitigated': 'challenge',
      'cf-ray': '8f00000000000000-FRA',
      server: 'cloudflare',
    },
    body:
      '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body>' +
      '<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script></body></html>',
  }),
  path_blocked: () => ({ status: 404, headers: { 'cf-ray': '8f00000000000000-FRA', server: 'cloudflare' }, body: '' }),
  model_not_found: ({ message }) =>
    apiError(404, 'model_not_found', message ?? 'The model does not exist or you do not have access to it.'),
  payload_too_large: () => json(413, { detail: 'Request body is too large' }),
  context_length_exceeded: () =>
    apiError(
      400,
      'context_length_exceeded',
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
    ),
  usage_limit_reached: ({ resetsAt, now, plan }) => ({
    ...json(429, {
      error: {
        type: 'usage_limit_reached',
        message: 'The usage limit has been reached',
        plan_type: plan,
        resets_at: resetsAt,
        resets_in_seconds: Math.max(0, resetsAt - now),
      },
    }),
    headers: {
      ...JSON_HEADERS,
      'x-codex-active-limit': 'codex',
      'x-codex-plan-type': plan,
      'x-codex-primary-used-percent': '100',
      'x-codex-primary-window-minutes': '300',
      'x-codex-primary-reset-at': String(resetsAt),
      'x-codex-primary-reset-after-seconds': String(Math.max(0, resetsAt - now)),
      'x-codex-rate-limit-reached-type': 'rate_limit_reached',
    },
  }),
  usage_not_included: ({ plan }) =>
    json(429, {
      error: {
        type: 'usage_not_included',
        message: 'To use Codex with your ChatGPT plan, upgrade to Plus.',
        plan_type: plan,
      },
    }),
  insufficient_quota: () =>
    apiError(
      429,
      'insufficient_quota',
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
    ),
  rate_limited: ({ retryAfter, message }) => {
    const reply = apiError(
      429,
      'rate_limit_exceeded',
      message ?? `Rate limit reached for requests. Please try again in ${retryAfter}s.`,
      'requests',
    )
    return { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } }
  },
  quota: (details) => REPLIES.insufficient_quota(details),
  forbidden: (details) => REPLIES.account_deactivated(details),
  context_too_long: (details) => REPLIES.context_length_exceeded(details),
  internal: () =>
    apiError(500, null, 'The server had an error while processing your request. Sorry about that!', 'server_error'),
  bad_gateway: () => ({
    status: 502,
    headers: { 'content-type': 'text/html', server: 'cloudflare' },
    body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
  }),
  overloaded: () =>
    apiError(
      503,
      'server_is_overloaded',
      'Our servers are currently overloaded. Please try again later.',
      'service_unavailable_error',
    ),
  slow_down: () => apiError(503, 'slow_down', 'Please reduce your request rate.', 'service_unavailable_error'),
}

/** @param now unix ms */
export function statusReply(fault: StatusFault, now: number, plan = 'plus'): PlainReply {
  const seconds = Math.floor(now / 1000)
  const reply: Reply = REPLIES[fault.name]
  return reply({
    resetsAt: fault.resetsAt ?? seconds + 3600,
    now: seconds,
    retryAfter: fault.retryAfter ?? 2,
    message: fault.message,
    plan,
  })
}

const JSON_HEADERS = { 'content-type': 'application/json' }

/** A JSON reply. */
export function json(status: number, body: unknown): PlainReply {
  return { status, headers: { ...JSON_HEADERS }, body: JSON.stringify(body) }
}

/** An error in the public API's form. */
export function apiError(
  status: number,
  code: string | null,
  message: string,
  type = API,
  param: string | null = null,
): PlainReply {
  return json(status, { error: { message, type, param, code } })
}

function unauthorized(code: string, message: string): PlainReply {
  const reply = json(401, { error: { message, type: null, code, param: null }, status: 401 })
  const told = Buffer.from(JSON.stringify({ error: { code } })).toString('base64')
  return { ...reply, headers: { ...reply.headers, 'x-openai-authorization-error': code, 'x-error-json': told } }
}
