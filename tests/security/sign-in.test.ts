import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openHouse, type House } from '../house.js'
import { asPage, openedBy, signIn, type SignedIn } from './browser-like.js'

const PASSWORD = 'correct horse battery'

let house: House
beforeAll(async () => {
  house = await openHouse({ accounts: 0, config: { server: { trusted_proxies: ['127.0.0.1'] } } })
})
afterAll(() => house.close())

/** As if a reverse proxy had brought it from there. */
const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address })
const status = async (who?: SignedIn) =>
  (await asPage(house, who, '/auth/dashboard-status')).json() as Promise<Record<string, unknown>>
const login = (password: unknown, headers = {}, who?: SignedIn) =>
  asPage(house, who, '/auth/dashboard-login', { method: 'POST', body: { password }, headers })
const setPassword = (who: SignedIn, password: string) =>
  asPage(house, who, '/admin/password', { method: 'PUT', body: { password } })
const sessionsOf = async (who: SignedIn) =>
  ((await (await asPage(house, who, '/admin/sessions')).json()) as { sessions: { id: string; current: boolean }[] })
    .sessions

/** A live stream, as far as its first words; `over` when the gateway closed it. */
async function listen(who: SignedIn): Promise<{ over: Promise<true> }> {
  const stream = await asPage(house, who, '/admin/live?topics=events')
  const reader = stream.body?.getReader()
  await reader?.read()
  const over = (async () => {
    try {
      while (reader !== undefined && !(await reader.read()).done);
    } catch {
      // Broken off, as it is meant to be.
    }
    return true as const
  })()
  return { over }
}

describe('a one-time link', () => {
  test('signs in once; the cookie is for this port alone and no script reads it', async () => {
    const { token } = house.gateway.sessions.makeLink()
    const use = () => asPage(house, undefined, '/auth/dashboard-link', { method: 'POST', body: { token } })
    const first = await use()
    expect(first.headers.get('set-cookie')).toMatch(
      new RegExp(`^dragoman_${new URL(house.url).port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict; Max-Age=604800$`),
    )
    expect(await status(await openedBy(first))).toMatchObject({ required: true, authenticated: true })
    const second = await use()
    expect(second.status).toBe(401)
    expect(await second.json()).toMatchObject({ code: 'link_used' })
  })

  test('over TLS the cookie is bound to the host and never leaves TLS', async () => {
    const { token } = house.gateway.sessions.makeLink()
    const answer = await asPage(house, undefined, '/auth/dashboard-link', {
      method: 'POST',
      body: { token },
      headers: {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': '127.0.0.1',
        origin: 'https://127.0.0.1',
      },
    })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-dragoman=.+; Path=\/; HttpOnly; SameSite=Strict; .*; Secure$/,
    )
  })

  test('of two that use it at the same moment one gets in', async () => {
    const { token } = house.gateway.sessions.makeLink()
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        asPage(house, undefined, '/auth/dashboard-link', {
          method: 'POST',
          body: { token },
          headers: from(`192.0.2.${n}`),
        }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  })

  test('opens a session in the place of the one that the browser had', async () => {
    const before = await signIn(house)
    const { token } = house.gateway.sessions.makeLink()
    const after = await openedBy(
      await asPage(house, before, '/auth/dashboard-link', { method: 'POST', body: { token } }),
    )
    expect(after.cookie).not.toBe(before.cookie)
    expect((await asPage(house, before, '/admin/sessions')).status).toBe(401)
    expect((await asPage(house, after, '/admin/sessions')).status).toBe(200)
  })
})

describe('a session', () => {
  test('needs both of its values, from a page of the gateway', async () => {
    const who = await signIn(house)
    const other = await signIn(house)
    const ask = (parts: Partial<SignedIn>, headers = {}) => asPage(house, parts, '/admin/sessions', { headers })
    expect((await ask(who)).status).toBe(200)
    expect((await ask({ cookie: who.cookie })).status).toBe(401)
    expect((await ask({ second: who.second })).status).toBe(401)
    expect((await ask({ cookie: who.cookie, second: other.second })).status).toBe(401)
    expect((await ask({ ...who, cookie: who.cookie.replace(/_\d+=/, '_1=') })).status).toBe(401)
    expect((await ask(who, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
  })

  test('that is ended is over at once, and so are its streams', async () => {
    const [mine, other] = [await signIn(house), await signIn(house)]
    const { over } = await listen(other)
    const found = (await sessionsOf(other)).find(({ current }) => current)
    expect((await asPage(house, mine, `/admin/sessions/${found?.id}`, { method: 'DELETE' })).status).toBe(200)
    expect(await over).toBe(true)
    expect((await asPage(house, other, '/admin/sessions')).status).toBe(401)
    expect((await asPage(house, mine, `/admin/sessions/${found?.id}`, { method: 'DELETE' })).status).toBe(404)
    expect(await status(other)).toMatchObject({ authenticated: false })
  })

  test('can end all others, and itself by signing out', async () => {
    const [mine, other] = [await signIn(house), await signIn(house)]
    const answer = await asPage(house, mine, '/admin/sessions/end-others', { method: 'POST' })
    expect(((await answer.json()) as { ended: number }).ended).toBeGreaterThan(0)
    expect(await sessionsOf(mine)).toMatchObject([{ current: true, way: 'link' }])
    expect((await asPage(house, other, '/admin/sessions')).status).toBe(401)
    const out = await asPage(house, mine, '/auth/dashboard-logout', { method: 'POST' })
    expect(await out.json()).toEqual({ success: true })
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await asPage(house, mine, '/admin/sessions')).status).toBe(401)
  })

  test('takes JSON and nothing else', async () => {
    const who = await signIn(house)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      for (const body of ['{}', '']) {
        const answer = await asPage(house, who, '/admin/sessions/end-others', {
          method: 'POST',
          body,
          headers: { 'content-type': type },
        })
        expect(answer.status, `${type} ${body}`).toBe(415)
      }
    }
    expect((await asPage(house, who, '/admin/sessions')).status).toBe(200)
  })
})

