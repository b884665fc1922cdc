import { OpenAPIHono, z, type Hook } from '@hono/zod-openapi'
import { FailureError, invalidRequest, type Failure } from '@dragoman/protocol'
import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Admin } from '../../sessions/index.js'
import type { AdminDoor } from '../admin-door.js'
import { parseJson, readBody, type BodyBudget, type BodyLimits } from '../read-body.js'
import type { Asked, Route } from '../route-table.js'
import { sendJson } from '../send.js'
import { MANAGEMENT_HEADERS } from './errors.js'

/** What every route of the admin API knows of its request. */
export interface AdminBindings {
  /** The request as Node has it. Who writes the reply itself (a stream) returns {@link ALREADY_SENT}. */
  asked: Asked
  /** Who is asking. */
  admin: Admin
  /** The path of the route that the gateway's own table chose, as Hono writes it. */
  chosen: string
}

export type AdminEnv = { Bindings: AdminBindings }

/** The routes of management, one description for the gateway, its document and the dashboard's types. */
export type AdminApi = OpenAPIHono<AdminEnv>
export type AdminContext = Context<AdminEnv>

/** What a handler returns that has written its reply to `c.env.asked.res`. */
export const ALREADY_SENT = new Response(null, { headers: { 'x-already-sent': '1' } })

/** Set on a route that wants a proof of who is asking that is not older than a few minutes; see `sessions/`. */
export const FRESH = { 'x-fresh-sign-in': true } as const
/** Set on a route in front of the door, for whoever is not signed in yet: its handler gets no `admin`. Pages of others are kept out all the same. */
export const OPEN = { 'x-open': true } as const
/** Set on a route that changes nothing though it is asked by POST, so that no trail tells of it. */
export const READS = { 'x-reads': true } as const
/** Set on a route that takes any bytes, not only JSON. From a browser's session it takes JSON alone all the same. */
export const ANY_BODY = { 'x-any-body': true } as const

/** The body of every error here. Source of the shape: parity 1.1; `code` and `pointer` are ours. */
export const ErrorBody = z
  .object({
    error: z.string().openapi({ description: 'What is wrong, and the way out.' }),
    code: z.string().optional().openapi({ description: 'For programs: the same thing has the same code.' }),
    pointer: z.string().optional().openapi({ description: 'The place in the request, a JSON pointer.' }),
  })
  .openapi('Error')

/** An answer in JSON. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { content: { 'application/json': { schema } }, description } as const
}

/** A body in JSON, which must be there. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } }, required: true } as const
}

/** The errors that any route here may answer with. */
export const PROBLEMS = {
  400: json(ErrorBody, 'The request is not understood.'),
  401: json(ErrorBody, 'Nobody is signed in.'),
  403: json(ErrorBody, 'This credential, or this page, may not do that.'),
} as const
export const NOT_FOUND = { 404: json(ErrorBody, 'There is no such thing.') } as const
export const SUCCESS = z.object({ success: z.literal(true) }).openapi('Success')

/**
 * Schema problems become the same error as every other one.
 * @example const api = createAdminApi(); api.openapi(createRoute({ method: 'get', path: '/admin/pool', … }), (c) => c.json(…, 200))
 */
export function createAdminApi(): AdminApi {
  const api: AdminApi = new OpenAPIHono<AdminEnv>({
    defaultHook: refuseUnfit as Hook<unknown, AdminEnv, string, unknown>,
  })
  api.onError((error) => {
    throw error
  })
  // The gateway's own table decided who may ask. Hono decodes paths and takes `..` out of them, so it could see another route in one.
  api.use(async (c, next) => {
    const route = matchedRoutes(c).find(({ method }) => method !== 'ALL')
    if (route?.path !== c.env.chosen) throw problem(404, 'not_found', 'there is nothing at this path')
    await next()
  })
  return api
}

function refuseUnfit(result: { success: boolean; error?: z.ZodError; target?: string }): void {
  if (result.success) return
  const issue = result.error?.issues[0]
  const path = issue?.path.map(String) ?? []
  const pointer = path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  const name = path.join('.')
  throw new FailureError(
    invalidRequest(pointer, `${name === '' ? 'the request' : name}: ${issue?.message ?? 'not understood'}`),
  )
}

