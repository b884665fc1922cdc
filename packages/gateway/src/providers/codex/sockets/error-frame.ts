import { openaiResponses, type Failure } from '@dragoman/protocol'

/** An error told by a frame: what it means, and whether the whole request should be sent again on another connection. */
export interface ToldError {
  failure: Failure
  headers: Readonly<Record<string, string>>
  /** The connection is the trouble, not the request (upstream-codex 4.3). */
  renew: boolean
}

const RENEW: ReadonlySet<string> = new Set(['websocket_connection_limit_reached', 'previous_response_not_found'])

/** The status that a code stands for, where a frame tells none, or a misleading one. Source: parity notes 4.3. */
const STATUS: Readonly<Record<string, number>> = {
  usage_limit_reached: 429,
  rate_limit_exceeded: 429,
  rate_limit_reached: 429,
  quota_exhausted: 402,
  payment_required: 402,
  unauthorized: 401,
  account_deactivated: 401,
  forbidden: 403,
  account_banned: 403,
  banned: 403,
  previous_response_not_found: 400,
  server_is_overloaded: 503,
  server_error: 500,
}

/** Reads `{"type":"error", status?, error, headers?}`: it means what an HTTP reply with this status, body and headers would. */
export function readErrorFrame(text: string): ToldError {
  const frame = record(parsed(text))
  const error = record(frame['error'] ?? frame)
  const code = [error['code'], error['type']].find(
    (name) => typeof name === 'string' && name !== '' && name !== 'error',
  )
  const name = typeof code === 'string' ? code : ''
  const headers = headersOf(frame['headers'])
  return {
    failure: openaiResponses.call.decodeError(
      statusOf(frame, name),
      headers,
      Buffer.from(JSON.stringify({ error: { ...error, type: frame['error'] === undefined ? name : error['type'] } })),
    ),
    headers,
    renew: RENEW.has(name),
  }
}

function statusOf(frame: Readonly<Record<string, unknown>>, code: string): number {
  // Under the 400 that it comes with, a full connection would look like a mistake of the client.
  if (code === 'websocket_connection_limit_reached') return 503
  const told = frame['status'] ?? frame['status_code']
  if (typeof told === 'number' && told >= 400 && told < 600) return told
  if (code.startsWith('token_')) return 401
  // An error without status or a known code is the upstream's own.
  return STATUS[code] ?? 500
}

function headersOf(told: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(record(told))) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      out[name.toLowerCase()] = String(value)
    }
  }
  return out
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
