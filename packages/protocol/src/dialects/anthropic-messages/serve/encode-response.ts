import { unreachable, type ReplyMeta } from '../../../dialect.js'
import { isKnownItem, type KnownItem, type PivotItem, type PivotResponse } from '../../../pivot/index.js'
import { given, isJson } from '../../json.js'
import { searchResult, searchUse, type Source } from '../server-tools.js'
import { stopReason, stopSequence } from '../stop-reason.js'
import { anthropicUsage } from '../usage.js'
import { anthropicFields, BLOCK_ITEM, type AnswerBlock, type AnthropicMessage, type ThinkingStyle } from '../wire.js'
import { callInput, pictureText, shownText, textBlock, toolUseBlock } from './answer-blocks.js'
import { notesOf, type ReplyNotes } from './reply-notes.js'
import { redactedBlock, thinkingBlock } from './thoughts.js'
import { saysSomething, thinkingStyle } from './thinking-style.js'

/** A whole response as one message. */
export function encodeResponse(response: PivotResponse, about: ReplyMeta): AnthropicMessage {
  const style = thinkingStyle(about.request)
  const notes = notesOf(about)
  const output = response.output ?? []
  const cited = citedSources(output)
  const content = output.flatMap((item, index) => blocksOf(item, `/output/${index}`, style, cited, notes))
  const own = anthropicFields(response)
  return {
    id: messageId(about),
    type: 'message',
    role: 'assistant',
    model: about.model,
    content,
    stop_reason: stopReason(response),
    stop_sequence: stopSequence(response),
    ...given({ stop_details: own['stop_details'], container: own['container'] }),
    ...given({ context_management: own['context_management'] }),
    usage: { ...anthropicUsage(response), ...searchCount(response, output.filter(isSearch).length) },
  }
}

export function messageId(about: ReplyMeta): string {
  return `msg_${about.requestId}`
}

/** Anthropic bills searches and so counts them; an upstream of its own has counted already. */
export function searchCount(response: PivotResponse, searches: number): { server_tool_use?: object } {
  const told = anthropicFields(response)['usage']
  if (searches === 0 || (isJson(told) && told['server_tool_use'] !== undefined)) return {}
  return { server_tool_use: { web_search_requests: searches, web_fetch_requests: 0 } }
}

function isSearch(item: PivotItem): boolean {
  return item.type === 'web_search_call'
}

function blocksOf(
  item: PivotItem,
  at: string,
  style: ThinkingStyle,
  cited: readonly Source[],
  notes: ReplyNotes,
): AnswerBlock[] {
  if (!isKnownItem(item)) {
    if (item.type === BLOCK_ITEM && isJson(item['block'])) return [item['block'] as AnswerBlock]
    notes.unknown(item.type, at)
    return []
  }
  return knownBlocks(item, at, style, cited, notes)
}

function knownBlocks(
  item: KnownItem,
  at: string,
  style: ThinkingStyle,
  cited: readonly Source[],
  notes: ReplyNotes,
): AnswerBlock[] {
  switch (item.type) {
    case 'message': {
      if (typeof item.content === 'string') {
        return item.content === '' ? [] : [{ type: 'text', text: item.content }]
      }
      return item.content.flatMap((part): AnswerBlock[] => {
        const own = anthropicFields(part)['block']
        if (isJson(own)) return [own as AnswerBlock]
        const text = shownText(part)
        return text === undefined || text === '' ? [] : [textBlock(part, text)]
      })
    }
    case 'reasoning': {
      const redacted = redactedBlock(item)
      if (redacted !== undefined) return [redacted]
      return style === 'none' || !saysSomething(item) ? [] : [thinkingBlock(item, style === 'shown')]
    }
    case 'function_call':
    case 'custom_tool_call': {
      const input = callInput(item)
      if (item.type === 'custom_tool_call') notes.custom(at)
      if (input !== undefined) return [toolUseBlock(item, input)]
      notes.noObject(at)
      return [toolUseBlock(item, { arguments: item.type === 'function_call' ? item.arguments : item.input })]
    }
    case 'web_search_call':
      return [searchUse(item), searchResult(item, cited)]
    case 'image_generation_call': {
      const picture = pictureText(item)
      if (picture === undefined) return []
      notes.picture(at)
      return [{ type: 'text', text: picture }]
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      notes.unknown(item.type, at)
      return []
    default:
      return unreachable(item)
  }
}

/** The pages that an answer cites, in order. */
export function citedSources(output: readonly PivotItem[]): Source[] {
  return output.flatMap((item) => {
    const content = item.type === 'message' ? (item['content'] as unknown) : undefined
    if (!Array.isArray(content)) return []
    return content.flatMap((part: unknown) => (isJson(part) ? sourcesOf(part['annotations']) : []))
  })
}

export function sourcesOf(annotations: unknown): Source[] {
  if (!Array.isArray(annotations)) return []
  return annotations.filter(isJson).flatMap(({ url, title }) => {
    if (typeof url !== 'string') return []
    return [{ url, ...(typeof title === 'string' && title !== '' ? { title } : {}) }]
  })
}
