import type { Dialect, DialectId } from '@dragoman/protocol'
import type { Relay } from '../../relay/index.js'
import type { Log } from '../../telemetry/index.js'
import type { KeyDoor } from '../key-limits.js'
import type { BodyBudget, BodyLimits } from '../read-body.js'

/** What the WebSockets of clients need of the gateway. */
export interface SocketsHouse extends KeyDoor {
  relay: Relay
  dialects: Readonly<Record<DialectId, Dialect>>
  budget: BodyBudget
  /** Of one frame, and of a conversation that is remembered. */
  limits(): BodyLimits
  /** Requests, and WebSockets, that a key may have open. */
  settings(): { exchangesPerKey: number }
  /** The catalog's `ETag`; a client whose own differs reads the models anew. */
  modelsEtag?(): string | undefined
  /** Between two pings; a client that is silent for two of them is gone. Default 25 s. */
  pingMs?: number
  /** A connection on which nothing is asked for so long is closed. Default 55 minutes; the vendor closes at 60. */
  idleMs?: number
  log: Log
}
