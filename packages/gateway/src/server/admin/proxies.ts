import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { detectLocalProxies, type CheckedProxy } from '../../transport/proxies/index.js'
import {
  ANY_BODY,
  ErrorBody,
  json,
  jsonBody,
  NOT_FOUND,
  problem,
  PROBLEMS,
  READS,
  SUCCESS,
  type AdminApi,
} from './api.js'
import {
  AssignmentView,
  assignmentView,
  isWord,
  poolErrors,
  proxyView,
  ProxyView,
  type ProxiesHouse,
} from './proxies-house.js'
import { changeOf, fit, mayBePrivate, NewProxy, ProxyChange, readingOf } from './proxies-written.js'
import { TaskView } from './tasks.js'

const tags = ['proxies']
const params = z.object({ id: z.string() })
const CONFLICT = { 409: json(ErrorBody, 'It cannot be so, as things are; `code` says why.') } as const

const Added = z.object({
  success: z.literal(true),
  outcome: z.enum(['added', 'updated', 'unchanged']),
  proxy: ProxyView,
})
const Checked = z.object({
  id: z.string(),
  name: z.string(),
  ok: z.boolean(),
  exitIp: z.string().nullable(),
  latencyMs: z.number().nullable(),
  error: z.string().nullable(),
})
const Settings = z.object({
  healthCheckIntervalMinutes: z.number().openapi({ description: 'Minutes; 0: never.' }),
  default: z.string().openapi({ description: 'What `global` is: `environment`, `direct`, `auto`, or a proxy.' }),
})

