import type { ModelListRows } from '../../store/index.js'
import type { Transport } from '../../transport/index.js'
import { fetchKeyModels, type UsableKey } from './fetch-models.js'
import type { KeyModel } from './types.js'

/** What a provider listed for a key when it was last asked. */
export interface KeyModelList {
  models: readonly KeyModel[]
  /** Unix ms. */
  fetchedAt: number
  /** It was read so long ago that it may no longer be true. */
  old: boolean
}

export interface KeyModelLists {
  /** From the store; undefined when it was never read. */
  read(keyId: string): Promise<KeyModelList | undefined>
  /** Asks the provider, and keeps what it says. @throws as {@link fetchKeyModels}; what was kept stays then */
  refresh(key: UsableKey, signal?: AbortSignal): Promise<KeyModelList>
}

const OLD_MS = 7 * 24 * 3_600_000

/** The model lists of providers, kept with their age. */
export function createKeyModelLists(parts: {
  rows: Pick<ModelListRows, 'get' | 'put'>
  ask: Transport['request']
  now?: () => number
}): KeyModelLists {
  const { rows, ask, now = Date.now } = parts
  return {
    async read(keyId) {
      const kept = await rows.get(`key:${keyId}`)
      if (kept === undefined) return undefined
      const { fetchedAt } = kept
      return { models: kept.models as readonly KeyModel[], fetchedAt, old: now() - fetchedAt > OLD_MS }
    },
    async refresh(key, signal) {
      const { models, etag } = await fetchKeyModels(key, ask, signal)
      if (models.length === 0) throw new Error(`${key.key.provider} lists no model at all`)
      await rows.put(`key:${key.key.id}`, { models, etag })
      return { models, fetchedAt: now(), old: false }
    },
  }
}
