import type { ReplyMeta } from '../../../dialect.js'
import { isKnownItem, type MessageItem, type PivotResponse } from '../../../pivot/index.js'
import { BETWEEN_MESSAGES, BETWEEN_THOUGHTS, chatAnnotation, chatImage, thoughts, toolCall } from '../answer.js'
import { finishReason } from '../finish-reason.js'
import { CHAT, replyStyle, wantsLogprobs } from '../origin.js'
import { reasoningDetails } from '../reasoning-details.js'
import { chatUsage } from '../usage.js'
import { given, isSet, type Json, text } from '../../json.js'
import type { ChatAnswer, ChatCompletion, ChatImage, ChatToolCall } from '../wire.js'

/** A whole response as one `chat.completion`. */
export function encodeResponse(response: PivotResponse, about: ReplyMeta): ChatCompletion {
  const style = replyStyle(about.request)
  const said: Said = { text: '', refusal: '', annotations: [], logprobs: [] }
  const reasoning: string[] = []
  const details: Json[] = []
  const calls: ChatToolCall[] = []
  const images: ChatImage[] = []
  for (const item of response.output ?? []) {
    if (!isKnownItem(item)) continue
    switch (item.type) {
      case 'message':
        addMessage(said, item)
        break
      case 'reasoning':
        if (style.hideReasoning === true) break
        reasoning.push(...thoughts(item))
        details.push(...reasoningDetails(item, { calls: calls.length, text: said.text !== '' }, details.length))
        break
      case 'function_call':
      case 'custom_tool_call':
        calls.push(toolCall(item, style))
        break
      case 'image_generation_call': {
        const image = chatImage(item)
        if (image !== undefined) images.push(image)
        break
      }
    }
  }
  const legacy = style.legacyFunctions === true
  const message: ChatAnswer = {
    role: 'assistant',
    content: said.text === '' && (calls.length > 0 || said.refusal !== '') ? null : said.text,
    refusal: said.refusal === '' ? null : said.refusal,
    ...(reasoning.length > 0 ? { reasoning_content: reasoning.join(BETWEEN_THOUGHTS) } : {}),
    ...(details.length > 0 ? { reasoning_details: details } : {}),
    ...(said.annotations.length > 0 ? { annotations: said.annotations } : {}),
    ...(legacy || calls.length === 0 ? {} : { tool_calls: calls }),
    ...(legacy ? legacyCall(calls) : {}),
    ...(images.length > 0 ? { images } : {}),
  }
  const logprobs = wantsLogprobs(about.request) && said.logprobs.length > 0
  const fingerprint = text(response.extra?.[CHAT]?.['system_fingerprint'])
  return {
    id: `chatcmpl-${about.requestId}`,
    object: 'chat.completion',
    created: about.createdAt,
    model: about.model,
    choices: [
      {
        index: 0,
        message,
        logprobs: logprobs ? { content: said.logprobs, refusal: null } : null,
        finish_reason: finishReason(response, calls.length > 0, legacy),
      },
    ],
    ...(isSet(response.usage) ? { usage: chatUsage(response.usage) } : {}),
    ...given({ service_tier: response.service_tier }),
    ...given({ system_fingerprint: fingerprint }),
  }
}

interface Said {
  text: string
  refusal: string
  annotations: Json[]
  logprobs: unknown[]
}

function addMessage(said: Said, item: MessageItem): void {
  const parts = typeof item.content === 'string' ? [{ type: 'output_text' as const, text: item.content }] : item.content
  let first = true
  for (const part of parts) {
    if (part.type === 'refusal') said.refusal += part.refusal
    if (part.type !== 'output_text' || part.text === '') continue
    if (first && said.text !== '') said.text += BETWEEN_MESSAGES
    first = false
    const offset = said.text.length
    said.text += part.text
    for (const annotation of part.annotations ?? []) said.annotations.push(chatAnnotation(annotation, offset))
    if (part.logprobs !== undefined) said.logprobs.push(...part.logprobs)
  }
}

/** The first models with functions called one at a time. */
function legacyCall(calls: readonly ChatToolCall[]): Pick<ChatAnswer, 'function_call'> {
  const call = calls[0]
  if (call === undefined) return {}
  return {
    function_call: call.type === 'function' ? call.function : { name: call.custom.name, arguments: call.custom.input },
  }
}
