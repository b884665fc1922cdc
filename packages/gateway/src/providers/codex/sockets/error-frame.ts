import { openaiResponses, type Failure, type PivotEvent } from '@dragoman/protocol'

/** An error told by a frame: what it means, and whether the whole request should be sent again on another connection. */
export interface ToldError {
  failure: Failure
  headers: Readonly<Record<string, string>>
  /** The connection is the trouble, not the request (upstream-codex 4.3). */
  renew: boolean
}

const CONNECTION_LIMIT = 'websocket_connection_limit_reached'
const RENEW: ReadonlySet<string> = new Set([CONNECTION_LIMIT, 'previous_response_not_found'])

/** The status that a code stands for where a frame tells none. Source: parity notes 4.3. */
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
  // Under the 400 that it comes with, it would look like a mistake of the client.
  [CONNECTION_LIMIT]: 503,
  server_is_overloaded: 503,
  server_error: 500,
}

/**
 * Reads `{"type":"error", status?, error, headers?}`: it means what an HTTP reply with this status, body and headers would. Without a status
 * its code says what it means.
 * @param event the same frame, decoded
 */
export function readErrorFrame(text: string, event: PivotEvent): ToldError {
  const frame = record(parsed(text))
  const error = record(frame['error'] ?? frame)
  const code = [error['code'], error['type']].find(
    (name) => typeof name === 'string' && name !== '' && name !== 'error',
  )
  const name = typeof code === 'string' ? code : ''
  const headers = headersOf(frame['headers'])
  const asReply = (status: number, said: object): Failure =>
    openaiResponses.call.decodeError(status, headers, Buffer.from(JSON.stringify({ error: said })))
  const told = toldStatus(frame)
  const meant = statusOf(name)
  const failure =
    told !== undefined && name !== CONNECTION_LIMIT
      ? asReply(told, error)
      : meant !== undefined
        ? // A type that is too general must not say more than the code.
          asReply(meant, { ...error, type: name })
        : openaiResponses.call.failureOf(event)
  return { failure: failure ?? asReply(500, error), headers, renew: RENEW.has(name) }
}

function statusOf(code: string): number | undefined {
  if (code.startsWith('token_')) return 401
  return Object.hasOwn(STATUS, code) ? STATUS[code] : undefined
}

function toldStatus(frame: Readonly<Record<string, unknown>>): number | undefined {
  const told = frame['status'] ?? frame['status_code']
  return typeof told === 'number' && told >= 400 && told < 600 ? told : undefined
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
