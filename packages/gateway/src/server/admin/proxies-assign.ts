import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { json, jsonBody, NOT_FOUND, problem, PROBLEMS, SUCCESS, type AdminApi } from './api.js'
import { AssignmentView, assignmentView, isWord, ownersOf, poolErrors, type ProxiesHouse } from './proxies-house.js'
import { ASSIGN_RULES, assignByRule } from './proxies-rule.js'

const tags = ['proxies']
/** Far more accounts than one gateway has. */
const MOST = 20_000

const OwnerView = z
  .object({
    id: z.string(),
    kind: z.enum(['account', 'api_key', 'login']).openapi({ description: '`login`: signing in a new account.' }),
    name: z.string(),
    detail: z.string().nullable().openapi({ description: 'The plan of an account, the provider of an API key.' }),
    status: z.string(),
    groups: z.array(z.string()),
    proxyId: z.string(),
    proxyName: z.string().nullable(),
  })
  .openapi('ProxyOwner')

const Wanted = z.object({ accountId: z.string(), proxyId: z.string() })
const Done = z.object({ success: z.literal(true), assignments: z.array(AssignmentView) })

/** Who goes which way out. Source of the paths and fields: parity 1.13. */
export function proxyAssignmentsApi(api: AdminApi, house: ProxiesHouse): void {
  const { proxies: pool } = house

  function known(accountIds: readonly string[], pointer: (at: number) => string): void {
    const ids = new Set(ownersOf(house).map(({ id }) => id))
    const at = accountIds.findIndex((id) => !ids.has(id))
    if (at !== -1) {
      throw new FailureError(
        invalidRequest(pointer(at), 'there is no such account and no such API key', 'unknown_account'),
      )
    }
  }
  async function pin(choices: ReadonlyMap<string, string>): Promise<z.infer<typeof Done>> {
    const pins = await poolErrors(() => pool.pinAll(choices))
    return { success: true, assignments: pins.map(assignmentView) }
  }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/proxies/assignments',
      tags,
      summary: 'Everybody who goes out, and which way',
      responses: {
        200: json(
          z.object({ assignments: z.array(AssignmentView), accounts: z.array(OwnerView) }),
          'Who is assigned, and all who could be.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const assignments = pool.pins().map(assignmentView)
      const byOwner = new Map(assignments.map((one) => [one.accountId, one]))
      const accounts = ownersOf(house).map((owner) => {
        const { proxyId = 'global', proxyName = 'global' } = byOwner.get(owner.id) ?? {}
        return { ...owner, proxyId, proxyName }
      })
      return c.json({ assignments, accounts }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/assign',
      tags,
      summary: 'Say which way one account or API key goes',
      request: { body: jsonBody(Wanted) },
      responses: { 200: json(Done, 'From now on.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { accountId, proxyId } = c.req.valid('json')
      known([accountId], () => '/accountId')
      return c.json(await pin(new Map([[accountId, proxyId]])), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/api/proxies/assign/{id}',
      tags,
      summary: 'Let one go the way of all again',
      request: { params: z.object({ id: z.string() }) },
      responses: { 200: json(SUCCESS, 'It goes the way of `proxy.default`.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      if (!(await pool.unpin(c.req.valid('param').id))) {
        throw problem(404, 'not_assigned', 'it is not assigned to anything')
      }
      return c.json({ success: true as const }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/assign-bulk',
      tags,
      summary: 'Say which way many go: all of them, or none',
      request: { body: jsonBody(z.object({ assignments: z.array(Wanted).max(MOST) })) },
      responses: { 200: json(Done, 'From now on.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { assignments } = c.req.valid('json')
      known(
        assignments.map(({ accountId }) => accountId),
        (at) => `/assignments/${at}/accountId`,
      )
      return c.json(await pin(new Map(assignments.map(({ accountId, proxyId }) => [accountId, proxyId]))), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/assign-rule',
      tags,
      summary: 'Give many one of some proxies each, by a rule',
      request: {
        body: jsonBody(
          z.object({
            accountIds: z.array(z.string()).max(MOST),
            rule: z.enum(ASSIGN_RULES).openapi({
              description: '`round-robin`: in turn. `even`: as evenly as can be, moving as few as can be.',
            }),
            targetProxyIds: z.array(z.string()).min(1).max(MOST),
            dryRun: z.boolean().optional(),
          }),
        ),
      },
      responses: {
        200: json(Done.extend({ moved: z.int() }), 'Who goes which way; `moved` go another than before.'),
        ...PROBLEMS,
        ...NOT_FOUND,
      },
    }),
    async (c) => {
      const { accountIds, rule, targetProxyIds, dryRun } = c.req.valid('json')
      known(accountIds, (at) => `/accountIds/${at}`)
      const targets = await poolErrors(() => targetProxyIds.map((id) => (isWord(id) ? id : pool.find(id).id)))
      const before = new Map(pool.pins().map(({ owner, choice }) => [owner, choice]))
      const choices = assignByRule(rule, accountIds, targets, before)
      const moved = [...choices].filter(([owner, choice]) => (before.get(owner) ?? 'global') !== choice).length
      if (dryRun !== true) return c.json({ ...(await pin(choices)), moved }, 200)
      const names = new Map(pool.list().map(({ id, name }) => [id, name]))
      const assignments = [...choices].map(([owner, choice]) => {
        const proxyName = names.get(choice)
        return assignmentView({ owner, choice, ...(proxyName === undefined ? {} : { proxyName }) })
      })
      return c.json({ success: true as const, assignments, moved }, 200)
    },
  )
}
