import type { ResponseError } from '../../../pivot/index.js'
import { safeText } from '../../../failure.js'
import { wordsBelow } from '../../error-words.js'
import { given, isJson, type Json, text } from '../../json.js'

export interface ToldError {
  error: ResponseError
  /** HTTP status, where the upstream's code is one. */
  status?: number
}

/**
 * The error that a chunk or a body tells. Forms seen: `{error:{message,type,code,param}}`, `{error:"text"}`,
 * OpenRouter's numeric `code`, vLLM's `{object:"error",message,type,code}`.
 */
export function readError(body: Json): ToldError | undefined {
  const told = body['error']
  if (told !== undefined && told !== null && told !== false && told !== '') {
    if (isJson(told)) return fromFields(told)
    return { error: { message: safeText(typeof told === 'string' ? told : JSON.stringify(told)) } }
  }
  return body['object'] === 'error' || (body['type'] === 'error' && typeof body['message'] === 'string')
    ? fromFields(body)
    : undefined
}

function fromFields(fields: Json): ToldError {
  const code = fields['code']
  const status = httpStatus(code) ?? httpStatus(fields['status']) ?? httpStatus(fields['status_code'])
  const type = text(fields['type'])
  const param = text(fields['param'])
  const word = typeof code === 'number' ? String(code) : text(code)
  const message = text(fields['message']) ?? text(fields['detail']) ?? 'the upstream failed without a word'
  const below = wordsBelow(fields)
  return {
    error: {
      message: safeText(below === undefined ? message : `${message} (${below.message})`),
      ...given({ code: word }),
      ...given({ type }),
      ...given({ param }),
    },
    ...given({ status }),
  }
}

function httpStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined
}
