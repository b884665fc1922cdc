import type { IncomingHttpHeaders } from 'node:http'
import { FailureError } from '@dragoman/protocol'
import type { Dispatcher } from 'undici'
import type { Flow, Sink } from './outgoing.js'

/** Kept connections that may prove dead before a request is written to one; those that died together are found dead together. */
const STALE_TRIES = 3

/** What an idle connection dies of that its server has closed. */
const STALE = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET'])

/**
 * One reply on its way to its sink. What one read of the socket brings comes from the HTTP parser in as many pieces as the upstream
 * wrote chunks; they are joined, so that a read costs one decoding and one write whatever the chunking.
 */
export class Reply implements Dispatcher.DispatchHandler, Flow {
  readonly #sink: Sink
  readonly #again: (reply: Reply) => void
  #triesLeft = STALE_TRIES
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  #first: Buffer | undefined
  #more: Buffer[] | undefined

  /** @param again dispatches once more; used when a pooled connection proves dead before anything was written to it */
  constructor(sink: Sink, again: (reply: Reply) => void) {
    this.#sink = sink
    this.#again = again
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) {
      controller.abort(new Error('aborted'))
      return
    }
    this.#triesLeft = 0
    this.#sink.sent()
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (!this.#over && status >= 200) this.#sink.head(status, headers)
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    if (this.#first === undefined) {
      this.#first = chunk
      process.nextTick(flush, this)
    } else if (this.#more === undefined) this.#more = [this.#first, chunk]
    else this.#more.push(chunk)
  }

  onResponseEnd(): void {
    this.flush()
    if (this.#over) return
    this.#over = true
    this.#sink.end()
  }

  onResponseError(_: unknown, error: Error): void {
    this.flush()
    if (this.#over) return
    if (this.#triesLeft > 0 && isStale(error)) {
      this.#triesLeft--
      // Other connections may have died with this one: by then undici has heard of it.
      setImmediate(() => {
        if (!this.#over) this.#again(this)
      })
      return
    }
    this.#over = true
    this.#sink.error(error)
  }

  /** Ends it with an error that came before any connection, in a turn of its own: the caller has no handle yet. */
  failSoon(error: Error): void {
    process.nextTick(() => this.onResponseError(undefined, error))
  }

  flush(): void {
    const first = this.#first
    if (first === undefined) return
    const more = this.#more
    this.#first = undefined
    this.#more = undefined
    if (!this.#over) this.#sink.data(more === undefined ? first : Buffer.concat(more))
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    this.#first = undefined
    this.#more = undefined
    this.#controller?.abort(new Error('aborted'))
  }
}

function flush(reply: Reply): void {
  reply.flush()
}

function isStale(error: Error): boolean {
  return !(error instanceof FailureError) && 'code' in error && STALE.has(String(error.code))
}
