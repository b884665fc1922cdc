import { safeText } from '@dragoman/protocol'
import type { Credential } from '../../accounts/index.js'
import type { Transport } from '../../transport/index.js'
import { plainHeaders, type ProfileOptions } from './headers.js'

/** One entry of the backend's model list, as it came. Field list: upstream-codex 5.3. */
export interface CodexModel {
  slug: string
  [field: string]: unknown
}

/**
 * Reads the backend's model list for one account. A helper call: its failure benches nobody.
 * @throws Error that says what went wrong
 */
export async function fetchCodexModels(
  baseUrl: string,
  profile: ProfileOptions,
  credential: Credential,
  ask: Transport['request'],
  signal?: AbortSignal,
): Promise<{ models: CodexModel[]; etag: string | undefined }> {
  const reply = await ask({
    url: `${baseUrl}/codex/models?client_version=${encodeURIComponent(profile.version)}`,
    method: 'GET',
    headers: plainHeaders(profile, credential),
    timeoutMs: 15_000,
    ...(signal === undefined ? {} : { signal }),
  })
  if (reply.status !== 200) throw new Error(`the model list answered ${reply.status}`)
  const body: unknown = JSON.parse(reply.body)
  const list = typeof body === 'object' && body !== null && 'models' in body ? body.models : undefined
  if (!Array.isArray(list)) throw new Error(safeText('the model list has no `models`'))
  return { models: list.filter(isModel), etag: reply.headers['etag'] }
}

function isModel(value: unknown): value is CodexModel {
  return typeof value === 'object' && value !== null && 'slug' in value && typeof value.slug === 'string'
}
