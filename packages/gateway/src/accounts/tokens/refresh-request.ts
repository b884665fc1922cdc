import { FailureError } from '@dragoman/protocol'
import { Secret } from '../../telemetry/index.js'
import { readObject, readServerError, text } from '../login/index.js'
import type { AuthSettings, Http } from '../login/index.js'

/** Told to the login server, as the official client does. */
export type RefreshReason = 'proactive_expiry' | 'scheduled' | 'unauthorized_recovery' | 'forced'

/** Why a refresh token will never work again. */
export type RefusalCause = 'expired' | 'reused' | 'revoked' | 'deactivated' | 'other'

export type RefreshAnswer =
  /** What is absent stays as it was. */
  | { kind: 'tokens'; accessToken?: Secret; refreshToken?: Secret; idToken?: Secret }
  | { kind: 'refused'; cause: RefusalCause; message: string }
  /** Try later. `unspent`: the login server has certainly not used the token up. */
  | { kind: 'failed'; unspent: boolean; message: string }

const TIMEOUT_MS = 60_000

const CAUSES: Readonly<Record<string, RefusalCause>> = {
  refresh_token_expired: 'expired',
  refresh_token_reused: 'reused',
  refresh_token_invalidated: 'revoked',
}

/** The request never left: its connection was not made. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Spends one refresh token. Never throws, never under anybody's abort signal: once sent, the answer exists only once.
 * Source: spec upstream-codex 1.3.
 */
export async function requestRefresh(
  http: Http,
  auth: AuthSettings,
  refreshToken: Secret,
  reason: RefreshReason,
): Promise<RefreshAnswer> {
  try {
    const reply = await http({
      url: `${auth.issuer}/oauth/token`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        originator: auth.originator ?? 'dragoman',
        'user-agent': auth.user_agent ?? 'dragoman',
      },
      body: JSON.stringify({
        client_id: auth.client_id,
        grant_type: 'refresh_token',
        refresh_reason: reason,
        refresh_token: refreshToken.reveal(),
      }),
      timeoutMs: TIMEOUT_MS,
    })
    return reply.status >= 200 && reply.status <= 299 ? readTokens(reply.body) : readRefusal(reply)
  } catch (error) {
    const code = networkCode(error)
    const message = `the login server ${auth.issuer} cannot be reached${why(error, code)}`
    return { kind: 'failed', unspent: wasNotSent(error, code), message }
  }
}

function readTokens(body: string): RefreshAnswer {
  const fields = readObject(body)
  const [access, refresh, id] = [
    text(fields?.['access_token']),
    text(fields?.['refresh_token']),
    text(fields?.['id_token']),
  ]
  if (access === undefined && refresh === undefined) {
    return { kind: 'failed', unspent: false, message: 'the login server answered without tokens' }
  }
  return {
    kind: 'tokens',
    ...(access === undefined ? {} : { accessToken: new Secret(access) }),
    ...(refresh === undefined ? {} : { refreshToken: new Secret(refresh) }),
    ...(id === undefined ? {} : { idToken: new Secret(id) }),
  }
}

/** Permanent: status 401, or a code that says so. Everything else is tried again. */
function readRefusal(reply: Awaited<ReturnType<Http>>): RefreshAnswer {
  const { code, message } = readServerError(reply)
  const cause = CAUSES[code]
  if (cause !== undefined) return { kind: 'refused', cause, message }
  if (reply.status === 401) {
    return { kind: 'refused', cause: /deactivated/i.test(`${code} ${message}`) ? 'deactivated' : 'other', message }
  }
  return { kind: 'failed', unspent: reply.status < 500, message: `${message} (HTTP ${reply.status})` }
}

/** The system's code, or what the way out says of itself: a proxy that does not work, an address that is not allowed. */
function why(error: unknown, code: string): string {
  if (code !== '') return ` (${code})`
  return error instanceof FailureError ? `: ${error.failure.message}` : ''
}

function wasNotSent(error: unknown, code: string): boolean {
  return (error instanceof FailureError && error.failure.phase === 'unsent') || NOT_SENT.has(code)
}

function networkCode(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return ''
}
