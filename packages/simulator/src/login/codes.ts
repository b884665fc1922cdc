import { createHash, randomBytes } from 'node:crypto'
import type { Account } from './accounts.js'
import { CLIENT_ID } from './tokens.js'

const CODE_LIFE_MS = 10 * 60_000
const DEVICE_LIFE_MS = 15 * 60_000

interface IssuedCode {
  account: Account
  challenge: string
  redirectUri: string
  expiresAt: number
}
interface DeviceLogin {
  userCode: string
  expiresAt: number
  account?: Account
  verifier: string
  denied?: true
}

export interface AuthorizeRequest {
  redirectUri: string
  challenge: string
  state: string
}

/** Authorization codes and device logins that are under way. */
export class LoginCodes {
  readonly #codes = new Map<string, IssuedCode>()
  readonly #devices = new Map<string, DeviceLogin>()

  constructor(
    private readonly issuer: () => string,
    private readonly now: () => number,
  ) {}

  clear(): void {
    this.#codes.clear()
    this.#devices.clear()
  }

  issue(account: Account, { redirectUri, challenge }: Pick<AuthorizeRequest, 'redirectUri' | 'challenge'>): string {
    const code = `ac_${randomBytes(32).toString('base64url')}`
    this.#codes.set(code, { account, challenge, redirectUri, expiresAt: this.now() + CODE_LIFE_MS })
    return code
  }

  /** Redeems a code once. Gives the account, or in words why not. */
  redeem(form: Readonly<Record<string, unknown>>): Account | string {
    const { code, client_id, redirect_uri, code_verifier } = form
    const issued = this.#codes.get(String(code))
    if (issued === undefined) return 'Invalid or already used authorization code.'
    this.#codes.delete(String(code))
    if (issued.expiresAt <= this.now()) return 'The authorization code has expired.'
    if (client_id !== CLIENT_ID) return 'The authorization code was issued to another client.'
    if (redirect_uri !== issued.redirectUri) return 'The redirect URI does not match the authorization request.'
    if (typeof code_verifier !== 'string' || challengeOf(code_verifier) !== issued.challenge) {
      return 'Failed to verify code verifier.'
    }
    return issued.account
  }

  startDevice(): { deviceAuthId: string; userCode: string } {
    const deviceAuthId = `deviceauth_${randomBytes(16).toString('hex')}`
    const userCode = `${letters(4)}-${letters(5)}`
    const verifier = randomBytes(64).toString('base64url')
    this.#devices.set(deviceAuthId, { userCode, verifier, expiresAt: this.now() + DEVICE_LIFE_MS })
    return { deviceAuthId, userCode }
  }

  /** The person at `/codex/device` has decided. @throws Error when no login waits with this code */
  decideDevice(userCode: string, decision: Account | 'deny' | 'expire'): void {
    const login = [...this.#devices.values()].find((device) => device.userCode === userCode)
    if (login === undefined) throw new Error(`no device login waits with the code ${userCode}`)
    if (decision === 'deny') login.denied = true
    else if (decision === 'expire') login.expiresAt = 0
    else login.account = decision
  }

  /** What a poll learns. The server makes the PKCE pair of a device login. Source: upstream notes 1.4. */
  pollDevice(
    deviceAuthId: string,
    userCode: string,
  ): 'pending' | 'unknown' | 'denied' | 'expired' | { code: string; challenge: string; verifier: string } {
    const login = this.#devices.get(deviceAuthId)
    if (login === undefined || login.userCode !== userCode) return 'unknown'
    if (login.denied === true) return 'denied'
    if (login.expiresAt <= this.now()) return 'expired'
    if (login.account === undefined) return 'pending'
    this.#devices.delete(deviceAuthId)
    const { verifier } = login
    const challenge = challengeOf(verifier)
    const code = this.issue(login.account, { challenge, redirectUri: `${this.issuer()}/deviceauth/callback` })
    return { code, challenge, verifier }
  }
}

/**
 * Checks the query of an authorize request as the real page does before it shows anything.
 * @returns the request, or in words what is wrong with it
 */
export function readAuthorize(query: URLSearchParams): AuthorizeRequest | string {
  const redirectUri = query.get('redirect_uri') ?? ''
  const challenge = query.get('code_challenge') ?? ''
  const state = query.get('state') ?? ''
  if (query.get('response_type') !== 'code') return 'response_type must be "code"'
  if (query.get('client_id') !== CLIENT_ID) return 'unknown client_id'
  if (!isLoopback(redirectUri)) return 'redirect_uri is not registered for this client'
  if (query.get('code_challenge_method') !== 'S256') return 'code_challenge_method must be "S256"'
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) return 'code_challenge must be a base64url SHA-256'
  if (state === '') return 'state is missing'
  if (!(query.get('scope') ?? '').split(' ').includes('offline_access')) return 'scope must include offline_access'
  return { redirectUri, challenge, state }
}

function isLoopback(uri: string): boolean {
  if (!URL.canParse(uri)) return false
  const { protocol, hostname } = new URL(uri)
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]')
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

function letters(count: number): string {
  return Array.from(randomBytes(count), (byte) => 'BCDFGHJKLMNPQRSTVWXZ'[byte % 20]).join('')
}
