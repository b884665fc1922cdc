import type { PlainReply } from '../../faults/status-replies.js'
import type { StatusFaultName } from '../../faults/fault.js'
import type { Complaint } from '../refusal.js'
import { anthropicError } from './anthropic.js'
import { compatibleError } from './compatible.js'
import type { ErrorForm, Told } from './error-form.js'
import { geminiError } from './gemini.js'
import { openaiError } from './openai.js'
import { openrouterError } from './openrouter.js'

export type { Told } from './error-form.js'
export { limits as anthropicLimits } from './anthropic.js'
export { rateLimits } from './openai.js'
export { geminiErrorBody } from './gemini.js'
export { openrouterErrorBody } from './openrouter.js'

/** A complaint in the form of the vendor that was asked. */
export function errorReply(complaint: Complaint, told: Told): PlainReply {
  return formOf(told)(complaint, told)
}

function formOf({ call }: Told): ErrorForm {
  switch (call.vendor) {
    case 'openai':
      return openaiError
    case 'anthropic':
      return anthropicError
    case 'gemini':
      return geminiError
    case 'openrouter':
      // Its Messages endpoint speaks to Anthropic's clients.
      return call.api === 'messages' ? anthropicError : openrouterError
    case 'compatible':
      return compatibleError
  }
}

/** The complaint that a scripted status fault means at a vendor; the names of ChatGPT's own troubles have their nearest kin. */
export const COMPLAINTS: Readonly<Record<StatusFaultName, Complaint>> = {
  token_expired: 'unauthorized',
  token_invalidated: 'unauthorized',
  unauthorized: 'unauthorized',
  payment_required: 'payment_required',
  forbidden_region: 'forbidden',
  account_deactivated: 'forbidden',
  forbidden: 'forbidden',
  challenge: 'forbidden',
  path_blocked: 'not_found',
  model_not_found: 'model_not_found',
  payload_too_large: 'payload_too_large',
  context_length_exceeded: 'context_too_long',
  context_too_long: 'context_too_long',
  usage_limit_reached: 'quota',
  usage_not_included: 'quota',
  insufficient_quota: 'quota',
  quota: 'quota',
  rate_limited: 'rate_limited',
  internal: 'internal',
  bad_gateway: 'bad_gateway',
  overloaded: 'overloaded',
  slow_down: 'rate_limited',
}
