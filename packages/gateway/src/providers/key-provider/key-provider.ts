import type { Dialect, DialectId } from '@dragoman/protocol'
import type { Flow, Transport } from '../../transport/index.js'
import { nameOf, type KeyCandidate, type KeyChoice } from '../keys/index.js'
import type { Candidate, EventSink, Provider, Stream, UpstreamCall } from '../types.js'
import { failureOf, readReply } from './read-reply.js'
import { upstreamBody } from './upstream-body.js'
import { requestHeaders, WIRE_FORMS } from './wires.js'

export interface KeyProviderOptions {
  keys: KeyChoice
  transport: Pick<Transport, 'open'>
  dialects: Readonly<Record<DialectId, Dialect>>
  /** `dragoman/1.2.3` */
  userAgent: string
  /** A UUID for a conversation and a key, the same in every instance. */
  sessionOf(conversation: string, keyId: string): string
  /** Unix ms. */
  now?: () => number
}

/**
 * Answers with API keys, in the provider's own protocol. A request that comes in that very protocol goes upstream as it is, and the reply
 * comes back byte for byte.
 */
export function createKeyProvider(options: KeyProviderOptions): Provider {
  const { keys, dialects, now = Date.now } = options
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
    let paused = false

    function begin(): void {
      const written = upstreamBody(dialect, candidate, call, stream)
      sink.notes(written.notes, written.verbatim)
      // Whoever wants nothing lost may have read enough.
      if (cancelled) return
      sink.body?.(written.body)
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
              clientHeaders: call.clientHeaders,
              stream,
            },
            own,
          ),
        },
        readReply(
          { keys, candidate, dialect, origin: url.origin, written, call, stream, now, leave: () => flow?.abort() },
          sink,
        ),
      )
      if (paused) flow.pause()
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
      pause() {
        paused = true
        flow?.pause()
      },
      resume() {
        paused = false
        flow?.resume()
      },
      cancel() {
        cancelled = true
        flow?.abort()
      },
    }
  }
}
