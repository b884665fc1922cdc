/**
 * What an upstream says in one reply, as data: a list of steps, played in order.
 *
 * Settings (`pace`, `usage`, `pause`, `gate`) act on what follows them. `response.created` and `response.in_progress` come before the first
 * step that speaks; `response.completed` comes last, unless a step ended the response itself or the scene is verbatim (`replay`, `raw`).
 */
export type Scene = readonly Step[]

export type Step =
  | TextStep
  | RefusalStep
  | ReasoningStep
  | ToolCallsStep
  | ImageStep
  | WebSearchStep
  | { type: 'compaction' }
  | IncompleteStep
  | FailedStep
  | ErrorStep
  | EventStep
  | ReplayStep
  | RawStep
  | PaceStep
  | UsageStep
  | { type: 'pause'; ms: number }
  | { type: 'gate'; name: string }

/** One assistant message. */
export interface TextStep {
  type: 'text'
  text: string
  /** Characters a delta; without it a delta is a word. */
  chunkSize?: number
  /** Appended to the text as links, each with its `url_citation` annotation. */
  citations?: readonly Citation[]
  /** `commentary` or `final_answer`, as newer models mark their messages. */
  phase?: string
  /** Breaks off after the last delta: no `done` events. For what fails in the middle of an item. */
  unfinished?: boolean
}
export interface Citation {
  url: string
  title: string
}
export interface RefusalStep {
  type: 'refusal'
  text: string
  chunkSize?: number
}
export interface ReasoningStep {
  type: 'reasoning'
  /** The summary's parts; an empty list gives a reasoning item that shows nothing, as without `reasoning.summary`. */
  summary?: string | readonly string[]
  /** Raw reasoning (`response.reasoning_text.*`), which open models give. */
  text?: string
  chunkSize?: number
  /** Carry `encrypted_content`. */
  sealed?: boolean
}
export interface ToolCallsStep {
  type: 'toolCalls'
  calls: readonly SceneCall[]
  /** Deltas of all calls by turns, as parallel calls may arrive. Otherwise one call after the other. */
  interleaved?: boolean
  chunkSize?: number
}
export interface SceneCall {
  name: string
  /** JSON text as it is, or a value to be written as JSON. For a custom tool: its free text. */
  arguments: unknown
  callId?: string
  namespace?: string
  custom?: boolean
}
export interface ImageStep {
  type: 'image'
  /** Base64 of the pictures on the way. */
  partials?: readonly string[]
  /** Base64 of the picture. */
  result: string
  revisedPrompt?: string
  outputFormat?: string
}
export interface WebSearchStep {
  type: 'webSearch'
  query: string
  /** Cited by the next `text` step. */
  citations?: readonly Citation[]
}
/** Ends the response with `response.incomplete`; the message before it has status `incomplete`. */
export interface IncompleteStep {
  type: 'incomplete'
  reason: string
}
/** Ends the response with `response.failed`. */
export interface FailedStep {
  type: 'failed'
  code: string
  message: string
  /** More fields of `response.error`, e.g. `plan_type`, `resets_at`. */
  more?: Readonly<Record<string, unknown>>
}
/** Ends the response with an `error` event: fields at the top (as OpenAI documents it) or under `error` (as Open Responses does). */
export interface ErrorStep {
  type: 'error'
  form: 'flat' | 'nested'
  code: string
  message: string
  /** HTTP status, where the upstream tells one. */
  status?: number
  /** More fields of the error, e.g. `resets_at`. */
  more?: Readonly<Record<string, unknown>>
  /** HTTP headers of the error, as frames of a WebSocket tell them. */
  headers?: Readonly<Record<string, string | number | boolean>>
}
/** Any wire event as it is (`codex.rate_limits`, `response.metadata`, `keepalive`, …). Over HTTP it gets a sequence number if it has none. */
export interface EventStep {
  type: 'event'
  event: Readonly<Record<string, unknown>> & { type: string }
}
/** A recorded stream: one wire event as JSON text a line, sent verbatim. */
export interface ReplayStep {
  type: 'replay'
  lines: readonly string[]
}
/** Bytes of the body as they are. Only an HTTP reply carries them. */
export interface RawStep {
  type: 'raw'
  bytes: string | Uint8Array
}
/** Waits: before every later delta, and once before the first byte of the body. */
export interface PaceStep {
  type: 'pace'
  deltaMs?: number
  firstByteMs?: number
}
/** Token counts to report instead of the estimated ones. */
export interface UsageStep {
  type: 'usage'
  inputTokens?: number
  cachedTokens?: number
  outputTokens?: number
  reasoningTokens?: number
  /** Report no usage at all. */
  absent?: boolean
}
