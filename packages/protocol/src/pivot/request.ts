import type { Extra, PivotItem, PivotTool, TextFormat, ToolChoice } from './items.js'

/**
 * One request in the pivot: the body of Open Responses `POST /responses`, `input` always as items.
 * Fields that are not listed pass through on the Responses road and are noted elsewhere.
 */
export interface PivotRequest {
  /** As the client named it until the route is known, then the upstream's name. Empty when the client left it out. */
  model: string
  input: PivotItem[]
  instructions?: string | null
  stream?: boolean
  tools?: PivotTool[]
  tool_choice?: ToolChoice
  parallel_tool_calls?: boolean | null
  reasoning?: { effort?: string | null; summary?: string | null; [field: string]: unknown } | null
  text?: { format?: TextFormat; verbosity?: string | null; [field: string]: unknown } | null
  max_output_tokens?: number | null
  temperature?: number | null
  top_p?: number | null
  metadata?: Record<string, string> | null
  service_tier?: string | null
  store?: boolean | null
  include?: string[] | null
  prompt_cache_key?: string | null
  previous_response_id?: string | null
  client_metadata?: Record<string, string> | null
  user?: string | null
  safety_identifier?: string | null
  truncation?: string | null
  /** Not part of Open Responses; what other dialects say and some upstreams can do. */
  extra?: Extra
  [field: string]: unknown
}
