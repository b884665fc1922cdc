import type { Dialect, DialectId, Failure, PivotRequest } from '@dragoman/protocol'
import type { ToldItems } from '../conversations/index.js'
import type { BodyKeeper } from '../request-log/index.js'
import type { Log, RequestRecords } from '../telemetry/index.js'
import type { Exchange, Routed } from './exchange.js'
import type { ShapingSettings } from './shaping/index.js'

export interface RelayLimits {
  heartbeatMs: number
  firstEventMs: number
  idleMs: number
  wallMs: number
  writeStallMs: number
  maxAttempts: number
}

export interface RelayHouse {
  /** Where a model's name leads, its fallbacks after it, or why nowhere. */
  route(request: PivotRequest): readonly [Routed, ...Routed[]] | Failure
  dialects: Readonly<Partial<Record<DialectId, Dialect>>>
  /** The size of a request's prompt in tokens, when it can be counted at once. */
  inputTokens(request: PivotRequest): number | undefined
  /** What was told to whom, for clients that refer to it. */
  told: ToldItems
  /** The conversation that a request belongs to, and the chain of its turns that share a prompt's beginning. */
  conversationOf(exchange: Exchange): { conversation: string; chain: string }
  /** Read at every request. */
  limits(): RelayLimits
  /** What is added to requests. Read at every request. */
  shaping(): ShapingSettings
  records: RequestRecords
  /** Keeps what is said, where its owner wishes that. Default: nobody does. */
  bodies?: BodyKeeper
  log: Log
}
