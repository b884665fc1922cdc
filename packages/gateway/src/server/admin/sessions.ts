import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import {
  LONGEST_PASSWORD,
  SHORTEST_PASSWORD,
  WeakPassword,
  type Admin,
  type AdminSession,
} from '../../sessions/index.js'
import { FRESH, json, jsonBody, NOT_FOUND, problem, PROBLEMS, SUCCESS, type AdminApi } from './api.js'
import type { SignInHouse } from './sign-in.js'

const SessionView = z
  .object({
    id: z.string(),
    current: z.boolean().openapi({ description: 'The one that asks.' }),
    way: z.enum(['link', 'password']).openapi({ description: 'How it was opened.' }),
    address: z.string(),
    userAgent: z.string(),
    openedAt: z.string(),
    usedAt: z.string(),
    endsAt: z.string().openapi({ description: 'When it ends if nobody uses it any more.' }),
  })
  .openapi('AdminSession')

const ENDED = json(z.object({ success: z.literal(true), ended: z.int() }).openapi('EndedSessions'), 'How many ended.')

/** Who is signed in, the password, and links for others of one's own browsers. */
export function sessionsApi(api: AdminApi, house: SignInHouse): void {
  const { sessions, passwords, outsideUrl } = house
  const success = { success: true as const }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/sessions',
      tags: ['sessions'],
      summary: 'Who is signed in',
      responses: {
        200: json(
          z.object({ sessions: z.array(SessionView), passwordSet: z.boolean() }),
          'The one that was used last comes first.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const current = idOf(c.env.admin)
      const list = [...sessions.list()].sort((a, b) => b.usedAt - a.usedAt).map((session) => viewOf(session, current))
      return c.json({ sessions: list, passwordSet: passwords.isSet }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/sessions/end-others',
      tags: ['sessions'],
      summary: 'Sign out everywhere else',
      responses: { 200: ENDED, ...PROBLEMS },
    }),
    async (c) => c.json({ ...success, ended: await sessions.endAllBut(idOf(c.env.admin)) }, 200),
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/admin/sessions/{id}',
      tags: ['sessions'],
      summary: 'End a session',
      request: { params: z.object({ id: z.string() }) },
      responses: { 200: json(SUCCESS, 'It is over; its live streams are closed.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      if (!(await sessions.end(c.req.valid('param').id))) {
        throw problem(404, 'not_found', 'there is no such session; it may be over already')
      }
      return c.json(success, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/dashboard-link',
      tags: ['sessions'],
      summary: 'Make a one-time link',
      description: 'For another browser of one’s own. It works once, within ten minutes.',
      ...FRESH,
      responses: {
        200: json(
          z
            .object({
              token: z.string(),
              link: z.string().openapi({ description: 'With the token in its fragment, which no server sees.' }),
              expiresAt: z.string(),
            })
            .openapi('DashboardLink'),
          'Told once.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const { token, expiresAt } = sessions.makeLink()
      const link = `${outsideUrl()}/#token=${token}`
      return c.json({ token, link, expiresAt: new Date(expiresAt).toISOString() }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'put',
      path: '/admin/password',
      tags: ['sessions'],
      summary: 'Set or change the password',
      description: 'All other sessions end.',
      ...FRESH,
      request: {
        body: jsonBody(
          z.object({
            password: z
              .string()
              .max(LONGEST_PASSWORD)
              .openapi({
                description: `At least ${SHORTEST_PASSWORD} characters, and not what anybody would try first.`,
              }),
          }),
        ),
      },
      responses: { 200: ENDED, ...PROBLEMS },
    }),
    async (c) => {
      try {
        await passwords.set(c.req.valid('json').password)
      } catch (error) {
        if (!(error instanceof WeakPassword)) throw error
        throw new FailureError(invalidRequest('/password', error.message, 'weak_password'))
      }
      return c.json({ ...success, ended: await sessions.endAllBut(idOf(c.env.admin)) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/admin/password',
      tags: ['sessions'],
      summary: 'Remove the password',
      description: 'From then on a one-time link is the only way in. All other sessions end.',
      ...FRESH,
      responses: { 200: ENDED, ...PROBLEMS },
    }),
    async (c) => {
      await passwords.remove()
      return c.json({ ...success, ended: await sessions.endAllBut(idOf(c.env.admin)) }, 200)
    },
  )
}

function idOf(admin: Admin): string | undefined {
  return admin.kind === 'session' ? admin.session.id : undefined
}

function viewOf(session: AdminSession, current: string | undefined): z.infer<typeof SessionView> {
  const { id, way, address, userAgent, openedAt, usedAt, endsAt } = session
  const iso = (at: number): string => new Date(at).toISOString()
  return {
    id,
    current: id === current,
    way,
    address,
    userAgent,
    openedAt: iso(openedAt),
    usedAt: iso(usedAt),
    endsAt: iso(endsAt),
  }
}