describe('a password', () => {
  test.each([
    ['short', 'at least 8'],
    ['passwort', 'first that anybody tries'],
    ['Dragoman2026!', 'first that anybody tries'],
    ['12345678', 'first that anybody tries'],
    ['aaaaaaaaaa', 'first that anybody tries'],
    ['x'.repeat(600), '512'],
  ])('%s is refused', async (password, why) => {
    const answer = await setPassword(await signIn(house), password)
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { error: string; pointer: string }).error).toContain(why)
    expect(await status()).toMatchObject({ passwordSet: false })
  })

  test('before there is one, none is taken', async () => {
    const answer = await login(PASSWORD)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({ code: 'no_password' })
  })

  test('that is set signs in, ends all other sessions, and is nowhere to be read', async () => {
    const [mine, other] = [await signIn(house), await signIn(house)]
    const { over } = await listen(other)
    expect((await setPassword(mine, PASSWORD)).status).toBe(200)
    expect(await over).toBe(true)
    expect((await asPage(house, other, '/admin/sessions')).status).toBe(401)
    expect((await asPage(house, mine, '/admin/sessions')).status).toBe(200)
    expect(await status()).toMatchObject({ passwordSet: true, authenticated: false, freshUntil: null })
    const entered = await openedBy(await login(PASSWORD))
    expect(await sessionsOf(entered)).toMatchObject([{ way: 'password' }, { way: 'link' }])
    const { home } = house.gateway.store
    await asPage(house, entered, '/admin/audit')
    for (const name of await readdir(home)) {
      const bytes = await readFile(join(home, name)).catch(() => Buffer.of())
      for (const secret of [PASSWORD, entered.second, entered.cookie.split('=')[1] ?? 'x']) {
        expect(bytes.includes(secret), name).toBe(false)
        expect(house.log.join('\n')).not.toContain(secret)
      }
    }
  })

  test.each([
    [{ password: 'wrong one' }, 401, 'wrong_password'],
    [{ password: '' }, 400, 'invalid_request'],
    [{ password: 7 }, 400, 'invalid_request'],
    [{}, 400, 'invalid_request'],
  ])('%j gets nobody in', async (body, expected, code) => {
    const answer = await asPage(house, undefined, '/auth/dashboard-login', {
      method: 'POST',
      body,
      headers: from('192.0.2.50'),
    })
    expect(answer.status).toBe(expected)
    expect(await answer.json()).toMatchObject({ code })
    expect(answer.headers.get('set-cookie')).toBe(null)
  })

  test('the gate stands for whoever comes from another address, with or without a page', async () => {
    for (const headers of [from('203.0.113.9'), from('127.0.0.1, 203.0.113.9'), from('127.0.0.1'), {}]) {
      for (const path of ['/admin/sessions', '/admin/pool', '/admin/openapi.json', '/auth/accounts']) {
        expect((await asPage(house, undefined, path, { headers })).status, path).toBe(401)
      }
      expect(await (await asPage(house, undefined, '/auth/dashboard-status', { headers })).json()).toMatchObject({
        required: true,
        authenticated: false,
      })
    }
    const entered = await openedBy(await login(PASSWORD, from('203.0.113.9')))
    expect(await sessionsOf(entered)).toContainEqual(expect.objectContaining({ address: '203.0.113.9' }))
  })
})

