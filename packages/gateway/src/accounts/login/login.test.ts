import { createServer, request } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { fakeLoginServer } from '../testing/login-server.js'
import type { FakeLoginServer } from '../testing/login-server.js'
import type { BrowserLogin } from './index.js'
import { callbackAddress, startBrowserLogin, startDeviceLogin } from './index.js'
import { openCallbackListener } from './callback-listener.js'

const person = { account: 'ws-1', user: 'user-1' }
const server = () => fakeLoginServer(Date.now)

function begin(fake: FakeLoginServer, more: object = {}): Promise<BrowserLogin> {
  return startBrowserLogin({ auth: fake.auth, http: fake.http, ports: [0], ...more })
}

/** What the login server does: sends the browser back. */
function goBack(fake: FakeLoginServer, login: BrowserLogin, change: Record<string, string> = {}): URL {
  const asked = new URL(login.authorizeUrl).searchParams
  const url = new URL(asked.get('redirect_uri')!)
  url.searchParams.set('code', fake.grant(person, asked.get('code_challenge')!))
  url.searchParams.set('state', asked.get('state')!)
  for (const [name, value] of Object.entries(change)) url.searchParams.set(name, value)
  return url
}

interface Page {
  status: number
  body: string
  headers: Record<string, unknown>
}

function visit(url: URL, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Page> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ...options, agent: false }, (reply) => {
      let body = ''
      reply.on('data', (chunk) => (body += chunk))
      reply.on('end', () => {
        resolve({ status: reply.statusCode!, body, headers: reply.headers })
      })
    })
    call.on('error', reject).end()
  })
}

const tokenRequests = (fake: FakeLoginServer) => fake.asked.filter(({ path }) => path === '/oauth/token').length

