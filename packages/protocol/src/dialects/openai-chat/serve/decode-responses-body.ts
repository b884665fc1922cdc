import type { RequestMeta, Translated } from '../../../dialect.js'
import type { PivotRequest } from '../../../pivot/index.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { CHAT, requestExtra } from '../origin.js'
import { array, optional, string } from '../refusing.js'
import { decodeTool, decodeToolChoice } from '../tools.js'
import { isJson, without, type Json } from '../wire.js'

/** Fields of chat that a mixed body carries; the Responses API has other names for them. */
const CHAT_NAMES: ReadonlySet<string> = new Set([
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'reasoning_effort',
  'verbosity',
])

/**
 * A body of the Responses API on the chat path. Chat's own spellings are accepted in it; the answer goes out as chat.
 * @throws FailureError `invalid_request`
 */
export function decodeResponsesBody(body: Json, from: RequestMeta): Translated<PivotRequest> {
  const limit = body['max_completion_tokens'] ?? body['max_tokens']
  const effort = optional(body, 'reasoning_effort', string)
  const verbosity = optional(body, 'verbosity', string)
  const tools = optional(body, 'tools', array)?.map((tool, index) => decodeTool(tool, `/tools/${index}`))
  const choice = optional(body, 'tool_choice', decodeToolChoice)
  const { value, receipt } = openaiResponses.serve.decodeRequest(
    {
      ...without(body, CHAT_NAMES),
      ...(tools === undefined ? {} : { tools }),
      ...(choice === undefined ? {} : { tool_choice: choice }),
      ...(body['max_output_tokens'] == null && limit != null ? { max_output_tokens: limit } : {}),
      ...(effort === undefined ? {} : { reasoning: { ...optionsOf(body['reasoning']), effort } }),
      ...(verbosity === undefined ? {} : { text: { ...optionsOf(body['text']), verbosity } }),
      // Chat does not stream unless it is asked to; the Responses path may think otherwise.
      stream: body['stream'] === true,
    },
    from,
  )
  const options = body['stream_options']
  const fields = isJson(options) ? { stream_options: options } : {}
  return {
    value: { ...value, extra: { ...value.extra, ...requestExtra({ ...value.extra?.[CHAT], ...fields }, {}) } },
    receipt,
  }
}

function optionsOf(value: unknown): Json {
  return isJson(value) ? value : {}
}
