import {
  isKnownItem,
  type FunctionCallItem,
  type CustomToolCallItem,
  type FunctionCallOutputItem,
  type CustomToolCallOutputItem,
  type MessageItem,
  type MessagePart,
  type PivotItem,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { isJson, isSet, text, type Json } from '../../json.js'
import { thoughts } from '../../openai-chat/answer.js'
import { CUSTOM_INPUT, flatToolName } from '../../openai-chat/call/encode-tools.js'
import type { Noting } from '../../refusing.js'
import { base64Of } from '../pictures.js'
import { ollamaFields } from '../wire.js'

/** Items of the pivot as Ollama's messages. What an assistant thought, said and called in one turn is one message. */
export function encodeMessages(items: readonly PivotItem[], note: Noting): Json[] {
  const messages: Json[] = []
  const names = new Map<string, string>()
  /** The assistant's message that may still get more. */
  let turn: Json | undefined
  /** Said once, at the first of perhaps hundreds of items. */
  let forgot = false

  function assistant(until: readonly string[]): Json {
    if (turn === undefined || until.some((field) => turn?.[field] !== undefined && turn[field] !== '')) {
      turn = { role: 'assistant', content: '' }
      messages.push(turn)
    }
    return turn
  }

  items.forEach((item, index) => {
    const at = `/input/${index}`
    if (!isKnownItem(item)) {
      note(at, 'dropped', `Ollama has no item of type '${item.type}'`)
      return
    }
    switch (item.type) {
      case 'message':
        if (item.role !== 'assistant') {
          turn = undefined
          const message = spoken(item, at, note)
          if (message !== undefined) messages.push(message)
          return
        }
        Object.assign(
          assistant(['content', 'tool_calls']),
          ollamaFields(item),
          said(item.content, `${at}/content`, note),
        )
        return
      case 'reasoning': {
        const words = wordsOf(item)
        if (words !== undefined) assistant(['thinking', 'content', 'tool_calls'])['thinking'] = words
        else if (!forgot) {
          forgot = true
          note(at, 'dropped', "reasoning of another provider's model is never replayed")
        }
        return
      }
      case 'function_call':
      case 'custom_tool_call': {
        const name = flatToolName(item)
        names.set(item.call_id, name)
        const message = assistant([])
        const calls = (message['tool_calls'] ??= []) as Json[]
        calls.push({
          id: item.call_id,
          function: { index: calls.length, name, arguments: callArguments(item, at, note) },
        })
        return
      }
      case 'function_call_output':
      case 'custom_tool_call_output':
        turn = undefined
        messages.push(toolResult(item, names.get(item.call_id), at, note))
        return
      case 'image_generation_call':
        if (typeof item.result === 'string' && item.result !== '') {
          const message = assistant(['tool_calls'])
          message['images'] = [...((message['images'] as string[] | undefined) ?? []), item.result]
        }
        return
      case 'web_search_call':
        note(at, 'dropped', `Ollama has no item of type '${item.type}'`)
        return
    }
  })
  return messages
}

/** What a system or a user said; undefined for what was put in for other upstreams. */
function spoken(item: MessageItem, at: string, note: Noting): Json | undefined {
  const { implied, ...fields } = ollamaFields(item) ?? {}
  if (implied === true) return undefined
  const role = item.role === 'developer' ? 'system' : item.role
  return { role, ...said(item.content, `${at}/content`, note), ...fields }
}

/** Text and pictures of a message or of a tool's result. */
function said(
  content: string | readonly MessagePart[],
  at: string,
  note: Noting,
): { content: string; images?: string[] } {
  if (typeof content === 'string') return { content }
  const texts: string[] = []
  const images: string[] = []
  content.forEach((part, index) => {
    const place = `${at}/${index}`
    switch (part.type) {
      case 'input_text':
      case 'output_text':
        texts.push(part.text)
        return
      case 'refusal':
        texts.push(part.refusal)
        return
      case 'input_image': {
        const base64 = isSet(part.image_url) ? base64Of(part.image_url) : undefined
        if (base64 === undefined) note(place, 'dropped', 'Ollama takes pictures as data alone')
        else images.push(base64)
        return
      }
      default:
        note(place, 'dropped', `Ollama has no part of type '${part.type}'`)
    }
  })
  return { content: texts.join('\n'), ...(images.length > 0 ? { images } : {}) }
}

/** The words of a thought that nobody made opaque. */
function wordsOf(item: ReasoningItem): string | undefined {
  const foreign =
    text(item.encrypted_content) !== undefined || Object.keys(item.extra ?? {}).some((key) => key !== 'ollama')
  return foreign ? undefined : text(thoughts(item).join('\n\n'))
}

function callArguments(item: FunctionCallItem | CustomToolCallItem, at: string, note: Noting): Json {
  if (item.type === 'custom_tool_call') {
    note(at, 'emulated', 'a custom tool became a function with one text parameter')
    return { [CUSTOM_INPUT]: item.input }
  }
  if (item.arguments.trim() === '') return {}
  try {
    const args: unknown = JSON.parse(item.arguments)
    if (isJson(args)) return args
  } catch {
    // Told below: it is no object.
  }
  note(at, 'approximated', 'the arguments are no JSON object; their text stands in the argument `arguments`')
  return { arguments: item.arguments }
}

function toolResult(
  item: FunctionCallOutputItem | CustomToolCallOutputItem,
  called: string | undefined,
  at: string,
  note: Noting,
): Json {
  const name = called ?? text(ollamaFields(item)?.['tool_name'])
  return {
    role: 'tool',
    ...said(item.output, `${at}/output`, note),
    ...(name === undefined ? {} : { tool_name: name }),
    tool_call_id: item.call_id,
  }
}
