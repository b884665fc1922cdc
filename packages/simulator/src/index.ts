/** Plays the upstreams: the Codex backend and its login server, with scripted scenes and faults; and the demo model, without a server. */
export { startSimulator } from './simulator.js'
export type { SimulatedAccount, Simulator, SimulatorOptions } from './simulator.js'
export { sceneFor, sceneFor as answer, answerEvents, sampleJson, testCard } from './brain/index.js'
export type { BrainOptions, Voice } from './brain/index.js'
export { play } from './in-process.js'
export type { PlayAbout } from './in-process.js'
export { estimateTokens, playContext, randomId } from './scene/index.js'
export type * from './scene/index.js'
export { STATUS_FAULTS } from './faults/fault.js'
export type * from './faults/fault.js'
export { deliveries, faults } from './faults/presets.js'
export type { Endpoint, Recording, Rule, ScriptedRule, TokenTreatment } from './faults/rules.js'
export type { ExchangeEnd, RecordedRequest } from './http/recorded-request.js'
export type { Wait } from './http/gates.js'
export { bundledModels } from './codex/models.js'
export type { ModelInfo } from './codex/models.js'
export {
  consume,
  countedTokens,
  createLimits,
  limitIdOf,
  OWN_LIMIT,
  refusalOf,
  resetEarly,
  REVIEW_LIMIT,
  windowsOf,
} from './codex/limits.js'
export type {
  LimitNow,
  LimitPlan,
  Limits,
  LimitsPlan,
  ModelLimitPlan,
  WindowChoice,
  WindowNow,
  WindowPlan,
} from './codex/limits.js'
export { UNSUPPORTED_PARAMETERS } from './codex/check-request.js'
export type { AccountOptions, EndedBy, Gap, Quota, QuotaWindow, Routing } from './login/accounts.js'
export type { AccountControls } from './codex/account-controls.js'
export type { CacheCounts, CacheView } from './codex/prompt-cache.js'
export type {
  ListStyle,
  Persona,
  PlayedVendor,
  Vendor,
  VendorApi,
  VendorEndpoint,
  VendorKey,
  VendorKeyOptions,
  VendorModel,
} from './vendors/index.js'
export { CLIENT_ID } from './login/tokens.js'
