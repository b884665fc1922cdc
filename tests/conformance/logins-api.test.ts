import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'

let house: House
let person: string
beforeEach(async () => {
  person = await mkdtemp(join(tmpdir(), 'dragoman-person-'))
  house = await openHouse({
    accounts: 0,
    config: { auth: { callback_port: await freePort() }, quota: { refresh_minutes: 0 } },
    simulator: { deviceInterval: 1 },
    env: { HOME: person },
  })
  house.simulator.addAccount({ email: 'ann@example.com', plan: 'plus' })
})
afterEach(async () => {
  await house.close()
  await rm(person, { recursive: true, force: true })
})

interface Answer {
  status: number
  headers: Headers
  text: string
  // Whatever the route tells; each test says what it expects of it.
  body: Record<string, unknown> & { error: string; code: string; pointer?: string }
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${house.url}/auth/${path}`, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${house.gateway.controlKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  const read = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : { error: '', code: '' }
  return { status: answer.status, headers: answer.headers, text, body: read }
}

/** Where the browser of somebody who signs in ends. */
const endOf = async (authorize: unknown): Promise<string> =>
  (await fetch(String(authorize), { redirect: 'manual' })).headers.get('location') ?? ''

const emails = () => house.gateway.accounts.list().map(({ email }) => email)

describe('a login in the browser', () => {
  test('ends when the browser comes back, and is told live', async () => {
    const live = await listen('logins')
    const { body } = await ask('POST', 'login-start', { label: 'work' })
    expect(body).toMatchObject({ listening: true, id: expect.stringMatching(/^login_/) as string })
    expect(new URL(String(body['authUrl'])).searchParams.get('state')).toBe(body['state'])
    expect(await live.next()).toMatchObject({ id: body['id'], state: 'waiting', kind: 'browser' })
    const page = await fetch(String(body['authUrl']))
    expect(await page.text()).toContain('go back to Dragoman')
    expect(await live.next()).toMatchObject({
      id: body['id'],
      state: 'done',
      outcome: 'added',
      account: { email: 'ann@example.com', label: 'work' },
    })
    expect((await ask('GET', `logins/${String(body['id'])}`)).body).toMatchObject({ state: 'done' })
    live.close()
  })

  test('ends by the pasted address; what is none leaves it waiting', async () => {
    const started = await ask('POST', 'login-start')
    const nonsense = await ask('POST', 'code-relay', { callbackUrl: 'hello' })
    expect(nonsense).toMatchObject({ status: 400, body: { code: 'bad_url', pointer: '/callbackUrl' } })
    const other = await ask('POST', 'code-relay', { callbackUrl: 'http://127.0.0.1:1/?code=x&state=of-another' })
    expect(other).toMatchObject({ status: 400, body: { code: 'wrong_state' } })
    const end = await endOf(started.body['authUrl'])
    const done = await ask('POST', 'code-relay', { callbackUrl: end })
    expect(done).toMatchObject({ status: 200, body: { success: true, login: { state: 'done' } } })
    expect(done.text).not.toMatch(/eyJ|code=/)
    expect(emails()).toEqual(['ann@example.com'])
    const again = await ask('POST', 'code-relay', { callbackUrl: end })
    expect(again).toMatchObject({ status: 400, body: { code: 'no_login' } })
    expect(house.simulator.requests.filter(({ path }) => path === '/oauth/token')).toHaveLength(1)
  })

  test.each(['login', 'accounts/login'])('begins by a look at /auth/%s', async (path) => {
    const { status, headers } = await ask('GET', path)
    expect(status).toBe(302)
    expect(headers.get('location')).toMatch(/\/oauth\/authorize\?/)
  })

  test('that begins anew takes the place of the one before', async () => {
    const first = await ask('POST', 'login-start')
    const second = await ask('POST', 'login-start')
    expect(second.body).toMatchObject({ listening: true, redirectUri: first.body['redirectUri'] })
    expect((await ask('GET', `logins/${String(first.body['id'])}`)).body).toMatchObject({ state: 'failed' })
    const late = await ask('POST', 'code-relay', { callbackUrl: await endOf(first.body['authUrl']) })
    expect(late).toMatchObject({ status: 400, body: { code: 'wrong_state' } })
    expect(emails()).toEqual([])
  })

  test('is given up, and its port is free', async () => {
    const { body } = await ask('POST', 'login-start')
    const id = String(body['id'])
    expect((await ask('DELETE', `logins/${id}`)).body).toEqual({ success: true })
    await expect.poll(async () => (await ask('GET', `logins/${id}`)).body).toMatchObject({ code: 'cancelled' })
    await expect(fetch(String(body['redirectUri']))).rejects.toThrow()
  })

  test('belongs to the session that began it', async () => {
    const { body } = await ask('POST', 'login-start')
    const end = await endOf(body['authUrl'])
    const stranger = await signIn()
    expect((await stranger('GET', `logins/${String(body['id'])}`)).status).toBe(404)
    expect((await stranger('POST', 'code-relay', { callbackUrl: end })).status).toBe(400)
    expect((await stranger('DELETE', `logins/${String(body['id'])}`)).status).toBe(404)
    expect((await stranger('GET', 'logins')).status).toBe(200)
    expect(emails()).toEqual([])
    const theirs = await stranger('POST', 'login-start')
    expect(((await theirs.json()) as { redirectUri: string }).redirectUri).not.toBe(body['redirectUri'])
    expect((await ask('POST', 'code-relay', { callbackUrl: end })).status).toBe(200)
  })
})

describe('a login by a code', () => {
  test('waits, then is done', async () => {
    const { body } = await ask('POST', 'device-login')
    expect(body).toMatchObject({
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{5}$/) as string,
      verificationUri: expect.stringMatching(/\/codex\/device$/) as string,
      expiresIn: 900,
    })
    const poll = `device-poll/${String(body['deviceCode'])}`
    expect((await ask('GET', poll)).body).toEqual({ pending: true, code: 'authorization_pending' })
    house.simulator.approveDevice(String(body['userCode']))
    await expect.poll(async () => (await ask('GET', poll)).body, { timeout: 5_000 }).toMatchObject({ success: true })
    expect(emails()).toEqual(['ann@example.com'])
  })

  test('that is refused says so', async () => {
    const { body } = await ask('POST', 'device-login')
    house.simulator.denyDevice(String(body['userCode']))
    const poll = () => ask('GET', `device-poll/${String(body['deviceCode'])}`)
    await expect.poll(async () => (await poll()).status, { timeout: 5_000 }).toBe(502)
    expect((await ask('GET', 'device-poll/login_gone')).status).toBe(404)
  })
})

describe('a login of another program on this computer', () => {
  async function put(...path: string[]): Promise<string> {
    const file = join(person, ...path)
    await mkdir(join(file, '..'), { recursive: true })
    const { authJson } = house.simulator.addAccount({ email: `${path[0] ?? ''}@example.com`, plan: 'plus' })
    await writeFile(file, JSON.stringify(authJson), { mode: 0o600 })
    return file
  }

  test('is found, told without secrets, and followed or taken over', async () => {
    expect((await ask('GET', 'import-cli')).body).toEqual({ found: [] })
    expect((await ask('POST', 'import-cli')).body).toMatchObject({ code: 'not_found_here' })
    const codex = await put('.codex', 'auth.json')
    const cpa = await put('.cli-proxy-api', 'codex-b.json')
    const proxy = await put('codex-proxy', 'data', 'accounts.json')
    const { body, text } = await ask('GET', 'import-cli')
    expect(text).not.toMatch(/eyJ|rt_/)
    expect(body['found']).toMatchObject([
      { program: 'codex', path: codex, linkable: true, accounts: [{ name: '.codex@example.com', outcome: 'added' }] },
      { program: 'codex-proxy', path: proxy, linkable: false, accounts: [{ outcome: 'added' }] },
      { program: 'cliproxyapi', path: cpa, linkable: false, accounts: [{ outcome: 'added' }] },
    ])
    expect((await ask('POST', 'import-cli', { path: codex, link: true })).body).toMatchObject({ added: 1 })
    expect((await ask('POST', 'import-cli', { path: cpa })).body).toMatchObject({ added: 1 })
    expect(await ask('POST', 'import-cli', { path: cpa, link: true })).toMatchObject({
      status: 400,
      body: { pointer: '/link' },
    })
    expect(house.gateway.accounts.list()).toMatchObject([
      { email: '.codex@example.com', linkedTo: codex },
      { email: '.cli-proxy-api@example.com' },
    ])
  })

  test('is no way to read any other file', async () => {
    const elsewhere = join(person, 'elsewhere.json')
    await writeFile(elsewhere, '{"token":"secret"}')
    const answer = await ask('POST', 'import-cli', { path: elsewhere })
    expect(answer).toMatchObject({ status: 400, body: { pointer: '/path', code: 'not_found_here' } })
  })
})

/** The messages of one topic, in their order. */
async function listen(topic: string): Promise<{ next(): Promise<unknown>; close(): void }> {
  const abort = new AbortController()
  const answer = await fetch(`${house.url}/admin/live?topics=${topic}`, {
    headers: { authorization: `Bearer ${house.gateway.controlKey}` },
    signal: abort.signal,
  })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  async function frame(): Promise<string> {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end !== -1) {
        const one = text.slice(0, end)
        text = text.slice(end + 2)
        if (one.includes(`event: ${topic}`)) return one
        continue
      }
      const { value } = await reader.read()
      text += value ?? ''
    }
  }
  return {
    next: async () => JSON.parse((await frame()).split('data: ')[1] ?? '') as unknown,
    close: () => abort.abort(),
  }
}

/** Somebody else, signed in to the dashboard. */
async function signIn(): Promise<(method: string, path: string, body?: object) => Promise<Response>> {
  const { token } = await house.gateway.sessions.makeLink()
  const opened = await fetch(`${house.url}/auth/dashboard-link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  const { session } = (await opened.json()) as { session: string }
  const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return (method, path, body) =>
    fetch(`${house.url}/auth/${path}`, {
      method,
      headers: { cookie, 'x-dragoman-session': session, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
