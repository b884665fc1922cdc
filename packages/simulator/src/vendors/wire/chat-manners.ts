import type { Delivery } from '../../faults/fault.js'
import { isJson, type Json, type VendorCall } from '../vendor.js'
import type { WireFrame } from './wire-frame.js'

/** Where a chat stream tells its usage. */
export type UsagePlace = NonNullable<Delivery['usage']>

/** How one maker of a chat API writes what all of them have. */
export interface ChatManners {
  usage: UsagePlace
  /** Under which name thoughts are told; Mistral tells them as parts of the content, Groq's raw form as a tagged text. */
  thoughts: 'reasoning_content' | 'reasoning' | 'parts' | 'tags' | 'hidden'
  /** `[DONE]` at the end. */
  done: boolean
  /** Fields of OpenRouter: provider, native finish reason, cost. */
  openrouter: boolean
}

/** Sources: the recorded streams of each maker; OpenRouter and Groq, reasoning. */
export function chatManners(call: VendorCall, body: Json, delivery: Delivery): ChatManners {
  const options = body['stream_options']
  const asked = isJson(options) && options['include_usage'] === true
  return {
    usage: delivery.usage ?? usualPlace(call, asked),
    thoughts: thoughtsOf(call, body),
    done: delivery.doneLine !== false,
    openrouter: call.vendor === 'openrouter',
  }
}

function usualPlace({ persona }: VendorCall, asked: boolean): UsagePlace {
  if (persona === 'deepseek' || persona === 'groq' || persona === 'mistral') return 'with-finish'
  if (persona === 'xai' || persona === 'openrouter' || asked) return 'own-chunk'
  return 'absent'
}

function thoughtsOf({ persona }: VendorCall, body: Json): ChatManners['thoughts'] {
  if (persona === 'mistral') return 'parts'
  if (persona === 'openrouter') return 'reasoning'
  if (persona !== 'groq') return 'reasoning_content'
  const format = body['reasoning_format']
  if (format === 'hidden' || body['include_reasoning'] === false) return 'hidden'
  return format === 'raw' ? 'tags' : 'reasoning'
}

/** Rewrites the chunks of one stream; the encoder has written usage into a chunk of its own. */
export function chatRewriter(manners: ChatManners, cost: (usage: Json) => Json) {
  const { usage: place } = manners
  const thoughts = thoughtWriter(manners.thoughts)
  const plain = manners.thoughts === 'reasoning_content' && !manners.openrouter && place === 'own-chunk' && manners.done
  let chunks = 0

  function usageOf(frames: readonly WireFrame[]): Json | undefined {
    for (const { text } of frames) {
      const usage = chunkIn(text)?.['usage']
      if (isJson(usage)) return usage
    }
    return undefined
  }
  function rewrite(frame: WireFrame, batch: readonly WireFrame[]): WireFrame[] {
    const chunk = chunkIn(frame.text)
    if (chunk === undefined) return frame.text.includes('[DONE]') && !manners.done ? [] : [frame]
    const choices = Array.isArray(chunk['choices']) ? (chunk['choices'] as Json[]) : []
    const { usage, ...rest } = chunk
    chunks += 1
    if (choices.length === 0 && isJson(usage)) {
      return place === 'own-chunk' ? [told(frame, { ...rest, usage: cost(usage) })] : []
    }
    const changed = choices.flatMap((choice) => choiceOf(choice, frame.ends) ?? [])
    // There was nothing but a hidden thought in it.
    if (changed.length === 0 && choices.length > 0) return []
    return [told(frame, { ...rest, choices: changed, ...usageFields(frame.ends, usageOf(batch)) })]
  }
  function usageFields(ends: boolean, final: Json | undefined): Json {
    if (place === 'with-finish') return ends && final !== undefined ? { usage: cost(final) } : {}
    if (place === 'own-chunk') return { usage: null }
    if (place === 'absent') return {}
    const sofar = { prompt_tokens: 1, completion_tokens: chunks, total_tokens: chunks + 1 }
    return { usage: ends && final !== undefined ? cost(final) : sofar }
  }
  function choiceOf(choice: Json, ends: boolean): Json | undefined {
    const delta = thoughts(isJson(choice['delta']) ? choice['delta'] : {})
    if (delta === undefined) return undefined
    const changed: Json = { ...choice, delta }
    if (!manners.openrouter) return changed
    return { ...changed, native_finish_reason: ends ? choice['finish_reason'] : null }
  }
  function told(frame: WireFrame, chunk: Json): WireFrame {
    const whole = manners.openrouter ? { provider: 'Simulated', ...chunk } : chunk
    return { ...frame, text: `data: ${JSON.stringify(whole)}\n\n` }
  }
  return (batch: readonly WireFrame[]): WireFrame[] =>
    plain ? [...batch] : batch.flatMap((frame) => rewrite(frame, batch))
}

/** Writes the thoughts of one stream's deltas; undefined for a delta that is not to be told. */
function thoughtWriter(how: ChatManners['thoughts']): (delta: Json) => Json | undefined {
  let open = false
  return (delta) => {
    const { reasoning_content: thought, ...rest } = delta
    if (typeof thought !== 'string') {
      if (!open || typeof rest['content'] !== 'string') return delta
      open = false
      return { ...rest, content: `\n</think>\n\n${rest['content']}` }
    }
    switch (how) {
      case 'reasoning_content':
        return delta
      case 'reasoning':
        return { ...rest, reasoning: thought }
      case 'parts':
        return { ...rest, content: thinkingParts(thought) }
      case 'hidden':
        return undefined
      case 'tags': {
        const begins = open ? '' : '<think>\n'
        open = true
        return { ...rest, content: `${begins}${thought}` }
      }
    }
  }
}

function thinkingParts(text: string): object[] {
  return [{ type: 'thinking', thinking: [{ type: 'text', text }] }]
}

/** A whole reply in the same manners. */
export function wholeChat(reply: Json, manners: ChatManners, cost: (usage: Json) => Json): Json {
  const choices = (reply['choices'] as Json[]).map((choice) => {
    const message = isJson(choice['message']) ? wholeMessage(choice['message'], manners.thoughts) : choice['message']
    const native = manners.openrouter ? { native_finish_reason: choice['finish_reason'] } : {}
    return { ...choice, message, ...native }
  })
  const { usage, ...rest } = reply
  return {
    ...(manners.openrouter ? { provider: 'Simulated' } : {}),
    ...rest,
    choices,
    ...(isJson(usage) && manners.usage !== 'absent' ? { usage: cost(usage) } : {}),
  }
}

function wholeMessage(message: Json, how: ChatManners['thoughts']): Json {
  const { reasoning_content: thought, ...rest } = message
  if (typeof thought !== 'string' || how === 'reasoning_content') return message
  const content = typeof rest['content'] === 'string' ? rest['content'] : ''
  switch (how) {
    case 'reasoning':
      return { ...rest, reasoning: thought }
    case 'parts':
      return { ...rest, content: [...thinkingParts(thought), { type: 'text', text: content }] }
    case 'tags':
      return { ...rest, content: `<think>\n${thought}\n</think>\n\n${content}` }
    case 'hidden':
      return rest
  }
}

function chunkIn(text: string): Json | undefined {
  if (!text.startsWith('data: {')) return undefined
  return JSON.parse(text.slice('data: '.length)) as Json
}
