import { commits, isTerminal, type PivotEvent } from '@dragoman/protocol'

/**
 * Holds a stream back until it commits.
 *
 * `unsent → sent → committed`: a request is committed when the first output event is handed to the client or when the
 * first heartbeat is due, whichever comes first. Until then the upstream's handshake is kept here, and the request may still go
 * to another candidate without anybody noticing. After that, never.
 */
export interface CommitBarrier {
  readonly phase: 'unsent' | 'sent' | 'committed'
  sent(): void
  /** Takes a batch. Gives back what may go to the client now: nothing before the commit, everything held at the commit. */
  pass(batch: PivotEvent[]): readonly PivotEvent[]
  /** The heartbeat is due: commits, and gives what was held. */
  force(): readonly PivotEvent[]
  /** A new attempt begins: what the last one had said is forgotten. Illegal after the commit. */
  reset(): void
}

const NOTHING: readonly PivotEvent[] = []

export function commitBarrier(): CommitBarrier {
  let phase: CommitBarrier['phase'] = 'unsent'
  let held: PivotEvent[] = []

  function release(): readonly PivotEvent[] {
    const out = held
    held = []
    phase = 'committed'
    return out
  }

  return {
    get phase() {
      return phase
    },
    sent() {
      if (phase === 'unsent') phase = 'sent'
    },
    pass(batch) {
      if (phase === 'committed') return batch
      if (held.length === 0) held = batch
      else for (const event of batch) held.push(event)
      return batch.some((event) => commits(event) || endsWell(event)) ? release() : NOTHING
    },
    force: release,
    reset() {
      if (phase === 'committed') throw new Error('a committed request cannot start again')
      phase = 'unsent'
      held = []
    },
  }
}

/** A stream may end without any output; its end is then what commits. A failure never does. */
function endsWell(event: PivotEvent): boolean {
  return isTerminal(event) && event.type !== 'response.failed' && event.type !== 'error'
}
