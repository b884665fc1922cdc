import { z } from '@hono/zod-openapi'
import { FailureError, invalidRequest } from '@dragoman/protocol'
import {
  apiKeyShape,
  checkedModels,
  formOf,
  header,
  labelFrom,
  nameByAddress,
  providerName,
  readBaseUrl,
  secretKey,
  type ApiKey,
  type BaseUrl,
  type KeyDraft,
  type ProviderForm,
  type Wire,
} from '../../providers/keys/index.js'
import type { ApiKeyChange } from '../../store/index.js'
import { Capability, KeyModelView, WireName } from './api-keys-view.js'

const models = z
  .union([z.literal('all'), z.array(z.union([z.string().min(1), KeyModelView])).min(1)])
  .openapi({ description: '`all` takes every name asked for as `provider:model`.' })

/** What may be said of a key. */
const sayable = {
  name: z.string().optional().openapi({ description: 'The name its models are asked for by, as in `name:model`.' }),
  models: models.optional(),
  apiKey: z.string().max(10_000).optional(),
  baseUrl: z.string().max(2_000).optional(),
  label: z.string().nullable().optional().openapi({ description: 'At most 64 characters; empty: none.' }),
  capabilities: z.array(Capability).min(1).optional(),
  wire: WireName.optional(),
  weight: z.int().min(1).max(1000).optional(),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .openapi({ description: 'Sent with every request and kept sealed. Takes the place of all there were.' }),
  enabled: z.boolean().optional(),
}

export const NewApiKey = z
  .object({
    provider: z.string().openapi({
      description:
        'A provider of the catalog, a kind (`openai`, `anthropic`, `gemini`, `openrouter`, `compatible`), or `custom`.',
    }),
    ...sayable,
  })
  .openapi('NewApiKey')

export const ApiKeyEdit = z.object(sayable).openapi('ApiKeyEdit')
type Said = z.infer<typeof ApiKeyEdit>

/**
 * A new key, checked word by word.
 * @param allowed `upstream.allowed_private_hosts`
 * @throws FailureError that names the place
 */
export function draftFrom(said: z.infer<typeof NewApiKey>, allowed: readonly string[]): KeyDraft {
  const form = formFrom(said.provider)
  const wire = said.wire ?? form.wire
  const baseUrl = addressFrom(said.baseUrl ?? form.baseUrl, wire, allowed)
  if (said.apiKey === undefined && form.keysAt !== undefined) {
    throw new FailureError(invalidRequest('/apiKey', `an API key is needed; get one at ${form.keysAt}`))
  }
  const { label, ...change } = changeFrom({ ...said, baseUrl: undefined }, wire, allowed)
  return {
    kind: form.kind,
    provider: form.id ?? nameByAddress(baseUrl),
    capabilities: form.capabilities,
    models: form.models.length > 0 ? form.models : 'all',
    ...change,
    ...(label == null ? {} : { label }),
    wire,
    baseUrl,
  }
}

type Change = Omit<ApiKeyChange, 'models' | 'capabilities' | 'wire' | 'kind'> &
  Partial<Pick<ApiKey, 'models' | 'capabilities' | 'wire'>>

/**
 * What is said of a key that is there.
 * @param wire as it is spoken to afterwards
 * @throws FailureError that names the place
 */
export function changeFrom(said: Said, wire: Wire, allowed: readonly string[]): Change {
  const { name, apiKey, baseUrl, label, headers } = said
  return {
    ...(name === undefined ? {} : { provider: at('/name', () => providerName(name)) }),
    ...(said.models === undefined ? {} : { models: modelsOf(said.models) }),
    ...(apiKey === undefined ? {} : { apiKey: at('/apiKey', () => secretKey(apiKey)) }),
    ...(baseUrl === undefined ? {} : { baseUrl: addressFrom(baseUrl, wire, allowed) }),
    ...(label === undefined ? {} : { label: at('/label', () => labelFrom(label ?? '')) || null }),
    ...(said.capabilities === undefined ? {} : { capabilities: [...new Set(said.capabilities)] }),
    ...(said.wire === undefined ? {} : { wire }),
    ...(said.weight === undefined ? {} : { weight: said.weight }),
    ...(said.enabled === undefined ? {} : { enabled: said.enabled }),
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([one, text]) => at(`/headers/${one}`, () => header(one, text))),
          ),
        }),
  }
}

export function formFrom(provider: string): ProviderForm {
  const form = formOf(provider)
  if (form !== undefined) return form
  throw new FailureError(
    invalidRequest(
      '/provider',
      `${JSON.stringify(provider.slice(0, 80))} is no known provider; custom takes any other`,
    ),
  )
}

/**
 * A base URL that may be reached.
 * @throws FailureError `private_address` when only the administrator's word could let it be
 */
export function addressFrom(written: string | undefined, wire: Wire, allowed: readonly string[]): string {
  if (written === undefined || written.trim() === '') {
    throw new FailureError(invalidRequest('/baseUrl', 'say where the API begins, e.g. https://api.example.com/v1'))
  }
  const read: BaseUrl = at('/baseUrl', () => readBaseUrl(written, wire, allowed))
  if (read.refused !== undefined) throw new FailureError(invalidRequest('/baseUrl', read.refused, 'private_address'))
  return read.text
}

function modelsOf(said: NonNullable<Said['models']>): ApiKey['models'] {
  if (said === 'all') return 'all'
  const read = apiKeyShape.shape.models.safeParse(said.map((one) => (typeof one === 'string' ? { id: one } : one)))
  if (!read.success || read.data === 'all') {
    throw new FailureError(invalidRequest('/models', 'models are names, or objects with an id'))
  }
  const list = read.data
  return at('/models', () => checkedModels(list))
}

/** Runs what refuses words with an Error, and says where they stand. */
export function at<Value>(pointer: string, read: () => Value): Value {
  try {
    return read()
  } catch (cause) {
    throw new FailureError(invalidRequest(pointer, cause instanceof Error ? cause.message : String(cause)))
  }
}
