import type { ReasoningItem } from '../../../pivot/index.js'
import type { DialectId } from '../../../dialect.js'
import { carry, unpack, type Carried as Unpacked } from '../../carried-state.js'
import { isJson, text, without, type Json } from '../../json.js'
import { string } from '../../refusing.js'
import { ANTHROPIC, anthropicFields, BETWEEN_TEXTS, withAnthropic } from '../wire.js'
import type { RedactedThinkingBlock, ThinkingBlock } from '../wire.js'
import { beside } from './decode-parts.js'

/**
 * Reasoning items as thinking blocks, and back.
 *
 * What another upstream made travels in the block's signature: the item but for its texts, which stand in `thinking`, and how long
 * each of them is. The client gives the block back untouched, and the item is what it was. Anthropic's own signatures go through.
 */
interface ThoughtState extends Json {
  /** Lengths of the summary's parts, in UTF-16 units, as `thinking` joins them. */
  cuts: number[]
  /** Lengths of the raw reasoning's parts, which follow; absent when the item has no `content`. */
  contentCuts?: number[]
  /** The texts, where the client asked not to be shown them. */
  texts?: string[]
}

const TEXTS: ReadonlySet<string> = new Set(['type', 'summary', 'content'])
const CARRIED: ReadonlySet<string> = new Set(['cuts', 'contentCuts', 'texts', 'extra', 'summary', '__proto__'])

/** The block of Anthropic's own that this item was made of, when its text was withheld by Anthropic. */
export function redactedBlock(item: ReasoningItem): RedactedThinkingBlock | undefined {
  const data = text(anthropicFields(item)['redacted'])
  return data === undefined ? undefined : { type: 'redacted_thinking', data }
}

export function thinkingBlock(item: ReasoningItem, shown: boolean): ThinkingBlock {
  return {
    type: 'thinking',
    thinking: shown ? thoughtTexts(item).join(BETWEEN_TEXTS) : '',
    signature: signatureOf(item, shown),
  }
}

function thoughtTexts(item: ReasoningItem): string[] {
  return [...item.summary, ...(item.content ?? [])].map((part) => part.text)
}

/** @param shown the texts stand in `thinking` */
export function signatureOf(item: ReasoningItem, shown: boolean): string {
  const own = text(anthropicFields(item)['signature'])
  if (own !== undefined) return own
  const cuts = item.summary.map((part) => part.text.length)
  const content = Array.isArray(item.content) ? item.content : undefined
  const state: ThoughtState = {
    ...without(item as unknown as Json, TEXTS),
    ...(item.content === null ? { content: null } : {}),
    cuts,
    ...(content === undefined ? {} : { contentCuts: content.map((part) => part.text.length) }),
    ...(shown ? {} : { texts: thoughtTexts(item) }),
  }
  return carry(ownerOf(item), state)
}

/** Whose opaque state the item holds; reasoning without any is nobody's, and told under the name of the pivot. */
function ownerOf(item: ReasoningItem): DialectId {
  if (typeof item.encrypted_content === 'string') return 'openai-responses'
  const others: readonly DialectId[] = ['gemini', 'openai-chat', 'ollama']
  return others.find((dialect) => item.extra?.[dialect] !== undefined) ?? 'openai-responses'
}

const THINKING_FIELDS: ReadonlySet<string> = new Set(['type', 'thinking', 'signature'])

export function decodeThinking(block: Json, at: string): ReasoningItem {
  const thinking = block['thinking'] === undefined ? '' : string(block['thinking'], `${at}/thinking`)
  const signature = text(block['signature'])
  const unpacked = signature === undefined ? undefined : unpack(signature)
  if (unpacked !== undefined) return restored(thinking, unpacked)
  const extra = beside(block, THINKING_FIELDS).extra?.[ANTHROPIC] ?? {}
  return {
    type: 'reasoning',
    summary: thinking === '' ? [] : [{ type: 'summary_text', text: thinking }],
    ...withAnthropic({ ...extra, ...(signature === undefined ? {} : { signature }) }),
  }
}

export function decodeRedacted(block: Json, at: string): ReasoningItem {
  const data = string(block['data'], `${at}/data`)
  const unpacked = unpack(data)
  return unpacked === undefined
    ? { type: 'reasoning', summary: [], ...withAnthropic({ redacted: data }) }
    : restored('', unpacked)
}

/** The state comes from the client, so nothing of it is believed that the item of its owner would not say. */
function restored(thinking: string, { owner, state }: Unpacked): ReasoningItem {
  const cuts = lengths(state['cuts']) ?? []
  const contentCuts = lengths(state['contentCuts'])
  const hidden = Array.isArray(state['texts']) ? state['texts'].filter((one) => typeof one === 'string') : undefined
  const texts = hidden ?? cut(thinking, [...cuts, ...(contentCuts ?? [])])
  const summary = texts?.slice(0, cuts.length) ?? (thinking === '' ? [] : [thinking])
  const own = isJson(state['extra']) ? state['extra'][owner] : undefined
  return {
    ...(without(state, CARRIED) as Partial<ReasoningItem>),
    type: 'reasoning',
    summary: summary.map((one) => ({ type: 'summary_text', text: one })),
    ...(contentCuts === undefined || texts === undefined
      ? {}
      : { content: texts.slice(cuts.length).map((one) => ({ type: 'reasoning_text', text: one })) }),
    ...(isJson(own) ? { extra: { [owner]: own } } : {}),
  }
}

/** The texts that were joined; undefined when the text is not what it was. */
function cut(joined: string, sizes: readonly number[]): string[] | undefined {
  const texts: string[] = []
  let at = 0
  for (const size of sizes) {
    if (texts.length > 0) at += BETWEEN_TEXTS.length
    texts.push(joined.slice(at, at + size))
    at += size
  }
  return at === joined.length ? texts : undefined
}

function lengths(value: unknown): number[] | undefined {
  return Array.isArray(value) && value.every((one) => Number.isInteger(one) && (one as number) >= 0)
    ? (value as number[])
    : undefined
}
