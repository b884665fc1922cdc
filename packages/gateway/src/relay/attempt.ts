import { FailureError, isTerminal, type Failure, type Note, type PivotEvent } from '@dragoman/protocol'
import type { Candidate, Provider, Stream, UpstreamCall } from '../providers/index.js'
import type { CommitBarrier } from './commit-barrier.js'
import type { Reply } from './reply.js'

export interface AttemptLimits {
  /** From sending to the first event. */
  firstEventMs: number
  /** Between two reads of an open stream. */
  idleMs: number
}

/** One attempt under way. */
export interface Attempt {
  /** The failure, or undefined when the stream ended well. */
  readonly done: Promise<Failure | undefined>
  /** What the upstream's headers said that a client may see. */
  readonly headers: Readonly<Record<string, string>>
  /** What translating the request to the upstream's wire cost. */
  readonly notes: readonly Note[]
  /** The client's own body went upstream, so that nothing of it was lost. */
  readonly verbatim: boolean
  /** Monotonic ms when the first output came. */
  readonly firstOutputAt: number | undefined
  /** Ends it from outside (client gone, time over). */
  stop(failure: Failure): void
  pause(): void
  resume(): void
  /** Watches the clock; called by the pulse. */
  tick(now: number): void
}

/** After its terminal event an upstream gets so long to close, so that its connection can be used again. */
const GRACE_MS = 2_000

/**
 * Asks one candidate once and pumps what it says through the barrier into the reply. Resolves when the stream has
 * ended, well or not; never retries. Rejects only for a defect of the gateway itself.
 * @param bodies gets what goes upstream
 */
export function attempt(
  open: Provider['open'],
  candidate: Candidate,
  call: UpstreamCall,
  barrier: CommitBarrier,
  reply: Reply,
  limits: AttemptLimits,
  failureOf: (event: PivotEvent) => Failure | undefined,
  bodies?: unknown[],
): Attempt {
  let headers: Readonly<Record<string, string>> = {}
  let notes: readonly Note[] = []
  let verbatim = false
  let firstOutputAt: number | undefined
  let lastReadAt = performance.now()
  let heard = false
  let paused = false
  let grace: NodeJS.Timeout | undefined
  let settled = false
  let settle: (failure: Failure | undefined) => void = () => undefined
  let broken: (defect: unknown) => void = () => undefined
  const done = new Promise<Failure | undefined>((resolve, reject) => {
    settle = resolve
    broken = reject
  })

  function finish(failure?: Failure): void {
    if (settled) return
    settled = true
    settle(failure)
  }

  function fail(failure: Failure): void {
    finish({ ...failure, phase: barrier.phase })
  }

  function pump(batch: PivotEvent[]): void {
    const end = terminalIndex(batch)
    const ending = end === -1 ? undefined : batch[end]
    const failure = ending === undefined ? undefined : failureOf(ending)
    if (failure !== undefined && ending !== undefined) {
      if (barrier.phase !== 'committed') barrier.pass(batch.slice(0, end))
      // A Responses client is told the upstream's own words; every other failure gets the form of the client's protocol.
      if (barrier.phase === 'committed') {
        const verbatim = call.keepFrames && ending.type === 'response.failed'
        reply.events(verbatim ? batch : batch.slice(0, end))
        if (verbatim) reply.complete()
      }
      fail(failure)
      stream.cancel()
      return
    }
    const out = barrier.pass(batch)
    if (out.length > 0) {
      firstOutputAt ??= lastReadAt
      reply.events(out)
    }
    if (ending !== undefined) {
      grace = setTimeout(() => stream.cancel(), GRACE_MS).unref()
      reply.complete()
      finish()
    } else if (reply.full && !paused) {
      paused = true
      stream.pause()
    }
  }

  const stream: Stream = open(candidate, call, {
    sent: () => barrier.sent(),
    ...(bodies === undefined ? {} : { body: (body: unknown) => void bodies.push(body) }),
    head(shown) {
      headers = shown
      lastReadAt = performance.now()
    },
    notes(made, asItWas) {
      notes = made
      verbatim = asItWas === true
    },
    whole(body) {
      if (!settled) reply.whole(body)
    },
    events(batch) {
      if (settled) return
      heard = true
      lastReadAt = performance.now()
      try {
        pump(batch)
      } catch (defect) {
        stream.cancel()
        // The client's protocol found nothing in the answer that it could tell.
        if (defect instanceof FailureError) return fail(defect.failure)
        settled = true
        broken(defect)
      }
    },
    end() {
      clearTimeout(grace)
      if (settled) return
      fail({
        kind: 'stream_cut',
        scope: 'provider',
        phase: 'sent',
        retry: 'same',
        message: 'the upstream closed its stream before the answer was complete',
      })
    },
    fail(failure) {
      clearTimeout(grace)
      if (!settled) fail(failure)
    },
  })

  return {
    done,
    get headers() {
      return headers
    },
    get notes() {
      return notes
    },
    get verbatim() {
      return verbatim
    },
    get firstOutputAt() {
      return firstOutputAt
    },
    stop(failure) {
      stream.cancel()
      fail(failure)
    },
    pause() {
      paused = true
      stream.pause()
    },
    resume() {
      if (!paused) return
      paused = false
      lastReadAt = performance.now()
      stream.resume()
    },
    tick(now) {
      if (settled || paused) return
      const limit = heard ? limits.idleMs : limits.firstEventMs
      if (now - lastReadAt <= limit) return
      stream.cancel()
      fail({
        kind: 'timeout',
        scope: 'provider',
        phase: 'sent',
        retry: 'other',
        message: heard
          ? `the upstream fell silent for ${Math.round(limit / 1000)} s in the middle of its answer`
          : `the upstream did not begin to answer within ${Math.round(limit / 1000)} s`,
      })
    },
  }
}

function terminalIndex(batch: readonly PivotEvent[]): number {
  for (let at = batch.length - 1; at >= 0; at--) {
    const event = batch[at]
    if (event !== undefined && isTerminal(event)) return at
  }
  return -1
}
