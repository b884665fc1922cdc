import type { IncomingHttpHeaders } from 'node:http'
import { FailureError, safeText } from '@dragoman/protocol'
import { HTTP, readTarget } from './target.js'
import type { Flow, Outgoing, Sink } from './outgoing.js'
import type { Way } from './way.js'

/** One small exchange that is read whole: login, model lists, usage. */
export interface SimpleRequest {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  /** From start to the last byte. */
  timeoutMs: number
  /** Whose connection it is, and so which way out it takes. Default: nobody's. */
  owner?: string
  /** Another way than the owner's; for checks of a proxy. */
  via?: Way
  signal?: AbortSignal
}

export interface SimpleResponse {
  status: number
  /** Names in lower case; several values of one name are joined with a comma. */
  headers: Record<string, string>
  body: string
}

const MAX_BYTES = 8 * 1024 * 1024
/** The owner of what is nobody's. */
const NOBODY = 'house-keeping'

/**
 * Sends one request and reads the whole reply, at most 8 MiB. Redirects come back as they are.
 * @throws FailureError when it could not be sent or took too long; the network's error when it broke later; the signal's reason
 */
export async function simpleRequest(
  open: (out: Outgoing, sink: Sink) => Flow,
  out: SimpleRequest,
): Promise<SimpleResponse> {
  const { url } = readTarget(out.url, HTTP)
  out.signal?.throwIfAborted()
  const ended = Promise.withResolvers<SimpleResponse>()
  let sent = false
  let reply: SimpleResponse = { status: 0, headers: {}, body: '' }
  const chunks: Buffer[] = []
  let bytes = 0

  const giveUp = (error: unknown): void => {
    flow.abort()
    ended.reject(error as Error)
  }
  const cancelled = (): void => giveUp(out.signal?.reason)
  const timer = setTimeout(() => giveUp(tookTooLong(url.host, out.timeoutMs, sent)), out.timeoutMs)
  out.signal?.addEventListener('abort', cancelled)
  const flow = open(
    {
      origin: url.origin,
      path: url.pathname + url.search,
      method: out.method,
      headers: Object.entries({ 'accept-encoding': 'identity', ...out.headers }).flat(),
      body: out.body ?? null,
      owner: out.owner ?? NOBODY,
      ...(out.via === undefined ? {} : { via: out.via }),
    },
    {
      sent: () => (sent = true),
      head: (status, headers) => (reply = { status, headers: joined(headers), body: '' }),
      data(chunk) {
        bytes += chunk.length
        if (bytes > MAX_BYTES) giveUp(new Error(`the reply of ${url.host} is larger than ${MAX_BYTES} bytes`))
        else chunks.push(chunk)
      },
      end: () => ended.resolve({ ...reply, body: Buffer.concat(chunks).toString('utf8') }),
      error: ended.reject,
    },
  )
  try {
    return await ended.promise
  } finally {
    clearTimeout(timer)
    out.signal?.removeEventListener('abort', cancelled)
  }
}

/** Header names as they came in lower case, several values of one name in one text. */
export function joined(headers: IncomingHttpHeaders): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) all[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return all
}

function tookTooLong(host: string, timeoutMs: number, sent: boolean): FailureError {
  return new FailureError({
    kind: 'timeout',
    scope: 'provider',
    phase: sent ? 'sent' : 'unsent',
    retry: 'same',
    message: safeText(`no answer from ${host} within ${timeoutMs / 1000} s`),
  })
}
