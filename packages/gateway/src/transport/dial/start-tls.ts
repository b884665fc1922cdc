import { isIP, type Socket } from 'node:net'
import { connect } from 'node:tls'

/** Where a TLS session is kept for the next connection of the same owner to the same origin. */
export interface SessionSlot {
  session?: Buffer
}

/**
 * Makes a connection a TLS one, speaking HTTP/1.1.
 * @param host canonical; what the certificate must be for
 * @throws the TLS error (`ERR_TLS_CERT_ALTNAME_INVALID`, `ECONNRESET` …), or the signal's reason
 */
export function startTls(socket: Socket, host: string, signal: AbortSignal, slot: SessionSlot = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = connect({
      socket,
      host,
      // An address is no server name (RFC 6066); the certificate is checked against `host` then.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(slot.session === undefined ? {} : { session: slot.session }),
      ALPNProtocols: ['http/1.1'],
    })
    secure.on('session', (session) => (slot.session = session))
    const giveUp = (): void => fail(signal.reason as Error)
    function fail(error: Error): void {
      signal.removeEventListener('abort', giveUp)
      // A session that the server does not like any more must not fail every connection to come.
      delete slot.session
      secure.destroy()
      socket.destroy()
      reject(error)
    }
    // Stays, as that of the plain connection.
    secure.on('error', fail)
    secure.once('secureConnect', () => {
      signal.removeEventListener('abort', giveUp)
      resolve(secure)
    })
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp)
  })
}