export interface AdminMouth {
  budget: BodyBudget
  limits(): BodyLimits
}

/** What tells pages of others from this gateway's own. */
export interface OpenMouth extends AdminMouth {
  door: Pick<AdminDoor, 'fromOwnPage'>
}

/**
 * The same routes in the gateway's own table, which stands before Hono's: what is not in it is refused, and who may ask is
 * decided there.
 */
export function adminApiRoutes(api: AdminApi, mouth: OpenMouth): Route[] {
  return api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return []
    const { method, path } = definition.route
    const told = definition.route as Record<string, unknown>
    const fresh = told['x-fresh-sign-in'] === true
    const anyBody = told['x-any-body'] === true
    const open = told['x-open'] === true
    const route: Route = {
      methods: method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      paths: [path.replace(/\{[^}]+\}/, ':id')],
      access: open ? 'public' : 'admin',
      dialect: 'management',
      ...(open ? { local: () => true } : {}),
      ...(fresh ? { fresh } : {}),
      ...(told['x-reads'] === true ? { reads: true } : {}),
      answer(asked) {
        const foreign = open ? mouth.door.fromOwnPage(asked.req, asked.ownOrigin) : undefined
        if (foreign !== undefined) throw new FailureError(foreign)
        if (!open && asked.admin === undefined) throw new Error('a management route was reached without a credential')
        return answer(api, mouth, asked, { anyBody, chosen: path.replaceAll(/\{([^}]+)\}/g, ':$1') })
      },
    }
    return [route]
  })
}

async function answer(
  api: AdminApi,
  mouth: AdminMouth,
  asked: Asked,
  { anyBody, chosen }: { anyBody: boolean; chosen: string },
): Promise<void> {
  const { req, res, path, query, admin } = asked
  const method = req.method === 'HEAD' ? 'GET' : (req.method ?? 'GET')
  const body = method === 'GET' ? undefined : await bodyOf(asked, mouth, anyBody)
  const request = new Request(`http://management${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': body.type }), accept: req.headers.accept ?? '*/*' },
    ...(body === undefined ? {} : { body: body.text }),
  })
  let reply: Response
  try {
    reply = await api.fetch(request, {
      asked,
      chosen,
      ...(admin === undefined ? {} : { admin }),
    } satisfies Partial<AdminBindings>)
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error
    const headers = { ...MANAGEMENT_HEADERS, ...asked.headers, ...error.headers }
    return sendJson(res, error.status, headers, { error: error.message, code: error.code })
  }
  if (reply === ALREADY_SENT || res.headersSent) return
  const bytes = Buffer.from(await reply.arrayBuffer())
  res.writeHead(reply.status, {
    ...MANAGEMENT_HEADERS,
    ...Object.fromEntries(reply.headers),
    ...asked.headers,
    'content-length': bytes.length,
  })
  res.end(req.method === 'HEAD' ? undefined : bytes)
}

/** The body, read within the limits of every other body here. */
async function bodyOf(
  { req, admin }: Asked,
  { limits, budget }: AdminMouth,
  anyBody: boolean,
): Promise<{ type: string; text: string } | undefined> {
  if (req.headers['transfer-encoding'] === undefined && Number(req.headers['content-length'] ?? 0) === 0)
    return undefined
  const type = req.headers['content-type'] ?? ''
  const isJson = /^application\/json(?:;|$)/i.test(type.trim())
  if (!isJson && (!anyBody || admin?.kind === 'session')) throw new FailureError(JSON_ONLY)
  return readBody(req, limits(), budget, (bytes) => {
    const text = bytes.toString('utf8')
    if (isJson) parseJson(text, limits())
    return { type: isJson ? 'application/json' : 'text/plain', text }
  })
}

const JSON_ONLY: Failure = {
  ...invalidRequest('', 'send JSON, with content-type: application/json', 'unsupported_media_type'),
  upstream: { status: 415 },
}

/** An error that no kind of failure has a status for. */
export class AdminProblem extends Error {
  constructor(
    readonly status: 400 | 404 | 405 | 409 | 413 | 422 | 429 | 502 | 503,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

/** @example throw problem(404, 'not_found', 'there is no such key') */
export function problem(...told: ConstructorParameters<typeof AdminProblem>): AdminProblem {
  return new AdminProblem(...told)
}
