import type { ApiKeyChange, ApiKeyRecord, NewApiKey } from '../../store/index.js'
import type { UsableKey } from './fetch-models.js'
import { fittingModels } from './listed-model.js'
import type { KeyModelLists } from './model-lists.js'
import type { ApiKey, KeyModel } from './types.js'

/** The key that adding would change: the same provider, address and key make it the same one. */
export function knownBefore(
  records: readonly ApiKeyRecord[],
  { provider, baseUrl, apiKey }: Pick<NewApiKey, 'provider' | 'baseUrl' | 'apiKey'>,
): ApiKeyRecord | undefined {
  return records.find(
    (one) => one.provider === provider && one.baseUrl === baseUrl && one.apiKey?.reveal() === apiKey?.reveal(),
  )
}

/**
 * A change as it may be kept. Secrets do not move with an address: whoever may edit could have them sent to himself.
 * @throws Error in one line when the key is not said again for its new place
 */
export function keptAtHome(before: ApiKeyRecord, change: ApiKeyChange): ApiKeyChange {
  const { baseUrl, apiKey, headers } = change
  if (baseUrl === undefined || new URL(baseUrl).origin === new URL(before.baseUrl).origin) return change
  const bound = before.apiKey !== undefined || Object.keys(before.headers).length > 0
  if (bound && apiKey === undefined) {
    throw new Error('a key belongs to where it was given for: say it again with the new base URL')
  }
  // Headers may hold secrets as well.
  return headers === undefined ? { ...change, headers: {} } : change
}

/**
 * What the provider lists now of what the key is for.
 * @throws as {@link KeyModelLists.refresh}, or an Error when nothing of the list fits
 */
export async function listedFor(
  usable: UsableKey & { key: ApiKey },
  lists: Pick<KeyModelLists, 'refresh'>,
): Promise<KeyModel[]> {
  const { provider, capabilities } = usable.key
  const { models } = await lists.refresh(usable)
  const fitting = fittingModels(models, capabilities)
  if (fitting.length === 0) throw new Error(`${provider} lists no model for ${capabilities.join(', ')}`)
  return fitting
}
