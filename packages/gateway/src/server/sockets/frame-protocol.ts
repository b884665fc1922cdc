import { sseFrame, type EncodedError, type Failure } from '@dragoman/protocol'
import type { ClientProtocol } from '../../relay/index.js'

/** Failures that the Codex client knows only by their status, wherever they come (upstream-codex 3.1). */
const BY_STATUS: ReadonlySet<Failure['kind']> = new Set(['quota_exhausted', 'rate_limited'])

/**
 * Responses as they are spoken on a WebSocket: the same events, but an answer that failed before its first event is told with its
 * status, even when its stream had been begun (upstream-codex 4.3).
 */
export function frameProtocol(http: ClientProtocol): ClientProtocol {
  return {
    id: http.id,
    serve: {
      ...http.serve,
      streamEncoder(about) {
        const encoder = http.serve.streamEncoder(about)
        let told = false
        return {
          ...encoder,
          push(events) {
            const text = encoder.push(events)
            told ||= text !== ''
            return text
          },
          fail(failure) {
            if (told && !BY_STATUS.has(failure.kind)) return encoder.fail(failure)
            const error = http.serve.encodeError(failure, about.requestId, Date.now())
            return sseFrame('error', errorFrame(error, { 'x-request-id': about.requestId }))
          },
        }
      },
    },
  }
}

/** The frame that stands for an HTTP error. Always with its status: without one the official client waits for more. */
export function errorFrame(
  { status, body }: Pick<EncodedError, 'status' | 'body'>,
  headers: Readonly<Record<string, string>>,
): string {
  const { error } = body as { error?: unknown }
  return JSON.stringify({ type: 'error', status, error: error ?? body, headers })
}
