import type { Dialect } from '../../../dialect.js'
import { decodeResponse } from './decode-response.js'
import { encodeRequest } from './encode-request.js'
import { decodeError, failureOf } from './read-error.js'
import { streamDecoder } from './stream-decoder.js'

/** The gateway as a client of an Anthropic upstream. `restoreCalls` turns the calls of emulated tools back. */
export const call: Dialect['call'] = { encodeRequest, decodeResponse, streamDecoder, decodeError, failureOf }
