import type { Failure } from '@dragoman/protocol'

/** Headers of every answer of management. Source: reliability-security 6. */
export const MANAGEMENT_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: 'Origin, Sec-Fetch-Site',
}

/** Management's form of an error. Source of `error`: parity 1.1. */
export function managementError({ message, code, pointer, kind }: Failure): {
  error: string
  code: string
  pointer?: string
} {
  return { error: message, code: code ?? kind, ...(pointer === undefined || pointer === '' ? {} : { pointer }) }
}

const STATUS: Partial<Record<Failure['kind'], number>> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  payload_too_large: 413,
  context_too_long: 413,
  rate_limited: 429,
  quota_exhausted: 429,
  overloaded: 503,
  unreachable: 502,
  challenged: 502,
  timeout: 504,
  internal: 500,
}

/** What upstreams refuse is 502 here: nothing is wrong with the admin's own request. */
export function statusOf({ kind, upstream, scope }: Failure): number {
  if (upstream?.status === 415) return 415
  if (upstream !== undefined && scope !== 'request') return 502
  return STATUS[kind] ?? 502
}
