import type { ReasoningItem } from '../../pivot/index.js'
import { carryAsBase64, unpack } from '../carried-state.js'
import { given, isJson, text, type Json } from '../json.js'
import { geminiFields } from './wire.js'

/** Has this thought a state that its upstream wants back? Gemini's own goes back by itself. */
export function hasForeignState(item: ReasoningItem): boolean {
  return item.encrypted_content != null || Object.keys(item.extra ?? {}).some((owner) => owner !== 'gemini')
}

/** Thoughts of other upstreams as one thought signature: whole items, so that clients which show no thoughts lose nothing. */
export function signatureOf(items: readonly ReasoningItem[]): string {
  return carryAsBase64('openai-responses', {
    items: items.map(({ id, summary, content, encrypted_content, extra }) =>
      given({ id, summary, content, encrypted_content, extra }),
    ),
  })
}

/** The thoughts that a signature carries; undefined when it is one of Gemini's own. */
export function thoughtsOf(signature: string): ReasoningItem[] | undefined {
  const carried = unpack(signature)
  if (carried === undefined) return undefined
  const items = carried.state['items']
  return Array.isArray(items) ? items.filter(isJson).map(thought) : []
}

/** The state comes from the client, so nothing of it is believed that a thought would not say. */
function thought(state: Json): ReasoningItem {
  const { content, extra } = state
  return {
    type: 'reasoning',
    ...given({ id: text(state['id']) }),
    summary: texts(state['summary'], 'summary_text'),
    ...(Array.isArray(content) ? { content: texts(content, 'reasoning_text') } : {}),
    ...given({ encrypted_content: text(state['encrypted_content']) }),
    ...(isJson(extra) ? { extra: Object.fromEntries(Object.entries(extra).filter(isFields)) } : {}),
  }
}

function texts<T extends string>(parts: unknown, type: T): { type: T; text: string }[] {
  return (Array.isArray(parts) ? parts.filter(isJson) : []).flatMap((part) =>
    typeof part['text'] === 'string' ? [{ type, text: part['text'] }] : [],
  )
}

function isFields(entry: [string, unknown]): entry is [string, Json] {
  return isJson(entry[1])
}

/** Gemini's own signature of an item. */
export function ownSignature(of: Parameters<typeof geminiFields>[0]): string | undefined {
  const signature = geminiFields(of)['thoughtSignature']
  return typeof signature === 'string' && signature !== '' ? signature : undefined
}
