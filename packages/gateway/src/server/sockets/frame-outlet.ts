import type { Socket } from 'node:net'
import { Writable } from 'node:stream'
import { sseDecoder } from '@dragoman/protocol'
import type { WebSocket } from 'ws'
import type { Outlet } from '../../relay/index.js'
import { errorFrame } from './frame-protocol.js'
import { quotaFrame } from './quota-frame.js'

/** Bytes that may wait in a connection before the reply is held. */
const BOUND = 256 * 1024

/** Reply headers that say nothing once they are no longer those of an HTTP reply. */
const OF_HTTP: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'cache-control',
  'x-accel-buffering',
  'x-content-type-options',
])

/** What the official client reads of a turn's headers (upstream-codex 3), and what helps everybody else. */
const OF_TURN = /^(?:x-codex-turn-state|openai-model|x-models-etag|x-reasoning-included|x-request-id|x-dragoman-.*)$/

/** How a reply ended, for a later frame that continues it. */
export interface Told {
  responseId: string
  items: readonly unknown[]
  /** Of the items' frames. */
  characters: number
}

/**
 * A reply as text frames: server-sent events in, one frame an event out; a refusal becomes an error frame with its status;
 * a comment says nothing here.
 */
export class FrameOutlet extends Writable implements Outlet {
  statusCode = 200
  headersSent = false
  readonly #decoder = sseDecoder()
  #headers: Record<string, string> = {}
  #refusal: Buffer[] = []
  #events = 0
  readonly #items: unknown[] = []
  #characters = 0
  #responseId: string | undefined

  constructor(private readonly to: { socket: WebSocket; tcp: Socket }) {
    super({ highWaterMark: BOUND })
  }

  /** The response, when it ended as one that can be continued. */
  get told(): Told | undefined {
    if (this.#responseId === undefined) return undefined
    return { responseId: this.#responseId, items: this.#items, characters: this.#characters }
  }

  writeHead(status: number, headers: Record<string, string | number>): void {
    this.statusCode = status
    this.headersSent = true
    for (const [name, value] of Object.entries(headers)) {
      if (!OF_HTTP.has(name.toLowerCase())) this.#headers[name.toLowerCase()] = String(value)
    }
  }

  /** Keeps the connection awake; says nothing. */
  ping(): void {
    const { socket } = this.to
    if (socket.readyState === socket.OPEN) socket.ping()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.statusCode !== 200) {
      this.#refusal.push(chunk)
      done()
      return
    }
    const { tcp } = this.to
    tcp.cork()
    for (const { data } of this.#decoder.push(chunk)) this.#event(data)
    tcp.uncork()
    this.#whenTaken(done)
  }

  override _final(done: () => void): void {
    if (this.statusCode !== 200) {
      this.#send(errorFrame({ status: this.statusCode, body: parsed(Buffer.concat(this.#refusal)) }, this.#headers))
    } else for (const { data } of this.#decoder.end()) this.#event(data)
    done()
  }

  #event(line: string): void {
    const data = line.trimEnd()
    if (data === '') return
    // Only whole objects are events; what an upstream wrote amiss would break a reader of JSON.
    if (!data.startsWith('{') || !data.endsWith('}')) return
    if (this.#events === 0 && !data.includes('"codex.rate_limits"')) this.#send(quotaFrame(this.#headers, Date.now()))
    this.#remember(data)
    this.#send(data)
    if (this.#events === 0 && !data.startsWith('{"type":"error"')) this.#send(this.#metadata())
    this.#events += 1
  }

  /** The headers of a turn, which a WebSocket tells in an event. Source: upstream-codex 3. */
  #metadata(): string | undefined {
    const headers = Object.fromEntries(Object.entries(this.#headers).filter(([name]) => OF_TURN.test(name)))
    if (Object.keys(headers).length === 0) return undefined
    return JSON.stringify({ type: 'response.metadata', headers })
  }

  #remember(data: string): void {
    if (!/"response\.(?:output_item\.done|completed|incomplete)"/.test(data)) return
    const event = parsed(data) as { type?: unknown; item?: unknown; response?: { id?: unknown } | null }
    if (event.type === 'response.output_item.done') {
      this.#items.push(event.item)
      this.#characters += data.length
    } else if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      const id = event.response?.id
      if (typeof id === 'string' && id !== '') this.#responseId = id
    }
  }

  #send(text: string | undefined): void {
    const { socket } = this.to
    if (text !== undefined && socket.readyState === socket.OPEN) socket.send(text)
  }

  /** Calls back at once, or when a reader that fell behind has caught up. */
  #whenTaken(done: () => void): void {
    const { socket, tcp } = this.to
    if (socket.readyState !== socket.OPEN || socket.bufferedAmount <= BOUND || !tcp.writableNeedDrain) {
      done()
      return
    }
    const go = (): void => {
      tcp.off('drain', go)
      tcp.off('close', go)
      done()
    }
    tcp.once('drain', go)
    tcp.once('close', go)
  }
}

function parsed(text: string | Buffer): unknown {
  try {
    return JSON.parse(text.toString())
  } catch {
    return {}
  }
}
