import { hash } from 'node:crypto'
import type { PivotRequest } from '@dragoman/protocol'

/** Enough of the instructions to tell agents apart; the rest would only cost time. */
const INSTRUCTIONS_CHARACTERS = 2_000

/**
 * The key of a chain: the turns of one conversation that share a prompt's beginning. Agents that a client lets work for it name
 * the same session and have other instructions or tools, so that their prompts have a cache of their own, and may have a place of their own.
 * @param conversation from `conversationKey`
 */
export function chainKey(conversation: string, request: PivotRequest): string {
  const { instructions, tools } = request
  const text = instructions == null ? '' : `${instructions.length}:${instructions.slice(0, INSTRUCTIONS_CHARACTERS)}`
  const names = [...(tools ?? []), ...broughtTools(request)].map(nameOf).join(',')
  return `${conversation}.${hash('sha256', `${text}\n${names}`, 'base64url').slice(0, 12)}`
}

/** In the lite shape the tools are the first item of the input. */
function broughtTools({ input: [first] }: PivotRequest): readonly unknown[] {
  if (first?.type !== 'additional_tools') return []
  const { tools } = first as { tools?: unknown }
  return Array.isArray(tools) ? tools : []
}

function nameOf(tool: unknown): string {
  const { type, name } = tool as { type?: unknown; name?: unknown }
  return `${String(type)}:${typeof name === 'string' ? name : ''}`
}
