export type {
  Account,
  AccountLease,
  AccountPool,
  AccountStatus,
  AccountWant,
  AttemptOutcome,
  Credential,
  Skipped,
} from './types.js'
export { createAccountPool } from './pool.js'
export { DEFAULT_SETTINGS } from './pool-settings.js'
export type { PoolSettings } from './pool-settings.js'
export type { AccountPoolOptions } from './pool.js'
export type { Accounts, ImportOptions, SignInOptions } from './accounts.js'
export type { StateChange } from './roster.js'
export type { CacheBook, CacheFigures, MoveCost } from './affinity/cache-book.js'
export { importAuthJson } from './import-auth-json.js'
export { callbackAddress, LoginError, startBrowserLogin, startDeviceLogin } from './login/index.js'
export type {
  AuthSettings,
  BrowserLogin,
  BrowserLoginOptions,
  CallbackAddress,
  CallbackSettings,
  DeviceLogin,
  DeviceLoginOptions,
  Http,
  Login,
  LoginErrorCode,
} from './login/index.js'
export { runRefreshHelper } from './tokens/index.js'
export type { HelperOptions, HelperRun } from './tokens/index.js'
export { readQuotaHeaders } from './quota/index.js'
export { isLocked, lockOf, usedNow } from './quota/index.js'
export type { Credits, Quota, QuotaReading, QuotaSource, QuotaWindow } from './quota/index.js'
export { STRATEGIES } from './selection/strategies.js'
export type { Contender, Strategy, Wish } from './selection/strategy.js'
export { runBatch } from './batch.js'
export type { BatchOptions, BatchProgress, BatchResult } from './batch.js'
export { checkAccounts } from './health-check.js'
export type { CheckedAccount, CheckOptions, HealthReport } from './health-check.js'
export { DEFAULT_REFRESH_SETTINGS } from './refresh-gate.js'
export type { RefreshSettings } from './refresh-gate.js'
export { readOwnerSettings, SettingError } from './owner-settings.js'
export type { WrittenSettings } from './owner-settings.js'
