import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { LoginError } from '../../accounts/index.js'
import type { Admin } from '../../sessions/index.js'
import type { LoginStanding, PendingLogins } from './account-logins.js'
import { objectOf } from './account-settings.js'
import { ErrorBody, json, jsonBody, NOT_FOUND, problem, PROBLEMS, SUCCESS, type AdminApi } from './api.js'

export const SignedIn = z.object({
  id: z.string(),
  email: z.string().nullable(),
  label: z.string().nullable(),
  planType: z.string().nullable(),
})

const LoginView = z
  .object({
    id: z.string(),
    kind: z.enum(['browser', 'device']),
    state: z.enum(['waiting', 'done', 'failed', 'expired']),
    startedAt: z.string(),
    expiresAt: z.string(),
    outcome: z.enum(['added', 'updated', 'unchanged']).nullable(),
    account: SignedIn.nullable(),
    error: z.string().nullable(),
    code: z.string().nullable(),
  })
  .openapi('Login')

const Wish = {
  label: z.string().max(64).optional().openapi({ description: 'A name to recognise the account by.' }),
} as const
const wishBody = { content: { 'application/json': { schema: objectOf(Wish) } }, required: false } as const

const LOGIN_SERVER = { 502: json(ErrorBody, 'The login server refused, or was not reached.') } as const
const IdOnly = z.object({ id: z.string() })

/**
 * Signing in to ChatGPT from a page: in the browser, by a pasted address, by a code on another device. A login belongs to the session
 * that began it. The browser's way back is not among these routes: a listener of its own waits for it, only while a login does.
 */
