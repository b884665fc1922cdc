import { connect } from 'node:net'
import type { ProxyProtocol } from '../way.js'

/** A port on this machine where a proxy usually listens. */
export interface LocalProxy {
  protocol: ProxyProtocol
  port: number
}

/** The usual ports of the proxy programs that people run on their own machine. */
export const USUAL_PORTS: readonly LocalProxy[] = [
  { protocol: 'http', port: 7890 },
  { protocol: 'http', port: 7897 },
  { protocol: 'http', port: 10809 },
  { protocol: 'socks5h', port: 1080 },
  { protocol: 'socks5h', port: 10808 },
]

const TIMEOUT_MS = 500

/**
 * Looks whether a proxy listens on this machine: something that takes a connection, and for SOCKS answers its greeting. Only 127.0.0.1 is
 * asked, and nothing is asked of the proxy.
 */
export async function detectLocalProxies(candidates = USUAL_PORTS, timeoutMs = TIMEOUT_MS): Promise<LocalProxy[]> {
  const found = await Promise.all(candidates.map((candidate) => listens(candidate, timeoutMs)))
  return candidates.filter((_, at) => found[at])
}

function listens({ protocol, port }: LocalProxy, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const timer = setTimeout(() => done(false), timeoutMs)
    function done(answer: boolean): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    socket.once('error', () => done(false))
    socket.once('close', () => done(false))
    socket.once('connect', () => {
      if (protocol === 'http' || protocol === 'https') return done(true)
      // Version 5, one method: no login (RFC 1928 3). Whatever method it picks, its answer begins with the version.
      socket.write(Buffer.from([5, 1, 0]))
      socket.once('data', (answer) => done(answer[0] === 5))
    })
  })
}
