import type { ReplyMeta } from '../../../dialect.js'
import { isKnownItem, type MessageItem, type MessagePart, type PivotResponse } from '../../../pivot/index.js'
import { given, type Json } from '../../json.js'
import { finishReason } from '../finish-reason.js'
import { groundingOf } from '../grounding.js'
import { geminiUsage } from '../usage.js'
import { geminiFields, type GeminiPart } from '../wire.js'
import { callPart, picturePart, Signatures, thoughtPart, wholePart } from './answer-parts.js'
import { createTime, noteLosses, replyStyle, responseId } from './reply-style.js'

/** A whole reply of `generateContent`. Source: Gemini API reference, `GenerateContentResponse`. */
export function encodeResponse(response: PivotResponse, about: ReplyMeta): unknown {
  const { hideThoughts } = replyStyle(about.request)
  const signatures = new Signatures()
  const parts: GeminiPart[] = []
  let refused = false
  for (const item of response.output) {
    if (!isKnownItem(item)) {
      const part = wholePart(item)
      if (part === undefined) noteLosses(item, about)
      else parts.push(part)
      continue
    }
    switch (item.type) {
      case 'reasoning': {
        const part = hideThoughts === true ? undefined : thoughtPart(item)
        if (part !== undefined) parts.push(part)
        signatures.hear(item)
        break
      }
      case 'message':
        for (const part of partsOf(item)) {
          if (part.type === 'output_text') parts.push({ text: part.text, ...signatures.take() })
          else if (part.type === 'refusal') {
            refused = true
            parts.push({ text: part.refusal, ...signatures.take() })
          }
        }
        break
      case 'function_call':
      case 'custom_tool_call': {
        const part = callPart(item, about)
        if (part !== undefined) parts.push({ ...part, ...signatures.take(item) })
        break
      }
      case 'image_generation_call': {
        const part = picturePart(item)
        if (part !== undefined) parts.push({ ...part, ...signatures.take(item) })
        break
      }
      default:
        break
    }
  }
  if (!signatures.empty) parts.push({ text: '', ...signatures.take() })
  const own = geminiFields(response)
  return {
    candidates: [
      {
        content: { parts: parts.length === 0 ? [{ text: '' }] : parts, role: 'model' },
        finishReason: finishReason(response, refused),
        index: 0,
        ...candidateFields(response, own),
      },
    ],
    ...given({ promptFeedback: own['promptFeedback'], usageMetadata: geminiUsage(response) }),
    modelVersion: about.model,
    createTime: createTime(about),
    responseId: responseId(response, about),
  }
}

/** Some upstreams tell their message as one text. */
export function partsOf({ content }: MessageItem): MessagePart[] {
  return typeof content === 'string' ? [{ type: 'output_text', text: content }] : content
}

/** What stands beside the content of a candidate. */
export function candidateFields(response: PivotResponse, own = geminiFields(response)): Json {
  return given({
    finishMessage: own['finishMessage'],
    groundingMetadata: own['groundingMetadata'] ?? groundingOf(response.output),
    citationMetadata: own['citationMetadata'],
    safetyRatings: own['safetyRatings'],
    urlContextMetadata: own['urlContextMetadata'],
    avgLogprobs: own['avgLogprobs'],
    logprobsResult: own['logprobsResult'],
  })
}
