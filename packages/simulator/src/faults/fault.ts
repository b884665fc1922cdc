import type { Wait } from '../http/gates.js'

/** What goes wrong with one request. */
export type Fault = ReplyFault | StreamFault

/** Instead of an answer. */
export type ReplyFault =
  | StatusFault
  | { type: 'reply'; status: number; headers?: Readonly<Record<string, string>>; body?: string | object }
  | { type: 'redirect'; to: string; status?: number }
  /** The connection is reset before a byte of the answer. */
  | { type: 'reset' }
  /** Nothing is ever answered. */
  | { type: 'hang' }

/** The error replies that can be had by name; what each looks like is told in `status-replies.ts`, and for third parties under `vendors/errors`. */
export const STATUS_FAULTS = [
  'token_expired',
  'token_invalidated',
  'unauthorized',
  'payment_required',
  'forbidden_region',
  'account_deactivated',
  'challenge',
  'path_blocked',
  'model_not_found',
  'payload_too_large',
  'context_length_exceeded',
  'usage_limit_reached',
  'usage_not_included',
  'insufficient_quota',
  'rate_limited',
  'internal',
  'bad_gateway',
  'overloaded',
  'slow_down',
  'quota',
  'forbidden',
  'context_too_long',
] as const
export type StatusFaultName = (typeof STATUS_FAULTS)[number]

/** An error status with the body and headers that the real service sends. */
export interface StatusFault {
  type: 'status'
  name: StatusFaultName
  /** Unix seconds, for the faults that tell when a limit ends. Default: an hour from now. */
  resetsAt?: number
  /** Seconds, for `retry-after`. Default 2. */
  retryAfter?: number
  message?: string
}

/** Inside an answer that began well. */
export type StreamFault = CutFault | FailFault

/** Where: after this many whole events, or right before the event that would end the response. */
export type Place = number | 'terminal'

/**
 * The stream breaks off.
 * `fin`: the body ends cleanly, but the terminal event is missing. `unfinished`: the connection closes in the middle of the body.
 * `rst`: the connection is reset. `stall`: nothing more comes. `inside-…`: half an event first.
 * On a WebSocket `fin` is a close frame with 1000, `unfinished` and `rst` are ends without one, and half an event is a fragment.
 */
export interface CutFault {
  type: 'cut'
  at: Place
  how: 'fin' | 'unfinished' | 'rst' | 'stall' | 'inside-fin' | 'inside-unfinished' | 'inside-rst' | 'inside-stall'
}

/** An error told inside the 200, in place of the rest of the stream, which then ends cleanly. */
export interface FailFault {
  type: 'fail'
  at: Place
  /** Third parties have one form each, but for Responses. Default `response.failed`. */
  form?: 'response.failed' | 'error-flat' | 'error-nested'
  code: string
  message?: string
  /** More fields of the error object, e.g. `resets_at`. */
  more?: Readonly<Record<string, unknown>>
  /** Only of an `error` event: the HTTP status and headers it stands for, as frames of a WebSocket tell them. */
  status?: number
  headers?: Readonly<Record<string, string | number | boolean>>
}

export function isStreamFault(fault: Fault): fault is StreamFault {
  return fault.type === 'cut' || fault.type === 'fail'
}

/** How a stream is put on the wire. Combines with any scene and any stream fault. */
export interface Delivery {
  /** Wait before the status line. */
  headersAfter?: Wait
  /** Wait between the headers and the first byte of the body. */
  firstByteAfter?: Wait
  /** Wait before the terminal event. */
  terminalAfter?: Wait
  /** More reply headers; an empty string takes a header away. */
  headers?: Readonly<Record<string, string | string[]>>
  /** Bytes a write, one write a turn of the event loop. */
  writeBytes?: number
  /** Lines end in CR LF. */
  crlf?: boolean
  /** No `event:` lines; `type` inside the JSON decides. */
  noEventLines?: boolean
  /** `obfuscation` in text deltas, as the backend sends by default (2026). */
  obfuscation?: boolean
  /** Only `response.output_item.done` and the terminal event. */
  lean?: boolean
  /** `data: [DONE]` at the end. A third party's chat has it unless this is false. */
  doneLine?: boolean
  /** Where a third party's chat tells its usage; default as that party does. */
  usage?: 'absent' | 'own-chunk' | 'with-finish' | 'every-chunk'
  /** Frames between the events, before the event of that number. */
  insert?: readonly { at: number; what: InsertedFrame }[]
  /** Say `connection: close` and close after the reply. */
  closeConnection?: boolean
}
export type InsertedFrame = 'garbage' | 'comment' | { hugeBytes: number } | { raw: string }

/** The text of an inserted frame. A huge one is an event of an unknown type with that many bytes of padding. */
export function insertedFrame(what: InsertedFrame): string {
  if (what === 'garbage') return 'data: {"type":"response.output_text.delta","delta":\n\n'
  if (what === 'comment') return ': keep-alive\n\n'
  if ('raw' in what) return what.raw
  return `event: keepalive\ndata: {"type":"keepalive","padding":"${'x'.repeat(what.hugeBytes)}"}\n\n`
}
