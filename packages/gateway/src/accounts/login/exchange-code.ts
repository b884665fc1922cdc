import { Secret } from '../../telemetry/index.js'
import { readClaims } from '../jwt.js'
import { LoginError } from './login.js'
import type { AuthSettings, Login } from './login.js'
import { readObject, readServerError, text } from './login-server.js'
import type { Http } from './login-server.js'

const TIMEOUT_MS = 30_000

/**
 * Turns a code into tokens. Source: spec upstream-codex 1.2.
 * @throws LoginError `login_server`, `bad_tokens`
 */
export async function exchangeCode(
  http: Http,
  auth: AuthSettings,
  grant: { code: string; redirectUri: string; verifier: string },
): Promise<Login> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: auth.client_id,
    code: grant.code,
    redirect_uri: grant.redirectUri,
    code_verifier: grant.verifier,
  })
  const reply = await http({
    url: `${auth.issuer}/oauth/token`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: body.toString(),
    timeoutMs: TIMEOUT_MS,
  }).catch((error: unknown) => {
    throw new LoginError(
      'login_server',
      `the login server ${auth.issuer} cannot be reached: check the network and begin again`,
      {
        cause: error,
      },
    )
  })
  if (reply.status < 200 || reply.status > 299) {
    const { message } = readServerError(reply)
    throw new LoginError('login_server', `the login server did not take the code (${message}): begin again`)
  }
  const fields = readObject(reply.body)
  const [access, refresh, id] = [
    text(fields?.['access_token']),
    text(fields?.['refresh_token']),
    text(fields?.['id_token']),
  ]
  if (access === undefined || refresh === undefined || id === undefined) {
    throw new LoginError('bad_tokens', 'the login server answered without all three tokens: begin again')
  }
  checkIdToken(id, auth)
  return { accessToken: new Secret(access), refreshToken: new Secret(refresh), idToken: new Secret(id) }
}

/** A token of another issuer, or made for another program, means that answers were mixed up. */
function checkIdToken(idToken: string, auth: AuthSettings): void {
  const claims = readClaims(idToken)
  if (claims === undefined) throw new LoginError('bad_tokens', 'the login server sent an identity that is no JWT')
  const issuer = claims.issuer?.replace(/\/$/, '')
  if (issuer !== undefined && issuer !== auth.issuer) {
    throw new LoginError('bad_tokens', 'the identity comes from another login server than the one that was asked')
  }
  if (claims.audience.length > 0 && !claims.audience.includes(auth.client_id)) {
    throw new LoginError('bad_tokens', 'the identity was made for another program')
  }
}
