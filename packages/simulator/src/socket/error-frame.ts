import type { PlainReply } from '../faults/status-replies.js'

/**
 * An HTTP error as the frame that stands for it: its status, its error and its headers.
 * Source: upstream notes 4.3. That a reply `{"detail": …}` becomes an error with this message is a guess.
 */
export function errorFrame({ status, headers, body }: PlainReply, more: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ type: 'error', status, error: errorOf(body), headers: { ...more, ...headers } })
}

function errorOf(body: string): unknown {
  const plain = (message: string) => ({ type: 'invalid_request_error', code: null, message, param: null })
  try {
    const { error, detail } = JSON.parse(body) as { error?: unknown; detail?: unknown }
    if (error !== undefined) return error
    return typeof detail === 'string' ? plain(detail) : { ...plain('refused'), ...(detail as object) }
  } catch {
    return plain(body)
  }
}
