import type { Detail } from './data.js'

/** One stretch of time in the life of a request. */
export interface Stretch {
  kind: 'before' | 'queue' | 'waiting' | 'output' | 'failed'
  /** Of an attempt: which, from 1 on. */
  attempt?: number
  candidate?: string
  /** After the beginning of the request. */
  fromMs: number
  toMs: number
}

type Told = Pick<Detail, 'attempts' | 'latencyMs' | 'queuedMs' | 'ttftMs'>

/** Shorter ones are nothing that anybody waited for. */
const LEAST_MS = 3

/**
 * Where the time of a request went: preparing, waiting in line, and of each attempt the wait for its first token and its output. The
 * stretches follow one another; what is unknown is no stretch.
 */
export function stretchesOf({ attempts, latencyMs, queuedMs, ttftMs }: Told): Stretch[] {
  const total = latencyMs ?? 0
  const stretches: Stretch[] = []
  const first = attempts[0]?.startMs ?? total
  const queued = Math.min(queuedMs ?? 0, first)
  push(stretches, { kind: 'before', fromMs: 0, toMs: first - queued })
  push(stretches, { kind: 'queue', fromMs: first - queued, toMs: first })
  attempts.forEach(({ candidate, outcome, startMs, ms }, at) => {
    const fromMs = startMs ?? stretches.at(-1)?.toMs ?? 0
    const toMs = fromMs + ms
    const of = { attempt: at + 1, candidate }
    const last = at === attempts.length - 1
    // The gap between two attempts was spent waiting for another place.
    const before = stretches.at(-1)?.toMs ?? fromMs
    if (at > 0) push(stretches, { kind: 'queue', fromMs: before, toMs: fromMs })
    const output = last && ttftMs !== null && ttftMs > fromMs && ttftMs < toMs ? ttftMs : undefined
    if (output !== undefined) {
      push(stretches, { kind: 'waiting', ...of, fromMs, toMs: output }, true)
      push(stretches, { kind: 'output', ...of, fromMs: output, toMs }, true)
    } else push(stretches, { kind: outcome === 'ok' ? 'output' : 'failed', ...of, fromMs, toMs }, true)
  })
  return stretches
}

function push(stretches: Stretch[], stretch: Stretch, always = false): void {
  if (always || stretch.toMs - stretch.fromMs >= LEAST_MS) stretches.push(stretch)
}
