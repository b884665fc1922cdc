import { safeText } from '@dragoman/protocol'
import type { SimpleRequest, SimpleResponse } from '../../transport/index.js'

/** One small exchange with the login server. `request` of the transport, or a test's own. */
export type Http = (request: SimpleRequest) => Promise<SimpleResponse>

/** The same exchanges by the way out of an account, or of the login. */
export function asOwner(http: Http, owner: string): Http {
  return (request) => http({ ...request, owner })
}

export interface ServerError {
  code: string
  message: string
}

/** A JSON object, or undefined when the body is none. */
export function readObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/**
 * The login server's error, from either of its forms: `{error, error_description}` or `{error: {code, message}}`, or a
 * `code` at the top. Source: spec upstream-codex 1.2, 1.3.
 */
export function readServerError(reply: SimpleResponse): ServerError {
  const body = readObject(reply.body)
  const error = body?.['error']
  const inner = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : undefined
  const code = text(inner?.['code']) ?? text(error) ?? text(body?.['code']) ?? ''
  const message = text(inner?.['message']) ?? text(body?.['error_description']) ?? text(body?.['message'])
  return {
    code: code.toLowerCase(),
    message: safeText((message ?? (code === '' ? `the login server answered ${reply.status}` : code)).slice(0, 300)),
  }
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
