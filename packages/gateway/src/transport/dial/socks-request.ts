import type { Socket } from 'node:net'
import type { ProxyAddress } from '../way.js'

/** How a SOCKS5 proxy answered. */
export type SocksAnswer = { socket: Socket } | { refused: SocksRefusal }
export type SocksRefusal = 'login' | 'target' | 'other'

/** Replies of RFC 1928 by which the proxy says that the target, not itself, is the trouble; as the library spells them. */
const TARGETS_FAULT = /(?:NetworkUnreachable|HostUnreachable|ConnectionRefused|TTLExpired)$/
const LOGINS_FAULT = /authentication failed|no accepted authentication type/i

/**
 * Asks a SOCKS5 proxy for a tunnel.
 * @param socket a connection to the proxy; it is closed when the answer is a refusal
 * @throws the signal's reason
 */
export async function socksRequest(
  socket: Socket,
  target: { host: string; port: number },
  proxy: ProxyAddress,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SocksAnswer> {
  const { SocksClient } = await import('socks')
  signal.throwIfAborted()
  const giveUp = (): void => void socket.destroy()
  signal.addEventListener('abort', giveUp)
  try {
    const { socket: through } = await SocksClient.createConnection({
      command: 'connect',
      destination: target,
      existing_socket: socket,
      timeout: timeoutMs,
      proxy: {
        type: 5,
        host: proxy.host,
        port: proxy.port,
        ...(proxy.username === undefined ? {} : { userId: proxy.username }),
        ...(proxy.password === undefined ? {} : { password: proxy.password.reveal() }),
      },
    })
    return { socket: through }
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    // The library's error holds the password: nothing but its kind leaves here.
    const said = error instanceof Error ? error.message : ''
    if (LOGINS_FAULT.test(said)) return { refused: 'login' }
    return { refused: TARGETS_FAULT.test(said) ? 'target' : 'other' }
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
