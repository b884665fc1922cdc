import type { Extra, PivotRequest } from '../../pivot/index.js'
import { isJson, type Json } from '../json.js'

/** Key of what only chat knows; its fields go back on the wire as they came. */
export const CHAT = 'openai-chat'
/** Key of what a chat reply must know of its request and no upstream may see. */
const REPLY = 'openai-chat-reply'

/** How the client wants its answer shaped. */
export interface ReplyStyle {
  /** It offered `functions`, so it reads `function_call` and knows nothing of `tool_calls`. */
  legacyFunctions?: boolean
  /** It reads calls of custom tools as function calls whose arguments are the free text (Cursor). */
  customAsFunctions?: boolean
  /** It asked not to be shown the reasoning. */
  hideReasoning?: boolean
}

/** The chat fields that the pivot has no place for; undefined when the request came by another dialect. */
export function chatFields(of: { extra?: Extra }): Readonly<Json> | undefined {
  return of.extra?.[CHAT]
}

export function replyStyle(request: PivotRequest): ReplyStyle {
  return (request.extra?.[REPLY] ?? {}) as ReplyStyle
}

/** Does the client want a last chunk with the usage? */
export function wantsUsage(request: PivotRequest): boolean {
  const options = chatFields(request)?.['stream_options']
  return isJson(options) && options['include_usage'] === true
}

export function wantsLogprobs(request: PivotRequest): boolean {
  return chatFields(request)?.['logprobs'] === true
}

/** `extra` of a request that came as chat. */
export function requestExtra(fields: Json, style: ReplyStyle): Extra {
  return { [CHAT]: fields, ...(Object.keys(style).length > 0 ? { [REPLY]: { ...style } } : {}) }
}

/** `{ extra }` with the chat-only fields of a message, part, call or tool; nothing when there are none. */
export function withExtra(fields: Json): { extra?: Extra } {
  return Object.keys(fields).length > 0 ? { extra: { [CHAT]: fields } } : {}
}
