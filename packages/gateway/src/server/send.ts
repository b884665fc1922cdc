import type { ServerResponse } from 'node:http'

/** Headers of every JSON answer. Source: reliability-security 6. */
const API_JSON: Readonly<Record<string, string>> = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export function sendJson(res: ServerResponse, status: number, headers: Record<string, string>, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body))
  res.writeHead(status, { ...API_JSON, ...headers, 'content-length': text.length })
  res.end(res.req.method === 'HEAD' ? undefined : text)
}

export function sendText(res: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  res.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    'content-length': Buffer.byteLength(text),
  })
  res.end(res.req.method === 'HEAD' ? undefined : text)
}
