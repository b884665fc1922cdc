import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Vendor } from '../vendors/names.js'
import type { ReadBody } from './read-body.js'

/** How an exchange ended: answered whole, left by the client, or broken off by the simulator. */
export type ExchangeEnd = 'complete' | 'client-left' | 'broken-off'

/** One request as the simulator saw it. */
export interface RecordedRequest {
  /** Order of arrival, from 0. */
  readonly index: number
  /** Unix ms, when the headers were there. */
  readonly receivedAt: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** Lower-case names; several of one name joined as Node joins them. */
  readonly headers: Readonly<Record<string, string>>
  /** Name, value, name, value … in the wire's order and spelling. */
  readonly rawHeaders: readonly string[]
  /** JSON parsed, a form as an object, else text. */
  readonly body: unknown
  /** Bytes of the body on the wire and after decoding. */
  readonly wireBytes: number
  readonly decodedBytes: number
  /** Same number = same TCP connection. */
  readonly connectionId: number
  /** Whose token it carried. */
  accountId?: string
  /** The third party that was asked. */
  vendor?: Vendor
  /** The end of the third party's key that it carried, as `VendorKey.hint` has it; empty without one. */
  apiKeyHint?: string
  /** The model that a third party was asked for. */
  model?: string
  /** Status that was answered; undefined until then. */
  status?: number
  /** Unix ms, when the client went away before the answer was whole. */
  closedByClientAt?: number
  /** Has the client gone before the answer was whole? */
  readonly aborted: boolean
  /** Settles when the exchange is over, whoever ended it. */
  readonly closed: Promise<ExchangeEnd>
  /** Settles when the client goes away early; never, if it does not. */
  readonly closedByClient: Promise<void>
}

/** One request and its answer while they last. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly record: RecordedRequest
  readonly body: ReadBody
  /** Aborts when the connection is gone, whoever ended it. */
  readonly signal: AbortSignal
  /** Must be called before the simulator itself destroys the socket. */
  breakingOff(): void
}

/** Watches one exchange from its headers on; `exchange` is called once the body is there. */
export function watchExchange(
  request: IncomingMessage,
  response: ServerResponse,
  facts: { index: number; connectionId: number; now: () => number },
) {
  const receivedAt = facts.now()
  const gone = new AbortController()
  const ended = Promise.withResolvers<ExchangeEnd>()
  const closedByClient = Promise.withResolvers<void>()
  let record: RecordedRequest | undefined
  let broken = false
  let end: ExchangeEnd | undefined
  let closedAt: number | undefined
  response.once('close', () => {
    end = broken ? 'broken-off' : response.writableFinished ? 'complete' : 'client-left'
    if (end === 'client-left') {
      closedAt = facts.now()
      if (record !== undefined) record.closedByClientAt = closedAt
      closedByClient.resolve()
    }
    // A reason of its own spares an error object with its stack for every request.
    gone.abort('connection closed')
    ended.resolve(end)
  })

  return {
    signal: gone.signal,
    exchange(body: ReadBody): Exchange {
      const url = new URL(request.url ?? '/', 'http://simulator')
      record = {
        index: facts.index,
        receivedAt,
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: joinedHeaders(request),
        rawHeaders: request.rawHeaders,
        body: body.value,
        wireBytes: body.wireBytes,
        decodedBytes: body.decodedBytes,
        connectionId: facts.connectionId,
        get aborted() {
          return end === 'client-left'
        },
        closed: ended.promise,
        closedByClient: closedByClient.promise,
      }
      if (closedAt !== undefined) record.closedByClientAt = closedAt
      return {
        request,
        response,
        record,
        body,
        signal: gone.signal,
        breakingOff() {
          broken = true
        },
      }
    },
  }
}

/** Header fields as a record shows them. */
export function joinedHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