describe('a login in the browser', () => {
  test('asks for what the official client asks for, in its order', async () => {
    const fake = server()
    const login = await begin(fake)
    const url = new URL(login.authorizeUrl)
    expect(url.origin + url.pathname).toBe('https://login.test/oauth/authorize')
    expect([...url.searchParams.keys()]).toEqual([
      'response_type',
      'client_id',
      'redirect_uri',
      'code_challenge',
      'code_challenge_method',
      'state',
      'scope',
      'id_token_add_organizations',
      'codex_cli_simplified_flow',
      'originator',
    ])
    expect(url.search).toContain('scope=openid+profile+email+offline_access+')
    login.cancel()
  })

  test('ends when the browser comes back, with a page that runs no script', async () => {
    const fake = server()
    const login = await begin(fake)
    const page = await visit(goBack(fake, login))
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Signed in') as string })
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.body).not.toMatch(/<script|\son\w+=/i)
    const { refreshToken } = await login.done
    expect(refreshToken?.reveal()).toBe(fake.live('ws-1'))
    expect(fake.asked.at(-1)!.body).toMatchObject({ grant_type: 'authorization_code', client_id: 'app_test' })
  })

  test('ends by pasting the address, on a machine without a browser', async () => {
    const fake = server()
    const login = await begin(fake, { listen: false })
    expect(login.listening).toBe(false)
    const url = goBack(fake, login)
    expect(url.href).toContain('http://127.0.0.1:1455/auth/callback?')
    const { refreshToken } = await login.submit(`  "${url.href}" \n`)
    expect(refreshToken?.reveal()).toBe(fake.live('ws-1'))
    await expect(login.submit(url.href)).rejects.toMatchObject({ code: 'bad_url' })
  })

  test.each([
    ['its query alone', (url: URL) => url.search],
    ['code#state', (url: URL) => `${url.searchParams.get('code')}#${url.searchParams.get('state')}`],
  ])('ends by pasting %s', async (_, cut) => {
    const fake = server()
    const login = await begin(fake, { listen: false })
    await expect(login.submit(cut(goBack(fake, login)))).resolves.toBeDefined()
  })

  test.each([
    ['nonsense', () => 'hello', 'bad_url'],
    ['the address of the login page', (login: BrowserLogin) => login.authorizeUrl, 'bad_url'],
    ['another state', () => 'http://127.0.0.1:1455/auth/callback?code=x&state=y', 'wrong_state'],
    ['no state', () => 'http://127.0.0.1:1455/auth/callback?code=x', 'wrong_state'],
  ])('waits on when %s is pasted', async (_, text, code) => {
    const fake = server()
    const login = await begin(fake, { listen: false })
    await expect(login.submit(text(login))).rejects.toMatchObject({ code })
    expect(tokenRequests(fake)).toBe(0)
    await expect(login.submit(goBack(fake, login).href)).resolves.toBeDefined()
  })

  test.each([
    ['a wrong state', { state: 'forged' }, {}, 400],
    ['another path', {}, { path: '/auth/callback/' }, 404],
    ['another host', {}, { host: 'evil.example' }, 400],
    ['a host that only begins alike', {}, { host: '127.0.0.1.evil.example' }, 400],
    ['another method', {}, { method: 'POST' }, 400],
  ])(
    'takes nothing from %s and waits on',
    async (_, change, visitor: { path?: string; host?: string; method?: string }, status) => {
      const fake = server()
      const login = await begin(fake)
      const url = goBack(fake, login, change)
      if (visitor.path !== undefined) url.pathname = visitor.path
      const page = await visit(url, {
        ...(visitor.method === undefined ? {} : { method: visitor.method }),
        ...(visitor.host === undefined ? {} : { headers: { host: visitor.host } }),
      })
      expect(page.status).toBe(status)
      expect(tokenRequests(fake)).toBe(0)
      expect((await visit(goBack(fake, login))).status).toBe(200)
      await login.done
    },
  )

  test('is hit once: a replay meets no listener and no second exchange', async () => {
    const fake = server()
    const login = await begin(fake)
    const url = goBack(fake, login)
    const pages = await Promise.allSettled([visit(url), visit(url), visit(url)])
    expect(pages.filter((page) => page.status === 'fulfilled' && page.value.status === 200)).toHaveLength(1)
    await login.done
    await expect(visit(url)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/)
    expect(tokenRequests(fake)).toBe(1)
  })

  test('tells why the login server refused, escaped', async () => {
    const fake = server()
    const login = await begin(fake)
    const page = await visit(
      goBack(fake, login, { error: 'access_denied', error_description: '<img src=x onerror=alert(1)>' }),
    )
    expect(page.status).toBe(400)
    expect(page.body).not.toContain('<img')
    await expect(login.done).rejects.toMatchObject({ code: 'refused' })
  })

  test('fails when the identity was made for another program', async () => {
    const fake = server()
    const login = await startBrowserLogin({
      auth: { ...fake.auth, client_id: 'app_other' },
      http: fake.http,
      listen: false,
    })
    await expect(login.submit(goBack(fake, login).href)).rejects.toMatchObject({ code: 'bad_tokens' })
    await expect(login.done).rejects.toMatchObject({ code: 'bad_tokens' })
  })

  test('ends when cancelled, also by another program that wants the port', async () => {
    const fake = server()
    const [one, other] = [await begin(fake), await begin(fake)]
    one.cancel()
    await expect(one.done).rejects.toMatchObject({ code: 'cancelled' })
    const url = goBack(fake, other)
    await visit(new URL('/cancel', url))
    await expect(other.done).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('ends after its time', async () => {
    const fake = server()
    const login = await begin(fake, { timeoutMs: 1 })
    await expect(login.done).rejects.toMatchObject({ code: 'timed_out' })
  })
})

describe('a login with a callback address of its own', () => {
  /** A port that nobody listens on. */
  async function freePort(): Promise<number> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    return port
  }
  const callback = (redirect_uri: string, callback_port = 1455) =>
    callbackAddress({ auth: { redirect_uri, callback_port }, server: { public_url: '' } })
  const exchanged = (fake: FakeLoginServer) => fake.asked.at(-1)!.body['redirect_uri']

  test('names it in both steps, and takes the browser that a proxy passes on', async () => {
    const fake = server()
    const port = await freePort()
    const uri = 'https://gateway.example/login/back'
    const login = await begin(fake, { ports: undefined, callback: callback(uri, port) })
    expect(login).toMatchObject({ listening: true, redirectUri: uri })
    expect(new URL(login.authorizeUrl).searchParams.get('redirect_uri')).toBe(uri)
    const passedOn = new URL(goBack(fake, login).href.replace('https://gateway.example', `http://127.0.0.1:${port}`))
    for (const [path, host, status] of [
      ['/auth/callback', 'gateway.example', 404],
      ['/login/back', 'gateway.example.evil.example', 400],
      ['/login/back', 'gateway.example:8443', 400],
      ['/login/back', 'gateway.example', 200],
    ] as const) {
      const url = new URL(passedOn)
      url.pathname = path
      expect((await visit(url, { headers: { host } })).status).toBe(status)
    }
    await login.done
    expect(exchanged(fake)).toBe(uri)
  })

  test.each([
    ['elsewhere', 'https://gateway.example/auth/callback'],
    ['on this machine', 'http://localhost:1455/auth/callback'],
  ])('%s can be pasted', async (_, uri) => {
    const fake = server()
    const login = await begin(fake, { listen: false, ports: undefined, callback: callback(uri) })
    await expect(login.submit('what?')).rejects.toThrow(`it begins with ${uri}`)
    const { refreshToken } = await login.submit(goBack(fake, login).href)
    expect(refreshToken?.reveal()).toBe(fake.live('ws-1'))
    expect(exchanged(fake)).toBe(uri)
  })

  test('that is loopback is listened on as it is', async () => {
    const fake = server()
    const uri = `http://localhost:${await freePort()}/auth/callback`
    const login = await begin(fake, { ports: undefined, callback: callback(uri) })
    const back = goBack(fake, login)
    expect(back.origin + back.pathname).toBe(uri)
    back.hostname = '127.0.0.1'
    expect((await visit(back)).status).toBe(200)
    await login.done
    expect(exchanged(fake)).toBe(uri)
  })

  test('whose port is taken is ended by pasting', async () => {
    const fake = server()
    const stubborn = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
    await once(stubborn, 'listening')
    const { port } = stubborn.address() as AddressInfo
    const login = await begin(fake, { ports: [port], callback: callback('', port) })
    expect(login).toMatchObject({ listening: false, redirectUri: `http://127.0.0.1:${port}/auth/callback` })
    await login.submit(goBack(fake, login).href)
    expect(exchanged(fake)).toBe(login.redirectUri)
    stubborn.close()
  })
})

