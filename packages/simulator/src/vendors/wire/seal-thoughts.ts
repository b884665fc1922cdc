import { createHash } from 'node:crypto'
import type { PivotEvent, PivotItem, ReasoningItem } from '@dragoman/protocol'
import type { Seals } from '../../codex/seal.js'
import type { Beat } from '../../scene/index.js'
import { sealOwner, type VendorCall } from '../vendor.js'

/**
 * Puts a vendor's own opaque state on the thoughts and calls of a played scene, as that vendor's wire has it: a thinking signature that is bound to
 * its text, a thought signature on the first call, an encrypted detail, or nothing. The seals are this simulator's, so that it knows them again.
 */
export function* sealThoughts(beats: Iterable<Beat>, call: VendorCall, seals: Seals): Generator<Beat> {
  const sealed = new Map<PivotItem, PivotItem>()
  let thought = false
  let called = false
  const hidden = hidesThoughts(call)
  const hiddenAt = new Set<number>()

  function seal(item: PivotItem): PivotItem {
    const known = sealed.get(item)
    if (known !== undefined) return known
    const made = sealedItem(item)
    sealed.set(item, made)
    return made
  }
  function sealedItem(item: PivotItem): PivotItem {
    if (item.type === 'reasoning') {
      thought = true
      return sealedThought(item as ReasoningItem, call, seals)
    }
    if (item.type !== 'function_call' || called) return item
    called = true
    // After a thought its signature goes onto the call by itself; Gemini 3 signs without one too.
    if (call.api !== 'generate' || thought || !signsAlways(call.model)) return item
    return { ...item, extra: { gemini: { thoughtSignature: base64Seal(seals) } } }
  }
  for (const beat of beats) {
    const { event } = beat
    if (hidden && 'output_index' in event) {
      if ('item' in event && event.item.type === 'reasoning') hiddenAt.add(event.output_index)
      if (hiddenAt.has(event.output_index)) continue
    }
    yield { ...beat, event: changed(event, seal, hidden) }
  }
}

function changed(event: PivotEvent, seal: (item: PivotItem) => PivotItem, hidden: boolean): PivotEvent {
  switch (event.type) {
    case 'response.output_item.added': {
      // What is announced knows nothing of its end yet.
      const { encrypted_content: _, ...item } = event.item as ReasoningItem & Record<string, unknown>
      return event.item.type === 'reasoning' ? { ...event, item: item as ReasoningItem } : event
    }
    case 'response.output_item.done':
      return { ...event, item: seal(event.item) }
    case 'response.completed':
    case 'response.incomplete': {
      const output = event.response.output.filter(({ type }) => !hidden || type !== 'reasoning').map(seal)
      return { ...event, response: { ...event.response, output } }
    }
    default:
      return event
  }
}

function sealedThought(item: ReasoningItem, call: VendorCall, seals: Seals): PivotItem {
  const { encrypted_content: asked, ...bare } = item
  const text = thoughtText(item)
  switch (call.api) {
    case 'messages':
      return { ...bare, extra: { 'anthropic-messages': { signature: messageSeal(seals, text) } } }
    case 'generate':
      return { ...bare, extra: { gemini: { thoughtSignature: base64Seal(seals) } } }
    case 'responses':
      if (asked === undefined) return bare
      return { ...bare, encrypted_content: seals.make('reasoning', sealOwner(call.vendor), '') }
    case 'chat':
      return call.vendor === 'openrouter'
        ? { ...bare, extra: { 'openai-chat': { reasoning_details: details(text, call, seals) } } }
        : bare
    default:
      return bare
  }
}

/** OpenRouter's form of what the provider behind it told. */
function details(text: string, { model }: VendorCall, seals: Seals): object[] {
  const data = seals.make('reasoning', sealOwner('openrouter'), '')
  if (/claude/.test(model)) {
    return [{ type: 'reasoning.text', text, signature: data, format: 'anthropic-claude-v1', index: 0 }]
  }
  const format = /gemini/.test(model) ? 'google-gemini-v1' : 'openai-responses-v1'
  return [
    { type: 'reasoning.summary', summary: text, format, index: 0 },
    { type: 'reasoning.encrypted', data, format, index: 1 },
  ]
}

/** Chat of OpenAI's own shows no thoughts; Groq hides them when told so. */
function hidesThoughts({ vendor, api }: VendorCall): boolean {
  return vendor === 'openai' && api === 'chat'
}

/** Models whose calls must come back signed. Source: Gemini API, thought signatures. */
export function signsAlways(model: string): boolean {
  return /gemini-([3-9]|.*latest)/.test(model)
}

function thoughtText({ summary, content }: ReasoningItem): string {
  return [...summary, ...(content ?? [])].map(({ text }) => text).join('\n\n')
}

/** A thinking signature, good for this text only. */
function messageSeal(seals: Seals, thinking: string): string {
  return seals.make('thinking', sealOwner('anthropic'), digest(thinking))
}

/** Is it a signature of ours, and of this text? A client that was not shown the text gives an empty one back. */
export function isOwnThought(seals: Seals, signature: string, thinking: string): boolean {
  const told = seals.read(signature)
  if (told?.accountId !== sealOwner('anthropic') || told.kind !== 'thinking') return false
  return thinking === '' || told.session === digest(thinking)
}

/** Google's signatures are bytes, written in base64. */
function base64Seal(seals: Seals): string {
  return Buffer.from(seals.make('thought', sealOwner('gemini'), '')).toString('base64')
}

export function isOwnThoughtSignature(seals: Seals, signature: string): boolean {
  return seals.read(Buffer.from(signature, 'base64').toString('latin1'))?.accountId === sealOwner('gemini')
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
