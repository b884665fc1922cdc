import type { Dialect } from '../../dialect.js'
import { decodeError } from './call/decode-error.js'
import { decodeResponse } from './call/decode-response.js'
import { encodeRequest } from './call/encode-request.js'
import { failureOf } from './call/failure-of.js'
import { streamDecoder } from './call/stream-decoder.js'
import { decodeRequest } from './serve/decode-request.js'
import { encodeError } from './serve/encode-error.js'
import { encodeResponse } from './serve/encode-response.js'
import { streamEncoder } from './serve/stream-encoder.js'

export { frameDecoder as responsesFrameDecoder } from './call/stream-decoder.js'

/** OpenAI Responses (Open Responses), and the Codex backend that speaks it. */
export const openaiResponses: Dialect = {
  id: 'openai-responses',
  serve: {
    decodeRequest,
    encodeResponse,
    streamEncoder,
    encodeError,
    fieldNames: { repeat_penalty: '/repetition_penalty' },
  },
  call: { encodeRequest, decodeResponse, streamDecoder, decodeError, failureOf },
}
