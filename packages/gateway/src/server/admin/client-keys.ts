import { createRoute, z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import { hashClientKey, type ClientKey, type ClientKeyChange, type ClientKeys } from '../../store/index.js'
import { storedKeyLimits, type KeyLedger } from '../../usage/index.js'
import { aboutKey } from '../api/own-key.js'
import { json, jsonBody, NOT_FOUND, problem, PROBLEMS, SUCCESS, ErrorBody, type AdminApi } from './api.js'
import { changeOf, KeyChange, NewKey } from './client-keys-fields.js'
import { whyTooWeak } from './client-keys-own.js'

export interface ClientKeysHouse {
  keys: Pick<ClientKeys, 'list' | 'create' | 'change' | 'revoke' | 'findByHash'>
  usage: {
    /** What keys have used, this moment included. */
    used: Pick<KeyLedger, 'of'>
    /** Lets what a key has used begin at zero. */
    reset(id: string): Promise<void>
  }
  now?(): number
}

const period = z.object({
  max_budget_usd: z.number().nullable(),
  used_cost_usd: z.number(),
  max_tokens: z.number().nullable(),
  used_tokens: z.number(),
  resets_at: z.string().nullable(),
})
export const ClientKeyView = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: 'How the key begins, to recognise it by.' }),
    status: z.enum(['active', 'disabled', 'expired']),
    enabled: z.boolean(),
    created_at: z.string().nullable(),
    expires_at: z.string().nullable(),
    last_used_at: z.string().nullable(),
    since: z.string().nullable().openapi({ description: 'When what it has used began to be counted.' }),
    request_count: z.number(),
    max_budget_usd: z.number().nullable(),
    used_cost_usd: z.number(),
    max_tokens: z.number().nullable(),
    used_tokens: z.number(),
    budgets: z.object({ day: period, month: period, total: period }),
    requests_per_minute: z.number().nullable(),
    max_concurrency: z.number().nullable(),
    allowed_models: z.array(z.string()).nullable(),
    default_tools: z.array(z.string()).nullable(),
    strict: z.boolean(),
    accounts: z.array(z.string()).nullable(),
    limits_unreadable: z.boolean().openapi({ description: 'A newer version wrote its limits: it is refused.' }),
  })
  .openapi('ClientKey')
type View = z.infer<typeof ClientKeyView>

const NewView = ClientKeyView.extend({ key: z.string().openapi({ description: 'The key itself; told this once.' }) })
const Listed = z.object({
  keys: z.array(ClientKeyView),
  total: z.int(),
  active: z.int(),
  total_cost_usd: z.number(),
  total_requests: z.number(),
})

