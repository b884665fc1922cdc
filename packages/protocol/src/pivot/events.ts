import type { Annotation, PivotItem } from './items.js'
import type { PivotResponse } from './response.js'

/**
 * Stream events of the pivot: Open Responses' semantic events in their own spelling.
 *
 * Two things differ from the wire, both for the hot path:
 * - a delta carries its text **still JSON-escaped** (`escaped`, what stands between the quotes on the wire), so that an
 *   encoder can splice it into a prebuilt frame; {@link deltaText} gives the plain text. Producers that hold plain text use {@link escapeText};
 * - `frame`, when the decoder was asked to keep frames, holds the verbatim wire frame (with its closing blank line) that the event was
 *   read from. Only the encoder of the same dialect may use it. A frame that makes several events rides on the first of
 *   them, and a frame that makes none (a comment, `[DONE]`) comes as {@link OtherEvent}; so joining all `frame`s gives the stream byte for byte.
 */
export type PivotEvent =
  | LifecycleEvent
  | ItemEvent
  | ContentPartEvent
  | OutputTextDelta
  | OutputTextDone
  | AnnotationAdded
  | RefusalDelta
  | RefusalDone
  | ReasoningTextDelta
  | ReasoningTextDone
  | SummaryPartEvent
  | SummaryTextDelta
  | SummaryTextDone
  | ArgumentsDelta
  | ArgumentsDone
  | CustomInputDelta
  | CustomInputDone
  | PartialImage
  | ErrorEvent
  | OtherEvent

interface Framed {
  frame?: string
}

export interface LifecycleEvent extends Framed {
  type:
    | 'response.created'
    | 'response.queued'
    | 'response.in_progress'
    | 'response.completed'
    | 'response.incomplete'
    | 'response.failed'
  response: PivotResponse
}
export interface ItemEvent extends Framed {
  type: 'response.output_item.added' | 'response.output_item.done'
  output_index: number
  item: PivotItem
}
export interface ContentPartEvent extends Framed {
  type: 'response.content_part.added' | 'response.content_part.done'
  item_id: string
  output_index: number
  content_index: number
  part: { type: string; [field: string]: unknown }
}
export interface OutputTextDelta extends Framed {
  type: 'response.output_text.delta'
  item_id: string
  output_index: number
  content_index: number
  escaped: string
  logprobs?: unknown[]
}
export interface OutputTextDone extends Framed {
  type: 'response.output_text.done'
  item_id: string
  output_index: number
  content_index: number
  text: string
  logprobs?: unknown[]
}
export interface AnnotationAdded extends Framed {
  type: 'response.output_text.annotation.added'
  item_id: string
  output_index: number
  content_index: number
  annotation_index: number
  annotation: Annotation
}
export interface RefusalDelta extends Framed {
  type: 'response.refusal.delta'
  item_id: string
  output_index: number
  content_index: number
  escaped: string
}
export interface RefusalDone extends Framed {
  type: 'response.refusal.done'
  item_id: string
  output_index: number
  content_index: number
  refusal: string
}
/** Raw reasoning. Open Responses also spells it `response.reasoning.delta`; the decoder reads both. */
export interface ReasoningTextDelta extends Framed {
  type: 'response.reasoning_text.delta'
  item_id: string
  output_index: number
  content_index: number
  escaped: string
}
export interface ReasoningTextDone extends Framed {
  type: 'response.reasoning_text.done'
  item_id: string
  output_index: number
  content_index: number
  text: string
}
export interface SummaryPartEvent extends Framed {
  type: 'response.reasoning_summary_part.added' | 'response.reasoning_summary_part.done'
  item_id: string
  output_index: number
  summary_index: number
  part: { type: 'summary_text'; text: string }
}
export interface SummaryTextDelta extends Framed {
  type: 'response.reasoning_summary_text.delta'
  item_id: string
  output_index: number
  summary_index: number
  escaped: string
}
export interface SummaryTextDone extends Framed {
  type: 'response.reasoning_summary_text.done'
  item_id: string
  output_index: number
  summary_index: number
  text: string
}
export interface ArgumentsDelta extends Framed {
  type: 'response.function_call_arguments.delta'
  item_id: string
  output_index: number
  escaped: string
}
export interface ArgumentsDone extends Framed {
  type: 'response.function_call_arguments.done'
  item_id: string
  output_index: number
  arguments: string
}
export interface CustomInputDelta extends Framed {
  type: 'response.custom_tool_call_input.delta'
  item_id: string
  output_index: number
  escaped: string
}
export interface CustomInputDone extends Framed {
  type: 'response.custom_tool_call_input.done'
  item_id: string
  output_index: number
  input: string
}
export interface PartialImage extends Framed {
  type: 'response.image_generation_call.partial_image'
  item_id: string
  output_index: number
  partial_image_index: number
  partial_image_b64: string
}
/** An error told inside a stream that has no response of its own to fail. */
export interface ErrorEvent extends Framed {
  type: 'error'
  code?: string | null
  message: string
  param?: string | null
  /** HTTP status where the upstream gave one (WebSocket error frames, chat error chunks with a numeric code). */
  status?: number
  errorType?: string | null
  /** Unix seconds, `resets_at` of a quota error. */
  resetsAt?: number
}
/** An event without a meaning outside its own dialect. `name` is empty for a frame that is no event (comment, `[DONE]`). */
export interface OtherEvent extends Framed {
  type: 'other'
  name: string
  /** The parsed data of the frame; undefined where nobody needed it parsed. */
  data?: Record<string, unknown>
}

/** The plain text of a delta event. */
export function deltaText(event: { escaped: string }): string {
  return event.escaped.includes('\\') ? (JSON.parse(`"${event.escaped}"`) as string) : event.escaped
}

/** What stands between the quotes when JSON writes this text. */
export function escapeText(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Does this event end the response? Exactly one such event ends a whole stream. */
export function isTerminal(event: PivotEvent): boolean {
  return (
    event.type === 'response.completed' ||
    event.type === 'response.incomplete' ||
    event.type === 'response.failed' ||
    event.type === 'error'
  )
}

/**
 * Does this event commit the request? The first sight of output does; the handshake (`created`, `queued`,
 * `in_progress`), rate-limit news and unknown events do not, so an upstream that thinks better of it in between can be left.
 */
export function commits(event: PivotEvent): boolean {
  switch (event.type) {
    case 'response.created':
    case 'response.queued':
    case 'response.in_progress':
    case 'response.failed':
    case 'error':
    case 'other':
      return false
    default:
      return true
  }
}
