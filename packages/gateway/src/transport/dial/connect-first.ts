import { connect, type Socket } from 'node:net'

/** How long an address is given before the next is tried beside it (RFC 8305 says 250 ms). */
const HEAD_START_MS = 250

/**
 * Connects to the first of some addresses that answers. They are tried in order; the next begins when one fails or is slow.
 * @param addresses literal: nothing is resolved here
 * @throws the error of the first address, or the signal's reason
 */
export function connectFirst(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const trying = new Set<Socket>()
    let next = 0
    let firstError: Error | undefined
    let timer: NodeJS.Timeout | undefined

    function finish(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      for (const socket of trying) socket.destroy()
    }
    function fail(error: Error): void {
      finish()
      reject(error)
    }
    function giveUp(): void {
      fail(signal.reason as Error)
    }
    function tryNext(): void {
      clearTimeout(timer)
      const address = addresses[next++]
      if (address === undefined) {
        if (trying.size === 0) fail(firstError ?? new Error('the name has no address'))
        return
      }
      const socket = connect({ host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 })
      trying.add(socket)
      // Stays: whoever gets the socket may not listen from its first moment on.
      socket.on('error', (error) => {
        if (!trying.delete(socket)) return
        firstError ??= error
        tryNext()
      })
      socket.once('connect', () => {
        trying.delete(socket)
        finish()
        resolve(socket)
      })
      if (next < addresses.length) timer = setTimeout(tryNext, HEAD_START_MS)
    }

    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp)
    tryNext()
  })
}
