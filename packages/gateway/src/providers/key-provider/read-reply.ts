import {
  FailureError,
  isTerminal,
  restoreCalls,
  safeText,
  type Dialect,
  type Failure,
  type PivotEvent,
} from '@dragoman/protocol'
import { joined, networkFailure, type Sink } from '../../transport/index.js'
import type { KeyCandidate, KeyChoice } from '../keys/index.js'
import type { EventSink, UpstreamCall } from '../types.js'
import { ofItsKey, readRefusal } from './read-refusal.js'
import { shownHeaders } from './shown-headers.js'
import type { UpstreamBody } from './upstream-body.js'
import { WIRE_FORMS } from './wires.js'

/** The request whose reply is read. */
export interface Answered {
  keys: Pick<KeyChoice, 'learn'>
  candidate: KeyCandidate
  dialect: Dialect
  origin: string
  written: UpstreamBody
  call: Pick<UpstreamCall, 'keepFrames'>
  /** A stream was asked for. */
  stream: boolean
  /** Unix ms. */
  now(): number
  /** Closes the connection: nothing more of the reply is wanted. */
  leave(): void
}

const MAX_ERROR_BODY = 64 * 1024
/** A whole answer with pictures fits; what is larger is no answer. */
const MAX_DOCUMENT = 64 * 1024 * 1024

/** Tells what one reply says: the relay its events, the pool how the key is. Nothing of it is told twice. */
export function readReply(about: Answered, sink: EventSink): Sink {
  const { keys, dialect, written } = about
  const { key, model } = about.candidate
  const restore = restorerOf(about)
  // Frames hold what the upstream was told, which the client never saw.
  const decoder = dialect.call.streamDecoder({ keepFrames: about.call.keepFrames && restore === undefined })
  let headers: Readonly<Record<string, string>> = {}
  let status = 0
  let phase: Failure['phase'] = 'unsent'
  let form: 'stream' | 'document' | undefined = about.stream ? undefined : 'document'
  let chunks: Buffer[] = []
  let bytes = 0
  let learnt = false
  let over = false

  function learn(failure?: Failure): void {
    if (learnt) return
    learnt = true
    keys.learn(key.id, { model: model.id, headers, ...(failure === undefined ? {} : { failure }) })
  }

  function fail(failure: Failure): void {
    if (over) return
    over = true
    const told = ofItsKey(failure, key)
    try {
      learn(told)
    } finally {
      about.leave()
      sink.fail(told)
    }
  }

  function attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      fail(failureOf(error, key.provider))
    }
  }

  /** The relay leaves when it has read the end, so the end is when the key's worth is known. */
  function tell(events: PivotEvent[]): void {
    const end = learnt ? undefined : events.find(isTerminal)
    const failed = end === undefined ? undefined : dialect.call.failureOf(end)
    if (end !== undefined) learn(failed === undefined ? undefined : ofItsKey(failed, key))
    const told = restore === undefined ? events : restore(events)
    if (told.length > 0) sink.events(told)
  }

  function keep(chunk: Buffer, most: number): boolean {
    bytes += chunk.length
    if (bytes > most) return false
    chunks.push(chunk)
    return true
  }

  function document(text: string): void {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      return fail(noAnswer(key.provider, 'no JSON'))
    }
    const refusal = refusalIn(body)
    if (refusal !== undefined) return refused(refusal, Buffer.from(text))
    const events = dialect.call.decodeResponse(body)
    const failed = events.some((event) => dialect.call.failureOf(event) !== undefined)
    if (!about.stream && !failed) sink.whole(text)
    tell(events)
  }

  function refused(code: number, body: Buffer): void {
    fail(readRefusal({ dialect, key, status: code, headers, body, now: about.now() }))
  }

  return {
    sent() {
      phase = 'sent'
      sink.sent()
    },
    head(code, raw) {
      status = code
      headers = joined(raw)
      if (code !== 200) return
      const type = headers['content-type'] ?? ''
      if (/^(?:text\/html|application\/xhtml)/i.test(type)) return fail(noAnswer(key.provider, type))
      sink.head(shownHeaders(headers))
    },
    data(chunk) {
      if (over) return
      if (status !== 200) return void keep(chunk, MAX_ERROR_BODY)
      // Some servers answer a wish for a stream with a document; no frame of a stream begins with a brace.
      form ??= formOf(chunk)
      if (form !== 'document') attempt(() => tell(decoder.push(chunk)))
      else if (!keep(chunk, MAX_DOCUMENT)) fail(noAnswer(key.provider, `more than ${MAX_DOCUMENT} bytes`))
    },
    end() {
      if (over) return
      if (status !== 200) return refused(status, Buffer.concat(chunks))
      attempt(() => {
        const read = chunks
        chunks = []
        if (form === 'document') document(Buffer.concat(read).toString('utf8'))
        else tell(decoder.end())
        if (over) return
        over = true
        // An answer without its end says nothing of the key.
        learn(cut(written.request.model))
        sink.end()
      })
    },
    error: (error) => fail(networkFailure(error, about.origin, phase)),
  }
}

type Restore = (events: PivotEvent[]) => PivotEvent[]

/** The way back of what was emulated in the request. The client's own body emulates nothing. */
function restorerOf({ candidate, written }: Answered): Restore | undefined {
  if (written.own) return undefined
  const shapes = written.restore
  const calls = restoreCalls(written.request, WIRE_FORMS[candidate.key.wire].rules(candidate.key.kind))
  if (shapes === undefined && calls === undefined) return undefined
  return (events) => {
    const shaped = shapes === undefined ? events : shapes(events)
    return calls === undefined ? shaped : calls(shaped)
  }
}

/** Undefined as long as nothing but white space came. */
function formOf(chunk: Buffer): 'stream' | 'document' | undefined {
  const first = chunk.find((byte) => byte > 0x20)
  if (first === undefined) return undefined
  return first === 0x7b ? 'document' : 'stream'
}

/** The status that an error told inside a 200 stands for; undefined for an answer. Responses tell `error: null`, or a failed one's own error. */
function refusalIn(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body) || !body.error) return undefined
  if ('status' in body && typeof body.status === 'string') return undefined
  const { error } = body
  const code = typeof error === 'object' && 'code' in error ? Number(error.code) : NaN
  return code >= 400 && code <= 599 ? code : 500
}

function cut(model: string): Failure {
  return {
    kind: 'stream_cut',
    scope: 'provider',
    phase: 'sent',
    retry: 'same',
    message: safeText(`the answer of ${model} broke off before its end`),
  }
}

function noAnswer(provider: string, what: string): Failure {
  return {
    kind: 'unreachable',
    scope: 'provider',
    phase: 'sent',
    retry: 'other',
    message: safeText(`${provider} gave something that is no answer of its API (${what}); check the base URL`),
  }
}

/** What an exception means for the attempt that it ended. */
export function failureOf(error: unknown, provider: string): Failure {
  if (error instanceof FailureError) return error.failure
  return {
    kind: 'internal',
    scope: 'gateway',
    phase: 'sent',
    retry: 'never',
    message: safeText(`the gateway failed while talking to ${provider}: ${String(error)}`),
  }
}
