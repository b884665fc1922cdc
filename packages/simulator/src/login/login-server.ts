import type { Endpoint, FoundRule, TokenTreatment } from '../faults/rules.js'
import { json, type PlainReply } from '../faults/status-replies.js'
import { wait, type Gates } from '../http/gates.js'
import type { Exchange } from '../http/recorded-request.js'
import { reset, sendPlain } from '../http/send.js'
import type { Accounts, TokenSet } from './accounts.js'
import { readAuthorize, type AuthorizeRequest, type LoginCodes } from './codes.js'
import { CLIENT_ID } from './tokens.js'

export interface LoginOptions {
  /** Who signs in without a person at the authorize page: `true` (default) for the first account, or an account id or e-mail address. `false` shows a page with a link for every account. */
  autoApprove?: boolean | string
  /** Seconds that a device login should wait between polls. Default 5, as the real server says. */
  deviceInterval?: number
  /** Device login is switched off: 404. */
  deviceOff?: boolean
}

export interface LoginParts {
  options: LoginOptions
  accounts: Accounts
  codes: LoginCodes
  gates: Gates
  issuer(): string
}

const REFRESH_MESSAGES = {
  refresh_token_reused:
    'Your refresh token has already been used to generate a new access token. Please try signing in again.',
  refresh_token_expired: 'Your refresh token has expired. Please try signing in again.',
  refresh_token_invalidated: 'Your refresh token has been invalidated. Please try signing in again.',
  token_not_found: 'Could not validate your refresh token. Please try signing in again.',
} as const

/** The login server: OAuth with PKCE, rotating refresh tokens, device codes. Source: upstream notes 1. */
export class LoginServer {
  constructor(private readonly parts: LoginParts) {}

  async answer(at: Endpoint, exchange: Exchange, rule: FoundRule | undefined): Promise<void> {
    rule?.use()
    switch (at) {
      case 'authorize':
        return sendPlain(exchange, this.#authorize(exchange.record.query, exchange.record.path))
      case 'token':
        return this.#token(exchange, rule?.token ?? {})
      case 'revoke':
        this.parts.accounts.revoke(String(fields(exchange)['token'] ?? ''))
        return sendPlain(exchange, json(200, {}))
      case 'device-code':
        return sendPlain(exchange, this.#deviceCode(fields(exchange)))
      case 'device-token':
        return sendPlain(exchange, this.#deviceToken(fields(exchange)))
      default:
        return sendPlain(
          exchange,
          page(200, '<h1>Sign in</h1><p>The simulator approves device codes by its own interface.</p>'),
        )
    }
  }

  #authorize(query: URLSearchParams, path: string): PlainReply {
    const asked = readAuthorize(query)
    if (typeof asked === 'string') return page(400, `<h1>Authentication error</h1><p>${escapeHtml(asked)}</p>`)
    const { accounts, options } = this.parts
    if (query.get('decision') === 'deny') {
      return back(asked, { error: 'access_denied', error_description: 'The person said no.' })
    }
    const chosen = path.endsWith('/approve') ? (query.get('account') ?? '') : (options.autoApprove ?? true)
    if (chosen !== false) {
      const account = chosen === true ? (accounts.all()[0] ?? accounts.add()) : accounts.find(chosen)
      if (account === undefined) return page(400, '<h1>Authentication error</h1><p>no such account</p>')
      return back(asked, { code: this.parts.codes.issue(account, asked), scope: query.get('scope') ?? '' })
    }
    const links = accounts.all().map(({ accountId, email, plan }) => {
      const to = new URLSearchParams([...query, ['account', accountId]])
      return `<li><a href="/oauth/authorize/approve?${escapeHtml(String(to))}">${escapeHtml(email)} (${escapeHtml(plan)})</a></li>`
    })
    const deny = new URLSearchParams([...query, ['decision', 'deny']])
    return page(
      200,
      `<h1>Sign in to the simulator</h1><ul>${links.join('')}</ul><a href="/oauth/authorize?${escapeHtml(String(deny))}">Refuse</a>`,
    )
  }

  async #token(exchange: Exchange, treatment: TokenTreatment): Promise<void> {
    const { gates, accounts, codes } = this.parts
    // A login server does not undo its work because a client hung up, so these waits go on without it.
    const forever = new AbortController().signal
    await wait(treatment.beforeCommit, gates, forever)
    const form = fields(exchange)
    let reply: PlainReply
    switch (form['grant_type']) {
      case 'authorization_code': {
        const account = codes.redeem(form)
        reply =
          typeof account === 'string'
            ? json(400, { error: 'invalid_grant', error_description: account })
            : tokenReply(accounts.login(account), treatment)
        break
      }
      case 'refresh_token':
        reply = this.#refresh(form, treatment)
        break
      default:
        reply = json(400, { error: 'unsupported_grant_type', error_description: 'The grant type is not supported.' })
    }
    if (treatment.resetAfterCommit === true) return reset(exchange)
    if (treatment.neverAnswer === true) return
    await wait(treatment.beforeAnswer, gates, forever)
    sendPlain(exchange, reply)
  }

  #refresh(form: Readonly<Record<string, unknown>>, treatment: TokenTreatment): PlainReply {
    if (form['client_id'] !== CLIENT_ID) return oauthError(401, 'invalid_client', 'Unknown client.')
    const outcome = this.parts.accounts.refresh(String(form['refresh_token'] ?? ''))
    if (!outcome.ok) return oauthError(401, outcome.code, REFRESH_MESSAGES[outcome.code])
    return tokenReply(outcome.tokens, treatment)
  }

