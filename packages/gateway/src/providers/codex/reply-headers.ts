/** Headers of the backend that a Codex client reads (upstream-codex 3 and 5.1); nothing else is passed on. */
const SHOWN =
  /^(?:x-codex-[a-z0-9-]+|x-models-etag|x-reasoning-included|openai-model|x-[a-z0-9-]+-(?:primary|secondary)-[a-z-]+)$/

/** What of the upstream's reply headers may be shown to the client. */
export function replyHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const out: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && SHOWN.test(name)) out[name] = value
  }
  const id = headers['x-request-id'] ?? headers['x-oai-request-id']
  if (id !== undefined) out['x-upstream-request-id'] = id
  return out
}
