import { unreachable, type Note } from '../../../dialect.js'
import {
  isKnownItem,
  type ImageGenerationCallItem,
  type MessageItem,
  type PivotItem,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { CUSTOM_INPUT, flatToolName } from '../../openai-chat/call/encode-tools.js'
import { isJson, isSet, text, without, type Json } from '../../json.js'
import type { Noting } from '../../refusing.js'
import { ownSignature } from '../carried-thoughts.js'
import { argsOf } from '../serve/answer-parts.js'
import { BETWEEN_TEXTS, geminiFields, PART_ITEM } from '../wire.js'
import { callPairs, type CallItem } from './call-pairs.js'
import { encodeParts } from './encode-parts.js'
import { idOf, noResult, orphanOf, resultParts } from './encode-results.js'
import type { ModelRules } from './model-rules.js'

export interface Content {
  role: 'user' | 'model'
  parts: Json[]
}

/** Fields of a call or a thought that are written from elsewhere. */
const SAID: ReadonlySet<string> = new Set(['thoughtSignature', 'unnamed', 'on'])

/** What Gemini 3 takes for the signature of a call or picture that it did not make. Source: Gemini API, thought signatures. */
const NO_SIGNATURE = 'skip_thought_signature_validator'

/**
 * Items of the pivot as `contents`: what one side says in a row is one content, and the results of its calls are the content right after it,
 * wherever they stood: Gemini refuses any other order.
 * @param from place of the first item to encode; what is before it is told elsewhere
 */
export function encodeContents(items: readonly PivotItem[], from: number, rules: ModelRules, note: Noting): Content[] {
  const contents: Content[] = []
  const pairs = callPairs(items)
  const signed = rules.generation >= 3
  /** Said once for each reason, at the first of perhaps hundreds of items. */
  const said = new Set<string>()
  /** Calls of the model's turn that is being told, by their places. */
  let calls: { item: CallItem; at: number }[] = []
  /** The content that more of the same side joins. */
  let open: Content | undefined
  /** A signature that waits for the text after it, and one for the call. */
  let waiting: string | undefined
  let forCall: string | undefined

  function once(pointer: string, what: Note['what'], why: string): void {
    if (!said.has(why)) note(pointer, what, why)
    said.add(why)
  }

  function tell(role: Content['role'], parts: readonly Json[]): void {
    if (parts.length === 0) return
    if (role === 'user' || !saysText(parts[0])) sealText()
    if (role === 'user') endTurn()
    if (open?.role !== role) contents.push((open = { role, parts: [] }))
    const [first, ...others] = parts
    if (waiting !== undefined && first !== undefined) {
      open.parts.push({ ...first, thoughtSignature: waiting }, ...others)
      waiting = undefined
    } else open.parts.push(...parts)
  }

  /** A signature that no text followed stands on a text of its own. */
  function sealText(): void {
    if (waiting === undefined) return
    const signature = waiting
    waiting = undefined
    tell('model', [{ text: '', thoughtSignature: signature }])
  }

  /** The model's turn is over: the results of its calls follow. */
  function endTurn(last = false): void {
    sealText()
    const asked = calls
    calls = []
    forCall = undefined
    if (asked.length === 0) return
    const turn = open
    if (signed && turn !== undefined) signFirst(turn.parts)
    const none = asked.every(({ at }) => pairs.answerTo(at) === undefined)
    // Calls at the end wait for their results yet.
    if (last && none) return
    const results: Json[] = []
    const beside: Json[] = []
    for (const { item, at } of asked) {
      const place = pairs.answerTo(at)
      const output = place === undefined ? undefined : items[place]
      if (output === undefined || !isOutput(output)) {
        note(`/input/${at}`, 'approximated', 'a call without a result got one that says so')
        results.push(noResult(item))
        continue
      }
      const made = resultParts(item, output, signed, `/input/${place ?? at}/output`, note)
      results.push(made.result)
      beside.push(...made.beside)
    }
    contents.push({ role: 'user', parts: [...results, ...beside] })
    open = undefined
  }

  function message(item: MessageItem, at: string): void {
    if (item.role === 'assistant') return tell('model', encodeParts(item.content, `${at}/content`, note))
    if (item.role !== 'user') {
      note(at, 'approximated', 'instructions in the midst of a conversation are told by the user')
    }
    tell('user', encodeParts(item.content, `${at}/content`, note))
  }

  function reasoning(item: ReasoningItem, at: string): void {
    const signature = ownSignature(item)
    forCall = text(geminiFields(item)['callSignature']) ?? forCall
    const words = [...item.summary, ...(item.content ?? [])].map((part) => part.text).join(BETWEEN_TEXTS)
    if (signature === undefined) {
      const foreign = isSet(item.encrypted_content) || Object.keys(without(item.extra ?? {}, OWN)).length > 0
      if (foreign) once(at, 'dropped', "reasoning of another provider's model is never replayed")
      else if (words !== '') tell('model', [{ text: words, thought: true }])
      return
    }
    const onText = geminiFields(item)['on'] === 'text'
    if (words !== '') {
      tell('model', [{ text: words, thought: true, ...(onText ? {} : { thoughtSignature: signature }) }])
    }
    if (!onText && words !== '') return
    sealText()
    waiting = signature
  }

  function call(item: CallItem, at: number): void {
    const args = item.type === 'function_call' ? argsOf(item.arguments) : { [CUSTOM_INPUT]: item.input }
    const signature = ownSignature(item) ?? forCall
    forCall = undefined
    const functionCall = { ...idOf(item), name: flatToolName(item), args }
    if (item.type === 'custom_tool_call') {
      once(`/input/${at}`, 'emulated', 'a custom tool became a function with one text parameter')
    }
    tell('model', [
      {
        functionCall,
        ...(signature === undefined ? {} : { thoughtSignature: signature }),
        ...without(geminiFields(item), SAID),
      },
    ])
    calls.push({ item, at })
  }

  function picture(item: ImageGenerationCallItem): void {
    if (typeof item.result !== 'string' || item.result === '') return
    const own = geminiFields(item)
    const filler = signed && rules.pictures && own['thoughtSignature'] === undefined
    tell('model', [
      {
        inlineData: { mimeType: `image/${item.output_format ?? 'png'}`, data: item.result },
        ...(filler ? { thoughtSignature: NO_SIGNATURE } : {}),
        ...own,
      },
    ])
  }

  function one(item: PivotItem, index: number): void {
    const at = `/input/${index}`
    if (!isKnownItem(item)) {
      const part = item.type === PART_ITEM ? item['part'] : undefined
      if (isJson(part)) tell(item['role'] === 'user' ? 'user' : 'model', [part])
      else once(at, 'dropped', `Gemini has no item of type '${item.type}'`)
      return
    }
    switch (item.type) {
      case 'message':
        return message(item, at)
      case 'reasoning':
        return reasoning(item, at)
      case 'function_call':
      case 'custom_tool_call':
        return call(item, index)
      case 'function_call_output':
      case 'custom_tool_call_output': {
        if (pairs.answers(index)) return endTurn()
        const own = orphanOf(item, `${at}/output`, note)
        if (own !== undefined) return tell('user', [own])
        note(at, 'approximated', 'the result of a call that is not in the conversation became words of the user')
        return tell('user', encodeParts(item.output, `${at}/output`, note))
      }
      case 'image_generation_call':
        return picture(item)
      case 'web_search_call':
        return once(at, 'dropped', 'Gemini takes no searches of earlier turns back')
      default:
        return unreachable(item)
    }
  }

  items.forEach((item, index) => {
    if (index >= from) one(item, index)
  })
  endTurn(true)
  return contents
}

const OWN: ReadonlySet<string> = new Set(['gemini'])

function isOutput(item: PivotItem) {
  return isKnownItem(item) && (item.type === 'function_call_output' || item.type === 'custom_tool_call_output')
}

function saysText(part: Json | undefined): boolean {
  return typeof part?.['text'] === 'string' && part['thought'] !== true
}

/** Gemini 3 wants a signature on the first call of a turn; calls of other models, and of clients that lose them, have none. */
function signFirst(parts: Json[]): void {
  const at = parts.findIndex((part) => part['functionCall'] !== undefined)
  const first = parts[at]
  if (first !== undefined && first['thoughtSignature'] === undefined) {
    parts[at] = { ...first, thoughtSignature: NO_SIGNATURE }
  }
}
