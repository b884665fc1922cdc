import { z } from 'zod'
import type { ApiKeyRecord } from '../../store/index.js'
import { KEY_CAPABILITIES, PROVIDER_KINDS, WIRES, type ApiKey } from './types.js'

/** `upstream` and the rest are optional, and absent rather than undefined. */
const model = z.object({
  id: z.string().min(1),
  upstream: z.string().min(1).exactOptional(),
  displayName: z.string().exactOptional(),
  contextWindow: z.int().positive().exactOptional(),
  maxOutputTokens: z.int().positive().exactOptional(),
  capabilities: z.array(z.enum(KEY_CAPABILITIES)).exactOptional(),
})

/** What a key record must hold beyond what the store checks; a later version may have written what this one does not know. */
export const apiKeyShape = z.object({
  provider: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dot, dash and underscore'),
  kind: z.enum(PROVIDER_KINDS),
  wire: z.enum(WIRES),
  baseUrl: z.url(),
  models: z.union([z.literal('all'), z.array(model)]),
  capabilities: z.array(z.enum(KEY_CAPABILITIES)),
  weight: z.int().min(1).max(1000),
})

/** A record as the pool sees it: without the key. Undefined when it cannot be used. */
export function apiKeyOf(record: ApiKeyRecord): ApiKey | undefined {
  const read = apiKeyShape.safeParse(record)
  if (!read.success) return undefined
  const { id, label, enabled, createdAt, updatedAt, apiKey } = record
  return {
    id,
    ...read.data,
    ...(label === undefined ? {} : { label }),
    enabled,
    createdAt,
    updatedAt,
    ...(apiKey === undefined ? {} : { hint: hintOf(apiKey.reveal()) }),
  }
}

/** `sk-p…wxyz`; of a short key less, so that what is shown never helps to guess it. */
export function hintOf(key: string): string {
  return key.length >= 16 ? `${key.slice(0, 4)}…${key.slice(-4)}` : `…${key.slice(-2)}`
}
