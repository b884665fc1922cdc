import type { Failure } from '@dragoman/protocol'
import type { Attempt } from './attempt.js'
import type { CommitBarrier } from './commit-barrier.js'
import type { Exchange } from './exchange.js'
import { CLIENT_LEFT, tooLong } from './failures.js'
import type { Beating } from './pulse.js'
import type { RelayLimits } from './relay-house.js'
import type { Reply } from './reply.js'

export interface Watched {
  exchange: Exchange
  reply: Reply
  barrier: CommitBarrier
  limits: RelayLimits
  /** Monotonic ms. */
  started: number
  /** The one under way. */
  attempt(): Attempt | undefined
  stop(failure: Failure): void
}

/** What the clock means for one exchange: heartbeats in silence, an end for readers that do not read and for answers that do not end. */
export function exchangeWatch({ exchange, reply, barrier, limits, started, attempt, stop }: Watched): Beating {
  let pingedAt = 0
  return {
    tick(now) {
      attempt()?.tick(now)
      if (
        exchange.stream &&
        now - Math.max(reply.lastWriteAt, pingedAt) >= limits.heartbeatMs &&
        !reply.full &&
        !exchange.response.writableEnded
      ) {
        if (exchange.ping !== undefined) {
          pingedAt = now
          exchange.ping()
        } else {
          if (barrier.phase !== 'committed') reply.events(barrier.force())
          reply.heartbeat()
        }
      }
      if (reply.fullSince !== undefined && now - reply.fullSince > limits.writeStallMs) {
        exchange.response.destroy()
        stop(CLIENT_LEFT)
      }
      if (now - started > limits.wallMs) stop(tooLong(limits.wallMs))
    },
  }
}
