import { z } from '@hono/zod-openapi'
import {
  askedAgainAt,
  hintOf,
  KEY_CAPABILITIES,
  PROVIDER_KINDS,
  WIRES,
  type KeyState,
  type Rest,
} from '../../providers/keys/index.js'
import type { ApiKeyRecord } from '../../store/index.js'

export const Capability = z.enum(KEY_CAPABILITIES)
export const WireName = z.enum(WIRES)
export const Kind = z.enum(PROVIDER_KINDS)

/** A model of a key, as it is kept and as it is told. */
export const KeyModelView = z
  .object({
    id: z.string().min(1).openapi({ description: 'As clients name it.' }),
    upstream: z.string().min(1).optional().openapi({ description: 'As the provider names it. Default: `id`.' }),
    displayName: z.string().optional(),
    contextWindow: z.int().positive().optional(),
    maxOutputTokens: z.int().positive().optional(),
    capabilities: z.array(Capability).optional().openapi({ description: 'Default: those of the key.' }),
  })
  .openapi('KeyModel')

const RestView = z.object({
  kind: z.string().openapi({ description: 'What it rests from, for programs: `rate_limited`, `unauthenticated`.' }),
  reason: z.string(),
  until: z.string().openapi({ description: 'When it is asked again.' }),
})

/** Source of the fields: parity 1.11; `models` and what follows `lastUsedAt` are ours. */
export const ApiKeyView = z
  .object({
    id: z.string(),
    provider: z
      .string()
      .openapi({ description: 'The name its models are asked for by, as in `deepseek:deepseek-chat`.' }),
    kind: Kind,
    model: z.string().nullable().openapi({ description: 'The first of its models; null: it takes every name.' }),
    models: z.union([z.literal('all'), z.array(KeyModelView)]),
    apiKey: z.string().nullable().openapi({ description: 'Its first and last four characters; null: it has none.' }),
    baseUrl: z.string(),
    label: z.string().nullable(),
    capabilities: z.array(Capability),
    wire: WireName,
    status: z.enum(['active', 'disabled', 'error']),
    addedAt: z.string(),
    lastUsedAt: z.string().nullable(),
    weight: z.int().openapi({ description: 'Its share of the load beside other keys of the same model.' }),
    headers: z.array(z.string()).openapi({ description: 'Names of headers that every request carries; never values.' }),
    health: z.object({
      state: z.enum(['ready', 'resting', 'disabled', 'unreadable']),
      rest: RestView.nullable().openapi({ description: 'Why the whole key rests.' }),
      models: z.array(RestView.extend({ model: z.string() })).openapi({ description: 'Models of it that rest.' }),
    }),
    usage: z.object({
      requests: z.number(),
      failed: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      costUsd: z.number(),
    }),
    proxyId: z.string().openapi({ description: 'Its way out: `global`, `direct`, `auto` or a proxy.' }),
    proxyName: z.string(),
  })
  .openapi('ApiKey')
export type ApiKeyView = z.infer<typeof ApiKeyView>

/** What a view is made of beside the key itself. */
export interface ViewedKey {
  state: KeyState
  record: ApiKeyRecord
  lastUsedAt: number | undefined
  usage: ApiKeyView['usage']
  pin: { choice: string; proxyName?: string } | undefined
}

/** A key as management sees it; never the key itself. */
export function apiKeyView({ state, record, lastUsedAt, usage, pin }: ViewedKey): ApiKeyView {
  const { key, status, rest } = state
  const { id, provider, kind, models, baseUrl, label, capabilities, wire, weight } = key
  const last = Math.max(lastUsedAt ?? 0, state.lastUsedAt ?? 0)
  return {
    id,
    provider,
    kind,
    model: models === 'all' ? null : (models[0]?.id ?? null),
    models: models === 'all' ? 'all' : models.map((model) => keyModelView(model)),
    apiKey: record.apiKey === undefined ? null : hintOf(record.apiKey.reveal()).replace('…', '****'),
    baseUrl,
    label: label ?? null,
    capabilities: [...capabilities],
    wire,
    status: statusOf(state),
    addedAt: new Date(key.createdAt).toISOString(),
    lastUsedAt: last === 0 ? null : new Date(last).toISOString(),
    weight,
    headers: Object.keys(record.headers),
    health: {
      state: status,
      rest: rest === undefined ? null : restView(rest),
      models: [...state.models].map(([model, one]) => ({ model, ...restView(one) })),
    },
    usage,
    proxyId: pin?.choice ?? 'global',
    proxyName: pin?.proxyName ?? pin?.choice ?? 'global',
  }
}

type Model = Exclude<KeyState['key']['models'], 'all'>[number]

export function keyModelView({ capabilities, ...model }: Model): z.infer<typeof KeyModelView> {
  return { ...model, ...(capabilities === undefined ? {} : { capabilities: [...capabilities] }) }
}

function restView(rest: Rest): z.infer<typeof RestView> {
  return { kind: rest.kind, reason: rest.reason, until: new Date(askedAgainAt(rest)).toISOString() }
}

/** What its owner has to mend is an error; what time mends is not. */
const OWNERS_BUSINESS: ReadonlySet<string> = new Set([
  'unauthenticated',
  'credential_expired',
  'credential_revoked',
  'account_suspended',
  'payment_required',
])

function statusOf({ status, rest }: KeyState): ApiKeyView['status'] {
  if (status === 'disabled') return 'disabled'
  return status === 'unreadable' || (rest !== undefined && OWNERS_BUSINESS.has(rest.kind)) ? 'error' : 'active'
}
