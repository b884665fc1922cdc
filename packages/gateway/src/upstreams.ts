import { randomBytes } from 'node:crypto'
import {
  anthropicMessages,
  gemini,
  ollama,
  openaiChat,
  openaiResponses,
  type Dialect,
  type DialectId,
  type Failure,
} from '@dragoman/protocol'
import type { Accounts } from './accounts/index.js'
import type { Config } from './config/index.js'
import {
  createAccountCalls,
  createCodexProvider,
  createDemoProvider,
  createKeyCapabilities,
  createKeyModelLists,
  createKeyPool,
  createKeyProvider,
  createUsageWatch,
  fetchCodexModels,
  identityOf,
  testKey,
  type AccountCalls,
  type KeyDoor,
  type CodexProvider,
  type KeyModelLists,
  type KeyPool,
  type KeyTask,
  type KeyTest,
  type Provider,
  type UsageWatch,
} from './providers/index.js'
import { explainTargets, type Routed } from './relay/index.js'
import {
  catalogRefresher,
  createCatalog,
  createRouting,
  rulesOf,
  type Catalog,
  type CatalogRefresher,
  type Routing,
  type RouteTarget,
} from './routing/index.js'
import type { Explanation } from './server/index.js'
import type { ApiKeyRecord, Store } from './store/index.js'
import type { Log } from './telemetry/index.js'
import { createCookies, type Cookies, type Transport } from './transport/index.js'

/** Every dialect that clients or upstreams speak. */
export const DIALECTS: Readonly<Record<DialectId, Dialect>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  ollama,
}

export interface UpstreamsHouse {
  config(): Config
  store: Store
  accounts: Accounts
  transport: Transport
  /** From {@link openCatalog}. */
  catalog: Catalog
  log: Log
  version: string
}

/** Everything that can answer, and how a name leads there. */
export interface Upstreams {
  cookies: Cookies
  codex: CodexProvider
  /** The small calls about one account. */
  calls: AccountCalls
  refreshCatalog: CatalogRefresher
  /** Looks whether quota is back. */
  usageWatch: UsageWatch
  keys: KeyPool
  /** What the providers of API keys list. */
  keyLists: KeyModelLists
  routing: Routing
  /** Where a name leads, its fallbacks after it. */
  targets(model: string): readonly [Routed, ...Routed[]] | Failure
  /** Who can do something else than converse with a model. */
  findCapability(model: string, task: KeyTask): KeyDoor | undefined
  /** How it leads there and who would answer now. */
  explain(model: string): Explanation
}

/** The models of the Codex backend, as they were last listed. */
export async function openCatalog({
  config,
  store,
  log,
}: Pick<UpstreamsHouse, 'config' | 'store' | 'log'>): Promise<Catalog> {
  const catalog = createCatalog({ lists: store.modelLists, custom: () => config().model.custom_models, log })
  await catalog.load()
  return catalog
}

