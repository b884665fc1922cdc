import type { PivotItem } from './items.js'

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled'

/** Token counts. `input_tokens` includes the cached ones, `output_tokens` the reasoning ones. */
export interface Usage {
  input_tokens: number
  input_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number; [field: string]: unknown } | null
  output_tokens: number
  output_tokens_details?: { reasoning_tokens?: number; [field: string]: unknown } | null
  total_tokens: number
  [field: string]: unknown
}

export interface ResponseError {
  code?: string | null
  message?: string | null
  type?: string | null
  param?: string | null
  [field: string]: unknown
}

/**
 * One response object, Open Responses spelling. A lifecycle event of a lean upstream may carry only `id`;
 * the reducer and the encoders fill what a client's schema requires.
 */
export interface PivotResponse {
  id: string
  object?: 'response'
  /** Unix seconds. */
  created_at?: number
  completed_at?: number | null
  status?: ResponseStatus
  model?: string
  output: PivotItem[]
  usage?: Usage | null
  error?: ResponseError | null
  /** `reason` is `max_output_tokens`, `content_filter`, or what the upstream says. */
  incomplete_details?: { reason?: string | null } | null
  service_tier?: string | null
  /** What only a foreign upstream said, e.g. `extra['openai-chat'].system_fingerprint`. */
  extra?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  [field: string]: unknown
}
