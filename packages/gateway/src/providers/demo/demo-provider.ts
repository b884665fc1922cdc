import { safeText, type PivotEvent } from '@dragoman/protocol'
import type { EventSink, Provider, Stream, UpstreamCall } from '../types.js'

/** The built-in model that needs no account: the simulator in this very process, which says that it is the demo. */
export function createDemoProvider(): Provider {
  return {
    id: 'demo',
    dialect: 'openai-responses',
    candidates: ({ tried }) => ({
      ready: tried.has('demo') ? [] : [{ id: 'demo', label: 'demo', why: 'built in, needs no account' }],
      skipped: [],
    }),
    whyNobody: () => ({
      kind: 'internal',
      scope: 'gateway',
      phase: 'unsent',
      retry: 'never',
      message: 'the demo failed; please report it',
    }),
    mend: async () => false,
    open: (_, call, sink) => perform(call, sink),
    compact: (_, call, sink) =>
      perform({ ...call, request: { ...call.request, input: [...call.request.input, COMPACT] } }, sink),
  }
}

/** How newer clients ask for a compaction. Source: upstream-codex 5.4. */
const COMPACT = { type: 'compaction_trigger' }

/** Plays beat by beat; what comes at one moment goes out as one batch. */
function perform(call: UpstreamCall, sink: EventSink): Stream {
  let beats: Iterator<{ afterMs: number; event: PivotEvent }> | undefined
  let timer: NodeJS.Timeout | undefined
  let cancelled = false
  let paused = false
  let waiting = false
  let held: PivotEvent | undefined

  function next(): void {
    if (cancelled || beats === undefined) return
    if (paused) {
      waiting = true
      return
    }
    const batch: PivotEvent[] = held === undefined ? [] : [held]
    held = undefined
    for (;;) {
      const beat = beats.next()
      if (beat.done === true) {
        if (batch.length > 0) sink.events(batch)
        sink.end()
        return
      }
      if (beat.value.afterMs > 0 && batch.length > 0) {
        held = beat.value.event
        sink.events(batch)
        timer = setTimeout(next, beat.value.afterMs)
        return
      }
      batch.push(beat.value.event)
    }
  }

  // Loaded with the first request: most gateways never play the demo.
  import('@dragoman/simulator').then(
    ({ play, sceneFor }) => {
      if (cancelled) return
      beats = play(sceneFor(call.request, { voice: 'demo' }), { request: call.request })[Symbol.iterator]()
      sink.body?.(call.request)
      sink.sent()
      next()
    },
    (error: unknown) => {
      if (cancelled) return
      sink.fail({
        kind: 'internal',
        scope: 'gateway',
        phase: 'unsent',
        retry: 'never',
        message: safeText(`the demo could not be loaded: ${String(error)}`),
      })
    },
  )
  return {
    pause() {
      paused = true
    },
    resume() {
      paused = false
      if (!waiting) return
      waiting = false
      next()
    },
    cancel() {
      cancelled = true
      clearTimeout(timer)
    },
  }
}
