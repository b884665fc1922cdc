import { apiError, json, type PlainReply } from '../../faults/status-replies.js'
import type { Complaint } from '../refusal.js'
import { PERSONAS, type Persona } from '../vendor.js'
import { worded, type ErrorForm, type Told, type Words } from './error-form.js'
import { badGateway, openaiError } from './openai.js'

/**
 * How the makers of OpenAI-compatible APIs say no. Their documentation tells statuses; the words are those that public bug reports quote.
 */
const COMMON: Words = {
  no_key: 'No API key was given.',
  unauthorized: 'Invalid API key.',
  forbidden: 'This key may not do that.',
  payment_required: 'Insufficient balance.',
  quota: 'The quota of this account is used up.',
  rate_limited: 'Rate limit reached. Please try again in {seconds}s.',
  model_not_found: 'The model `{model}` does not exist or you do not have access to it.',
  not_found: 'Not Found',
  context_too_long: 'The prompt of 130042 tokens is longer than the 128000 tokens of this model.',
  payload_too_large: 'Request body is too large.',
  invalid_request: 'Invalid request.',
  unprocessable: 'Unprocessable request.',
  internal: 'Internal server error.',
  bad_gateway: '',
  overloaded: 'The service is overloaded. Please try again later.',
}

const STATUSES: Readonly<Record<Complaint, number>> = {
  no_key: 401,
  unauthorized: 401,
  forbidden: 403,
  payment_required: 402,
  quota: 429,
  rate_limited: 429,
  model_not_found: 404,
  not_found: 404,
  context_too_long: 400,
  payload_too_large: 413,
  invalid_request: 400,
  unprocessable: 422,
  internal: 500,
  bad_gateway: 502,
  overloaded: 503,
}

type Form = (complaint: Complaint, told: Told, status: number) => PlainReply

const deepseek: Form = (complaint, told, status) => {
  const words: Words = {
    ...COMMON,
    no_key: 'Authentication Fails (auth header format should be Bearer sk-...)',
    unauthorized: 'Authentication Fails, Your api key: {key} is invalid',
    payment_required: 'Insufficient Balance',
    quota: 'Insufficient Balance',
    model_not_found: 'Model Not Exist',
    context_too_long:
      "This model's maximum context length is 131072 tokens. However, you requested 140042 tokens (136042 in the messages, 4000 in the completion). Please reduce the length of the messages or completion.",
  }
  const own = complaint === 'model_not_found' ? 400 : complaint === 'quota' ? 402 : status
  const type =
    own === 401
      ? 'authentication_error'
      : own === 402
        ? 'unknown_error'
        : own >= 500
          ? 'service_error'
          : 'invalid_request_error'
  const code = own >= 500 ? 'service_unavailable' : 'invalid_request_error'
  return apiError(own, code, worded(complaint, told, words), type, told.param ?? null)
}

const groq: Form = (complaint, told, status) => {
  const words: Words = {
    ...COMMON,
    unauthorized: 'Invalid API Key',
    rate_limited:
      'Rate limit reached for model `{model}` in organization `org_simulated` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5900, Requested 300. Please try again in {seconds}s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing',
    context_too_long: 'Please reduce the length of the messages or completion.',
  }
  const [type, usual] = GROQ_CODES[complaint] ?? ['invalid_request_error', undefined]
  const code = told.code ?? usual
  const error = { message: worded(complaint, told, words), type, ...(code === undefined ? {} : { code }) }
  const own = complaint === 'overloaded' ? 498 : complaint === 'payment_required' ? 400 : status
  const reply = json(own, { error: told.param == null ? error : { ...error, param: told.param } })
  return complaint === 'rate_limited' ? withHeaders(reply, retry(told)) : reply
}
const GROQ_CODES: Partial<Record<Complaint, readonly [type: string, code: string]>> = {
  no_key: ['invalid_request_error', 'invalid_api_key'],
  unauthorized: ['invalid_request_error', 'invalid_api_key'],
  rate_limited: ['tokens', 'rate_limit_exceeded'],
  quota: ['tokens', 'rate_limit_exceeded'],
  payment_required: ['invalid_request_error', 'organization_restricted'],
  model_not_found: ['invalid_request_error', 'model_not_found'],
  context_too_long: ['invalid_request_error', 'context_length_exceeded'],
  internal: ['internal_server_error', 'internal_server_error'],
  overloaded: ['capacity_exceeded', 'capacity_exceeded'],
}

const mistral: Form = (complaint, told, status) => {
  const words: Words = {
    ...COMMON,
    rate_limited: 'Rate limit exceeded',
    model_not_found: 'Invalid model: {model}',
    context_too_long:
      'Prompt contains 140042 tokens and 0 draft tokens, too large for model with 131072 maximum context length',
    overloaded: 'Service unavailable.',
  }
  if (status === 401) return json(401, { detail: 'Unauthorized' })
  const plain = told.code === '3280' ? 'invalid_function_call' : 'invalid_request_error'
  const [own, type, code] = MISTRAL_CODES[complaint] ?? [status, plain, null]
  // Mistakes of a body are told as the validator lists them.
  const message = told.details === undefined ? worded(complaint, told, words) : { detail: told.details }
  const body = { object: 'error', message, type, param: told.param ?? null, code: told.code ?? code }
  return json(told.status ?? own, body)
}
const MISTRAL_CODES: Partial<Record<Complaint, readonly [status: number, type: string, code: string | null]>> = {
  rate_limited: [429, 'rate_limited', '1300'],
  quota: [429, 'service_tier_capacity_exceeded', '3505'],
  model_not_found: [400, 'invalid_model', '1500'],
  context_too_long: [400, 'invalid_request_invalid_args', '3051'],
  internal: [500, 'internal_server_error', '1000'],
  overloaded: [503, 'internal_server_error', '1900'],
}

