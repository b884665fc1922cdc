import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ask, askCodex } from '../ask.js'
import { startSimulator, type SimulatedAccount } from '../simulator.js'
import { CLIENT_ID } from './tokens.js'

const simulator = await startSimulator()
let account: SimulatedAccount
beforeEach(() => {
  simulator.reset()
  account = simulator.addAccount({ email: 'someone@example.com', plan: 'pro' })
})
afterAll(() => simulator.close())

const post = async (path: string, body: object, form = false) => {
  const reply = await ask(`${simulator.issuer}${path}`, {
    body: form ? String(new URLSearchParams(body as Record<string, string>)) : JSON.stringify(body),
    headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' },
  })
  return { status: reply.status, body: reply.text === '' ? undefined : JSON.parse(reply.text) }
}
const refresh = (refresh_token: string, form = false) =>
  post('/oauth/token', { client_id: CLIENT_ID, grant_type: 'refresh_token', refresh_token }, form)
const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

describe('an account', () => {
  test('comes with the auth.json of the Codex CLI', () => {
    expect(account.authJson).toMatchObject({
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      tokens: {
        id_token: account.idToken,
        access_token: account.accessToken,
        refresh_token: account.refreshToken,
        account_id: account.accountId,
        oauth_provenance: { issuer: simulator.issuer, client_id: CLIENT_ID },
      },
      last_refresh: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
  })

  test('has the claims that clients read', () => {
    const expected = {
      chatgpt_account_id: account.accountId,
      chatgpt_plan_type: 'pro',
      chatgpt_user_id: expect.stringMatching(/^user-/),
    }
    expect(claims(account.accessToken)).toMatchObject({
      'https://api.openai.com/auth': expected,
      'https://api.openai.com/profile': { email: 'someone@example.com' },
      iss: simulator.issuer,
    })
    expect(claims(account.idToken)).toMatchObject({
      'https://api.openai.com/auth': expected,
      email: 'someone@example.com',
    })
    const { exp, iat } = claims(account.accessToken)
    expect(exp - iat).toBe(864_000)
  })
})

describe('a refresh', () => {
  test.each([
    ['JSON', false],
    ['form', true],
  ])('in %s spends the token and gives new ones that work', async (_, form) => {
    const { status, body } = await refresh(account.refreshToken, form)
    expect([status, body.token_type, body.expires_in]).toEqual([200, 'Bearer', 864_000])
    expect(body.refresh_token).not.toBe(account.refreshToken)
    expect((await askCodex(simulator, { ...account, accessToken: body.access_token })).status).toBe(200)
    expect(simulator.refreshState(account.accountId)).toEqual({
      generation: 2,
      liveRefreshToken: body.refresh_token,
      refreshes: 1,
      reuseAttempts: 0,
    })
  })

  test('with a spent token is refused and counted, and hurts nobody else', async () => {
    const first = await refresh(account.refreshToken)
    const again = await refresh(account.refreshToken)
    expect([again.status, again.body.error]).toMatchObject([
      401,
      { code: 'refresh_token_reused', type: 'invalid_request_error' },
    ])
    expect(simulator.counters).toMatchObject({ refreshes: 1, reuses: 1 })
    expect(simulator.refreshState(account.accountId).reuseAttempts).toBe(1)
    expect((await refresh(first.body.refresh_token)).status).toBe(200)
  })

  test('of the same token, fifty times at once, succeeds once', async () => {
    const replies = await Promise.all(Array.from({ length: 50 }, () => refresh(account.refreshToken)))
    expect(replies.filter(({ status }) => status === 200).length).toBe(1)
    expect(simulator.counters).toMatchObject({ refreshes: 1, reuses: 49 })
  })

  test.each(['expired', 'invalidated'] as const)('of a token that has %s', async (how) => {
    simulator.endRefresh(account.accountId, how)
    const { status, body } = await refresh(account.refreshToken)
    expect([status, body.error.code]).toEqual([401, `refresh_token_${how}`])
  })

  test('with nonsense', async () => {
    expect((await refresh('rt_nonsense')).status).toBe(401)
    expect((await post('/oauth/token', { client_id: 'x', grant_type: 'refresh_token' })).status).toBe(401)
    expect((await post('/oauth/token', { grant_type: 'magic' })).status).toBe(400)
  })

  test('may leave tokens out', async () => {
    simulator.script({ at: 'token', token: { omit: ['id_token', 'refresh_token'] } })
    expect(Object.keys((await refresh(account.refreshToken)).body)).toEqual([
      'access_token',
      'token_type',
      'expires_in',
      'scope',
    ])
  })

  test('held before the commit has not happened; held after it has', async () => {
    simulator.script({ at: 'token', times: 1, token: { beforeCommit: 'commit', beforeAnswer: 'answer' } })
    const seen = simulator.nextRequest()
    const asking = refresh(account.refreshToken)
    await seen
    expect(simulator.refreshState(account.accountId).generation).toBe(1)
    simulator.openGate('commit')
    // Any other request answered means that the first has run on to its next gate.
    await ask(`${simulator.url}/codex/device`)
    expect(simulator.refreshState(account.accountId).generation).toBe(2)
    simulator.openGate('answer')
    expect((await asking).status).toBe(200)
  })

  test.each([
    ['never answers', { neverAnswer: true }],
    ['resets the connection', { resetAfterCommit: true }],
  ])('that commits and %s has spent the token', async (_, token) => {
    simulator.script({ at: 'token', times: 1, token })
    const seen = simulator.nextRequest()
    const leaving = new AbortController()
    const lost = ask(`${simulator.issuer}/oauth/token`, {
      body: JSON.stringify({ client_id: CLIENT_ID, grant_type: 'refresh_token', refresh_token: account.refreshToken }),
      headers: { 'content-type': 'application/json' },
      signal: leaving.signal,
    }).catch(() => 'lost')
    await seen
    await ask(`${simulator.url}/codex/device`)
    leaving.abort()
    expect(await lost).toBe('lost')
    expect((await refresh(account.refreshToken)).body.error.code).toBe('refresh_token_reused')
  })

  test('by a logout’s token is over', async () => {
    expect(
      (await post('/oauth/revoke', { token: account.refreshToken, token_type_hint: 'refresh_token' })).status,
    ).toBe(200)
    expect((await refresh(account.refreshToken)).body.error.code).toBe('refresh_token_invalidated')
    const reply = await askCodex(simulator, account)
    expect(JSON.parse(reply.text).error.code).toBe('token_invalidated')
    expect((await post('/oauth/revoke', { token: 'unknown' })).status).toBe(200)
  })
})

describe('a login in the browser', () => {
  const verifier = randomBytes(64).toString('base64url')
  const redirect_uri = 'http://127.0.0.1:1455/auth/callback'
  const query = {
    response_type: 'code',
    client_id: CLIENT_ID,
    redirect_uri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'state-1',
    scope: 'openid profile email offline_access',
  }
  const authorize = (changes: Record<string, string> = {}) =>
    ask(`${simulator.issuer}/oauth/authorize?${String(new URLSearchParams({ ...query, ...changes }))}`)
  const exchange = (code: string, changes: Record<string, string> = {}) =>
    post(
      '/oauth/token',
      {
        grant_type: 'authorization_code',
        client_id: CLIENT_ID,
        code,
        redirect_uri,
        code_verifier: verifier,
        ...changes,
      },
      true,
    )
  async function codeOf(): Promise<string> {
    const to = new URL(String((await authorize()).headers['location']))
    expect([to.origin + to.pathname, to.searchParams.get('state')]).toEqual([redirect_uri, 'state-1'])
    return to.searchParams.get('code')!
  }

  test('gives a code, and the code tokens, once; earlier logins live on', async () => {
    const code = await codeOf()
    const { status, body } = await exchange(code)
    expect(status).toBe(200)
    expect(claims(body.access_token)['https://api.openai.com/auth'].chatgpt_account_id).toBe(account.accountId)
    expect(await exchange(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await refresh(body.refresh_token)).status).toBe(200)
    expect((await refresh(account.refreshToken)).status).toBe(200)
  })

  test.each([
    ['another verifier', { code_verifier: 'x'.repeat(86) }],
    ['no verifier', { code_verifier: '' }],
    ['another redirect', { redirect_uri: 'http://127.0.0.1:1457/auth/callback' }],
    ['another client', { client_id: 'app_other' }],
  ])('refuses the code with %s', async (_, changes) => {
    expect((await exchange(await codeOf(), changes)).status).toBe(400)
  })

  test.each<[string, Record<string, string>]>([
    ['another client', { client_id: 'app_other' }],
    ['a redirect to elsewhere', { redirect_uri: 'https://example.com/' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['no challenge', { code_challenge: '' }],
    ['no state', { state: '' }],
    ['another flow', { response_type: 'token' }],
    ['no offline access', { scope: 'openid' }],
  ])('shows an error page for %s, and redirects nowhere', async (_, changes) => {
    const { status, headers } = await authorize(changes)
    expect([status, headers['location']]).toEqual([400, undefined])
  })

  test('is decided on a page when nobody approves beforehand', async () => {
    const manual = await startSimulator({ autoApprove: false })
    try {
      manual.addAccount({ email: 'a"b@example.com' })
      const url = `${manual.issuer}/oauth/authorize?${String(new URLSearchParams(query))}`
      const { status, text } = await ask(url)
      expect([status, text.includes('a&#34;b@example.com')]).toEqual([200, true])
      const [approve, deny] = [...text.matchAll(/href="([^"]+)"/g)].map(([, to]) => to!.replaceAll('&#38;', '&'))
      const yes = new URL(String((await ask(manual.url + approve!)).headers['location']))
      const no = new URL(String((await ask(manual.url + deny!)).headers['location']))
      expect([yes.searchParams.has('code'), no.searchParams.get('error')]).toEqual([true, 'access_denied'])
    } finally {
      await manual.close()
    }
  })
})

describe('a login by device code', () => {
  const start = async () => (await post('/api/accounts/deviceauth/usercode', { client_id: CLIENT_ID })).body
  const poll = ({ device_auth_id, user_code }: Record<string, string>) =>
    post('/api/accounts/deviceauth/token', { device_auth_id, user_code })

  test('waits for the person, then gives a code with its verifier', async () => {
    const device = await start()
    expect(device).toMatchObject({ interval: '5', user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{5}$/) })
    expect((await poll(device)).status).toBe(403)
    simulator.approveDevice(device.user_code, account.accountId)
    const { status, body } = await poll(device)
    expect(status).toBe(200)
    const form = {
      grant_type: 'authorization_code',
      client_id: CLIENT_ID,
      code: body.authorization_code,
      redirect_uri: `${simulator.issuer}/deviceauth/callback`,
      code_verifier: body.code_verifier,
    }
    expect((await post('/oauth/token', form, true)).status).toBe(200)
    expect((await poll(device)).status).toBe(404)
  })

  test('can be refused, run out, or be unknown', async () => {
    const [denied, late] = [await start(), await start()]
    simulator.denyDevice(denied.user_code)
    simulator.expireDevice(late.user_code)
    expect([(await poll(denied)).status, (await poll(late)).status]).toEqual([400, 410])
    expect((await poll({ ...late, user_code: 'AAAA-AAAAA' })).status).toBe(404)
    expect(() => simulator.approveDevice('nobody')).toThrow(/no device login/)
  })

  test('can be switched off', async () => {
    const without = await startSimulator({ deviceOff: true })
    try {
      const reply = await ask(`${without.issuer}/api/accounts/deviceauth/usercode`, {
        body: '{}',
        headers: { 'content-type': 'application/json' },
      })
      expect(reply.status).toBe(404)
    } finally {
      await without.close()
    }
  })
})