/** `/api/proxies`: the ways out, and how they are. Source of the paths and fields: parity 1.13. No answer has a password. */
export function proxiesApi(api: AdminApi, house: ProxiesHouse): void {
  const { proxies: pool } = house
  const settingsNow = (): z.infer<typeof Settings> => {
    const { checkMinutes, default: byDefault } = house.settings()
    return { healthCheckIntervalMinutes: checkMinutes, default: byDefault }
  }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/proxies',
      tags,
      summary: 'All proxies, how they are, and who is assigned to which',
      responses: {
        200: json(
          Settings.extend({ proxies: z.array(ProxyView), assignments: z.array(AssignmentView) }),
          'The oldest first.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) =>
      c.json(
        {
          proxies: pool.list().map((proxy) => proxyView(house, proxy)),
          assignments: pool.pins().map(assignmentView),
          ...settingsNow(),
        },
        200,
      ),
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies',
      tags,
      summary: 'Take a proxy in; the same address with another password changes the one that is known',
      request: {
        body: { content: { 'application/json': { schema: NewProxy }, 'text/plain': { schema: z.string() } } },
      },
      responses: { 200: json(Added, 'As it is now.'), ...PROBLEMS, ...CONFLICT },
      ...ANY_BODY,
    }),
    async (c) => {
      const body = c.req.header('content-type') === 'text/plain' ? await c.req.text() : c.req.valid('json')
      const said: z.infer<typeof NewProxy> = typeof body === 'string' ? { url: body } : body
      const proxy = fit(readingOf(said), said.url === undefined ? '' : '/url')
      await mayBePrivate(house, proxy, said.allowPrivate, c.env.admin)
      const [added] = await poolErrors(() => pool.add([proxy], { exactNames: true }))
      if (added === undefined) throw new Error('a proxy was added and is not there')
      const { outcome } = added
      return c.json({ success: true as const, outcome, proxy: proxyView(house, added.proxy) }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'put',
      path: '/api/proxies/settings',
      tags,
      summary: 'How often proxies are checked, and what `global` is; kept in the configuration',
      request: {
        body: jsonBody(
          z.object({
            healthCheckIntervalMinutes: z.number().min(0).max(35_791).optional(),
            default: z.string().min(1).max(200).optional(),
          }),
        ),
      },
      responses: { 200: json(Settings, 'What was saved.'), ...PROBLEMS, ...CONFLICT },
    }),
    async (c) => {
      const said = c.req.valid('json')
      const byDefault = said.default
      if (byDefault !== undefined && !['environment', 'direct', 'auto'].includes(byDefault)) {
        await poolErrors(() => pool.find(byDefault))
      }
      await house.save(
        {
          ...(said.healthCheckIntervalMinutes === undefined
            ? {}
            : { 'proxy.check_minutes': said.healthCheckIntervalMinutes }),
          ...(byDefault === undefined ? {} : { 'proxy.default': byDefault }),
        },
        c.env.admin,
      )
      const { healthCheckIntervalMinutes = settingsNow().healthCheckIntervalMinutes } = said
      return c.json({ healthCheckIntervalMinutes, default: byDefault ?? settingsNow().default }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/check-all',
      tags,
      summary: 'Check all proxies that are switched on',
      responses: { 202: json(TaskView, 'The act; its result is one line each.'), ...PROBLEMS },
    }),
    (c) => {
      const enabled = pool.list().filter((proxy) => proxy.enabled)
      const task = house.tasks.start('proxy-check', enabled.length, async ({ signal, step }) => {
        const found = await pool.checkAll(signal, ({ ok }) => step(ok ? undefined : 'failed'))
        return found.map(checkedView)
      })
      return c.json(task, 202)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/detect',
      tags,
      summary: 'Look for a proxy on this machine, at the usual ports',
      responses: {
        200: json(
          z.object({ found: z.array(z.object({ url: z.string(), known: z.boolean() })) }),
          'What listens there and may be one.',
        ),
        ...PROBLEMS,
      },
      ...READS,
    }),
    async (c) => {
      const known = new Set(pool.list().map(({ port, host }) => `${host}:${port}`))
      const found = (await detectLocalProxies()).map(({ protocol, port }) => ({
        url: `${protocol}://127.0.0.1:${port}`,
        known: known.has(`127.0.0.1:${port}`),
      }))
      return c.json({ found }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'put',
      path: '/api/proxies/{id}',
      tags,
      summary: 'Change a proxy; who is assigned to it stays so',
      request: { params, body: jsonBody(ProxyChange) },
      responses: { 200: json(ProxyView, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND, ...CONFLICT },
    }),
    async (c) => {
      const { id } = await poolErrors(() => pool.find(c.req.valid('param').id))
      const said = c.req.valid('json')
      const change = changeOf(house, id, said)
      if (change.moved !== undefined) await mayBePrivate(house, change.moved, said.allowPrivate, c.env.admin)
      return c.json(proxyView(house, await poolErrors(() => pool.change(id, change.to))), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/api/proxies/{id}',
      tags,
      summary: 'Forget a proxy',
      request: {
        params,
        query: z.object({
          reassign: z
            .string()
            .optional()
            .openapi({ description: 'Which way its owners go then: `global`, `direct`, `auto`, or a proxy.' }),
          force: z.stringbool().optional().openapi({ description: 'Leave its owners without any way out.' }),
        }),
      },
      responses: { 200: json(SUCCESS, 'It is gone.'), ...PROBLEMS, ...NOT_FOUND, ...CONFLICT },
    }),
    async (c) => {
      const { reassign, force } = c.req.valid('query')
      await poolErrors(async () => {
        const { id, owners } = pool.find(c.req.valid('param').id)
        if (reassign !== undefined && !isWord(reassign) && pool.find(reassign).id === id) {
          throw new FailureError(invalidRequest('/reassign', 'they cannot go through the proxy that is removed'))
        }
        // A proxy that the configuration names stays, before anybody is moved.
        if (force !== true && isDefault(house, id)) {
          throw problem(409, 'is_default', 'proxy.default names it: choose another way for all, then remove it')
        }
        if (reassign !== undefined) await pool.pinAll(new Map(owners.map((owner) => [owner, reassign])))
        await pool.remove(id, { evenIfPinned: force === true })
      })
      return c.json({ success: true as const }, 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/proxies/{id}/check',
      tags,
      summary: 'Ask the check address through one proxy',
      request: { params },
      responses: { 200: json(Checked.extend({ proxy: ProxyView }), 'What it found.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { id } = await poolErrors(() => pool.find(c.req.valid('param').id))
      const found = await pool.check(id)
      return c.json({ ...checkedView(found), proxy: proxyView(house, await poolErrors(() => pool.find(id))) }, 200)
    },
  )
  for (const [verb, enabled, summary] of [
    ['enable', true, 'Let a proxy be used again'],
    ['disable', false, 'Use a proxy no more; who is assigned to it has no way out meanwhile'],
  ] as const) {
    api.openapi(
      createRoute({
        method: 'post',
        path: `/api/proxies/{id}/${verb}`,
        tags,
        summary,
        request: { params },
        responses: { 200: json(ProxyView, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
      }),
      async (c) => {
        const proxy = await poolErrors(() => pool.setEnabled(c.req.valid('param').id, enabled))
        return c.json(proxyView(house, proxy), 200)
      },
    )
  }
}

function checkedView({ id, name, ok, exitAddress, latencyMs, error }: CheckedProxy): z.infer<typeof Checked> {
  return {
    id,
    name,
    ok,
    exitIp: exitAddress ?? null,
    latencyMs: latencyMs === undefined ? null : Math.round(latencyMs),
    error: error ?? null,
  }
}

function isDefault({ proxies, settings }: ProxiesHouse, id: string): boolean {
  const { default: named } = settings()
  return named === id || named === proxies.find(id).name
}
