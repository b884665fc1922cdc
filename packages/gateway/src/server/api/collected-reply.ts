import { Writable } from 'node:stream'
import type { Outlet } from '../../relay/index.js'

/** A reply that nobody hears yet: one of several that become one. */
export class CollectedReply extends Writable implements Outlet {
  statusCode = 200
  headersSent = false
  headers: Record<string, string | number> = {}
  readonly #chunks: Buffer[] = []

  writeHead(status: number, headers: Record<string, string | number>): void {
    this.statusCode = status
    this.headers = headers
    this.headersSent = true
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks)
  }
}
