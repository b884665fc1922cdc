import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { runBatch } from '../../accounts/index.js'
import { accountBatchApi } from './account-batch.js'
import { accountCookiesApi } from './account-cookies.js'
import { accountQuotaApi } from './account-quota.js'
import { AccountView, ChangedAccount, IdParam } from './account-schemas.js'
import { changeAccount, objectOf, WrittenFields } from './account-settings.js'
import { poolCounts } from './account-view.js'
import { accountOf, viewOf, viewsOf, type AccountsHouse } from './accounts-house.js'
import { ErrorBody, json, jsonBody, NOT_FOUND, problem, PROBLEMS, SUCCESS, type AdminApi } from './api.js'

const AT_ONCE = 8

const PoolCountsView = z.object({
  total: z.int(),
  active: z.int(),
  expired: z.int(),
  quota_exhausted: z.int(),
  rate_limited: z.int(),
  refreshing: z.int(),
  disabled: z.int(),
  banned: z.int(),
})

/** What the owner may do with accounts over HTTP. Paths and fields: parity 1.10. No answer holds a token or a cookie's value. */
export function accountsApi(api: AdminApi, house: AccountsHouse): void {
  const { accounts } = house
  const tags = ['accounts']

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/status',
      tags,
      summary: 'Is anybody signed in, and how the pool is',
      responses: {
        200: json(
          z.object({
            authenticated: z.boolean(),
            user: z
              .object({ email: z.string().nullable(), accountId: z.string(), planType: z.string().nullable() })
              .nullable(),
            pool: PoolCountsView,
          }),
          'In numbers.',
        ),
        ...PROBLEMS,
      },
    }),
    (c) => {
      const all = accounts.list()
      const shown = all.find(({ status }) => status === 'active') ?? all[0]
      const serves = (status: string): boolean => !['expired', 'suspended', 'disabled'].includes(status)
      return c.json(
        {
          authenticated: all.some(({ status }) => serves(status)),
          user:
            shown === undefined
              ? null
              : { email: shown.email ?? null, accountId: shown.chatgptAccountId, planType: shown.plan ?? null },
          pool: poolCounts(all),
        },
        200,
      )
    },
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/accounts',
      tags,
      summary: 'All accounts',
      request: {
        query: z.object({ ids: z.string().optional().openapi({ description: 'Only these, comma separated.' }) }),
      },
      responses: {
        200: json(
          z.object({
            accounts: z.array(AccountView),
            persistence_health: z.object({
              status: z.enum(['ok', 'set_aside']),
              setAsideTo: z.string().nullable().openapi({ description: 'Where a damaged database lies now.' }),
            }),
          }),
          'As they are now.',
        ),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { ids } = c.req.valid('query')
      const wanted = ids === undefined ? undefined : new Set(ids.split(','))
      const { setAsideTo } = house
      return c.json(
        {
          accounts: await viewsOf(
            house,
            accounts.list().filter(({ id }) => wanted === undefined || wanted.has(id)),
          ),
          persistence_health: {
            status: setAsideTo === undefined ? ('ok' as const) : ('set_aside' as const),
            setAsideTo: setAsideTo ?? null,
          },
        },
        200,
      )
    },
  )

  accountBatchApi(api, house)

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/accounts/{id}',
      tags,
      summary: 'One account',
      request: { params: IdParam },
      responses: {
        200: json(z.object({ account: AccountView }), 'As it is now.'),
        ...PROBLEMS,
        ...NOT_FOUND,
      },
    }),
    async (c) => c.json({ account: await viewOf(house, c.req.valid('param').id) }, 200),
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/auth/accounts/{id}',
      tags,
      summary: 'Change what its owner says of it',
      request: { params: IdParam, body: jsonBody(objectOf(WrittenFields)) },
      responses: { 200: json(ChangedAccount, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const written = c.req.valid('json')
      const named = Object.keys(WrittenFields)
      if (named.every((name) => Reflect.get(written, name) === undefined)) {
        throw new FailureError(invalidRequest('', `say what is to change: ${named.join(', ')}`))
      }
      const { id } = accountOf(house, c.req.valid('param').id)
      await changeAccount(house, id, written)
      return c.json({ success: true as const, account: await viewOf(house, id) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/auth/accounts/{id}/label',
      tags,
      summary: 'Name it',
      request: { params: IdParam, body: jsonBody(objectOf({ label: WrittenFields.label })) },
      responses: { 200: json(ChangedAccount, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { label } = c.req.valid('json')
      if (label === undefined) throw new FailureError(invalidRequest('/label', 'say {"label": "…"}, or null for none'))
      const { id } = accountOf(house, c.req.valid('param').id)
      await changeAccount(house, id, { label })
      return c.json({ success: true as const, account: await viewOf(house, id) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/auth/accounts/{id}/codex-fingerprint',
      tags,
      summary: 'One session upstream for all its clients, or one each',
      request: {
        params: IdParam,
        body: jsonBody(
          objectOf({
            mode: z.enum(['off', 'session'], { error: 'mode is "off", or "session" for one session upstream' }),
          }),
        ),
      },
      responses: { 200: json(ChangedAccount, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      await changeAccount(house, id, { converge: c.req.valid('json').mode === 'session' })
      return c.json({ success: true as const, account: await viewOf(house, id) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/accounts/{id}/refresh',
      tags,
      summary: 'Renew its tokens now',
      request: { params: IdParam },
      responses: {
        200: json(ChangedAccount.extend({ message: z.string() }), 'Renewed.'),
        ...PROBLEMS,
        ...NOT_FOUND,
        502: json(ErrorBody, 'The login server did not renew them.'),
      },
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      const { ok, message } = await accounts.refresh(id)
      if (!ok) throw problem(502, 'refresh_failed', message)
      return c.json({ success: true as const, message, account: await viewOf(house, id) }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/auth/accounts/{id}',
      tags,
      summary: 'Remove it; a login that was made here is revoked',
      request: { params: IdParam },
      responses: { 200: json(SUCCESS, 'Removed.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const { id } = accountOf(house, c.req.valid('param').id)
      await accounts.remove(id)
      return c.json({ success: true as const }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/logout',
      tags,
      summary: 'Remove every account',
      request: {
        body: jsonBody(
          objectOf({
            confirm: z.literal(true, {
              error: 'this removes every account; send {"confirm": true} to do it',
            }),
          }),
        ),
      },
      responses: {
        200: json(z.object({ success: z.literal(true), deleted: z.int() }), 'None is left.'),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const ids = accounts.list().map(({ id }) => id)
      const results = await runBatch(ids, (id) => accounts.remove(id), { concurrency: AT_ONCE })
      const deleted = results.filter((one) => one.outcome === 'done' && one.value).length
      return c.json({ success: true as const, deleted }, 200)
    },
  )

  accountQuotaApi(api, house)
  accountCookiesApi(api, house)
}