/** Puts the upstreams together, for the gateway and for commands that look at them without one. */
export async function composeUpstreams(house: UpstreamsHouse): Promise<Upstreams> {
  const { config, store, accounts, transport, catalog, log, version } = house
  const identitySecret = await identitySecretOf(store)
  const cookies = createCookies()
  const profile = () => ({ ...config().client, dragomanVersion: version })
  const baseUrl = (): string => config().codex.base_url.replace(/\/+$/, '')

  const refreshCatalog = catalogRefresher({
    accounts: () => (config().codex.enabled ? accounts.list().filter(({ status }) => status === 'active') : []),
    async fetch(accountId, signal) {
      const credential = await accounts.credential(accountId)
      const ask: Transport['request'] = (out) => transport.request({ ...out, owner: accountId })
      return fetchCodexModels(baseUrl(), profile(), credential, ask, signal)
    },
    everyMs: () => config().model.catalog_refresh_minutes * 60_000,
    learn: (plan, list) => catalog.learn(plan, list),
    etagOf: (plan) => catalog.etagOf(plan),
    log,
  })
  const calls = createAccountCalls({
    accounts,
    request: transport.request,
    cookies,
    settings: () => ({ baseUrl: baseUrl(), profile: profile() }),
  })
  const usageWatch = createUsageWatch({
    accounts: {
      list: () => (config().codex.enabled ? accounts.list() : []),
      quota: (id) => accounts.quota(id),
      learnUsage: (id, body) => accounts.learnUsage(id, body),
    },
    fetchUsage: calls.fetchUsage,
    settings: () => ({
      probeMs: config().quota.probe_minutes * 60_000,
      refreshMs: config().quota.refresh_minutes * 60_000,
    }),
    log,
  })
  const keys = createKeyPool({ rows: store.apiKeys, log })
  const codex = createCodexProvider({
    accounts,
    transport,
    cookies,
    log,
    identitySecret,
    settings: () => ({
      baseUrl: baseUrl(),
      profile: profile(),
      compressRequests: config().codex.compress_requests,
      websocket: config().codex.websocket,
      websocketMaxAgeMs: config().codex.websocket_max_age_minutes * 60_000,
      websocketsPerAccount: config().codex.websockets_per_account,
      routingDiscovery: config().codex.routing_discovery,
    }),
    usesLite: (model) => catalog.find(model)?.lite === true,
    onModelsEtag: (etag, accountId) => refreshCatalog.etagSeen(etag, accountId),
  })
  const providers: Readonly<Record<RouteTarget['provider'], Provider>> = {
    codex,
    keys: createKeyProvider({
      keys,
      transport,
      dialects: DIALECTS,
      userAgent: `dragoman/${version}`,
      sessionOf: (conversation, keyId) => identityOf(identitySecret, conversation, keyId).sessionId,
    }),
    demo: createDemoProvider(),
  }
  const routing = createRouting(catalog, keys, () => rulesOf(config()))

  const reached = ({ provider, ...target }: RouteTarget): Routed => ({ ...target, provider: providers[provider] })

  function targets(model: string): readonly [Routed, ...Routed[]] | Failure {
    const route = routing.resolve(model)
    if ('kind' in route) return route
    const [first, ...rest] = route.targets
    return [reached(first), ...rest.map(reached)]
  }

  return {
    cookies,
    codex,
    calls,
    usageWatch,
    refreshCatalog,
    keys,
    keyLists: createKeyModelLists({ rows: store.modelLists, ask: transport.request }),
    routing,
    targets,
    findCapability: createKeyCapabilities({
      keys,
      transport,
      userAgent: `dragoman/${version}`,
      timeoutMs: () => config().upstream.idle_timeout_seconds * 1000,
    }),
    explain(model) {
      const found = targets(model)
      return {
        model,
        route: routing.explain(model),
        targets: 'kind' in found ? [] : explainTargets(found, 'a new conversation'),
        ...('kind' in found ? { failure: found } : {}),
      }
    },
  }
}

/**
 * Has an API key answer one word.
 * @throws Error in one line when there is nothing that could be asked
 */
export function testApiKey(
  record: ApiKeyRecord,
  { transport, version, model }: Pick<UpstreamsHouse, 'transport' | 'version'> & { model?: string },
): Promise<KeyTest> {
  return testKey(record, {
    providerOf: (keys) =>
      createKeyProvider({
        keys,
        transport,
        dialects: DIALECTS,
        userAgent: `dragoman/${version}`,
        sessionOf: () => '00000000-0000-4000-8000-000000000000',
      }),
    ...(model === undefined ? {} : { model }),
  })
}

/** Made once an installation: what upstream ids are derived from. */
async function identitySecretOf(store: Store): Promise<string> {
  const kept = await store.settings.get('identity_secret')
  if (typeof kept === 'string') return kept
  const made = randomBytes(32).toString('base64')
  await store.settings.set('identity_secret', made)
  return made
}
