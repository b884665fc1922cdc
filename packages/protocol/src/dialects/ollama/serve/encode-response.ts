import { unreachable, type ReplyMeta } from '../../../dialect.js'
import { isKnownItem, type MessageItem, type PivotResponse } from '../../../pivot/index.js'
import type { Json } from '../../json.js'
import { BETWEEN_MESSAGES, BETWEEN_THOUGHTS, thoughts } from '../../openai-chat/answer.js'
import { endOf } from '../usage.js'
import {
  formOf,
  hidesThinking,
  wantsLogprobs,
  type OllamaChatAnswer,
  type OllamaGenerateAnswer,
  type OllamaToolCall,
} from '../wire.js'
import { answerCall } from './answer-call.js'
import { isoTime } from './line-template.js'
import { notesOf, type ReplyNotes } from './reply-notes.js'

/** A whole response as one answer of the form that was asked for. */
export function encodeResponse(response: PivotResponse, about: ReplyMeta): OllamaChatAnswer | OllamaGenerateAnswer {
  const notes = notesOf(about)
  const content: string[] = []
  const reasoning: string[] = []
  const calls: OllamaToolCall[] = []
  const images: string[] = []
  const logprobs: unknown[] = []
  const output = response.output ?? []
  output.forEach((item, index) => {
    const at = `/output/${index}`
    if (!isKnownItem(item)) return notes.unknown(item.type, at)
    switch (item.type) {
      case 'message':
        content.push(...textsOf(item, at, logprobs, notes))
        return
      case 'reasoning':
        if (!hidesThinking(about.request)) reasoning.push(...thoughts(item))
        return
      case 'function_call':
      case 'custom_tool_call': {
        const call = answerCall(item, at, notes)
        if (call === undefined) return
        const { id, name, arguments: args } = call
        calls.push({ id, function: { index: calls.length, name, arguments: JSON.parse(args) as Json } })
        return
      }
      case 'image_generation_call':
        if (typeof item.result === 'string' && item.result !== '') images.push(item.result)
        return
      case 'web_search_call':
      case 'function_call_output':
      case 'custom_tool_call_output':
        return notes.unknown(item.type, at)
      default:
        return unreachable(item)
    }
  })
  const text = content.join(BETWEEN_MESSAGES)
  const beside = {
    ...(reasoning.length > 0 ? { thinking: reasoning.join(BETWEEN_THOUGHTS) } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
  const head = { model: about.model, created_at: isoTime(about.createdAt) }
  const end = {
    ...endOf(response),
    ...(wantsLogprobs(about.request) && logprobs.length > 0 ? { logprobs } : {}),
  }
  if (formOf(about.request) === 'chat') {
    const pictures = images.length > 0 ? { images } : {}
    return { ...head, message: { role: 'assistant', content: text, ...beside, ...pictures }, ...end }
  }
  const [image, ...more] = images
  if (more.length > 0) notes.morePictures('/output')
  return { ...head, response: text, ...beside, ...(image === undefined ? {} : { image }), ...end }
}

/** The text of one message; none when it says nothing. */
function textsOf(item: MessageItem, at: string, logprobs: unknown[], notes: ReplyNotes): string[] {
  if (typeof item.content === 'string') return item.content === '' ? [] : [item.content]
  let text = ''
  item.content.forEach((part, index) => {
    const place = `${at}/content/${index}`
    if (part.type === 'refusal') {
      notes.refusal(place)
      text += part.refusal
    }
    if (part.type !== 'output_text') return
    text += part.text
    if ((part.annotations ?? []).length > 0) notes.citations(place)
    for (const one of part.logprobs ?? []) logprobs.push(one)
  })
  return text === '' ? [] : [text]
}
