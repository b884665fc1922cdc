import type { Note, Translated, UpstreamModel } from '../../../dialect.js'
import { samplingOf, type PivotRequest } from '../../../pivot/index.js'
import { noteForeignFields, noteUnknownFields } from '../../foreign-fields.js'
import { given, isJson, isSet, without, type Json } from '../../json.js'
import { encodeTools } from '../../openai-chat/call/encode-tools.js'
import type { Noting } from '../../refusing.js'
import { noteSampling, type SamplingField } from '../../sampling-losses.js'
import { OLLAMA, ollamaFields } from '../wire.js'
import { encodeMessages } from './encode-messages.js'

/** A request of the pivot as a `POST /api/chat` body. What an Ollama client said and the pivot has no place for goes back as it came. */
export function encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Json> {
  const receipt: Note[] = []
  const note: Noting = (pointer, what, why) => void receipt.push({ pointer, what, why })
  const kept = ollamaFields(request) ?? {}
  const messages = encodeMessages(request.input, note)
  if (isSet(request.instructions) && request.instructions !== '') {
    messages.unshift({ role: 'system', content: request.instructions })
  }
  const tools = toolsOf(request, note)
  const options = optionsOf(request, kept['options'], note)
  const value: Json = {
    ...without(kept, NOT_RETURNED),
    model: to.model,
    messages,
    stream: request.stream === true,
    ...(tools.length > 0 ? { tools } : {}),
    ...given({ think: kept['think'] ?? think(request, note), format: kept['format'] ?? format(request) }),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  }
  for (const field of GENERATE_ONLY) {
    const asked = kept[field]
    if (!isSet(asked) || asked === false || asked === '') continue
    note(`/${field}`, 'dropped', 'only /api/generate of the upstream would understand it, and it is asked by /api/chat')
  }
  noteUnknown(request, note)
  noteForeignFields(request, OLLAMA, note)
  return { value, receipt }
}

const GENERATE_ONLY = ['suffix', 'template', 'context', 'raw', 'width', 'height', 'steps'] as const
const NOT_RETURNED: ReadonlySet<string> = new Set([...GENERATE_ONLY, 'options', 'think', 'format'])

/** Ollama lets the model choose, so a choice is made by what is offered. */
function toolsOf(request: PivotRequest, note: Noting): Json[] {
  const tools = encodeTools(request.tools ?? [], { custom: false, hosted: false, webSearchOptions: false }, note)
  const choice = request.tool_choice
  if (tools.length === 0) return tools
  if (request.parallel_tool_calls === false) {
    note('/parallel_tool_calls', 'dropped', 'Ollama cannot be told to call one tool at a time')
  }
  if (!isSet(choice) || choice === 'auto') return tools
  if (choice === 'none') {
    note('/tool_choice', 'emulated', 'Ollama calls no tool that it is not offered')
    return []
  }
  if (choice === 'required') {
    note('/tool_choice', 'dropped', 'Ollama cannot be told to call a tool')
    return tools
  }
  const { type, name, mode, tools: some } = choice as Json
  const allowed = type === 'allowed_tools' && Array.isArray(some) ? some.map(nameOf) : [name]
  note(
    '/tool_choice',
    type === 'allowed_tools' && mode !== 'required' ? 'emulated' : 'approximated',
    'Ollama is offered the tools that may be called, and chooses itself',
  )
  return mode === 'none' ? [] : tools.filter((tool) => allowed.includes(nameOf(tool['function'])))
}

function nameOf(tool: unknown): unknown {
  return isJson(tool) ? tool['name'] : undefined
}

const CAN: ReadonlySet<SamplingField> = new Set([
  'stop',
  'seed',
  'top_k',
  'min_p',
  'presence_penalty',
  'frequency_penalty',
  'repeat_penalty',
])

function optionsOf(request: PivotRequest, kept: unknown, note: Noting): Json {
  noteSampling(
    request,
    CAN,
    (field) => (field === 'n' ? 'one request gives one answer' : 'Ollama has no such option'),
    note,
  )
  return {
    ...(isJson(kept) ? kept : {}),
    ...given({ temperature: request.temperature, top_p: request.top_p, num_predict: request.max_output_tokens }),
    ...Object.fromEntries(Object.entries(samplingOf(request)).filter(([field]) => CAN.has(field as SamplingField))),
  }
}

/** Source: Ollama `api.ThinkValue`: true, false, or one of three levels. */
function think(request: PivotRequest, note: Noting): boolean | string | undefined {
  const effort = request.reasoning?.effort
  switch (effort) {
    case undefined:
    case null:
      return undefined
    case 'none':
      return false
    case 'low':
    case 'medium':
    case 'high':
      return effort
    default: {
      const nearest = effort === 'minimal' ? 'low' : 'high'
      note('/reasoning/effort', 'approximated', `Ollama has no effort '${effort}'; '${nearest}' is nearest`)
      return nearest
    }
  }
}

function format(request: PivotRequest): Json | string | undefined {
  const asked = request.text?.format
  switch (asked?.type) {
    case 'json_object':
      return 'json'
    case 'json_schema':
      return asked.schema
    default:
      return undefined
  }
}

const SPOKEN: ReadonlySet<string> = new Set([
  'model',
  'input',
  'instructions',
  'stream',
  'stream_options',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'max_output_tokens',
  'temperature',
  'top_p',
  'extra',
  // Hints to a cache or an account that an Ollama server does not have.
  'include',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'user',
  'client_metadata',
  'store',
])

function noteUnknown(request: PivotRequest, note: Noting): void {
  noteUnknownFields(request, SPOKEN, 'Ollama has no such field', note)
  if (isSet(request.text?.verbosity)) note('/text/verbosity', 'dropped', 'Ollama has no such field')
}
