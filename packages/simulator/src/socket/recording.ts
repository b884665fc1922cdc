import type { IncomingMessage } from 'node:http'
import { joinedHeaders, type ExchangeEnd, type RecordedRequest } from '../http/recorded-request.js'

/** A handshake or a frame as a recorded request, and the means to end it. */
export interface Recording {
  readonly record: RecordedRequest
  /** Aborts when it is over, whoever ended it. */
  readonly signal: AbortSignal
  /** Only the first end counts. */
  end(how: ExchangeEnd): void
}

export interface RecordedFacts {
  index: number
  connectionId: number
  now: () => number
  /** `WS` for a frame. */
  method: string
  body?: unknown
  wireBytes?: number
  accountId?: string | undefined
}

/** Records what came over a connection that was asked to become a WebSocket. */
export function startRecording(handshake: IncomingMessage, facts: RecordedFacts): Recording {
  const url = new URL(handshake.url ?? '/', 'http://simulator')
  const over = new AbortController()
  const ended = Promise.withResolvers<ExchangeEnd>()
  const left = Promise.withResolvers<void>()
  let end: ExchangeEnd | undefined
  const record: RecordedRequest = {
    index: facts.index,
    receivedAt: facts.now(),
    method: facts.method,
    path: url.pathname,
    query: url.searchParams,
    headers: joinedHeaders(handshake),
    rawHeaders: handshake.rawHeaders,
    body: facts.body,
    wireBytes: facts.wireBytes ?? 0,
    decodedBytes: facts.wireBytes ?? 0,
    connectionId: facts.connectionId,
    ...(facts.accountId === undefined ? {} : { accountId: facts.accountId }),
    get aborted() {
      return end === 'client-left'
    },
    closed: ended.promise,
    closedByClient: left.promise,
  }
  return {
    record,
    signal: over.signal,
    end(how) {
      if (end !== undefined) return
      end = how
      if (how === 'client-left') {
        record.closedByClientAt = facts.now()
        left.resolve()
      }
      over.abort('over')
      ended.resolve(how)
    },
  }
}
