import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Accounts, authJson } from './accounts.js'

const ISSUER = 'https://issuer.example.com'
const NOW = 1_800_000_000_000

function world() {
  let now = NOW
  const accounts = new Accounts(
    () => ISSUER,
    () => now,
  )
  return { accounts, pass: (seconds: number) => void (now += seconds * 1000) }
}

function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
}

describe('refresh tokens', () => {
  test('whatever is tried, only the newest of a login is taken, and every other counts as reuse', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 30 }), (choices) => {
        const { accounts } = world()
        const account = accounts.add()
        const issued = [accounts.login(account).refreshToken]
        let reuses = 0
        for (const choice of choices) {
          const token = issued[choice % issued.length]!
          const outcome = accounts.refresh(token)
          expect(outcome.ok).toBe(token === issued.at(-1))
          if (outcome.ok) issued.push(outcome.tokens.refreshToken)
          else reuses += 1
        }
        expect(accounts.refreshState(account.accountId)).toEqual({
          generation: issued.length,
          liveRefreshToken: issued.at(-1),
          refreshes: issued.length - 1,
          reuseAttempts: reuses,
        })
      }),
    )
  })

  test('of two logins live side by side', () => {
    const { accounts } = world()
    const account = accounts.add()
    const first = accounts.login(account)
    const second = accounts.login(account)
    expect(accounts.refresh(first.refreshToken).ok).toBe(true)
    expect(accounts.refresh(second.refreshToken).ok).toBe(true)
  })

  test.each(['expired', 'invalidated', 'reused'] as const)('that have %s say so, those of others do not', (how) => {
    const { accounts } = world()
    const [ended, other] = [accounts.add(), accounts.add()]
    const tokens = [accounts.login(ended), accounts.login(other)]
    accounts.endRefresh(ended.accountId, how)
    expect(accounts.refresh(tokens[0]!.refreshToken)).toMatchObject({ ok: false, code: `refresh_token_${how}` })
    expect(accounts.refresh(tokens[1]!.refreshToken).ok).toBe(true)
  })

  test('that nobody issued are unknown, and no reuse', () => {
    const { accounts } = world()
    expect(accounts.refresh('rt_made_up')).toEqual({ ok: false, code: 'token_not_found' })
    expect(accounts.reuses).toBe(0)
  })
})

describe('access tokens', () => {
  test('live as long as they say', () => {
    const { accounts, pass } = world()
    const { accessToken } = accounts.login(accounts.add({ accessExpiresInSeconds: 60 }))
    expect(claims(accessToken)['exp']).toBe(NOW / 1000 + 60)
    pass(59)
    expect(accounts.access(accessToken).state).toBe('valid')
    pass(1)
    expect(accounts.access(accessToken).state).toBe('expired')
  })

  test('that the backend gave up are expired; the next one is not', () => {
    const { accounts } = world()
    const account = accounts.add()
    const { accessToken, refreshToken } = accounts.login(account)
    accounts.expireAccess(account.accountId)
    expect(accounts.access(accessToken).state).toBe('expired')
    const outcome = accounts.refresh(refreshToken)
    expect(outcome.ok && accounts.access(outcome.tokens.accessToken).state).toBe('valid')
  })

  test('end with the login that is revoked, by either token', () => {
    for (const which of ['accessToken', 'refreshToken'] as const) {
      const { accounts } = world()
      const account = accounts.add()
      const [gone, kept] = [accounts.login(account), accounts.login(account)]
      accounts.revoke(gone[which])
      expect(accounts.access(gone.accessToken).state).toBe('invalidated')
      expect(accounts.refresh(gone.refreshToken)).toMatchObject({ ok: false, code: 'refresh_token_invalidated' })
      expect(accounts.access(kept.accessToken).state).toBe('valid')
    }
  })
})

describe('what tokens tell', () => {
  test('whose they are, under the names that a client reads', () => {
    const { accounts } = world()
    const account = accounts.add({ email: 'someone@example.com', plan: 'pro', accountId: 'acc-1', userId: 'user-1' })
    const { accessToken, idToken } = accounts.login(account)
    const auth = { chatgpt_account_id: 'acc-1', chatgpt_plan_type: 'pro', chatgpt_user_id: 'user-1' }
    expect(claims(accessToken)).toMatchObject({
      iss: ISSUER,
      'https://api.openai.com/auth': auth,
      'https://api.openai.com/profile': { email: 'someone@example.com' },
    })
    expect(claims(idToken)).toMatchObject({ email: 'someone@example.com', 'https://api.openai.com/auth': auth })
  })

  test('an auth.json has everything that the Codex CLI wants', () => {
    const { accounts } = world()
    const account = accounts.add({ accountId: 'acc-1' })
    const tokens = accounts.login(account)
    expect(authJson(account, tokens, ISSUER, NOW)).toMatchObject({
      auth_mode: 'chatgpt',
      OPENAI_API_KEY: null,
      tokens: {
        id_token: tokens.idToken,
        access_token: tokens.accessToken,
        refresh_token: tokens.refreshToken,
        account_id: 'acc-1',
      },
      last_refresh: '2027-01-15T08:00:00.000Z',
    })
  })
})
