import type { Accounts } from './accounts/index.js'
import { findAccountFiles } from './accounts/transfer/index.js'
import type { Config, ConfigFile } from './config/index.js'
import type { ErrorLog } from './error-log/index.js'
import { currentWarnings, type Name, type Notices } from './notices/index.js'
import type { RequestLog } from './request-log/index.js'
import { upkeepOf, type UpkeepParts } from './management-upkeep.js'
import { authOf } from './open-accounts.js'
import {
  adminRoutes,
  clientAddress,
  createTrafficMinutes,
  outsideUrl,
  saveSettings,
  type AdminDoor,
  type BodyBudget,
  type BodyLimits,
  type KeySlots,
  type Live,
  type OllamaStatus,
  type PendingLogins,
  type PlaygroundKeys,
  type Route,
  type Tasks,
  type TrustedProxies,
} from './server/index.js'
import type { Access } from './sessions/index.js'
import type { Store } from './store/index.js'
import type { RequestRecords } from './telemetry/index.js'
import type { Catalog } from './routing/index.js'
import type { Transport } from './transport/index.js'
import type { ProxyPool } from './transport/proxies/index.js'
import { testApiKey, type Upstreams } from './upstreams.js'
import { livePrices, nameOfUser, type Meter } from './usage/index.js'

/** Every room that management looks into. */
export interface ManagementParts extends UpkeepParts {
  config(): Config
  configFile: ConfigFile | undefined
  env: Readonly<Record<string, string | undefined>>
  store: Store
  access: Access
  door: AdminDoor
  trusted: TrustedProxies
  playground: PlaygroundKeys
  /** Where the main listener is, once it listens. */
  listeners(): readonly string[]
  ollama(): OllamaStatus
  live: Live
  tasks: Tasks
  logins: PendingLogins
  records: RequestRecords
  requestLog: RequestLog
  errors: ErrorLog
  /** How an account, an API key or a client key is called. */
  nameOf(id: string): Name | undefined
  /** Answers under way. */
  relay: { readonly open: number }
  slots: KeySlots
  meter: Meter
  accounts: Accounts
  proxies: ProxyPool
  upstreams: Upstreams
  catalog: Catalog
  transport: Transport
  notices: Notices
  budget: BodyBudget
  limits(): BodyLimits
  version: string
}

