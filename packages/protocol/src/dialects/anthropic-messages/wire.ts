import type { Extra, PivotRequest } from '../../pivot/index.js'
import { isJson, type Json } from '../json.js'

/**
 * Key in `extra` of what only this dialect knows. The fields stand there under the wire's own names:
 * - of a request: every body field that the pivot does not hold or holds only in part (`thinking`, `output_config`, `metadata`,
 *   `mcp_servers`, `tools` = `{index, tool}` of each
 *   tool that only Anthropic knows and where it stood in the list, …). A foreign encoder notes them as lost. See also {@link KEPT};
 * - of an item or part made from one block: the block's other fields (`cache_control`, `citations`, `title`, `context`, `caller`, …);
 * - of a tool: the tool's other fields (`cache_control`, `input_examples`, `defer_loading`, …), for a web search also its own `type` and `name`;
 *   `added: true` when it goes back in another way (its definition stands in a message or among {@link KeptFields.deferred}), so an
 *   Anthropic upstream does not get it as a tool of its own;
 * - of a reasoning item: `{ signature }` or `{ redacted }`;
 * - `block`: the whole block as it came, where the item or part is only what others can read of it. It goes back in its place, and
 *   following parts with `within: true` belong to it and are left out;
 * - `is_error` and `content` of a tool result: its output in the pivot may begin with a word that says so to foreign models;
 * - of a response: `usage` (what the pivot's usage has no field for), `stop_sequence`, `stop_details`, `container`, `context_management`.
 */
export const ANTHROPIC = 'anthropic-messages'

/**
 * Key in a request's `extra` of what goes back to an Anthropic upstream and is no loss anywhere else, see {@link KeptFields}.
 */
export const KEPT = 'anthropic-messages-kept'

/** What the client sees of reasoning: with its texts, as a block that has only the opaque state, or nothing. */
export type ThinkingStyle = 'shown' | 'signed' | 'none'

export interface KeptFields {
  /** `system` as blocks, with their cache marks. Holds while their texts, joined, are still the request's `instructions`. */
  system?: Json[]
  /** Tools that nobody has referred to yet, and tools of Anthropic's making that were written out for others, each with the place where it stood in the whole list of tools. */
  deferred?: { index: number; tool: Json }[]
  /** What the client is shown of reasoning; all of it when absent. */
  thinking?: ThinkingStyle
  /** Body fields that ask for nothing that another upstream does not do anyway. */
  fields?: Json
}

/** An item that stands for one block without any meaning elsewhere: `{ type: BLOCK_ITEM, role, block }`. Foreign encoders leave it out. */
export const BLOCK_ITEM = 'anthropic_block'

/** Between the texts of two system blocks, and of two thoughts. */
export const BETWEEN_TEXTS = '\n\n'

/** What only this dialect knows of a thing; empty when it came by another one. */
export function anthropicFields(of: { extra?: Extra | undefined } | Json): Readonly<Json> {
  const extra = of['extra' as keyof typeof of] as unknown
  const fields = isJson(extra) ? extra[ANTHROPIC] : undefined
  return isJson(fields) ? fields : {}
}

export function keptFields(request: PivotRequest): KeptFields {
  return (request.extra?.[KEPT] ?? {}) as KeptFields
}

/** `{ extra }` with fields of this dialect, to be spread into an item, part or tool; nothing when there are none. */
export function withAnthropic(fields: Json): { extra?: Extra } {
  return Object.keys(fields).length > 0 ? { extra: { [ANTHROPIC]: fields } } : {}
}

export type StopReason =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'refusal'
  | 'pause_turn'
  | 'compaction'
  | 'model_context_window_exceeded'

/** `input_tokens` counts neither what was read from the cache nor what was written to it. */
export interface AnthropicUsage {
  input_tokens: number
  cache_creation_input_tokens: number
  cache_read_input_tokens: number
  output_tokens: number
  output_tokens_details?: { thinking_tokens: number }
  [field: string]: unknown
}

export interface TextBlock {
  type: 'text'
  text: string
  /** Absent when nothing is cited; some SDKs refuse null (AI SDK 6). */
  citations?: Json[]
}
export interface ThinkingBlock {
  type: 'thinking'
  thinking: string
  signature: string
}
export interface RedactedThinkingBlock {
  type: 'redacted_thinking'
  data: string
}
export interface ToolUseBlock {
  type: 'tool_use'
  id: string
  name: string
  input: Json
  [field: string]: unknown
}
export interface ServerToolUseBlock {
  type: 'server_tool_use'
  id: string
  name: string
  input: Json
  [field: string]: unknown
}
export interface WebSearchToolResultBlock {
  type: 'web_search_tool_result'
  tool_use_id: string
  content: Json[] | Json
  [field: string]: unknown
}
/** A block as an upstream of this dialect told it. */
export interface OtherBlock {
  type: string
  [field: string]: unknown
}
export type AnswerBlock =
  | TextBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ServerToolUseBlock
  | WebSearchToolResultBlock
  | OtherBlock

export interface AnthropicMessage {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: AnswerBlock[]
  stop_reason: StopReason | null
  stop_sequence: string | null
  stop_details?: Json | null
  usage: AnthropicUsage
  [field: string]: unknown
}

/** Source: Anthropic API reference, errors. */
export type AnthropicErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'api_error'
  | 'timeout_error'
  | 'overloaded_error'
