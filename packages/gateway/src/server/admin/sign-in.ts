import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { FailureError, type Failure } from '@dragoman/protocol'
import {
  LONGEST_PASSWORD,
  sourceOf,
  type Acts,
  type AdminSession,
  type Guesses,
  type OpenedSession,
  type Passwords,
  type Sessions,
  type SessionWay,
} from '../../sessions/index.js'
import { cookieOf, SESSION_HEADER, sessionCookie } from '../admin-door.js'
import type { Asked } from '../route-table.js'
import { json, jsonBody, OPEN, problem, PROBLEMS, SUCCESS, type AdminApi, type AdminBindings } from './api.js'

export interface SignInHouse {
  sessions: Sessions
  passwords: Passwords
  guesses: Guesses
  acts: Pick<Acts, 'note'>
  /** The address of the client itself. */
  addressOf(asked: Asked): string
  /** Where pages of this gateway are found, without a slash at the end. */
  outsideUrl(): string
}

/** Nobody has come in yet: these get no `admin`. */
type OpenApi = OpenAPIHono<{ Bindings: Pick<AdminBindings, 'asked'> }>

/** How long a browser keeps the cookie; the session itself ends sooner when nobody uses it. */
const COOKIE_SECONDS = 7 * 24 * 3600

const Proof = {
  password: z.string().min(1).max(LONGEST_PASSWORD).openapi({ description: 'The password of the dashboard.' }),
  token: z.string().min(1).max(200).openapi({ description: 'What stands behind `#token=` in a one-time link.' }),
}
const Opened = z
  .object({
    success: z.literal(true),
    session: z.string().openapi({
      description: `The second value of the session: send it as \`${SESSION_HEADER}\`, beside the cookie that comes with this answer.`,
    }),
  })
  .openapi('OpenedSession')
const SignInStatus = z
  .object({
    required: z.literal(true).openapi({ description: 'Management is never open to whoever did not sign in.' }),
    authenticated: z.boolean(),
    passwordSet: z.boolean().openapi({ description: 'Without one a link is the only way in.' }),
    retryAfterSeconds: z.int().openapi({ description: 'How long this address has to wait before the next try.' }),
    freshUntil: z.string().nullable().openapi({
      description: 'Until then this session counts as having just proven who it is; null when nobody is signed in.',
    }),
  })
  .openapi('SignInStatus')
const WAIT = {
  429: json(z.object({ error: z.string(), code: z.string() }), 'Too many tries; `retry-after` says when.'),
}

