import type { Dialect } from '../../../dialect.js'
import { decodeError, failureOf } from './decode-error.js'
import { decodeResponse } from './decode-response.js'
import { encodeRequest } from './encode-request.js'
import { streamDecoder } from './stream-decoder.js'

/** The gateway as a client of the Gemini API. */
export const call: Dialect['call'] = { encodeRequest, decodeResponse, streamDecoder, decodeError, failureOf }
