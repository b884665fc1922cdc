import type { Dialect } from '../../../dialect.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { decodeError, meaningOf } from './decode-error.js'
import { decodeResponse } from './decode-response.js'
import { encodeRequest } from './encode-request.js'
import { streamDecoder } from './stream-decoder.js'

/** The gateway as a client of the Gemini API. */
export const call: Dialect['call'] = {
  encodeRequest,
  decodeResponse,
  streamDecoder,
  decodeError,
  failureOf(event) {
    const failure = openaiResponses.call.failureOf(event)
    if (failure === undefined || event.type !== 'error') return failure
    return { ...failure, ...meaningOf({ message: event.message, status: event.errorType }) }
  },
}
