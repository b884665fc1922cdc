import { isKnownItem, type ReasoningItem } from '../../pivot/index.js'
import { carryAsBase64, unpack } from '../carried-state.js'
import { given, isJson, type Json } from '../json.js'
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
  const items = carried?.state['items']
  if (!Array.isArray(items)) return undefined
  return items.filter(isJson).map(thought)
}

function thought(state: Json): ReasoningItem {
  const item = { summary: [], ...state, type: 'reasoning' }
  return isKnownItem(item) && item.type === 'reasoning' && Array.isArray(item.summary)
    ? item
    : { type: 'reasoning', summary: [] }
}

/** Gemini's own signature of an item. */
export function ownSignature(of: Parameters<typeof geminiFields>[0]): string | undefined {
  const signature = geminiFields(of)['thoughtSignature']
  return typeof signature === 'string' && signature !== '' ? signature : undefined
}
