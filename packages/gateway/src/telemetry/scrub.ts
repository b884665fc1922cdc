/** What must not be readable in a line of log, whoever wrote it there. */
const PATTERNS: readonly [RegExp, string][] = [
  // JSON Web Tokens.
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?/g, '[jwt]'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, '$1 [redacted]'],
  // Client keys, API keys, refresh tokens.
  [/\b(dgm-|sk-|rt_|rt-)[A-Za-z0-9_-]{6,}/g, '$1[redacted]'],
  [
    /("(?:access_token|refresh_token|id_token|api_key|authorization|cookie|set-cookie|password|code_verifier)"\s*:\s*")[^"]*/gi,
    '$1[redacted]',
  ],
  [/([?&](?:key|code|token|access_token|refresh_token|state)=)[^&\s"']+/gi, '$1[redacted]'],
  // user:password@ in an address.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@"']+:[^/\s@"']+@/gi, '$1[redacted]@'],
]

/** Takes secrets and control characters out of a line; what is left may be written down. */
export function scrub(line: string): string {
  let out = line
  for (const [pattern, instead] of PATTERNS) out = out.replace(pattern, instead)
  // eslint-disable-next-line no-control-regex -- control characters could forge lines or drive a terminal
  return out.replace(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
