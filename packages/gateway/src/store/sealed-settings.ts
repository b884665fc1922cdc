import { Secret } from '../telemetry/index.js'
import type { Sealer } from './seal.js'
import type { Settings } from './settings.js'

/** Small secrets that the gateway itself makes and must find again. */
export interface SealedSettings {
  /** @throws StoreError `wrong_key` when it was not sealed for this place with this key */
  get(key: string): Promise<Secret | undefined>
  set(key: string, value: Secret): Promise<void>
  delete(key: string): Promise<void>
}

export function createSealedSettings(settings: Settings, sealer: Sealer): SealedSettings {
  const place = (key: string) => ({ table: 'settings', id: key, field: 'value' })
  return {
    async get(key) {
      const sealed = await settings.get(key)
      return typeof sealed === 'string' ? new Secret(sealer.open(sealed, place(key))) : undefined
    },
    set: (key, value) => settings.set(key, sealer.seal(value.reveal(), place(key))),
    delete: (key) => settings.delete(key),
  }
}
