import type { CustomToolCallItem, FunctionCallItem } from '../../../pivot/index.js'
import { isJson } from '../../json.js'
import { CUSTOM_INPUT } from '../../openai-chat/call/encode-tools.js'
import type { ReplyNotes } from './reply-notes.js'

export type CallItem = FunctionCallItem | CustomToolCallItem

/** A call as Ollama tells it: whole, with an object of arguments. */
export interface AnswerCall {
  id: string
  name: string
  /** JSON text of an object, on one line, as the model wrote it. */
  arguments: string
}

/** Undefined for a call that was cut: a client would run half of it. */
export function answerCall(item: CallItem, at: string, notes: ReplyNotes): AnswerCall | undefined {
  const call = { id: item.call_id, name: item.name }
  if (item.type === 'custom_tool_call') {
    if (item.status === 'incomplete') {
      notes.cutCall(at)
      return undefined
    }
    notes.custom(at)
    return { ...call, arguments: JSON.stringify({ [CUSTOM_INPUT]: item.input }) }
  }
  const text = item.arguments.trim()
  // Inside of JSON strings line ends are escaped, so these stand between its tokens.
  if (isObject(text)) return { ...call, arguments: text.replace(/[\r\n]+/g, ' ') }
  if (item.status === 'incomplete') {
    notes.cutCall(at)
    return undefined
  }
  if (text === '') return { ...call, arguments: '{}' }
  notes.noObject(at)
  return { ...call, arguments: JSON.stringify({ arguments: item.arguments }) }
}

function isObject(text: string): boolean {
  try {
    return isJson(JSON.parse(text))
  } catch {
    return false
  }
}
