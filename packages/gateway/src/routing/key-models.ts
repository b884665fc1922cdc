/** What API keys serve, as far as routing needs it. Read at every call. */
export interface KeyModels {
  /** Names of the providers that have an enabled key: `openai`, `deepseek`. */
  providers(): readonly string[]
  /**
   * Does an enabled key list this model for conversations? Within a provider a key that takes every name counts too: what it does not
   * know, the provider will refuse.
   */
  serves(model: string, within?: string): boolean
  /**
   * Every listed model of every enabled key; one entry for a provider and model, however many keys serve it. The same array until
   * something changes: an index is kept over it.
   */
  models(): readonly KeyModelEntry[]
}

export interface KeyModelEntry {
  id: string
  provider: string
  displayName?: string
  /** Tokens. */
  contextWindow?: number
  maxOutputTokens?: number
  capabilities: readonly string[]
}

/** Where no API keys are. */
export const noKeyModels: KeyModels = { providers: () => [], serves: () => false, models: () => [] }
