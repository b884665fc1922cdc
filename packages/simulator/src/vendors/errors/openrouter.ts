import { json } from '../../faults/status-replies.js'
import type { Complaint } from '../refusal.js'
import { worded, type ErrorForm, type Told, type Words } from './error-form.js'

const WORDS: Words = {
  no_key: 'No auth credentials found',
  unauthorized: 'User not found.',
  forbidden: '{model} requires moderation on the simulated provider. Your input was flagged for "simulation".',
  payment_required: 'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
  quota: 'Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys',
  rate_limited: 'Rate limit exceeded: free-models-per-min. ',
  model_not_found: '{model} is not a valid model ID',
  not_found: 'Not Found',
  context_too_long:
    'This endpoint\'s maximum context length is 128000 tokens. However, you requested about 130042 tokens (130042 of text input). Please reduce the length of either one, or use the "middle-out" transform to compress your prompt automatically.',
  payload_too_large: 'Request entity too large',
  invalid_request: 'Provider returned error',
  unprocessable: 'Provider returned error',
  internal: 'Internal Server Error',
  bad_gateway: 'Provider returned error',
  overloaded: 'No allowed providers are available for the selected model.',
}

const STATUSES: Readonly<Record<Complaint, number>> = {
  no_key: 401,
  unauthorized: 401,
  forbidden: 403,
  payment_required: 402,
  quota: 403,
  rate_limited: 429,
  model_not_found: 400,
  not_found: 404,
  context_too_long: 400,
  payload_too_large: 413,
  invalid_request: 400,
  unprocessable: 422,
  internal: 500,
  bad_gateway: 502,
  overloaded: 503,
}

/** `{ error: { code, message, metadata } }`, `code` being the status. Source: OpenRouter, errors and limits. */
export const openrouterError: ErrorForm = (complaint, told) => {
  const body = openrouterErrorBody(complaint, told)
  const reply = json(body.code, { error: body, user_id: 'user_simulated' })
  return complaint === 'rate_limited' ? { ...reply, headers: { ...reply.headers, ...limited(told) } } : reply
}

/** What stands under `error`, in a reply and in the middle of a stream. */
export function openrouterErrorBody(complaint: Complaint, told: Told) {
  const metadata = metadataOf(complaint, told)
  return {
    message: worded(complaint, told, WORDS),
    code: told.status ?? STATUSES[complaint],
    ...(metadata === undefined ? {} : { metadata }),
  }
}

function metadataOf(complaint: Complaint, told: Told): object | undefined {
  const { model } = told.call
  switch (complaint) {
    case 'forbidden':
      return { reasons: ['simulation'], flagged_input: 'simulated', provider_name: 'Simulated', model_slug: model }
    case 'rate_limited':
      return { headers: limited(told), provider_name: null }
    case 'bad_gateway':
      return { raw: 'error code: 502', provider_name: 'Simulated' }
    case 'invalid_request':
    case 'unprocessable': {
      // What the provider behind it said, in the provider's form.
      const raw = {
        error: { message: told.message, type: 'invalid_request_error', param: told.param, code: told.code },
      }
      return { raw: JSON.stringify(raw), provider_name: 'Simulated' }
    }
    default:
      return undefined
  }
}

function limited({ now, retryAfter }: Told): Record<string, string> {
  return {
    'X-RateLimit-Limit': '20',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(now + retryAfter * 1000),
  }
}
