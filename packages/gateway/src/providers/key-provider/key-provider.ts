import {
  FailureError,
  restoreCalls,
  safeText,
  type Dialect,
  type DialectId,
  type Failure,
  type PivotEvent,
} from '@dragoman/protocol'
import { networkFailure, type Flow, type Sink, type Transport } from '../../transport/index.js'
import { nameOf, type KeyCandidate, type KeyChoice } from '../keys/index.js'
import type { Candidate, EventSink, Provider, Stream, UpstreamCall } from '../types.js'
import { shownHeaders } from './shown-headers.js'
import { upstreamBody, type UpstreamBody } from './upstream-body.js'
import { requestHeaders, WIRE_FORMS } from './wires.js'

export interface KeyProviderOptions {
  keys: KeyChoice
  transport: Pick<Transport, 'open'>
  dialects: Readonly<Record<DialectId, Dialect>>
  /** `dragoman/1.2.3` */
  userAgent: string
  /** A UUID for a conversation and a key, the same in every instance. */
  sessionOf(conversation: string, keyId: string): string
}

const MAX_ERROR_BODY = 64 * 1024
/** A whole answer with pictures fits; what is larger is no answer. */
const MAX_DOCUMENT = 64 * 1024 * 1024

/**
 * Answers with API keys, in the provider's own protocol. A request that comes in that very protocol goes upstream as it is, and the reply
 * comes back byte for byte.
 */
export function createKeyProvider(options: KeyProviderOptions): Provider {
  const { keys, dialects } = options
  const chosen = new WeakMap<Candidate, KeyCandidate>()

  return {
    id: 'keys',
    // Each candidate says its own.
    dialect: 'openai-chat',

    candidates({ model, within, conversation, tried }) {
      const found = keys.candidates({
        model,
        ...(within === undefined ? {} : { within }),
        capability: 'chat',
        conversation,
        tried,
      })
      return {
        ready: found.ready.map((one) => {
          const candidate: Candidate = {
            id: one.key.id,
            label: nameOf(one.key),
            why: one.why,
            dialect: WIRE_FORMS[one.key.wire].dialect,
            model: one.model.upstream ?? one.model.id,
            provider: one.key.provider,
          }
          chosen.set(candidate, one)
          return candidate
        }),
        skipped: found.skipped,
      }
    },

    whyNobody: (model, within) =>
      keys.whyNobody({ model, ...(within === undefined ? {} : { within }), capability: 'chat' }),

    // A key is good or it is not.
    mend: () => Promise.resolve(false),

    open(candidate, call, sink) {
      const one = chosen.get(candidate)
      if (one === undefined) throw new Error(`${candidate.label} was not chosen here`)
      return ask(one, call, sink)
    },
  }

  function ask(candidate: KeyCandidate, call: UpstreamCall, sink: EventSink): Stream {
    const { key, model: entry } = candidate
    const model = entry.upstream ?? entry.id
    const form = WIRE_FORMS[key.wire]
    const dialect = dialects[form.dialect]
    const stream = !(call.whole && call.original !== undefined)
    let flow: Flow | undefined
    let cancelled = false

    function begin(): void {
      const written = upstreamBody(dialect, candidate, call, stream)
      sink.notes(written.notes, written.verbatim)
      // Whoever wants nothing lost may have read enough.
      if (cancelled) return
      const { apiKey, headers: own } = keys.credential(key.id, entry.id)
      const url = new URL(`${key.baseUrl}${form.path(model, stream)}`)
      flow = options.transport.open(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: 'POST',
          owner: key.id,
          body: JSON.stringify(written.body),
          headers: requestHeaders(
            key,
            {
              apiKey: apiKey?.reveal(),
              userAgent: options.userAgent,
              session: options.sessionOf(call.conversation, key.id),
              native: written.verbatim,
              clientHeaders: call.clientHeaders,
              stream,
            },
            own,
          ),
        },
        replySink(dialect, candidate, url.origin, written, call, stream, sink),
      )
    }

    // The caller must hold the stream before anything is told.
    setImmediate(() => {
      if (cancelled) return
      try {
        begin()
      } catch (error) {
        if (!cancelled) sink.fail(failureOf(error, key.provider))
      }
    })
    return {
      pause: () => flow?.pause(),
      resume: () => flow?.resume(),
      cancel() {
        cancelled = true
        flow?.abort()
      },
    }
  }

  function replySink(
    dialect: Dialect,
    { key, model: entry }: KeyCandidate,
    origin: string,
    written: UpstreamBody,
    call: UpstreamCall,
    stream: boolean,
    sink: EventSink,
  ): Sink {
    const calls = written.verbatim ? undefined : restoreCalls(written.request, WIRE_FORMS[key.wire].rules(key.kind))
    const back = written.restore ?? calls
    // Frames hold what the upstream was told, which the client never saw.
    const decoder = dialect.call.streamDecoder({ keepFrames: call.keepFrames && back === undefined })
    let status = 0
    const headers: Record<string, string> = {}
    let phase: Failure['phase'] = 'unsent'
    let chunks: Buffer[] = []
    let bytes = 0
    let over = false

    function tell(events: readonly PivotEvent[]): void {
      const restored = written.restore === undefined ? events : written.restore(events)
      const told = calls === undefined ? restored : calls(restored)
      if (told.length > 0) sink.events([...told])
    }

    function fail(failure: Failure): void {
      if (over) return
      over = true
      try {
        keys.learn(key.id, { model: entry.id, failure, headers })
      } finally {
        sink.fail(failure)
      }
    }

    function attempt(work: () => void): void {
      try {
        work()
      } catch (error) {
        fail(failureOf(error, key.provider))
      }
    }

    return {
      sent() {
        phase = 'sent'
        sink.sent()
      },
      head(code, raw) {
        status = code
        for (const name in raw) {
          const value = raw[name]
          if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
        }
        if (code !== 200) return
        const type = headers['content-type'] ?? ''
        if (stream && /^(?:text\/html|application\/xhtml)/i.test(type)) return fail(noAnswer(key.provider, type))
        sink.head(shownHeaders(headers))
      },
      data(chunk) {
        if (over) return
        if (status === 200 && stream) return attempt(() => tell(decoder.push(chunk)))
        bytes += chunk.length
        if (status === 200 && bytes > MAX_DOCUMENT)
          return fail(noAnswer(key.provider, `more than ${MAX_DOCUMENT} bytes`))
        if (status === 200 || bytes <= MAX_ERROR_BODY) chunks.push(chunk)
      },
      end() {
        if (over) return
        attempt(() => {
          if (status !== 200) return fail(dialect.call.decodeError(status, headers, Buffer.concat(chunks)))
          if (stream) tell(decoder.end())
          else document(Buffer.concat(chunks).toString('utf8'))
          if (over) return
          over = true
          keys.learn(key.id, { model: entry.id, headers })
          sink.end()
        })
      },
      error(error) {
        fail(networkFailure(error, origin, phase))
      },
    }

    function document(text: string): void {
      chunks = []
      let body: unknown
      try {
        body = JSON.parse(text)
      } catch {
        return fail(noAnswer(key.provider, 'no JSON'))
      }
      const events = dialect.call.decodeResponse(body)
      sink.whole(text)
      tell(events)
    }
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

function failureOf(error: unknown, provider: string): Failure {
  if (error instanceof FailureError) return error.failure
  return {
    kind: 'internal',
    scope: 'gateway',
    phase: 'sent',
    retry: 'never',
    message: safeText(`the gateway failed while talking to ${provider}: ${String(error)}`),
  }
}
