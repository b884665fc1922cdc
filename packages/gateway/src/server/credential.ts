import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * The one place that reads a client key from a request: `Authorization: Bearer`, `x-api-key`, `x-goog-api-key`, `?key=`.
 * @returns SHA-256 of the key in hex, or undefined when none was sent
 */
export function keyHashOf(req: IncomingMessage, query: string): string | undefined {
  const text =
    bearer(req.headers.authorization) ??
    one(req.headers['x-api-key']) ??
    one(req.headers['x-goog-api-key']) ??
    queried(query)
  return text === undefined ? undefined : hash('sha256', text)
}

function bearer(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const match = /^bearer +(\S+) *$/i.exec(header)
  return match?.[1]
}

function one(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

function queried(query: string): string | undefined {
  if (!query.includes('key=')) return undefined
  return new URLSearchParams(query).get('key') ?? undefined
}
