import { createRoute, z } from '@hono/zod-openapi'
import { FailureError } from '@dragoman/protocol'
import { keptAtHome, PRESETS } from '../../providers/keys/index.js'
import type { ApiKeyRecord } from '../../store/index.js'
import { json, jsonBody, NOT_FOUND, problem, PROBLEMS, SUCCESS, type AdminApi } from './api.js'
import { ApiKeyEdit, at, changeFrom, draftFrom, NewApiKey } from './api-keys-draft.js'
import { apiKeyFilesApi } from './api-keys-files.js'
import type { ApiKeysHouse } from './api-keys-house.js'
import { apiKeyModelsApi } from './api-keys-models.js'
import { apiKeyView, ApiKeyView, Capability, Kind, KeyModelView, keyModelView, WireName } from './api-keys-view.js'

const PresetView = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: Kind,
    wire: WireName,
    baseUrl: z.string().nullable().openapi({ description: 'Null: everybody has an address of their own.' }),
    capabilities: z.array(Capability),
    keysAt: z.string().nullable().openapi({ description: 'Where one gets a key; null: it needs none.' }),
    models: z.array(KeyModelView),
    local: z.boolean().openapi({ description: 'It runs on this machine or in its network.' }),
  })
  .openapi('ProviderPreset')

const Kept = z.object({ success: z.literal(true), outcome: z.enum(['added', 'updated', 'changed']), key: ApiKeyView })

const TestView = z
  .object({
    ok: z.boolean(),
    model: z.string().nullable().openapi({ description: 'The model that was asked; null: the model list was read.' }),
    ms: z.number(),
    code: z.string().nullable().openapi({ description: 'What is wrong, for programs: `unauthenticated`.' }),
    message: z.string().openapi({ description: 'In one line.' }),
  })
  .openapi('ApiKeyTest')

