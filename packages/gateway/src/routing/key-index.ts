import type { KeyModelEntry, KeyModels } from './key-models.js'

/** What API keys list, by the model's name. */
export type KeyIndex = ReadonlyMap<string, readonly KeyModelEntry[]>

/** The index of what the keys list now. Made anew only when they answer with another array. */
export function keyIndex(keys: KeyModels): () => KeyIndex {
  let of: readonly KeyModelEntry[] | undefined
  let index: KeyIndex = new Map()
  return () => {
    const models = keys.models()
    if (models === of) return index
    of = models
    index = Map.groupBy(models, ({ id }) => id)
    return index
  }
}

/** The providers that list a model. */
export function ownersOf(index: KeyIndex, model: string): string[] {
  return [...new Set((index.get(model) ?? []).map(({ provider }) => provider))]
}
