import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House } from '../house.js'
import { asPage, signIn, type SignedIn } from './browser-like.js'
import { keptBy, managementOf } from './management-of.js'

/** What pages of others can send on behalf of somebody who is signed in, at every route of management that there is. */
let house: House
let who: SignedIn
beforeAll(async () => {
  house = await openHouse({
    accounts: 1,
    // Even a page that may use the protocol routes may not manage.
    config: { server: { cors_origins: ['https://app.example'], allowed_hosts: ['gateway.example'] } },
  })
  who = await signIn(house)
})
afterAll(() => house.close())

type Headers = Record<string, string>
const port = (): string => new URL(house.url).port

/** Each with the cookie of the session; most even with its second value, which no other page can have. */
const VARIANTS: readonly { name: string; headers: () => Headers; cookieAlone?: true }[] = [
  {
    name: 'a page of another site',
    headers: () => ({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }),
  },
  {
    name: 'a page of localhost, which is not 127.0.0.1',
    headers: () => ({ 'sec-fetch-site': 'cross-site', origin: `http://localhost:${port()}` }),
  },
  {
    name: 'a page of another port',
    headers: () => ({ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:5173' }),
  },
  { name: 'a page without an origin (a sandbox, a file)', headers: () => ({ origin: 'null' }) },
  { name: 'a page that may use the protocol routes', headers: () => ({ origin: 'https://app.example' }) },
  { name: 'what was typed or opened by another program', headers: () => ({ 'sec-fetch-site': 'none', origin: '' }) },
  {
    name: 'a form of another page, in a browser that tells nothing',
    headers: () => ({ 'sec-fetch-site': '', origin: '', 'content-type': 'application/x-www-form-urlencoded' }),
    cookieAlone: true,
  },
  {
    name: 'text that looks like JSON, in a browser that tells nothing',
    headers: () => ({ 'sec-fetch-site': '', origin: '', 'content-type': 'text/plain' }),
    cookieAlone: true,
  },
]

describe.each(VARIANTS)('$name', ({ headers, cookieAlone }) => {
  test('reads nothing and changes nothing', async () => {
    const before = await keptBy(house)
    const own = headers()
    const sent = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== ''))
    const wrong: string[] = []
    for (const { method, path } of managementOf(house)) {
      const body = method === 'GET' || method === 'HEAD' ? undefined : '{}'
      const answer = await fetch(house.url + path, {
        method,
        headers: {
          cookie: who.cookie,
          ...(cookieAlone === true ? {} : { 'x-dragoman-session': who.second }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...sent,
        },
        ...(body === undefined ? {} : { body }),
        redirect: 'manual',
      })
      const text = await answer.text()
      // Whoever shows no second value is a stranger; it may see the sign-in page's status and sign nobody out.
      const harmless = cookieAlone === true && path.startsWith('/auth/dashboard-')
      if (answer.ok && !harmless) wrong.push(`${method} ${path}: ${answer.status} ${text.slice(0, 100)}`)
      const allowed = answer.headers.get('access-control-allow-origin')
      if (allowed !== null && allowed !== 'https://app.example')
        wrong.push(`${method} ${path}: may be read by ${allowed}`)
      if (answer.headers.get('access-control-allow-credentials') !== null) wrong.push(`${method} ${path}: credentials`)
    }
    expect(wrong).toEqual([])
    expect(await keptBy(house)).toEqual(before)
    expect((await asPage(house, who, '/admin/sessions')).status).toBe(200)
  })
})

test('what an own page does is seen by the same look at what is kept', async () => {
  const before = await keptBy(house)
  await asPage(house, who, '/admin/sessions/end-others', { method: 'POST' })
  await asPage(house, who, '/admin/audit')
  expect(await keptBy(house)).not.toEqual(before)
})

test('no preflight of another page is answered for management', async () => {
  for (const origin of ['https://evil.example', house.url]) {
    for (const { method, path } of managementOf(house)) {
      const answer = await fetch(house.url + path, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'x-dragoman-session, content-type',
        },
      })
      expect(answer.status, `${origin} ${path}`).toBe(403)
      expect(answer.headers.get('access-control-allow-origin')).toBe(null)
    }
  }
})

test('an allowed page of the protocol routes may not send the second value of a session', async () => {
  const answer = await fetch(`${house.url}/admin/sessions`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-dragoman-session',
    },
  })
  expect(answer.headers.get('access-control-allow-headers')).not.toContain('x-dragoman-session')
})

test('no page of management can be put into another', async () => {
  for (const path of ['/', '/admin/sessions', '/auth/dashboard-status']) {
    const answer = await asPage(house, who, path, { headers: { accept: 'text/html' } })
    const policy = answer.headers.get('content-security-policy') ?? ''
    if (path !== '/') expect(policy).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('access-control-allow-origin')).toBe(null)
  }
})

test('all of this is about more than a few routes', () => {
  expect(managementOf(house).length).toBeGreaterThan(60)
})
