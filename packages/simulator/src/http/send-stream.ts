import { isTerminal } from '@dragoman/protocol'
import {
  insertedFrame,
  type CutFault,
  type Delivery,
  type FailFault,
  type Place,
  type StreamFault,
} from '../faults/fault.js'
import { play, type Beat, type PlayContext, type Step } from '../scene/index.js'
import { wait, type Gates } from './gates.js'
import type { Exchange } from './recorded-request.js'
import { reset } from './send.js'
import { frameWriter } from './wire-frame.js'

/** What is collected before it is written, in characters. Keeps one write for a whole fast stream, and memory bounded for a huge one. */
const BATCH = 65_536

export interface BeatPlan {
  beats: Iterable<Beat>
  delivery: Delivery
  fault?: StreamFault
  gates: Gates
  /** For the response object of an error that is told inside. */
  context: PlayContext
  /** An error that comes before anything else is told without a response around it. */
  bareErrors?: boolean
}

export interface StreamPlan extends BeatPlan {
  headers: Readonly<Record<string, string | string[]>>
}

/** Where the events of a played scene go, written as server-sent events. */
export interface BeatSink {
  /** Aborts when the other side is gone. */
  readonly signal: AbortSignal
  /** Characters added since the last flush. */
  readonly size: number
  add(event: string | Uint8Array): void
  /** Settles when the other side can take more. */
  flush(): Promise<void>
  /** Breaks off; `next` is the event that would have come. */
  cut(how: CutFault['how'], next: string | Uint8Array): Promise<void>
}

/** Sends a played scene as the body of an event stream. */
export async function sendStream(exchange: Exchange, plan: StreamPlan): Promise<void> {
  const { response, record, signal } = exchange
  const { delivery, gates } = plan
  const beforeHeaders = wait(delivery.headersAfter, gates, signal)
  if (beforeHeaders !== undefined) await beforeHeaders
  if (signal.aborted) return
  record.status = 200
  response.writeHead(200, headersOf(plan))
  response.flushHeaders()
  const out = new Outlet(exchange, delivery.writeBytes)
  if (!(await sendBeats(out, plan))) return
  if (delivery.doneLine === true) out.add('data: [DONE]\n\n')
  await out.flush()
  if (!response.destroyed) response.end()
}

/**
 * Sends the events of a scene, with the plan's waits and faults.
 * Events that wait for nothing leave in one write; a timer runs only where a beat asks for one; a slow reader holds the scene.
 * @returns false when the stream broke off: the sink was cut, or the other side has gone
 */
export async function sendBeats(out: BeatSink, plan: BeatPlan): Promise<boolean> {
  const { delivery, gates, fault } = plan
  const { signal } = out
  const frame = frameWriter({
    crlf: delivery.crlf === true,
    eventLines: delivery.noEventLines !== true,
    obfuscation: delivery.obfuscation === true,
  })
  const beforeBody = wait(delivery.firstByteAfter, gates, signal)
  if (beforeBody !== undefined) await beforeBody

  let sequence = 0
  let responseId: string | undefined
  for (const beat of plan.beats) {
    if (signal.aborted) return false
    if (delivery.lean === true && !isLean(beat)) continue
    const ends = isTerminal(beat.event)
    const held = beat.afterMs > 0 || beat.gate !== undefined || (ends && delivery.terminalAfter !== undefined)
    if (held) {
      await out.flush()
      await wait(beat.afterMs, gates, signal)
      await wait(beat.gate, gates, signal)
      if (ends) await wait(delivery.terminalAfter, gates, signal)
      if (signal.aborted) return false
    }
    for (const { at, what } of delivery.insert ?? []) if (at === sequence) out.add(insertedFrame(what))
    if (fault !== undefined && isPlace(fault.at, sequence, ends)) {
      if (fault.type === 'cut') {
        await out.cut(fault.how, frame(beat, sequence))
        return false
      }
      for (const told of failure(fault, plan, responseId)) out.add(frame(told, sequence++))
      break
    }
    out.add(frame(beat, sequence))
    if (beat.event.type === 'response.created') responseId = beat.event.response.id
    sequence += 1
    if (out.size >= BATCH) await out.flush()
  }
  await out.flush()
  return !signal.aborted
}

