import { request } from 'undici'
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

/**
 * Sends one request and reads the whole reply, at most 8 MiB. Redirects come back as they are.
 * @throws Error on network trouble, time-out, or a reply that is too large
 */
export async function simpleRequest(out: SimpleRequest): Promise<SimpleResponse> {
  const deadline = AbortSignal.timeout(out.timeoutMs)
  const reply = await request(out.url, {
    method: out.method,
    headers: { 'accept-encoding': 'identity', ...out.headers },
    ...(out.body === undefined ? {} : { body: out.body }),
    signal: out.signal === undefined ? deadline : AbortSignal.any([out.signal, deadline]),
  })
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BYTES) {
      reply.body.destroy()
      throw new Error(`the reply of ${new URL(out.url).host} is larger than ${MAX_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.headers)) {
    if (value !== undefined) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return { status: reply.statusCode, headers, body: Buffer.concat(chunks).toString('utf8') }
}
