import { isJson, type Json } from '../../json.js'
import type { Message } from './encode-messages.js'

const MARK = { type: 'ephemeral' }

/** Blocks that take no mark. */
const UNMARKED: ReadonlySet<unknown> = new Set(['thinking', 'redacted_thinking'])

/**
 * Marks what the next request will begin with: tools, instructions, and the conversation up to here. Other APIs cache by themselves, so
 * their clients never ask; three of the four marks that Anthropic allows.
 */
export function markCache(system: readonly Json[], tools: readonly Json[], messages: readonly Message[]): void {
  const said = messages.findLast(({ role }) => role === 'user')?.content
  for (const block of [tools.at(-1), system.at(-1), said?.at(-1)]) {
    if (isJson(block) && !UNMARKED.has(block['type'])) block['cache_control'] ??= MARK
  }
}
