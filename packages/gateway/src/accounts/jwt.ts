/** What the gateway reads from a token of the ChatGPT login. */
export interface Claims {
  chatgptAccountId?: string
  userId?: string
  email?: string
  plan?: string
  fedramp: boolean
  /** Unix ms. */
  expiresAt?: number
  /** Unix ms. */
  issuedAt?: number
  issuer?: string
  audience: readonly string[]
}

/**
 * Reads a JWT's claims without verifying its signature: the token comes from the login server over TLS or from the user's own
 * file, and is only shown to its issuer again. Source: spec upstream-codex 1.6.
 * @returns undefined when the text is no JWT
 */
export function readClaims(token: string): Claims | undefined {
  const body = payload(token)
  if (body === undefined) return undefined
  const auth = record(body['https://api.openai.com/auth'])
  const profile = record(body['https://api.openai.com/profile'])
  return {
    ...optional('chatgptAccountId', text(auth['chatgpt_account_id'])),
    ...optional('userId', text(auth['chatgpt_user_id']) ?? text(auth['user_id'])),
    ...optional('email', text(profile['email']) ?? text(body['email'])),
    ...optional('plan', text(auth['chatgpt_plan_type'])),
    fedramp: auth['chatgpt_account_is_fedramp'] === true,
    ...optional('expiresAt', seconds(body['exp'])),
    ...optional('issuedAt', seconds(body['iat'])),
    ...optional('issuer', text(body['iss'])),
    audience: (Array.isArray(body['aud']) ? body['aud'] : [body['aud']]).filter((one) => typeof one === 'string'),
  }
}

function payload(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.')
  if (parts.length !== 3 || parts[1] === undefined) return undefined
  try {
    const body: unknown = JSON.parse(Buffer.from(parts[1], 'base64url').toString('utf8'))
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? record(body) : undefined
  } catch {
    return undefined
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value * 1000) : undefined
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
