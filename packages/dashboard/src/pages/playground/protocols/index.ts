import type { Asking, Protocol, ReplyReader, WireRequest } from '../conversation.js'
import { anthropicReader, anthropicRequest } from './anthropic.js'
import { chatReader, chatRequest } from './chat.js'
import { geminiReader, geminiRequest } from './gemini.js'
import { responsesReader, responsesRequest } from './responses.js'

/** How each protocol asks, and how its replies are read. */
export const WIRES: Readonly<
  Record<Protocol, { name: string; request(asking: Asking): WireRequest; reader(): ReplyReader }>
> = {
  chat: { name: 'Chat Completions', request: chatRequest, reader: chatReader },
  responses: { name: 'Responses', request: responsesRequest, reader: responsesReader },
  anthropic: { name: 'Anthropic Messages', request: anthropicRequest, reader: anthropicReader },
  gemini: { name: 'Gemini', request: geminiRequest, reader: geminiReader },
}
