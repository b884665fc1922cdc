import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Route } from '../../packages/gateway/src/server/index.js'
import { openHouse, type House } from '../house.js'
import { asPage, signIn, type SignedIn } from './browser-like.js'

/**
 * Who may ask what, for every route that this gateway has: nothing here names one. Requests carry a body that no route understands, so
 * that whoever gets through changes nothing.
 */
let house: House
let session: SignedIn
let ended: SignedIn
beforeAll(async () => {
  house = await openHouse({ accounts: 0 })
  session = await signIn(house)
  ended = await signIn(house)
  await asPage(house, ended, '/auth/dashboard-logout', { method: 'POST' })
})
afterAll(() => house.close())

type Headers = Record<string, string>

/** The places where clients put a key. */
const FORMS: Readonly<Record<string, (key: string) => { headers?: Headers; query?: string }>> = {
  'Authorization: Bearer': (key) => ({ headers: { authorization: `Bearer ${key}` } }),
  'x-api-key': (key) => ({ headers: { 'x-api-key': key } }),
  'x-goog-api-key': (key) => ({ headers: { 'x-goog-api-key': key } }),
  '?key=': (key) => ({ query: `?key=${key}` }),
}

const both = ({ cookie, second }: SignedIn): Headers => ({ cookie, 'x-dragoman-session': second })

interface Credential {
  name: string
  headers?: () => Headers
  key?: () => string
  /** What management answers: `in`, or the status of the refusal. */
  management: 'in' | 401 | 403
  /** What protocol routes answer. */
  protocol: 'in' | 401
}

const CREDENTIALS: readonly Credential[] = [
  { name: 'nothing', management: 401, protocol: 401 },
  { name: 'a wrong key', key: () => 'dgm-wrong', management: 401, protocol: 401 },
  { name: 'a wrong control key', key: () => 'dgc-wrong', management: 401, protocol: 401 },
  { name: 'a client key', key: () => house.key, management: 403, protocol: 'in' },
  { name: 'the key of the demo', key: () => house.gateway.demoKey, management: 403, protocol: 'in' },
  { name: 'the control key', key: () => house.gateway.controlKey, management: 'in', protocol: 401 },
  { name: 'a session', headers: () => both(session), management: 'in', protocol: 401 },
  { name: 'its cookie alone', headers: () => ({ cookie: session.cookie }), management: 401, protocol: 401 },
  {
    name: 'its second value alone',
    headers: () => ({ 'x-dragoman-session': session.second }),
    management: 401,
    protocol: 401,
  },
  {
    name: 'its cookie with another second value',
    headers: () => both({ ...session, second: ended.second }),
    management: 401,
    protocol: 401,
  },
  { name: 'a session that ended', headers: () => both(ended), management: 401, protocol: 401 },
  {
    name: 'the session of another port',
    headers: () => both({ ...session, cookie: session.cookie.replace(/_\d+=/, '_1=') }),
    management: 401,
    protocol: 401,
  },
  {
    name: 'its values where keys are looked for',
    key: () => session.second,
    headers: () => ({ cookie: session.cookie }),
    management: 401,
    protocol: 401,
  },
  {
    name: 'a client key beside the cookie',
    key: () => house.key,
    headers: () => ({ cookie: session.cookie }),
    management: 403,
    protocol: 'in',
  },
]

/** Every path of every route, with each of its methods. */
function everywhere(): { route: Route; method: string; path: string }[] {
  return house.gateway.routes.flatMap((route) =>
    route.paths.flatMap((path) =>
      route.methods.map((method) => ({ route, method, path: path.replace(':id', 'none') })),
    ),
  )
}

/** @returns the status alone: what streams is left */
async function statusOf(method: string, target: string, headers: Headers): Promise<number> {
  const url = new URL(house.url)
  const body = method === 'GET' || method === 'HEAD' ? '' : '"x"'
  const lines = Object.entries({
    host: url.host,
    connection: 'close',
    ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(Number(url.port), url.hostname)
  socket.on('error', () => undefined)
  socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
  const [head] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return Number(head.toString('latin1').split(' ')[1])
}

describe('who may ask what', () => {
  const rows = CREDENTIALS.flatMap((credential) =>
    (credential.key === undefined ? ['no key'] : Object.keys(FORMS)).map((form) => ({ credential, form })),
  )
  test.each(rows.map((row) => [row.credential.name, row.form, row] as const))(
    '%s, %s',
    async (_, form, { credential }) => {
      const { headers = {}, query = '' } = credential.key === undefined ? {} : (FORMS[form]?.(credential.key()) ?? {})
      const sent = { ...credential.headers?.(), ...headers }
      const wrong: string[] = []
      for (const { route, method, path } of everywhere()) {
        const letIn = credential.management === 'in' && route.access !== 'client key'
        // Whoever gets in shall do nothing: text is refused behind the door.
        const status = await statusOf(method, path + query, letIn ? { ...sent, 'content-type': 'text/plain' } : sent)
        const expected =
          route.access === 'public' ? 'in' : route.access === 'admin' ? credential.management : credential.protocol
        // A route may well refuse this body, or not know what it is about: but not who asks.
        const good = expected === 'in' ? status !== 401 && status !== 403 : status === expected
        if (!good) wrong.push(`${method} ${path}: ${status}, expected ${expected}`)
      }
      expect(wrong).toEqual([])
      expect(everywhere().length).toBeGreaterThan(50)
    },
  )

  test('every route of management is behind the door but the ways in', () => {
    const open = house.gateway.routes
      .filter(({ dialect, access }) => dialect === 'management' && access !== 'admin')
      .flatMap(({ paths }) => paths)
    expect(open.sort()).toEqual([
      '/auth/dashboard-link',
      '/auth/dashboard-login',
      '/auth/dashboard-logout',
      '/auth/dashboard-status',
    ])
    const unlike = house.gateway.routes
      .flatMap(({ paths, access }) => paths.map((path) => ({ path, access })))
      .filter(({ path, access }) => /^\/(?:admin|auth|api\/proxies)\b/.test(path) && access !== 'admin')
      .filter(({ path }) => !open.includes(path))
    expect(unlike).toEqual([])
  })

  test('a path that is none is told to nobody but those with a key', async () => {
    for (const path of [
      '/admin/nothing',
      '/auth/nothing',
      '/admin/sessions/x/y',
      '/ADMIN/sessions',
      '/admin/sessions/',
    ]) {
      expect(await statusOf('GET', path, {}), path).toBe(401)
      expect(await statusOf('GET', path, both(session)), path).toBe(401)
    }
  })

  test('what is guarded wants a fresh proof, whichever session asks', async () => {
    const stale = await signIn(house)
    const { store, sessions } = house.gateway
    for (const { id } of sessions.list()) await store.adminSessions.fresh(id, Date.now() - 1)
    await sessions.reload()
    const fresh = everywhere().filter(({ route }) => route.fresh === true)
    expect(fresh.length).toBeGreaterThan(2)
    for (const { method, path } of fresh) {
      expect(await statusOf(method, path, both(stale)), `${method} ${path}`).toBe(403)
      expect(await statusOf(method, path, { authorization: `Bearer ${house.key}` }), path).toBe(403)
    }
  })
})
