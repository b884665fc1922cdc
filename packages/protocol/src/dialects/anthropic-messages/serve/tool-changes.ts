import { isJson, text, type Json } from '../../json.js'

/** What the messages say of the tools: which were referred to, and which came and went in between. */
export interface ToolChanges {
  /** Names of tools that were called, found by a search, or brought back. */
  referred: Set<string>
  /** Definitions that came with a message. */
  added: Json[]
  /** Names of tools that a message took away for good. */
  removed: Set<string>
}

/**
 * Looks through a conversation for tools. A tool with `defer_loading` stays out of the prompt until the conversation names it.
 * Sources: Anthropic API reference, tool search; `tool_addition` and `tool_removal` of mid-conversation-tool-changes-2026-07-01.
 */
export function toolChanges(messages: unknown): ToolChanges {
  const found: ToolChanges = { referred: new Set(), added: [], removed: new Set() }
  for (const message of list(messages)) {
    if (!isJson(message)) continue
    for (const block of list(message['content'])) if (isJson(block)) look(block, found)
  }
  return found
}

function look(block: Json, found: ToolChanges): void {
  switch (block['type']) {
    case 'tool_use':
      return refer(block['name'], found)
    case 'tool_result':
      return references(block['content'], found)
    case 'tool_search_tool_result':
      return references(isJson(block['content']) ? block['content']['tool_references'] : undefined, found)
    case 'compaction':
      for (const entry of list(block['tool_changes'])) if (isJson(entry)) change(entry, found)
      return
    default:
      change(block, found)
  }
}

function references(blocks: unknown, found: ToolChanges): void {
  for (const part of list(blocks)) {
    if (isJson(part) && part['type'] === 'tool_reference') refer(part['tool_name'], found)
  }
}

function change(block: Json, found: ToolChanges): void {
  const tool = block['tool']
  if (!isJson(tool)) return
  const definition = tool['definition']
  if (block['type'] === 'tool_removal') {
    const gone = text(tool['name'])
    if (gone !== undefined) found.removed.add(gone)
  } else if (block['type'] === 'tool_addition') {
    if (!isJson(definition)) return refer(tool['name'], found)
    found.added.push(definition)
    found.removed.delete(text(definition['name']) ?? '')
  }
}

function refer(name: unknown, found: ToolChanges): void {
  if (typeof name !== 'string') return
  found.referred.add(name)
  found.removed.delete(name)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
