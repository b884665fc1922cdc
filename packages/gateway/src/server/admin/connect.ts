import { createRoute, z } from '@hono/zod-openapi'
import type { ListedModel } from '../../routing/index.js'
import { outsideUrl, type OutsideSettings } from '../addresses.js'
import type { OllamaStatus } from '../ollama-bridge.js'
import { json, PROBLEMS, type AdminApi } from './api.js'

/** What the settings of a client are made from. */
export interface ConnectHouse {
  /** Where the main listener is. */
  listeners(): readonly string[]
  outside(): Pick<OutsideSettings, 'public_url'>
  ollama(): OllamaStatus
  settings(): { defaultModel: string; smallModel: string | undefined; ollamaNeedsKey: boolean }
  models(): readonly ListedModel[]
  accounts(): number
  apiKeys(): Promise<number>
  clientKeys(): Promise<readonly ConnectKey[]>
  /** Was anything ever asked of this gateway? */
  wasAsked(): boolean
}

interface ConnectKey {
  id: string
  name: string
  prefix: string
  expiresAt?: number
  revokedAt?: number
  disabled?: true
  allowedModels?: readonly string[]
}

const Connect = z
  .object({
    addresses: z
      .array(z.object({ url: z.string(), kind: z.enum(['public', 'this page', 'listener']) }))
      .openapi({ description: 'Where clients find this gateway, the one to offer first. Without a path.' }),
    ollama: z.object({
      enabled: z.boolean(),
      listening: z.boolean(),
      url: z.string().nullable(),
      error: z.string().nullable(),
      needs_key: z.boolean(),
    }),
    default_model: z.string().openapi({ description: 'Answers when it is asked now: `demo` while nothing else can.' }),
    small_model: z.string().openapi({ description: 'For small tasks in the background of a client.' }),
    models: z.array(z.object({ id: z.string(), name: z.string(), provider: z.string() })),
    keys: z
      .array(z.object({ id: z.string(), name: z.string(), prefix: z.string(), any_model: z.boolean() }))
      .openapi({ description: 'The client keys that are good now; what they are is not kept anywhere.' }),
    accounts: z.int(),
    api_keys: z.int(),
    is_new: z.boolean().openapi({ description: 'No account, no API key, and nothing was asked yet.' }),
  })
  .openapi('Connect')

/** `GET /admin/connect`: everything that the settings of a client are made from. */
export function connectApi(api: AdminApi, house: ConnectHouse): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/admin/connect',
      tags: ['connect'],
      summary: 'What clients need to reach this gateway',
      responses: { 200: json(Connect, 'Addresses, models and the names of keys.'), ...PROBLEMS },
    }),
    async (c) => c.json(await connectView(house, c.env.asked.ownOrigin, Date.now()), 200),
  )
}

/** @param ownOrigin where the page that asks was found: clients on its machine find the gateway there, too */
export async function connectView(
  house: ConnectHouse,
  ownOrigin: string,
  now: number,
): Promise<z.infer<typeof Connect>> {
  const { defaultModel, smallModel, ollamaNeedsKey } = house.settings()
  const [apiKeys, keys] = await Promise.all([house.apiKeys(), house.clientKeys()])
  const models = house.models().filter(({ capabilities }) => capabilities.includes('chat'))
  const ready = models.filter(({ provider }) => provider === 'demo' || provider !== 'codex' || house.accounts() > 0)
  const main =
    ready.find(({ name }) => name === defaultModel) ??
    ready.find(({ provider }) => provider !== 'demo') ??
    ready[0] ??
    models[0]
  const small = ready.find(({ name }) => name === smallModel) ?? main
  const ollama = house.ollama()
  return {
    addresses: addressesOf(house, ownOrigin),
    ollama: {
      enabled: ollama.enabled,
      listening: ollama.listening,
      url: ollama.url ?? null,
      error: ollama.error ?? null,
      needs_key: ollamaNeedsKey,
    },
    default_model: main?.name ?? defaultModel,
    small_model: small?.name ?? defaultModel,
    models: models.map(({ name, displayName, provider }) => ({ id: name, name: displayName, provider })),
    keys: keys
      .filter(
        ({ revokedAt, disabled, expiresAt = Infinity }) =>
          revokedAt === undefined && disabled !== true && expiresAt > now,
      )
      .map(({ id, name, prefix, allowedModels }) => ({ id, name, prefix, any_model: allowedModels === undefined })),
    accounts: house.accounts(),
    api_keys: apiKeys,
    is_new: house.accounts() === 0 && apiKeys === 0 && !house.wasAsked(),
  }
}

type Address = z.infer<typeof Connect>['addresses'][number]

function addressesOf(house: ConnectHouse, ownOrigin: string): Address[] {
  const { public_url: told } = house.outside()
  const all: Address[] = [
    ...(told === '' ? [] : [{ url: outsideUrl('', { public_url: told }), kind: 'public' as const }]),
    { url: ownOrigin, kind: 'this page' },
    ...house.listeners().map((url) => ({ url, kind: 'listener' as const })),
  ]
  return all.filter(({ url }, at) => all.findIndex((other) => other.url === url) === at)
}