const xai: Form = (complaint, told, status) => {
  const words: Words = {
    ...COMMON,
    unauthorized: 'Incorrect API key provided: {key}. You can obtain an API key from https://console.x.ai.',
    payment_required:
      "Your newly created team doesn't have any credits or licenses yet. You can purchase those on https://console.x.ai.",
    quota:
      'Your team has either used all available credits or reached its monthly spending limit. To continue making API requests, please purchase more credits or raise your spending limit.',
    model_not_found:
      'The model {model} does not exist or your team does not have access to it. Please ensure you are using the correct API key.',
    context_too_long: "This model's maximum prompt length is 131072 but the request contains 140042 tokens.",
  }
  const own = complaint === 'unauthorized' ? 400 : complaint === 'payment_required' ? 403 : status
  return json(own, {
    code: XAI_CODES[own] ?? 'Client specified an invalid argument',
    error: worded(complaint, told, words),
  })
}
const XAI_CODES: Readonly<Record<number, string>> = {
  401: 'The request does not have valid authentication credentials for the operation',
  403: 'The caller does not have permission to execute the specified operation',
  404: 'Some requested entity was not found',
  429: 'Some resource has been exhausted',
  500: 'Internal error',
  503: 'The service is currently unavailable',
}

const moonshot: Form = (complaint, told, status) => {
  const words: Words = {
    ...COMMON,
    no_key: 'Invalid Authentication',
    unauthorized: 'Invalid Authentication',
    quota: 'Your account is suspended, please check your plan and billing details',
    payment_required: 'Your account is suspended, please check your plan and billing details',
    rate_limited: 'Your account request reached organization max RPM: 3, please try again after {seconds} seconds',
    model_not_found: 'Not found the model {model} or Permission denied',
    context_too_long: 'Invalid request: Your request exceeded model token limit: 131072',
    overloaded: 'The engine is currently overloaded, please try again later',
  }
  const [own, type] = MOONSHOT_TYPES[complaint] ?? [status, 'invalid_request_error']
  return json(own, { error: { message: worded(complaint, told, words), type } })
}
const MOONSHOT_TYPES: Partial<Record<Complaint, readonly [status: number, type: string]>> = {
  no_key: [401, 'invalid_authentication_error'],
  unauthorized: [401, 'invalid_authentication_error'],
  forbidden: [403, 'permission_denied_error'],
  quota: [429, 'exceeded_current_quota_error'],
  payment_required: [429, 'exceeded_current_quota_error'],
  rate_limited: [429, 'rate_limit_reached_error'],
  overloaded: [429, 'engine_overloaded_error'],
  model_not_found: [404, 'resource_not_found_error'],
  internal: [500, 'server_error'],
}

const qwen: Form = (complaint, told, status) => {
  const [type, code] = QWEN_CODES[complaint] ?? ['invalid_request_error', 'invalid_parameter_error']
  const words: Words = {
    ...COMMON,
    unauthorized: 'Incorrect API key provided.',
    rate_limited: 'You exceeded your current requests list.',
    context_too_long: '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]',
  }
  const error = { message: worded(complaint, told, words), type, param: told.param ?? null, code: told.code ?? code }
  return json(status, { error, id: `chatcmpl-${told.requestId}`, request_id: told.requestId })
}
const QWEN_CODES: Partial<Record<Complaint, readonly [type: string, code: string]>> = {
  no_key: ['invalid_request_error', 'invalid_api_key'],
  unauthorized: ['invalid_request_error', 'invalid_api_key'],
  forbidden: ['access_denied', 'access_denied'],
  payment_required: ['Arrearage', 'Arrearage'],
  quota: ['insufficient_quota', 'insufficient_quota'],
  rate_limited: ['limit_requests', 'limit_requests'],
  model_not_found: ['invalid_request_error', 'model_not_found'],
  internal: ['internal_error', 'internal_error'],
  overloaded: ['ServiceUnavailable', 'ServiceUnavailable'],
}

const FORMS: Readonly<Record<Exclude<Persona, 'plain'>, Form>> = { deepseek, groq, mistral, xai, moonshot, qwen }

/** The error of whom `compatible` plays; without a model that tells, OpenAI's own form. */
export const compatibleError: ErrorForm = (complaint, told) => {
  const persona = PERSONAS.find((one) => one === told.call.persona) ?? 'plain'
  if (complaint === 'bad_gateway') return badGateway(told)
  if (persona === 'plain') return openaiError(complaint, told)
  return FORMS[persona](complaint, told, told.status ?? STATUSES[complaint])
}

function withHeaders(reply: PlainReply, headers: Record<string, string>): PlainReply {
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

function retry({ retryAfter }: Told): Record<string, string> {
  return {
    'retry-after': String(Math.ceil(retryAfter)),
    'x-ratelimit-limit-tokens': '6000',
    'x-ratelimit-remaining-tokens': '100',
    'x-ratelimit-reset-tokens': `${retryAfter}s`,
  }
}
