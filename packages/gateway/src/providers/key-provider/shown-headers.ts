/** Headers by which providers tell limits and versions; clients' SDKs read them. Nothing else of a reply is passed on. */
const SHOWN =
  /^(?:x-ratelimit-[a-z0-9-]+|anthropic-ratelimit-[a-z0-9-]+|retry-after(?:-ms)?|openai-(?:model|version|processing-ms))$/

/** What of an upstream's reply headers may be shown to the client. */
export function shownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (SHOWN.test(name)) out[name] = value
  const id = headers['x-request-id'] ?? headers['request-id']
  if (id !== undefined) out['x-upstream-request-id'] = id
  return out
}
