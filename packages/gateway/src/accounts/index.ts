export type { Account, AccountPool, AccountStatus, AttemptOutcome, Credential, Skipped } from './types.js'
export { createAccountPool } from './pool.js'
export type { AccountPoolOptions, Accounts, ImportOptions, SignInOptions } from './pool.js'
export { importAuthJson } from './import-auth-json.js'
export { LoginError, startBrowserLogin, startDeviceLogin } from './login/index.js'
export type {
  AuthSettings,
  BrowserLogin,
  BrowserLoginOptions,
  DeviceLogin,
  DeviceLoginOptions,
  Http,
  Login,
  LoginErrorCode,
} from './login/index.js'
export { runRefreshHelper } from './tokens/index.js'
export type { HelperOptions, HelperRun } from './tokens/index.js'
export { readQuotaHeaders } from './quota/index.js'
export type { Quota, QuotaWindow } from './quota/index.js'
export { roundRobin } from './selection/round-robin.js'
export type { Contender, Strategy, Wish } from './selection/strategy.js'
