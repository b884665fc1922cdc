/** Marks a header of the official client inside of `client_metadata`, with underscores in the place of hyphens. Source: upstream-codex 2.2. */
const AS_HEADER = 'ws_request_header_'

/** Metadata that exists only because a frame has no headers of its own. */
const OF_FRAMES: ReadonlySet<string> = new Set(['x-codex-turn-state', 'x-codex-ws-stream-request-start-ms'])

/** What metadata may say in the place of a header: never a credential, nor what the connection itself is about. */
const ALLOWED = /^(?:x-codex-[a-z0-9-]{1,100}|x-openai-[a-z0-9-]{1,100}|traceparent|tracestate)$/
const LONGEST = 16 * 1024

/**
 * A frame's metadata as the HTTP request of the same client would say it: some of it in headers, the rest in `client_metadata`.
 * Source: upstream-codex 2.1, 2.2 and 4.2.
 */
export function turnHeaders(metadata: unknown): {
  headers: Record<string, string>
  /** Undefined when there was none that could be kept. */
  rest: Record<string, unknown> | undefined
} {
  const headers: Record<string, string> = {}
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return { headers, rest: undefined }
  const rest: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(metadata)) {
    const lifted = field.startsWith(AS_HEADER)
    if (!lifted && !OF_FRAMES.has(field)) rest[field] = value
    const name = lifted ? field.slice(AS_HEADER.length).replaceAll('_', '-') : field
    if (typeof value !== 'string' || value.length > LONGEST || !ALLOWED.test(name)) continue
    if (/^[\t\x20-\x7e]*$/.test(value)) headers[name] = value
  }
  return { headers, rest }
}
