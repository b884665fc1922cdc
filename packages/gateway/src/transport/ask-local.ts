import { request } from 'undici'
import { joined, type SimpleRequest, type SimpleResponse } from './simple-request.js'

/**
 * Asks a program that listens on this machine: the gateway that runs on a data folder, a login that holds the port. The one exchange
 * that does not go through the transport, because it never leaves the machine.
 * @throws Error when nobody answers in time
 */
export async function askLocal(out: Omit<SimpleRequest, 'owner' | 'via'>): Promise<SimpleResponse> {
  const deadline = AbortSignal.timeout(out.timeoutMs)
  const reply = await request(out.url, {
    method: out.method,
    headers: out.headers,
    ...(out.body === undefined ? {} : { body: out.body }),
    signal: out.signal === undefined ? deadline : AbortSignal.any([out.signal, deadline]),
  })
  return { status: reply.statusCode, headers: joined(reply.headers), body: await reply.body.text() }
}
