import { request, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { ProxyAddress } from '../way.js'

/** How an HTTP proxy answered CONNECT. */
export type ConnectAnswer = { socket: Socket } | { refused: number }

/**
 * Asks an HTTP proxy for a tunnel.
 * @param socket a connection to the proxy; it is closed when the answer is a refusal
 * @param target `host:port`
 * @throws the network's error, or the signal's reason. Source of the exchange: RFC 9110 9.3.6.
 */
export function connectRequest(
  socket: Socket,
  target: string,
  proxy: ProxyAddress,
  signal: AbortSignal,
): Promise<ConnectAnswer> {
  return new Promise((resolve, reject) => {
    const ask = request({
      method: 'CONNECT',
      path: target,
      setHost: false,
      headers: { host: target, ...credentials(proxy) },
      createConnection: () => socket,
    })
    const giveUp = (): void => fail(signal.reason as Error)
    function fail(error: Error): void {
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      reject(error)
    }
    function answered(reply: IncomingMessage, head: Buffer): void {
      signal.removeEventListener('abort', giveUp)
      const status = reply.statusCode ?? 0
      if (status >= 200 && status <= 299) {
        if (head.length > 0) socket.unshift(head)
        return resolve({ socket })
      }
      socket.destroy()
      resolve({ refused: status })
    }
    ask.on('error', fail)
    ask.once('connect', (reply, _, head) => answered(reply, head))
    if (signal.aborted) return giveUp()
    signal.addEventListener('abort', giveUp)
    ask.end()
  })
}

function credentials({ username, password }: ProxyAddress): Record<string, string> {
  if (username === undefined && password === undefined) return {}
  const pair = Buffer.from(`${username ?? ''}:${password?.reveal() ?? ''}`)
  return { 'proxy-authorization': `Basic ${pair.toString('base64')}` }
}