export function loginsApi(api: AdminApi, logins: PendingLogins): void {
  const tags = ['logins']

  for (const path of ['/auth/login', '/auth/accounts/login']) {
    api.openapi(
      createRoute({
        method: 'get',
        path,
        tags,
        summary: 'Begin a login and go to where one signs in',
        responses: { 302: { description: 'To the login server.' }, ...PROBLEMS },
      }),
      async (c) => {
        const { own } = await told(() => logins.startBrowser(ownerOf(c.env.admin)))
        return c.redirect(own.authorizeUrl, 302)
      },
    )
  }

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/login-start',
      tags,
      summary: 'Begin a login in the browser',
      request: { body: wishBody },
      responses: {
        200: json(
          z.object({
            authUrl: z.string().openapi({ description: 'Where the person signs in.' }),
            state: z.string(),
            id: z.string(),
            listening: z
              .boolean()
              .openapi({ description: 'False: only the pasted address ends it (`/auth/code-relay`).' }),
            redirectUri: z.string().openapi({ description: 'Where the browser comes back to.' }),
            expiresAt: z.string(),
          }),
          'It waits.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { label } = c.req.valid('json')
      const { own, oauthState, id, expiresAt } = await told(() => logins.startBrowser(ownerOf(c.env.admin), label))
      return c.json(
        {
          authUrl: own.authorizeUrl,
          state: oauthState,
          id,
          listening: own.listening,
          redirectUri: own.redirectUri,
          expiresAt: new Date(expiresAt).toISOString(),
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/code-relay',
      tags,
      summary: 'End a login by the address that the browser ended on',
      request: {
        body: jsonBody(
          objectOf({
            callbackUrl: z.string({ error: 'callbackUrl is the whole address that the browser ended on' }).max(10_000),
          }),
        ),
      },
      responses: {
        200: json(z.object({ success: z.literal(true), login: LoginView }), 'Signed in.'),
        ...PROBLEMS,
        ...LOGIN_SERVER,
      },
    }),
    async (c) => {
      const { callbackUrl } = c.req.valid('json')
      const login = await told(() => logins.submit(ownerOf(c.env.admin), callbackUrl), '/callbackUrl')
      if (login === undefined) {
        throw new FailureError(invalidRequest('/callbackUrl', 'no login is under way here: begin again', 'no_login'))
      }
      if (login.state !== 'done') throw problem(502, login.code ?? 'failed', login.error ?? 'it did not work')
      return c.json({ success: true as const, login: viewOf(login) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/device-login',
      tags,
      summary: 'Begin a login by a code that is typed on any device',
      request: { body: wishBody },
      responses: {
        200: json(
          z.object({
            userCode: z.string(),
            verificationUri: z.string(),
            verificationUriComplete: z
              .string()
              .openapi({ description: 'The login server knows no address with the code in it: the same as without.' }),
            deviceCode: z.string().openapi({ description: 'For `/auth/device-poll/{deviceCode}`.' }),
            expiresIn: z.int().openapi({ description: 'Seconds.' }),
            interval: z.int().openapi({ description: 'Seconds between two looks.' }),
            id: z.string(),
          }),
          'It waits.',
        ),
        ...PROBLEMS,
        ...NOT_FOUND,
        ...LOGIN_SERVER,
      },
    }),
    async (c) => {
      const { label } = c.req.valid('json')
      const { own, id, startedAt, expiresAt } = await told(() => logins.startDevice(ownerOf(c.env.admin), label))
      return c.json(
        {
          userCode: own.userCode,
          verificationUri: own.verificationUrl,
          verificationUriComplete: own.verificationUrl,
          deviceCode: id,
          expiresIn: Math.round((expiresAt - startedAt) / 1000),
          interval: 2,
          id,
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/device-poll/{deviceCode}',
      tags,
      summary: 'Was the code typed?',
      request: { params: z.object({ deviceCode: z.string() }) },
      responses: {
        200: json(
          z.union([
            z.object({ success: z.literal(true), login: LoginView }),
            z.object({ pending: z.literal(true), code: z.string() }),
          ]),
          'Signed in, or not yet.',
        ),
        ...PROBLEMS,
        ...NOT_FOUND,
        ...LOGIN_SERVER,
      },
    }),
    (c) => {
      const login = logins.get(ownerOf(c.env.admin), c.req.valid('param').deviceCode)
      if (login === undefined) throw problem(404, 'not_found', NO_LOGIN)
      if (login.state === 'waiting') return c.json({ pending: true as const, code: 'authorization_pending' }, 200)
      if (login.state !== 'done') throw problem(502, login.code ?? 'failed', login.error ?? 'it did not work')
      return c.json({ success: true as const, login: viewOf(login) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/logins',
      tags,
      summary: 'Logins that this session began',
      responses: { 200: json(z.object({ logins: z.array(LoginView) }), 'The last of them.'), ...PROBLEMS },
    }),
    (c) => c.json({ logins: logins.list(ownerOf(c.env.admin)).map(viewOf) }, 200),
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/logins/{id}',
      tags,
      summary: 'How one stands',
      request: { params: IdOnly },
      responses: { 200: json(LoginView, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    (c) => {
      const login = logins.get(ownerOf(c.env.admin), c.req.valid('param').id)
      if (login === undefined) throw problem(404, 'not_found', NO_LOGIN)
      return c.json(viewOf(login), 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/auth/logins/{id}',
      tags,
      summary: 'Give one up',
      request: { params: IdOnly },
      responses: { 200: json(SUCCESS, 'It waits no longer.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    (c) => {
      if (!logins.cancel(ownerOf(c.env.admin), c.req.valid('param').id)) throw problem(404, 'not_found', NO_LOGIN)
      return c.json({ success: true as const }, 200)
    },
  )
}

const NO_LOGIN = 'no such login is under way; begin again'

/** A login is bound to the session that began it. Source: reliability-security 3.5. */
function ownerOf(admin: Admin): string {
  return admin.kind === 'session' ? admin.session.id : admin.kind
}

/** What a {@link LoginError} is in HTTP: what the person gave is 400, what the login server did is 502. */
async function told<T>(act: () => Promise<T>, pointer = ''): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof LoginError)) throw error
    if (error.code === 'bad_url' || error.code === 'wrong_state') {
      throw new FailureError(invalidRequest(pointer, error.message, error.code))
    }
    throw problem(error.code === 'device_login_off' ? 404 : 502, error.code, error.message)
  }
}

function viewOf({ startedAt, expiresAt, outcome, account, error, code, ...login }: LoginStanding) {
  return {
    id: login.id,
    kind: login.kind,
    state: login.state,
    startedAt: new Date(startedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    outcome: outcome ?? null,
    account:
      account === undefined
        ? null
        : {
            id: account.id,
            email: account.email ?? null,
            label: account.label ?? null,
            planType: account.plan ?? null,
          },
    error: error ?? null,
    code: code ?? null,
  }
}
