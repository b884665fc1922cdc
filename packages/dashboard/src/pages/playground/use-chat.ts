import { useEffect, useRef, useState } from 'react'
import { api } from '../../api/client.js'
import { useLive } from '../../api/live.js'
import { readRecord, type LiveRecord } from '../connect/records.js'
import {
  errorIn,
  type Asking,
  type Part,
  type Protocol,
  type ReplySoFar,
  type Turn,
  type WireRequest,
} from './conversation.js'
import { WIRES } from './protocols/index.js'
import { splitEvents } from './sse.js'

/** One thing that came over the wire. */
export interface RawEvent {
  /** After the request was sent, ms. */
  atMs: number
  event?: string
  data: string
}

/** A question, and what came of it. */
export interface Exchange {
  id: number
  protocol: Protocol
  model: string
  request: WireRequest
  asked: Turn
  reply: ReplySoFar
  state: 'running' | 'done' | 'stopped' | 'failed'
  /** `x-request-id` */
  requestId?: string
  status?: number
  headers: readonly (readonly [string, string])[]
  /** `x-dragoman-translation` */
  translation?: string
  raw: readonly RawEvent[]
  /** Seen from this page, ms. */
  ttftMs?: number
  durationMs?: number
  /** What the gateway counted, a moment later. */
  record?: LiveRecord
}

/** More than anybody reads; the rest is counted only. */
const MOST_RAW = 20_000

/** A key is good for an hour; a new one is made a little before. */
let key: { value: string; until: number } | undefined

async function playgroundKey(): Promise<string> {
  if (key !== undefined && key.until > Date.now() + 60_000) return key.value
  const { data } = await api.POST('/admin/playground/key')
  if (data === undefined) throw new Error('the gateway lent no key')
  key = { value: data.key, until: Date.parse(data.expires_at) }
  return key.value
}

/** Talks to this very gateway as any client does, under a key of its own. */
export function useChat() {
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([])
  const running = useRef<AbortController>(undefined)
  const count = useRef(0)

  const change = (id: number, to: Partial<Exchange>): void =>
    setExchanges((all) => all.map((one) => (one.id === id ? { ...one, ...to } : one)))

  useLive('requests', (data) => {
    const record = readRecord(data)
    if (record?.keyId !== 'playground') return
    setExchanges((all) => all.map((one) => (one.requestId === record.id ? { ...one, record } : one)))
  })
  useEffect(() => () => running.current?.abort(), [])

  /**
   * @param inPlaceOf the exchange that is asked again; it and what came after it are forgotten
   * @throws SyntaxError when a tool's schema is no JSON
   */
  async function ask(
    protocol: Protocol,
    asking: Omit<Asking, 'turns'>,
    parts: readonly Part[],
    inPlaceOf = Infinity,
  ): Promise<void> {
    const asked: Turn = { role: 'user', parts }
    const kept = exchanges.filter(({ id }) => id < inPlaceOf)
    const turns = [...turnsOf(kept), asked]
    const request = WIRES[protocol].request({ ...asking, turns })
    const id = ++count.current
    const abort = new AbortController()
    running.current?.abort()
    running.current = abort
    setExchanges([
      ...kept,
      {
        id,
        protocol,
        model: asking.model,
        request,
        asked,
        reply: { parts: [], wire: [] },
        state: 'running',
        headers: [],
        raw: [],
      },
    ])
    await run(request, protocol, abort.signal, (to) => change(id, to))
    if (running.current === abort) running.current = undefined
  }

  return {
    exchanges,
    busy: exchanges.some(({ state }) => state === 'running'),
    ask,
    stop: () => running.current?.abort(),
    /** Forgets the conversation. */
    clear() {
      running.current?.abort()
      setExchanges([])
    },
  }
}

/** The conversation until now; what failed is left out, with the question that led there. */
export function turnsOf(exchanges: readonly Exchange[]): Turn[] {
  return exchanges.flatMap(({ asked, reply, state, protocol }) =>
    state === 'failed' || reply.parts.length === 0
      ? []
      : [
          asked,
          {
            role: 'assistant' as const,
            parts: reply.parts,
            // What was cut off may be half an item, which no protocol takes back.
            ...(state === 'done' ? { wire: { protocol, items: reply.wire } } : {}),
          },
        ],
  )
}

async function run(
  request: WireRequest,
  protocol: Protocol,
  signal: AbortSignal,
  tell: (to: Partial<Exchange>) => void,
): Promise<void> {
  const started = performance.now()
  const since = (): number => performance.now() - started
  const reader = WIRES[protocol].reader()
  const raw: RawEvent[] = []
  let ttftMs: number | undefined
  let frame = 0
  const show = (): void => {
    frame = 0
    tell({ reply: reader.soFar(), raw: [...raw], ...(ttftMs === undefined ? {} : { ttftMs }) })
  }
  const note = (event: RawEvent): void => {
    if (raw.length < MOST_RAW) raw.push(event)
    if (frame === 0) frame = requestAnimationFrame(show)
  }
  try {
    const lent = await playgroundKey()
    const response = await fetch(request.path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...request.headers,
        [request.keyIn]: request.keyIn === 'authorization' ? `Bearer ${lent}` : lent,
      },
      body: JSON.stringify(request.body),
      signal,
    })
    const translation = response.headers.get('x-dragoman-translation')
    const requestId = response.headers.get('x-request-id')
    tell({
      status: response.status,
      headers: [...response.headers],
      ...(translation === null ? {} : { translation }),
      ...(requestId === null ? {} : { requestId }),
    })
    const streams = (response.headers.get('content-type') ?? '').startsWith('text/event-stream')
    if (streams && response.body !== null) {
      const split = splitEvents()
      const pieces = response.body
        .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
        .getReader()
      for (;;) {
        const { done, value } = await pieces.read()
        for (const { event, data, json } of split(done ? '\n\n' : value)) {
          if (json !== undefined) reader.event(json)
          if (ttftMs === undefined && reader.soFar().parts.length > 0) ttftMs = since()
          note({ atMs: since(), data, ...(event === undefined ? {} : { event }) })
        }
        if (done) break
      }
    } else {
      const text = await response.text()
      const body = parsed(text)
      if (response.ok) reader.whole(body)
      note({ atMs: since(), data: text })
      if (!response.ok) throw new Error(errorIn(body) ?? (text || `${response.status} ${response.statusText}`))
    }
    cancelAnimationFrame(frame)
    const reply = reader.soFar()
    tell({
      reply,
      raw: [...raw],
      state: reply.error === undefined ? 'done' : 'failed',
      durationMs: since(),
      ...first(ttftMs),
    })
  } catch (error) {
    cancelAnimationFrame(frame)
    const reply = reader.soFar()
    const message = error instanceof Error ? error.message : String(error)
    tell({
      reply: signal.aborted ? reply : { ...reply, error: reply.error ?? message },
      raw: [...raw],
      state: signal.aborted ? 'stopped' : 'failed',
      durationMs: since(),
      ...first(ttftMs),
    })
    // A key that was ended elsewhere is not shown twice.
    if (!signal.aborted) key = undefined
  }
}

function first(ttftMs: number | undefined): { ttftMs?: number } {
  return ttftMs === undefined ? {} : { ttftMs }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
