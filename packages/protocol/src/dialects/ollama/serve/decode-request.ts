import type { RequestMeta, Translated } from '../../../dialect.js'
import type { MessageItem, PivotItem, PivotRequest } from '../../../pivot/index.js'
import { given, isJson, isSet, text, type Json } from '../../json.js'
import { decodeTool } from '../../openai-chat/tools.js'
import { array, boolean, optional, refuse, string } from '../../refusing.js'
import { requestExtra, withExtra, type Form } from '../wire.js'
import { decodeImages, decodeMessages, userMessage } from './decode-messages.js'
import { decodeFormat, decodeOptions, decodeThink, ownFields } from './decode-options.js'

/**
 * A `POST /api/chat` or `POST /api/generate` body as a request of the pivot. The body tells which of the two it is.
 *
 * An `input` without items is a request to load the model (or, with `keep_alive: 0`, to unload it), not to answer. Nothing is noted: what the
 * pivot cannot hold is kept for Ollama upstreams.
 * @throws FailureError `invalid_request` with the JSON pointer of what cannot be understood
 */
export function decodeRequest(body: unknown, _from?: RequestMeta): Translated<PivotRequest> {
  if (!isJson(body)) refuse('', 'the body must be a JSON object')
  const form = formOfBody(body)
  const options = decodeOptions(body)
  const input = form === 'chat' ? chatInput(body) : generateInput(body)
  const format = optional(body, 'format', decodeFormat)
  const tools = (optional(body, 'tools', array) ?? []).map((tool, index) => decodeTool(tool, `/tools/${index}`))
  const value: PivotRequest = {
    model: optional(body, 'model', string) ?? '',
    input: format?.format?.type === 'json_object' && input.length > 0 ? withJson(input) : input,
    stream: optional(body, 'stream', boolean) ?? true,
    ...given({
      instructions: form === 'generate' ? text(optional(body, 'system', string)) : undefined,
      tools: tools.length > 0 ? tools : undefined,
      reasoning: optional(body, 'think', decodeThink),
      text: format,
      ...options.fields,
    }),
    extra: {
      ...requestExtra(ownFields(body, form === 'chat' ? CHAT_FIELDS : GENERATE_FIELDS, options.rest), form),
      ...options.sampling,
    },
  }
  return { value, receipt: [] }
}

const CHAT_FIELDS: ReadonlySet<string> = new Set(['model', 'messages', 'stream', 'tools', 'options'])
const GENERATE_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'prompt',
  'system',
  'images',
  'stream',
  'tools',
  'options',
])

/** Fields that only `/api/generate` has. */
const GENERATE_ONLY = ['prompt', 'system', 'suffix', 'template', 'context', 'raw', 'images'] as const

function formOfBody(body: Json): Form {
  return !isSet(body['messages']) && GENERATE_ONLY.some((field) => isSet(body[field])) ? 'generate' : 'chat'
}

function chatInput(body: Json): PivotItem[] {
  return decodeMessages(optional(body, 'messages', array) ?? [])
}

function generateInput(body: Json): PivotItem[] {
  const prompt = optional(body, 'prompt', string) ?? ''
  const images = decodeImages(body, '')
  return prompt === '' && images.length === 0 ? [] : [userMessage(prompt, images)]
}

/**
 * OpenAI refuses JSON mode unless the conversation speaks of JSON; Ollama holds its models to it by a grammar. So it is said, behind the system's
 * own words, and left out for Ollama again.
 */
function withJson(input: readonly PivotItem[]): PivotItem[] {
  const spoken = input.findIndex((item) => item.type !== 'message' || item['role' as keyof PivotItem] !== 'developer')
  const at = spoken === -1 ? input.length : spoken
  const said: MessageItem = {
    type: 'message',
    role: 'developer',
    content: [{ type: 'input_text', text: 'Answer in JSON.' }],
    ...withExtra({ implied: true }),
  }
  return [...input.slice(0, at), said, ...input.slice(at)]
}