/** The ways in and out, in front of the door, and the proof that somebody behind it gives anew. */
export function signInApi(api: AdminApi, house: SignInHouse): void {
  const { sessions, passwords, guesses, acts, addressOf } = house
  const open = api as unknown as OpenApi

  function note(asked: Asked, status: number, session: AdminSession | undefined): void {
    acts.note({
      who: session === undefined ? 'nobody' : 'session',
      ...(session === undefined ? {} : { sessionId: session.id }),
      address: addressOf(asked),
      method: asked.req.method ?? '',
      route: asked.path,
      status,
    })
  }

  /** A wrong try: told, counted by who called this, and kept in the trail. */
  function wrong(asked: Asked, code: string, message: string): FailureError {
    note(asked, 401, undefined)
    return new FailureError({ ...plain, kind: 'unauthenticated', code, message })
  }

  async function checkPassword(asked: Asked, password: string): Promise<void> {
    if (!passwords.isSet) throw problem(409, 'no_password', 'no password is set; `dragoman open` makes a link')
    const source = sourceOf(addressOf(asked))
    const wait = guesses.begin(source)
    if (wait > 0) throw tooFast(wait)
    if (!(await passwords.check(password))) throw wrong(asked, 'wrong_password', 'this password is not right')
    guesses.wasRight(source)
  }

  /**
   * The right one always passes: nobody guesses 256 bits, and it is the owner's way in while somebody else tries passwords.
   */
  async function checkLink(asked: Asked, token: string): Promise<void> {
    const source = sourceOf(addressOf(asked))
    if (await sessions.takeLink(token)) return
    const wait = guesses.begin(source)
    if (wait > 0) throw tooFast(wait)
    throw wrong(asked, 'link_used', 'this link was used or is too old; `dragoman open` makes a new one')
  }

  /** Opens a session in the place of the one that this browser had. */
  async function letIn(asked: Asked, way: SessionWay): Promise<{ opened: OpenedSession; cookie: string }> {
    const before = sessionOf(asked, sessions)
    const opened = await sessions.open(way, {
      address: addressOf(asked),
      userAgent: String(asked.req.headers['user-agent'] ?? '').slice(0, 300),
    })
    if (before !== undefined) await sessions.end(before.id)
    note(asked, 200, opened.session)
    return { opened, cookie: cookieText(asked, opened.cookie, COOKIE_SECONDS) }
  }

  open.openapi(
    createRoute({
      method: 'get',
      path: '/auth/dashboard-status',
      tags: ['sessions'],
      summary: 'Is this browser signed in?',
      ...OPEN,
      responses: { 200: json(SignInStatus, 'What the sign-in page needs to know.'), ...PROBLEMS },
    }),
    (c) => {
      const { asked } = c.env
      const session = sessionOf(asked, sessions)
      return c.json(
        {
          required: true as const,
          authenticated: session !== undefined,
          passwordSet: passwords.isSet,
          retryAfterSeconds: Math.ceil(guesses.waits(sourceOf(addressOf(asked))) / 1000),
          freshUntil: session === undefined ? null : new Date(session.freshUntil).toISOString(),
        },
        200,
      )
    },
  )

  open.openapi(
    createRoute({
      method: 'post',
      path: '/auth/dashboard-login',
      tags: ['sessions'],
      summary: 'Sign in with the password',
      ...OPEN,
      request: { body: jsonBody(z.object({ password: Proof.password })) },
      responses: { 200: json(Opened, 'Signed in.'), ...PROBLEMS, ...WAIT },
    }),
    async (c) => {
      const { asked } = c.env
      await checkPassword(asked, c.req.valid('json').password)
      const { opened, cookie } = await letIn(asked, 'password')
      return c.json({ success: true as const, session: opened.second }, 200, { 'set-cookie': cookie })
    },
  )

  open.openapi(
    createRoute({
      method: 'post',
      path: '/auth/dashboard-link',
      tags: ['sessions'],
      summary: 'Sign in with a one-time link',
      ...OPEN,
      request: { body: jsonBody(z.object({ token: Proof.token })) },
      responses: { 200: json(Opened, 'Signed in.'), ...PROBLEMS, ...WAIT },
    }),
    async (c) => {
      const { asked } = c.env
      await checkLink(asked, c.req.valid('json').token)
      const { opened, cookie } = await letIn(asked, 'link')
      return c.json({ success: true as const, session: opened.second }, 200, { 'set-cookie': cookie })
    },
  )

  open.openapi(
    createRoute({
      method: 'post',
      path: '/auth/dashboard-logout',
      tags: ['sessions'],
      summary: 'Sign out',
      ...OPEN,
      responses: { 200: json(SUCCESS, 'Nobody is signed in here any more.'), ...PROBLEMS },
    }),
    async (c) => {
      const { asked } = c.env
      const session = sessionOf(asked, sessions)
      if (session !== undefined) {
        await sessions.end(session.id)
        note(asked, 200, session)
      }
      return c.json({ success: true as const }, 200, { 'set-cookie': cookieText(asked, '', 0) })
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/dashboard-confirm',
      tags: ['sessions'],
      summary: 'Prove anew who is asking',
      description:
        'What shows secrets wants a proof that is at most five minutes old: the password, or a new one-time link.',
      request: {
        body: jsonBody(z.union([z.object({ password: Proof.password }), z.object({ token: Proof.token })])),
      },
      responses: {
        200: json(z.object({ success: z.literal(true), freshUntil: z.string().nullable() }), 'It counts from now.'),
        ...PROBLEMS,
        ...WAIT,
      },
    }),
    async (c) => {
      const { asked, admin } = c.env
      const proof = c.req.valid('json')
      if ('password' in proof) await checkPassword(asked, proof.password)
      else await checkLink(asked, proof.token)
      const session = admin.kind === 'session' ? await sessions.confirm(admin.session.id) : undefined
      const freshUntil = session === undefined ? null : new Date(session.freshUntil).toISOString()
      return c.json({ success: true as const, freshUntil }, 200)
    },
  )
}

/** Who this browser is, if anybody. */
function sessionOf({ req, ownOrigin }: Asked, sessions: Pick<Sessions, 'find'>): AdminSession | undefined {
  const cookie = cookieOf(req, sessionCookie(ownOrigin))
  const second = req.headers[SESSION_HEADER]
  return cookie === undefined || typeof second !== 'string' ? undefined : sessions.find(cookie, second)
}

function cookieText({ ownOrigin }: Asked, value: string, seconds: number): string {
  const secure = ownOrigin.startsWith('https:') ? '; Secure' : ''
  return `${sessionCookie(ownOrigin)}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`
}

function tooFast(waitMs: number): Error {
  const seconds = Math.ceil(waitMs / 1000)
  return problem(429, 'too_many_tries', `too many wrong tries; wait ${seconds} s`, { 'retry-after': String(seconds) })
}

const plain: Pick<Failure, 'scope' | 'phase' | 'retry'> = { scope: 'request', phase: 'unsent', retry: 'never' }
