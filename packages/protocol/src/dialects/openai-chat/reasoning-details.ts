import type { DialectId } from '../../dialect.js'
import type { PivotItem, ReasoningItem } from '../../pivot/index.js'
import { carry, unpack } from '../carried-state.js'
import { given, isJson, text, type Json } from '../json.js'
import { CHAT, chatFields } from './origin.js'

/**
 * Reasoning with opaque state as `reasoning_details`, the field in which OpenRouter tells it and in which its clients give it back with the
 * assistant's message. What another dialect's upstream made is one entry whose `data` holds the whole item; entries of a chat upstream
 * go through as they came.
 * Source: OpenRouter API reference, reasoning tokens, "preserving reasoning".
 */
export interface ThoughtPlace {
  /** Calls told before it in its answer. */
  calls: number
  /** Text was told before it. */
  text: boolean
}

const OTHERS: readonly DialectId[] = ['anthropic-messages', 'gemini', 'ollama']

const FORMATS: Readonly<Record<string, string>> = {
  'openai-responses': 'openai-responses-v1',
  'anthropic-messages': 'anthropic-claude-v1',
  gemini: 'google-gemini-v1',
}

/** @param index of the first entry, among all of the answer */
export function reasoningDetails(item: ReasoningItem, place: ThoughtPlace, index: number): Json[] {
  const own = chatFields(item)?.['reasoning_details']
  if (Array.isArray(own)) return own.filter(isJson)
  const { id, encrypted_content: encrypted } = item
  const owner =
    typeof encrypted === 'string' && encrypted !== '' ? 'openai-responses' : OTHERS.find((one) => item.extra?.[one])
  if (owner === undefined) return []
  const state: Json = {
    ...given({ id }),
    summary: item.summary.map((part) => part.text),
    ...(Array.isArray(item.content) ? { content: item.content.map((part) => part.text) } : {}),
    ...(owner === 'openai-responses' ? { encrypted_content: encrypted } : { extra: { ...item.extra?.[owner] } }),
    ...place,
  }
  const format = FORMATS[owner]
  return [{ type: 'reasoning.encrypted', data: carry(owner, state), ...given({ id, format }), index }]
}

export interface Thought {
  item: ReasoningItem
  place: ThoughtPlace
}

/** An entry that {@link reasoningDetails} made, as the item that it was; undefined for an entry of another provider. */
export function thoughtOf(detail: unknown): Thought | undefined {
  const data = isJson(detail) ? text(detail['data']) : undefined
  const carried = data === undefined ? undefined : unpack(data)
  if (carried === undefined) return undefined
  const { owner, state } = carried
  const content = state['content']
  const encrypted = state['encrypted_content']
  return {
    item: {
      type: 'reasoning',
      ...given({ id: text(state['id']) }),
      summary: texts(state['summary']).map((one) => ({ type: 'summary_text', text: one })),
      ...(Array.isArray(content)
        ? { content: texts(content).map((one) => ({ type: 'reasoning_text', text: one })) }
        : {}),
      ...(owner === 'openai-responses' && typeof encrypted === 'string' ? { encrypted_content: encrypted } : {}),
      ...(owner !== 'openai-responses' && isJson(state['extra']) ? { extra: { [owner]: state['extra'] } } : {}),
    },
    place: { calls: typeof state['calls'] === 'number' ? state['calls'] : 0, text: state['text'] === true },
  }
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

/** Gemini's signature of a call in the field in which Google's own chat endpoint tells it; nothing when there is none. */
export function signatureFields(item: PivotItem): Json {
  const extra = item['extra' as keyof PivotItem] as unknown
  const gemini = isJson(extra) ? extra['gemini'] : undefined
  const signature = isJson(gemini) ? text(gemini['thoughtSignature']) : undefined
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } }
}

/** The signature that a call brought back, as what a Gemini upstream knows it by. */
export function signatureOf(call: Json): { gemini?: Json } {
  const content = call['extra_content']
  const google = isJson(content) ? content['google'] : undefined
  const signature = isJson(google) ? text(google['thought_signature']) : undefined
  return signature === undefined ? {} : { gemini: { thoughtSignature: signature } }
}

/** Plain reasoning of an earlier turn under the names that its client uses. */
export const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'reasoning_details'] as const

/** The words of a turn's reasoning fields. Who tells several tells the same thought. */
export function wordsOf(fields: Json): string {
  const details = Array.isArray(fields['reasoning_details']) ? fields['reasoning_details'] : []
  return (
    text(fields['reasoning_content']) ??
    text(fields['reasoning']) ??
    details.map((one) => (isJson(one) ? (text(one['text']) ?? text(one['summary']) ?? '') : '')).join('')
  )
}

/** An item of words alone, with the fields that they came in. */
export function plainThought(fields: Json): ReasoningItem {
  const words = wordsOf(fields)
  return {
    type: 'reasoning',
    summary: [],
    content: words === '' ? [] : [{ type: 'reasoning_text', text: words }],
    extra: { [CHAT]: fields },
  }
}
