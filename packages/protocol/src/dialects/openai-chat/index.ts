import type { Dialect } from '../../dialect.js'
import { failureFromOpenAiError, openAiError } from '../openai-errors.js'
import { openaiResponses } from '../openai-responses/index.js'
import { decodeResponse } from './call/decode-response.js'
import { encodeRequest } from './call/encode-request.js'
import { streamDecoder } from './call/stream-decoder.js'
import { decodeRequest } from './serve/decode-request.js'
import { encodeResponse } from './serve/encode-response.js'
import { streamEncoder } from './serve/stream-encoder.js'

/** OpenAI's Chat Completions API, `POST /v1/chat/completions`, and the dialects of it that other providers speak. */
export const openaiChat: Dialect = {
  id: 'openai-chat',
  serve: {
    decodeRequest,
    encodeResponse,
    streamEncoder,
    encodeError(failure) {
      const { status, headers, error } = openAiError(failure)
      return { status, headers, body: { error } }
    },
    fieldNames: {
      input: '/messages',
      max_output_tokens: '/max_tokens',
      reasoning: '/reasoning_effort',
      repeat_penalty: '/repetition_penalty',
      text: '/response_format',
      'text/verbosity': '/verbosity',
    },
  },
  call: {
    encodeRequest,
    decodeResponse,
    streamDecoder,
    decodeError(status, headers, body) {
      const text = new TextDecoder().decode(body)
      return failureFromOpenAiError({ status, headers, body: parsed(text), text })
    },
    failureOf: (event) => openaiResponses.call.failureOf(event),
  },
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

export { restoreCalls } from './call/restore-calls.js'
export type { RestoreCalls } from './call/restore-calls.js'
