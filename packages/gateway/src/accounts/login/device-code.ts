import { setTimeout as sleep } from 'node:timers/promises'
import { exchangeCode } from './exchange-code.js'
import { LoginError } from './login.js'
import type { AuthSettings, Login } from './login.js'
import { readObject, readServerError, text } from './login-server.js'
import { asOwner, type Http } from './login-server.js'

export interface DeviceLoginOptions {
  auth: AuthSettings
  http: Http
  now?: () => number
  /** Waits between two looks; rejects when aborted. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A login by a code that is typed on any device. */
export interface DeviceLogin {
  userCode: string
  /** Where to type it. */
  verificationUrl: string
  /** Unix ms. */
  expiresAt: number
  cancel(): void
  /** The tokens, or a {@link LoginError}. */
  done: Promise<Login>
}

const LIFETIME_MS = 15 * 60_000
const DEFAULT_INTERVAL_S = 5
const TIMEOUT_MS = 30_000

/**
 * Begins a login by device code. Source: spec upstream-codex 1.4.
 * @throws LoginError `device_login_off`, `login_server`
 */
export async function startDeviceLogin(options: DeviceLoginOptions): Promise<DeviceLogin> {
  const { auth, now = Date.now, pause = (ms, signal) => sleep(ms, undefined, { signal }) } = options
  const http = asOwner(options.http, 'login')
  const reply = await post(http, auth, '/api/accounts/deviceauth/usercode', { client_id: auth.client_id })
  if (reply.status === 404) {
    throw new LoginError(
      'device_login_off',
      'this login server has no login by device code: use "dragoman login" or "--paste"',
    )
  }
  const body = reply.status >= 200 && reply.status <= 299 ? readObject(reply.body) : undefined
  const deviceAuthId = text(body?.['device_auth_id'])
  const userCode = text(body?.['user_code']) ?? text(body?.['usercode'])
  if (deviceAuthId === undefined || userCode === undefined) {
    throw new LoginError('login_server', `the login server gave no device code (${readServerError(reply).message})`)
  }
  const intervalMs = readInterval(body?.['interval']) * 1000
  const expiresAt = now() + LIFETIME_MS
  const abort = new AbortController()

  async function poll(): Promise<Login> {
    while (now() < expiresAt) {
      await pause(intervalMs, abort.signal).catch(() => undefined)
      if (abort.signal.aborted) throw new LoginError('cancelled', 'the login was cancelled')
      const look = await post(http, auth, '/api/accounts/deviceauth/token', {
        device_auth_id: deviceAuthId,
        user_code: userCode,
      })
      // Not typed yet.
      if (look.status === 403 || look.status === 404) continue
      if (look.status < 200 || look.status > 299) {
        throw new LoginError('login_server', `the login server refused the device (${readServerError(look).message})`)
      }
      const grant = readObject(look.body)
      const [code, verifier] = [text(grant?.['authorization_code']), text(grant?.['code_verifier'])]
      if (code === undefined || verifier === undefined) {
        throw new LoginError('login_server', 'the login server answered without a code: begin again')
      }
      return exchangeCode(http, auth, { code, verifier, redirectUri: `${auth.issuer}/deviceauth/callback` })
    }
    throw new LoginError('timed_out', 'the code was not typed in time: begin again')
  }

  const done = poll()
  done.catch(() => undefined)
  return {
    userCode,
    verificationUrl: `${auth.issuer}/codex/device`,
    expiresAt,
    cancel: () => {
      abort.abort()
    },
    done,
  }
}

async function post(http: Http, auth: AuthSettings, path: string, body: object) {
  try {
    return await http({
      url: auth.issuer + path,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
    })
  } catch (error) {
    throw new LoginError(
      'login_server',
      `the login server ${auth.issuer} cannot be reached: check the network and begin again`,
      {
        cause: error,
      },
    )
  }
}

/** The server sends it as a text. */
function readInterval(value: unknown): number {
  const seconds = Number(value)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 60) : DEFAULT_INTERVAL_S
}
