import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type * as Library from 'ws'
import type { Dialler } from './dial/index.js'
import { joined } from './simple-request.js'
import type { SocketFlow, SocketRequest, SocketSink } from './socket.js'
import { readTarget, WEB_SOCKET } from './target.js'
import type { WayFor } from './way.js'

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024
const MAX_REFUSAL_BYTES = 64 * 1024
/** How long the other side may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 5_000

export interface Sockets {
  open(out: SocketRequest, sink: SocketSink): SocketFlow
  /** Drops all that are open. */
  close(): void
}

export interface SocketsOptions {
  dialler: Dialler
  wayFor: WayFor
  connectTimeoutMs: number
}

export function createSockets(options: SocketsOptions): Sockets {
  const open = new Set<OpenSocket>()
  return {
    open(out, sink) {
      const socket = new OpenSocket(out, sink, () => open.delete(socket))
      open.add(socket)
      void socket.start(options)
      return socket
    },
    close() {
      for (const socket of open) socket.drop()
    },
  }
}

/** One WebSocket from dialling to its end. Exactly one of `refused`, `close` and `error` ends its news, unless its owner closed it. */
class OpenSocket implements SocketFlow {
  readonly #out: SocketRequest
  readonly #sink: SocketSink
  readonly #gone: () => void
  readonly #dialling = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #ws: Library.WebSocket | undefined
  #answer: IncomingMessage | undefined
  #waiting: string[] | undefined = []
  #paused = false
  #over = false

  constructor(out: SocketRequest, sink: SocketSink, gone: () => void) {
    this.#out = out
    this.#sink = sink
    this.#gone = gone
  }

  /** Never rejects: what goes wrong is told to the sink, and never before the caller has its handle. */
  async start({ dialler, wayFor, connectTimeoutMs }: SocketsOptions): Promise<void> {
    try {
      // Before there is a connection: none may be left without listeners while a library is read.
      const library = await import('ws')
      if (this.#over) return
      const begun = performance.now()
      const { url, host, port, tls } = readTarget(this.#out.url, WEB_SOCKET)
      const socket = await dialler.dial({
        host,
        port,
        ...(tls ? { tls: {} } : {}),
        way: this.#out.via ?? wayFor(this.#out.owner, url),
        timeoutMs: Math.min(this.#out.openTimeoutMs, connectTimeoutMs),
        signal: this.#dialling.signal,
      })
      if (this.#over) return void socket.destroy()
      // The dialler kept its own time: which step took too long decides who is to blame.
      const left = this.#out.openTimeoutMs - (performance.now() - begun)
      this.#timer = setTimeout(() => this.#fail(new OpeningTookTooLong()), left)
      this.#shakeHands(library, url, socket)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error('no connection'))
    }
  }

  #shakeHands(library: typeof Library, url: URL, socket: Socket): void {
    const options: Library.ClientOptions & { closeTimeout: number } = {
      headers: { host: url.host, ...grouped(this.#out.headers) },
      createConnection: () => socket,
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
    }
    const ws = new library.WebSocket(url, options)
    this.#ws = ws
    ws.on('upgrade', (answer) => (this.#answer = answer))
    ws.on('unexpected-response', (request, answer) => {
      void readSome(answer).then((body) => {
        request.destroy()
        this.#end(() => this.#sink.refused(answer.statusCode ?? 0, joined(answer.headers), body))
      })
    })
    ws.on('open', () => this.#opened(ws))
    ws.on('message', (data: Buffer, binary) => {
      if (this.#over) return
      if (binary) return this.#fail(new Error('a binary message came where only text is spoken'))
      this.#sink.alive?.()
      this.#sink.message(data.toString('utf8'))
    })
    ws.on('ping', () => this.#alive())
    ws.on('pong', () => this.#alive())
    ws.on('error', (error) => this.#fail(error))
    ws.on('close', (code, reason) => this.#end(() => this.#sink.close(code, reason.toString('utf8'))))
  }

  #opened(ws: Library.WebSocket): void {
    clearTimeout(this.#timer)
    if (this.#over) return
    this.#sink.open(joined(this.#answer?.headers ?? {}))
    // The owner may have closed it by now.
    if (ws.readyState !== ws.OPEN) return
    for (const text of this.#waiting ?? []) ws.send(text)
    this.#waiting = undefined
    if (this.#paused) ws.pause()
  }

  #alive(): void {
    if (!this.#over) this.#sink.alive?.()
  }

  #fail(error: Error): void {
    this.#end(() => this.#sink.error(error))
    this.#ws?.terminate()
  }

  #end(tell: () => void): void {
    clearTimeout(this.#timer)
    this.#gone()
    if (this.#over) return
    this.#over = true
    this.#dialling.abort()
    tell()
  }

  send(text: string): void {
    if (this.#over) return
    if (this.#waiting === undefined) this.#ws?.send(text)
    else this.#waiting.push(text)
  }

  ping(): void {
    const ws = this.#ws
    if (!this.#over && ws?.readyState === ws?.OPEN) ws?.ping()
  }

  pause(): void {
    this.#paused = true
    this.#ws?.pause()
  }

  resume(): void {
    this.#paused = false
    this.#ws?.resume()
  }

  close(now = false): void {
    this.#end(() => undefined)
    const ws = this.#ws
    if (ws === undefined) return
    if (now || ws.readyState !== ws.OPEN) return ws.terminate()
    // A closing handshake that nobody reads would never end.
    ws.resume()
    ws.close(1000)
  }

  /** The transport closes: the sink hears that its connection is gone. */
  drop(): void {
    this.#end(() => this.#sink.close(1006, 'the gateway is stopping'))
    this.#ws?.terminate()
  }
}

class OpeningTookTooLong extends Error {
  readonly code = 'ETIMEDOUT'
  constructor() {
    super('opening the WebSocket took too long')
  }
}

/** Name, value, name, value … as an object that keeps the order; a name that comes twice has both values. */
function grouped(headers: readonly string[]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {}
  for (let n = 0; n + 1 < headers.length; n += 2) {
    const [name = '', value = ''] = [headers[n], headers[n + 1]]
    const known = all[name]
    all[name] = known === undefined ? value : [known, value].flat()
  }
  return all
}

/** The beginning of a refusal's body; what the connection's end cuts off is not missed. */
async function readSome(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= MAX_REFUSAL_BYTES) break
    }
  } catch {
    // Its status says enough.
  }
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL_BYTES)
}
