import { unreachable } from '../../../dialect.js'
import {
  isKnownItem,
  type CustomToolCallOutputItem,
  type FunctionCallItem,
  type FunctionCallOutputItem,
  type MessageItem,
  type MessagePart,
  type PivotItem,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { isJson, text, without, type Json } from '../../json.js'
import { CUSTOM_INPUT, flatToolName } from '../../openai-chat/call/encode-tools.js'
import type { Noting } from '../../refusing.js'
import { ownSignature } from '../carried-thoughts.js'
import { argsOf } from '../serve/answer-parts.js'
import { geminiFields, PART_ITEM } from '../wire.js'

interface Content {
  role: 'user' | 'model'
  parts: Json[]
}

const CALL_FIELDS: ReadonlySet<string> = new Set(['thoughtSignature', 'unnamed'])
const RESULT_FIELDS: ReadonlySet<string> = new Set(['response', 'name', 'unnamed'])
const PART_FIELDS: ReadonlySet<string> = new Set(['fileData'])

/** What Gemini 3 takes for the signature of a call that it did not make itself. Source: Gemini API, thought signatures. */
const NO_SIGNATURE = 'skip_thought_signature_validator'

/**
 * Items as `contents`: what one side says in a row is one content. Thoughts go back only with Gemini's own signature.
 * @param signed the model refuses calls without a signature (Gemini 3)
 */
export function encodeContents(input: readonly PivotItem[], signed: boolean, note: Noting): Content[] {
  const contents: Content[] = []
  const names = new Map<string, string>()
  /** The signature that waits for the next text. */
  let textSignature: string | undefined

  function tell(role: Content['role'], ...parts: Json[]): void {
    const last = contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else if (parts.length > 0) contents.push({ role, parts })
  }

  function thought(item: ReasoningItem, at: string): void {
    const signature = ownSignature(item)
    if (signature === undefined) {
      if (item.encrypted_content != null || item.extra !== undefined) {
        note(at, 'dropped', "reasoning of another provider's model is never replayed")
      } else if (item.summary.length > 0 || (item.content?.length ?? 0) > 0) {
        note(at, 'dropped', 'reasoning without its state is not taken back')
      }
      return
    }
    const words = item.summary.map((part) => part.text).join('')
    if (geminiFields(item)['on'] === 'text') {
      if (words !== '') tell('model', { text: words, thought: true })
      textSignature = signature
    } else tell('model', { text: words, thought: true, thoughtSignature: signature })
  }

  function message(item: MessageItem, at: string): void {
    const parts =
      typeof item.content === 'string' ? [{ type: 'input_text' as const, text: item.content }] : item.content
    const role = item.role === 'assistant' ? 'model' : 'user'
    if (item.role === 'system' || item.role === 'developer') {
      note(at, 'approximated', 'instructions in the midst of a conversation are told by the user')
    }
    for (const [index, part] of parts.entries()) {
      const made = encodePart(part, `${at}/content/${index}`, note)
      if (made === undefined) continue
      if (role === 'model' && textSignature !== undefined && 'text' in made) {
        made['thoughtSignature'] = textSignature
        textSignature = undefined
      }
      tell(role, made)
    }
  }

  function call(item: FunctionCallItem, args: unknown): void {
    const own = geminiFields(item)
    const name = flatToolName({
      name: item.name,
      ...(item.namespace === undefined ? {} : { namespace: item.namespace }),
    })
    names.set(item.call_id, name)
    const signature = ownSignature(item)
    const firstOfTurn = !contents.some(({ role }, at) => role === 'model' && at === contents.length - 1) || !hasCall()
    const filler = signed && signature === undefined && firstOfTurn ? { thoughtSignature: NO_SIGNATURE } : {}
    tell('model', {
      functionCall: { ...(own['unnamed'] === true ? {} : { id: item.call_id }), name, args },
      ...(signature === undefined ? filler : { thoughtSignature: signature }),
      ...without(own, CALL_FIELDS),
    })
  }

  function hasCall(): boolean {
    const last = contents.at(-1)
    return last?.role === 'model' && last.parts.some((part) => 'functionCall' in part)
  }

  function result(item: FunctionCallOutputItem | CustomToolCallOutputItem, at: string): void {
    const own = geminiFields(item)
    const parts = typeof item.output === 'string' ? [] : item.output
    const said =
      typeof item.output === 'string'
        ? item.output
        : parts.map((part) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join('')
    const media = parts
      .filter((part) => !('text' in part))
      .flatMap((part, index) => encodePart(part, `${at}/output/${index}`, note) ?? [])
    tell('user', {
      functionResponse: {
        ...(own['unnamed'] === true ? {} : { id: item.call_id }),
        name: text(own['name']) ?? names.get(item.call_id) ?? 'tool',
        response: isJson(own['response']) ? own['response'] : { output: said },
        ...(media.length === 0 ? {} : { parts: media }),
        ...without(own, RESULT_FIELDS),
      },
    })
  }

  input.forEach((item, index) => {
    const at = `/input/${index}`
    if (!isKnownItem(item)) {
      const part = item.type === PART_ITEM ? item['part'] : undefined
      if (isJson(part)) tell(item['role'] === 'user' ? 'user' : 'model', part)
      else note(at, 'dropped', `Gemini knows no item of type '${item.type}'`)
      return
    }
    switch (item.type) {
      case 'message':
        return message(item, at)
      case 'reasoning':
        return thought(item, at)
      case 'function_call':
        return call(item, argsOf(item.arguments))
      case 'custom_tool_call':
        return call({ ...item, type: 'function_call', arguments: '' }, { [CUSTOM_INPUT]: item.input })
      case 'function_call_output':
      case 'custom_tool_call_output':
        return result(item, at)
      case 'image_generation_call':
        if (typeof item.result === 'string' && item.result !== '') {
          tell('model', { inlineData: { mimeType: `image/${item.output_format ?? 'png'}`, data: item.result } })
        }
        return
      case 'web_search_call':
        note(at, 'dropped', 'Gemini takes no searches of earlier turns back')
        return
      default:
        return unreachable(item)
    }
  })
  return contents
}

/** A part of a message; undefined, with a note, when Gemini has none like it. */
export function encodePart(part: MessagePart, at: string, note: Noting): Json | undefined {
  const beside = without(geminiFields(part), PART_FIELDS)
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return { text: part.text, ...beside }
    case 'refusal':
      return { text: part.refusal, ...beside }
    case 'input_image':
      if (typeof part.image_url === 'string') return { ...media(part.image_url, 'image/*', part), ...beside }
      break
    case 'input_file': {
      const url = part.file_data ?? part.file_url
      if (typeof url === 'string') return { ...media(url, 'application/pdf', part), ...beside }
      break
    }
    case 'input_audio':
      return {
        inlineData: { mimeType: `audio/${part.input_audio.format}`, data: part.input_audio.data },
        ...beside,
      }
  }
  note(at, 'dropped', `Gemini cannot be given a part of type '${(part as { type: string }).type}' by its id`)
  return undefined
}

function media(url: string, mimeType: string, part: MessagePart): Json {
  const own = geminiFields(part)['fileData']
  if (isJson(own)) return { fileData: own }
  const data = /^data:([^;,]+)(?:;[^,]*)?;base64,(.*)$/s.exec(url)
  if (data !== null) return { inlineData: { mimeType: data[1], data: data[2] } }
  return { fileData: { fileUri: url, ...(mimeType.endsWith('*') ? {} : { mimeType }) } }
}
