import type { Accounts } from './accounts/index.js'
import type { Config, ConfigFile } from './config/index.js'
import { currentWarnings, type Notices } from './notices/index.js'
import {
  adminRoutes,
  installationOf,
  clientAddress,
  createTrafficMinutes,
  signInRoutes,
  type AdminDoor,
  type BodyBudget,
  type BodyLimits,
  type KeySlots,
  type Live,
  type OllamaStatus,
  type PlaygroundKeys,
  type Route,
  type Tasks,
  type TrustedProxies,
} from './server/index.js'
import type { Sessions } from './sessions/index.js'
import type { Store } from './store/index.js'
import type { RequestRecords } from './telemetry/index.js'
import type { Transport } from './transport/index.js'
import type { ProxyPool } from './transport/proxies/index.js'
import type { Upstreams } from './upstreams.js'
import { nameOfUser, type Meter } from './usage/index.js'

/** Every room that management looks into. */
export interface ManagementParts {
  config(): Config
  configFile: ConfigFile | undefined
  env: Readonly<Record<string, string | undefined>>
  store: Store
  sessions: Sessions
  door: AdminDoor
  trusted: TrustedProxies
  playground: PlaygroundKeys
  /** Where the main listener is, once it listens. */
  listeners(): readonly string[]
  ollama(): OllamaStatus
  live: Live
  tasks: Tasks
  records: RequestRecords
  /** Answers under way. */
  relay: { readonly open: number }
  slots: KeySlots
  meter: Meter
  accounts: Accounts
  proxies: ProxyPool
  transport: Transport
  upstreams: Upstreams
  notices: Notices
  budget: BodyBudget
  limits(): BodyLimits
  version: string
}

/** The admin API over the rooms of this gateway, and the way in. */
export function composeManagement(parts: ManagementParts): Route[] {
  const { config, store, sessions, door, trusted, live, tasks, records, meter } = parts
  const { accounts, proxies, upstreams, notices, budget, limits, version } = parts
  const minutes = createTrafficMinutes()
  records.onAdd(minutes.add)
  const quotaWarnings = () =>
    currentWarnings(accounts.list(), (id) => accounts.quota(id), config().quota.warning_thresholds, Date.now())
  return [
    ...signInRoutes({
      sessions,
      door,
      addressOf: ({ req }) => clientAddress(req, trusted),
      version,
      budget,
      limits,
    }),
    ...adminRoutes({
      version,
      live,
      tasks,
      explain: (model) => upstreams.explain(model),
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
          totals: (of) => store.usage.totals(of),
          resetAccount: (id) => store.usage.resetAccount(id),
          flush: meter.flush,
        },
        proxies,
        calls: upstreams.calls,
        readUsage: (id) => upstreams.usageWatch.readNow(id),
        backend: () => new URL(config().codex.base_url),
        budget,
        limits,
      },
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
      updates: {
        version,
        feed: () => config().updates.feed,
        request: parts.transport.request,
        installation: installationOf(process.argv[1] ?? ''),
      },
      settings: {
        config,
        ...(parts.configFile === undefined ? {} : { configFile: parts.configFile }),
        started: structuredClone(config()),
        env: parts.env,
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
        unreadErrors: async () => 0,
        notices,
      },
      pool: { accounts, strategy: () => config().accounts.strategy },
      notices: {
        notices,
        quotaWarnings: () =>
          currentWarnings(accounts.list(), (id) => accounts.quota(id), config().quota.warning_thresholds, Date.now()),
        now: Date.now,
      },
    }),
  ]
}
