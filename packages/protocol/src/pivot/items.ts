/**
 * Items, parts and tools of the pivot: Open Responses, in its own spelling.
 *
 * The pivot is a published standard and the Codex backend speaks it, so its data keeps the wire's field names
 * (`call_id`, `encrypted_content`); renaming them would copy every conversation twice and lose what we do not know yet.
 * Every object may carry fields that are not listed here; they pass through.
 * Source: Open Responses 2026-04-24; Codex additions as recorded from codex-cli 0.169.
 */

/** What only one dialect knows, kept under that dialect's name so that a same-dialect round trip loses nothing. */
export type Extra = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export type Role = 'user' | 'assistant' | 'system' | 'developer'

export interface InputTextPart {
  type: 'input_text'
  text: string
  extra?: Extra
}
export interface InputImagePart {
  type: 'input_image'
  /** An https URL or a `data:` URL. */
  image_url?: string | null
  file_id?: string | null
  detail?: 'auto' | 'low' | 'high' | 'original' | null
  extra?: Extra
}
export interface InputFilePart {
  type: 'input_file'
  filename?: string | null
  /** A `data:` URL. */
  file_data?: string | null
  file_url?: string | null
  file_id?: string | null
  extra?: Extra
}
export interface InputAudioPart {
  type: 'input_audio'
  input_audio: { data: string; format: string }
  extra?: Extra
}
export interface OutputTextPart {
  type: 'output_text'
  text: string
  annotations?: Annotation[]
  logprobs?: unknown[]
  extra?: Extra
}
export interface RefusalPart {
  type: 'refusal'
  refusal: string
  extra?: Extra
}
/** A part type that is not ours to know; passes through on the Responses road. */
export interface OtherPart {
  type: string
  [field: string]: unknown
}
export type MessagePart = InputTextPart | InputImagePart | InputFilePart | InputAudioPart | OutputTextPart | RefusalPart

/** A citation. `url_citation` and `file_citation` are the ones with a meaning in other dialects. */
export interface Annotation {
  type: string
  url?: string
  title?: string
  start_index?: number
  end_index?: number
  file_id?: string
  filename?: string
  index?: number
  [field: string]: unknown
}

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

export interface MessageItem {
  type: 'message'
  id?: string
  role: Role
  status?: ItemStatus
  /** A string is legal on input only. */
  content: string | MessagePart[]
  phase?: string | null
  extra?: Extra
}
export interface ReasoningItem {
  type: 'reasoning'
  id?: string
  summary: { type: 'summary_text'; text: string }[]
  content?: { type: 'reasoning_text'; text: string }[] | null
  /** Opaque and bound to the account that made it. */
  encrypted_content?: string | null
  status?: ItemStatus
  extra?: Extra
}
export interface FunctionCallItem {
  type: 'function_call'
  id?: string
  call_id: string
  name: string
  namespace?: string
  /** JSON text, as the model wrote it. */
  arguments: string
  status?: ItemStatus
  extra?: Extra
}
export interface FunctionCallOutputItem {
  type: 'function_call_output'
  id?: string
  call_id: string
  output: string | MessagePart[]
  status?: ItemStatus
  extra?: Extra
}
export interface CustomToolCallItem {
  type: 'custom_tool_call'
  id?: string
  call_id: string
  name: string
  namespace?: string
  /** Free text by the tool's grammar. */
  input: string
  status?: ItemStatus
  extra?: Extra
}
export interface CustomToolCallOutputItem {
  type: 'custom_tool_call_output'
  id?: string
  call_id: string
  output: string | MessagePart[]
  extra?: Extra
}
export interface WebSearchCallItem {
  type: 'web_search_call'
  id?: string
  status?: string
  action?: Record<string, unknown>
  extra?: Extra
}
export interface ImageGenerationCallItem {
  type: 'image_generation_call'
  id?: string
  status?: string
  /** Base64 of the picture. */
  result?: string | null
  revised_prompt?: string | null
  output_format?: string
  extra?: Extra
}
/**
 * Any item type without a meaning outside the Responses road (`compaction`, `compaction_trigger`, `additional_tools`,
 * `tool_search_call`, `local_shell_call`, `mcp_call`, …). It passes through there and is noted elsewhere.
 */
export interface OtherItem {
  type: string
  id?: string
  [field: string]: unknown
}

/** An item whose type the translators understand. Narrow with {@link isKnownItem} first. */
export type KnownItem =
  | MessageItem
  | ReasoningItem
  | FunctionCallItem
  | FunctionCallOutputItem
  | CustomToolCallItem
  | CustomToolCallOutputItem
  | WebSearchCallItem
  | ImageGenerationCallItem
export type PivotItem = KnownItem | OtherItem

const KNOWN: ReadonlySet<string> = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
  'web_search_call',
  'image_generation_call',
])

/** Narrows the open set of items to the closed union that translators switch over. */
export function isKnownItem(item: PivotItem): item is KnownItem {
  return KNOWN.has(item.type)
}

export interface FunctionTool {
  type: 'function'
  name: string
  description?: string | null
  parameters?: Record<string, unknown> | null
  strict?: boolean | null
  defer_loading?: boolean
  extra?: Extra
}
export interface CustomTool {
  type: 'custom'
  name: string
  description?: string | null
  format?: { type: 'text' } | { type: 'grammar'; syntax: string; definition: string }
  extra?: Extra
}
export interface WebSearchTool {
  type: 'web_search' | 'web_search_preview'
  [field: string]: unknown
}
export interface ImageGenerationTool {
  type: 'image_generation'
  [field: string]: unknown
}
/** `namespace`, `tool_search`, `local_shell`, `mcp`, … */
export interface OtherTool {
  type: string
  [field: string]: unknown
}
export type PivotTool = FunctionTool | CustomTool | WebSearchTool | ImageGenerationTool | OtherTool

export type ToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | { type: 'function'; name: string }
  | { type: 'custom'; name: string }
  | { type: 'allowed_tools'; mode: 'auto' | 'required' | 'none'; tools: Record<string, unknown>[] }
  | { type: string; [field: string]: unknown }

export type TextFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | {
      type: 'json_schema'
      name: string
      schema: Record<string, unknown>
      strict?: boolean | null
      description?: string
    }
