import type { AuthSettings } from './login.js'

const SCOPE = 'openid profile email offline_access api.connectors.read api.connectors.invoke'

/** The page to sign in on. Parameters and their order as the official client sends them (spec upstream-codex 1.1). */
export function authorizeUrl(
  auth: AuthSettings,
  login: { challenge: string; state: string; redirectUri: string },
): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: auth.client_id,
    redirect_uri: login.redirectUri,
    code_challenge: login.challenge,
    code_challenge_method: 'S256',
    state: login.state,
    scope: SCOPE,
    id_token_add_organizations: 'true',
    codex_cli_simplified_flow: 'true',
    originator: auth.originator ?? 'dragoman',
  })
  return `${auth.issuer}/oauth/authorize?${query.toString()}`
}