/** What a way to break off says: half an event first or not, and how the connection ends. */
export function cutParts(how: CutFault['how']): { inside: boolean; way: 'fin' | 'unfinished' | 'rst' | 'stall' } {
  const inside = how.startsWith('inside-')
  return { inside, way: (inside ? how.slice('inside-'.length) : how) as 'fin' | 'unfinished' | 'rst' | 'stall' }
}

/** The first half of an event. */
export function half(event: string | Uint8Array): string | Uint8Array {
  return event.slice(0, Math.max(1, Math.floor(event.length / 2)))
}

/** The events that tell the failure: with the handshake before them when nothing was said yet, else in the response that has begun. */
function failure(fault: FailFault, { context, bareErrors }: BeatPlan, responseId: string | undefined): Beat[] {
  const message = fault.message ?? 'The simulator was told to fail here.'
  const told = {
    code: fault.code,
    message,
    ...(fault.more === undefined ? {} : { more: fault.more }),
    ...(fault.status === undefined ? {} : { status: fault.status }),
    ...(fault.headers === undefined ? {} : { headers: fault.headers }),
  }
  const step: Step =
    (fault.form ?? 'response.failed') === 'response.failed'
      ? { type: 'failed', ...told }
      : { type: 'error', form: fault.form === 'error-flat' ? 'flat' : 'nested', ...told }
  if (responseId === undefined && !(bareErrors === true && step.type === 'error')) return [...play([step], context)]
  const newId = (prefix: string) => (prefix === 'resp' && responseId !== undefined ? responseId : context.newId(prefix))
  return [...play([step], { ...context, newId })].filter(({ event }) => isTerminal(event))
}

/** Does a fault strike here? */
export function isPlace(at: Place, sequence: number, ends: boolean): boolean {
  return at === 'terminal' ? ends : at === sequence
}

function isLean({ event, bytes }: Beat): boolean {
  return bytes !== undefined || event.type === 'response.output_item.done' || isTerminal(event)
}

function headersOf({ headers, delivery }: StreamPlan): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
    ...delivery.headers,
    ...(delivery.closeConnection === true ? { connection: 'close' } : {}),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

/** Collects events and writes them as a body: whole batches, or so many bytes a turn. */
class Outlet implements BeatSink {
  #parts: (string | Uint8Array)[] = []
  size = 0

  constructor(
    private readonly exchange: Exchange,
    private readonly writeBytes: number | undefined,
  ) {}

  get signal(): AbortSignal {
    return this.exchange.signal
  }

  add(part: string | Uint8Array): void {
    this.#parts.push(part)
    this.size += part.length
  }

  async flush(): Promise<void> {
    if (this.size === 0) return
    const parts = this.#parts
    this.#parts = []
    this.size = 0
    const batch = parts.every((part) => typeof part === 'string')
      ? parts.join('')
      : Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)))
    if (this.writeBytes === undefined) return this.#write(batch)
    const bytes = Buffer.from(batch as Uint8Array)
    for (let start = 0; start < bytes.length; start += this.writeBytes) {
      await this.#write(bytes.subarray(start, start + this.writeBytes))
      await new Promise(setImmediate)
    }
  }

  async cut(how: CutFault['how'], next: string | Uint8Array): Promise<void> {
    const { inside, way } = cutParts(how)
    if (inside) this.add(half(next))
    await this.flush()
    // The client must have what was sent before the cut: a reset discards what still waits in the kernel of either side.
    await this.#delivered()
    if (way === 'stall') return
    this.exchange.breakingOff()
    if (way === 'fin') this.exchange.response.end()
    else if (way === 'unfinished') this.exchange.request.socket.destroySoon()
    else reset(this.exchange)
  }

  /** Settles when the kernel has taken everything. */
  #delivered(): Promise<void> {
    const { socket } = this.exchange.request
    if (socket.destroyed || socket.writableLength === 0) return new Promise((resolve) => setImmediate(resolve))
    return new Promise((resolve) => {
      socket.write('', () => resolve())
      this.exchange.signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  async #write(data: string | Buffer): Promise<void> {
    const { response, signal } = this.exchange
    if (signal.aborted || response.write(data)) return
    await new Promise<void>((resolve) => {
      const go = () => {
        response.off('drain', go)
        signal.removeEventListener('abort', go)
        resolve()
      }
      response.once('drain', go)
      signal.addEventListener('abort', go, { once: true })
    })
  }
}
