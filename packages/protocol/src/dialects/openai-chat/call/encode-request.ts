import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import { samplingOf, type PivotRequest } from '../../../pivot/index.js'
import { noteForeignFields, noteUnknownFields } from '../../foreign-fields.js'
import { noteSampling, type SamplingField } from '../../sampling-losses.js'
import { chatFields } from '../origin.js'
import type { Noting } from '../../refusing.js'
import { encodeTextFormat } from '../text-format.js'
import { given, isJson, isSet, type Json, without } from '../../json.js'
import { encodeMessages } from './encode-messages.js'
import { encodeTools, encodeToolChoice, type ToolRules } from './encode-tools.js'

/**
 * A request of the pivot as a chat completions body. What a chat client said and the pivot has no place for goes back
 * as it came; what chat cannot say is noted.
 */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Json> {
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const kept = chatFields(request)
  const openai = to.rules !== 'compatible'
  const rules: ToolRules = {
    custom: openai,
    hosted: kept !== undefined,
    webSearchOptions: kept?.['web_search_options'] !== undefined,
  }
  const messages = encodeMessages(request.input, { developer: openai, custom: openai, reasoning: !openai }, note)
  if (isSet(request.instructions) && request.instructions !== '') {
    messages.unshift({ role: openai ? 'developer' : 'system', content: request.instructions })
  }
  const tools = encodeTools(request.tools ?? [], rules, note)
  const value: Json = {
    ...without(kept ?? {}, NOT_RETURNED),
    model: to.model,
    messages,
    ...(tools.length > 0 ? { tools } : {}),
    ...toolOptions(request, tools.length > 0, rules, note),
    ...sampling(request, openai, note),
    ...effort(request, openai, kept, note),
    ...textOptions(request, openai || kept !== undefined, note),
    ...account(request, openai || kept !== undefined, note),
    ...servable(kept, note),
    ...stream(request, kept),
  }
  noteUnknown(request, note)
  noteForeignFields(request, 'openai-chat', note)
  return { value, receipt }
}

/** Chat fields that are written from the pivot, or that no answer of ours can serve. */
const NOT_RETURNED: ReadonlySet<string> = new Set([
  'functions',
  'function_call',
  'stream_options',
  'reasoning',
  'audio',
  'modalities',
])

/** One answer, of text: nothing else can be served. */
function servable(kept: Readonly<Json> | undefined, note: Noting): Json {
  const modalities = kept?.['modalities']
  const text = Array.isArray(modalities) && !modalities.includes('audio')
  if (isSet(modalities) && !text) note('/modalities', 'dropped', 'answers are text')
  if (isSet(kept?.['audio'])) note('/audio', 'dropped', 'answers are text')
  return text ? { modalities } : {}
}

function toolOptions(request: PivotRequest, hasTools: boolean, rules: ToolRules, note: Noting): Json {
  // Without tools chat refuses both.
  if (!hasTools) return {}
  const choice = request.tool_choice === undefined ? undefined : encodeToolChoice(request.tool_choice, rules, note)
  return {
    ...given({ tool_choice: choice }),
    ...given({ parallel_tool_calls: request.parallel_tool_calls }),
  }
}

/** OpenAI refuses what it does not know; compatible servers sample as their engines do. */
const OPENAI_SAMPLING: ReadonlySet<SamplingField> = new Set([
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
])
const COMPATIBLE_SAMPLING: ReadonlySet<SamplingField> = new Set([
  ...OPENAI_SAMPLING,
  'top_k',
  'min_p',
  'repeat_penalty',
])

function sampling(request: PivotRequest, openai: boolean, note: Noting): Json {
  const limit = request.max_output_tokens
  const asked = samplingOf(request)
  const can = openai ? OPENAI_SAMPLING : COMPATIBLE_SAMPLING
  noteSampling(
    request,
    can,
    (field) => (field === 'n' ? 'one request gives one answer' : 'OpenAI has no such sampling parameter'),
    note,
  )
  const told = Object.entries(asked)
    .filter(([field]) => can.has(field as SamplingField))
    .map(([field, value]) => [field === 'repeat_penalty' ? 'repetition_penalty' : field, value as unknown])
  return {
    ...Object.fromEntries(told),
    ...given({ [openai ? 'max_completion_tokens' : 'max_tokens']: limit }),
    ...given({ temperature: request.temperature }),
    ...given({ top_p: request.top_p }),
  }
}

/** OpenRouter's `reasoning` object goes back to who sent it, with the effort that holds now. */
function effort(request: PivotRequest, openai: boolean, kept: Readonly<Json> | undefined, note: Noting): Json {
  const { effort, summary } = request.reasoning ?? {}
  const object = kept?.['reasoning']
  if (isSet(summary) && summary !== 'auto' && !isJson(object)) {
    note('/reasoning/summary', 'dropped', 'chat upstreams tell their reasoning as it is or not at all')
  }
  if (!openai && isJson(object)) {
    const given = object['max_tokens'] !== undefined || object['enabled'] === false
    return { reasoning: !isSet(effort) || given ? object : { ...object, effort } }
  }
  return !isSet(effort) ? {} : { reasoning_effort: effort }
}

function textOptions(request: PivotRequest, verbosityKnown: boolean, note: Noting): Json {
  const { format, verbosity } = request.text ?? {}
  if (isSet(verbosity) && !verbosityKnown) note('/text/verbosity', 'dropped', 'not every compatible server knows it')
  return {
    ...(format === undefined ? {} : { response_format: encodeTextFormat(format) }),
    ...(!isSet(verbosity) || !verbosityKnown ? {} : { verbosity }),
  }
}

const ACCOUNT_FIELDS = [
  'service_tier',
  'store',
  'metadata',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
] as const

/** Fields of OpenAI's that a compatible server may refuse; a chat client that sends them knows its upstream. */
function account(request: PivotRequest, known: boolean, note: Noting): Json {
  const out: Json = !isSet(request.user) ? {} : { user: request.user }
  for (const field of ACCOUNT_FIELDS) {
    const value = request[field]
    if (value === undefined || value === null) continue
    if (known) out[field] = value
    else if (value !== false) note(`/${field}`, 'dropped', 'not every compatible server knows it')
  }
  return out
}

function stream(request: PivotRequest, kept: Readonly<Json> | undefined): Json {
  if (request.stream !== true) return request.stream === false ? { stream: false } : {}
  const options = kept?.['stream_options']
  return { stream: true, stream_options: { ...(isJson(options) ? options : {}), include_usage: true } }
}

const TRANSLATED: ReadonlySet<string> = new Set([
  ...ACCOUNT_FIELDS,
  'model',
  'input',
  'instructions',
  'stream',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'max_output_tokens',
  'temperature',
  'top_p',
  'user',
  'extra',
  // A Responses client asks for the usage of its stream by other means.
  'stream_options',
])

/** `previous_response_id`, `include`, `truncation` and whatever else only the Responses API knows. */
function noteUnknown(request: PivotRequest, note: Noting): void {
  noteUnknownFields(request, TRANSLATED, 'chat completions has no such field', note)
}
