import type { RequestMeta, Translated } from '../../../dialect.js'
import { samplingExtra, type PivotRequest } from '../../../pivot/index.js'
import { openaiResponses } from '../../openai-responses/index.js'
import { requestExtra } from '../origin.js'
import { array, number, optional, string } from '../../refusing.js'
import { decodeResponseFormat } from '../text-format.js'
import { decodeTool, decodeToolChoice } from '../tools.js'
import { given, isJson, without, type Json } from '../../json.js'
import { chatOnlyFields, chatSampling, isChatOnly } from './chat-only-fields.js'

/** Fields of chat for which the Responses API has other names. */
const RENAMED = ['max_tokens', 'max_completion_tokens', 'reasoning_effort', 'verbosity', 'response_format'] as const

/**
 * A body of the Responses API on the chat path. Chat's own spellings are accepted in it; the answer goes out as chat.
 * @throws FailureError `invalid_request`
 */
export function decodeResponsesBody(body: Json, from: RequestMeta): Translated<PivotRequest> {
  const chatOnly = Object.fromEntries(
    Object.entries(body).filter(([field]) => field !== 'reasoning' && isChatOnly(field)),
  )
  const decoded = openaiResponses.serve.decodeRequest(
    {
      ...without(body, new Set([...RENAMED, ...Object.keys(chatOnly)])),
      ...given({
        tools: optional(body, 'tools', array)?.map((tool, index) => decodeTool(tool, `/tools/${index}`)),
        tool_choice: optional(body, 'tool_choice', decodeToolChoice),
        max_output_tokens:
          body['max_output_tokens'] ??
          optional(body, 'max_completion_tokens', number) ??
          optional(body, 'max_tokens', number),
      }),
      ...merged(body, 'reasoning', { effort: optional(body, 'reasoning_effort', string) }),
      ...merged(body, 'text', {
        verbosity: optional(body, 'verbosity', string),
        format: optional(body, 'response_format', decodeResponseFormat),
      }),
      // Chat does not stream unless it is asked to.
      stream: body['stream'] ?? false,
    },
    from,
  )
  return {
    value: {
      ...decoded.value,
      extra: { ...requestExtra(chatOnlyFields(chatOnly), {}), ...samplingExtra(chatSampling(body)) },
    },
    receipt: decoded.receipt,
  }
}

/** An object field with what chat says of it on the top level; what chat says wins. */
function merged(body: Json, field: string, said: Json): Json {
  const values = given(said)
  if (Object.keys(values).length === 0) return {}
  const own = body[field]
  return { [field]: { ...(isJson(own) ? own : {}), ...values } }
}
