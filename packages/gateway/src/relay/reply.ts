import {
  responseReducer,
  type EncodedError,
  type Failure,
  type PivotEvent,
  type PivotItem,
  type PivotResponse,
  type ReplyMeta,
  type StreamEncoder,
} from '@dragoman/protocol'
import type { ClientProtocol, Outlet } from './exchange.js'
import { retryHeaders } from './failures.js'

/** The client's side of one exchange: streamed or whole, it ends exactly once. */
export interface Reply {
  /** Something of a 200 has been written; no status can be told any more. */
  readonly begun: boolean
  /** The client's socket takes no more for now. */
  readonly full: boolean
  /** Monotonic ms of the last write, and since when the socket has been full. */
  readonly lastWriteAt: number
  readonly fullSince: number | undefined
  /** Events that may go out. A whole reply only collects them. */
  events(batch: readonly PivotEvent[]): void
  /** The upstream's whole reply in the client's own dialect: goes out as it is, once its events are told. */
  whole(body: string): void
  heartbeat(): void
  /** Everything was told; closes well. For a whole reply this is the one write. */
  complete(): void
  /** Tells the failure in the one form that the client's protocol has for this moment, and closes. */
  fail(failure: Failure): void
  /** The response as far as it was told; for the books. */
  response(): PivotResponse | undefined
}

export interface ReplyOptions {
  res: Outlet
  dialect: ClientProtocol
  about: ReplyMeta
  headers(): Record<string, string>
  onDrain(): void
  /** More than one attempt was made. */
  poolTried(): boolean
  /** Gets every finished item, when somebody may refer to it later. */
  onItem?(item: PivotItem): void
  /** Gets, at the beginning, how to tell what the client was told in one piece, as far as that is known when it is called. */
  keep?(told: () => unknown): void
}

const SSE = 'text/event-stream; charset=utf-8'

const STREAM_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
}

/** A reply as a stream, most often of server-sent events: one batch, one write. */
export function streamReply(options: ReplyOptions): Reply {
  const { res, dialect, about } = options
  const encoder: StreamEncoder = dialect.serve.streamEncoder(about)
  let begun = false
  let over = false
  let full = false
  let fullSince: number | undefined
  let lastWriteAt = performance.now()
  let last: PivotResponse | undefined
  let failed: Failure | undefined
  const kept = options.keep === undefined ? undefined : responseReducer()
  options.keep?.(() => toldBy(options, kept?.response(), failed))

  function begin(): void {
    if (begun) return
    begun = true
    res.writeHead(200, { 'content-type': encoder.contentType ?? SSE, ...STREAM_HEADERS, ...options.headers() })
  }

  function write(text: string): void {
    if (text === '') return
    lastWriteAt = performance.now()
    if (!res.write(text) && !full) {
      full = true
      fullSince = lastWriteAt
      res.once('drain', () => {
        full = false
        fullSince = undefined
        options.onDrain()
      })
    }
  }

  return {
    get begun() {
      return begun
    },
    get full() {
      return full
    },
    get lastWriteAt() {
      return lastWriteAt
    },
    get fullSince() {
      return fullSince
    },
    events(batch) {
      if (over || batch.length === 0) return
      begin()
      const end = batch[batch.length - 1]
      if (end !== undefined && 'response' in end) last = end.response
      if (options.onItem !== undefined) finishedItems(batch).forEach(options.onItem)
      kept?.push(batch)
      write(encoder.push(batch))
    },
    whole: () => undefined,
    heartbeat() {
      if (over) return
      begin()
      write(encoder.heartbeat())
    },
    complete() {
      if (over) return
      over = true
      res.end()
    },
    fail(failure) {
      if (over) return
      over = true
      failed = failure
      if (!begun) {
        refuse(res, dialect.serve.encodeError(failure, about.requestId, Date.now()), {
          ...retryHeaders(failure, Date.now(), options.poolTried()),
          ...options.headers(),
        })
        return
      }
      res.end(encoder.fail(failure))
    },
    response: () => last,
  }
}

function finishedItems(batch: readonly PivotEvent[]): PivotItem[] {
  return batch.flatMap((event) => (event.type === 'response.output_item.done' ? [event.item] : []))
}

/** A reply in one piece, folded from the upstream's stream. */
export function wholeReply(options: ReplyOptions): Reply {
  const { res, dialect, about } = options
  const reducer = responseReducer()
  const startedAt = performance.now()
  let over = false
  let verbatim: string | undefined
  let failed: Failure | undefined
  options.keep?.(() => verbatim ?? toldBy(options, over ? reducer.response() : undefined, failed))

  return {
    begun: false,
    full: false,
    lastWriteAt: startedAt,
    fullSince: undefined,
    events: (batch) => reducer.push(batch),
    whole: (body) => void (verbatim = body),
    heartbeat: () => undefined,
    complete() {
      if (over) return
      // Text, not bytes: Node then sends head and body in one write.
      const response = reducer.response()
      const body = verbatim ?? JSON.stringify(dialect.serve.encodeResponse(response, about))
      if (options.onItem !== undefined) response.output.forEach((item) => options.onItem?.(item))
      over = true
      res.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-length': Buffer.byteLength(body),
        ...options.headers(),
      })
      res.end(body)
    },
    fail(failure) {
      if (over) return
      over = true
      failed = failure
      refuse(res, dialect.serve.encodeError(failure, about.requestId, Date.now()), {
        ...retryHeaders(failure, Date.now(), options.poolTried()),
        ...options.headers(),
      })
    },
    response: () => reducer.response(),
  }
}

/** What a client was told, as one document in its own protocol. */
function toldBy(
  { dialect, about }: ReplyOptions,
  response: PivotResponse | undefined,
  failure: Failure | undefined,
): unknown {
  const error = failure === undefined ? undefined : dialect.serve.encodeError(failure, about.requestId, Date.now()).body
  if (response === undefined || (error !== undefined && response.output.length === 0)) return error
  const reply = dialect.serve.encodeResponse(response, about)
  return error === undefined ? reply : { reply, error }
}

/** A status and the protocol's own error body. */
export function refuse(res: Outlet, error: EncodedError, headers: Record<string, string>): void {
  const body = JSON.stringify(error.body)
  res.writeHead(error.status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(body),
    ...error.headers,
    ...headers,
  })
  res.end(body)
}
