import type { RequestRecord } from '../telemetry/index.js'

/** What is said in one exchange. References only: nothing is copied while it runs. */
export interface ExchangeBodies {
  /** What the client sent. */
  request: unknown
  /** It is the very body that came in, so it can be sent again. */
  own: boolean
  /** Of the client; lower-case names. Credentials are not among them. */
  headers: Readonly<Record<string, string | undefined>>
  /** What went upstream, one for each attempt that got so far. */
  upstream: unknown[]
  /** What the client was told, in one piece. May throw. */
  reply(): unknown
}

/** Who keeps what is said. */
export interface BodyKeeper {
  /** Asked once for each exchange, when it begins. */
  wanted(): boolean
  /** Told before the record is. */
  keep(record: RequestRecord, bodies: ExchangeBodies): void
}
