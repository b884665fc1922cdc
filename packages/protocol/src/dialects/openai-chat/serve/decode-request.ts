import type { Note, RequestMeta, Translated } from '../../../dialect.js'
import { samplingExtra, type PivotRequest, type PivotTool } from '../../../pivot/index.js'
import { requestExtra, type ReplyStyle } from '../origin.js'
import { array, boolean, number, object, optional, refuse, step, string, type Noting } from '../../refusing.js'
import { decodeResponseFormat } from '../text-format.js'
import { decodeLegacyChoice, decodeLegacyFunction, decodeTool, decodeToolChoice } from '../tools.js'
import { given, isJson, isSet, type Json, text } from '../../json.js'
import { decodeMessages } from './decode-messages.js'
import { chatOnlyFields, chatSampling } from './chat-only-fields.js'
import { decodeResponsesBody } from './decode-responses-body.js'

/**
 * A `POST /v1/chat/completions` body as a request of the pivot.
 *
 * A body with `input` and without `messages` is one of the Responses API that was sent to the chat path (Cursor does
 * so); it is read as such and answered as chat.
 * @throws FailureError `invalid_request` with the JSON pointer of what cannot be understood
 */
export function decodeRequest(body: unknown, from: RequestMeta): Translated<PivotRequest> {
  if (!isJson(body)) refuse('', 'the body must be a JSON object')
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  if (body['messages'] === undefined && body['input'] !== undefined) return decodeResponsesBody(body, from)

  const legacy = !isSet(body['tools']) && isSet(body['functions'])
  const style: ReplyStyle = {
    ...(legacy ? { legacyFunctions: true } : {}),
    ...(isCursor(from) ? { customAsFunctions: true } : {}),
    ...(isJson(body['reasoning']) && body['reasoning']['exclude'] === true ? { hideReasoning: true } : {}),
  }
  const value: PivotRequest = {
    model: optional(body, 'model', string) ?? '',
    input: decodeMessages(body['messages'] ?? refuse('/messages', 'expected an array of messages'), note),
    ...given({
      stream: optional(body, 'stream', boolean),
      ...tools(body, legacy),
      parallel_tool_calls: legacy ? false : optional(body, 'parallel_tool_calls', boolean),
      reasoning: reasoning(body, note),
      text: textOptions(body),
      max_output_tokens: maxTokens(body, note),
      temperature: optional(body, 'temperature', number),
      top_p: optional(body, 'top_p', number),
      metadata: optional(body, 'metadata', metadata),
      service_tier: optional(body, 'service_tier', string),
      store: optional(body, 'store', boolean),
      user: optional(body, 'user', string),
      safety_identifier: optional(body, 'safety_identifier', string),
      prompt_cache_key: optional(body, 'prompt_cache_key', string),
      prompt_cache_retention: optional(body, 'prompt_cache_retention', string),
      instructions: optional(body, 'instructions', string),
    }),
    extra: { ...requestExtra(chatOnlyFields(body), style), ...samplingExtra(chatSampling(body)) },
  }
  return { value, receipt }
}

/** Cursor reads calls of custom tools as function calls (user agents `Cursor/…`, seen 2026). */
function isCursor(from: RequestMeta): boolean {
  return /\bcursor\b/i.test(from.headers['user-agent'] ?? '')
}

function tools(body: Json, legacy: boolean): Pick<Partial<PivotRequest>, 'tools' | 'tool_choice'> {
  const list: PivotTool[] = [
    ...(optional(body, 'tools', array) ?? []).map((tool, index) => decodeTool(tool, `/tools/${index}`)),
    ...(legacy ? (optional(body, 'functions', array) ?? []) : []).map((tool, index) =>
      decodeLegacyFunction(tool, `/functions/${index}`),
    ),
  ]
  const search = optional(body, 'web_search_options', object)
  if (search !== undefined) list.push(webSearchTool(search))
  const choice = legacy
    ? optional(body, 'function_call', decodeLegacyChoice)
    : optional(body, 'tool_choice', decodeToolChoice)
  return {
    ...(list.length > 0 ? { tools: list } : {}),
    ...given({ tool_choice: choice }),
  }
}

/** Chat nests the approximate location once more than the Responses API does. */
function webSearchTool(options: Json): PivotTool {
  const place = options['user_location']
  const location = isJson(place)
    ? { type: 'approximate', ...(isJson(place['approximate']) ? place['approximate'] : place) }
    : undefined
  const size = text(options['search_context_size'])
  return {
    type: 'web_search',
    ...given({ search_context_size: size }),
    ...given({ user_location: location }),
  }
}

/**
 * `reasoning_effort` of OpenAI, or the `reasoning` object of OpenRouter and Cursor; the first wins. Who asks for an effort
 * wants to see the reasoning (`reasoning_content`), which the Responses API only tells in summaries that are asked for.
 */
function reasoning(body: Json, note: Noting): PivotRequest['reasoning'] | undefined {
  const options = optional(body, 'reasoning', object)
  const effort =
    optional(body, 'reasoning_effort', string) ??
    (options === undefined ? undefined : (optional(options, 'effort', string, '/reasoning') ?? effortOf(options, note)))
  const summary =
    (options === undefined ? undefined : optional(options, 'summary', string, '/reasoning')) ??
    (effort === undefined || effort === 'none' || options?.['exclude'] === true ? undefined : 'auto')
  return effort === undefined && summary === undefined ? undefined : given({ effort, summary })
}

function effortOf(options: Json, note: Noting): string | undefined {
  if (optional(options, 'enabled', boolean, '/reasoning') === false) return 'none'
  const budget = optional(options, 'max_tokens', number, '/reasoning')
  if (budget === undefined) return undefined
  const effort = budget < 2_000 ? 'low' : budget < 8_000 ? 'medium' : budget < 20_000 ? 'high' : 'xhigh'
  note('/reasoning/max_tokens', 'approximated', `a budget of ${budget} tokens became the effort '${effort}'`)
  return effort
}

function textOptions(body: Json): PivotRequest['text'] | undefined {
  const options = optional(body, 'text', object) ?? {}
  const format =
    optional(body, 'response_format', decodeResponseFormat) ??
    optional(options, 'format', decodeResponseFormat, '/text')
  const verbosity = optional(body, 'verbosity', string) ?? optional(options, 'verbosity', string, '/text')
  if (format === undefined && verbosity === undefined) return undefined
  return { ...given({ format }), ...given({ verbosity }) }
}

function maxTokens(body: Json, note: Noting): number | undefined {
  const field = !isSet(body['max_completion_tokens']) ? 'max_tokens' : 'max_completion_tokens'
  const limit = optional(body, field, number)
  if (limit === undefined || limit >= 1) return limit
  // Local servers read -1 and 0 as "no limit", so clients made for them send it.
  note(`/${field}`, 'dropped', 'a limit below one token means no limit')
  return undefined
}

/** The pivot's metadata are texts; other values keep their JSON form. */
function metadata(value: unknown, pointer: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(value, pointer)).map(([key, entry]) => [
      key,
      typeof entry === 'string'
        ? entry
        : (JSON.stringify(entry) ?? refuse(`${pointer}/${step(key)}`, 'expected a string')),
    ]),
  )
}
