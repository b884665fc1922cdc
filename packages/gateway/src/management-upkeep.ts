import type { Accounts } from './accounts/index.js'
import type { Config, ConfigFile } from './config/index.js'
import { profileOf } from './providers/index.js'
import { installationOf, type AdminHouse, type Live, type OllamaStatus } from './server/index.js'
import type { Store } from './store/index.js'
import type { Log, LogTail, RequestRecords } from './telemetry/index.js'
import type { Transport } from './transport/index.js'
import type { ProxyPool } from './transport/proxies/index.js'
import type { Upstreams } from './upstreams.js'

export interface UpkeepParts {
  config(): Config
  configFile: ConfigFile | undefined
  logTail: LogTail | undefined
  /** Where the key comes from that opens what is stored. */
  sealedBy: 'file' | 'keyring' | 'environment'
  store: Store
  live: Live
  listeners(): readonly string[]
  ollama(): OllamaStatus
  accounts: Accounts
  proxies: ProxyPool
  records: RequestRecords
  upstreams: Upstreams
  transport: Transport
  log: Log
  version: string
}

/** What keeps a gateway in good order: diagnostics, backups, updates, the webhook. */
export function upkeepOf(parts: UpkeepParts): Pick<AdminHouse, 'updates' | 'diagnostics' | 'backup' | 'webhook'> {
  const { config, configFile, logTail, store, live, listeners, ollama, upstreams, transport, version } = parts
  const installation = installationOf(process.argv[1] ?? '')
  const { request } = transport
  return {
    updates: { version, feed: () => config().updates.feed, request, installation },
    diagnostics: {
      version,
      installation,
      startedAt: Date.now(),
      config,
      ...(configFile === undefined ? {} : { configFile }),
      ...(logTail === undefined ? {} : { logTail }),
      live,
      listeners,
      ollama,
      request,
      accounts: parts.accounts,
      proxies: () => parts.proxies.list(),
      records: parts.records,
      apiKeys: () => store.apiKeys.list(),
      backend: () => (config().codex.enabled ? config().codex.base_url : undefined),
      readUsage: (id) => upstreams.usageWatch.readNow(id),
      fingerprint: () => profileOf({ ...config().client, dragomanVersion: version }),
      integrity: store.integrity,
    },
    backup: { version, store, sealedBy: parts.sealedBy, log: parts.log },
    webhook: { config, settings: store.sealedSettings, request },
  }
}
