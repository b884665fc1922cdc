import { isJson, text, type Json } from '../../json.js'

/** An error as Google's APIs tell it: in a body, alone in an array, or in the middle of a stream. */
export interface GoogleError {
  /** HTTP status; undefined when it was not told. */
  code: number | undefined
  /** Name of the `google.rpc.Code`, empty when it was not told. */
  status: string
  message: string
  /** `reason` of an `ErrorInfo`: the finest word there is. */
  reason: string | undefined
  details: readonly Json[]
}

/** Undefined when the body tells no error of this form. Source: google.rpc.Status in JSON, google/rpc/error_details.proto. */
export function googleError(body: unknown): GoogleError | undefined {
  const root: unknown = Array.isArray(body) ? body[0] : body
  const error = isJson(root) ? root['error'] : undefined
  if (typeof error === 'string' && error !== '') {
    return { code: undefined, status: '', message: error, reason: undefined, details: [] }
  }
  if (!isJson(error)) return undefined
  const code = Number(error['code'])
  const list = error['details']
  const details = Array.isArray(list) ? list.filter(isJson) : []
  return {
    code: Number.isInteger(code) && code >= 400 && code <= 599 ? code : undefined,
    status: text(error['status']) ?? '',
    message: text(error['message']) ?? '',
    reason: details.map((detail) => text(detail['reason'])).find((reason) => reason !== undefined),
    details,
  }
}
