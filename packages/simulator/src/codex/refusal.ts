import { apiError, json, type PlainReply } from '../faults/status-replies.js'

/** A request that the backend does not take: the reply to send. */
export class Refusal extends Error {
  constructor(readonly reply: PlainReply) {
    super(reply.body)
    this.name = 'Refusal'
  }
}

/** Refused by ChatGPT's own front, in its form `{"detail": …}`. */
export function detail(message: string, status = 400): Refusal {
  return new Refusal(json(status, { detail: message }))
}

/** Refused by the API behind it. */
export function badValue(message: string, param: string | null, code: string | null): Refusal {
  return new Refusal(apiError(400, code, message, 'invalid_request_error', param))
}

/** A required field is not there. */
export function missing(param: string) {
  return badValue(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
}

export function tooLong(param: string, most: number, length: number) {
  return badValue(
    `Invalid '${param}': string too long. Expected a string with maximum length ${most}, but got a string with length ${length} instead.`,
    param,
    'string_above_max_length',
  )
}

/** `'a', 'b'`, as the API lists values. */
export function quoted(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ')
}
