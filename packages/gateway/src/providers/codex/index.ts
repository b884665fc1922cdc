export { createCodexProvider } from './codex-provider.js'
export type { CodexOptions, CodexProvider, CodexSettings } from './codex-provider.js'
export { createAccountCalls, RESET_OUTCOMES } from './account-calls.js'
export type {
  AccountCalls,
  AccountCallsOptions,
  ConsumedCredit,
  ResetCredit,
  ResetCredits,
  ResetOutcome,
} from './account-calls.js'
export { isReset, RESET_SAID } from './reset-outcome.js'
export { createUsageWatch } from './usage-watch.js'
export type { UsageWatch, UsageWatchOptions } from './usage-watch.js'
export { profileOf } from './headers.js'
export { fetchCodexModels } from './fetch-models.js'
export { identityOf } from './identity.js'
export type { Identity } from './identity.js'
