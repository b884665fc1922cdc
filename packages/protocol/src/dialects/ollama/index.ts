import type { Dialect } from '../../dialect.js'
import { openaiResponses } from '../openai-responses/index.js'
import { decodeResponse } from './call/decode-response.js'
import { encodeRequest } from './call/encode-request.js'
import { streamDecoder } from './call/stream-decoder.js'
import { decodeError, encodeError } from './errors.js'
import { decodeRequest } from './serve/decode-request.js'
import { encodeResponse } from './serve/encode-response.js'
import { streamEncoder } from './serve/stream-encoder.js'

/** Ollama's own API: `POST /api/chat` and `POST /api/generate` as a server, `POST /api/chat` as a client. */
export const ollama: Dialect = {
  id: 'ollama',
  serve: {
    decodeRequest,
    encodeResponse,
    streamEncoder,
    encodeError,
    fieldNames: {
      input: '/messages',
      instructions: '/system',
      reasoning: '/think',
      text: '/format',
      max_output_tokens: '/options/num_predict',
      temperature: '/options/temperature',
      top_p: '/options/top_p',
      stop: '/options/stop',
      seed: '/options/seed',
      top_k: '/options/top_k',
      min_p: '/options/min_p',
      repeat_penalty: '/options/repeat_penalty',
      presence_penalty: '/options/presence_penalty',
      frequency_penalty: '/options/frequency_penalty',
    },
  },
  call: {
    encodeRequest,
    decodeResponse,
    streamDecoder,
    decodeError,
    failureOf: (event) => openaiResponses.call.failureOf(event),
  },
}

export { isoTime } from './serve/line-template.js'
