import { openaiResponses, type StreamDecoder } from '@dragoman/protocol'
import { compactionBody, compactionDecoder } from './compaction.js'

/** One of the backend's endpoints that take a Responses body. */
export interface Endpoint {
  /** Appended to the base URL. */
  path: string
  accept: string
  /** What it takes of a Responses body. */
  body(whole: Record<string, unknown>): Record<string, unknown>
  decoder(options: { keepFrames: boolean }): StreamDecoder
  /** Its failures count against the account. */
  benches: boolean
  /** It may be asked over a WebSocket. */
  hasSocket: boolean
  /** It knows the lite shape. */
  hasLite: boolean
  /** `x-openai-subagent`, when the client itself does not say who asks (upstream-codex 2.1). */
  subagent?: string
}

export const ANSWERS: Endpoint = {
  path: '/codex/responses',
  accept: 'text/event-stream',
  body: (whole) => whole,
  decoder: (options) => openaiResponses.call.streamDecoder(options),
  benches: true,
  hasSocket: true,
  hasLite: true,
}

/** The legacy way to compact, in one JSON document; older than WebSockets and the lite shape. Source: upstream-codex 5.4. */
export const COMPACTIONS: Endpoint = {
  path: '/codex/responses/compact',
  accept: 'application/json',
  body: compactionBody,
  decoder: compactionDecoder,
  benches: false,
  hasSocket: false,
  hasLite: false,
  subagent: 'compact',
}