  #deviceCode(form: Readonly<Record<string, unknown>>): PlainReply {
    if (this.parts.options.deviceOff === true) return { status: 404, headers: {}, body: '' }
    if (form['client_id'] !== CLIENT_ID) return oauthError(401, 'invalid_client', 'Unknown client.')
    const { deviceAuthId, userCode } = this.parts.codes.startDevice()
    return json(200, {
      device_auth_id: deviceAuthId,
      user_code: userCode,
      interval: String(this.parts.options.deviceInterval ?? 5),
    })
  }

  #deviceToken(form: Readonly<Record<string, unknown>>): PlainReply {
    const polled = this.parts.codes.pollDevice(String(form['device_auth_id']), String(form['user_code']))
    switch (polled) {
      case 'pending':
        return oauthError(403, 'deviceauth_authorization_pending', 'The login has not been approved yet.')
      case 'unknown':
        return oauthError(404, 'deviceauth_unknown', 'There is no such device login.')
      case 'denied':
        return oauthError(400, 'deviceauth_denied', 'The login was refused.')
      case 'expired':
        return oauthError(410, 'deviceauth_expired', 'The device code has expired.')
      default:
        return json(200, {
          authorization_code: polled.code,
          code_challenge: polled.challenge,
          code_verifier: polled.verifier,
        })
    }
  }
}

function tokenReply(tokens: TokenSet, { omit = [] }: TokenTreatment): PlainReply {
  const reply: Record<string, unknown> = {
    id_token: tokens.idToken,
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
    scope: 'openid profile email offline_access',
  }
  for (const name of omit) delete reply[name]
  return { ...json(200, reply), headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } }
}

function oauthError(status: number, code: string, message: string): PlainReply {
  return json(status, { error: { message, type: 'invalid_request_error', param: null, code } })
}

function back({ redirectUri, state }: AuthorizeRequest, answer: Readonly<Record<string, string>>): PlainReply {
  const to = new URL(redirectUri)
  for (const [name, value] of Object.entries({ ...answer, state })) to.searchParams.set(name, value)
  return { status: 302, headers: { location: String(to) }, body: '' }
}

function page(status: number, html: string): PlainReply {
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head><body>${html}</body></html>`
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function fields({ body }: Exchange): Record<string, unknown> {
  return typeof body.value === 'object' && body.value !== null ? (body.value as Record<string, unknown>) : {}
}
