import { describe, expect, test } from 'vitest'
import { importAuthJson } from './import-auth-json.js'
import { identify } from './login/index.js'
import { jwt } from './testing/login-server.js'

const access = jwt({
  exp: 1_800_000_000,
  iat: 1_799_136_000,
  'https://api.openai.com/auth': { chatgpt_account_id: 'ws-1', chatgpt_user_id: 'user-1', chatgpt_plan_type: 'plus' },
})
const id = jwt({ email: 'a@example.com', 'https://api.openai.com/auth': { user_id: 'user-9' } })
const tokens = { id_token: id, access_token: access, refresh_token: 'rt_1', account_id: 'ws-1' }

describe('an auth.json', () => {
  test('of today is taken over whole', () => {
    const login = importAuthJson(
      JSON.stringify({
        auth_mode: 'chatgpt',
        OPENAI_API_KEY: null,
        tokens: { ...tokens, oauth_provenance: { issuer: 'https://auth.openai.com' }, login_owner_id: 'x' },
        last_refresh: '2026-11-21T02:22:27.790989498Z',
      }),
    )
    expect(login.refreshToken?.reveal()).toBe('rt_1')
    expect(login.lastRefreshAt).toBe(Date.parse('2026-11-21T02:22:27.790Z'))
    expect(identify(login)).toEqual({
      chatgptAccountId: 'ws-1',
      userId: 'user-1',
      email: 'a@example.com',
      plan: 'plus',
      fedramp: false,
    })
  })

  test.each([
    ['of an older version, without a mode', { OPENAI_API_KEY: null, tokens, last_refresh: '2025-06-01T00:00:00Z' }],
    ['with an API key beside a login of its own mode', { auth_mode: 'chatgpt', OPENAI_API_KEY: 'sk-x', tokens }],
    [
      'of an editor that refreshes by itself',
      { auth_mode: 'chatgptAuthTokens', tokens: { ...tokens, refresh_token: null } },
    ],
    ['with a decoded identity', { tokens: { ...tokens, id_token: { email: 'a@example.com', raw_jwt: id } } }],
  ])('%s is understood', (_, file) => {
    expect(identify(importAuthJson(JSON.stringify(file)))).toMatchObject({
      chatgptAccountId: 'ws-1',
      email: 'a@example.com',
    })
  })

  test('that begins with a byte order mark is understood', () => {
    expect(importAuthJson(`\uFEFF${JSON.stringify({ tokens })}`).accessToken.reveal()).toBe(access)
  })

  test('without last_refresh counts from when its token was issued', () => {
    expect(importAuthJson(JSON.stringify({ tokens })).lastRefreshAt).toBe(1_799_136_000_000)
  })

  test('with an opaque access token is known by its account id', () => {
    const file = { tokens: { access_token: 'opaque', refresh_token: 'rt', account_id: 'ws-7' } }
    expect(identify(importAuthJson(JSON.stringify(file))).chatgptAccountId).toBe('ws-7')
  })

  test.each([
    ['an API key alone', { OPENAI_API_KEY: 'sk-secret' }, 'providers add openai'],
    ['API key mode', { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-secret', tokens: null }, 'providers add openai'],
    ['an agent identity', { agent_identity: { x: 1 } }, 'agentIdentity'],
    ['a personal access token', { personal_access_token: 'secret' }, 'personalAccessToken'],
    ['a mode of the future', { auth_mode: 'quantum', tokens }, 'unknown kind "quantum"'],
    ['no tokens', { auth_mode: 'chatgpt', tokens: {} }, 'codex login'],
    ['nobody named', { tokens: { access_token: 'opaque' } }, 'do not name a ChatGPT account'],
  ])('with %s says what to do instead, and no secret', (_, file, words) => {
    const run = () => importAuthJson(JSON.stringify(file))
    expect(run).toThrow(words)
    expect(run).not.toThrow(/secret/)
  })

  test.each(['', 'null', '[]', '{', '"x"'])('that is %j is refused', (text) => {
    expect(() => importAuthJson(text)).toThrow('no JSON object')
  })
})
