import type { Secret } from '../../telemetry/index.js'
import type { AuthSettings, Http } from '../login/index.js'

/**
 * Tells the login server to forget a refresh token. Best effort: what is deleted here must not depend on the network.
 * Source: spec upstream-codex 1.5.
 * @returns whether the server agreed
 */
export async function revokeToken(http: Http, auth: AuthSettings, refreshToken: Secret): Promise<boolean> {
  try {
    const reply = await http({
      url: `${auth.issuer}/oauth/revoke`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: refreshToken.reveal(),
        token_type_hint: 'refresh_token',
        client_id: auth.client_id,
      }),
      timeoutMs: 10_000,
    })
    return reply.status >= 200 && reply.status <= 299
  } catch {
    return false
  }
}