/** The admin API over the rooms of this gateway, and the way in. */
export function composeManagement(parts: ManagementParts): Route[] {
  const { config, store, access, door, trusted, live, tasks, records, meter } = parts
  const { accounts, proxies, upstreams, notices, budget, limits, version } = parts
  const minutes = createTrafficMinutes()
  records.onAdd(minutes.add)
  const quotaWarnings = () =>
    currentWarnings(accounts.list(), (id) => accounts.quota(id), config().quota.warning_thresholds, Date.now())
  const settings = {
    config,
    ...(parts.configFile === undefined ? {} : { configFile: parts.configFile }),
    started: structuredClone(config()),
    env: parts.env,
  }
  return [
    ...adminRoutes({
      version,
      live,
      tasks,
      door,
      access: {
        ...access,
        addressOf: ({ req }) => clientAddress(req, trusted),
        outsideUrl: () => outsideUrl(parts.listeners()[0] ?? '', config().server),
      },
      explain: (model) => upstreams.explain(model),
      names: () => upstreams.routing.names(),
      records,
      budget,
      limits,
      usage: {
        rows: store.usage,
        flush: meter.flush,
        accounts() {
          const list = accounts.list()
          return { total: list.length, active: list.filter(({ status }) => status === 'active').length }
        },
        nameOf: (by, id) => nameOfUser({ ...store, accounts }, by, id),
      },
      accounts: {
        accounts,
        rows: store.accounts,
        usage: {
          manyTotals: (ids) => store.usage.manyTotals(ids),
          resetAccount: (id) => store.usage.resetAccount(id),
          flush: meter.flush,
        },
        proxies,
        calls: upstreams.calls,
        readUsage: (id) => upstreams.usageWatch.readNow(id),
        backend: () => new URL(config().codex.base_url),
        tasks,
        ...(store.setAsideTo === undefined ? {} : { setAsideTo: store.setAsideTo }),
        importRoom: () => ({
          store,
          http: parts.transport.request,
          auth: authOf(config()),
          allowedPrivateHosts: config().upstream.allowed_private_hosts,
        }),
        exportRoom: { store },
        findFiles: () => findAccountFiles(parts.env),
      },
      logins: parts.logins,
      playground: parts.playground,
      connect: {
        listeners: parts.listeners,
        outside: () => config().server,
        ollama: parts.ollama,
        settings() {
          const { model, ollama } = config()
          return {
            defaultModel: model.default,
            smallModel: model.claude_models['haiku'],
            ollamaNeedsKey: ollama.require_key,
          }
        },
        models: () => upstreams.routing.models(),
        accounts: () => accounts.list().length,
        apiKeys: async () => (await store.apiKeys.list()).length,
        clientKeys: () => store.clientKeys.list(),
        wasAsked: () => records.list(1).length > 0,
      },
      ...upkeepOf(parts),
      settings,
      clientKeys: {
        keys: store.clientKeys,
        usage: {
          used: meter.keys,
          async reset(id) {
            // What is not written yet was used before, too.
            await meter.flush()
            await store.usage.resetClientKey(id, Date.now())
            await meter.readKeys()
          },
        },
      },
      overview: {
        version,
        startedAt: Date.now(),
        listeners: parts.listeners,
        ollama: parts.ollama,
        accounts,
        strategy: () => config().accounts.strategy,
        apiKeys: () => store.apiKeys.list(),
        clientKeys: () => store.clientKeys.list(),
        open: () => parts.relay.open,
        openByKey: () => parts.slots.open,
        usage: store.usage,
        flush: meter.flush,
        minutes,
        quotaWarnings,
        proxies: () => proxies.list(),
        unreadErrors: async () => (await store.errorLog.count()).unread,
        notices,
      },
      requestLog: {
        log: parts.requestLog,
        records,
        nameOf: parts.nameOf,
        listeners: parts.listeners,
        playground: parts.playground,
        version,
        ...(parts.configFile === undefined ? {} : { configFile: parts.configFile }),
      },
      errorLog: { errors: parts.errors, nameOf: parts.nameOf },
      proxies: {
        proxies,
        rows: store.proxies,
        accounts: () => accounts.list(),
        apiKeys: () => store.apiKeys.list(),
        settings() {
          const { proxy, upstream } = config()
          return {
            default: proxy.default,
            checkMinutes: proxy.check_minutes,
            allowedPrivateHosts: upstream.allowed_private_hosts,
          }
        },
      },
      pool: { accounts, strategy: () => config().accounts.strategy },
      apiKeys: {
        rows: store.apiKeys,
        pool: upstreams.keys,
        lists: upstreams.keyLists,
        ask: parts.transport.request,
        test: (record, model) =>
          testApiKey(record, { transport: parts.transport, version, ...(model === undefined ? {} : { model }) }),
        usage: store.usage,
        flush: meter.flush,
        proxies,
        allowedPrivateHosts: () => config().upstream.allowed_private_hosts,
      },
      models: {
        routing: upstreams.routing,
        catalog: parts.catalog,
        refresher: upstreams.refreshCatalog,
        accounts,
        keys: upstreams.keys,
        lists: upstreams.keyLists,
        prices: livePrices(() => config().usage.prices),
        defaultModel: () => config().model.default,
        own: () => config().model,
        tasks,
      },
      modelRouting: {
        config,
        catalog: parts.catalog,
        keys: upstreams.keys,
        save: (changes, admin) => saveSettings(settings, changes, admin),
        writable: parts.configFile !== undefined,
      },
      notices: {
        notices,
        quotaWarnings: () =>
          currentWarnings(accounts.list(), (id) => accounts.quota(id), config().quota.warning_thresholds, Date.now()),
        now: Date.now,
      },
    }),
  ]
}
