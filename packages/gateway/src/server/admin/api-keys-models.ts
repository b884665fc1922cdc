import { createHash } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { FailureError } from '@dragoman/protocol'
import { fetchKeyModels, header, secretKey, type KeyModel, type UsableKey } from '../../providers/keys/index.js'
import { json, jsonBody, problem, PROBLEMS, READS, type AdminApi } from './api.js'
import type { ApiKeysHouse } from './api-keys-house.js'
import { addressFrom, at, formFrom } from './api-keys-draft.js'
import { KeyModelView, keyModelView, WireName } from './api-keys-view.js'

const Ask = z
  .object({
    id: z.string().optional().openapi({ description: 'Of a key that is kept; then nothing else need be said.' }),
    provider: z.string().optional(),
    apiKey: z.string().max(10_000).optional(),
    baseUrl: z.string().max(2_000).optional(),
    wire: WireName.optional(),
    headers: z.record(z.string(), z.string()).optional(),
    refresh: z.boolean().optional().openapi({ description: 'Ask the provider even if its list is known.' }),
  })
  .openapi('ApiKeyModelsRequest')

const Told = z
  .object({
    models: z.array(KeyModelView),
    fetchedAt: z.string(),
    cached: z.boolean().openapi({ description: 'It is what the provider said within the last 7 days.' }),
  })
  .openapi('ApiKeyModels')

interface List {
  models: readonly KeyModel[]
  fetchedAt: number
}

const OLD_MS = 7 * 24 * 3_600_000
/** Lists of keys that are not kept (yet). */
const MOST_REMEMBERED = 50

/** `POST /auth/api-keys/models`: what a provider lists, for a key that is kept or one that is about to be. */
export function apiKeyModelsApi(api: AdminApi, house: ApiKeysHouse): void {
  const remembered = new Map<string, List>()
  const now = (): number => house.now?.() ?? Date.now()

  api.openapi(
    createRoute({
      method: 'post',
      path: '/auth/api-keys/models',
      tags: ['api keys'],
      summary: 'What a provider lists',
      ...READS,
      request: { body: jsonBody(Ask) },
      responses: { 200: json(Told, 'Its list.'), ...PROBLEMS, 502: { description: 'The provider refuses.' } },
    }),
    async (c) => {
      const said = c.req.valid('json')
      const { list, cached } = await told(() => (said.id === undefined ? ofDraft(said) : ofKept(said.id, said.refresh)))
      return c.json(
        { models: list.models.map(keyModelView), fetchedAt: new Date(list.fetchedAt).toISOString(), cached },
        200,
      )
    },
  )

  async function ofKept(id: string, refresh = false): Promise<{ list: List; cached: boolean }> {
    const key = house.pool.states().find((state) => state.key.id === id)?.key
    if (key === undefined) throw problem(404, 'api_key_not_found', 'there is no such API key')
    const known = refresh ? undefined : await house.lists.read(id)
    if (known !== undefined && !known.old) return { list: known, cached: true }
    return { list: await house.lists.refresh({ key, ...house.pool.credential(id) }), cached: false }
  }

  async function ofDraft(said: z.infer<typeof Ask>): Promise<{ list: List; cached: boolean }> {
    const form = formFrom(said.provider ?? 'custom')
    const wire = said.wire ?? form.wire
    const baseUrl = addressFrom(said.baseUrl ?? form.baseUrl, wire, house.allowedPrivateHosts())
    const written = said.apiKey?.trim() ?? ''
    const headers = Object.entries(said.headers ?? {}).map(([name, text]) => at('/headers', () => header(name, text)))
    const usable: UsableKey = {
      key: { id: 'a key that is not kept', provider: form.id ?? new URL(baseUrl).host, wire, baseUrl },
      ...(written === '' ? {} : { apiKey: at('/apiKey', () => secretKey(written)) }),
      headers: Object.fromEntries(headers.map(([name, value]) => [name, value.reveal()])),
    }
    const place = createHash('sha256')
      .update(JSON.stringify([wire, baseUrl, written, usable.headers]))
      .digest('hex')
    const known = remembered.get(place)
    if (known !== undefined && said.refresh !== true && now() - known.fetchedAt < OLD_MS) {
      return { list: known, cached: true }
    }
    const { models } = await fetchKeyModels(usable, house.ask)
    const list = { models, fetchedAt: now() }
    remembered.delete(place)
    remembered.set(place, list)
    for (const old of remembered.keys()) if (remembered.size > MOST_REMEMBERED) remembered.delete(old)
    return { list, cached: false }
  }
}

/** What the provider says is wrong is not the admin's own mistake. */
async function told<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof FailureError)) {
      if (!(error instanceof Error) || error.name !== 'Error' || 'code' in error) throw error
      throw problem(502, 'no_model_list', error.message)
    }
    const { pointer, kind, message } = error.failure
    if (pointer !== undefined && kind === 'invalid_request') throw error
    throw problem(502, kind, message)
  }
}
