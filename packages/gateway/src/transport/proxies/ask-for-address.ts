import { isIP } from 'node:net'
import { FailureError, safeText } from '@dragoman/protocol'
import { networkFailure } from '../network-failure.js'
import type { SimpleRequest, SimpleResponse } from '../simple-request.js'
import type { Way } from '../way.js'

/** Asks one address by one way, and reads the whole answer. */
export type AskBy = (
  way: Way,
  url: string,
  signal: AbortSignal,
) => Promise<{ status: number; body: string; /** From the first step to the last byte. */ ms: number }>

/** What the check address said, or why it could not. With a latency the proxy carried the question. */
export interface Answered {
  exitAddress?: string
  latencyMs?: number
  error?: string
}

const TIMEOUT_MS = 10_000
const LONGEST_ERROR = 300

/** {@link AskBy} over the transport, which needs no pool for it. */
export function askBy(request: (out: SimpleRequest) => Promise<SimpleResponse>): AskBy {
  return async (way, url, signal) => {
    const started = performance.now()
    const { status, body } = await request({
      url,
      method: 'GET',
      headers: { accept: 'text/plain, application/json;q=0.9' },
      timeoutMs: TIMEOUT_MS,
      via: way,
      signal,
    })
    return { status, body, ms: performance.now() - started }
  }
}

/**
 * Asks the check address from which address it was asked.
 * @throws the signal's reason, nothing else
 */
export async function askForAddress(
  ask: AskBy,
  way: Way,
  url: string,
  now: () => number,
  signal: AbortSignal,
): Promise<Answered> {
  const started = now()
  try {
    const { status, body, ms } = await ask(way, url, signal)
    if (status !== 200) return { latencyMs: ms, error: `the check address answered with status ${status}` }
    const exitAddress = addressIn(body)
    return exitAddress === undefined
      ? { latencyMs: ms, error: 'the check address answered with something that is no address' }
      : { latencyMs: ms, exitAddress }
  } catch (error) {
    signal.throwIfAborted()
    const failure = error instanceof FailureError ? error.failure : networkFailure(asError(error), url, 'sent')
    const message = safeText(failure.message).slice(0, LONGEST_ERROR)
    // Whoever refuses, breaks off, or is silent behind a proxy may be the proxy; one that says why it is not to blame is not.
    const carried = error instanceof FailureError && failure.scope !== 'proxy' && failure.kind !== 'timeout'
    return carried ? { latencyMs: now() - started, error: message } : { error: message }
  }
}

/** The whole text, or the field `ip` of a JSON object. */
function addressIn(body: string): string | undefined {
  const text = body.trim()
  if (isIP(text) !== 0) return text
  try {
    const parsed: unknown = JSON.parse(text)
    const ip: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'ip') : undefined
    return typeof ip === 'string' && isIP(ip) !== 0 ? ip : undefined
  } catch {
    return undefined
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the check failed')
}
