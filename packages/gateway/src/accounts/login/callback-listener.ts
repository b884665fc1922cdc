import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULT_CALLBACK, loopbackUri } from './callback-address.js'
import { replyPage } from './reply-page.js'

export interface CallbackListener {
  /** What the login server sends the browser back to. */
  redirectUri: string
  close(): void
}

export interface CallbackListenerOptions {
  /** The browser came back. What it answers is the page that the person sees; a throw leaves the listener waiting. */
  onCallback: (query: URLSearchParams) => Promise<{ ok: boolean; message: string }>
  /** Another program asks for the port, as the official client does. */
  onCancel: () => void
  /** Default `127.0.0.1`. */
  host?: string
  /** In order of preference. Default: those that the login server knows. */
  ports?: readonly number[]
  /**
   * The address that the browser was sent back to, when it is not the listener's own: its path, and its host beside the loopback
   * ones, since whoever passes the browser on may leave the name as it was.
   */
  redirectUri?: string
  pause?: (ms: number) => Promise<void>
}

const TRIES = 10
const BETWEEN_TRIES_MS = 200

/**
 * Listens on 127.0.0.1 for the one request that ends a login. Takes nothing but a GET of the exact path and host.
 * A busy first port is asked for with `GET /cancel`, then the second one is taken.
 * @returns undefined when no port is free: then the address must be pasted
 */
export async function openCallbackListener(options: CallbackListenerOptions): Promise<CallbackListener | undefined> {
  const { ports = DEFAULT_CALLBACK.listen.ports, pause = (ms: number) => sleep(ms) } = options
  for (const [position, port] of ports.entries()) {
    const last = position === ports.length - 1
    const server = await listen(port, options, last ? 1 : TRIES, pause)
    if (server === undefined) continue
    const address = server.address() as AddressInfo
    return {
      redirectUri: options.redirectUri ?? loopbackUri(address.port),
      close: () => {
        server.close()
        server.closeIdleConnections()
      },
    }
  }
  return undefined
}

async function listen(
  port: number,
  options: CallbackListenerOptions,
  tries: number,
  pause: (ms: number) => Promise<void>,
): Promise<Server | undefined> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const server = createCallbackServer(options)
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      server.once('error', resolve)
      server.listen(port, options.host ?? '127.0.0.1', () => {
        resolve(undefined)
      })
    })
    if (error === undefined) return server
    if (error.code !== 'EADDRINUSE') return undefined
    if (attempt === 1) await askToGiveWay(options.host ?? '127.0.0.1', port)
    if (attempt < tries) await pause(BETWEEN_TRIES_MS)
  }
  return undefined
}

async function askToGiveWay(host: string, port: number): Promise<void> {
  const { askLocal } = await import('../../transport/index.js')
  try {
    await askLocal({
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/cancel`,
      method: 'GET',
      headers: {},
      timeoutMs: 2000,
    })
  } catch {
    // Whoever it is does not speak HTTP: it will not leave.
  }
}

function createCallbackServer(options: CallbackListenerOptions): Server {
  let taken = false
  const named = new URL(options.redirectUri ?? DEFAULT_CALLBACK.uri)
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (request.method !== 'GET' || !isOurHost(request, options.redirectUri === undefined ? [] : namesOf(named))) {
      answer(response, 400, false, 'This page is for the end of a login only.')
    } else if (url.pathname === '/cancel') {
      answer(response, 200, true, 'The login was cancelled.')
      options.onCancel()
    } else if (url.pathname !== named.pathname) {
      answer(response, 404, false, 'There is nothing here.')
    } else if (taken) {
      answer(response, 409, false, 'This login is over already.')
    } else {
      taken = true
      options.onCallback(url.searchParams).then(
        ({ ok, message }) => {
          answer(response, ok ? 200 : 400, ok, message)
        },
        (error: unknown) => {
          // Not the answer to this login: keep waiting for the one that is.
          taken = false
          answer(response, 400, false, error instanceof Error ? error.message : 'That did not work.')
        },
      )
    }
  })
}

// A name that resolves to 127.0.0.1 must not do: a web page could point its own there.
function isOurHost(request: IncomingMessage, names: readonly string[]): boolean {
  const hosts = request.rawHeaders.filter((_, n) => n % 2 === 1 && request.rawHeaders[n - 1]?.toLowerCase() === 'host')
  const host = hosts[0]?.toLowerCase() ?? ''
  const port = String(request.socket.localPort ?? '')
  const ours = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`)
  return hosts.length === 1 && (ours.includes(host) || names.includes(host))
}

/** A host as browsers and proxies write it, without the port that goes without saying and with it. */
function namesOf({ protocol, host, hostname, port }: URL): string[] {
  return [host, `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`]
}

function answer(response: ServerResponse, status: number, ok: boolean, message: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
  })
  response.end(replyPage(ok, message))
}
