import type { IncomingMessage } from 'node:http'
import type { Failure } from '@dragoman/protocol'
import { hostAllowed } from './host.js'

export interface GuardRules {
  /** Names beyond IP literals and localhost by which this gateway is called. */
  allowedHosts: readonly string[]
  /** Exact origins of web pages that may call the protocol routes. */
  corsOrigins: readonly string[]
}

/** What a guard answers: go on (perhaps with CORS headers), or a status with a reason. */
export type Verdict =
  | { pass: true; cors: Record<string, string> }
  | { pass: false; status: number; failure: Failure }
  /** An allowed preflight. */
  | { pass: false; status: 204; headers: Record<string, string> }

/**
 * Everything that is checked before routing, on every path alike: the Host (against DNS rebinding) and the Origin (against foreign
 * web pages; the dashboard's own is none). Default is deny; loopback earns nothing. Source: reliability-security 3.1 and 6.
 */
export function guard(req: IncomingMessage, rules: GuardRules, ownOrigin: string): Verdict {
  if (countHosts(req.rawHeaders) !== 1 || !hostAllowed(req.headers.host, rules.allowedHosts)) {
    return refuse(421, 'forbidden', 'this gateway is not called by that host name; add it to server.allowed_hosts')
  }
  if (req.url === undefined || !req.url.startsWith('/')) {
    return refuse(400, 'invalid_request', 'the request target must be a path')
  }
  const origin = req.headers.origin
  if (origin === undefined) {
    return req.method === 'OPTIONS' ? refuse(403, 'forbidden', 'no cross-origin use') : { pass: true, cors: {} }
  }
  if (origin === ownOrigin && req.method !== 'OPTIONS') return { pass: true, cors: {} }
  if (!rules.corsOrigins.includes(origin)) {
    return refuse(403, 'forbidden', 'web pages of this origin may not use the gateway; add it to server.cors_origins')
  }
  const cors = { 'access-control-allow-origin': origin, vary: 'Origin' }
  if (req.method !== 'OPTIONS') return { pass: true, cors }
  return {
    pass: false,
    status: 204,
    headers: {
      ...cors,
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers':
        'authorization, content-type, x-api-key, x-goog-api-key, x-request-id, anthropic-version, anthropic-beta, openai-beta, session-id, thread-id, x-dragoman-default-tools, x-dragoman-strict, x-dragoman-system-prompt-strategy, x-stainless-arch, x-stainless-lang, x-stainless-os, x-stainless-package-version, x-stainless-retry-count, x-stainless-runtime, x-stainless-runtime-version, x-stainless-timeout',
      'access-control-max-age': '600',
    },
  }
}

function refuse(status: number, kind: Failure['kind'], message: string): Verdict {
  return { pass: false, status, failure: { kind, scope: 'request', phase: 'unsent', retry: 'never', message } }
}

/** Node takes the first of two Host headers; a proxy in front may take the other, so two are none. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') count++
  }
  return count
}
