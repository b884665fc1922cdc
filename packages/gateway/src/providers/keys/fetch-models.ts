import { anthropicMessages, FailureError, gemini, openaiChat, safeText } from '@dragoman/protocol'
import type { Secret } from '../../telemetry/index.js'
import type { Transport } from '../../transport/index.js'
import { modelOf } from './listed-model.js'
import type { ApiKey, KeyModel, Wire } from './types.js'

/** A key with what its requests carry. */
export interface UsableKey {
  key: Pick<ApiKey, 'id' | 'provider' | 'wire' | 'baseUrl'>
  apiKey?: Secret
  headers: Readonly<Record<string, string>>
}

const MAX_MODELS = 5_000
const MAX_PAGES = 50
const TIMEOUT_MS = 15_000
const PAGE = 1_000

/**
 * Asks a provider for its model list, page by page, at most 5,000 models. A helper call: its failure benches nobody.
 * Shapes: upstream-codex 7.
 * @throws FailureError or Error that says in one line what went wrong
 */
export async function fetchKeyModels(
  { key, apiKey, headers }: UsableKey,
  ask: Transport['request'],
  signal?: AbortSignal,
): Promise<{ models: KeyModel[]; etag?: string }> {
  const models = new Map<string, KeyModel>()
  let etag: string | undefined
  let query = firstQuery(key.wire)
  for (let page = 0; page < MAX_PAGES; page++) {
    const reply = await ask({
      url: `${key.baseUrl}/models${query}`,
      method: 'GET',
      headers: { accept: 'application/json', ...credentialHeaders(key.wire, apiKey), ...headers },
      timeoutMs: TIMEOUT_MS,
      owner: key.id,
      ...(signal === undefined ? {} : { signal }),
    })
    if (reply.status !== 200) throw refusedList(key, reply.status, reply.headers, reply.body)
    const { entries, next } = readPage(reply.body, key)
    for (const entry of entries) {
      const model = modelOf(entry)
      if (model !== undefined && models.size < MAX_MODELS) models.set(model.id, models.get(model.id) ?? model)
    }
    etag = page === 0 ? reply.headers['etag'] : etag
    if (next === undefined || next === query || models.size >= MAX_MODELS) break
    query = next
  }
  return { models: [...models.values()], ...(etag === undefined ? {} : { etag }) }
}

/** How a wire carries its key. */
function credentialHeaders(wire: Wire, apiKey: Secret | undefined): Record<string, string> {
  switch (wire) {
    case 'anthropic':
      return { 'anthropic-version': '2023-06-01', ...(apiKey === undefined ? {} : { 'x-api-key': apiKey.reveal() }) }
    case 'gemini':
      return apiKey === undefined ? {} : { 'x-goog-api-key': apiKey.reveal() }
    case 'chat':
    case 'responses':
    case 'codex-responses':
      return apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` }
    default:
      return wire satisfies never
  }
}

function firstQuery(wire: Wire): string {
  return wire === 'anthropic' ? `?limit=${PAGE}` : wire === 'gemini' ? `?pageSize=${PAGE}` : ''
}

/** `{data:[…]}`, `{models:[…]}` or the list itself, and the query of the next page. */
function readPage(text: string, { provider, wire }: UsableKey['key']): { entries: unknown[]; next?: string } {
  const body = parsed(text)
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const entries = [body, fields['data'], fields['models']].find((list) => Array.isArray(list))
  if (entries === undefined) {
    throw new Error(`${provider} answered with something that is no model list; check the base URL, or name the models`)
  }
  const last = fields['last_id']
  if (wire === 'anthropic' && fields['has_more'] === true && typeof last === 'string') {
    return { entries, next: `?limit=${PAGE}&after_id=${encodeURIComponent(last)}` }
  }
  const token = fields['nextPageToken']
  if (wire === 'gemini' && typeof token === 'string' && token !== '') {
    return { entries, next: `?pageSize=${PAGE}&pageToken=${encodeURIComponent(token)}` }
  }
  return { entries }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function refusedList(
  { provider, wire }: UsableKey['key'],
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): FailureError {
  const { call } = wire === 'anthropic' ? anthropicMessages : wire === 'gemini' ? gemini : openaiChat
  const failure = call.decodeError(status, headers, Buffer.from(body))
  const what =
    status === 404 || status === 405
      ? `${provider} has no model list at this base URL; check it, or name the models`
      : status === 401 || status === 403
        ? `${provider} refuses the key (${status}): ${failure.message}`
        : `the model list of ${provider} cannot be read (${status}): ${failure.message}`
  return new FailureError({ ...failure, message: safeText(what) })
}
