import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { CutFault } from '../faults/fault.js'
import { cutParts, half, type BeatSink } from '../http/send-stream.js'

/** Bytes that may wait in a connection before the scene is held. */
const BOUND = 1_048_576

/** What surrounds a response on a WebSocket and is no event of it: JSON texts. */
export interface Around {
  /** Before the first event. */
  before: readonly string[]
  /** After the first event, unless that is an error. */
  after: string
}

export interface Outgoing {
  socket: WebSocket
  tcp: Socket
  signal: AbortSignal
  around: Around
  /** Send every frame in fragments of so many bytes. */
  fragmentBytes?: number | undefined
  /** Told before the outlet itself ends the connection. */
  breakingOff(): void
}

/** Sends the events of a scene as text frames. */
export class FrameOutlet implements BeatSink {
  readonly #parts: (string | Uint8Array)[] = []
  #added = 0
  size = 0

  constructor(private readonly to: Outgoing) {}

  get signal(): AbortSignal {
    return this.to.signal
  }

  add(event: string | Uint8Array): void {
    const text = withoutFraming(event)
    // A comment has no counterpart here.
    if (text === '') return
    const { before, after } = this.to.around
    if (this.#added === 0) for (const one of before) this.#push(one)
    this.#push(text)
    if (this.#added === 0 && !(typeof text === 'string' && text.startsWith('{"type":"error"'))) this.#push(after)
    this.#added += 1
  }

  async flush(): Promise<void> {
    this.size = 0
    for (const part of this.#parts.splice(0)) {
      if (this.signal.aborted) return
      this.#send(part)
      if (this.to.socket.bufferedAmount > BOUND) await this.#sent()
    }
  }

  async cut(how: CutFault['how'], next: string | Uint8Array): Promise<void> {
    const { inside, way } = cutParts(how)
    const { socket, tcp } = this.to
    await this.flush()
    if (this.signal.aborted) return
    if (inside) socket.send(half(withoutFraming(next)), { binary: false, fin: false })
    await this.#sent()
    if (way === 'stall') return
    this.to.breakingOff()
    if (way === 'fin') socket.close(1000)
    else if (way === 'unfinished') tcp.destroySoon()
    else tcp.resetAndDestroy()
  }

  #push(part: string | Uint8Array): void {
    this.#parts.push(part)
    this.size += part.length
  }

  #send(part: string | Uint8Array): void {
    const { socket, fragmentBytes } = this.to
    if (fragmentBytes === undefined) return socket.send(part, { binary: false })
    const bytes = Buffer.from(part as Uint8Array)
    for (let start = 0; start < bytes.length; start += fragmentBytes) {
      const end = start + fragmentBytes
      socket.send(bytes.subarray(start, end), { binary: false, fin: end >= bytes.length })
    }
  }

  /** Settles when the kernel has taken everything, or nobody is there any more. */
  #sent(): Promise<void> {
    const { tcp } = this.to
    if (tcp.destroyed || this.signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      tcp.write('', () => resolve())
      this.signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }
}

/** The data of one server-sent event. Bytes that a scene sends as they are stay what they are. */
function withoutFraming(event: string | Uint8Array): string | Uint8Array {
  if (typeof event !== 'string') return event
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n')
}
