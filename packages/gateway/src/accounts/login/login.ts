import type { Identity, NewTokens } from '../../store/index.js'
import type { Secret } from '../../telemetry/index.js'
import { readClaims } from '../jwt.js'

/** The login server and how we introduce ourselves to it. Names as in the configuration. */
export interface AuthSettings {
  /** `https://auth.openai.com`, without a slash at the end. */
  issuer: string
  client_id: string
  /** Default `dragoman`. */
  originator?: string
  /** Default `dragoman`. */
  user_agent?: string
}

/** What a finished login or an imported file brings. */
export interface Login {
  accessToken: Secret
  refreshToken?: Secret
  idToken?: Secret
  /** When the file names it; else it is read from the tokens. */
  chatgptAccountId?: string
  /** Unix ms; default now. */
  lastRefreshAt?: number
}

export type LoginErrorCode =
  | 'cancelled'
  | 'timed_out'
  | 'refused'
  | 'wrong_state'
  | 'bad_url'
  | 'no_callback_port'
  | 'device_login_off'
  | 'login_server'
  | 'bad_tokens'
  | 'bad_file'

/** A login or an import that did not work; the message says what to do, and holds no secret. */
export class LoginError extends Error {
  constructor(
    readonly code: LoginErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'LoginError'
  }
}

/**
 * Whose tokens these are. The access token speaks first, since it is what the backend reads.
 * @throws LoginError `bad_tokens` when nothing names the ChatGPT account
 */
export function identify(login: Login): Identity {
  const access = readClaims(login.accessToken.reveal())
  const id = login.idToken === undefined ? undefined : readClaims(login.idToken.reveal())
  const chatgptAccountId = access?.chatgptAccountId ?? login.chatgptAccountId ?? id?.chatgptAccountId
  if (chatgptAccountId === undefined) {
    throw new LoginError('bad_tokens', 'these tokens do not name a ChatGPT account: sign in with "dragoman login"')
  }
  const userId = access?.userId ?? id?.userId
  const email = access?.email ?? id?.email
  const plan = access?.plan ?? id?.plan
  return {
    chatgptAccountId,
    ...(userId === undefined ? {} : { userId }),
    ...(email === undefined ? {} : { email }),
    ...(plan === undefined ? {} : { plan }),
    fedramp: access?.fedramp === true || id?.fedramp === true,
  }
}

export function toNewTokens(login: Login, now: number): NewTokens {
  const claims = readClaims(login.accessToken.reveal())
  return {
    accessToken: login.accessToken,
    ...(login.refreshToken === undefined ? {} : { refreshToken: login.refreshToken }),
    ...(login.idToken === undefined ? {} : { idToken: login.idToken }),
    ...(claims?.expiresAt === undefined ? {} : { expiresAt: claims.expiresAt }),
    ...(claims?.issuedAt === undefined ? {} : { issuedAt: claims.issuedAt }),
    lastRefreshAt: login.lastRefreshAt ?? now,
  }
}
