import type { Failure } from './failure.js'
import type { PivotEvent, PivotRequest, PivotResponse } from './pivot/index.js'

export type DialectId = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini' | 'ollama'

/** What happened to one field in translation. `pointer` is a JSON pointer into the body that was translated. */
export interface Note {
  pointer: string
  what: 'dropped' | 'approximated' | 'emulated'
  why: string
}

/** A translation and its receipt. */
export interface Translated<T> {
  value: T
  receipt: Note[]
}

/** What surrounds a request body: lower-case header names, first value each. */
export interface RequestMeta {
  headers: Readonly<Record<string, string | undefined>>
  /** What a Gemini-style path and query carry outside the body. `alt` is `sse` or absent: a JSON array is streamed then. */
  path?: { model?: string; stream?: boolean; alt?: string }
}

/** What an encoder must know of the request that it answers. */
export interface ReplyMeta {
  /** The gateway's id of this exchange, `[A-Za-z0-9_-]+`. */
  requestId: string
  /** The model as the client named it. */
  model: string
  /** Unix seconds, when the reply began. */
  createdAt: number
  /** The request that is answered; echoed where the wire echoes it (Responses) or asked for options (`stream_options`). */
  request: PivotRequest
  /**
   * The prompt's size in tokens, counted here, for dialects that tell it before the upstream has told it (Anthropic's
   * `message_start`). May be slow the first time; called at most once a reply. Undefined when it cannot be counted.
   */
  inputTokens?(): number | undefined
  /** Takes what the reply's translation cost, for the record; the reply's headers may be gone by then. */
  note?(note: Note): void
}

/** What a call encoder must know of its upstream. */
export interface UpstreamModel {
  /** The upstream's own name of the model. */
  model: string
  /** Whose rules the body must obey: the ChatGPT Codex backend refuses what the public API takes. */
  rules: 'codex' | 'openai' | 'compatible'
  /** The most tokens that the model gives in one answer; for wires that demand a limit (Anthropic's `max_tokens`). */
  maxOutputTokens?: number
}

export interface StreamDecoder {
  /** One network read in, the events that it completed out. Any split of the bytes gives the same events. */
  push(chunk: Uint8Array): PivotEvent[]
  /** The upstream closed. Gives what was held back; gives no terminal event that the upstream did not send. */
  end(): PivotEvent[]
}

export interface StreamEncoder {
  /** Content type of the stream; without it `text/event-stream`. */
  readonly contentType?: string
  /** One batch in, one string to write out (possibly empty). */
  push(events: readonly PivotEvent[]): string
  /** Keeps intermediaries awake; may come before the first event. */
  heartbeat(): string
  /** The one form of a mid-stream error that this dialect's clients report (reliability table 4.1). Ends the stream. */
  fail(failure: Failure): string
}

export interface EncodedError {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** One HTTP API's wire format in both directions. Pure. */
export interface Dialect {
  readonly id: DialectId
  /** The gateway as a server of this API. */
  readonly serve: {
    /**
     * Notes what the pivot cannot hold. What it holds in `extra` (sampling, fields of this dialect) is noted by the call
     * encoder of an upstream that cannot do it, because the same-dialect road loses nothing.
     * @throws FailureError `invalid_request` with a JSON pointer
     */
    decodeRequest(body: unknown, from: RequestMeta): Translated<PivotRequest>
    encodeResponse(response: PivotResponse, about: ReplyMeta): unknown
    streamEncoder(about: ReplyMeta): StreamEncoder
    /**
     * @param requestId the gateway's id of the exchange, for wires whose error body names it
     * @param now unix ms, for wires whose error body says how long to wait
     */
    encodeError(failure: Failure, requestId?: string, now?: number): EncodedError
    /** Fields of the pivot request that this dialect's clients know by another name: `{ max_output_tokens: '/max_tokens' }`. */
    readonly fieldNames?: Readonly<Record<string, string>>
  }
  /** The gateway as a client of an upstream that speaks it. */
  readonly call: {
    encodeRequest(request: PivotRequest, to: UpstreamModel): Translated<Record<string, unknown>>
    /** A whole (non-stream) reply as the events that a stream would have told, terminal event included. */
    decodeResponse(body: unknown): PivotEvent[]
    streamDecoder(options?: { keepFrames?: boolean }): StreamDecoder
    /** The error body of a non-2xx reply. `headers` in lower case. */
    decodeError(status: number, headers: Readonly<Record<string, string | undefined>>, body: Uint8Array): Failure
    /** The failure that a terminal `response.failed` or `error` event tells; undefined for every other event. */
    failureOf(event: PivotEvent): Failure | undefined
  }
}

/** Closes a switch over a closed union; the compiler refuses it when a case is missing. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected value ${JSON.stringify(value)}`)
}