/** `/admin/client-keys`: what clients show to be let in, what they may use, and what they have used. Source: parity 1.11. */
export function clientKeysApi(api: AdminApi, house: ClientKeysHouse): void {
  const tags = ['client keys']
  const params = z.object({ id: z.string() })
  const now = (): number => house.now?.() ?? Date.now()
  const viewOf = (key: ClientKey): View => clientKeyView(key, house.usage.used, now())

  async function alive(): Promise<ClientKey[]> {
    return (await house.keys.list()).filter(({ revokedAt }) => revokedAt === undefined)
  }
  async function keyOf(id: string): Promise<ClientKey> {
    const key = (await alive()).find((one) => one.id === id)
    if (key === undefined) throw problem(404, 'not_found', 'there is no such client key; it may have been revoked')
    return key
  }
  async function change(id: string, to: ClientKeyChange): Promise<View> {
    await house.keys.change(id, to)
    return viewOf(await keyOf(id))
  }

  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/client-keys',
      tags,
      summary: 'All client keys, what they may use and have used',
      responses: { 200: json(Listed, 'The oldest first; revoked ones are gone.'), ...PROBLEMS },
    }),
    async (c) => {
      const keys = (await alive()).map(viewOf)
      return c.json(
        {
          keys,
          total: keys.length,
          active: keys.filter(({ status }) => status === 'active').length,
          total_cost_usd: keys.reduce((sum, key) => sum + key.budgets.total.used_cost_usd, 0),
          total_requests: keys.reduce((sum, { request_count }) => sum + request_count, 0),
        },
        200,
      )
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/client-keys',
      tags,
      summary: 'Make a client key; it is told once',
      request: { body: jsonBody(NewKey) },
      responses: {
        201: json(NewView, 'The key, for the only time.'),
        409: json(ErrorBody, 'Somebody has it.'),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { key: own, ...wanted } = c.req.valid('json')
      const weak = own === undefined ? undefined : whyTooWeak(own)
      if (weak !== undefined) throw new FailureError(invalidRequest('/key', weak, 'weak_key'))
      if (own !== undefined && house.keys.findByHash(hashClientKey(own)) !== undefined) {
        throw problem(409, 'key_taken', 'there is, or was, a client key like that; take another')
      }
      const { limits, expiresAt, allowedModels, defaultTools, accounts, strict } = changeOf(wanted, {}, now())
      const { record, plaintext } = await house.keys.create(
        {
          name: wanted.name,
          ...(expiresAt == null ? {} : { expiresAt }),
          ...(allowedModels == null ? {} : { allowedModels }),
          ...(limits == null ? {} : { limits }),
          ...(defaultTools == null ? {} : { defaultTools }),
          ...(strict === true ? { strict } : {}),
          ...(accounts == null ? {} : { accounts }),
        },
        own,
      )
      return c.json({ ...viewOf(record), key: plaintext }, 201)
    },
  )
  api.openapi(
    createRoute({
      method: 'put',
      path: '/admin/client-keys/{id}',
      tags,
      summary: 'Change a client key; it is in force at its next request',
      request: { params, body: jsonBody(KeyChange) },
      responses: { 200: json(ClientKeyView, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const key = await keyOf(c.req.valid('param').id)
      const to = changeOf(c.req.valid('json'), storedKeyLimits(key.limits) ?? {}, now())
      return c.json(await change(key.id, to), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/client-keys/{id}/toggle',
      tags,
      summary: 'Switch a client key off for a while, or on again',
      request: {
        params,
        body: { content: { 'application/json': { schema: z.object({ enabled: z.boolean().optional() }) } } },
      },
      responses: { 200: json(ClientKeyView, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const key = await keyOf(c.req.valid('param').id)
      const { enabled } = c.req.valid('json')
      return c.json(await change(key.id, { enabled: enabled ?? key.disabled === true }), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'post',
      path: '/admin/client-keys/{id}/reset-usage',
      tags,
      summary: 'Let what a client key has used begin at zero',
      request: { params },
      responses: { 200: json(ClientKeyView, 'As it is now.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const key = await keyOf(c.req.valid('param').id)
      await house.usage.reset(key.id)
      return c.json(viewOf(key), 200)
    },
  )
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/admin/client-keys/{id}',
      tags,
      summary: 'Revoke a client key for good; open WebSockets of it are closed',
      request: { params },
      responses: { 200: json(SUCCESS, 'It opens nothing any more.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const key = await keyOf(c.req.valid('param').id)
      await house.keys.revoke(key.id)
      return c.json({ success: true as const }, 200)
    },
  )
}

/** Never the key, nor its hash. */
function clientKeyView(key: ClientKey, used: Pick<KeyLedger, 'of'>, now: number): View {
  const about = aboutKey({ keys: { findById: () => key }, used, now: () => now }, key)
  const expired = key.expiresAt !== undefined && key.expiresAt <= now
  const { budgets } = about
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    status: key.disabled === true ? 'disabled' : expired ? 'expired' : 'active',
    enabled: key.disabled !== true,
    created_at: about.created_at,
    expires_at: about.expires_at,
    last_used_at: about.last_used_at,
    since: about.since,
    request_count: about.request_count,
    max_budget_usd: budgets.total.max_budget_usd,
    used_cost_usd: budgets.total.used_cost_usd,
    max_tokens: budgets.total.max_tokens,
    used_tokens: budgets.total.used_tokens,
    budgets,
    requests_per_minute: about.requests_per_minute,
    max_concurrency: about.max_concurrency,
    allowed_models: listOf(key.allowedModels),
    default_tools: listOf(key.defaultTools),
    strict: key.strict === true,
    accounts: listOf(key.accounts),
    limits_unreadable: storedKeyLimits(key.limits) === undefined,
  }
}

function listOf(list: readonly string[] | undefined): string[] | null {
  return list === undefined ? null : [...list]
}
