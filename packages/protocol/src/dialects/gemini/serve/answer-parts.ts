import type { Note, ReplyMeta } from '../../../dialect.js'
import { safeText } from '../../../failure.js'
import {
  type CustomToolCallItem,
  type FunctionCallItem,
  type ImageGenerationCallItem,
  type KnownItem,
  type PivotItem,
  type ReasoningItem,
} from '../../../pivot/index.js'
import { given, isJson, type Json } from '../../json.js'
import { hasForeignState, ownSignature, signatureOf } from '../carried-thoughts.js'
import { BETWEEN_TEXTS, geminiFields, PART_ITEM, type GeminiPart } from '../wire.js'

/**
 * A finished call as a part; a custom tool's free text is its one argument. Undefined for a call that was cut in the middle: Gemini tells
 * calls whole or not at all, and no client could tell it from one that it may run.
 */
export function callPart(item: FunctionCallItem | CustomToolCallItem, about: ReplyMeta): GeminiPart | undefined {
  const cut = item.status === 'incomplete' && (item.type === 'custom_tool_call' || parsed(item.arguments) === undefined)
  if (cut) {
    note(about, 'dropped', `the call of ${item.name} was cut in the middle`)
    return undefined
  }
  if (item.type === 'function_call' && item.arguments.trim() !== '' && !isJson(parsed(item.arguments))) {
    note(about, 'approximated', `the arguments of ${item.name} are no JSON object; they are told inside of one`)
  }
  const args = item.type === 'function_call' ? argsOf(item.arguments) : { input: item.input }
  return { functionCall: { id: item.call_id, name: item.name, args }, ...beside(geminiFields(item)) }
}

function note(about: ReplyMeta, what: Note['what'], why: string): void {
  about.note?.({ pointer: '/output', what, why: safeText(why) })
}

const CALL_FIELDS: ReadonlySet<string> = new Set(['thoughtSignature', 'unnamed', 'declaration'])

function beside(own: Readonly<Json>): Json {
  return Object.fromEntries(Object.entries(own).filter(([field]) => !CALL_FIELDS.has(field)))
}

/** `args` is an object on this wire; what a model wrote otherwise is told as one. */
export function argsOf(text: string): Json {
  if (text.trim() === '') return {}
  const args = parsed(text)
  if (args === undefined) return { arguments: text }
  return isJson(args) ? args : { value: args }
}

/** Undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A finished picture as a part; undefined when there is none. */
export function picturePart(item: ImageGenerationCallItem): GeminiPart | undefined {
  if (typeof item.result !== 'string' || item.result === '') return undefined
  return { inlineData: { mimeType: `image/${item.output_format ?? 'png'}`, data: item.result } }
}

/** A part that an upstream of this dialect told and only its clients understand. */
export function wholePart(item: PivotItem): GeminiPart | undefined {
  return item.type === PART_ITEM && isJson(item['part']) ? item['part'] : undefined
}

/** All that a thought says. */
export function thoughtText(item: ReasoningItem): string {
  return [...item.summary, ...(item.content ?? [])]
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(BETWEEN_TEXTS)
}

/** A thought as a part; undefined when there is nothing to show. A signature that Gemini put on the thought itself stays there. */
export function thoughtPart(item: ReasoningItem, words = thoughtText(item)): GeminiPart | undefined {
  const signed = geminiFields(item)['on'] === 'thought' ? given({ thoughtSignature: ownSignature(item) }) : {}
  return words === '' && signed.thoughtSignature === undefined ? undefined : { text: words, thought: true, ...signed }
}

/**
 * Signatures wait for the part that carries them: Gemini puts the state of its thoughts on the first call or text after them.
 * Thoughts of several items ride on one signature. Where items come interleaved, their places say what stands before a part.
 */
export class Signatures {
  private waiting: { item: ReasoningItem; at: number }[] = []
  private own: string | undefined

  /** A finished thought: what of it must go with the next part. */
  hear(item: ReasoningItem, at = 0): void {
    if (hasForeignState(item)) this.waiting.push({ item, at })
    else if (geminiFields(item)['on'] !== 'thought') this.own = ownSignature(item) ?? this.own
  }

  /** For the part at this place, once: `{ thoughtSignature }` or nothing. */
  take(item?: KnownItem, at = Infinity): { thoughtSignature?: string } {
    const signature = (item === undefined ? undefined : ownSignature(item)) ?? this.signature(at)
    return signature === undefined ? {} : { thoughtSignature: signature }
  }

  get empty(): boolean {
    return this.waiting.length === 0 && this.own === undefined
  }

  private signature(before: number): string | undefined {
    const items = this.waiting.filter(({ at }) => at < before).map(({ item }) => item)
    this.waiting = this.waiting.filter(({ at }) => at >= before)
    const { own } = this
    this.own = undefined
    return items.length > 0 ? signatureOf(items) : own
  }
}
