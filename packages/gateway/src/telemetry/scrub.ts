/** Fields whose value is a secret, whatever it looks like. */
const SECRET_FIELDS = [
  '[\\w-]{0,40}(?:access|refresh|id|session|bearer)_?token',
  'token',
  '[\\w-]{0,40}api[_-]?key',
  'x-goog-api-key',
  '(?:proxy-)?authorization',
  '(?:set-)?cookies?',
  '[\\w-]{0,40}(?:password|passwd|passphrase|secret)',
  '(?:private|secret)_?key',
  'code_verifier|device_code|device_auth_id|user_code',
].join('|')

/** Where a word may begin: also behind the escaped line end of a string of JSON. */
const BEGIN = String.raw`(?<=^|[^A-Za-z0-9]|\\[nrtbf]|\\u[0-9a-f]{4})`

/**
 * What must not be readable in a line of log, whoever wrote it there. Every pattern is linear: repetitions are bounded, or what
 * follows them cannot fail.
 */
const PATTERNS: readonly [RegExp, string][] = [
  // JSON Web Tokens, signed (three parts) or encrypted (five), and what else is JSON in base64.
  [/eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)*/g, '[jwt]'],
  [new RegExp(`${BEGIN}(Bearer)(\\s|%20)\\s*[A-Za-z0-9._~+/=-]{6,}`, 'gi'), '$1$2[redacted]'],
  [new RegExp(`${BEGIN}(Basic)\\s+(?=[a-z+/]{0,200}[A-Z0-9=])[A-Za-z0-9+/=_-]{6,}`, 'g'), '$1 [redacted]'],
  // Client keys, control keys and webhook secrets of ours, API keys of the vendors, refresh tokens of the login server.
  [new RegExp(`${BEGIN}(dg[cmw]-|sk-|rt[._-]|AIza|gsk_|xai-|gh[pos]_)[A-Za-z0-9._-]{6,}`, 'g'), '$1[redacted]'],
  // Of JSON, also when it stands in a string of JSON (then its quotes are escaped).
  [
    new RegExp(`(?<!\\\\)((\\\\{0,7})"(?:${SECRET_FIELDS})\\2" {0,4}: {0,4}\\2").*?(?<!\\\\)(?=\\2")`, 'gis'),
    '$1[redacted]',
  ],
  [new RegExp(`("(?:${SECRET_FIELDS})" {0,4}: {0,4})\\[(?: ?"(?:[^"\\\\]|\\\\.)*",?)*\\]`, 'gi'), '$1"[redacted]"'],
  // Of headers and forms.
  [
    new RegExp(
      `${BEGIN}((?:set-)?cookie|(?:proxy-)?authorization|x-api-key|x-goog-api-key)( ?[:=] ?)[^"\\\\\\r\\n]+`,
      'gi',
    ),
    '$1$2[redacted]',
  ],
  [
    new RegExp(
      `${BEGIN}((?:access|refresh|id)_token|client_secret|code_verifier|device_code|api_?key|password)(=|: ?)[^&\\s"'\\\\,;]+`,
      'gi',
    ),
    '$1$2[redacted]',
  ],
  [/([?&](?:key|code|token|state|sig|signature)=)[^&\s"'\\]+/gi, '$1[redacted]'],
  // Whoever is named in front of an address.
  [/([a-z][a-z0-9+.-]{1,20}:\/\/)[^/?#\s"'\\]+@/gi, '$1[redacted]@'],
]

/** Takes secrets and control characters out of a line; what is left may be written down. Line ends stay. */
export function scrub(line: string): string {
  return withoutSecrets(line).replace(CONTROLS, escaped)
}

/** Takes secrets out of a text and leaves everything else as it is. */
export function withoutSecrets(text: string): string {
  let out = text
  for (const [pattern, instead] of PATTERNS) out = out.replace(pattern, instead)
  return out
}

const SECRET_FIELD = new RegExp(`^(?:${SECRET_FIELDS})$`, 'i')

/** Is the value of a field of this name a secret, whatever it looks like? */
export function isSecretField(name: string): boolean {
  return name.length <= 100 && SECRET_FIELD.test(name)
}

/** For what others named (an account, a model) on a terminal: nothing in it moves the cursor or begins a line. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, escaped).replace(/\n/g, '\\n')
}

/** They could forge lines, drive a terminal, or turn the direction of writing. The line end is the writer's own. */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- that is what they are
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}
