import { FailureError, type Failure } from '@dragoman/protocol'
import { joined, networkFailure, type Flow, type Outgoing, type Transport } from '../../transport/index.js'

/** A reply that is read piece by piece. */
export interface OpenedReply {
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Throws FailureError when the connection breaks or falls silent. May be read once; leaving it early closes the upstream. */
  body: AsyncIterable<Buffer>
  abort(): void
}

/** What is not read yet; beyond it the upstream waits. */
const HIGH_WATER = 256 * 1024

/**
 * Sends a request and gives the reply as soon as its head is there.
 * @throws FailureError when the network fails, time is over, or the signal aborts
 */
export function openReply(
  transport: Pick<Transport, 'open'>,
  out: Outgoing,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<OpenedReply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let waiting = 0
    let ended = false
    let failed: FailureError | undefined
    let phase: Failure['phase'] = 'unsent'
    let wake: () => void = () => undefined
    // Empty as long as the transport has not given its handle.
    const opened: { flow?: Flow } = {}
    let timer: NodeJS.Timeout | undefined

    function alive(): void {
      clearTimeout(timer)
      timer = setTimeout(() => fail(silent(timeoutMs)), timeoutMs).unref()
    }

    function over(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', leave)
    }

    function fail(failure: Failure): void {
      if (ended || failed !== undefined) return
      failed = new FailureError(failure)
      over()
      opened.flow?.abort()
      reject(failed)
      wake()
    }
    const leave = (): void => fail(LEFT)

    async function* body(): AsyncGenerator<Buffer> {
      try {
        for (;;) {
          const chunk = chunks.shift()
          if (chunk !== undefined) {
            waiting -= chunk.length
            if (waiting < HIGH_WATER) opened.flow?.resume()
            yield chunk
          } else if (failed !== undefined) throw failed
          else if (ended) return
          else await new Promise<void>((go) => (wake = go))
        }
      } finally {
        if (!ended) {
          over()
          opened.flow?.abort()
        }
      }
    }

    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave)
    alive()
    opened.flow = transport.open(out, {
      sent: () => void (phase = 'sent'),
      head(status, raw) {
        alive()
        resolve({
          status,
          headers: joined(raw),
          body: body(),
          abort() {
            over()
            ended = true
            opened.flow?.abort()
          },
        })
      },
      data(chunk) {
        alive()
        chunks.push(chunk)
        waiting += chunk.length
        if (waiting >= HIGH_WATER) opened.flow?.pause()
        wake()
      },
      end() {
        ended = true
        over()
        wake()
      },
      error: (error) => fail(networkFailure(error, out.origin, phase)),
    })
  })
}

const LEFT: Failure = {
  kind: 'cancelled',
  scope: 'request',
  phase: 'sent',
  retry: 'never',
  message: 'the client closed the connection',
}

function silent(timeoutMs: number): Failure {
  return {
    kind: 'timeout',
    scope: 'provider',
    phase: 'sent',
    retry: 'other',
    message: `the upstream was silent for ${Math.round(timeoutMs / 1000)} s`,
  }
}
