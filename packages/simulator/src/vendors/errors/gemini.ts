import { json } from '../../faults/status-replies.js'
import type { Complaint } from '../refusal.js'
import { worded, type ErrorForm, type Told, type Words } from './error-form.js'
import { badGateway } from './openai.js'

const WORDS: Words = {
  no_key:
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  unauthorized: 'API key not valid. Please pass a valid API key.',
  forbidden: 'Your API key was reported as leaked. Please use another API key.',
  payment_required: 'User location is not supported for the API use without a billing account.',
  quota:
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.',
  rate_limited:
    'You exceeded your current quota, please check your plan and billing details.\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 10, model: {model}\nPlease retry in {seconds}s.',
  model_not_found:
    'models/{model} is not found for API version v1beta, or is not supported for generateContent. Call ListModels to see the list of available models and their supported methods.',
  not_found: 'Requested entity was not found.',
  context_too_long: 'The input token count (1050042) exceeds the maximum number of tokens allowed (1048576).',
  payload_too_large: 'Request payload size exceeds the limit: 20971520 bytes.',
  invalid_request: 'Request contains an invalid argument.',
  unprocessable: 'Request contains an invalid argument.',
  internal:
    'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  bad_gateway: '',
  overloaded: 'The model is overloaded. Please try again later.',
}

const SHAPES: Readonly<Record<Complaint, readonly [status: number, name: string]>> = {
  no_key: [403, 'PERMISSION_DENIED'],
  unauthorized: [400, 'INVALID_ARGUMENT'],
  forbidden: [403, 'PERMISSION_DENIED'],
  payment_required: [400, 'FAILED_PRECONDITION'],
  quota: [429, 'RESOURCE_EXHAUSTED'],
  rate_limited: [429, 'RESOURCE_EXHAUSTED'],
  model_not_found: [404, 'NOT_FOUND'],
  not_found: [404, 'NOT_FOUND'],
  context_too_long: [400, 'INVALID_ARGUMENT'],
  payload_too_large: [400, 'INVALID_ARGUMENT'],
  invalid_request: [400, 'INVALID_ARGUMENT'],
  unprocessable: [400, 'INVALID_ARGUMENT'],
  internal: [500, 'INTERNAL'],
  bad_gateway: [502, ''],
  overloaded: [503, 'UNAVAILABLE'],
}

/** `{ error: { code, message, status, details } }`; inside a list where a JSON list would have been streamed. Source: Google API design, errors. */
export const geminiError: ErrorForm = (complaint, told) => {
  if (complaint === 'bad_gateway') return badGateway(told)
  const body = { error: geminiErrorBody(complaint, told) }
  const { call } = told
  const inList = call.stream && call.alt !== 'sse'
  return json(body.error.code, inList ? [body] : body)
}

/** What stands under `error`, in a reply and in the middle of a stream. */
export function geminiErrorBody(complaint: Complaint, told: Told) {
  const [code, status] = SHAPES[complaint]
  const details = told.details ?? usualDetails(complaint, told)
  return {
    code: told.status ?? code,
    message: worded(complaint, told, WORDS),
    status,
    ...(details.length === 0 ? {} : { details }),
  }
}

const TYPES = 'type.googleapis.com/google.rpc'

function usualDetails(complaint: Complaint, { call, retryAfter }: Told): object[] {
  if (complaint === 'unauthorized') {
    return [
      {
        '@type': `${TYPES}.ErrorInfo`,
        reason: 'API_KEY_INVALID',
        domain: 'googleapis.com',
        metadata: { service: 'generativelanguage.googleapis.com' },
      },
      { '@type': `${TYPES}.LocalizedMessage`, locale: 'en-US', message: WORDS.unauthorized },
    ]
  }
  if (complaint !== 'rate_limited' && complaint !== 'quota') return []
  const span = complaint === 'quota' ? 'PerDay' : 'PerMinute'
  const violation = {
    quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
    quotaId: `GenerateRequests${span}PerProjectPerModel-FreeTier`,
    quotaDimensions: { location: 'global', model: call.model },
    quotaValue: complaint === 'quota' ? '250' : '10',
  }
  return [
    { '@type': `${TYPES}.QuotaFailure`, violations: [violation] },
    {
      '@type': `${TYPES}.Help`,
      links: [
        { description: 'Learn more about Gemini API quotas', url: 'https://ai.google.dev/gemini-api/docs/rate-limits' },
      ],
    },
    { '@type': `${TYPES}.RetryInfo`, retryDelay: `${retryAfter}s` },
  ]
}