/** `/auth/api-keys`: API keys of other providers. Source: parity 1.11; the rest, PATCH and test are ours. */
export function apiKeysApi(api: AdminApi, house: ApiKeysHouse): void {
  const tags = ['api keys']
  const params = z.object({ id: z.string() })

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/api-keys/catalog',
      tags,
      summary: 'Providers that are known beforehand, with their well-known models',
      responses: { 200: json(z.object({ providers: z.array(PresetView) }), 'In our order.'), ...PROBLEMS },
    }),
    (c) =>
      c.json(
        {
          providers: PRESETS.map(({ id, title, kind, wire, baseUrl, capabilities, keysAt, models, local }) => ({
            id,
            title,
            kind,
            wire,
            baseUrl: baseUrl ?? null,
            capabilities: [...capabilities],
            keysAt: keysAt ?? null,
            models: models.map(keyModelView),
            local: local === true,
          })),
        },
        200,
      ),
  )

  api.openapi(
    createRoute({
      method: 'get',
      path: '/auth/api-keys',
      tags,
      summary: 'All keys, masked, with how they are',
      responses: { 200: json(z.object({ keys: z.array(ApiKeyView) }), 'The oldest first.'), ...PROBLEMS },
    }),
    async (c) => c.json({ keys: await views(house) }, 200),
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/api-keys',
      tags,
      summary: 'Add a key; the same key at the same address is changed',
      request: { body: jsonBody(NewApiKey) },
      responses: { 200: json(Kept, 'The key, masked.'), ...PROBLEMS },
    }),
    async (c) => {
      const draft = draftFrom(c.req.valid('json'), house.allowedPrivateHosts())
      const { record, outcome } = await house.rows.add(draft)
      return c.json({ success: true as const, outcome, key: await viewOf(house, record.id) }, 200)
    },
  )

  apiKeyModelsApi(api, house)
  apiKeyFilesApi(api, house)

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/api-keys/batch-delete',
      tags,
      summary: 'Forget some keys',
      request: { body: jsonBody(z.object({ ids: z.array(z.string()).min(1).max(10_000) })) },
      responses: {
        200: json(z.object({ success: z.literal(true), deleted: z.int(), missing: z.array(z.string()) }), 'Done.'),
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const missing: string[] = []
      const ids = [...new Set(c.req.valid('json').ids)]
      for (const id of ids) if (!(await remove(id))) missing.push(id)
      return c.json({ success: true as const, deleted: ids.length - missing.length, missing }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/auth/api-keys/{id}/label',
      tags,
      summary: 'Name a key',
      request: { params, body: jsonBody(z.object({ label: z.string().nullable() })) },
      responses: { 200: json(Kept, 'The key.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => c.json(await change(c.req.valid('param').id, { label: c.req.valid('json').label }), 200),
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/auth/api-keys/{id}/status',
      tags,
      summary: 'Let a key serve, or rest',
      request: { params, body: jsonBody(z.object({ status: z.enum(['active', 'disabled']) })) },
      responses: { 200: json(Kept, 'The key.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const enabled = c.req.valid('json').status === 'active'
      return c.json(await change(c.req.valid('param').id, { enabled }), 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/api-keys/{id}/test',
      tags,
      summary: 'Have a key answer one word',
      description: 'A disabled or resting key is asked too; one that answers no longer rests.',
      request: { params, body: jsonBody(z.object({ model: z.string().min(1).optional() })) },
      responses: { 200: json(TestView, 'Whether it answered, and if not, why.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      const record = recordOf(c.req.valid('param').id)
      const found = await tested(record, c.req.valid('json').model)
      if (found.ok) house.pool.heal(record.id)
      return c.json(found, 200)
    },
  )

  api.openapi(
    createRoute({
      method: 'patch',
      path: '/auth/api-keys/{id}',
      tags,
      summary: 'Change a key; it forgets why it rested',
      description: 'A new base URL at another place wants the key once more: secrets do not move with an address.',
      request: { params, body: jsonBody(ApiKeyEdit) },
      responses: { 200: json(Kept, 'The key.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => c.json(await change(c.req.valid('param').id, c.req.valid('json')), 200),
  )

  api.openapi(
    createRoute({
      method: 'delete',
      path: '/auth/api-keys/{id}',
      tags,
      summary: 'Forget a key; at its provider it stays valid',
      request: { params },
      responses: { 200: json(SUCCESS, 'Gone.'), ...PROBLEMS, ...NOT_FOUND },
    }),
    async (c) => {
      if (!(await remove(c.req.valid('param').id))) throw noSuchKey()
      return c.json({ success: true as const }, 200)
    },
  )

  async function change(id: string, said: z.infer<typeof ApiKeyEdit>): Promise<z.infer<typeof Kept>> {
    const before = recordOf(id)
    const wire = said.wire ?? (before.wire as z.infer<typeof WireName>)
    const changed = changeFrom(said, wire, house.allowedPrivateHosts())
    await house.rows.change(
      id,
      at('/apiKey', () => keptAtHome(before, changed)),
    )
    return { success: true, outcome: 'changed', key: await viewOf(house, id) }
  }

  async function remove(id: string): Promise<boolean> {
    await house.proxies.unpin(id)
    return house.rows.remove(id)
  }

  function recordOf(id: string): ApiKeyRecord {
    const record = house.rows.list().find((one) => one.id === id)
    if (record === undefined) throw noSuchKey()
    return record
  }

  async function tested(record: ApiKeyRecord, model: string | undefined): Promise<z.infer<typeof TestView>> {
    try {
      // Who does not converse proves itself by its list.
      if (!record.capabilities.includes('chat')) return await listed(record)
      const { ok, model: asked, ms, failure, message } = await house.test(record, model)
      return { ok, model: asked, ms, code: failure?.kind ?? null, message: failure?.message ?? message }
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const code = error instanceof FailureError ? error.failure.kind : 'not_tested'
      return { ok: false, model: model ?? null, ms: 0, code, message: error.message }
    }
  }

  async function listed({ id }: ApiKeyRecord): Promise<z.infer<typeof TestView>> {
    const began = performance.now()
    const key = house.pool.states().find((state) => state.key.id === id)?.key
    if (key === undefined) throw new Error('this key was written by another version and cannot be used by this one')
    const { models } = await house.lists.refresh({ key, ...house.pool.credential(id) })
    const ms = Math.round(performance.now() - began)
    return {
      ok: true,
      model: null,
      ms,
      code: null,
      message: `its list of ${models.length} models was read in ${ms} ms`,
    }
  }
}

const NO_USE = { requests: 0, failed: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }

async function views(house: ApiKeysHouse): Promise<ApiKeyView[]> {
  await house.flush()
  const [sums, lastUse] = await Promise.all([house.usage.sums({ grain: 'day', by: 'api_key' }), house.usage.lastUse()])
  const used = new Map(sums.map(({ group, tally }) => [group, tally]))
  const pins = new Map(house.proxies.pins().map((pin) => [pin.owner, pin]))
  const records = new Map(house.rows.list().map((record) => [record.id, record]))
  return house.pool.states().flatMap((state) => {
    const { id } = state.key
    const record = records.get(id)
    const tally = used.get(id)
    if (record === undefined) return []
    return [
      apiKeyView({
        state,
        record,
        lastUsedAt: lastUse.get(id),
        usage:
          tally === undefined
            ? NO_USE
            : {
                requests: tally.requests,
                failed: tally.failed,
                inputTokens: tally.inputTokens,
                outputTokens: tally.outputTokens,
                costUsd: tally.costMicroUsd / 1e6,
              },
        pin: pins.get(id),
      }),
    ]
  })
}

async function viewOf(house: ApiKeysHouse, id: string): Promise<ApiKeyView> {
  const view = (await views(house)).find((one) => one.id === id)
  if (view === undefined) throw noSuchKey()
  return view
}

function noSuchKey(): Error {
  return problem(404, 'api_key_not_found', 'there is no such API key; GET /auth/api-keys lists all')
}
