export { apiKeyOf, apiKeyShape, hintOf } from './api-key.js'
export { readBaseUrl } from './base-url.js'
export type { BaseUrl } from './base-url.js'
export { keptAtHome, knownBefore, listedFor } from './change-key.js'
export { fetchKeyModels } from './fetch-models.js'
export type { UsableKey } from './fetch-models.js'
export {
  capabilitiesFrom,
  checkedModels,
  header,
  headerFrom,
  labelFrom,
  modelsFrom,
  nameByAddress,
  providerName,
  secretKey,
  weightFrom,
  wireFrom,
} from './key-draft.js'
export type { KeyDraft } from './key-draft.js'
export { askedAgainAt, HEALTHY, nextKeyHealth } from './key-health.js'
export type { KeyHealth, Rest } from './key-health.js'
export { createKeyPool, nameOf } from './key-pool.js'
export type { KeyPool, KeyPoolOptions, KeyState, ListedModel } from './key-pool.js'
export { fittingModels } from './listed-model.js'
export { createKeyModelLists } from './model-lists.js'
export type { KeyModelList, KeyModelLists } from './model-lists.js'
export { formOf, presetOf, presetOfKind, PRESETS } from './presets.js'
export type { Preset, ProviderForm } from './presets.js'
export { testKey } from './test-key.js'
export type { KeyTest, KeyTestOptions } from './test-key.js'
export { isSealed, readKeyFile, writeKeyFile } from './transfer.js'
export type { ReadKeys } from './transfer.js'
export { KEY_CAPABILITIES, PROVIDER_KINDS, WIRES } from './types.js'
export type { ApiKey, KeyCandidate, KeyCapability, KeyChoice, KeyModel, ProviderKind, Wire } from './types.js'
