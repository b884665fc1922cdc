import type { Dialect } from '../../dialect.js'
import { call } from './call/index.js'
import { encodeError } from './errors.js'
import { decodeRequest } from './serve/decode-request.js'
import { encodeResponse } from './serve/encode-response.js'
import { streamEncoder } from './serve/stream-encoder.js'

export { decodeCountTokens } from './serve/decode-count-tokens.js'

/** Google's Gemini API, `generateContent` and `streamGenerateContent`. */
export const gemini: Dialect = {
  id: 'gemini',
  serve: {
    decodeRequest,
    encodeResponse,
    streamEncoder,
    encodeError,
    fieldNames: {
      input: '/contents',
      instructions: '/systemInstruction',
      max_output_tokens: '/generationConfig/maxOutputTokens',
      temperature: '/generationConfig/temperature',
      top_p: '/generationConfig/topP',
      top_k: '/generationConfig/topK',
      stop: '/generationConfig/stopSequences',
      seed: '/generationConfig/seed',
      presence_penalty: '/generationConfig/presencePenalty',
      frequency_penalty: '/generationConfig/frequencyPenalty',
      n: '/generationConfig/candidateCount',
      reasoning: '/generationConfig/thinkingConfig',
      'reasoning/effort': '/generationConfig/thinkingConfig/thinkingLevel',
      'reasoning/summary': '/generationConfig/thinkingConfig/includeThoughts',
      text: '/generationConfig/responseSchema',
      tool_choice: '/toolConfig',
      metadata: '/labels',
      service_tier: '/serviceTier',
    },
  },
  call,
}
