import { createAccountPool, type Accounts, type AuthSettings, type PoolSettings } from './accounts/index.js'
import type { Config } from './config/index.js'
import type { Catalog } from './routing/index.js'
import type { Store } from './store/index.js'
import type { Log } from './telemetry/index.js'
import type { WaysOut } from './transport/proxies/index.js'

export interface AccountsParts {
  config(): Config
  store: Store
  catalog: Pick<Catalog, 'openTo'>
  waysOut: Pick<WaysOut, 'transport' | 'egressOf'>
  log: Log
  /** The script, and its first arguments, that end in the refresh helper. */
  refreshHelper?: readonly string[]
  secretKey?: string
}

/** The pool as the configuration wants it, now and whenever that changes. */
export function openAccounts(parts: AccountsParts): Promise<Accounts> {
  const { config, store, catalog, waysOut, log, secretKey } = parts
  return createAccountPool({
    store,
    log,
    openTo: (model, plan) => catalog.openTo(model, plan),
    settings: () => poolSettings(config()),
    http: waysOut.transport.request,
    auth: authOf(config()),
    ...(parts.refreshHelper === undefined
      ? {}
      : {
          helper: {
            command: parts.refreshHelper,
            egress: waysOut.egressOf,
            keySource: config().security.key_source,
            ...(secretKey === undefined ? {} : { secretKey }),
          },
        }),
  })
}

/** The login server, and how we introduce ourselves to it. */
export function authOf({ auth }: Pick<Config, 'auth'>): AuthSettings {
  return { issuer: auth.issuer.replace(/\/+$/, ''), client_id: auth.client_id }
}

/** What the configuration says of the pool. */
export function poolSettings({ accounts, quota, auth }: Config): PoolSettings {
  return {
    strategy: accounts.strategy,
    tierPriority: accounts.tier_priority,
    maxConcurrent: accounts.max_concurrent_per_account,
    requestIntervalMs: accounts.request_interval_ms,
    patienceMs: accounts.affinity_patience_seconds * 1000,
    queueMs: accounts.queue_seconds * 1000,
    queueLength: accounts.queue_length,
    skipExhausted: quota.skip_exhausted,
    probeMs: quota.probe_minutes * 60_000,
    refresh: {
      enabled: auth.refresh_enabled,
      marginMs: auth.refresh_margin_seconds * 1000,
      concurrency: auth.refresh_concurrency,
    },
  }
}
