import { randomBytes } from 'node:crypto'

/** Public client id of the Codex CLI. */
export const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann'

/** A JSON web token with a random signature: clients of this login never verify it. */
export function jwt(claims: Record<string, unknown>): string {
  const header = { alg: 'RS256', typ: 'JWT', kid: 'simulator' }
  return [encode(header), encode(claims), randomBytes(256).toString('base64url')].join('.')
}

/** Who a token speaks of. */
export interface Identity {
  email: string
  plan: string
  accountId: string
  userId: string
}

/** Claims of an access token. Times in unix seconds. Source: upstream notes 1.6. */
export function accessClaims(who: Identity, issuer: string, issuedAt: number, expiresAt: number) {
  return {
    aud: ['https://api.openai.com/v1'],
    client_id: CLIENT_ID,
    exp: expiresAt,
    'https://api.openai.com/auth': {
      chatgpt_account_id: who.accountId,
      chatgpt_account_user_id: `${who.userId}__${who.accountId}`,
      chatgpt_compute_residency: 'no_constraint',
      chatgpt_plan_type: who.plan,
      chatgpt_user_id: who.userId,
      user_id: who.userId,
    },
    'https://api.openai.com/profile': { email: who.email, email_verified: true },
    iat: issuedAt,
    iss: issuer,
    jti: randomBytes(16).toString('hex'),
    nbf: issuedAt,
    scp: ['openid', 'profile', 'email', 'offline_access'],
    sub: `auth0|${who.userId}`,
  }
}

/** Claims of an id token, which lives for an hour. */
export function idClaims(who: Identity, issuer: string, issuedAt: number) {
  return {
    aud: [CLIENT_ID],
    auth_provider: 'password',
    email: who.email,
    email_verified: true,
    exp: issuedAt + 3600,
    'https://api.openai.com/auth': {
      chatgpt_account_id: who.accountId,
      chatgpt_plan_type: who.plan,
      chatgpt_subscription_active_until: new Date((issuedAt + 30 * 86_400) * 1000).toISOString(),
      chatgpt_user_id: who.userId,
      organizations: [{ id: `org-${who.userId}`, is_default: true, role: 'owner', title: 'Personal' }],
      user_id: who.userId,
    },
    iat: issuedAt,
    iss: issuer,
    jti: randomBytes(16).toString('hex'),
    sub: `auth0|${who.userId}`,
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
