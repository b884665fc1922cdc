import type { Http } from '../login/index.js'

export interface Person {
  account: string
  user?: string
  email?: string
  plan?: string
}

/** A login server in memory for tests of this room: every refresh token works once, every code once. */
export interface FakeLoginServer {
  http: Http
  issuer: string
  auth: { issuer: string; client_id: string }
  /** Signs somebody in and gives the tokens. */
  issue(person: Person): { access: string; refresh: string; id: string }
  /** A code for the next exchange with this challenge. */
  grant(person: Person, challenge: string): string
  /** The refresh token that would work now. */
  live(account: string): string | undefined
  /** Everything that was asked: path and parsed body. */
  asked: { path: string; body: Record<string, string> }[]
  /** Answers instead of the server, once, when it answers at all. */
  interrupt(answer: () => Promise<{ status: number; body: string }>): void
  /** Commits the next refresh, then loses its answer. */
  loseAnswer(): void
  settings: { now: () => number; lifeS: number; device: 'off' | 'pending' | 'denied' | Person }
}

const CLIENT = 'app_test'
const ISSUER = 'https://login.test'

export function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part(claims)}.sig`
}

export function fakeLoginServer(now: () => number): FakeLoginServer {
  let serial = 0
  const owners = new Map<string, Person>()
  const lives = new Map<string, string>()
  const codes = new Map<string, { person: Person; challenge: string | undefined }>()
  const asked: FakeLoginServer['asked'] = []
  const settings: FakeLoginServer['settings'] = { now, lifeS: 864_000, device: 'off' }
  let interruption: (() => Promise<{ status: number; body: string }>) | undefined
  let losing = false

  function issue(person: Person) {
    serial += 1
    const iat = Math.floor(settings.now() / 1000)
    const auth = {
      chatgpt_account_id: person.account,
      chatgpt_plan_type: person.plan ?? 'plus',
      ...(person.user === undefined ? {} : { chatgpt_user_id: person.user }),
    }
    const claims = {
      iss: ISSUER,
      jti: String(serial),
      iat,
      exp: iat + settings.lifeS,
      'https://api.openai.com/auth': auth,
      'https://api.openai.com/profile': { email: person.email ?? `${person.account}@example.com` },
    }
    const refresh = `rt_${person.account}_${serial}`
    owners.set(refresh, person)
    lives.set(person.account, refresh)
    return { access: jwt(claims), refresh, id: jwt({ ...claims, aud: [CLIENT] }) }
  }

  function tokens(person: Person) {
    const { access, refresh, id } = issue(person)
    return json(200, { access_token: access, refresh_token: refresh, id_token: id, token_type: 'Bearer' })
  }

  async function token(body: Record<string, string>) {
    if (interruption !== undefined) {
      const answer = interruption
      interruption = undefined
      return { ...(await answer()), headers: {} }
    }
    if (body['grant_type'] === 'authorization_code') {
      const grant = codes.get(body['code'] ?? '')
      codes.delete(body['code'] ?? '')
      if (grant === undefined) return json(400, { error: 'invalid_grant', error_description: 'unknown code' })
      if (grant.challenge !== undefined && (await challengeOf(body['code_verifier'] ?? '')) !== grant.challenge) {
        return json(400, { error: 'invalid_grant', error_description: 'wrong verifier' })
      }
      return tokens(grant.person)
    }
    const spent = body['refresh_token'] ?? ''
    const person = owners.get(spent)
    if (person === undefined) return json(401, { error: { code: 'refresh_token_invalidated', message: 'unknown' } })
    if (lives.get(person.account) !== spent)
      return json(401, { error: { code: 'refresh_token_reused', message: 'used' } })
    const answer = tokens(person)
    if (losing) {
      losing = false
      throw new Error('connection lost', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
    }
    return answer
  }

  return {
    issuer: ISSUER,
    auth: { issuer: ISSUER, client_id: CLIENT },
    issue,
    grant(person, challenge) {
      serial += 1
      codes.set(`code-${serial}`, { person, challenge })
      return `code-${serial}`
    },
    live: (account) => lives.get(account),
    asked,
    interrupt: (answer) => {
      interruption = answer
    },
    loseAnswer: () => {
      losing = true
    },
    settings,
    async http({ url, body = '', headers }) {
      const { pathname } = new URL(url)
      const isJson = headers['content-type'] === 'application/json'
      const fields = isJson
        ? (JSON.parse(body) as Record<string, string>)
        : Object.fromEntries(new URLSearchParams(body))
      asked.push({ path: pathname, body: fields })
      switch (pathname) {
        case '/oauth/token':
          return token(fields)
        case '/oauth/revoke':
          for (const [account, live] of lives) if (live === fields['token']) lives.delete(account)
          return json(200, {})
        case '/api/accounts/deviceauth/usercode':
          return settings.device === 'off'
            ? json(404, {})
            : json(200, { device_auth_id: 'dev-1', user_code: 'ABCD-1234', interval: '5' })
        case '/api/accounts/deviceauth/token': {
          if (settings.device === 'pending') return json(403, {})
          if (typeof settings.device === 'string') return json(400, { error: 'access_denied' })
          codes.set('device-code', { person: settings.device, challenge: undefined })
          return json(200, { authorization_code: 'device-code', code_challenge: 'c', code_verifier: 'v' })
        }
        default:
          return json(404, {})
      }
    },
  }
}

function json(status: number, body: object) {
  return { status, headers: {}, body: JSON.stringify(body) }
}

async function challengeOf(verifier: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(verifier))).toString('base64url')
}
