import type { Extra, PivotRequest } from '../../pivot/index.js'
import type { Json } from '../json.js'

/**
 * The wire of Ollama's own API, `POST /api/chat` and `POST /api/generate`: newline-delimited JSON, streamed unless `stream` is false.
 * Source: Ollama API reference, `api/types.go`, and the types of the official client (ollama 0.6).
 */

/** Key of what only Ollama knows; its fields go back on the wire as they came. */
export const OLLAMA = 'ollama'
/** Key of what a reply must know of its request and no upstream may see. */
const REPLY = 'ollama-reply'

/** Which of the two requests was made: their replies name the text differently. */
export type Form = 'chat' | 'generate'

export interface OllamaToolCall {
  id?: string
  function: { index: number; name: string; arguments: Json }
}

export interface OllamaMessage {
  role: 'assistant'
  content: string
  thinking?: string
  /** Base64. */
  images?: string[]
  tool_calls?: OllamaToolCall[]
}

/** What the last line of an answer, or the answer as a whole, tells besides its content. Durations in nanoseconds. */
export interface OllamaEnd {
  done: true
  done_reason: string
  total_duration: number
  load_duration: number
  prompt_eval_count: number
  prompt_eval_duration: number
  eval_count: number
  eval_duration: number
}

interface OllamaHead {
  model: string
  created_at: string
  logprobs?: unknown[]
}
export interface OllamaChatAnswer extends OllamaHead, OllamaEnd {
  message: OllamaMessage
}
export interface OllamaGenerateAnswer extends OllamaHead, OllamaEnd {
  response: string
  thinking?: string
  tool_calls?: OllamaToolCall[]
  /** Base64. */
  image?: string
}

/** The Ollama fields that the pivot has no place for; undefined when there are none. */
export function ollamaFields(of: { extra?: Extra }): Readonly<Json> | undefined {
  return of.extra?.[OLLAMA]
}

/** `extra` of a request that came as Ollama's. */
export function requestExtra(fields: Json, form: Form): Extra {
  return { [OLLAMA]: fields, ...(form === 'generate' ? { [REPLY]: { form } } : {}) }
}

export function formOf(request: PivotRequest): Form {
  return request.extra?.[REPLY]?.['form'] === 'generate' ? 'generate' : 'chat'
}

/** `think: false` is a wish to see no thoughts, whatever the upstream tells. */
export function hidesThinking(request: PivotRequest): boolean {
  return ollamaFields(request)?.['think'] === false
}

export function wantsLogprobs(request: PivotRequest): boolean {
  return ollamaFields(request)?.['logprobs'] === true
}

/** `{ extra }` with the Ollama-only fields of a message; nothing when there are none. */
export function withExtra(fields: Json): { extra?: Extra } {
  return Object.keys(fields).length > 0 ? { extra: { [OLLAMA]: fields } } : {}
}
