export type { Candidate, EventSink, Lease, Provider, Stream, UpstreamCall, Wanted } from './types.js'
export { createCodexProvider } from './codex/index.js'
export type { CodexOptions, CodexProvider } from './codex/index.js'
export { fetchCodexModels, profileOf } from './codex/index.js'
export { createAccountCalls, createUsageWatch, isReset, RESET_OUTCOMES, RESET_SAID } from './codex/index.js'
export type {
  AccountCalls,
  ConsumedCredit,
  ResetCredit,
  ResetCredits,
  ResetOutcome,
  UsageWatch,
} from './codex/index.js'
export { createDemoProvider } from './demo/index.js'
export { identityOf } from './codex/index.js'
export type { Identity } from './codex/index.js'
export {
  createKeyModelLists,
  createKeyPool,
  nameOf,
  testKey,
  type KeyModelLists,
  type KeyPool,
  type KeyTest,
} from './keys/index.js'
export { createKeyCapabilities, createKeyProvider } from './key-provider/index.js'
export type { KeyDoor, KeyTask } from './key-provider/index.js'