describe('what needs a fresh proof', () => {
  const makeLink = (who: SignedIn) => asPage(house, who, '/admin/dashboard-link', { method: 'POST' })
  /** Six minutes later, as far as the proof goes. */
  async function stale(): Promise<SignedIn> {
    const who = await signIn(house)
    const { store } = house.gateway
    for (const { id } of await sessionsOf(who)) await store.adminSessions.fresh(id, Date.now() - 1)
    await house.gateway.sessions.reload()
    return who
  }

  test('is refused to a session that proved itself long ago, until it does so again', async () => {
    const who = await stale()
    const refused = await makeLink(who)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'fresh_sign_in_needed' })
    const confirm = (body: object) => asPage(house, who, '/auth/dashboard-confirm', { method: 'POST', body })
    expect((await confirm({ password: 'wrong one' })).status).toBe(401)
    expect((await makeLink(who)).status).toBe(403)
    expect((await confirm({ password: PASSWORD })).status).toBe(200)
    const made = await makeLink(who)
    expect(made.status).toBe(200)
    const { token, link } = (await made.json()) as { token: string; link: string }
    expect(link).toBe(`${house.url}/#token=${token}`)
  })

  test('a new link is such a proof, too', async () => {
    const who = await stale()
    const { token } = house.gateway.sessions.makeLink()
    const confirm = () => asPage(house, who, '/auth/dashboard-confirm', { method: 'POST', body: { token } })
    expect((await confirm()).status).toBe(200)
    expect((await makeLink(who)).status).toBe(200)
    expect((await confirm()).status).toBe(401)
  })

  test('nobody proves anything who is not signed in', async () => {
    const answer = await asPage(house, undefined, '/auth/dashboard-confirm', {
      method: 'POST',
      body: { password: PASSWORD },
    })
    expect(answer.status).toBe(401)
  })
})

describe('whoever guesses', () => {
  let still: House
  beforeAll(async () => {
    // The clock goes only when it is told to.
    vi.useFakeTimers({ toFake: ['Date'] })
    still = await openHouse({ accounts: 0, config: { server: { trusted_proxies: ['127.0.0.1'] } } })
    const { token } = still.gateway.sessions.makeLink()
    const who = await openedBy(await send('/auth/dashboard-link', { token }))
    await asPage(still, who, '/admin/password', { method: 'PUT', body: { password: PASSWORD } })
  })
  afterAll(async () => {
    vi.useRealTimers()
    await still.close()
  })
  const send = (path: string, body: object, address = '127.0.0.1') =>
    asPage(still, undefined, path, { method: 'POST', body, headers: from(address) })
  const guess = (address: string, password: string) => send('/auth/dashboard-login', { password }, address)

  test('from one address has three checked at once, and the right one waits as well; a link opens all the same', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => guess('198.51.100.1', `guess number ${n}`)))
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(3)
    const refused = answers.find((answer) => answer.status === 429)
    expect(refused?.headers.get('retry-after')).toBe('1')
    expect(await refused?.json()).toMatchObject({ code: 'too_many_tries' })
    expect((await guess('198.51.100.1', PASSWORD)).status).toBe(429)
    const told = await asPage(still, undefined, '/auth/dashboard-status', { headers: from('198.51.100.1') })
    expect(await told.json()).toMatchObject({ retryAfterSeconds: 1 })
    expect((await send('/auth/dashboard-link', { token: 'x'.repeat(43) }, '198.51.100.1')).status).toBe(429)
    const { token } = still.gateway.sessions.makeLink()
    expect((await send('/auth/dashboard-link', { token }, '198.51.100.1')).status).toBe(200)
  })

  test('from many addresses has at most twenty checked in a minute', async () => {
    let checked = 0
    for (let second = 0; second < 60; second++) {
      vi.setSystemTime(Date.now() + 1000)
      const answers = await Promise.all([1, 2, 3, 4].map((n) => guess(`203.0.113.${second * 4 + n}`, 'guess number x')))
      checked += answers.filter((answer) => answer.status === 401).length
    }
    expect(checked).toBeGreaterThan(5)
    expect(checked).toBeLessThanOrEqual(20)
    // Each check is meant to be slow.
  }, 120_000)
})

describe('the trail', () => {
  test('tells who did what, from where and how it went, and never what was sent', async () => {
    const who = await signIn(house, from('198.51.100.77'))
    await asPage(house, who, '/admin/sessions/ses_nobody', { method: 'DELETE', headers: from('198.51.100.77') })
    await setPassword(who, 'another horse battery')
    await asPage(house, who, '/admin/pool')
    const read = async (query: string) =>
      (await (await asPage(house, who, `/admin/audit?${query}`)).json()) as {
        acts: Record<string, unknown>[]
        next: string | null
      }
    const { acts } = await read('limit=3')
    expect(acts).toMatchObject([
      { who: 'session', method: 'PUT', route: '/admin/password', status: 200, address: '127.0.0.1', target: null },
      { who: 'session', method: 'DELETE', route: '/admin/sessions/:id', target: 'ses_nobody', status: 404 },
      { who: 'session', method: 'POST', route: '/auth/dashboard-link', status: 200, address: '198.51.100.77' },
    ])
    expect(JSON.stringify(await read('limit=200'))).not.toMatch(/horse|guess number/)

    const failed = await read('who=nobody&failed=true&q=login')
    expect(failed.acts.length).toBeGreaterThan(0)
    expect(failed.acts.every(({ status: of, sessionId }) => of === 401 && sessionId === null)).toBe(true)

    const pages: string[] = []
    for (let next: string | null = 'zzz'; next !== null;) {
      const page = await read(`limit=4&before=${next}`)
      pages.push(...page.acts.map(({ id }) => String(id)))
      next = page.next
    }
    expect(pages).toEqual([...new Set(pages)].sort().reverse())
    expect((await asPage(house, who, '/admin/audit?limit=0')).status).toBe(400)
  })
})