describe('a busy port', () => {
  const options = { onCallback: () => Promise.resolve({ ok: true, message: '' }), onCancel: () => undefined }
  test('is given up by a login that another program cancels', async () => {
    const first = await openCallbackListener({ ...options, ports: [0], onCancel: () => first!.close() })
    const port = Number(new URL(first!.redirectUri).port)
    const second = await openCallbackListener({
      ...options,
      ports: [port, 0],
      pause: () => new Promise(setImmediate),
    })
    expect(second?.redirectUri).toBe(first!.redirectUri)
    second!.close()
  })

  test('that nobody gives up is left for the second one', async () => {
    const stubborn = createServer((_, response) => response.end()).listen(0, '127.0.0.1')
    await once(stubborn, 'listening')
    const { port } = stubborn.address() as AddressInfo
    let pauses = 0
    const listener = await openCallbackListener({
      ...options,
      ports: [port, 0],
      pause: () => {
        pauses += 1
        return Promise.resolve()
      },
    })
    expect(listener?.redirectUri).not.toContain(`:${port}/`)
    expect(pauses).toBe(9)
    listener!.close()
    expect(await openCallbackListener({ ...options, ports: [port] })).toBeUndefined()
    stubborn.close()
  })
})

describe('a login by device code', () => {
  const pause = () => Promise.resolve()

  test('waits until the code was typed', async () => {
    const fake = server()
    fake.settings.device = 'pending'
    const waited: number[] = []
    const login = await startDeviceLogin({
      auth: fake.auth,
      http: fake.http,
      pause: (ms) => {
        waited.push(ms)
        if (waited.length === 3) fake.settings.device = person
        return Promise.resolve()
      },
    })
    expect(login).toMatchObject({ userCode: 'ABCD-1234', verificationUrl: 'https://login.test/codex/device' })
    expect((await login.done).refreshToken?.reveal()).toBe(fake.live('ws-1'))
    expect(waited).toEqual([5000, 5000, 5000])
    expect(fake.asked.at(-1)!.body).toMatchObject({
      redirect_uri: 'https://login.test/deviceauth/callback',
      code_verifier: 'v',
    })
  })

  test('that is switched off says what to use instead', async () => {
    const fake = server()
    await expect(startDeviceLogin({ auth: fake.auth, http: fake.http })).rejects.toMatchObject({
      code: 'device_login_off',
    })
  })

  test('fails when it was denied', async () => {
    const fake = server()
    fake.settings.device = 'denied'
    const login = await startDeviceLogin({ auth: fake.auth, http: fake.http, pause })
    await expect(login.done).rejects.toMatchObject({ code: 'login_server' })
  })

  test('ends after fifteen minutes', async () => {
    const fake = server()
    fake.settings.device = 'pending'
    let now = 0
    const login = await startDeviceLogin({
      auth: fake.auth,
      http: fake.http,
      now: () => now,
      pause: (ms) => {
        now += ms
        return Promise.resolve()
      },
    })
    await expect(login.done).rejects.toMatchObject({ code: 'timed_out' })
    expect(now).toBe(15 * 60_000)
  })

  test('can be cancelled', async () => {
    const fake = server()
    fake.settings.device = 'pending'
    const login = await startDeviceLogin({ auth: fake.auth, http: fake.http })
    login.cancel()
    await expect(login.done).rejects.toMatchObject({ code: 'cancelled' })
  })
})
